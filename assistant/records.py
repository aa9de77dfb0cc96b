"""What an answer is made of: frozen records, standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.language import Language
from index.records import Evidence, Sentence


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a sentence that may be the answer; offsets count in the article's text.

    `score` is a difference of log-likelihoods: of these words, and of "nothing here".
    """

    sentence: Sentence
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        offset = self.sentence.start
        return self.sentence.text[self.start - offset : self.end - offset]


@dataclass(frozen=True, slots=True)
class Marked:
    """What the reader marked in a sentence.

    `spans` lie apart, the best first. `mass` is what all spans of the sentence weigh together against
    "nothing here", as a difference of log-likelihoods: a sentence with several ways to say the answer has
    more of it than the best one alone.
    """

    spans: tuple[Span, ...]
    mass: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of evidence that was read, with the words in it that fit best, and further ones that may.

    `score` orders findings; it joins what the reader and the search think, in log-odds. `mass` is the
    reader's part (see `Marked`); `fit` and `echo` are those of the first span (see `assistant.clues`).
    """

    evidence: Evidence
    spans: tuple[Span, ...]
    score: float
    mass: float = 0.0
    fit: float = 0.0
    echo: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading the evidence gave: findings, best first, and whether they answer the question.

    `confidence` (0 to 1) is the probability that the first finding holds the answer.
    """

    findings: tuple[Finding, ...]
    confidence: float
    answerable: bool


@dataclass(frozen=True, slots=True)
class Highlight:
    """The answer's own words within a cited sentence; offsets count in the article's text."""

    start: int
    end: int
    text: str


class Backing(StrEnum):
    """How a sentence that a language model wrote stands to what it cites."""

    SUPPORTED = "supported"
    DOUBTFUL = "doubtful"  # the cited sentences do not bear it out
    UNCITED = "uncited"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that a language model wrote: `text[start:end]` of its answer, markers included.

    `labels` are those of its markers; `missing` holds figures, dates and names, as written, that stand in
    none of the sentences that it cites.
    """

    start: int
    end: int
    labels: tuple[int, ...]
    backing: Backing
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """The sentence that a marker such as [1] stands for.

    `label` is the marker's number; `sentence` the sentence's number in `file` (from 1). The file's text
    from `start` to `end` is exactly `text`, and `sha256` is the version of the file where that was
    checked. `highlight` is the answer's own span within it, where one is known. `translation` is a language
    model's, for a reader who asked in another language.
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
    translation: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says, and what it rests on.

    `text` holds markers such as [1]. `answered` is false when the articles do not say. `short` is the
    answer in a few words where there is one; `confidence` lies between 0 and 1. `unverified` tells, in
    `language`, what could not be checked against the files, and what of a model's text they do not bear out.

    `model` names the language model that wrote `text`, None where the articles are quoted; `claims` are then
    its sentences, checked. `read_as` is a follow-up question as the model put it; `notes` tells, in
    `language`, what else went otherwise than it should.
    """

    question: str
    text: str
    answered: bool
    short: str | None
    language: Language
    confidence: float
    citations: tuple[Citation, ...] = ()
    unverified: tuple[str, ...] = ()
    model: str | None = None
    claims: tuple[Claim, ...] = ()
    read_as: str | None = None
    notes: tuple[str, ...] = ()
