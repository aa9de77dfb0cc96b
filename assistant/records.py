"""What an answer is made of: frozen records, standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.language import Language


@dataclass(frozen=True, slots=True)
class Highlight:
    """The answer's own words within a cited sentence; offsets count in the article's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """The sentence that a marker such as [1] stands for.

    `label` is the marker's number; `sentence` the sentence's number in `file` (from 1). The file's text
    from `start` to `end` is exactly `text`, and `sha256` is the version of the file where that was
    checked. `highlight` is the answer's own span within it, where one is known.
    """

    label: int
    file: str
    sentence: int
    start: int
    end: int
    text: str
    highlight: Highlight | None
    published: date | None
    sha256: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says, and what it rests on.

    `text` holds markers such as [1]. `answered` is false when the articles do not say. `short` is the
    answer in a few words where there is one; `confidence` lies between 0 and 1. `unverified` tells, in
    `language`, what could not be checked against the files.
    """

    question: str
    text: str
    answered: bool
    short: str | None
    language: Language
    confidence: float
    citations: tuple[Citation, ...] = ()
    unverified: tuple[str, ...] = ()
