"""What articles, names, questions and strangers may not do."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import browsing
import httpx
import pytest
from browsing import BRIDGE, HOSTILE_FILE, ROOT, Chat, Visit, opened
from playwright.sync_api import Browser, expect

Open = Callable[..., Visit]

HOSTILE = [
    '<img src=x onerror="window.ran=1">',
    "<script>window.ran=1</script>",
    "<svg onload=window.ran=1>",
    "<iframe src='http://192.0.2.1/'></iframe>",
    "<a href='javascript:window.ran=1'>klik</a>",
    "[klik](javascript:window.ran=1)",
    "![](http://192.0.2.1/a.png)",
    "<style>@import 'http://192.0.2.1/a.css'; * { display: none }</style>",
    "<link rel=stylesheet href=http://192.0.2.1/a.css>",
    "<meta http-equiv=refresh content='0;url=http://192.0.2.1/'>",
    "<form action=http://192.0.2.1/><button>kirim</button></form>",
    "</textarea></title><script>window.ran=1</script>",
    "${window.ran=1} {{window.ran=1}} `${window.ran=1}`",
    '" onmouseover="window.ran=1" data-x="',
    "$$\\href{javascript:window.ran=1}{x}$$",
    "<details open ontoggle=window.ran=1>",
    "<base href=http://192.0.2.1/>",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_question_is_shown_as_it_was_typed(text: str, visit: Open) -> None:
    page = visit()
    page.ask(f"{text} apa itu?")
    expect(page.turns.first.locator("h2")).to_contain_text(f"{text} apa itu?")
    unharmed(page)


def test_hostile_articles_and_names_are_shown_and_never_run(
    browser: Browser, cache: Path, tmp_path: Path
) -> None:
    articles = {
        f"desa/{number} {safe(text)}.txt": (
            f"Kabar {text} dari Desa {number}\n\nDesa{number}, 9 Mei 2017 - "
            f"Menara Kudus{number} dibangun oleh {text} pada tahun {1900 + number}. Begitu {text} katanya.\n"
        )
        for number, text in enumerate(HOSTILE)
    }
    with browsing.serving(tmp_path, cache, articles) as running:
        page = browsing.visit(browser, running.address)
        for number in range(len(HOSTILE)):
            turn = page.ask(f"Pada tahun berapa Menara Kudus{number} dibangun?")
            markers = turn.locator(".kutip-cite")
            assert markers.count()
            opened(page, markers.first, running.folder)
            markers.first.hover()
        page.see("library")
        expect(page.page.locator(".kutip-table tbody tr")).to_have_count(len(HOSTILE))
        page.page.get_by_role("button", name="English").click()
        unharmed(page)
        browsing.leave(page, running.address)


def safe(text: str) -> str:
    """What of a text may stand in a file's name."""
    return text.replace("/", "∕")[:60]


def unharmed(page: Visit) -> None:
    page.page.wait_for_timeout(200)  # for whatever might have been set going
    assert page.page.evaluate("window.ran") is None
    inside = page.page.locator(".kutip-log, .kutip-pane, .kutip-library")
    assert inside.locator("img, script, iframe, style, link, meta, a, svg, base").count() == 0


@pytest.mark.parametrize(
    "file", [ROOT / "app.py", ROOT / "pyproject.toml", "/etc/passwd", BRIDGE, "../../../etc/passwd"]
)
def test_no_file_can_be_fetched_by_an_address(file: Path | str, chat: Chat) -> None:
    whole = chat.folder / file
    for path in (
        f"//gradio_api/file={whole}",
        f"/gradio_api/File={whole}",
        f"/gradio_api/%66ile={whole}",
        f"/gradio_api/file={whole}",
        f"/file={whole}",
        f"/gradio_api/file={file}",
        f"/{file}",
    ):
        answer = httpx.get(f"{chat.address}{path}")
        assert answer.status_code in (400, 403, 404)


def test_the_source_gives_nothing_but_indexed_articles(visit: Open, chat: Chat) -> None:
    page = visit()
    secret = chat.folder.parent / "rahasia.txt"
    secret.write_text("Rahasia besar.\n", encoding="utf-8")
    (chat.folder / "catatan.md").write_text("Rahasia besar.\n", encoding="utf-8")
    for file in (
        "../rahasia.txt",
        str(secret),
        "catatan.md",
        "kota/../../rahasia.txt",
        "",
        "\0",
        "kota",
    ):
        page.page.evaluate(
            """file => { const b = document.createElement("button"); b.dataset.file = file;
                document.body.append(b); return window.kutip.open(b); }""",
            file,
        )
        expect(page.pane.locator("h2")).to_have_text("Artikel ini tidak bisa dibuka.")
        expect(page.pane).not_to_contain_text("Rahasia besar")


def test_a_host_name_of_others_is_refused(chat: Chat) -> None:
    assert httpx.get(chat.address, headers={"Host": "news.example"}).status_code == 400


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_of_other_sites_can_do_nothing(site: str, chat: Chat) -> None:
    """As a browser sends it for a form or script of another site."""
    for path in ("/gradio_api/call/v2/ask", "/gradio_api/queue/join", "/gradio_api/upload"):
        sent = {"question": "Kapan?"}
        answer = httpx.post(f"{chat.address}{path}", json=sent, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
    own = {"Sec-Fetch-Site": "same-origin"}
    asked = httpx.post(
        f"{chat.address}/gradio_api/call/v2/ask", json={"question": "Kapan?"}, headers=own
    )
    assert asked.status_code == 200


def test_what_a_page_did_not_upload_is_not_taken_for_an_upload(chat: Chat, tmp_path: Path) -> None:
    """The event behind the upload button, sent by hand with a file of the computer's own."""
    config = httpx.get(f"{chat.address}/config").json()
    [upload] = [
        (d["id"], d["inputs"])
        for d in config["dependencies"]
        if any(t[1] == "upload" for t in d["targets"])
    ]
    secret = tmp_path / "rahasia.txt"
    secret.write_text("Rahasia besar di Semarang.\n", encoding="utf-8")
    data = [
        [{"path": str(secret), "meta": {"_type": "gradio.FileData"}}],
        *[None] * (len(upload[1]) - 1),
    ]
    body = {"data": data, "fn_index": upload[0], "session_hash": "x"}
    httpx.post(f"{chat.address}/gradio_api/queue/join", json=body)
    with httpx.stream(
        "GET", f"{chat.address}/gradio_api/queue/data?session_hash=x", timeout=60
    ) as stream:
        for line in stream.iter_lines():
            if "process_completed" in line:
                assert json.loads(line.removeprefix("data: "))["success"] is False
                break
    assert not list(chat.folder.rglob("rahasia*"))


def test_a_password_is_asked_for_where_one_is_set(
    browser: Browser, cache: Path, tmp_path: Path
) -> None:
    with browsing.serving(
        tmp_path, cache, KUTIP_USER="ani", KUTIP_PASSWORD="rahasia-kita"
    ) as running:
        for path in ("/config", "/gradio_api/info"):
            assert httpx.get(f"{running.address}{path}").status_code == 401
        asked = {"data": ["Kapan?"]}
        assert httpx.post(f"{running.address}/gradio_api/call/ask", json=asked).status_code == 401
        for name, word in (("ani", "salah"), ("budi", "rahasia-kita"), ("", "")):
            tried = httpx.post(
                f"{running.address}/login", data={"username": name, "password": word}
            )
            assert tried.status_code in (400, 401, 422)
        page = browser.new_context(locale="id-ID").new_page()
        asked_for: list[str] = []
        page.on("request", lambda request: asked_for.append(request.url))
        page.goto(running.address)
        page.get_by_role("textbox").first.fill("ani")
        page.locator("input[type=password]").fill("rahasia-kita")
        page.locator("input[type=password]").press("Enter")
        expect(page.locator(".kutip-welcome")).to_be_visible()
        page.context.close()
        assert [url for url in asked_for if not browsing.at_home(url, running.address)] == []
        assert "rahasia-kita" not in running.errors.read_text()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_votes_that_cannot_be_kept_are_said_to_be_lost(visit: Open, chat: Chat) -> None:
    kept = chat.errors.parent / "index" / "votes"
    kept.mkdir(exist_ok=True)
    kept.chmod(stat.S_IRUSR | stat.S_IXUSR)
    page = visit()
    page.ask(browsing.OPENED).get_by_role("button", name="Benar").click()
    expect(page.page.locator(".toast-body")).to_be_visible()
    kept.chmod(stat.S_IRWXU)


def test_a_hostile_file_name_is_shown_as_it_is(visit: Open) -> None:
    page = visit()
    turn = page.ask("Mengapa Dermaga Sukun ambruk?")
    assert HOSTILE_FILE in (turn.locator(".kutip-where").first.text_content() or "")
    unharmed(page)
