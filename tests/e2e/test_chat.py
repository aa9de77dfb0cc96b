"""The chat as a reader meets it: the real program, the real model, a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from index import articles
from index.articles import Skipped
from index.sentences import split

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Response,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).parents[2]
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
HOSTILE_FILE = "warga \"<b>\" & 'kutip'.txt"
ARTICLES = {
    "kota/jembatan.txt": """Kabar dari Pantura

Pekalongan, 9 Mei 2017 - Jembatan Kali Loji di Pekalongan dibuka untuk umum.
Wali Kota Pekalongan Saelany meresmikan jembatan itu pada Selasa pagi. Panjangnya 96 meter.
""",
    "tani/kopi.txt": """Kabar dari Kebun

Takengon, 3 Juli 2019 - Petani kopi Gayo di Aceh Tengah memanen 41.000 ton biji kopi.
Dinas Pertanian menyebut cuaca kering sebagai penyebab kenaikan panen itu.
""",
    HOSTILE_FILE: """Kabar dari Desa

Dermaga Sukun ambruk <img src=x onerror="window.ran=1"> karena <script>window.ran=1</script> banjir.
Warga Desa Sukun [mengungsi ke balai](javascript:window.ran=1) $$x^2$$ pada malam hari **itu** juga.
# Bantuan untuk warga Sukun datang dari <a href="http://192.0.2.1/">Kudus</a> ![](http://192.0.2.1/a).
""",
}
QUESTIONS = [
    {"question": "Berapa ton kopi dipanen petani Gayo?", "language": "id"},
    {"question": "Apa itu <img src=x onerror='window.ran=1'>?", "language": "id"},
]


@dataclass(frozen=True)
class Chat:
    """A running chat: its address, its articles, its process."""

    address: str
    folder: Path
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

    def ask(self, question: str) -> Locator:
        """Ask, wait for the whole answer, and return its message."""
        answers = self.page.locator("[data-testid=bot]")
        before = answers.count()
        self.page.get_by_role("textbox").fill(question)
        self.page.get_by_role("textbox").press("Enter")
        return self.answer(before)

    def answer(self, number: int) -> Locator:
        """The answer of that number, from 0, when it is whole: the next question can be sent."""
        found = self.page.locator("[data-testid=bot]").nth(number)
        expect(found.locator("p").first).to_be_visible()
        expect(self.page.locator(".submit-button")).to_be_visible()
        return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    if found is None:
        message = "no Chromium or Chrome on the PATH"
        if os.environ.get("CI") and os.environ.get("KUTIP_NEED_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def chat(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    with serving(tmp_path_factory.mktemp("chat"), cache) as running:
        yield running


def _heeding_ctrl_c() -> None:
    """Started by a shell in the background, a program ignores SIGINT unless told otherwise."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def serving(folder: Path, cache: Path) -> Iterator[Chat]:
    """Serve articles from a subfolder of `folder` on a free port; whatever happens, it ends."""
    written = folder / "articles"
    for file, text in ARTICLES.items():
        (written / file).parent.mkdir(parents=True, exist_ok=True)
        (written / file).write_text(text, encoding="utf-8", newline="")
    asked = [json.dumps({**question, "answers": ["x"]}) for question in QUESTIONS]
    (written / "questions.jsonl").write_text("\n".join(asked), encoding="utf-8")
    with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py")],
            cwd=folder,
            env=environment(cache, KUTIP_ARTICLES=str(written), KUTIP_INDEX=str(folder / "index")),
            stdout=out,
            stderr=err,
            text=True,
            preexec_fn=_heeding_ctrl_c,
        )
        try:
            yield Chat(address(process, folder), written, process)
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


@pytest.fixture
def visit(chat: Chat, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens pages of the chat, each as another user. Each page must stay clean to the end."""
    visits: list[Visit] = []

    def open_page(locale: str = "id-ID", width: int = 1280, height: int = 800) -> Visit:
        context = browser.new_context(locale=locale, viewport={"width": width, "height": height})
        visited = Visit(context.new_page())
        visits.append(visited)
        visited.watch()
        visited.page.goto(chat.address)
        expect(visited.page.get_by_role("textbox")).to_be_visible()
        return visited

    yield open_page
    for visited in visits:
        away = [url for url in visited.requests if not at_home(url, chat.address)]
        visited.page.context.close()
        assert (away, visited.errors, visited.dialogs) == ([], [], [])


def at_home(url: str, address: str) -> bool:
    return url.startswith((f"{address}/", "data:", "blob:"))


def cited(answer: Locator, folder: Path, file: str) -> str:
    """The cited sentences, each what its file has at that number, exactly; `file` is among them."""
    headings = answer.locator("summary").all_text_contents()
    sentences = answer.locator("blockquote").all_text_contents()
    places = [HEADING.match(heading) for heading in headings]
    found = [(place["file"], int(place["number"])) for place in places if place]
    assert [sentence_of(folder, *place) for place in found] == sentences
    assert file in [name for name, _ in found]
    return "\n".join(sentences)


HEADING = re.compile(r"\[\d+\] (?P<file>.+?) · (?:kalimat|sentence) (?P<number>\d+)")


def sentence_of(folder: Path, file: str, number: int) -> str:
    read = articles.read(folder, file)
    assert not isinstance(read, Skipped)
    return split(read.article.text, file, read.article.title)[number - 1].text


def test_an_indonesian_question_is_answered_with_file_and_sentence(
    visit: Callable[..., Visit], chat: Chat
) -> None:
    answer = visit().ask("Siapa yang meresmikan Jembatan Kali Loji?")
    assert "[1]" in (answer.text_content() or "")
    assert "kalimat" in (answer.locator("summary").first.text_content() or "")
    assert "Saelany" in cited(answer, chat.folder, "kota/jembatan.txt")


def test_a_source_unfolds_to_its_sentence(visit: Callable[..., Visit]) -> None:
    answer = visit().ask("Siapa yang meresmikan Jembatan Kali Loji?")
    expect(answer.locator("blockquote").first).to_be_hidden()
    answer.locator("summary").first.click()
    expect(answer.locator("blockquote").first).to_be_visible()


def test_an_english_question_is_answered_in_english(
    visit: Callable[..., Visit], chat: Chat
) -> None:
    answer = visit().ask("How many tons of coffee did the farmers of Gayo harvest?")
    assert "sentence" in (answer.locator("summary").first.text_content() or "")
    assert "41.000 ton" in cited(answer, chat.folder, "tani/kopi.txt")


def test_a_follow_up_knows_what_was_said_before(visit: Callable[..., Visit], chat: Chat) -> None:
    page = visit()
    page.ask("Kapan Jembatan Kali Loji di Pekalongan dibuka?")
    cited(page.ask("Siapa yang meresmikannya?"), chat.folder, "kota/jembatan.txt")


def test_another_page_and_a_cleared_one_know_nothing_of_it(visit: Callable[..., Visit]) -> None:
    first, second = visit(), visit()
    first.ask("Siapa yang meresmikan Jembatan Kali Loji?")
    second.ask("Berapa ton kopi dipanen petani Gayo?")
    expect(second.page.locator("[data-testid=user]")).to_have_count(1)
    with first.page.expect_response(re.compile("/queue/join")):
        first.page.get_by_role("button", name="Bersihkan obrolan").click()
    expect(first.page.locator("[data-testid=user]")).to_have_count(0)
    first.ask("Berapa ton kopi dipanen petani Gayo?")
    expect(first.page.locator("[data-testid=user]")).to_have_count(1)


def test_what_a_hostile_article_says_is_shown_and_never_run(
    visit: Callable[..., Visit], chat: Chat
) -> None:
    page = visit()
    sentences = "".join(
        cited(page.ask(question), chat.folder, HOSTILE_FILE)
        for question in (
            "Mengapa Dermaga Sukun ambruk?",
            "Ke mana warga Desa Sukun mengungsi?",
            "Dari mana bantuan untuk warga Sukun datang?",
        )
    )
    assert "<script>window.ran=1</script>" in sentences
    assert '<a href="http://192.0.2.1/">' in sentences
    messages = page.page.locator("[data-testid=bot]")
    assert messages.locator("img, script, a, h1, h2, strong, .katex").count() == 0
    page.page.wait_for_timeout(300)  # for whatever an article might have set going
    assert page.page.evaluate("window.ran") is None


def test_a_question_in_html_is_shown_as_it_was_typed(visit: Callable[..., Visit]) -> None:
    page = visit()
    question = '<img src=x onerror="window.ran=1"> **tebal** $$x$$ # apa ini?'
    page.ask(question)
    expect(page.page.locator("[data-testid=user]")).to_have_text(question)
    assert page.page.evaluate("window.ran") is None


def test_an_example_is_shown_as_text_and_asked_with_a_click(
    visit: Callable[..., Visit], chat: Chat
) -> None:
    page = visit()
    expect(page.page.get_by_text(QUESTIONS[1]["question"])).to_be_visible()
    page.page.get_by_text(QUESTIONS[0]["question"]).click()
    assert "41.000 ton" in cited(page.answer(0), chat.folder, "tani/kopi.txt")
    assert page.page.evaluate("window.ran") is None


@pytest.mark.parametrize(
    ("locale", "placeholder"),
    [("id-ID", "Tulis pertanyaan …"), ("en-GB", "Type a question …"), ("fr", "Type a question …")],
)
def test_the_page_speaks_the_browsers_language(
    locale: str, placeholder: str, visit: Callable[..., Visit]
) -> None:
    expect(visit(locale).page.get_by_role("textbox")).to_have_attribute("placeholder", placeholder)


def test_a_phone_scrolls_down_only(visit: Callable[..., Visit]) -> None:
    page = visit(width=390, height=844)
    page.ask("Mengapa Dermaga Sukun ambruk?").locator("summary").first.click()
    page.ask("A" * 300)
    width = page.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    inner = "[...document.querySelectorAll('[data-testid=bot]')].every(e => e.scrollWidth <= 390)"
    assert page.page.evaluate(inner)


def test_no_file_of_the_machine_can_be_fetched(visit: Callable[..., Visit], chat: Chat) -> None:
    request = visit().page.request
    for file in (ROOT / "app.py", chat.folder / "kota/jembatan.txt"):
        assert request.get(f"{chat.address}/gradio_api/file={file}").status in (403, 404)


def test_a_host_name_of_others_is_refused(visit: Callable[..., Visit], chat: Chat) -> None:
    response = visit().page.request.get(chat.address, headers={"Host": "news.example"})
    assert response.status == 400


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(by: signal.Signals, cache: Path, tmp_path: Path) -> None:
    with serving(tmp_path, cache) as running:
        assert end(running.process, by) in (0, 130)
    assert "Traceback" not in (tmp_path / "err").read_text()


def test_a_taken_port_is_told_before_anything_is_indexed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, str(ROOT / "app.py")],
            cwd=tmp_path,
            env=environment(tmp_path / "cache", KUTIP_PORT=port),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert ended.returncode == 1
    assert f"port {port}" in ended.stderr
    assert "KUTIP_PORT" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "cache").exists()


ANSWERING = """
import sys
from pathlib import Path
import app
from assistant import Assistant
with Assistant.open(sys.argv[1], sys.argv[2]) as assistant:
    app.build(assistant)
    *_, (_, turns, _) = app.reply(assistant, "Siapa yang meresmikan Jembatan Kali Loji?", [])
assert turns[0][1].citations
print(sorted({"torch", "transformers", "sentence_transformers"} & sys.modules.keys()))
"""


def test_answering_loads_no_torch(chat: Chat, cache: Path, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ANSWERING, str(chat.folder), str(tmp_path / "index")],
        cwd=ROOT,
        env=environment(cache),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.stdout.strip() == "[]", ended.stderr
