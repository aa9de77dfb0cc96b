"""How sure an answer is, and whether to refuse.

The order of findings and the confidence in the first one join what the reader and the search think. Both
were fitted on validation questions that neither was trained on (training/confidence.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

from assistant.agree import same
from assistant.language import Language
from assistant.records import Finding

# What a reader's mass, a search's score, and the clues of the first span weigh in the order.
ORDER = {"mass": 0.502, "search": 1.0, "fit": 0.319, "echo": -0.254}
LEAST, MOST = -15.0, 15.0  # of a mass: beyond them a sentence is no less or more likely to answer

TRAITS = {
    "mass": 0.2242,
    "lead": 0.1404,
    "search": 0.0327,
    "cosine": 4.2099,
    "english": 0.3761,
    "fit": 0.0015,
    "echo": -0.905,
    "said": 1.5609,
}
BASE = -4.8548
# The mass that a passage must have to answer, where nothing else is known: there as many of idk-mrc's
# unanswerable validation questions are answered as of the others are refused.
MASS_ABOVE = 0.6


class Caution(StrEnum):
    """How sure an answer must be to be given."""

    CAUTIOUS = "cautious"
    BALANCED = "balanced"
    EAGER = "eager"

    @property
    def threshold(self) -> float:
        """The least confidence of an answer."""
        return _THRESHOLDS[self]


_THRESHOLDS = {Caution.CAUTIOUS: 0.475, Caution.BALANCED: 0.320, Caution.EAGER: 0.225}


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

    The first finding's mass; its lead over the next that says something else (another article that tells
    the same does not make it less sure); its search score's lead over the mean of the others'; its cosine;
    whether the question is English (such a one is farther from any Indonesian sentence); the clues of its
    first span; and the share of what is asked after that its article says.
    """
    first, *others = findings
    rivals = [f for f in others if not _agree(first, f)] or others[-1:]
    lead = first.score - rivals[0].score if rivals else 0.0
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


def _agree(one: Finding, other: Finding) -> bool:
    return bool(one.spans and other.spans) and same(one.spans[0], other.spans[0])
