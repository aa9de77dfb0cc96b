"""What a reader does with a conversation: stop, ask again, edit, copy, vote, take it along."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import browsing
import pytest
from browsing import HARVEST, OPENED, Chat, Visit
from playwright.sync_api import Browser, expect
from typer.testing import CliRunner

from assistant.cli import cli

Open = Callable[..., Visit]


def test_two_pages_know_nothing_of_one_another_and_a_new_conversation_of_nothing(
    visit: Open,
) -> None:
    first, second = visit(), visit()
    first.ask(OPENED)
    second.ask(HARVEST)
    expect(second.turns).to_have_count(1)
    first.menu("Percakapan baru")
    expect(first.turns).to_have_count(0)
    expect(first.page.locator(".kutip-welcome")).to_be_visible()
    first.ask(HARVEST)
    expect(first.turns).to_have_count(1)


def test_a_page_loaded_again_finds_its_conversation(visit: Open) -> None:
    page = visit()
    page.ask(OPENED)
    page.turns.first.locator("[data-vote=good]").click()
    expect(page.page.locator("[data-vote=good][aria-pressed=true]")).to_be_visible()
    page.reload()
    expect(page.turns.first).to_contain_text("Saelany")
    expect(page.page.locator("[data-vote=good][aria-pressed=true]")).to_be_visible()
    page.ask("Berapa panjangnya?")
    expect(page.turns.last).to_contain_text("96 meter")
    expect(visit().turns).to_have_count(0)
    page.menu("Percakapan baru")
    expect(page.turns).to_have_count(0)
    page.reload()
    expect(page.page.locator(".kutip-welcome")).to_be_visible()
    expect(page.turns).to_have_count(0)


def test_asking_again_replaces_the_last_answer(visit: Open) -> None:
    page = visit()
    page.ask(OPENED)
    page.ask(HARVEST)
    page.turns.last.get_by_role("button", name="Tanyakan lagi").click()
    expect(page.page.locator(".kutip-log")).to_have_attribute("aria-busy", "true")
    page.rest()
    expect(page.turns).to_have_count(2)
    expect(page.turns.last.locator("h2")).to_contain_text(HARVEST)


def test_the_last_question_is_edited_in_place(visit: Open) -> None:
    page = visit()
    page.ask(OPENED)
    page.turns.last.get_by_role("button", name="Ubah pertanyaan").click()
    expect(page.box).to_have_value(OPENED)
    page.box.fill(HARVEST)
    page.box.press("Enter")
    expect(page.turns.first.locator("h2")).to_contain_text(HARVEST)
    page.rest()
    expect(page.turns).to_have_count(1)
    assert "41.000" in (page.turns.first.text_content() or "")


def test_editing_can_be_given_up(visit: Open) -> None:
    page = visit()
    page.ask(OPENED)
    page.turns.last.get_by_role("button", name="Ubah pertanyaan").click()
    page.turns.last.locator("[data-vote=good]").click()  # which draws the conversation anew
    expect(page.page.locator("[data-vote=good][aria-pressed=true]")).to_be_visible()
    page.turns.last.get_by_role("button", name="Batal mengubah").click()
    expect(page.box).to_have_value("")
    page.ask(HARVEST)
    expect(page.turns).to_have_count(2)


def test_an_answer_is_copied_with_its_citations(browser: Browser, chat: Chat) -> None:
    page = browsing.visit(browser, chat.address, permissions=["clipboard-read", "clipboard-write"])
    turn = page.ask(OPENED)
    copied = []
    for name in ("Salin", "Salin Markdown"):
        turn.get_by_role("button", name=name, exact=True).click()
        expect(page.page.locator(".kutip-status")).to_have_text("Tersalin.")
        copied.append(page.page.evaluate("navigator.clipboard.readText()"))
    sentence = turn.locator("blockquote").first.text_content() or ""
    assert all("Saelany" in words and "kota/jembatan" in words for words in copied)
    assert sentence in copied[0]
    assert copied[0] != copied[1]
    browsing.leave(page, chat.address)


@pytest.mark.parametrize("form", ["Markdown", "JSON", "HTML"])
def test_the_conversation_is_taken_along_with_its_sources(form: str, visit: Open) -> None:
    page = visit()
    page.ask(OPENED)
    page.ask(HARVEST)
    with page.page.expect_download() as event:
        page.menu(f"Unduh percakapan ({form})")
    written = Path(event.value.path()).read_text(encoding="utf-8")
    assert event.value.suggested_filename.endswith(
        {"Markdown": ".md"}.get(form, f".{form.lower()}")
    )
    assert "Saelany" in written
    assert "41.000 ton" in written
    if form == "JSON":
        turns = json.loads(written)["turns"]
        assert [turn["question"] for turn in turns] == [OPENED, HARVEST]
    if form == "HTML":
        other = page.page.context.new_page()
        other.set_content(written)
        expect(other.locator("mark").first).to_be_visible()
        assert other.locator("script").count() == 0


def test_there_is_nothing_to_take_along_before_anything_was_asked(visit: Open) -> None:
    page = visit()
    page.menu("Unduh percakapan (JSON)")
    expect(page.page.get_by_text("Belum ada percakapan")).to_be_visible()


def test_votes_become_the_start_of_a_question_set(visit: Open, chat: Chat) -> None:
    page = visit()
    turn = page.ask(OPENED)
    turn.get_by_role("button", name="Benar").click()
    expect(turn.locator("[data-vote=good]")).to_have_attribute("aria-pressed", "true")
    turn = page.ask(HARVEST)
    turn.get_by_role("button", name="Keliru").click()
    turn.locator("input[name=reason]").fill("angka <b>lama</b>")
    turn.get_by_role("button", name="Kirim").click()
    expect(turn.locator("[data-vote=bad]")).to_have_attribute("aria-pressed", "true")
    kept = chat.errors.parent / "index" / "votes"
    written = "".join(file.read_text(encoding="utf-8") for file in kept.glob("*.jsonl"))
    assert "angka <b>lama</b>" in written
    [questions] = [file for file in kept.glob("*.jsonl") if file.name == "questions.jsonl"]
    checked = CliRunner().invoke(
        cli, ["eval", str(questions), "--articles", str(chat.folder), "--check"]
    )
    assert checked.exit_code == 0, checked.output


def test_a_vote_can_be_taken_back(visit: Open, chat: Chat) -> None:
    page = visit(locale="en-GB")
    turn = page.ask(OPENED)
    good, bad = (turn.locator(f"[data-vote={vote}]") for vote in ("good", "bad"))
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "false")
    bad.click()
    expect(turn.get_by_role("button", name="Take the vote back")).to_have_count(0)
    turn.locator("input[name=reason]").fill('an <b>old</b> "figure"')
    turn.get_by_role("button", name="Send").click()
    expect(bad).to_have_attribute("aria-pressed", "true")
    bad.click()
    expect(turn.locator("input[name=reason]")).to_have_value('an <b>old</b> "figure"')
    turn.get_by_role("button", name="Take the vote back").click()
    expect(bad).to_have_attribute("aria-pressed", "false")
    kept = chat.errors.parent / "index" / "votes" / "votes.jsonl"
    assert "figure" not in kept.read_text(encoding="utf-8")


def test_the_interface_changes_its_language_and_keeps_the_conversation(visit: Open) -> None:
    page = visit(locale="id-ID")
    page.ask(OPENED)
    page.page.get_by_role("button", name="English").click()
    expect(page.turns.first.locator("h3")).to_have_text("Sources")
    expect(page.box).to_have_attribute("placeholder", "Type a question …")
    expect(page.turns).to_have_count(1)


def test_the_language_chosen_is_remembered(visit: Open) -> None:
    page = visit(locale="id-ID")
    page.page.get_by_role("button", name="English").click()
    expect(page.box).to_have_attribute("placeholder", "Type a question …")
    page.page.reload()
    expect(page.page.get_by_role("button", name="Articles")).to_be_visible()
    assert page.page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize(
    ("locale", "placeholder"),
    [("id-ID", "Tulis pertanyaan …"), ("en-GB", "Type a question …"), ("fr", "Type a question …")],
)
def test_the_page_speaks_the_browsers_language(locale: str, placeholder: str, visit: Open) -> None:
    expect(visit(locale=locale).box).to_have_attribute("placeholder", placeholder)


def test_the_dark_look_is_chosen_and_remembered(visit: Open) -> None:
    page = visit()
    assert not page.page.evaluate("document.body.classList.contains('dark')")
    page.menu("Mode gelap")
    assert page.page.evaluate("document.body.classList.contains('dark')")
    page.page.reload()
    expect(page.page.locator(".kutip-welcome")).to_be_visible()
    assert page.page.evaluate("document.body.classList.contains('dark')")


def test_an_empty_question_is_not_asked(visit: Open) -> None:
    page = visit()
    page.box.fill("   ")
    page.box.press("Enter")
    page.ask(HARVEST)
    expect(page.turns).to_have_count(1)
