"""A conversation: questions with their answers, and what the reader thought of these."""

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
    """A question as it was typed, its answer, and the reader's vote.

    `follows`: the question that it was understood to follow, empty for one of its own.
    """

    question: str
    answer: Answer
    follows: str = ""
    vote: Vote | None = None


def history(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    """What was said before, as the assistant takes it."""
    return [(turn.question, turn.answer.text) for turn in turns]
