"""The sentences of an answer that a language model wrote, with the labels that each cites."""

from __future__ import annotations

import re

from assistant.records import Backing, Claim
from index.sentences import spans

_MARKERS = re.compile(r"(?:[^\S\n]*\[\d+\])+")  # of one line
_LEADING = re.compile(r"(?:^|\n)[^\S\n]*(?:[-*•]\s*)?((?:\[\d+\][^\S\n]*)+)$")
_LABEL = re.compile(r"\[(\d+)\]")
_WORD = re.compile(r"\w")


def claims(text: str) -> tuple[Claim, ...]:
    """Each sentence of an answer in order.

    Markers belong to the sentence that they stand in or right behind; at the beginning of a line, to the one
    that follows. What cites nothing is `UNCITED`; whether the rest is borne out is for others to say, and
    until then it is `DOUBTFUL`.
    """
    marked = {i for run in _MARKERS.finditer(text) for i in range(*run.span())}
    kept = [i for i in range(len(text)) if i not in marked]
    plain = "".join(text[i] for i in kept)  # markers neither hide an end of a sentence nor make one
    places = [
        (kept[start], kept[end - 1] + 1)
        for start, end in spans(plain)
        if _WORD.search(plain, start, end)
    ]
    nexts = [*(start for start, _ in places), len(text)][1:]
    return tuple(_claim(text, *place, until) for place, until in zip(places, nexts, strict=True))


def _claim(text: str, start: int, end: int, until: int) -> Claim:
    behind = _MARKERS.match(text, end)
    if behind and behind.end() <= until:
        end = behind.end()
    if leading := _LEADING.search(text, 0, start):
        start = leading.start(1)
    labels = tuple(dict.fromkeys(map(int, _LABEL.findall(text, start, end))))
    return Claim(start, end, labels, Backing.DOUBTFUL if labels else Backing.UNCITED)
