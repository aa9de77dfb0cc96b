"""What the reader learns from: questions with the passages that they are shown with, in tokens."""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from written import SOURCE
from written import rows as written

from index.sentences import split

LONGEST_QUESTION, LONGEST_PASSAGE = 48, 224  # tokens
LONGEST_OPENING = 40  # tokens
# What is shown of a long passage is cut as Kutip cuts it: between sentences, behind the passage's first one.
MERGED = 0.5  # how often it is as long as where several candidates are near one another
FROM_START = 0.4  # of these, how often the passage is shown from its start
MOST_BEFORE, MOST_AFTER = 6, 8  # sentences around the one that is asked for, in these
# How often a source's questions are seen in an epoch. The reader grew worse at facqa and tydiqa-en when most
# of what it saw were questions written on news: so they are seen more often. English passages teach what an
# answer is, but Kutip reads none.
SHARES = {
    "idk-mrc": 1.0,
    "facqa": 3.0,
    "squad-id": 0.2,
    "squad-en-on-id": 1.2,
    "squad-en-aligned": 0.3,
    "squad2-en": 0.15,
    "tydiqa-en": 2.0,
}
WRITTEN = (0.3, 0.4, 0.5, 1.0)  # the same for those written on news, by the part that they are of
# Of these sources, seen again and again, the questions that are known by heart are seen more rarely: those
# whose loss was below `KNOWN` before (`reader.py` notes it). The others keep what was learned from them.
SCORED = ("idk-mrc", "facqa", "squad-en-on-id", "tydiqa-en")
KNOWN = 0.1
KNOWN_SHARE = 1 / 3
# How often a question with an answer comes beside one on the same passage that has none, if there is such a
# twin: both are shown the same passages. The twin comes alone so much more rarely that it is seen as often as
# others of its source.
TWINNED = 0.5
LIKELIEST = (
    0.6,
    0.25,
    0.15,
)  # how often each of these of an article is shown where it does not say
BESIDE = 200  # characters from such a sentence to an answer that stands beside it
# How often a passage comes with no other, with one, two and so on.
COMPANY = {
    SOURCE: (0.3, 0.3, 0.2, 0.1, 0.1),
    "answered": (0.45, 0.4, 0.15),
    "unanswered": (0.7, 0.3),
    "foreign": (0.8, 0.05, 0.15),  # English ones have no hard others
}


Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A passage in tokens: their ids and character spans, and the first token of each sentence."""

    ids: list[int]
    spans: list[tuple[int, int]]
    sentences: list[int]

    def window(self, low: int, high: int, gold: list[tuple[int, int]]) -> Window:
        """Its tokens from `low` to `high`, with the gold spans that lie within, behind its first sentence.

        That tells what a part of an article is about; where the part begins with it, it is not said twice.
        """
        end = self.sentences[1] if len(self.sentences) > 1 else len(self.ids)
        firsts = [first - low for first in self.sentences if low < first < high]
        return Window(
            self.ids[low:high],
            sorted({(a - low, b - low) for a, b in gold if low <= a and b < high}),
            [0, *firsts],
            self.ids[: min(end, LONGEST_OPENING)] if low > 0 else [],
        )

    def around(self, first: int, last: int, before: int, after: int) -> tuple[int, int]:
        """The tokens of the sentences from `first`'s to `last`'s and of some neighbours.

        Where these are too many for a passage, those of the part that `first` comes to stand in.
        """
        low = max(0, bisect_right(self.sentences, first) - 1 - before)
        high = min(len(self.sentences), bisect_right(self.sentences, last) + after)
        ends = [*self.sentences[1:], len(self.ids)]
        start, stop = self.sentences[low], ends[high - 1]
        for i in range(low, high):
            begin = self.sentences[i]
            if begin > start and ends[i] - start > LONGEST_PASSAGE:
                if first < begin:
                    stop = begin
                    break
                start = begin
        # A sentence that is too long is cut off, unless what is asked for stands behind that.
        end = min(stop, start + LONGEST_PASSAGE)
        return (start, end) if last < end else (max(start, last + 1 - LONGEST_PASSAGE), last + 1)


@dataclass(frozen=True, slots=True)
class Window:
    """A passage as it is shown: token ids, gold spans (last token included), each sentence's first token.

    The tokens of an opening come before it, and are no part of it: nothing is marked in them.
    """

    ids: list[int]
    gold: list[tuple[int, int]]
    firsts: list[int]
    opening: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A question's token ids with its passages. None of them holds a gold span: nothing is there.

    `twin` is another question, which these passages do not answer.
    """

    question: list[int]
    windows: list[Window]
    twin: list[int] | None = None


def load_rows(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def load_json(path: Path) -> Any:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


class Corpus:
    """Rows to examples; everything in tokens, made once."""

    def __init__(self, told: argparse.Namespace, base: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
        self.rows = load_rows(told.data / "reading-train.jsonl.gz")
        made = load_json(told.pairs)
        self.rows += made["rows"] + written(told.news, validation=False)
        self.others = load_rows(told.data / "reading-valid.jsonl.gz")
        self.others += written(told.news, validation=True)
        # Half of SQuAD's development set is in the training data in English, with the questions that are
        # asked of its translation in the validation data: those are not learned from.
        asked = {row["question"] for row in self.others if row["context_language"] == "id"}
        self.rows = [
            row
            for row in self.rows
            if row["context_language"] == "id" or row["question"] not in asked
        ]
        self._pool: list[str] = made["texts"]
        self._places: list[tuple[int, int, int]] = made["places"]  # text, start, end of a sentence
        self._near: dict[str, list[int]] = made["near"]  # question: places, the nearest first
        self._texts: dict[str, Text] = {}
        self._foreign: dict[str, list[str]] = {}
        for row in self.rows:
            if row["context_language"] == "en":
                self._foreign.setdefault(row["source"], []).append(row["context"])
        self.pair()

    def pair(self) -> None:
        """Find the twins of all rows, and note of each whose it is."""
        self._twins = twins(self.rows, self._nearest)
        for key, own in self._twins.items():
            for row in own:
                row["twin_of"] = key

    def epoch(self, dice: random.Random) -> list[Row]:
        """The rows of one epoch, each source as often as its share says, what is known more rarely."""
        shown: Counter[tuple[str, str]] = Counter()  # how often a question is, its twin beside it
        for row in self.rows:
            if row["answers"]:
                shown[_key(row)] += TWINNED * _share(row)
        chosen = []
        for row in self.rows:
            share = _share(row)
            if key := row.get("twin_of"):
                share = max(0.0, share - shown[key] / len(self._twins[key]))
            chosen += [row] * (int(share) + (dice.random() < share % 1))
        dice.shuffle(chosen)
        return chosen

    def example(self, row: Row) -> Example | None:
        """One way to show a row; None where its answer cannot be placed."""
        question = self._question(row)
        own, shown = self._own(row)
        others = self._negatives(row, shown)
        if row["answers"] and others and random.random() < 0.1:
            return Example(question, others[:2])
        if row["answers"] and not own.gold:
            return None
        shares = COMPANY[_company(row)]
        [count] = random.choices(range(len(shares)), shares)
        windows = [own, *others[:count]]
        found = self._twins.get(_key(row)) if own.gold else None
        if not found or random.random() >= TWINNED:
            return Example(question, windows)
        return Example(question, windows, self._question(random.choice(found)))

    def alone(self, rows: list[Row], count: int) -> list[Example]:
        """About `count` rows of the sources that `others` has, as many of each, with their own passages."""
        sources = sorted({row["source"] for row in self.others})
        examples = []
        for source in sources:
            own = [row for row in rows if row["source"] == source]
            drawn = random.sample(own, min(len(own), count // len(sources)))
            examples += [example for row in drawn if (example := self.lone(row))]
        return examples

    def lone(self, row: Row) -> Example | None:
        """A row with its own passage only; None where its answer cannot be placed."""
        window, _ = self._own(row)
        placed = window.gold or (window.ids and not row["answers"])
        return Example(self._question(row), [window]) if placed else None

    def _own(self, row: Row) -> tuple[Window, tuple[int, int]]:
        """The sentences of the row's own passage around the answer, and which tokens of it these are."""
        text = self._text(row["context"])
        gold = [span for a in row["answers"] if (span := _tokens(text, a))]
        if row["answers"] and not gold:
            return Window([], [], []), (0, 0)
        first, last = random.choice(gold or [self._likeliest(row, text)])
        if random.random() < MERGED:
            before = random.randint(1, MOST_BEFORE)
            if random.random() < FROM_START:
                before = len(text.sentences)
            after = random.randint(1, MOST_AFTER)
        else:
            before, after = random.choice((1, 1, 2)), random.choice((1, 1, 2))
        low, high = text.around(first, last, before, after)
        return text.window(low, high, gold), (low, high)

    def _likeliest(self, row: Row, text: Text) -> tuple[int, int]:
        """Where search would look for an answer that is not there: one of the nearest sentences."""
        if own := self._nearest(row):
            [(start, end)] = random.choices(own, LIKELIEST[: len(own)])
            said = {"start": start, "text": row["context"][start:end]}
            if span := _tokens(text, said):
                return span
        return (random.randrange(len(text.ids)),) * 2

    def _nearest(self, row: Row) -> list[tuple[int, int]]:
        """The sentences of a row's own passage that search finds nearest to its question, in order."""
        found = (self._places[i] for i in self._near.get(row["question"], []))
        own = [(a, b) for t, a, b in found if self._pool[t] == row["context"]]
        return own[: len(LIKELIEST)]

    def _negatives(self, row: Row, shown: tuple[int, int]) -> list[Window]:
        """Passages near the question without the answer's words; nothing that is shown already."""
        answers = [a["text"].lower() for a in row["answers"]]
        near = self._near.get(row["question"]) if row["context_language"] == "id" else None
        if near is None:
            texts = random.sample(self._foreign.get(row["source"]) or self._pool, 2)
            places = [(t, *self._somewhere(t)) for t in texts]
        else:
            chosen = sorted(random.sample(range(min(30, len(near))), 5))
            found = (self._places[near[i]] for i in chosen)
            places = [(self._pool[t], a, b) for t, a, b in found]
        # An encyclopaedia's passage may answer in other words; of an article its writer knew all.
        itself = row["source"] == SOURCE
        windows: list[Window] = []
        for context, start, end in places:
            text = self._text(context)
            span = _tokens(text, {"start": start, "text": context[start:end]})
            if (context == row["context"] and not itself) or not span:
                continue
            low, high = text.around(*span, random.choice((0, 1, 1)), random.choice((0, 1, 1)))
            if context == row["context"] and low < shown[1] and high > shown[0]:
                continue
            words = context[text.spans[low][0] : text.spans[high - 1][1]].lower()
            if not any(answer in words for answer in answers):
                windows.append(text.window(low, high, []))
        return windows

    def _somewhere(self, context: str) -> tuple[int, int]:
        text = self._text(context)
        return text.spans[random.choice(text.sentences)]

    def _question(self, row: Row) -> list[int]:
        return self._encode(row["question"])[:LONGEST_QUESTION]

    def _encode(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _text(self, context: str) -> Text:
        if context not in self._texts:
            encoded = self._tokenizer.encode(context, add_special_tokens=False)
            starts = [s.start for s in split(context)]
            places = [bisect_right(starts, b - 1) for _, b in encoded.offsets]
            firsts = [0, *(i for i, (a, b) in enumerate(pairwise(places), 1) if a != b)]
            self._texts[context] = Text(encoded.ids, encoded.offsets, firsts)
        return self._texts[context]


def _share(row: Row) -> float:
    """How often a row is seen in an epoch, alone or beside another."""
    share = WRITTEN[row["part"]] if row["source"] == SOURCE else SHARES[row["source"]]
    return share * KNOWN_SHARE if row.get("loss", KNOWN) < KNOWN else share


def twins(
    rows: Sequence[Row], nearest: Callable[[Row], Sequence[tuple[int, int]]]
) -> dict[tuple[str, str], list[Row]]:
    """To an answered question on a passage, those without an answer there that are most like it.

    These are the ones whose sentence, the `nearest` to the question, has its answer in it or beside it; of
    several such the one with most of their words.
    """
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["source"], row["question_language"], row["context"]].append(row)
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for group in groups.values():
        answered = [row for row in group if row["answers"]]
        for row in group:
            if answered and not row["answers"]:
                place = next(iter(nearest(row)), None)
                likest = max(answered, key=lambda each: (-_apart(each, place), _alike(each, row)))
                found[_key(likest)].append(row)
    return dict(found)


def _apart(row: Row, place: tuple[int, int] | None) -> int:
    """How far an answer is from a sentence: 0 within it, 1 beside it, 2 elsewhere."""
    if place is None:
        return 0
    gaps = (max(place[0] - a["start"], a["start"] - place[1]) for a in row["answers"])
    gap = min(gaps)
    return 0 if gap <= 0 else 1 if gap <= BESIDE else 2


def _alike(one: Row, other: Row) -> float:
    a, b = _words(one), _words(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def _key(row: Row) -> tuple[str, str]:
    return row["question"], row["context"]


def _words(row: Row) -> set[str]:
    return set(re.findall(r"\w+", row["question"].lower()))


def _company(row: Row) -> str:
    if row["source"] == SOURCE:
        return SOURCE
    if not row["answers"]:
        return "unanswered"
    return "answered" if row["context_language"] == "id" else "foreign"


def _tokens(text: Text, answer: Row) -> tuple[int, int] | None:
    start, end = answer["start"], answer["start"] + len(answer["text"])
    inside = [i for i, (a, b) in enumerate(text.spans) if a < end and b > start]
    return (inside[0], inside[-1]) if inside else None
