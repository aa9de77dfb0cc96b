"""Pictures of the chat's main states, as the README shows them.

    python benchmarks/screenshots.py [OUT=benchmarks/pictures] [--articles seeds]

It serves the sample articles and takes PNGs in Chromium: an answer with its article, articles that differ, a
refusal, the list of articles; wide and on a phone, light and dark.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from chat_server import SWITCHES, serving
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
DIFFER = "Berapa uang yang ditanam Rusia di sektor energi Irak?"


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("out", type=Path, nargs="?", default=ROOT / "benchmarks" / "pictures")
    arguments.add_argument("--articles", type=Path, default=ROOT / "seeds")
    told = arguments.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory(prefix="kutip-pictures-") as work,
        serving(Path(work), told.articles) as (address, _),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)

        def take(
            name: str, prepare: Callable[[Page], None], size: dict[str, int], look: str, locale: str
        ) -> None:
            page = opened(browser, address, size, look, locale)
            prepare(page)
            page.mouse.move(0, 0)
            page.wait_for_timeout(500)
            page.screenshot(path=told.out / f"{name}.png")
            page.context.close()
            print(told.out / f"{name}.png", flush=True)

        take("welcome", lambda page: None, WIDE, "light", "id-ID")
        take(
            "desktop-light",
            cited("Siapa yang membuka jalur MRT Jakarta fase pertama?"),
            WIDE,
            "light",
            "id-ID",
        )
        take(
            "desktop-dark", cited("When did Iraq declare victory over ISIS?"), WIDE, "dark", "en-GB"
        )
        take("disagreement", cited(DIFFER), WIDE, "light", "id-ID")
        take("refusal", asked("Who was the first person on the moon?"), WIDE, "light", "en-GB")
        take("articles", articles, WIDE, "light", "en-GB")
        take("phone-light", asked(DIFFER), PHONE, "light", "id-ID")
        take(
            "phone-dark", cited("When did Iraq declare victory over ISIS?"), PHONE, "dark", "en-GB"
        )
        browser.close()


def opened(browser: Browser, address: str, size: dict[str, int], look: str, locale: str) -> Page:
    context = browser.new_context(locale=locale, viewport=size, color_scheme=look)
    page = context.new_page()
    page.goto(address)
    page.locator(".kutip-welcome .kutip-example").first.wait_for(timeout=60_000)
    return page


def asked(question: str) -> Callable[[Page], None]:
    def prepare(page: Page) -> None:
        page.fill("#kutip-box textarea", question)
        page.press("#kutip-box textarea", "Enter")
        page.locator(".kutip-tools").wait_for(timeout=60_000)
        page.wait_for_timeout(5000)  # for what may be asked next

    return prepare


def cited(question: str) -> Callable[[Page], None]:
    def prepare(page: Page) -> None:
        asked(question)(page)
        page.locator(".kutip-cite").first.click()
        page.locator(".kutip-lit").wait_for()

    return prepare


def articles(page: Page) -> None:
    page.click(".kutip-bar [data-view=library]")
    page.click(".kutip-open >> nth=3")
    page.locator(".kutip-article").wait_for()


if __name__ == "__main__":
    main()
