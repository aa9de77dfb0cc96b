"""The page of `kutip eval --html` in a real browser: desktop and phone, both languages, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from assistant import report
from assistant.compare import compare
from assistant.run import Cited, Found, Gold, Outcome, Run

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
HOSTILE = (
    "</script><script>window.ran=1</script><img src='http://192.0.2.1/' onerror='window.ran=1'>"
)
GOLD = (
    Gold("kota/a.txt", 3, "Jembatan itu 412 meter panjangnya, kata wali kota pada Kamis pagi."),
)


def outcome(number: int, verdict: str, kind: str, language: str) -> Outcome:
    right = verdict == "right"
    long = f"{'sangat' * 30}-panjang.txt"
    cited = Cited(1, "kota/a.txt" if right else long, 3, GOLD[0].text, (0,) if right else ())
    return Outcome(
        id=f"q{number}",
        chain=f"q{number}",
        language="en" if language == "en" else "id",
        kind=kind,
        follows="q0" if number == 5 else None,
        question=f"Berapa panjang jembatan nomor {number}? {HOSTILE if number == 1 else ''}",
        answers=("412 meter",),
        gold=GOLD,
        answered=verdict != "refused",
        text=f"Menurut artikel: “{GOLD[0].text}” [1] {HOSTILE if number == 1 else ''}",
        short=None,
        confidence=number / 24,
        citations=() if verdict == "refused" else (cited,),
        found=(Found("kota/a.txt", 3, (0,) if right else ()),),
        unverified=(),
        seconds=0.1,
        steps={"search": 0.08, "write": 0.02},
        tokens=9,
    )


OUTCOMES = tuple(
    outcome(
        i, ("right", "wrong", "refused")[i % 3], ("who", "how many")[i % 2], ("id", "en")[i % 2]
    )
    for i in range(24)
)
RUN = Run(
    made="2026-05-06T07:08:09+00:00",
    version="1",
    encoder="kutip-e5-small",
    articles="berita",
    files=34,
    questions="set.jsonl",
    questions_sha256="",
    total=24,
    seconds=3.0,
    memory=450_000_000,
    outcomes=OUTCOMES,
)


class Visit:
    """A page that is open, what it asked for, and what went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.requests, self.errors = page, [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text))
        page.goto(address)

    @property
    def shown(self):
        return self.page.locator(".question:visible")


@pytest.fixture
def visit(browser, tmp_path):
    opened = []

    def visit(size=DESKTOP, scheme="light", language="id", fragment="", compared=None):
        path = tmp_path / f"{language}.html"
        report.write(RUN, path, language, compared=compared)
        page = browser.new_page(viewport=size, color_scheme=scheme)
        opened.append(page)
        page.set_default_timeout(120_000)
        return Visit(page, path.as_uri() + fragment)

    yield visit
    for page in opened:
        page.close()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_opens_alone_and_fits(visit, size, scheme, language):
    compared = compare(RUN, RUN)
    seen = visit(size, scheme, language, compared=compared)
    seen.page.get_by_role("button").nth(1).click()  # open all
    expect(seen.page.locator(".question details[open]")).to_have_count(24)
    width = seen.page.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"], "the page scrolls sideways"
    assert seen.errors == []
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert seen.page.evaluate("window.ran") is None
    background = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(251, 250, 247)") == (scheme == "light")
    for drawing in seen.page.locator("figure svg").all():
        assert drawing.bounding_box()["width"] > 250


def test_failures_stand_first_and_the_filter_narrows_and_widens(visit):
    seen = visit(language="en")
    page = seen.page
    verdicts = page.locator(".question .badge:first-child").all_text_contents()
    assert [v for v in verdicts if v in ("wrong", "refused", "right")][:24] == (
        ["wrong"] * 8 + ["refused"] * 8 + ["right"] * 8
    )
    expect(seen.shown).to_have_count(24)
    expect(page.get_by_text("24 of 24 shown")).to_be_visible()
    page.locator("select[name=outcome]").select_option("failures")
    expect(seen.shown).to_have_count(16)
    page.locator("select[name=language]").select_option("en")
    expect(seen.shown).to_have_count(8)
    page.locator("select[name=kind]").select_option("who")
    expect(seen.shown).to_have_count(0)
    expect(page.get_by_text("No question fits.")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(seen.shown).to_have_count(24)
    page.get_by_label("Search").fill("NOMOR 23?")
    expect(seen.shown).to_have_count(1)
    expect(page.get_by_text("1 of 24 shown")).to_be_visible()
    assert seen.errors == []


def test_what_changed_since_before_can_be_filtered(visit):
    seen = visit(language="en", compared=compare(RUN, RUN))
    seen.page.get_by_label("Since before").select_option("lost")
    expect(seen.shown).to_have_count(0)
    seen.page.get_by_label("Since before").select_option("same")
    expect(seen.shown).to_have_count(24)


def test_a_question_opens_by_keyboard_with_both_sides_beside_each_other(visit):
    seen = visit(language="en")
    seen.page.locator("summary").nth(1).focus()
    seen.page.keyboard.press("Enter")
    sides = seen.page.locator(".question details[open] .side")
    expect(sides).to_have_count(2)
    left, right = (side.bounding_box() for side in sides.all())
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]


def test_on_a_phone_the_sides_stand_under_each_other(visit):
    seen = visit(PHONE, language="en")
    seen.page.locator(".question summary").first.click()
    upper, lower = (side.bounding_box() for side in seen.page.locator("[open] .side").all())
    assert upper["y"] + upper["height"] <= lower["y"]


def test_an_address_with_a_question_opens_it(visit):
    seen = visit(fragment="#q9")
    expect(seen.page.locator("#q9 details[open]")).to_have_count(1)
    expect(seen.page.locator("details[open]")).to_have_count(1)


def test_without_scripts_the_page_is_whole(browser, tmp_path):
    report.write(RUN, tmp_path / "a.html", "en")
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((tmp_path / "a.html").as_uri())
    expect(page.locator(".question:visible")).to_have_count(24)
    expect(page.locator("form.filter")).to_be_hidden()
    page.context.close()
