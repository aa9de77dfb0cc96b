"""Asking, and standing in the article at the sentence that is cited."""

from __future__ import annotations

import re
from collections.abc import Callable

from browsing import BRIDGE, COFFEE, HARVEST, HOSTILE_FILE, OPENED, QUESTIONS, Chat, Visit, opened
from playwright.sync_api import expect

Open = Callable[..., Visit]


def test_an_answer_is_short_first_and_names_file_sentence_and_date(visit: Open) -> None:
    turn = visit().ask(OPENED)
    assert "Saelany" in (turn.locator(".kutip-short").text_content() or "")
    where = turn.locator(".kutip-where").first.text_content() or ""
    assert re.search(rf"\[1\]\s*{re.escape(BRIDGE)} · kalimat \d+ · 9 Mei 2017", where)
    assert "Keyakinan" in (turn.text_content() or "")


def test_each_marker_opens_its_article_at_the_files_own_offsets(visit: Open, chat: Chat) -> None:
    page = visit()
    for question in (OPENED, HARVEST, "Siapa yang mendarat di bulan pada 1969?"):
        turn = page.ask(question)
        markers = turn.locator(".kutip-cite")
        assert markers.count()
        for number in range(markers.count()):
            opened(page, markers.nth(number), chat.folder)


def test_the_article_shows_its_file_date_and_sentence_numbers(visit: Open, chat: Chat) -> None:
    page = visit()
    opened(page, page.ask(OPENED).locator(".kutip-cite").first, chat.folder)
    head = page.pane.locator("header").text_content() or ""
    assert "kota / jembatan.txt" in head
    assert "9 Mei 2017" in head
    numbers = page.pane.locator(".kutip-s").evaluate_all("all => all.map(s => s.dataset.n)")
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    shown = page.lit.evaluate("s => getComputedStyle(s, '::before').content")
    assert page.lit.get_attribute("data-n") in shown


def test_enter_on_a_marker_opens_it_and_escape_goes_back(visit: Open) -> None:
    page = visit()
    marker = page.ask(OPENED).locator(".kutip-cite").first
    marker.focus()
    marker.press("Enter")
    expect(page.lit).to_be_focused()
    page.page.keyboard.press("Escape")
    expect(marker).to_be_focused()


def test_keys_and_buttons_step_through_the_citations(visit: Open) -> None:
    page = visit()
    turn = page.ask("Siapa yang mendarat di bulan pada 1969?")  # a refusal has two nearest ones
    turn.locator(".kutip-cite").first.click()
    expect(page.pane.locator(".kutip-pane-place")).to_have_text("[1] dari 2 kutipan")
    expect(page.lit).to_be_visible()
    page.page.keyboard.press("n")
    expect(page.pane.locator(".kutip-pane-place")).to_have_text("[2] dari 2 kutipan")
    expect(page.pane.locator(".kutip-pane-next")).to_be_disabled()
    page.page.keyboard.press("p")
    expect(page.pane.locator(".kutip-pane-place")).to_have_text("[1] dari 2 kutipan")
    page.pane.locator(".kutip-pane-next").click()
    expect(page.pane.locator(".kutip-pane-place")).to_have_text("[2] dari 2 kutipan")


def test_pointing_at_a_marker_or_focusing_it_shows_the_sentence_at_once(visit: Open) -> None:
    page = visit()
    cited = page.ask(OPENED).locator(".kutip-short .kutip-cited").first
    peek = cited.locator(".kutip-peek")
    page.page.mouse.move(0, 0)
    expect(peek).to_be_hidden()
    cited.locator(".kutip-cite").hover()
    expect(peek).to_be_visible()
    expect(peek).to_contain_text("Saelany meresmikan jembatan itu")
    page.page.mouse.move(0, 0)
    expect(peek).to_be_hidden()
    page.box.focus()
    cited.locator(".kutip-cite").focus()
    page.page.keyboard.press("Shift")  # from now on the browser shows where the focus is
    expect(peek).to_be_visible()


def test_an_english_question_is_answered_in_english(visit: Open, chat: Chat) -> None:
    page = visit(locale="en-GB")
    turn = page.ask("How many tons of coffee did the farmers of Gayo harvest?")
    assert "sentence" in (turn.locator(".kutip-where").first.text_content() or "")
    assert "41.000 ton" in opened(page, turn.locator(".kutip-cite").first, chat.folder)
    assert "Confidence" in (turn.text_content() or "")


def test_a_refusal_offers_the_closest_sentences_as_such(visit: Open) -> None:
    turn = visit().ask("Siapa yang mendarat di bulan pada 1969?")
    assert turn.locator(".kutip-refusal").count() == 1
    expect(turn.locator("h3")).to_have_text("Kalimat terdekat (bukan jawaban)")
    assert turn.locator("blockquote").count() == 2
    assert turn.locator(".kutip-short").count() == 0


def test_a_follow_up_shows_what_it_was_understood_to_follow(visit: Open, chat: Chat) -> None:
    page = visit()
    page.ask("Kapan Jembatan Kali Loji di Pekalongan dibuka?")
    turn = page.ask("Siapa yang meresmikannya?")
    assert "Saelany" in (turn.locator("blockquote").first.text_content() or "")
    expect(turn.locator(".kutip-aside").first).to_contain_text(
        "lanjutan dari “Kapan Jembatan Kali Loji di Pekalongan dibuka?”"
    )
    turn = page.ask(HARVEST)
    expect(turn).not_to_contain_text("lanjutan dari")
    assert COFFEE in (turn.locator(".kutip-where").first.text_content() or "")


def test_what_is_suggested_next_is_answered(visit: Open) -> None:
    page = visit()
    page.ask(OPENED)
    suggested = page.page.locator("#kutip-next .kutip-example")
    expect(suggested.first).to_be_visible(timeout=60_000)
    suggested.first.click()
    turn = page.answer(1)
    assert turn.locator(".kutip-refusal").count() == 0


def test_an_example_is_shown_as_text_and_asked_with_a_click(visit: Open) -> None:
    page = visit()
    examples = page.page.locator(".kutip-welcome .kutip-example")
    expect(examples.filter(has_text=QUESTIONS[1]["question"])).to_be_visible(timeout=60_000)
    examples.filter(has_text=QUESTIONS[0]["question"]).click()
    assert "41.000 ton" in (page.answer(0).locator("blockquote").first.text_content() or "")
    assert page.page.evaluate("window.ran") is None


def test_a_changed_article_is_said_to_have_changed(visit: Open, cache: object, chat: Chat) -> None:
    page = visit()
    marker = page.ask(OPENED).locator(".kutip-cite").first
    file = chat.folder / BRIDGE
    before = file.read_bytes()
    try:
        file.write_bytes(b"Kabar baru\n\n" + before)
        marker.click()
        expect(page.pane.locator(".kutip-note")).to_contain_text("sudah berubah")
        expect(page.lit).to_have_count(0)
    finally:
        file.write_bytes(before)


def test_an_article_with_signs_of_markup_is_lit_at_its_offsets_and_fetched_once(
    visit: Open, chat: Chat
) -> None:
    page = visit()
    texts = ""
    for question in (
        "Mengapa Dermaga Sukun ambruk?",
        "Ke mana warga Desa Sukun mengungsi pada malam hari?",
        "Dari mana bantuan untuk warga Sukun datang?",
    ):
        turn = page.ask(question)
        texts += opened(
            page, turn.locator(f".kutip-cite[data-file*='{HOSTILE_FILE[:5]}']").first, chat.folder
        )
    assert "<script>" in texts
    assert "🙂" in texts
    assert len([url for url in page.requests if "component_server" in url]) == 1


def test_line_ends_within_a_sentence_are_the_files_own(visit: Open, chat: Chat) -> None:
    page = visit()
    turn = page.ask("Apa penyebab kenaikan panen kopi menurut Dinas Pertanian?")
    assert "\r\n" in opened(
        page, turn.locator(f".kutip-cite[data-file='{COFFEE}']").first, chat.folder
    )
