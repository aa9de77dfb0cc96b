"""Questions that a passage nearly answers: a name or a year in them is another's.

Readers take what is of the right kind, whoever and whenever it is told of; these teach them to look.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

# Capitalised words in a row, not the first of the question; a year.
_NAME = re.compile(r"(?<=\s)[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_APART = 12  # years, at most, that a year is moved by where the passage has no other


def swapped(rows: Sequence[dict[str, Any]], dice: random.Random) -> Iterator[dict[str, Any]]:
    """Rows whose question holds a name or a year of its passage, with another one and no answer.

    Names come from other questions of the language, after the same word, and stand nowhere in the passage;
    years are others of the passage in half of the cases. "original" is the question that it was.
    """
    pool = defaultdict(list)
    for row in rows:
        for place in _NAME.finditer(row["question"]):
            pool[_before(place, row)].append(place[0])
    for row in rows:
        if row["answers"] and (question := _another(row, pool, dice)):
            changed = {"question": question, "answers": []}
            original = row.get("original", row["question"])
            yield {**row, **changed, "original": original, "source": f"{row['source']}-swapped"}


def _another(
    row: dict[str, Any], pool: dict[tuple[str, str], list[str]], dice: random.Random
) -> str | None:
    question, context = row["question"], row["context"]
    there = context.lower()
    found = [m for m in _YEAR.finditer(question) if m[0] in context]
    if not found:
        found = [m for m in _NAME.finditer(question) if m[0].lower() in there]
    if not found:
        return None
    place = dice.choice(found)
    if place[0].isdigit():
        other = _year(place[0], row, dice)
    else:
        tried = [dice.choice(pool[_before(place, row)]) for _ in range(10)]
        words = set(place[0].lower().split())
        strange = (n for n in tried if n.lower() not in there and not words & {*n.lower().split()})
        other = next(strange, None)
    return question[: place.start()] + other + question[place.end() :] if other else None


def _before(place: re.Match[str], row: dict[str, Any]) -> tuple[str, str]:
    """The question's language, and the word before a name: what follows it is of like kind."""
    *_, word = place.string[: place.start()].lower().split()
    return row["question_language"], word


def _year(year: str, row: dict[str, Any], dice: random.Random) -> str | None:
    """Another one, which no answer tells of."""
    told = " ".join(answer["text"] for answer in row["answers"])
    others = sorted({y for y in _YEAR.findall(row["context"]) if y != year and y not in told})
    if others and dice.random() < 0.5:
        return dice.choice(others)
    moved = [str(int(year) + by) for by in range(-_APART, _APART + 1) if by]
    strange = [y for y in moved if y not in row["context"]]
    return dice.choice(strange) if strange else None
