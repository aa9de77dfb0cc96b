"""Kutip's chat in the browser: draws what the assistant answers, decides nothing.

`python app.py` serves it as the settings say; `kutip serve` is the same.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it while it is imported

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

import prompts
from assistant import Answer, Assistant, Citation, show
from assistant.day import day
from assistant.language import Language
from assistant.settings import Settings
from assistant.understand import MOST_CHARACTERS
from index.errors import KutipError
from index.synchronise import Progress

UNSURE = 0.5  # an answer of less confidence is drawn as an uncertain one
EXAMPLES = 6
AT_ONCE = 2  # answers written at the same time; others wait in a queue of at most WAITING
WAITING = 32
SESSIONS = 500  # open pages whose conversations are kept
LINE_EVERY = 10  # seconds between lines of progress where there is no terminal
LOOPBACK = ("127.0.0.1", "localhost", "::1")

LANGUAGES = ("id", "en")

Turn = tuple[str, Answer]  # a question with its answer

STRINGS = gr.I18n(
    **{
        language: {
            f"chat_{name}": prompts.text(f"chat_{name}", language)
            for name in ("intro", "placeholder", "question", "conversation")
        }
        for language in LANGUAGES
    }
)
# The browser fetches from this server only, whatever a page may ask for.
ENCLOSED = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'self\' data: blob: '
    "'unsafe-inline' 'unsafe-eval'; object-src 'none'; base-uri 'self'; form-action 'self'\">"
)
FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]  # none is fetched
THEME = gr.themes.Default(font=FONT, font_mono=["ui-monospace", "monospace"])
CSS = """
.gradio-container main { width: 100%; max-width: 60rem !important; margin: 0 auto !important; }
.kutip-refusal, .kutip-note { padding-left: .7em; border-left: 3px solid; }
.kutip-refusal { color: var(--body-text-color-subdued); font-style: italic; }
.kutip-short { font-weight: 600; }
.kutip-aside { opacity: .8; font-size: .85em; margin-top: .6em; }
.kutip-note { border-color: #d97706; font-size: .85em; margin: .6em 0; }
.kutip-source { font-size: .85em; margin-top: .4em; }
.kutip-source summary { cursor: pointer; overflow-wrap: anywhere; }
.kutip-source blockquote { margin: .3em 0 .8em !important; unicode-bidi: isolate; }
.kutip-source mark { background: #fde68a; color: #1f2937 !important; }
@media (max-width: 40rem) {
  .gradio-container main { padding: .8rem !important; }
  .example { padding: .6rem .8rem; }
}
"""


def build(assistant: Assistant) -> gr.Blocks:
    """The page. A conversation is kept on the server, for each open page by itself."""

    page: gr.Blocks = gr.Blocks(title="Kutip", analytics_enabled=False, fill_height=True)
    with page:
        gr.Markdown("# Kutip")
        gr.Markdown(STRINGS("chat_intro"))
        turns = gr.State([])
        chat = gr.Chatbot(
            label=STRINGS("chat_conversation"),
            show_label=False,
            scale=1,
            latex_delimiters=[],
            allow_tags=False,
            buttons=[],
            examples=[{"text": question} for question in examples(assistant.index.place.articles)],
        )
        box = gr.Textbox(
            label=STRINGS("chat_question"),
            placeholder=STRINGS("chat_placeholder"),
            show_label=False,
            max_length=MOST_CHARACTERS,
            submit_btn=True,
            autofocus=True,
        )

        chosen = chat.example_select(_chosen, None, box, api_visibility="private")
        running = [
            ask(
                partial(reply, assistant),
                [box, turns],
                [box, turns, chat],
                concurrency_limit=AT_ONCE,
                concurrency_id="answers",
                show_progress="hidden",
                api_visibility="private",
            )
            for ask in (box.submit, chosen.then)
        ]
        for run in running:
            run.then(_ready, None, box, api_visibility="private", show_progress="hidden")
        box.stop(_ready, None, box, cancels=running, api_visibility="private")
        chat.clear(
            lambda: (_ready(), []), None, [box, turns], cancels=running, api_visibility="private"
        )
    return page


def reply(
    assistant: Assistant, question: str, turns: list[Turn]
) -> Iterator[tuple[Any, list[Turn], Any]]:
    """The text box, the turns and the chat, again and again while the answer grows."""
    if not question.strip():
        yield gr.skip(), turns, gr.skip()
        return
    writing = gr.Textbox("", submit_btn=False, stop_btn=True)
    yield writing, turns, [*drawn(turns), _asked(question)]
    try:
        # Closed with this generator: Stop ends the work behind it too.
        with closing(assistant.stream(question, history(turns))) as answers:
            for answer in answers:
                now = [*turns, (question, answer)]
                yield gr.skip(), now, drawn(now)
    except KutipError as error:
        raise gr.Error(inert(str(error)), print_exception=False) from error


def _ready() -> Any:
    return gr.Textbox(submit_btn=True, stop_btn=False)


def _chosen(event: gr.SelectData) -> str:
    return str(event.value["text"])


def examples(folder: Path) -> list[str]:
    """Questions to begin with, the languages by turns, if the folder holds a question set."""
    try:
        lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line) for line in lines if line.strip()]
        good = [q for q in asked if q["answers"] and not q.get("follows")]
        languages = [
            [str(q["question"]) for q in good if q["language"] == language]
            for language in LANGUAGES
        ]
    except (OSError, ValueError, KeyError, TypeError):  # none, or some other file of that name
        return []
    return [q for q in chain.from_iterable(zip_longest(*languages)) if q][:EXAMPLES]


def history(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    """What was said before, as the assistant takes it."""
    return [(question, answer.text) for question, answer in turns]


def drawn(turns: Sequence[Turn]) -> list[gr.MessageDict]:
    """The conversation as the chat shows it."""
    return [m for question, answer in turns for m in (_asked(question), _said(answer))]


def _asked(question: str) -> gr.MessageDict:
    return {"role": "user", "content": f"<p>{inert(question)}</p>"}


def _said(answer: Answer) -> gr.MessageDict:
    lead, rest = show.spoken(answer)
    look = "kutip-answer" if answer.answered else "kutip-refusal"
    said = paragraphs(lead, "kutip-short") + paragraphs(rest)
    parts = [f'<div class="{look}">{said}</div>']
    if answer.read_as:
        asked = prompts.text("model_read_as", answer.language, question=answer.read_as)
        parts.insert(0, _aside(asked))
    if answer.answered and answer.confidence < UNSURE:
        parts.append(_note(prompts.text("chat_unsure", answer.language)))
    parts += map(_note, (*answer.unverified, *answer.notes))
    if answer.citations and not answer.answered:
        parts.append(_aside(prompts.text("nearest", answer.language)))
    parts += (source(citation, answer.language) for citation in answer.citations)
    if answer.model:
        parts.append(_aside(prompts.text("model_written_by", answer.language, model=answer.model)))
    return {"role": "assistant", "content": "".join(parts)}


def paragraphs(parts: Sequence[str], look: str = "") -> str:
    """Paragraphs of text as HTML."""
    opening = f'<p class="{look}">' if look else "<p>"
    return "".join(f"{opening}{inert(part)}</p>" for part in parts)


def _note(text: str) -> str:
    return f'<div class="kutip-note">{inert(text)}</div>'


def _aside(text: str) -> str:
    return f'<div class="kutip-aside">{inert(text)}</div>'


def source(citation: Citation, language: Language) -> str:
    """Where a marker points: file, sentence and date, and unfolded the sentence itself."""
    about = [prompts.text("sentence_number", language, number=str(citation.sentence))]
    if citation.published:
        about.append(day(citation.published, language))
    return (
        f'<details class="kutip-source"><summary>{inert(f"[{citation.label}]")} '
        f"<bdi>{inert(show.name(citation.file))}</bdi> · {inert(' · '.join(about))}</summary>"
        f"<blockquote>{_marked(citation)}</blockquote>{_translation(citation, language)}</details>"
    )


def _translation(citation: Citation, language: Language) -> str:
    if not citation.translation:
        return ""
    return _aside(prompts.text("model_translated", language, text=citation.translation))


def _marked(citation: Citation) -> str:
    """The sentence, character for character, with the answer's own words marked."""
    text, mark = citation.text, citation.highlight
    if not mark:
        return inert(text)
    start, end = mark.start - citation.start, mark.end - citation.start
    return f"{inert(text[:start])}<mark>{inert(text[start:end])}</mark>{inert(text[end:])}"


def inert(text: str) -> str:
    """Text that HTML, Markdown and LaTeX can only show: each ASCII sign becomes an entity."""
    return _SIGN.sub(lambda sign: f"&#{ord(sign[0])};", text)


_SIGN = re.compile(r"[\x00-\x1f!-/:-@\[-`{-\x7f]")


def serve(settings: Settings, articles: Path | None = None, index: Path | None = None) -> None:
    """Open the assistant and serve the chat until Ctrl-C. Raises `KutipError`.

    To be called in the main thread, where signals arrive.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as service managers end a program
    port = _port(settings.host, settings.port)
    with (
        _opened(settings, articles, index) as assistant,
        _launched(build(assistant), settings.host, port) as address,
    ):
        print(f"Kutip is at {address} (Ctrl-C ends it)", flush=True)
        try:
            while True:
                time.sleep(1)
        except KeyboardInterrupt:
            print("Kutip has ended", flush=True)


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


@contextmanager
def _launched(page: gr.Blocks, host: str, port: int) -> Iterator[str]:
    """The page on its address, open to this machine alone unless `host` says otherwise."""
    hosts = list(LOOPBACK) if host in LOOPBACK else ["*"]
    name = f"[{host}]" if ":" in host else host
    page.queue(api_open=False, max_size=WAITING)
    try:
        page.launch(
            server_name=name,
            server_port=port,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            allowed_paths=[],
            blocked_paths=[Path.cwd().anchor],
            max_file_size="1mb",
            state_session_capacity=SESSIONS,
            i18n=STRINGS,
            theme=THEME,
            css=CSS,
            head=ENCLOSED,
            app_kwargs={"middleware": [Middleware(TrustedHostMiddleware, allowed_hosts=hosts)]},
        )
    except OSError as error:
        raise KutipError(f"the chat cannot listen on {host}, port {port} (KUTIP_PORT)") from error
    try:
        yield f"http://{name}:{port}"
    finally:
        page.close(verbose=False)


def main() -> int:
    """Serve the chat as the settings say; the exit status."""
    try:
        serve(Settings.load())
    except KutipError as error:
        show.Terminal(stderr=True).say(f"kutip: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
