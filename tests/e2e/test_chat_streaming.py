"""An answer that a language model writes, as it grows in the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import browsing
import pytest
from browsing import OPENED, Chat, Visit
from fake_openai import FakeOpenAI, Reply
from playwright.sync_api import Browser, expect

WRITTEN = "Wali Kota Pekalongan Saelany meresmikan jembatan itu [1]. "
# Shifts of what stands in the page already, that no key or click of the reader caused.
WATCH_SHIFTS = """() => {
    window.shifts = [];
    new PerformanceObserver(list => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts.push(shift.value);
    }).observe({ type: "layout-shift", buffered: false });
}"""


@pytest.fixture(scope="module")
def model() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture(scope="module")
def written(
    model: FakeOpenAI, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Chat]:
    """A chat with a language model."""
    folder = tmp_path_factory.mktemp("written")
    settings = {"KUTIP_MODEL": "tiru", "KUTIP_MODEL_URL": model.url}
    with browsing.serving(folder, cache, **settings) as running:
        yield running


@pytest.fixture
def page(written: Chat, browser: Browser) -> Iterator[Visit]:
    visited = browsing.visit(browser, written.address)
    yield visited
    browsing.leave(visited, written.address)


def test_the_answer_grows_nothing_moves_and_nothing_half_parsed_is_shown(
    page: Visit, model: FakeOpenAI
) -> None:
    model.say(
        Reply(pieces=["Wali Kota ", "Pekalongan Saelany ", "meresmikannya [", "1", "]."], pause=0.4)
    )
    page.page.evaluate(WATCH_SHIFTS)
    page.page.evaluate(
        """() => { window.seen = new Set(); new MutationObserver(() => {
            const said = document.querySelector(".kutip-said p")?.textContent;
            if (said) window.seen.add(said);
        }).observe(document.body, { childList: true, subtree: true, characterData: true }); }"""
    )
    turn = page.ask(OPENED)
    expect(turn).to_contain_text("tiru")
    seen = page.page.evaluate("[...window.seen]")
    assert len([said for said in seen if said.startswith("Wali Kota")]) >= 2
    assert not [said for said in seen if "[" in said.replace("[1]", "")]
    assert page.page.evaluate("window.shifts.reduce((sum, one) => sum + one, 0)") < 0.01
    assert turn.locator(".kutip-said .kutip-cite").count() == 1


def test_stop_ends_the_request_and_keeps_what_was_written(page: Visit, model: FakeOpenAI) -> None:
    model.say(Reply(pieces=[WRITTEN] * 100, pause=0.2))
    page.box.fill(OPENED)
    page.box.press("Enter")
    expect(page.turns.first).to_contain_text("Saelany")
    page.page.locator("#kutip-box .stop-button").click()
    page.rest()
    assert model.requests[-1].gone.wait(30)
    assert "Saelany" in (page.turns.first.text_content() or "")
    model.say([WRITTEN])
    page.ask("Apa yang diresmikan Saelany?")
    expect(page.turns).to_have_count(2)


def test_stop_before_the_first_word_keeps_the_question(page: Visit, model: FakeOpenAI) -> None:
    model.say(Reply(pieces=[WRITTEN], delay=60))
    model.asked.clear()
    page.box.fill(OPENED)
    page.box.press("Enter")
    expect(page.turns.first).to_contain_text("Membaca artikel")
    assert model.asked.wait(30)
    page.page.locator("#kutip-box .stop-button").click()
    page.rest()
    expect(page.box).to_have_value(OPENED)
    assert model.requests[-1].gone.wait(20)  # long before it would have spoken


def test_what_the_model_gets_wrong_is_said_plainly(page: Visit, model: FakeOpenAI) -> None:
    model.say([WRITTEN, "Biayanya Rp 99 miliar [1]."])
    turn = page.ask(OPENED)
    expect(turn.locator(".kutip-note").first).to_contain_text("99 miliar")


def test_markup_of_a_model_is_shown_as_text(page: Visit, model: FakeOpenAI) -> None:
    model.say([WRITTEN, "<img src=x onerror='window.ran=1'> ${window.ran=1} {{x}} **tebal** [1]."])
    turn = page.ask(OPENED)
    assert "<img src=x onerror='window.ran=1'>" in (turn.text_content() or "")
    assert turn.locator("img").count() == 0
    assert page.page.evaluate("window.ran") is None


def test_a_model_that_fails_leaves_the_articles_own_words_and_a_note(
    page: Visit, model: FakeOpenAI
) -> None:
    model.say(Reply(status=401, body={"error": {"message": "no"}}))
    turn = page.ask(OPENED)
    assert "Saelany" in (turn.locator(".kutip-short").text_content() or "")
    assert turn.locator(".kutip-note").count()
