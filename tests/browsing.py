"""The chat as a reader meets it: the real program, the real models, a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Playwright,
    Response,
    expect,
)

from index import articles
from index.articles import Skipped
from index.records import Article

ROOT = Path(__file__).parents[1]
PATIENCE = 180  # seconds for a start, a build of the model not counted; no test measures time
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BRIDGE, COFFEE = "kota/jembatan.txt", "tani/kopi.txt"
HOSTILE_FILE = "warga \"<b>\" & 'kutip'.txt"
ARTICLES = {
    BRIDGE: """Kabar dari Pantura

Pekalongan, 9 Mei 2017 - Jembatan Kali Loji di Pekalongan dibuka untuk umum.
Wali Kota Pekalongan Saelany meresmikan jembatan itu pada Selasa pagi. Panjangnya 96 meter.
""",
    COFFEE: """Kabar dari Kebun

Takengon, 3 Juli 2019 - Petani kopi Gayo di Aceh Tengah memanen 41.000 ton biji kopi.
Dinas Pertanian menyebut cuaca\r
kering sebagai penyebab kenaikan panen itu.
""",
    HOSTILE_FILE: """Kabar dari Desa

Dermaga Sukun ambruk <img src=x onerror="window.ran=1"> karena <script>window.ran=1</script> banjir.
Warga Desa Sukun [mengungsi ke balai](javascript:window.ran=1) $$x^2$$ pada malam hari **itu** juga.
# Bantuan untuk warga Sukun ${window.ran=1} {{ran}} dari <a href="http://192.0.2.1/">Kudus</a> 🙂 tiba.
""",
}
QUESTIONS = [
    {"question": "Berapa ton kopi dipanen petani Gayo?", "language": "id"},
    {"question": "Apa itu <img src=x onerror='window.ran=1'>?", "language": "id"},
]
OPENED = "Siapa yang meresmikan Jembatan Kali Loji?"
HARVEST = "Berapa ton kopi dipanen petani Gayo?"


expect.set_options(timeout=60_000)  # milliseconds: no test measures time


@dataclass(frozen=True)
class Chat:
    """A running chat: its address, its articles, what it said, its process."""

    address: str
    folder: Path
    errors: Path
    process: subprocess.Popen[str]


@dataclass
class Visit:
    """A page of the chat, and what went on in it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Keep what the page asks for, and what goes wrong in it."""
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("response", self._failed)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("dialog", self._opened)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _opened(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _failed(self, response: Response) -> None:
        """A failed request with what was sent: the console does not tell."""
        if response.status >= 400:
            sent = response.request.post_data
            self.errors.append(f"{response.status} {response.url} {sent}")

    @property
    def box(self) -> Locator:
        return self.page.locator("#kutip-box textarea")

    @property
    def turns(self) -> Locator:
        return self.page.locator(".kutip-turn")

    @property
    def pane(self) -> Locator:
        return self.page.locator(".kutip-pane")

    @property
    def lit(self) -> Locator:
        return self.page.locator(".kutip-lit")

    def ask(self, question: str) -> Locator:
        """Ask, wait for the whole answer, and return its turn."""
        before = self.turns.count()
        self.box.fill(question)
        for _ in range(5):  # Gradio ignores Enter while what came before is not quite over
            self.box.press("Enter")
            with suppress(AssertionError):
                expect(self.turns).to_have_count(before + 1, timeout=5000)
                break
        return self.answer(before)

    def answer(self, number: int) -> Locator:
        """The turn of that number, from 0, when it is whole: the next question can be sent."""
        found = self.turns.nth(number)
        expect(found.locator(".kutip-tools")).to_be_visible()
        self.rest()
        return found

    def rest(self) -> None:
        """Wait until nothing is being written."""
        expect(self.page.locator(".kutip-log")).to_have_attribute("aria-busy", "false")
        expect(self.page.locator("#kutip-box .submit-button")).to_be_visible()

    def reload(self) -> None:
        """Load the page anew. Gradio's script calls what that cuts off an error, in the page that goes."""
        known = len(self.errors)
        self.page.reload()
        cut = ("AbortError: signal is aborted", "Unexpected error Connection errored out")
        self.errors[known:] = [e for e in self.errors[known:] if not e.startswith(cut)]

    def menu(self, name: str) -> None:
        """Choose an entry of the menu."""
        self.page.locator(".kutip-bar summary").click()
        self.page.locator(".kutip-bar").get_by_role("button", name=name).click()

    def see(self, view: str) -> None:
        """Change to the view: talk or library."""
        self.page.locator(f".kutip-bar [data-view={view}]").click()


def find_browser() -> str:
    """The browser's program; a test without one is skipped, or fails where one must be there."""
    found = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    if found is None:
        message = "no Chromium or Chrome on the PATH"
        if os.environ.get("KUTIP_NEED_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return found


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=find_browser(), args=SWITCHES)


def visit(
    browser: Browser,
    address: str,
    locale: str = "id-ID",
    width: int = 1280,
    height: int = 800,
    **more: Any,
) -> Visit:
    """A page of the chat, opened as another user's."""
    context = browser.new_context(
        locale=locale, viewport={"width": width, "height": height}, **more
    )
    visited = Visit(context.new_page())
    visited.watch()
    visited.page.goto(address)
    expect(visited.box).to_be_visible()
    expect(visited.page.locator(".kutip-welcome")).to_be_visible()
    return visited


def leave(visited: Visit, address: str) -> None:
    """Close a page, which must have stayed clean to the end."""
    away = [url for url in visited.requests if not at_home(url, address)]
    visited.page.context.close()
    assert (away, visited.errors, visited.dialogs) == ([], [], [])


def at_home(url: str, address: str) -> bool:
    return url.startswith((f"{address}/", "data:", "blob:"))


def heeding_ctrl_c() -> None:
    """Started by a shell in the background, a program ignores SIGINT unless told otherwise."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def serving(
    folder: Path, cache: Path, articles: Mapping[str, str] = ARTICLES, **settings: str
) -> Iterator[Chat]:
    """Serve articles from a subfolder of `folder` on a free port; whatever happens, it ends."""
    written = folder / "articles"
    for file, text in articles.items():
        (written / file).parent.mkdir(parents=True, exist_ok=True)
        (written / file).write_text(text, encoding="utf-8", newline="")
    asked = [json.dumps({**question, "answers": ["x"]}) for question in QUESTIONS]
    (written / "questions.jsonl").write_text("\n".join(asked), encoding="utf-8")
    with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py")],
            cwd=folder,
            env=environment(
                cache,
                KUTIP_ARTICLES=str(written),
                KUTIP_INDEX=str(folder / "index"),
                **settings,
            ),
            stdout=out,
            stderr=err,
            text=True,
            preexec_fn=heeding_ctrl_c,
        )
        try:
            yield Chat(address(process, folder), written, folder / "err", process)
        finally:
            end(process)


def environment(cache: Path, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KUTIP_")}
    return {**kept, "KUTIP_CACHE": str(cache), "KUTIP_PORT": "0", "NO_COLOR": "1", **settings}


def address(process: subprocess.Popen[str], folder: Path) -> str:
    """Where the chat is, as soon as it says so."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if found := re.search(r"Kutip is at (http://\S+)", (folder / "out").read_text()):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"the chat did not start: {(folder / 'err').read_text()}")


def end(process: subprocess.Popen[str], by: signal.Signals = signal.SIGTERM) -> int:
    """Ask a process to end, and make it; its exit code."""
    process.send_signal(by)
    try:
        return process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(30)


def article(folder: Path, file: str) -> Article:
    """An article as its file is now."""
    read = articles.read(folder, file)
    assert not isinstance(read, Skipped)
    return read.article


def opened(visited: Visit, marker: Locator, folder: Path) -> str:
    """Click a marker: what is lit must be the file's at the marker's offsets, and the mark within it."""
    told = {
        name: str(marker.get_attribute(f"data-{name}")) for name in ("file", "start", "end", "mark")
    }
    whole = article(folder, told["file"]).text
    marker.click()
    wanted = whole[int(told["start"]) : int(told["end"])]
    expect(visited.lit).to_have_count(1)
    # As it stands in the document: what is shown may have its line ends as spaces.
    visited.page.wait_for_function(
        "wanted => document.querySelector('.kutip-lit')?.textContent === wanted", arg=wanted
    )
    expect(visited.lit).to_be_in_viewport()
    if told["mark"]:
        low, high = map(int, told["mark"].split("-"))
        assert visited.lit.locator("mark").text_content() == whole[low:high]
    return wanted
