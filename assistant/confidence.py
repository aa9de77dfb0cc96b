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
ORDER = {"mass": 0.427, "search": 1.0, "fit": -0.186, "echo": -0.368}
LEAST, MOST = -15.0, 15.0  # of a mass: beyond them a sentence is no less or more likely to answer

TRAITS = {
    "mass": 0.2006,
    "lead": 0.255,
    "search": 0.0713,
    "cosine": 3.2621,
    "english": 0.4088,
    "fit": -0.0521,
    "echo": -0.7619,
    "said": 1.0523,
}
BASE = -4.6343
# The mass that a passage must have to answer, where nothing else is known: there as many of idk-mrc's
# unanswerable validation questions are answered as of the others are refused.
MASS_ABOVE = -0.4


class Caution(StrEnum):
    """How sure an answer must be to be given."""

    CAUTIOUS = "cautious"
    BALANCED = "balanced"
    EAGER = "eager"

    @property
    def threshold(self) -> float:
        """The least confidence of an answer."""
        return _THRESHOLDS[self]


_THRESHOLDS = {Caution.CAUTIOUS: 0.476, Caution.BALANCED: 0.314, Caution.EAGER: 0.221}


def order(mass: float, search: float, fit: float = 0.0, echo: float = 0.0) -> float:
    """What findings are ordered by: what the reader and the search think of them, and the clues."""
    clues = (min(max(mass, LEAST), MOST), search, fit, echo)
    return sum(weight * clue for weight, clue in zip(ORDER.values(), clues, strict=True))


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
    Indonesian sentence), the clues of its first span, and the share of what is asked after that its
    article says.
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
        first.evidence.said,
    ]
