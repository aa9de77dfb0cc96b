"""A conversation: questions with their answers, and what the reader thought of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.records import Answer


@dataclass(frozen=True, slots=True)
class Vote:
    """Whether an answer was any good, and why, in the reader's words."""

    good: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was typed, its answer, what may be asked next, and the reader's vote."""

    question: str
    answer: Answer
    suggestions: tuple[str, ...] = ()
    vote: Vote | None = None


def history(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    """What was said before, as the assistant takes it."""
    return [(turn.question, turn.answer.text) for turn in turns]
