"""What came of asking a question set: the records that every figure and report is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.gold import Gold
from assistant.language import Language
from assistant.records import Backing
from index.errors import KutipError

FORMAT: Literal[1] = 1  # of the JSON; a field that changes its meaning or goes raises it

Verdict = Literal["right", "wrong", "refused"]
Fault = Literal["", "unreadable", "changed", "other text", "highlight"]


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of evidence: its sentence, and which of the gold sentences it or a twin is (from 0)."""

    file: str
    sentence: int
    gold: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation; `gold` as in `Found`; `fault` says how it fails to verify, "" when it does not."""

    label: int
    file: str
    sentence: int
    text: str
    gold: tuple[int, ...]
    fault: Fault = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that a language model wrote, and whether what it cites bears it out.

    `needed` tells for each citation whether it counts: alone or together with the others (see
    `assistant.statements`).
    """

    text: str
    backing: Backing
    supported: bool
    needed: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question, what is known of its answer, and what the assistant made of it.

    `answers` and `gold` are empty when the articles do not tell. `found` is the evidence in order, best
    first. `seconds` is what the answer took, `steps` the same by step, `tokens` what encoder and reader read.
    `given` and `written` are the tokens that a language model took in and wrote, if one was asked, for the
    answer, a follow-up and translations. `model` wrote the answer; `statements` are its sentences.
    """

    id: str
    chain: str  # the id of the first question of its conversation
    language: Language
    kind: str | None
    follows: str | None
    question: str
    answers: tuple[str, ...]
    gold: tuple[Gold, ...]
    answered: bool
    text: str
    short: str | None
    confidence: float
    citations: tuple[Cited, ...]
    found: tuple[Found, ...]
    unverified: tuple[str, ...]
    seconds: float
    steps: dict[str, float]
    tokens: int
    given: int = 0
    written: int = 0
    model: str | None = None
    statements: tuple[Statement, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the articles hold an answer."""
        return bool(self.gold)

    @property
    def first_is_gold(self) -> bool:
        """Whether the best evidence answers the question: what `confidence` is the probability of."""
        return bool(self.found) and bool(self.found[0].gold)

    @property
    def verdict(self) -> Verdict:
        """Right: a gold sentence is cited, or refused where the articles do not tell."""
        if not self.answered:
            return "refused" if self.answerable else "right"
        return "right" if any(c.gold for c in self.citations) else "wrong"


@dataclass(frozen=True, slots=True)
class Run:
    """What came of asking a question set. `total` counts its questions: more than the outcomes when
    the run was stopped. Times are in seconds; `memory` is the most that the process held, in bytes.
    """

    made: str
    version: str
    encoder: str
    articles: str
    files: int
    questions: str
    questions_sha256: str
    total: int
    seconds: float
    memory: int | None
    outcomes: tuple[Outcome, ...]
    format: Literal[1] = FORMAT

    @property
    def partial(self) -> bool:
        """Whether it was stopped before the last question."""
        return len(self.outcomes) < self.total

    @property
    def asking(self) -> float:
        """The seconds that answering took; what is left of `seconds` is the evaluation's own work."""
        return sum(outcome.seconds for outcome in self.outcomes)


def load(path: str | Path) -> Run:
    """A run that was saved. Raises `KutipError` when the file holds none."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Run).validate_json(Path(path).read_bytes())
    except OSError as error:
        raise KutipError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise KutipError(
            f"{path}: is no run that this version reads, as kutip eval --json writes it: "
            f"{place}: {first['msg']}"
        ) from error
