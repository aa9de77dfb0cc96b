"""The page: Gradio components, and what happens at which event."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it while it is imported

import gradio as gr

from assistant import show
from assistant.day import day
from assistant.understand import MOST_CHARACTERS
from chat import api, export
from chat.api import Service
from chat.article import opened
from chat.desk import Desk, followed
from chat.drawing import conversation, page
from chat.kept import Kept
from chat.library import MOST_FILES, UPLOADS, Outcome
from chat.texts import LANGUAGES, text
from chat.turns import Turn
from index.articles import MAX_BYTES
from index.errors import KutipError
from index.scope import Scope

AT_ONCE = 2  # answers written at the same time; others wait in a queue of at most WAITING
WAITING = 64
KEPT = 3600  # seconds that an uploaded file waits in the temporary folder, at the most

_STATIC = Path(__file__).parent / "static"
FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]  # none is fetched
THEME = gr.themes.Default(font=FONT, font_mono=["ui-monospace", "monospace"])
CSS = (_STATIC / "chat.css").read_text(encoding="utf-8")

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
ANSWERS: dict[str, Any] = {**QUIET, "concurrency_limit": AT_ONCE, "concurrency_id": "answers"}


def build(desk: Desk) -> gr.Blocks:
    """The page. A conversation is kept on the server, for each open page by itself.

    A page that is loaded anew finds its own again: the browser's tab keeps the key to it.
    """
    built: gr.Blocks = gr.Blocks(
        title="Kutip", analytics_enabled=False, fill_width=True, delete_cache=(KEPT, KEPT)
    )
    with built:
        Page(desk)
        _publish(Service(desk))
    return built


class Page:
    """The components and their events; each open page has states of its own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept = Kept()

        def article(asked: dict[str, Any]) -> str:  # Gradio takes no methods
            return self._article(asked)

        self.language = gr.State("id")
        self.key = gr.State("")  # of the conversation among those kept, once it has one
        self.turns = gr.State([])
        self.scope = gr.State(Scope())
        self.editing = gr.State(False)
        self.asking = gr.State("")  # the question whose answer is being written
        self.bar = _html("bar")
        with gr.Row(elem_id="kutip-panes"):
            with gr.Column(elem_id="kutip-talk"):
                self.room = _html("room")
                self.next = _html("room", elem_id="kutip-next")
                self.filter = _html("scope")
                self.box = gr.Textbox(
                    elem_id="kutip-box",
                    show_label=False,
                    container=False,
                    max_length=MOST_CHARACTERS,
                    submit_btn=True,
                    lines=1,
                    max_lines=6,
                )
            with gr.Column(elem_id="kutip-shelf"):
                self.upload = gr.UploadButton(
                    elem_id="kutip-upload", file_count="multiple", file_types=[".txt"]
                )
                self.listing = _html("library")
            with gr.Column(elem_id="kutip-side"):
                self.pane = _html("pane", server_functions=[article])
        self.download = _html("download", html_template="")
        self._connect()

    def _connect(self) -> None:
        frame = [self.language, self.bar, self.room, self.next, self.filter, self.listing]
        self.bar.speak(
            self._speak,
            [self.key, self.turns, self.scope, self.editing],
            [self.key, self.turns, self.scope, *frame, self.pane, self.box, self.upload],
            queue=False,
            **QUIET,
        )
        told = [self.key, self.turns, self.scope, self.language, self.editing]
        shown = [self.box, self.turns, self.room, self.next, self.editing, self.asking]
        ended = [self.turns, self.language, self.asking]
        ready = [self.box, self.room, self.asking]
        running = [
            self.box.submit(self._reply, [self.box, *told], shown, **ANSWERS),
            self.room.asked(self._asked, told, shown, **ANSWERS),
            self.next.asked(self._asked, told, shown, **ANSWERS),
            self.room.again(self._again, told, shown, **ANSWERS),
        ]
        for run in running:
            run.then(self._ready, ended, ready, **QUIET)
            run.success(
                self._suggest,
                [self.turns, self.scope, self.language],
                self.next,
                concurrency_limit=1,
                concurrency_id="suggestions",
                **QUIET,
            )
        self.box.stop(
            self._ready,
            ended,
            ready,
            cancels=running,
            **QUIET,
        )
        self.bar.fresh(
            self._fresh,
            [self.key, self.language],
            shown,
            cancels=running,
            **QUIET,
        )
        self.room.edit(
            self._edit, [self.turns, self.language], [self.box, self.room, self.editing], **QUIET
        )
        self.room.look(self._drawn, [self.turns, self.language], self.room, queue=False, **QUIET)
        self.room.vote(
            self._vote,
            [self.key, self.turns, self.language, self.editing],
            [self.turns, self.room],
            **QUIET,
        )
        self.bar.export(self._export, [self.turns, self.language], self.download, **QUIET)
        self.filter.narrow(
            self._narrow,
            [self.key, self.scope, self.language],
            [self.scope, self.filter],
            queue=False,
            **QUIET,
        )
        changed = [self.listing, self.filter]
        kept = [self.scope, self.language]
        alone: dict[str, Any] = {**QUIET, "concurrency_limit": 1, "concurrency_id": "library"}
        self.upload.upload(self._add, [self.upload, *kept], changed, **alone)
        self.listing.drop(self._remove, kept, changed, **alone)
        self.listing.renew(self._reindex, kept, changed, **alone)

    def _speak(
        self, key: str, turns: list[Turn], scope: Scope, editing: bool, event: gr.EventData
    ) -> list[Any]:
        """Draw the whole page in the language that the browser asks for.

        One that was just loaded is drawn with the conversation whose key the browser has, if any.
        """
        asked = event.language
        language = asked if asked in LANGUAGES else "en"
        states: list[Any] = [gr.skip()] * 3
        if not key:
            key, found = self._kept.reopen(str(event.key))
            turns, scope = list(found.turns), found.scope
            states = [key, turns, scope]
        return [
            *states,
            language,
            page("bar.html", language, key=key),
            conversation(turns, language, editing=True)
            if editing
            else self._drawn(turns, language),
            "",
            self._filter(scope, language),
            self._list(language),
            page("pane.html", language),
            gr.Textbox(label=text("question", language), placeholder=text("placeholder", language)),
            gr.UploadButton(label=text("library_choose", language)),
        ]

    def _reply(
        self, question: str, key: str, turns: list[Turn], scope: Scope, language: str, editing: bool
    ) -> Iterator[tuple[Any, ...]]:
        """The box, turns, room, what may come next, editing and asking, while an answer grows."""
        if not question.strip():
            yield (gr.skip(),) * 6
            return
        before = turns[:-1] if editing else turns
        writing = gr.Textbox("", submit_btn=False, stop_btn=True)
        yield writing, turns, conversation(before, language, asking=question), "", False, question
        try:
            shown = None
            for now in self._desk.reply(question, before, scope, language):
                if now[-1].answer.text and now != shown:
                    shown = now
                    self._kept.put(key, turns=now)
                    yield gr.skip(), now, conversation(now, language, writing=True), "", False, ""
                else:  # nothing new, but Stop is heeded here
                    yield (gr.skip(),) * 6
        except KutipError as error:
            raise gr.Error(_inert(str(error)), print_exception=False) from error

    def _asked(
        self,
        key: str,
        turns: list[Turn],
        scope: Scope,
        language: str,
        editing: bool,
        event: gr.EventData,
    ) -> Iterator[tuple[Any, ...]]:
        yield from self._reply(str(event.text), key, turns, scope, language, editing)

    def _again(
        self, key: str, turns: list[Turn], scope: Scope, language: str, _: bool
    ) -> Iterator[tuple[Any, ...]]:
        """Ask the last question once more, in place of its answer."""
        if turns:
            yield from self._reply(turns[-1].question, key, turns, scope, language, editing=True)

    def _ready(self, turns: list[Turn], language: str, asking: str) -> tuple[Any, str, str]:
        """The box for the next question; one that was stopped before its answer began is given back."""
        back = {"value": asking} if asking else {}
        box = gr.Textbox(submit_btn=True, stop_btn=False, **back)
        return box, self._drawn(turns, language), ""

    def _suggest(self, turns: list[Turn], scope: Scope, language: str) -> str:
        found = self._desk.suggestions(turns, scope)
        return page("next.html", language, questions=found, number=len(turns))

    def _fresh(self, key: str, language: str) -> tuple[Any, ...]:
        self._kept.put(key, turns=[])
        box = gr.Textbox("", submit_btn=True, stop_btn=False)
        return box, [], self._drawn([], language), "", False, ""

    def _edit(self, turns: list[Turn], language: str, event: gr.EventData) -> tuple[Any, str, bool]:
        """Put the last question into the box; what is asked next takes its place."""
        begun = bool(event.begin) and bool(turns)
        return (
            turns[-1].question if begun else "",
            conversation(turns, language, editing=begun),
            begun,
        )

    def _vote(
        self, key: str, turns: list[Turn], language: str, editing: bool, event: gr.EventData
    ) -> tuple[list[Turn], str]:
        number = event.turn
        if not (isinstance(number, int) and 0 <= number < len(turns)):
            raise gr.Error(print_exception=False)
        try:
            good = event.good if isinstance(event.good, bool) else None
            now = self._desk.vote(turns, number, good, str(event.reason))
        except KutipError as error:
            raise gr.Error(_inert(str(error)), print_exception=False) from error
        self._kept.put(key, turns=now)
        gr.Info(text("voted" if now[number].vote else "unvoted", language))
        return now, conversation(now, language, editing=editing)

    def _export(self, turns: list[Turn], language: str, event: gr.EventData) -> dict[str, str]:
        """The conversation as a file that the page hands over."""
        if not turns:
            gr.Info(text("download_empty", language))
            return {}
        return export.download(turns, str(event.form), language)

    def _narrow(
        self, key: str, scope: Scope, language: str, event: gr.EventData
    ) -> tuple[Scope, str]:
        told = {name: str(event._data.get(name) or "") for name in ("folder", "since", "until")}
        try:
            now = api.scope(**told)
        except KutipError:
            return scope, self._filter(scope, language, text("scope_wrong", language))
        self._kept.put(key, scope=now)
        return now, self._filter(now, language)

    def _add(
        self, files: list[str] | None, scope: Scope, language: str
    ) -> Iterator[tuple[str, str]]:
        given = [(Path(file).name, Path(file)) for file in files or []]
        yield from self._working(
            lambda progress: self._desk.library.add(given, progress, language), scope, language
        )

    def _remove(
        self, scope: Scope, language: str, event: gr.EventData
    ) -> Iterator[tuple[str, str]]:
        file = str(event.file)
        yield from self._working(
            lambda progress: self._desk.library.remove(file, progress, language), scope, language
        )

    def _reindex(self, scope: Scope, language: str) -> Iterator[tuple[str, str]]:
        yield from self._working(
            lambda progress: self._desk.library.reindex(progress, language), scope, language
        )

    def _working(self, work: Any, scope: Scope, language: str) -> Iterator[tuple[str, str]]:
        """The list and the filter while articles are indexed, and what came of it."""
        try:
            for step in followed(work):
                if isinstance(step, Outcome):
                    yield self._list(language, said=step.said), self._filter(scope, language)
                else:
                    yield self._list(language, progress=step), gr.skip()
        except KutipError as error:
            yield self._list(language, said=[str(error)]), gr.skip()

    def _drawn(self, turns: list[Turn], language: str) -> str:
        return conversation(turns, language, examples=self._desk.examples)

    def _filter(self, scope: Scope, language: str, problem: str = "") -> str:
        folders = self._desk.library.folders()
        return page("scope.html", language, scope=scope, folders=folders, problem=problem)

    def _list(self, language: str, said: Any = (), progress: Any = None) -> str:
        return page(
            "library.html",
            language,
            rows=self._desk.library.rows(),
            said=said,
            progress=progress,
            most={"files": str(MOST_FILES), "size": str(MAX_BYTES >> 20), "folder": UPLOADS},
            clean=show.clean,
            name=show.name,
            day=lambda published: day(published, "id" if language == "id" else "en"),
        )

    def _article(self, asked: dict[str, Any]) -> str:
        """The article that a citation stands in, drawn; called by the page itself."""
        wanted = asked.get("language") if isinstance(asked, dict) else None
        language = wanted if wanted in LANGUAGES else "en"
        return opened(self._desk.article, asked, language)


def _publish(service: Service) -> None:
    """What programs may call, and models use as tools."""
    for name in ("ask", "search", "read_article"):
        gr.api(
            _told(getattr(service, name)),
            api_name=name,
            concurrency_limit=AT_ONCE,
            concurrency_id="answers",
        )


def _told(work: Callable[..., Any]) -> Callable[..., Any]:
    """Errors that are meant for the caller reach the caller."""

    @wraps(work)
    def run(*given: Any, **named: Any) -> Any:
        try:
            return work(*given, **named)
        except KutipError as error:
            raise gr.Error(_inert(str(error)), print_exception=False) from error

    return run


def _html(name: str, **more: Any) -> Any:
    """A component of our own, with the script of its name; values are HTML that is drawn here."""
    script = (_STATIC / f"{name}.js").read_text(encoding="utf-8")
    settings = {"elem_id": f"kutip-{name}", "apply_default_css": False, "html_template": "${value}"}
    return gr.HTML(js_on_load=script, **{**settings, **more})


def _inert(words: str) -> str:
    """A message that Gradio shows as HTML."""
    return html.escape(words)
