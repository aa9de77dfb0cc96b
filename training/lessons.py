"""What the reader learns from: questions with the passages that they are shown with, in tokens."""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
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
OPENED = (
    0.5  # how often a part of a passage comes after the passage's first sentence, as after a title
)
# How often a source's questions are seen in an epoch. The reader grew worse at facqa and tydiqa-en when most
# of what it saw were questions written on news: so they are seen more often. English passages teach what an
# answer is, but Kutip reads none.
SHARES = {
    "idk-mrc": 1.0,
    "facqa": 2.0,
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
LIKELIEST = 3  # sentences of an article that are tried in turn where it does not say
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

    def opening(self, before: int) -> list[int]:
        """The first sentence, if it ends before a token: what a part of an article is about."""
        end = self.sentences[1] if len(self.sentences) > 1 else len(self.ids)
        return self.ids[: min(end, LONGEST_OPENING)] if end <= before else []

    def window(
        self, opening: list[int], low: int, high: int, gold: list[tuple[int, int]]
    ) -> Window:
        """Its tokens from `low` to `high` behind an opening, with the gold spans that lie within."""
        shift = len(opening) - low
        firsts = [first + shift for first in self.sentences if low < first < high]
        return Window(
            opening + self.ids[low:high],
            sorted({(a + shift, b + shift) for a, b in gold if low <= a and b < high}),
            sorted({0, len(opening), *firsts}),
        )

    def around(self, first: int, last: int, before: int, after: int) -> tuple[int, int]:
        """The tokens of the sentences from `first`'s to `last`'s and of some neighbours."""
        low = max(0, bisect_right(self.sentences, first) - 1 - before)
        high = min(len(self.sentences), bisect_right(self.sentences, last) + after)
        start = self.sentences[low]
        end = self.sentences[high] if high < len(self.sentences) else len(self.ids)
        return start, end


@dataclass(frozen=True, slots=True)
class Window:
    """A passage as it is shown: token ids, gold spans (last token included), each sentence's first token."""

    ids: list[int]
    gold: list[tuple[int, int]]
    firsts: list[int]


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
        self._twins = twins(self.rows)
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
        others = self._negatives(row)
        if row["answers"] and others and random.random() < 0.1:
            return Example(question, others[:2])
        own = self._own(row)
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
        window = self._own(row)
        placed = window.gold or (window.ids and not row["answers"])
        return Example(self._question(row), [window]) if placed else None

    def _own(self, row: Row) -> Window:
        """The row's own passage, whole or the sentences around the answer."""
        text = self._text(row["context"])
        gold = [span for a in row["answers"] if (span := _tokens(text, a))]
        if row["answers"] and not gold:
            return Window([], [], [])
        first, last = random.choice(gold or [self._likeliest(row, text)])
        if random.random() < (0.5 if gold else 0.7):
            low, high = 0, len(text.ids)
        else:
            low, high = text.around(first, last, random.randint(0, 2), random.randint(0, 2))
        if high - low > LONGEST_PASSAGE:
            least, most = max(low, last + 1 - LONGEST_PASSAGE), min(first, high - LONGEST_PASSAGE)
            low = random.randint(*sorted((max(low, least), max(low, most))))
            high = low + LONGEST_PASSAGE
        opening = text.opening(low) if random.random() < OPENED else []
        return text.window(opening, low, high, gold)

    def _likeliest(self, row: Row, text: Text) -> tuple[int, int]:
        """Where search would look for an answer that is not there: one of the nearest sentences."""
        near = self._near.get(row["question"], [])
        found = (self._places[i] for i in near)
        own = [(a, b) for t, a, b in found if self._pool[t] == row["context"]][:LIKELIEST]
        if own:
            start, end = random.choice(own)
            said = {"start": start, "text": row["context"][start:end]}
            if span := _tokens(text, said):
                return span
        return (random.randrange(len(text.ids)),) * 2

    def _negatives(self, row: Row) -> list[Window]:
        """Passages near the question that are not its own and do not hold the answer's words."""
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
            low, high = text.around(*span, random.randint(0, 1), random.randint(0, 1))
            high = min(high, low + LONGEST_PASSAGE)
            words = context[text.spans[low][0] : text.spans[high - 1][1]].lower()
            if not any(answer in words for answer in answers):
                opening = text.opening(low) if random.random() < OPENED else []
                windows.append(text.window(opening, low, high, []))
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


def twins(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    """To an answered question on a passage, those without an answer there that have most of its words."""
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["source"], row["question_language"], row["context"]].append(row)
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for group in groups.values():
        answered = [(row, _words(row)) for row in group if row["answers"]]
        for row in group:
            if answered and not row["answers"]:
                own = _words(row)
                nearest, _ = max(answered, key=lambda each: len(each[1] & own) / len(each[1] | own))
                found[_key(nearest)].append(row)
    return dict(found)


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
