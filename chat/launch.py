"""Serving the page: opened over a folder of articles, on an address, until it is told to end."""

from __future__ import annotations

import hmac
import os
import re
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from assistant import Assistant, show
from assistant.settings import Settings
from chat.desk import Desk
from index.articles import MAX_BYTES
from index.errors import KutipError
from index.synchronise import Progress

if TYPE_CHECKING:
    import gradio as gr
    from starlette.types import ASGIApp, Receive, Scope, Send

SESSIONS = 300  # open pages whose conversations are kept
LINE_EVERY = 10  # seconds between lines of progress where there is no terminal
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SLOW = 0.5  # seconds that a wrong password costs
VOTES = "votes"  # the folder for votes in that of the index

# The browser fetches from this server only, whatever a page may ask for.
ENCLOSED = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'self\' data: blob: '
    "'unsafe-inline' 'unsafe-eval'; object-src 'none'; base-uri 'self'; form-action 'self'\">"
)


def serve(settings: Settings, articles: Path | None = None, index: Path | None = None) -> None:
    """Open the assistant and serve the chat until Ctrl-C. Raises `KutipError`.

    To be called in the main thread, where signals arrive.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as service managers end a program
    guard = _guard(settings)
    if settings.mcp and find_spec("mcp") is None:
        raise KutipError(
            "KUTIP_MCP needs the package mcp: pip install 'kutip[mcp]' (or 'gradio[mcp]')"
        )
    port = _port(settings.host, settings.port)
    with _opened(settings, articles, index) as assistant:
        place = assistant.index.place
        desk = Desk(assistant, settings.votes or place.index / VOTES)
        threading.Thread(target=desk.prepare, daemon=True).start()
        with _uploads():
            from chat.page import build  # gradio takes seconds; the port was looked at before

            with launched(build(desk), settings, port, guard) as address:
                print(f"Kutip is at {address} (Ctrl-C ends it)", flush=True)
                try:
                    while True:
                        time.sleep(1)
                except KeyboardInterrupt:
                    print("Kutip has ended", flush=True)


@contextmanager
def _uploads() -> Iterator[None]:
    """A folder for what is uploaded until it is taken, that nobody else reads and that goes in the end."""
    with tempfile.TemporaryDirectory(prefix="kutip-", ignore_cleanup_errors=True) as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder  # gradio reads it while it is imported
        yield


def _guard(settings: Settings) -> Callable[[str, str], bool] | None:
    """Whether a user may come in; None where everybody may. Raises `KutipError`."""
    user, password = settings.user, settings.password
    if user is None and password is None:
        return None
    if user is None or password is None:
        raise KutipError("KUTIP_USER and KUTIP_PASSWORD belong together: set both, or neither")
    own = user.encode(), password.get_secret_value().encode()

    def admits(name: str, word: str) -> bool:
        # Both are compared whole, so that the time it takes tells nothing of either.
        fits = [hmac.compare_digest(a, b.encode()) for a, b in zip(own, (name, word), strict=True)]
        if not all(fits):
            time.sleep(SLOW)
        return all(fits)

    return admits


def _port(host: str, port: int) -> int:
    """The port to listen on, a free one for 0; known before the articles are indexed."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family) as server:
            return int(server.getsockname()[1])
    except OSError as error:
        raise KutipError(
            f"the chat cannot listen on {host}, port {port}: {error.strerror}. Choose another port "
            "with KUTIP_PORT (0 for any free one), or another address with KUTIP_HOST."
        ) from error


def _opened(settings: Settings, articles: Path | None, index: Path | None) -> Assistant:
    terminal = show.Terminal(stderr=True)
    with _progress(terminal) as progress:
        opened = Assistant.open(
            articles, index, settings=settings, progress=progress, say=terminal.say
        )
    if opened.report:
        show.show_problems(opened.report, terminal)
    return opened


@contextmanager
def _progress(terminal: show.Terminal) -> Iterator[Progress]:
    """Shows indexing as a bar, or as a line now and then where there is no terminal."""
    said = time.monotonic()

    def line(done: int, of: int) -> None:
        nonlocal said
        if time.monotonic() - said >= LINE_EVERY:
            said = time.monotonic()
            terminal.say(f"Indexing: {done} of {of} articles")

    with show.progress(terminal) as bar:
        yield bar if terminal.is_terminal else line


class Gate:
    """Keeps out what pages of other sites send, and requests for files by address: there are none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = _refusal(scope) if scope["type"] == "http" else None
        if refusal:
            from starlette.responses import PlainTextResponse

            said, status = refusal
            await PlainTextResponse(said, status)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _refusal(scope: Scope) -> tuple[str, int] | None:
    """Why a request is not let through, and with which status."""
    if _FILES.match(unquote(scope["path"])):
        return "no files here", 404
    # Browsers say where a request comes from, also behind a proxy; programs say nothing.
    site = dict(scope["headers"]).get(b"sec-fetch-site", b"none")
    if scope["method"] not in ("GET", "HEAD") and site not in (b"same-origin", b"none"):
        return "not for pages of other sites", 403
    return None


_FILES = re.compile(
    r"/+(?:gradio_api/+)?(?:file|proxy|stream|deep_link|monitoring)\b", re.IGNORECASE
)


@contextmanager
def launched(
    page: gr.Blocks, settings: Settings, port: int, guard: Callable[[str, str], bool] | None = None
) -> Iterator[str]:
    """The page on its address, open to this machine alone unless the settings say otherwise."""
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from chat.page import CSS, THEME, WAITING

    host = settings.host
    hosts = list(LOOPBACK) if host in LOOPBACK else ["*"]
    name = f"[{host}]" if ":" in host else host
    page.queue(api_open=False, max_size=WAITING)
    more: dict[str, Any] = {"mcp_server": True} if settings.mcp else {"mcp_server": False}
    try:
        page.launch(
            server_name=name,
            server_port=port,
            auth=guard,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            allowed_paths=[],
            max_file_size=MAX_BYTES,
            state_session_capacity=SESSIONS,
            theme=THEME,
            head=f"{ENCLOSED}<style>{CSS}</style>",  # as `css` it could not name what holds the page
            app_kwargs={
                "middleware": [
                    Middleware(TrustedHostMiddleware, allowed_hosts=hosts),
                    Middleware(Gate),
                ]
            },
            **more,
        )
    except OSError as error:
        raise KutipError(f"the chat cannot listen on {host}, port {port} (KUTIP_PORT)") from error
    try:
        yield f"http://{name}:{port}"
    finally:
        page.close(verbose=False)
