"""Quotation marks and brackets of a stretch of text: which open, which close, what they enclose.

The straight mark `"` says neither. Where the white space around it does not tell, they take turns.
Apostrophes (`Jum'at`) are no marks.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

QUOTES = "\"'“”„‘’«»"
_PAIRED = re.compile(rf"[{QUOTES}()\[\]{{}}]")
_PARTNER = {")": "(", "]": "[", "}": "{"}
_OPENING = set("“„«‘")
_BEFORE_OPENED = set("([{“‘«-–—:/")
_BEHIND_CLOSED = set(".,;:!?…)]}”’")
_ELLIPSES = {"...", "…", ".. "}
_LONGEST_BRACKET = 400  # further apart, two brackets hardly belong together
_NEAR = 48


@dataclass(slots=True)
class Marks:
    """Offsets of the marks that open and that close, and (start, end) of outermost brackets."""

    openers: set[int] = field(default_factory=set)
    closers: set[int] = field(default_factory=set)
    brackets: list[tuple[int, int]] = field(default_factory=list)

    def bracket_at(self, start: int) -> int | None:
        """Where the bracket that opens at `start` closes; None if it does not."""
        at = bisect_left(self.brackets, (start, 0))
        found = at < len(self.brackets) and self.brackets[at][0] == start
        return self.brackets[at][1] if found else None

    def bracket_around(self, place: int) -> int | None:
        """Where the bracket opened that `place` lies in; None outside of brackets."""
        at = bisect_left(self.brackets, (place, 0)) - 1
        found = at >= 0 and place <= self.brackets[at][1]
        return self.brackets[at][0] if found else None


def marks(text: str) -> Marks:
    """Find the marks of a text in one pass; offsets are characters of `text`."""
    result = Marks()
    pending: dict[str, list[int]] = {"(": [], "[": [], "{": []}
    brackets: list[tuple[int, int]] = []
    inside = {'"': False, "'": False}
    for match in _PAIRED.finditer(text):
        at, mark = match.start(), match[0]
        if mark in "([{":
            result.openers.add(at)
            pending[mark].append(at)
        elif mark in ")]}":
            result.closers.add(at)
            starts = pending[_PARTNER[mark]]
            if starts and at - (start := starts.pop()) <= _LONGEST_BRACKET:
                brackets.append((start, at))
        elif (opens := _opens(text, at, inside.get(mark, False))) is not None:
            (result.openers if opens else result.closers).add(at)
            inside[mark] = opens
    result.brackets = _outermost(brackets)
    return result


def _opens(text: str, at: int, inside: bool) -> bool | None:
    """Whether a quotation mark opens; None for an apostrophe."""
    mark, before, after = text[at], text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if mark in "'’" and before.isalnum() and after.isalnum():
        return None
    free_before = not before or before.isspace() or before in _BEFORE_OPENED
    if after in _BEHIND_CLOSED and not (free_before and text[at + 1 : at + 4] in _ELLIPSES):
        return False
    free_after = not after or after.isspace()
    if free_before != free_after:
        return free_before
    if mark not in "\"'":
        return mark in _OPENING
    if inside or not free_before:
        return not inside
    # Between blanks and behind a comma or full stop, it closes before an attribution in lower case.
    behind = text[max(0, at - _NEAR) : at].rstrip()[-1:]
    ahead = text[at + 1 : at + _NEAR].lstrip()[:1]
    return not (behind in {",", ".", "!", "?", "…"} and (not ahead or ahead.islower()))


def _outermost(brackets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(brackets):
        if not kept or start > kept[-1][1]:
            kept.append((start, end))
    return kept


def is_minus(text: str, at: int) -> bool:
    """Whether the sign at a place is a figure's minus: "suhu -5 derajat", not "3-5" nor a bullet."""
    return bool(_MINUS.match(text, at))


_MINUS = re.compile(r"(?<=[\s(])[-–−](?=\d)")
