"""The chat for those who see it otherwise: by keyboard alone, read aloud, small, dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from browsing import OPENED, Visit
from playwright.sync_api import expect

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
Open = Callable[..., Visit]


def findings(page: Visit) -> list[tuple[str, list[str]]]:
    """What axe finds serious or critical, with the elements."""
    page.page.evaluate(AXE)
    page.page.mouse.move(0, 0)
    page.page.wait_for_timeout(300)  # until what fades has faded
    found: dict[str, Any] = page.page.evaluate("axe.run(document)")
    return [
        (one["id"], [node["html"][:200] + node["failureSummary"][:200] for node in one["nodes"]])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(look: str, width: int, visit: Open) -> None:
    page = visit(color_scheme=look, width=width)
    assert findings(page) == []
    page.ask(OPENED)
    page.ask("Siapa yang mendarat di bulan pada 1969?")
    page.page.locator("#kutip-scope summary").click()
    assert findings(page) == []
    page.turns.first.locator(".kutip-cite").first.click()
    expect(page.lit).to_be_visible()
    assert findings(page) == []
    page.page.keyboard.press("Escape")
    page.see("library")
    expect(page.page.locator(".kutip-library")).to_be_visible()
    assert findings(page) == []


def tab_to(page: Visit, wanted: str, keys: str = "Tab") -> None:
    """Press Tab until the element is reached; whatever has the focus on the way must show it."""
    for _ in range(60):
        page.page.keyboard.press(keys)
        outline = page.page.evaluate(
            "() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return e === document.body || e.matches('textarea, input') || s.outlineStyle !== 'none'; }"
        )
        assert outline, page.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.page.evaluate("w => document.activeElement?.matches(w)", wanted):
            return
    raise AssertionError(f"{wanted} cannot be reached with {keys}")


def test_everything_can_be_done_by_keyboard_alone(visit: Open) -> None:
    page = visit()
    keyboard = page.page.keyboard
    keyboard.press("/")
    expect(page.box).to_be_focused()
    keyboard.type(OPENED)
    keyboard.press("Enter")
    page.answer(0)
    tab_to(page, ".kutip-said .kutip-cite", "Shift+Tab")
    keyboard.press("Enter")
    expect(page.lit).to_be_focused()
    keyboard.press("Escape")
    tab_to(page, "[data-vote=good]")
    keyboard.press("Space")
    expect(page.turns.first.locator("[data-vote=good]")).to_have_attribute("aria-pressed", "true")
    tab_to(page, "#kutip-scope summary")
    keyboard.press("Enter")
    expect(page.page.locator("#kutip-scope select")).to_be_visible()
    tab_to(page, "[data-view=library]", "Shift+Tab")
    keyboard.press("Enter")
    tab_to(page, ".kutip-open")
    keyboard.press("Enter")
    expect(page.pane.locator("h2")).to_be_focused()


def test_a_phone_has_a_drawer_and_scrolls_down_only(visit: Open) -> None:
    page = visit(width=390, height=844)
    turn = page.ask("Mengapa Dermaga Sukun ambruk?")
    page.ask("A" * 300)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.page.locator(".kutip-log").evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    expect(page.pane).to_be_hidden()
    turn.locator(".kutip-cite").first.click()
    expect(page.lit).to_be_in_viewport()
    # What lies behind the drawer cannot be reached.
    assert page.page.locator("#kutip-talk").evaluate("e => e.inert")
    assert page.pane.evaluate("e => e.offsetWidth") == 390
    page.pane.get_by_role("button", name="Tutup").click()
    expect(page.pane).to_be_hidden()
    expect(turn.locator(".kutip-cite").first).to_be_focused()
    page.see("library")
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_reader_who_wants_no_motion_gets_none(visit: Open) -> None:
    page = visit(width=390, height=844, reduced_motion="reduce")
    moving = page.page.locator("#kutip-side").evaluate(
        "e => getComputedStyle(e).transitionDuration"
    )
    assert moving in ("0s", "")


def test_what_is_read_aloud_has_names(visit: Open) -> None:
    page = visit()
    page.ask(OPENED)
    expect(page.page.get_by_role("log", name="Percakapan")).to_be_visible()
    expect(page.page.get_by_role("textbox", name="Pertanyaan")).to_be_visible()
    expect(page.page.get_by_role("complementary", name="Sumber")).to_be_visible()
    marker = page.page.get_by_role("button", name="Buka sumber 1: kota/jembatan.txt, kalimat")
    expect(marker.first).to_be_visible()
