"""How sure an answer is, and whether to refuse.

A logistic regression on what search knows, fitted on training questions and measured on validation ones
(training/ranking.py). It cannot tell a sentence that is about the question from one that answers it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.language import Language
from index.records import Evidence

TRAITS = {"score": -0.0349, "lead": 0.1725, "field": 0.2243, "cosine": 10.2924, "english": 0.8437}
BASE = -8.5496
# Refuses 10 % of the validation questions that have an answer, and 47 % of those that have none.
REFUSE_BELOW = 0.095


@dataclass(frozen=True, slots=True)
class Judgement:
    """The probability (0 to 1) that the best evidence answers the question; whether that is enough."""

    confidence: float
    answerable: bool


def judge(evidence: Sequence[Evidence], language: Language) -> Judgement:
    """Judge the evidence, best first, for a question in `language`."""
    if not evidence:
        return Judgement(0.0, False)
    found = traits([item.score for item in evidence], evidence[0].cosine, language)
    odds = BASE + sum(w * value for w, value in zip(TRAITS.values(), found, strict=True))
    confidence = 1 / (1 + math.exp(-odds))
    return Judgement(confidence, confidence >= REFUSE_BELOW)


def traits(scores: Sequence[float], cosine: float, language: Language) -> list[float]:
    """What the confidence rests on, in the order of `TRAITS`.

    The best score, its lead over the second, its lead over the mean of the next seven, the best one's
    cosine, and whether the question is English: such a one is farther from any Indonesian sentence.
    `scores` are in falling order.
    """
    best, *others = scores[:8]
    second = others[0] if others else best
    mean = sum(others) / len(others) if others else best
    return [best, best - second, best - mean, cosine, float(language == "en")]
