"""A model's markers, as they stream in, to labels that hold.

A model is given sentences numbered from 1 and writes `[2]` behind what it takes from the second one. It
also writes `[1, 2]`, `[1-3]`, `[7]` where there are five, and half a marker where its stream ends. What
leaves here has markers of one form, `[1]`, numbered in the order in which they appear, and each names a
given sentence. All other square brackets become round ones, so that nothing can look like
a marker that is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_OPEN, _CLOSE = "[【［", "]】］"
_LONGEST = 40  # characters of a marker
_WIDEST = 20  # sentences of a range
_JOIN = r"\s*(?:[,;&/+]|-|–|—|dan|and|to|sampai|hingga)\s*"
_WITHIN = re.compile(rf"\s*[\^#]?\d{{1,4}}(?:{_JOIN}[\^#]?\d{{1,4}})*\s*")
_SO_FAR = re.compile(r"\s*(?:[\^#\d][\w\s,;&/+^#–—-]*)?")  # what may still become a marker
_RANGE = re.compile(r"(\d+)(?:\s*(?:-|–|—|to|sampai|hingga)\s*[\^#]?(\d+))?")
_ROUND = str.maketrans({**dict.fromkeys(_OPEN, "("), **dict.fromkeys(_CLOSE, ")")})
_LEANING = frozenset(" \t\r\n.,;:!?)…”\"'’")  # before these no space stays where a marker went


class MarkerParser:
    """Reads a model's text piece by piece; what it gives back can be shown at once and stays as it is."""

    def __init__(self, given: int) -> None:
        """`given`: how many sentences the model was given, numbered from 1."""
        self._given = given
        self._labels: dict[int, int] = {}  # a sentence's number: its label
        self._removed: list[str] = []
        self._held = ""  # an opening bracket and what followed, while that may be a marker
        self._space = ""  # in front of what is held, or of a marker that went
        self._went = False  # a marker, just now, without a trace
        self._just: set[int] = set()  # labels since the last word: none is said twice in a row

    @property
    def order(self) -> tuple[int, ...]:
        """The numbers of the sentences that were named, in order: the first has label 1."""
        return tuple(self._labels)

    @property
    def removed(self) -> tuple[str, ...]:
        """The markers that named nothing, as the model wrote them."""
        return tuple(self._removed)

    def feed(self, piece: str) -> str:
        """The text that is certain now that `piece` has come."""
        return "".join(part for char in piece for part in self._take(char))

    def close(self) -> str:
        """What is left once the text has ended."""
        held, self._held = self._held, ""
        if held and held[1:].strip():
            if held[1:].strip()[0].isdigit():
                self._removed.append(held)
                return ""
            return self._text(held)
        return ""

    def _take(self, char: str) -> Iterator[str]:
        if char in _OPEN:
            yield from self._give_up()
            self._held = char
        elif not self._held:
            yield self._text(char)
        elif char in _CLOSE:
            yield self._marker(self._held + char)
        elif len(self._held) < _LONGEST and char != "\n" and self._possible(self._held + char):
            self._held += char
        else:
            yield from self._give_up()
            yield self._text(char)

    def _possible(self, held: str) -> bool:
        return _SO_FAR.fullmatch(held, 1) is not None

    def _give_up(self) -> Iterator[str]:
        """What was held is no marker."""
        held, self._held = self._held, ""
        if held:
            yield self._text(held)

    def _text(self, text: str) -> str:
        """Text that is no marker; a space waits for what comes behind it."""
        said = []
        for char in text.translate(_ROUND):
            if char.isspace():
                if not (self._went and char in self._space):
                    self._space += char
                continue
            if not (self._went and char in _LEANING):
                said.append(self._space)
            self._space, self._went = "", False
            self._just.clear()
            said.append(char)
        return "".join(said)

    def _marker(self, written: str) -> str:
        self._held = ""
        within = written[1:-1]
        if not _WITHIN.fullmatch(within):
            return self._text(written)
        numbers = list(dict.fromkeys(_numbers(within)))
        known = [number for number in numbers if 1 <= number <= self._given]
        if len(known) < len(numbers) or not numbers:
            self._removed.append(written)
        labels = [self._labels.setdefault(number, len(self._labels) + 1) for number in known]
        fresh = [label for label in labels if label not in self._just]
        if not fresh:
            self._went = True
            return ""
        space, self._space = (self._space if not self._just else ""), ""
        self._just.update(fresh)
        return space + "".join(f"[{label}]" for label in fresh)


def _numbers(within: str) -> Iterable[int]:
    """The numbers that a marker names; a range that is too wide or runs backwards names none."""
    for match in _RANGE.finditer(within):
        first, last = int(match[1]), int(match[2] or match[1])
        if first <= last <= first + _WIDEST:
            yield from range(first, last + 1)
        else:
            yield 0
