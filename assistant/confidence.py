"""How sure an answer is, and whether to refuse.

The order of findings and the confidence in the first one join what the reader and the search think. Both
were fitted on validation questions that neither was trained on (training/confidence.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

from assistant.language import Language
from assistant.records import Finding

# What a reader's mass, a search's score, and the clues of the first span weigh in the order.
ORDER = {"mass": 1.002, "search": 1.0, "fit": 0.549, "echo": -0.686}
LEAST, MOST = -15.0, 5.0  # of a mass: beyond them a sentence is no less or more likely to answer
# What a span's clues weigh against its score, among those of one sentence.
SPAN = {"fit": 0.0, "echo": -5.0}

TRAITS = {
    "mass": 0.3764,
    "lead": 0.1119,
    "search": 0.1662,
    "cosine": 1.1141,
    "english": 0.2663,
    "fit": -0.1993,
    "echo": -0.2294,
}
BASE = -3.0222
# The mass that a passage must have to answer, where nothing else is known: there the mean F1 of the four
# sources of validation questions is best.
MASS_ABOVE = -0.8


class Caution(StrEnum):
    """How sure an answer must be to be given."""

    CAUTIOUS = "cautious"
    BALANCED = "balanced"
    EAGER = "eager"

    @property
    def threshold(self) -> float:
        """The least confidence of an answer."""
        return _THRESHOLDS[self]


_THRESHOLDS = {Caution.CAUTIOUS: 0.439, Caution.BALANCED: 0.231, Caution.EAGER: 0.161}


def order(mass: float, search: float, fit: float = 0.0, echo: float = 0.0) -> float:
    """What findings are ordered by: what the reader and the search think of them, and the clues."""
    clues = (min(max(mass, LEAST), MOST), search, fit, echo)
    return sum(weight * clue for weight, clue in zip(ORDER.values(), clues, strict=True))


def span_order(score: float, fit: float, echo: float) -> float:
    """What the spans of one sentence are ordered by."""
    return score + SPAN["fit"] * fit + SPAN["echo"] * echo


def judge(findings: Sequence[Finding], language: Language) -> float:
    """The probability (0 to 1) that the first finding, of those in order, holds the answer."""
    if not findings:
        return 0.0
    found = traits(findings, language)
    odds = BASE + sum(w * value for w, value in zip(TRAITS.values(), found, strict=True))
    return 1 / (1 + math.exp(-odds))


def traits(findings: Sequence[Finding], language: Language) -> list[float]:
    """What the confidence rests on, in the order of `TRAITS`.

    The first finding's mass, its lead over the second in the order, its search score's lead over
    the mean of the others', its cosine, whether the question is English (such a one is farther from any
    Indonesian sentence), and the clues of its first span.
    """
    first, *others = findings
    lead = first.score - others[0].score if others else 0.0
    mean = sum(f.evidence.score for f in others) / len(others) if others else first.evidence.score
    return [
        min(max(first.mass, LEAST), MOST),
        lead,
        first.evidence.score - mean,
        first.evidence.cosine,
        float(language == "en"),
        first.fit,
        first.echo,
    ]
