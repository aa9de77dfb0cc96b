"""Search by words: BM25 over stems, kept in a folder beside the vectors.

BM25 (Robertson and Zaragoza, 2009) through `bm25s`. It finds what the encoder knows little of, such
as rare names. English words are searched by what they mean in Indonesian, too. Whatever is here can be
made anew from the store.

The likelier article is the one that says the rest of what is asked after, too, wherever it does; and the
likelier sentence one by which it has done so.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Container, Iterable, Mapping, Sequence
from copy import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.errors import KutipError
from index.lexicon import meanings
from index.store import Filed, Key

if TYPE_CHECKING:
    from bm25s import BM25

FOLDER = "words"
KEYS = "keys.json"
VERSION = "2"  # raise when stems, stop words or what is kept change
_WORD = re.compile(r"\w+(?:[.,]\d+)*")


class Words:
    """The word index of one state of the store; opened by `Words.load` or made by `Words.build`."""

    def __init__(self, scorer: BM25 | None, rows: Rows, state: str) -> None:
        self._scorer, self._rows, self.state = scorer, rows, state

    @staticmethod
    def build(
        folder: Path, catalogue: Mapping[str, Filed], texts: Iterable[tuple[Key, str]]
    ) -> Words:
        """Index `texts`, keep it in `folder` (written beside and renamed), and return it."""
        articles: list[tuple[str, str, int]] = []
        tokens: list[list[str]] = []
        for key, text in texts:
            if not articles or articles[-1][0] != key.file:
                articles.append((key.file, key.sha256, 0))
            _, _, held = articles[-1]
            tokens += [[]] * (key.place - held)  # sentences that the store has lost
            tokens.append(stems(text))
            articles[-1] = (key.file, key.sha256, key.place + 1)
        words = Words(_scorer(tokens), Rows(articles), state(catalogue))
        words._save(folder)
        return words

    @staticmethod
    def load(folder: Path, catalogue: Mapping[str, Filed]) -> Words | None:
        """The index kept in `folder` if it is whole and of this state of the store, else None."""
        place = folder / FOLDER
        try:
            kept = json.loads((place / KEYS).read_text(encoding="utf-8"))
            if kept["state"] != state(catalogue) or kept["files"] != _digests(place):
                return None
            scorer = _load(place) if kept["files"] else None
            return Words(scorer, Rows(kept["articles"]), kept["state"])
        except Exception:  # whatever is wrong with it, it can be made anew
            return None

    def best(self, question: str, count: int) -> list[tuple[Key, float]]:
        """Up to `count` sentences that share stems with the question, with scores, best first."""
        return self.scores(question).best(count)

    def scores(self, question: str) -> Scores:
        """The score of every sentence for a question, and where every article says what it asks after."""
        terms = _terms(question)
        rows = self._rows
        scores = np.zeros(len(rows), np.float32)
        firsts = np.full((len(terms), len(rows.articles)), len(rows))
        if self._scorer is not None and terms:
            scores = self._scorer.get_scores(sorted(set().union(*terms)))
            for place, term in enumerate(terms):
                hits = np.flatnonzero(self._scorer.get_scores(sorted(term)))
                np.minimum.at(firsts[place], rows.article[hits], hits)
        return Scores(scores, firsts, np.array([*terms.values()]), rows)

    def _save(self, folder: Path) -> None:
        partial, final = folder / f"{FOLDER}.partial", folder / FOLDER
        try:
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            if self._scorer is not None:
                self._scorer.save(partial, show_progress=False)
            kept = {
                "state": self.state,
                "files": _digests(partial),
                "articles": self._rows.articles,
            }
            (partial / KEYS).write_text(json.dumps(kept), encoding="utf-8")
            shutil.rmtree(final, ignore_errors=True)
            os.rename(partial, final)
        except OSError as error:
            raise KutipError(
                f"the word index in {final} cannot be written: {error}. Free some disk, or choose "
                "another folder (KUTIP_INDEX or --index)."
            ) from error


class Rows:
    """Which sentence each row of the word index is: those of an article stand together, in their order."""

    def __init__(self, articles: Sequence[tuple[str, str, int]]) -> None:
        """`articles`: for each one its file, sha256, and how many sentences it has."""
        counts = [count for _, _, count in articles]
        self.articles = articles
        self.article = np.repeat(np.arange(len(counts)), counts)  # of each row
        self._starts = np.cumsum([0, *counts])
        self._place = {file: i for i, (file, _, _) in enumerate(articles)}

    def __len__(self) -> int:
        return int(self._starts[-1])

    def key(self, row: int) -> Key:
        """The sentence of a row."""
        file, sha256, _ = self.articles[article := int(self.article[row])]
        return Key(file, sha256, row - int(self._starts[article]))

    def of(self, file: str) -> tuple[int, range] | None:
        """An article's place among the others, and its rows; None where it has none."""
        place = self._place.get(file)
        if place is None:
            return None
        return place, range(int(self._starts[place]), int(self._starts[place + 1]))


class Scores:
    """How well the words of each sentence, and of each article, meet those of one question."""

    def __init__(
        self,
        scores: NDArray[np.float32],
        firsts: NDArray[np.int64],
        counts: NDArray[np.float64],
        rows: Rows,
    ) -> None:
        """`scores`: of sentences, 0 or more. `firsts`: terms by articles, the row of the first sentence that
        has the term, `len(rows)` where none has. `counts`: of terms.
        """
        self._scores, self._firsts, self._rows = scores, firsts, rows
        have = (firsts < len(rows)).sum(1)
        self._weights = counts * np.log((len(rows.articles) + 1) / (have + 0.5))

    def within(self, files: Container[str]) -> Scores:
        """The same for the sentences of `files`, and 0 for all others."""
        inside = np.array([file in files for file, _, _ in self._rows.articles], bool)
        within = copy(self)
        within._scores = np.where(inside[self._rows.article], self._scores, np.float32(0))
        return within

    def best(self, count: int) -> list[tuple[Key, float]]:
        """Up to `count` sentences with a score above 0, best first."""
        hits = np.flatnonzero(self._scores > 0)
        top = hits[np.argsort(-self._scores[hits], kind="stable")[:count]]
        return [(self._rows.key(row), float(self._scores[row])) for row in map(int, top)]

    def said(self, file: str) -> float:
        """The share (0 to 1) of what is asked after that an article says.

        Of a question's terms the rarer ones and names count for more.
        """
        return self._share(file, len(self._rows))

    def so_far(self, key: Key) -> float:
        """The same of what the article says up to a sentence, itself included."""
        return self._share(key.file, key.place + 1)

    def _share(self, file: str, count: int) -> float:
        """The weight of the terms that an article says in its first `count` sentences."""
        found = self._rows.of(file)
        if found is None:
            return 0.0
        if not len(self._weights):
            return 1.0
        article, rows = found
        said = self._firsts[:, article] < min(rows.start + count, rows.stop)
        return float(self._weights[said].sum() / self._weights.sum())

    def near(self, key: Key, reach: int) -> float:
        """The best score of a sentence and of those up to `reach` places from it in its file."""
        found = self._rows.of(key.file)
        if found is None:
            return 0.0
        own = found[1][max(key.place - reach, 0) : key.place + reach + 1]
        return max((float(self._scores[row]) for row in own), default=0.0)


def _digests(place: Path) -> dict[str, str]:
    """A checksum of each file, so that a broken one is made anew and never searched."""
    files = sorted(file for file in place.iterdir() if file.name != KEYS)
    return {file.name: hashlib.blake2b(file.read_bytes()).hexdigest() for file in files}


def _load(place: Path) -> BM25:
    from bm25s import BM25

    return BM25.load(place, load_corpus=False)


def state(catalogue: Mapping[str, Filed]) -> str:
    """A fingerprint of what the store holds and of how words are counted."""
    lines = sorted(f"{f.file}\0{f.sha256}\0{f.sentences}" for f in catalogue.values())
    return hashlib.sha256("\n".join([VERSION, *lines]).encode()).hexdigest()


def stems(text: str) -> list[str]:
    """The words of `text` that carry meaning, in lower case, by their Indonesian stem (Snowball).

    Function and question words of both languages are left out; names and English words pass through
    the same stemmer on both sides, so they still meet.
    """
    return [_stem(word) for word in plain(text)]


NAMES_COUNT = 2.0  # beside other words; 1.5 and 3 order as well (training/README.md)


def _terms(question: str) -> dict[frozenset[str], float]:
    """The stems that each word of a question may have in an article, and how much the word counts.

    Names and figures are known by their first letter; the first word has its capital for standing there.
    """
    terms: dict[frozenset[str], float] = {}
    for place, word in enumerate(_WORD.findall(question)):
        if own := frozenset([*stems(word), *meanings(plain(word))]):
            named = place > 0 and (word[0].isupper() or word[0].isdigit())
            terms.setdefault(own, NAMES_COUNT if named else 1.0)
    return terms


def plain(text: str) -> list[str]:
    """The words of `text` that carry meaning, in lower case, as they are written."""
    return [word for word in _WORD.findall(text.lower()) if word not in _stopwords()]


@cache
def _stopwords() -> frozenset[str]:
    text = (Path(__file__).parent / "stopwords.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0] for line in text.splitlines())
    return frozenset(word for line in lines for word in line.split())


_stems: dict[str, str] = {}


def _stem(word: str) -> str:
    """Stems are remembered: news repeats its words, and the stemmer costs more than a look-up."""
    known = _stems.get(word)
    if known is None:
        if len(_stems) > 200_000:
            _stems.clear()
        known = _stems[word] = str(_stemmer().stemWord(word))
    return known


@cache
def _stemmer() -> Any:
    from Stemmer import Stemmer

    return Stemmer("indonesian")


def _scorer(tokens: list[list[str]]) -> BM25 | None:
    """BM25 over tokenized sentences; None when there is not one word."""
    if not any(tokens):
        return None
    from bm25s import BM25

    scorer = BM25()
    scorer.index(tokens, show_progress=False)
    return scorer
