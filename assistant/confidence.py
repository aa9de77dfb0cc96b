"""How sure an answer is, and whether to refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.understand import Understood
from index.records import Evidence


@dataclass(frozen=True, slots=True)
class Judgement:
    """The probability (0 to 1) that the evidence answers the question, and whether that is enough."""

    confidence: float
    answerable: bool


def judge(asked: Understood, evidence: Sequence[Evidence]) -> Judgement:
    """Judge the evidence, best first, for a question."""
    if not evidence:
        return Judgement(0.0, False)
    return Judgement(max(0.0, min(1.0, evidence[0].cosine)), True)
