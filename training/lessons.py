"""What the reader learns from: questions with the passages that they are shown with, in tokens."""

from __future__ import annotations

import argparse
import gzip
import json
import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from news import asked
from tokenizers import Tokenizer

from index.sentences import split

LONGEST_QUESTION, LONGEST_PASSAGE = 48, 224  # tokens
LONGEST_OPENING = 40  # tokens
OPENED = (
    0.5  # how often a part of a passage comes after the passage's first sentence, as after a title
)
# How often a source's questions are seen in an epoch: most of all those that people wrote in Indonesian, and
# English questions for Indonesian passages. English passages teach what an answer is, but Kutip reads none.
SHARES = {
    "idk-mrc": 1.5,
    "facqa": 1.6,
    "squad-id": 0.5,
    "squad-en-on-id": 1.4,
    "squad-en-aligned": 1.0,
    "squad2-en": 0.4,
    "tydiqa-en": 1.4,
    "facqa-english": 1.0,
    "idk-mrc-english": 1.0,
    "news": 0.12,
    "news-lists": 0.5,  # the data has few, and most of them without an answer
}


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

    def around(self, first: int, last: int, before: int, after: int) -> tuple[int, int]:
        """The tokens of the sentences from `first`'s to `last`'s and of some neighbours."""
        low = max(0, bisect_right(self.sentences, first) - 1 - before)
        high = min(len(self.sentences), bisect_right(self.sentences, last) + after)
        start = self.sentences[low]
        end = self.sentences[high] if high < len(self.sentences) else len(self.ids)
        return start, end


Window = tuple[list[int], list[tuple[int, int]]]  # ids; the gold spans, tokens, last one included


@dataclass(frozen=True, slots=True)
class Example:
    """A question's token ids with its passages. None of them holds a gold span: nothing is there."""

    question: list[int]
    windows: list[Window]


def load_rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def load_json(path: Path) -> Any:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def of_news(articles: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows from questions that are made of news sentences."""
    for article in articles:
        text = article["text"]
        for one in asked(text):
            answer = {"text": text[one.start : one.end], "start": one.start}
            yield {
                "question": one.question,
                "context": text,
                "answers": [answer],
                "question_language": "id",
                "context_language": "id",
                "source": "news-lists" if one.several else "news",
            }


def in_english(
    rows: Sequence[dict[str, Any]], translations: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """Rows whose question is translated, with its translation; "original" is the question that it was."""
    for row in rows:
        if english := translations.get(row["question"]):
            changed = {"question": english, "original": row["question"], "question_language": "en"}
            yield {**row, **changed, "source": f"{row['source']}-english"}


class Corpus:
    """Rows to examples; everything in tokens, made once."""

    def __init__(self, told: argparse.Namespace, base: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
        self.rows = load_rows(told.data / "reading-train.jsonl.gz")
        made, translations = load_json(told.pairs), load_json(told.english)
        self.rows += list(in_english(self.rows, translations))
        self.rows += made["rows"] + list(of_news(load_rows(told.news)))
        self._pool: list[str] = made["texts"]
        self._places: list[tuple[int, int, int]] = made["places"]  # text, start, end of a sentence
        self._near: dict[str, list[int]] = made["near"]  # question: places, the nearest first
        self._texts: dict[str, Text] = {}
        self._foreign: dict[str, list[str]] = {}
        for row in self.rows:
            if row["context_language"] == "en":
                self._foreign.setdefault(row["source"], []).append(row["context"])

    def epoch(self, dice: random.Random) -> list[dict[str, Any]]:
        """The rows of one epoch, each source as often as its share says."""
        chosen = []
        for row in self.rows:
            share = SHARES[row["source"]]
            chosen += [row] * (int(share) + (dice.random() < share % 1))
        dice.shuffle(chosen)
        return chosen

    def example(self, row: dict[str, Any]) -> Example | None:
        """One way to show a row; None where its answer cannot be placed."""
        question = self._encode(row["question"])[:LONGEST_QUESTION]
        dice = random.random()
        others = self._negatives(row)
        if not row["answers"]:
            extra = others[:1] if dice < 0.3 else []
            return Example(question, [self._own(row), *extra])
        if dice < 0.1 and others:
            return Example(question, others[:2])
        own = self._own(row)
        if not own[1]:
            return None
        alone = 0.45 if row["context_language"] == "id" else 0.8  # English ones have no hard others
        count = 0 if dice < alone else 1 if dice < 0.85 else 2
        return Example(question, [own, *others[:count]])

    def _own(self, row: dict[str, Any]) -> Window:
        """The row's own passage, whole or the sentences around the answer."""
        text = self._text(row["context"])
        gold = [span for a in row["answers"] if (span := _tokens(text, a))]
        if row["answers"] and not gold:
            return [], []
        first, last = random.choice(gold) if gold else (random.randrange(len(text.ids)),) * 2
        if random.random() < (0.5 if gold else 0.7):
            low, high = 0, len(text.ids)
        else:
            low, high = text.around(first, last, random.randint(0, 2), random.randint(0, 2))
        if high - low > LONGEST_PASSAGE:
            least, most = max(low, last + 1 - LONGEST_PASSAGE), min(first, high - LONGEST_PASSAGE)
            low = random.randint(*sorted((max(low, least), max(low, most))))
            high = low + LONGEST_PASSAGE
        opening = text.opening(low) if random.random() < OPENED else []
        gold = [(a - low, b - low) for a, b in gold if low <= a and b < high]
        shift = len(opening)
        return opening + text.ids[low:high], [(a + shift, b + shift) for a, b in gold]

    def _negatives(self, row: dict[str, Any]) -> list[Window]:
        """Passages near the question that are not its own and do not hold the answer's words."""
        answers = [a["text"].lower() for a in row["answers"]]
        asked = row.get("original", row["question"])
        near = self._near.get(asked) if row["context_language"] == "id" else None
        of_itself = row["source"].startswith(
            "news"
        )  # the rest of the story is what it is confused with
        if of_itself:
            texts = [row["context"]] * 2
            places = [(t, *self._somewhere(t)) for t in texts]
        elif near is None:
            texts = random.sample(self._foreign.get(row["source"]) or self._pool, 2)
            places = [(t, *self._somewhere(t)) for t in texts]
        else:
            chosen = sorted(random.sample(range(min(30, len(near))), 5))
            found = (self._places[near[i]] for i in chosen)
            places = [(self._pool[t], a, b) for t, a, b in found]
        windows: list[Window] = []
        for context, start, end in places:
            text = self._text(context)
            span = _tokens(text, {"start": start, "text": context[start:end]})
            if (not of_itself and context == row["context"]) or not span:
                continue
            low, high = text.around(*span, random.randint(0, 1), random.randint(0, 1))
            high = min(high, low + LONGEST_PASSAGE)
            words = context[text.spans[low][0] : text.spans[high - 1][1]].lower()
            if not any(answer in words for answer in answers):
                opening = text.opening(low) if random.random() < OPENED else []
                windows.append((opening + text.ids[low:high], []))
        return windows

    def _somewhere(self, context: str) -> tuple[int, int]:
        text = self._text(context)
        return text.spans[random.choice(text.sentences)]

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


def _tokens(text: Text, answer: dict[str, Any]) -> tuple[int, int] | None:
    start, end = answer["start"], answer["start"] + len(answer["text"])
    inside = [i for i, (a, b) in enumerate(text.spans) if a < end and b > start]
    return (inside[0], inside[-1]) if inside else None
