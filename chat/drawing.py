"""Answers and conversations as HTML: drawn from records, every text in them escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from assistant import show
from assistant.day import day
from assistant.records import Answer, Citation
from chat import export
from chat.pieces import Piece, marked, pieces
from chat.texts import text, texts
from chat.turns import Turn

UNSURE = 0.5  # an answer of less confidence is drawn as an uncertain one
_QUOTATION = re.compile(r"“.*” (?:\[\d+\])+", re.DOTALL)  # as prompts/quote.*.txt puts it


def page(name: str, language: str, /, **values: Any) -> str:
    """The template `name` of `pages/`, filled in.

    In it `say` gives the texts of the interface, and `texts` holds them with their variables in place.
    """

    def say(key: str, **inside: str) -> str:
        return text(key, language, **inside)

    given = {"say": say, "texts": texts(language), "language": language, **values}
    drawn: str = _templates().get_template(name).render(given)
    return drawn


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "pages")
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["exact"] = exact
    return made


def exact(words: str) -> Markup:
    """Text of which a browser keeps every character: in HTML, carriage returns become line feeds."""
    return Markup(str(escape(words)).replace("\r", "&#13;"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A turn as the template needs it; `lead` and `rest` are paragraphs of pieces."""

    number: int
    turn: Turn
    lead: list[list[Piece]]
    rest: list[list[Piece]]
    notes: list[str]
    asides: list[str]
    confidence: str

    @property
    def answer(self) -> Answer:
        return self.turn.answer

    @property
    def citations(self) -> dict[int, Citation]:
        return {citation.label: citation for citation in self.answer.citations}


def conversation(
    turns: Sequence[Turn],
    language: str,
    *,
    asking: str | None = None,
    writing: bool = False,
    editing: bool = False,
    examples: Sequence[str] | None = (),
) -> str:
    """The conversation as HTML.

    `asking` is a question whose answer has not begun; while `writing`, the last answer still grows. While
    `editing`, the last turn is about to be replaced. `examples` are shown where nothing was asked yet; None
    while they are being found.
    """
    return page(
        "conversation.html",
        language,
        turns=[_drawn(number, turn) for number, turn in enumerate(turns)],
        asking=asking,
        busy=writing or asking is not None,
        editing=editing,
        examples=examples or (),
        waiting=examples is None,
        mark=marked,
        about=about,
        copied=lambda turn: (
            export.as_text(turn, language),
            export.answer_markdown(turn, language),
        ),
    )


def _drawn(number: int, turn: Turn) -> Drawn:
    answer = turn.answer
    lead, rest = show.spoken(answer)
    notes = [*answer.unverified, *answer.notes]
    if answer.answered and answer.confidence < UNSURE:
        notes.insert(0, text("unsure", answer.language))
    asides = []
    if answer.model:
        asides.append(show.written_by(answer, answer.language))
    return Drawn(
        number,
        turn,
        [list(pieces(answer, part)) for part in lead],
        [list(pieces(answer, part)) for part in _told(answer, lead, rest)],
        notes,
        asides,
        show.confidence(answer.confidence, answer.language) if answer.answered else "",
    )


def _told(answer: Answer, lead: Sequence[str], rest: Sequence[str]) -> list[str]:
    """The paragraphs to draw: quotations only where nothing else is said, since sources are drawn too."""
    if not answer.answered and answer.citations:
        return list(rest[:1])
    if answer.model or not lead:
        return list(rest)
    return [part for part in rest if not _QUOTATION.fullmatch(part)]


def about(citation: Citation, language: str) -> dict[str, str]:
    """What is told of a source: its file, the sentence's number, the article's date."""
    return {
        "file": show.name(citation.file),
        "sentence": text("sentence", language, number=str(citation.sentence)),
        "date": day(citation.published, "id" if language == "id" else "en")
        if citation.published
        else "",
    }
