"""English figures and dates put into their Indonesian form, so that one reader of measures serves both.

"1.5 million" becomes "1,5 juta", "January 30, 2019" becomes "30 Januari 2019", "twenty-five" becomes "25".
All other words stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ONES = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: number * 10
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2
    )
}
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_SCALE_NAMES = {
    "hundred": "ratus",
    "thousand": "ribu",
    "million": "juta",
    "billion": "miliar",
    "trillion": "triliun",
}
_ORDINALS = {
    word: number
    for number, word in enumerate("third fourth fifth sixth seventh eighth ninth tenth".split(), 3)
}
_VAGUE = {"dozens": "puluhan", "tens": "puluhan"} | {
    f"{english}s": f"{name}an" for english, name in _SCALE_NAMES.items()
}
_PARTS = {"half": "separuh", "third": "sepertiga", "quarter": "seperempat"}
_MONTHS = dict(
    zip(
        "January February March April May June July August September October November December".split(),
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
        strict=True,
    )
)
_MONTH = "|".join(_MONTHS)
_SCALE = "|".join(_SCALES)
_WORDED = "|".join([*_TENS, *sorted(_ONES, key=len, reverse=True)])
_DAY = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<{}>[12]\d{{3}})\b)?"
_FORM = re.compile(
    "|".join(
        (
            r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s*(?P<half>[ap])\.?m\b\.?",
            # "may" and "march" are words too: a month has its capital.
            rf"\b{_DAY.format('day')}\s+(?:of\s+)?(?P<month>{_MONTH})\b{_YEAR.format('year')}",
            rf"\b(?P<month2>{_MONTH})\s+{_DAY.format('day2')}(?![\d,.]*\d){_YEAR.format('year2')}",
            rf"\b(?P<month3>{_MONTH})\b{_YEAR.format('year3')}",
            rf"\b(?i:(?P<vague>{'|'.join(_VAGUE)})\s+of(?:\s+(?P<vaguer>{'|'.join(_VAGUE)}))?)\b",
            rf"\b(?i:half\s+an?\s+(?P<halved>{_SCALE}))\b",
            rf"\b(?i:(?:an?|one)[\s-](?P<part>{'|'.join(_PARTS)})|(?P<part2>half))\b",
            rf"\b(?i:(?P<ordinal>{'|'.join(_ORDINALS)}))\b",
            rf"(?P<number>\d+(?:[.,]\d+)*)(?:st|nd|rd|th)?\b(?:[\s-](?i:(?P<scale>{_SCALE}))\b)?",
            # "the two" are known already, they count nothing.
            rf"(?<!the\s)(?<!The\s)\b(?i:(?P<worded>(?:an?\s(?={_SCALE}\b))?(?:{_WORDED}|{_SCALE})"
            rf"(?:(?:\s|-|\sand\s)(?:{_WORDED}|{_SCALE}))*))\b",
            r"\b(?i:about|around|roughly|approximately|nearly|almost|some)\b",
            r"\b(?i:(?P<least>over|more than|at least))\b",
        )
    ),
    re.ASCII,  # elsewhere other letters pass for these: the old long s is an s
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A figure or date put into Indonesian: its place in the text that was made, and as it was written."""

    start: int
    end: int
    written: str


def indonesian(text: str) -> tuple[str, tuple[Piece, ...]]:
    """The text with its English figures and dates in Indonesian form, and the pieces that were put so."""
    made, pieces, behind, length = [], [], 0, 0
    for match in _FORM.finditer(text):
        put = _put(match.groupdict())
        made += [text[behind : match.start()], put]
        length += match.start() - behind
        pieces.append(Piece(length, length + len(put), match[0]))
        length += len(put)
        behind = match.end()
    return "".join([*made, text[behind:]]), tuple(pieces)


def _put(found: Mapping[str, str | None]) -> str:
    told = {name: value for name, value in found.items() if value}
    if hour := told.get("hour"):
        later = 12 if told["half"] == "p" else 0
        return f"pukul {int(hour) % 12 + later:02}.{told.get('minute', '00')}"
    for kind in ("", "2", "3"):
        if month := told.get(f"month{kind}"):
            parts = (told.get(f"day{kind}"), _MONTHS[month], told.get(f"year{kind}"))
            return " ".join(part for part in parts if part)
    if vague := told.get("vague"):
        more = told.get("vaguer", "").lower().removesuffix("s")
        return f"{_VAGUE[vague.lower()]} {_SCALE_NAMES.get(more, '')}".rstrip()
    if halved := told.get("halved"):
        return f"0,5 {_SCALE_NAMES[halved.lower()]}"
    if part := told.get("part") or told.get("part2"):
        return _PARTS[part.lower()]
    if number := told.get("number"):
        swapped = number.translate({ord(","): ".", ord("."): ","})
        return f"{swapped} {_SCALE_NAMES[told['scale'].lower()]}" if "scale" in told else swapped
    if ordinal := told.get("ordinal"):
        return str(_ORDINALS[ordinal.lower()])
    if worded := told.get("worded"):
        return _counted(worded)
    return "lebih dari" if "least" in told else "sekitar"  # whatever says that a figure is rough


def _counted(words: str) -> str:
    """A number in words as a number in figures, with points so that it is not taken for a year."""
    total = group = 0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in _SCALES and _SCALES[word] > 100:
            total, group = total + (group or 1) * _SCALES[word], 0
        elif word in _SCALES:
            group = (group or 1) * 100
        else:
            group += _ONES.get(word, _TENS.get(word, 0))
    return f"{total + group:,}".replace(",", ".")
