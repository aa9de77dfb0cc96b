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

READER, SEARCH = 1.7, 1.0  # what a reader's mass and a search's score weigh in the order
LEAST = -15.0  # of a mass: below it a sentence is no less likely to answer

TRAITS = {"mass": 0.2854, "lead": 0.0434, "search": 0.1394, "cosine": 3.4255, "english": 0.6646}
BASE = -4.1518
# The mass that a passage must have to answer, where nothing else is known.
MASS_ABOVE = 3.0


class Caution(StrEnum):
    """How sure an answer must be to be given."""

    CAUTIOUS = "cautious"
    BALANCED = "balanced"
    EAGER = "eager"

    @property
    def threshold(self) -> float:
        """The least confidence of an answer."""
        return _THRESHOLDS[self]


_THRESHOLDS = {Caution.CAUTIOUS: 0.257, Caution.BALANCED: 0.155, Caution.EAGER: 0.087}


def order(mass: float, search: float) -> float:
    """What findings are ordered by: what the reader and the search think of them."""
    return READER * max(mass, LEAST) + SEARCH * search


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
    the mean of the others', its cosine, and whether the question is English: such a one is farther from
    any Indonesian sentence.
    """
    first, *others = findings
    lead = first.score - others[0].score if others else 0.0
    mean = sum(f.evidence.score for f in others) / len(others) if others else first.evidence.score
    return [
        max(first.mass, LEAST),
        lead,
        first.evidence.score - mean,
        first.evidence.cosine,
        float(language == "en"),
    ]
