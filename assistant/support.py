"""Whether a sentence of an answer is supported by the article sentences that it cites.

A language model writes the sentence, so it may say more than its sources, or other than them. Figures, dates
and names are compared; the rest is judged by the encoder: each word of the claim is read in its context and
looked for among the words of the sources (as BERTScore does: Zhang et al., ICLR 2020), in either language.
What speaks for and against is joined by a logistic regression (training/support.py). A figure, date or name
that no source has decides alone: of the 80 pairs with one that the weights were fitted on, none is supported.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.language import Language, detect
from assistant.opposed import negated, opposite, swapped
from assistant.stated import missing
from index.encoder import Encoder, Floats
from index.words import stems

THRESHOLD = 0.53  # the least score of a supported claim

# Fitted by training/support.py, for each language.
WEIGHTS: dict[Language, dict[str, float]] = {
    "id": {
        "cosine": 5.875,
        "words": 11.97,
        "weakest": 0.926,
        "covered": 0.758,
        "negation": -2.915,
        "opposite": -3.71,
        "swapped": -2.504,
    },
    "en": {
        "cosine": 11.482,
        "words": 0.037,
        "weakest": 6.337,
        "covered": 0.0,
        "negation": -1.25,
        "opposite": -3.442,
        "swapped": -2.28,
    },
}
BASE: dict[Language, float] = {"id": -13.171, "en": -9.226}

_WEAK = 0.2  # the share of a claim's words that are its weakest
_SCOPE = 3  # words behind a negation that it may be about
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Support:
    """How far a claim stands on its sources.

    `score`: the probability (0 to 1) that it is supported. `missing`: figures, dates and names of the claim,
    as it writes them, that stand in none of them.
    """

    supported: bool
    score: float
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """The words of a text that carry meaning, with their places and, in context, their vectors."""

    places: tuple[int, ...]
    rows: Floats
    negated: frozenset[int]  # of the words, those that a negation may be about


class Judge:
    """Judges claims; may be called from several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def judge(self, claim: str, sources: Sequence[str], known: str = "") -> Support:
        """Whether `sources`, Indonesian sentences, support a claim in Indonesian or English.

        The claim comes without its markers. `known` is text whose words need no source: the question. The
        title and the date of an article may stand among the sources. A claim without a word says nothing
        and is supported; one without a source is not.
        """
        sources = [source for source in sources if source.strip()]
        if not re.search(r"\w", claim):
            return Support(True, 1.0, ())
        language = detect(claim)
        lacking = missing(claim, sources, known, language)
        if lacking or not sources:
            return Support(False, 0.0, lacking)
        found = self.traits(claim, sources, language)
        weights = WEIGHTS[language].values()
        odds = BASE[language] + sum(w * value for w, value in zip(weights, found, strict=True))
        score = 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))
        return Support(score >= THRESHOLD, score, ())

    def traits(self, claim: str, sources: Sequence[str], language: Language) -> list[float]:
        """What the judgement rests on, in the order of `WEIGHTS`.

        The best cosine of the claim with a source, or with all of them as one; the mean, over the claim's
        words, of each one's best cosine with a source's word, and that of the weakest fifth of them; the
        share of an Indonesian claim's stems that the sources have; how near a word that one side negates is
        to one that the other does not; whether an opposite, or the order of names, speaks against the claim.
        Lengths are left out: they would tell how the pairs were written.
        """
        joined = " ".join(sources)
        wholes = dict.fromkeys([claim, *sources, joined])
        parts = [text.split() for text in (claim, joined)]
        rows = self._encoder.passages([*([text] for text in wholes), *parts])
        mean = {text: row[0] for text, row in zip(wholes, rows, strict=False)}
        cosines = [float(mean[claim] @ mean[source]) for source in (*sources, joined)]
        one, other = _read(claim, rows[-2]), _read(joined, rows[-1])
        like = one.rows @ other.rows.T
        if not like.size:  # neither side need have a word that carries meaning
            like = np.zeros((1, 1), np.float32)
        best = np.sort(like.max(axis=1))
        mine, theirs = set(stems(claim)), set(stems(joined))
        turned, exchanged = opposite(claim, sources), swapped(claim, sources)
        return [
            max(cosines),
            float(best.mean()),
            float(best[: max(1, round(_WEAK * len(best)))].mean()),
            len(mine & theirs) / max(1, len(mine)) if language == "id" else 0.0,
            _negation(one, other, like),
            float(turned and not exchanged),
            float(exchanged and not turned),
        ]


def _read(text: str, rows: Floats) -> _Read:
    """What a text says word by word, of the vectors of all of its words."""
    words = list(_WORD.finditer(text))
    kept = [i for i, word in enumerate(words) if stems(word[0])]
    places = tuple(words[i].start() for i in kept)
    behind = ([i for i, place in enumerate(places) if place >= end] for end in negated(text))
    return _Read(places, rows[kept], frozenset(i for scope in behind for i in scope[:_SCOPE]))


def _negation(claim: _Read, source: _Read, like: Floats) -> float:
    """How near (0 to 1) a word that one side negates is to a word that the other does not."""
    if not claim.places or not source.places or bool(claim.negated) == bool(source.negated):
        return 0.0
    sides = [(claim.negated, like)] if claim.negated else [(source.negated, like.T)]
    return max(float(rows[i].max()) for among, rows in sides for i in among)
