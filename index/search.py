"""Question to evidence: the sentences nearest in meaning, widened by those that share its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.records import Evidence, Sentence
from index.store import Key, Record, Store
from index.twins import fold
from index.words import Words

Floats = NDArray[np.float32]

DENSE = 40  # candidates by meaning
LEXICAL = 20  # candidates by words
AROUND = 2  # sentences on either side of a candidate


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored sentence with the scores that brought it here."""

    record: Record
    cosine: float
    bm25: float


def search(
    question: str, store: Store, words: Words, encoder: Encoder, count: int
) -> list[Evidence]:
    """Up to `count` pieces of evidence for the question, best first.

    Candidates come from both lists and are ordered by cosine alone: every weight of BM25 that was tried
    in the order lowered it. Sentences that say the same are one piece of evidence with twins.
    """
    candidates = _candidates(question, encoder.query(question), store, words)
    groups = fold(candidates)[:count]
    around = _Surroundings(store, [c.record.key for group in groups for c in group])
    return [_evidence(group, around) for group in groups]


def _candidates(question: str, vector: Floats, store: Store, words: Words) -> list[Candidate]:
    cosine = {record.key: (record, score) for record, score in store.nearest(vector, DENSE)}
    bm25 = dict(words.best(question, LEXICAL))
    missing = store.get(key for key in bm25 if key not in cosine)
    cosine |= {key: (record, float(record.vector @ vector)) for key, record in missing.items()}
    found = [Candidate(r, score, bm25.get(key, 0.0)) for key, (r, score) in cosine.items()]
    return sorted(found, key=lambda c: (-c.cosine, str(c.record.key)))


class _Surroundings:
    """The sentences around some records, fetched in one request."""

    def __init__(self, store: Store, keys: Sequence[Key]) -> None:
        self._store = store
        near = (self._near(key, step) for key in keys for step in range(-AROUND, AROUND + 1))
        self._records = store.get(key for key in near if key.place >= 0)

    def of(self, key: Key, steps: range) -> tuple[Sentence, ...]:
        near = (self._records.get(self._near(key, step)) for step in steps)
        return tuple(record.sentence for record in near if record is not None)

    def _near(self, key: Key, step: int) -> Key:
        return replace(key, place=key.place + step)

    def evidence(self, candidate: Candidate, twins: tuple[Evidence, ...] = ()) -> Evidence:
        key = candidate.record.key
        filed = self._store.catalogue[key.file]
        return Evidence(
            sentence=candidate.record.sentence,
            before=self.of(key, range(-AROUND, 0)),
            after=self.of(key, range(1, AROUND + 1)),
            title=filed.title,
            published=filed.published,
            sha256=key.sha256,
            cosine=candidate.cosine,
            bm25=candidate.bm25,
            twins=twins,
        )


def _evidence(group: Sequence[Candidate], around: _Surroundings) -> Evidence:
    first, *others = group
    return around.evidence(first, tuple(around.evidence(other) for other in others))
