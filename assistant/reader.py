"""Question and evidence to the words that answer it, or to nothing.

The candidate sentences are read in their surroundings, those of one article that touch as one passage. What
comes back is a ranking of spans, each within one sentence, whose scores say how much likelier the span is
than "nothing here": they compare across passages and articles, and above 0 an answer is likelier than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.reader_model import FILES, ReaderModel, ensure, folder
from assistant.records import Marked, Span
from assistant.trace import Trace
from index import vocabulary
from index.building import Say, apart
from index.marks import is_minus
from index.records import Evidence, Sentence

Floats = NDArray[np.float32]

LONGEST_PASSAGE = 224  # tokens, as in training
LONGEST_OPENING = 40  # tokens, as in training
LONGEST_SPAN = 40  # tokens
MOST_SPANS = 4  # of a sentence
NOTHING = -30.0  # the mass of a sentence without words
AROUND = 1  # sentences read on either side of a candidate


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring sentences of one article, and that article's first sentence where they lack it.

    The opening tells what the rest is about; nothing is marked in it.
    """

    sentences: tuple[Sentence, ...]
    opening: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch, or a part of one, in tokens: those of its opening, and of each of its sentences."""

    opening: tuple[int, ...]
    sentences: tuple[Sentence, ...]
    ids: tuple[tuple[int, ...], ...]
    places: tuple[tuple[tuple[int, int], ...], ...]  # of each token, in its sentence's text


class Reader:
    """Finds answers in evidence. May be asked from several threads."""

    def __init__(self, model: ReaderModel) -> None:
        self._model = model

    @classmethod
    def load(cls, cache: Path, say: Say = lambda _: None) -> Reader:
        """The bundled reader, built in the `cache` folder first if need be; `say` is told of that."""
        words = vocabulary.load(cache, say)
        return cls(ReaderModel(apart(ensure, folder(cache), FILES, cache, say), words))

    def read(
        self, question: str, evidence: Sequence[Evidence], trace: Trace | None = None
    ) -> list[Marked]:
        """What is marked in the sentence of each piece of evidence."""
        found = self.mark(question, stretches(evidence), trace)
        return [found[item.sentence] for item in evidence]

    def mark(
        self, question: str, stretches: Sequence[Stretch], trace: Trace | None = None
    ) -> dict[Sentence, Marked]:
        """What is marked in each sentence of some stretches; at most `MOST_SPANS` spans in one."""
        passages = [part for stretch in stretches for part in self._passages(stretch)]
        inputs = [[*p.opening, *(token for ids in p.ids for token in ids)] for p in passages]
        if trace:
            trace.tokens += sum(map(len, inputs))
        nothing = Marked((), NOTHING)
        found = {sentence: nothing for stretch in stretches for sentence in stretch.sentences}
        for i, marks in self._model.mark(question, inputs):
            found |= _marked(passages[i], marks[len(passages[i].opening) :])
        return found

    def _passages(self, stretch: Stretch) -> Iterator[Passage]:
        """Cut a stretch into passages that are not too long; a sentence too long is cut off."""
        opening: list[int] = []
        if stretch.opening:
            opening = self._model.tokenizer.pieces(stretch.opening.text)[0][:LONGEST_OPENING]
        kept: list[tuple[Sentence, list[int], list[tuple[int, int]]]] = []
        length = 0
        for sentence in stretch.sentences:
            ids, places = self._model.tokenizer.pieces(sentence.text)
            if kept and length + len(ids) > LONGEST_PASSAGE:
                yield _passage(opening, kept)
                kept, length = [], 0
            kept.append((sentence, ids[:LONGEST_PASSAGE], places[:LONGEST_PASSAGE]))
            length += len(ids)
        if kept:
            yield _passage(opening, kept)


def stretches(evidence: Sequence[Evidence], around: int = AROUND) -> list[Stretch]:
    """What to read: each candidate with its neighbours, those of one article that touch joined."""
    runs: dict[Sentence, list[Sentence]] = {}  # of each sentence, the run that it is in
    openings: dict[str, Sentence | None] = {}
    for item in evidence:
        near = [*item.before[len(item.before) - around :], item.sentence, *item.after[:around]]
        joined = {s.number: s for s in near}
        for run in [runs[s] for s in near if s in runs]:
            joined |= {s.number: s for s in run}
        whole = [joined[number] for number in sorted(joined)]
        runs |= dict.fromkeys(whole, whole)
        openings[item.sentence.file] = item.opening
    found = []
    for run in {id(run): run for run in runs.values()}.values():
        opening = openings[run[0].file]
        found.append(Stretch(tuple(run), opening if opening not in run else None))
    return found


def _passage(
    opening: Sequence[int], kept: Sequence[tuple[Sentence, list[int], list[tuple[int, int]]]]
) -> Passage:
    return Passage(
        tuple(opening),
        tuple(sentence for sentence, _, _ in kept),
        tuple(tuple(ids) for _, ids, _ in kept),
        tuple(tuple(places) for _, _, places in kept),
    )


def _marked(passage: Passage, marks: Floats) -> Iterator[tuple[Sentence, Marked]]:
    first = 0
    for sentence, places in zip(passage.sentences, passage.places, strict=True):
        own = marks[first : first + len(places)]
        first += len(places)
        if not len(own):
            continue
        pairs = scored(own)
        ends = [
            (*trimmed(sentence.text, places[low][0], places[high][1]), score)
            for low, high, score in best(pairs, MOST_SPANS)
        ]
        base = sentence.start
        spans = [Span(sentence, base + a, base + b, score) for a, b, score in ends if a < b]
        yield sentence, Marked(tuple(spans), float(np.logaddexp.reduce(pairs, axis=None)))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A part of a text without the white space and punctuation around it.

    A bracket or quotation mark stays where its partner stands within.
    """
    while start < end and (text[start].isspace() or text[start] in _OUTER):
        if (partner := _PARTNERS.get(text[start])) and partner in text[start + 1 : end]:
            break
        if is_minus(text, start):
            break
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _OUTER):
        if any(text[end - 1] == b and a in text[start : end - 1] for a, b in _PARTNERS.items()):
            break
        end -= 1
    return start, end


_PARTNERS = {"(": ")", "[": "]", "“": "”", "‘": "’", '"': '"', "«": "»"}
_OUTER = frozenset([*_PARTNERS, *_PARTNERS.values(), *".,;:!?…'-–—/"])


def scored(marks: Floats) -> Floats:
    """The score of each span, (first token, last token); -inf for what is none. `marks`: (tokens, 2)."""
    pairs = marks[:, None, 0] + marks[None, :, 1]
    rows, columns = np.indices(pairs.shape)
    pairs[(columns < rows) | (columns - rows >= LONGEST_SPAN)] = -np.inf
    return pairs


def best(pairs: Floats, most: int) -> Iterator[tuple[int, int, float]]:
    """The first and last token and the score of up to `most` spans that lie apart, the best first."""
    pairs = pairs.copy()
    rows, columns = np.indices(pairs.shape)
    for _ in range(most):
        start, end = divmod(int(pairs.argmax()), len(pairs))
        if np.isneginf(pairs[start, end]):
            return
        yield start, end, float(pairs[start, end])
        pairs[(rows <= end) & (columns >= start)] = -np.inf
