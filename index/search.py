"""Question to evidence: the sentences nearest in meaning, widened by those that share its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, normalised
from index.rank import Asked, score
from index.records import Evidence, Sentence
from index.scope import WHOLE, Scope
from index.store import Key, Record, Store, keys_of
from index.twins import fold
from index.words import Words

Floats = NDArray[np.float32]

DENSE = 40  # candidates by meaning
FEW = 500  # sentences that are compared one by one: that takes less time than an approximate search
WIDE = 400  # sentences looked through for those of a scope that holds many
NARROW = (
    200  # asked of Chroma for a scope: it looks closer than for 40 (recall .95, where that has .90)
)
LEXICAL = 20  # candidates by words
AROUND = 2  # sentences on either side of a candidate


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored sentence with the scores that brought it here.

    `near` is the best lexical score of the sentence and of those around it, `said` the share of what is asked
    after that its article says, `so_far` that it says up to the sentence.
    """

    record: Record
    cosine: float
    bm25: float
    near: float
    said: float
    so_far: float
    score: float


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for: a question, and what was asked before it if it points back to that."""

    question: str
    before: str = ""

    @property
    def whole(self) -> str:
        return f"{self.before} {self.question}".strip()


def search(
    query: Query, store: Store, words: Words, encoder: Encoder, count: int, scope: Scope = WHOLE
) -> list[Evidence]:
    """Up to `count` pieces of evidence for the question, best first, of the articles in `scope`.

    Candidates come by meaning and by words; `index.rank` orders them. Sentences that say the same are one
    piece of evidence with twins.
    """
    groups = fold(candidates(query, store, words, encoder, scope))[:count]
    around = _Surroundings(store, [c.record.key for group in groups for c in group])
    return [_evidence(group, around) for group in groups]


def candidates(
    query: Query, store: Store, words: Words, encoder: Encoder, scope: Scope = WHOLE
) -> list[Candidate]:
    """All sentences that are looked at for a question, best first."""
    files = None if scope.whole else scope.files(store.catalogue)
    if files is not None and not files:
        return []
    vector = _vector(query, encoder)
    found = {record.key: (record, cosine) for record, cosine in _nearest(store, vector, files)}
    scores = words.scores(query.whole)
    if files is not None:
        scores = scores.within(files)
    shared = dict(scores.best(LEXICAL))
    missing = store.get(key for key in shared if key not in found)
    found |= {key: (record, float(record.vector @ vector)) for key, record in missing.items()}
    asked = Asked.of(query.question, query.whole)
    rated = []
    for key, (record, cosine) in found.items():
        near, said, so_far = scores.near(key, AROUND), scores.said(key.file), scores.so_far(key)
        order = score(asked, record.sentence.text, cosine, near, said, so_far)
        rated.append(Candidate(record, cosine, shared.get(key, 0.0), near, said, so_far, order))
    return sorted(rated, key=lambda c: (-c.score, str(c.record.key)))


def _nearest(store: Store, vector: Floats, files: set[str] | None) -> list[tuple[Record, float]]:
    """The nearest sentences of these files, or of all.

    Chroma is slow to search among many of its files, and among few it misses some. So few are compared
    one by one; of many, those that are among the nearest of all are taken; and only where these are not
    enough, Chroma is told which files.
    """
    if files is None or len(files) == len(store.catalogue):
        return store.nearest(vector, DENSE)
    inside = sum(store.catalogue[file].sentences for file in files)
    every = sum(filed.sentences for filed in store.catalogue.values())
    if inside <= FEW:
        records = store.get(key for file in files for key in keys_of(store.catalogue[file]))
        pairs = [(record, float(record.vector @ vector)) for record in records.values()]
        return sorted(pairs, key=lambda pair: -pair[1])[:DENSE]
    if WIDE * inside >= 2 * DENSE * every:
        near = [pair for pair in store.nearest(vector, WIDE) if pair[0].key.file in files][:DENSE]
        if len(near) == DENSE:
            return near
    return store.nearest(vector, NARROW, files)[:DENSE]


def _vector(query: Query, encoder: Encoder) -> Floats:
    """A follow-up is searched by what it says and, as much, by what it says after the question before."""
    own = encoder.query(query.question)
    return normalised(own + encoder.query(query.whole)) if query.before else own


class _Surroundings:
    """The sentences around some records, fetched in one request."""

    def __init__(self, store: Store, keys: Sequence[Key]) -> None:
        self._store = store
        near = [self._near(key, step) for key in keys for step in range(-AROUND, AROUND + 1)]
        near += [replace(key, place=0) for key in keys]
        self._records = store.get(key for key in near if key.place >= 0)

    def of(self, key: Key, steps: range) -> tuple[Sentence, ...]:
        near = (self._records.get(self._near(key, step)) for step in steps)
        return tuple(record.sentence for record in near if record is not None)

    def _near(self, key: Key, step: int) -> Key:
        return replace(key, place=key.place + step)

    def evidence(self, candidate: Candidate, twins: tuple[Evidence, ...] = ()) -> Evidence:
        key = candidate.record.key
        filed = self._store.catalogue[key.file]
        opening = self._records.get(replace(key, place=0))
        return Evidence(
            sentence=candidate.record.sentence,
            before=self.of(key, range(-AROUND, 0)),
            after=self.of(key, range(1, AROUND + 1)),
            title=filed.title,
            published=filed.published,
            sha256=key.sha256,
            cosine=candidate.cosine,
            bm25=candidate.bm25,
            said=candidate.said,
            score=candidate.score,
            twins=twins,
            opening=opening.sentence if opening else None,
        )


def _evidence(group: Sequence[Candidate], around: _Surroundings) -> Evidence:
    first, *others = group
    return around.evidence(first, tuple(around.evidence(other) for other in others))
