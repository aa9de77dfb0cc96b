"""What passes from one stage of the index to the next: frozen records, standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Article:
    """One article file as it was read.

    `file` is the path relative to the articles folder, with forward slashes. `text` is exactly what
    the bytes decode to (line ends included, a byte order mark left out), so that every offset into it
    holds. `sha256` is the hex digest of the file's bytes.
    """

    file: str
    text: str
    title: str | None
    published: date | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in its place: `article.text[start:end] == text`, always.

    `number` counts from 1 within its file. `furniture` marks what belongs to the page rather than to
    the article (share buttons, "Baca juga", comment counts, a repeated headline): it keeps its number
    and offsets, and is never evidence.
    """

    file: str
    number: int
    start: int
    end: int
    text: str
    furniture: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer a question, what stands around it, and why it was chosen.

    `before` and `after` are the neighbouring sentences in reading order, furniture left out; `opening` is
    the article's first sentence, most often its headline, None where that is not known. `cosine` is the
    similarity of question and sentence (-1 to 1), `bm25` the lexical score (0 or more, 0 where no word is
    shared), `said` the share of what the question asks after that the article says (0 to 1, rarer words and
    names counting for more); `score` orders the pieces of evidence for one question. `twins` are
    near-identical sentences elsewhere that say the same, best first: further citations of the same fact.
    """

    sentence: Sentence
    before: tuple[Sentence, ...]
    after: tuple[Sentence, ...]
    title: str | None
    published: date | None
    sha256: str
    cosine: float
    bm25: float
    score: float
    twins: tuple[Evidence, ...] = ()
    opening: Sentence | None = None
    said: float = 1.0
