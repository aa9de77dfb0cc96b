"""Figures and dates in Indonesian words, so that two statements of one thing can be compared.

"5.200", "lima ribu dua ratus" and "5,2 ribu" are one number; "jutaan" is any of the millions, and "4,3 juta"
may round 4.317.404. A date may lack its year, day or month: what both of two dates tell must agree.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

_ONES = {
    word: number
    for number, word in enumerate(
        "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()
    )
}
_PARTS = {"setengah": 1 / 2, "separuh": 1 / 2, "sepertiga": 1 / 3, "seperempat": 1 / 4}
_SCALES = {
    "puluh": 10.0,
    "ratus": 1e2,
    "ribu": 1e3,
    "juta": 1e6,
    "miliar": 1e9,
    "milyar": 1e9,
    "triliun": 1e12,
}
_WHOLE = {
    f"se{name}": scale for name, scale in _SCALES.items() if name in ("ratus", "ribu", "juta")
}
_VAGUE = {f"{name}an": scale for name, scale in _SCALES.items()} | {"belasan": 11.0}
_BEYOND = {10.0: 1e2, 1e2: 1e3, 1e3: 1e6, 1e6: 1e9, 1e9: 1e12, 1e12: 1e15, 11.0: 20.0}
_MONTHS = {
    word: number
    for number, word in enumerate(
        "januari februari maret april mei juni juli agustus september oktober november desember".split(),
        1,
    )
}
_MONTHS |= {"pebruari": 2, "nopember": 11}
_SHORTENED = {  # beside a day only: "Mar" and "Des" may be anything else
    name: number
    for number, names in enumerate(
        "jan feb|peb mar apr mei jun jul agt|agu|ags|agust sep|sept okt nov|nop des".split(), 1
    )
    for name in names.split("|")
}
_MONTH = "|".join(_MONTHS)
_COUNTED = (  # behind a figure that is then no year, unless one of the words below stands before it
    r"\s+(?:orang|jiwa|warga|tentara|prajurit|personel|kasus|rupiah|dolar|meter|km|kilometer|kg|ton|hektare|"
    r"unit|rumah|kali|persen|ribu|juta|mil[iy]ar|triliun)\b"
)
_BEFORE_YEARS = (
    "pada tahun sejak hingga sampai sepanjang selama dalam di dari dan dibanding dibandingkan awal akhir "
    "pertengahan musim"
).split()
_DATES = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<![\d/.,-])(?P<day>\d{{1,2}})\s+(?P<month>{_MONTH}|(?:{'|'.join(_SHORTENED)})\b\.?)"
        r"(?!\w)(?:\s+(?P<year>[12]\d{3})\b)?",
        rf"\b(?P<month>{_MONTH})\b(?:\s+(?P<year>[12]\d{{3}})\b)?",
        r"(?<![\d/.,-])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>[12]\d{3}))?(?![\d/])",
        r"(?<![\d/.,-])(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>[12]\d{3})(?![\d/-])",
        r"(?<![\d/.,-])(?<!Rp)(?<!Rp[ .])(?<!Rp\.\s)(?<!\$)(?<!\$ )"
        rf"(?:{'|'.join(f'(?<={word} )' for word in _BEFORE_YEARS)}|(?!\d+{_COUNTED}))"
        r"(?P<year>1[6-9]\d\d|20\d\d)(?![\d/-]|[.,]\d)",
    )
]
_CLOCK = re.compile(
    r"(?:\b(?:pukul|jam)\s+|(?<![\d.,:])(?=\d{1,2}[.:]\d\d\s+WI))(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?!\d)"
    r"(?:\s+(?P<part>siang|sore|petang|malam)\b)?(?:\s+(?P<zone>WIB|WITA|WIT)\b)?",
    re.IGNORECASE,
)
_HOUR = re.compile(
    r"\b(?:pukul|jam(?=\s+\d+\s+(?:pagi|siang|sore|petang|malam)))\s+(?P<hour>\d{1,2})(?!\d|[.:]\d)"
    r"(?:\s+(?P<part>siang|sore|petang|malam)\b)?(?:\s+(?P<zone>WIB|WITA|WIT)\b)?",
    re.IGNORECASE,
)
_AFTER_NOON = {
    "siang": range(1, 5),
    "sore": range(1, 8),
    "petang": range(1, 8),
    "malam": range(6, 12),
}
_ZONES = {"wib": 0, "wita": 1, "wit": 2}
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:-[^\W\d_]+)*|%|\$|[^\w\s]")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?$")
_MONEY = {"rp": "rupiah", "$": "dolar", "usd": "dolar", "us$": "dolar"}
_ROUGHLY = frozenset(
    "sekitar kira-kira hampir kurang-lebih lebih kurang nyaris sedikitnya setidaknya".split()
)
_BETWEEN = frozenset(
    "yang dari di pada dan untuk ke per atau dalam hingga sampai".split()
)  # no unit
_UNITS = {
    "jiwa": "orang",
    "warga": "orang",
    "sr": "magnitudo",
    "skala": "magnitudo",
    "km": "kilometer",
    "kg": "kilogram",
    "cm": "sentimeter",
    "hektar": "hektare",
    "ha": "hektare",
}
_BEFORE = {"magnitudo": "magnitudo", "bermagnitudo": "magnitudo"}  # units that stand in front
_SHORT_SCALES = {"rb": 1e3, "jt": 1e6}
_RUPIAH_SCALES = {"m": 1e9, "t": 1e12}  # behind a sum of rupiah only: "Rp 108 M"; "$5m" is English
_AT_LEAST = frozenset(
    [("lebih", "dari"), ("sedikitnya",), ("setidaknya",), ("minimal",), ("paling", "sedikit")]
)
_AT_MOST = frozenset([("kurang", "dari"), ("maksimal",), ("paling", "banyak")])
_MINUS = re.compile(r"(?:(?<=[\s(])[-–−]|\bminus\s)\Z", re.IGNORECASE)
_TOLERANCE = 0.1  # between figures of which one is said to be rough
_ROUNDED = 0.05  # between a figure and what it rounds


class Relation(Enum):
    """How two statements of figures or dates stand to each other."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"  # they may both be right, or do not compare


@dataclass(frozen=True, slots=True)
class Amount:
    """A number between `low` and `high` (equal where it is exact), of something ("" where not told).

    `step` is what its last written place is worth where it counts in thousands or more ("4,3 juta": 100,000);
    `bound` is 1 for "at least", -1 for "at most".
    """

    low: float
    high: float
    unit: str
    rough: bool = False
    step: float = field(default=0.0, compare=False)
    bound: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a time of day, as far as it is told."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    clock: tuple[int, int] | None = None
    zone: int | None = field(
        default=None, compare=False
    )  # hours ahead of western Indonesia, if it is told


@dataclass(frozen=True, slots=True)
class Measures:
    """The amounts and the moments that a text states, in reading order."""

    amounts: tuple[Amount, ...]
    moments: tuple[Moment, ...]

    @property
    def values(self) -> tuple[tuple[float, float] | Moment, ...]:
        """What is stated, whatever it is of: five steps and five points are both five."""
        return (*((amount.low, amount.high) for amount in self.amounts), *self.moments)


def measures(text: str, start: int = 0, end: int | None = None) -> Measures:
    """Read the figures and dates of `text[start:end]`; a date's figures are no amounts.

    The text around tells what is counted, so a sentence with a span's place tells more than the span.
    """
    moments, rest = _moments(text)
    inside = range(start, len(text) if end is None else end)
    return Measures(
        tuple(amount for place, amount in _amounts(rest) if place in inside),
        tuple(moments[place] for place in sorted(moments) if place in inside),
    )


def compare(one: Measures, other: Measures) -> Relation:
    """Whether two answers to one question state the same figure or date.

    They compare when each states just one of the same kind; amounts of different things do not. A date and
    a time of day are one moment.
    """
    when, also = _together(one.moments), _together(other.moments)
    if len(when) == len(also) == 1 and not (one.amounts and other.amounts):
        return _dates(when[0], also[0])
    if len(one.amounts) == len(other.amounts) == 1:
        return _numbers(one.amounts[0], other.amounts[0])
    return Relation.SAME if one == other and (one.amounts or one.moments) else Relation.UNKNOWN


def _together(moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """A date and a time of day as one moment."""
    if len(moments) != 2 or (moments[0].clock is None) == (moments[1].clock is None):
        return moments
    date, time = sorted(moments, key=lambda moment: moment.clock is not None)
    return (replace(date, clock=time.clock, zone=time.zone),)


def _moments(text: str) -> tuple[dict[int, Moment], str]:
    """The moments by their places, and the text without them, its places as they were."""
    found: dict[int, Moment] = {}
    for form in (_CLOCK, _HOUR, *_DATES):
        for match in form.finditer(text):
            if moment := _moment(match.groupdict()):
                found[match.start()] = moment
        text = form.sub(lambda match: "\n" * len(match[0]), text)
    return found, text


def _moment(parts: dict[str, str | None]) -> Moment | None:
    if told := parts.get("hour"):
        hour = int(told)
        if hour in _AFTER_NOON.get((parts["part"] or "").lower(), ()):
            hour += 12
        elif hour == 12 and (parts["part"] or "").lower() == "malam":
            hour = 0
        return Moment(
            clock=(hour % 24, int(parts.get("minute") or 0)),
            zone=_ZONES[parts["zone"].lower()] if parts["zone"] else None,
        )
    month = (parts.get("month") or "").lower().rstrip(".")
    number = _MONTHS.get(month) or _SHORTENED.get(month) or (int(month) if month else None)
    day, year = parts.get("day"), parts.get("year")
    if (number and not 1 <= number <= 12) or (day and not 1 <= int(day) <= 31):
        return None
    return Moment(int(year) if year else None, number, int(day) if day else None)


def _dates(a: Moment, b: Moment) -> Relation:
    if a.clock and b.clock and a.zone is not None and b.zone is not None:
        ahead = a.zone - b.zone
        b = replace(b, clock=((b.clock[0] + ahead) % 24, b.clock[1]))
    told = [
        (x, y)
        for x, y in ((a.year, b.year), (a.month, b.month), (a.day, b.day), (a.clock, b.clock))
        if x is not None and y is not None
    ]
    if not told:
        return Relation.UNKNOWN
    return Relation.SAME if all(x == y for x, y in told) else Relation.DIFFERENT


def _numbers(a: Amount, b: Amount) -> Relation:
    if a.unit and b.unit and a.unit != b.unit:
        return Relation.UNKNOWN
    if (a.low, a.high) == (b.low, b.high):
        return Relation.SAME
    less, more = sorted((a, b), key=lambda amount: amount.high)
    between = more.low - less.high
    if a.step != b.step and 0 < between <= max(a.step, b.step) / 2:  # one rounds the other
        return Relation.SAME if between <= _ROUNDED * abs(more.high) else Relation.UNKNOWN
    if less.bound > 0 or more.bound < 0:
        return Relation.UNKNOWN
    slack = _TOLERANCE * abs(less.high) if a.rough or b.rough else 0.0
    apart = between > slack
    # Without its unit a figure may count anything.
    return Relation.DIFFERENT if apart and a.unit and b.unit else Relation.UNKNOWN


def _amounts(text: str) -> Iterator[tuple[int, Amount]]:
    """Each amount with its place."""
    found = list(_TOKEN.finditer(text))
    tokens = [match[0].lower() for match in found]
    at = 0
    while at < len(tokens):
        read = _number(tokens, at)
        if read is None:
            at += 1
            continue
        low, high, end = read
        rough = bool(_ROUGHLY & {*tokens[max(0, at - 3) : at]})
        unit = _unit(tokens, at, end)
        scale = _short_scale(tokens, end, rupiah=unit == "rupiah")
        if scale > 1:
            low, high, end = low * scale, high * scale, end + 1
            unit = unit if unit in _MONEY.values() else _unit(tokens, at, end)
        place = found[at].start()
        if _MINUS.search(text[max(0, place - len(" minus ")) : place]):
            low, high = -high, -low
        step = _step(tokens[at], max(scale, _scale(tokens[at + 1 : end])))
        yield place, Amount(low, high, unit, rough, step, _bound(tokens, at))
        at = end


def _short_scale(tokens: list[str], at: int, *, rupiah: bool) -> float:
    """What a figure counts in by a shortened word behind it: "25 rb", "Rp 108 M"."""
    word = tokens[at] if at < len(tokens) else ""
    return _SHORT_SCALES.get(word) or (_RUPIAH_SCALES.get(word, 1.0) if rupiah else 1.0)


def _scale(words: list[str]) -> float:
    """The one word of thousands or more behind a figure, if it counts in no other."""
    return _SCALES.get(words[0], 1.0) if len(words) == 1 else 1.0


def _step(figure: str, scale: float) -> float:
    """What the last place of a figure is worth where it counts in thousands or more; 0 for others."""
    if scale < 1e3 or not figure[0].isdigit():
        return 0.0
    return scale / 10.0 ** len(figure.replace(".", ",").partition(",")[2])


def _bound(tokens: list[str], at: int) -> int:
    """Whether a figure is said to be the least (1) or the most (-1)."""
    before = {tuple(tokens[max(0, at - count) : at]) for count in (1, 2)}
    return bool(before & _AT_LEAST) - bool(before & _AT_MOST)


def _unit(tokens: list[str], start: int, end: int) -> str:
    """What is counted: money by its sign in front, else the word behind."""
    before = tokens[start - 1] if start else ""
    if before == "." and start > 1:  # "Rp. 5.000"
        before = tokens[start - 2]
    after = tokens[end] if end < len(tokens) else ""
    if before in _MONEY:
        return _MONEY[before]
    if before in _BEFORE:
        return _BEFORE[before]
    if after == "%":
        return "persen"
    return _UNITS.get(after, after) if after[:1].isalpha() and after not in _BETWEEN else ""


def _number(tokens: list[str], start: int) -> tuple[float, float, int] | None:
    """The number that begins at a token, as its least and its greatest value, and where it ends."""
    first = tokens[start]
    if first in _VAGUE:
        low, high = _VAGUE[first], math.nextafter(_BEYOND[_VAGUE[first]], 0)
        end = start + 1
        while end < len(tokens) and tokens[end] in _SCALES:  # "ratusan ribu"
            low, high, end = low * _SCALES[tokens[end]], high * _SCALES[tokens[end]], end + 1
        return low, high, end
    if first in _PARTS:
        behind = tokens[start + 1] if start + 1 < len(tokens) else ""
        half = _PARTS[first] * _SCALES.get(behind, 1.0)  # "setengah juta"
        return half, half, start + 1 + (behind in _SCALES)
    total = group = last = 0.0  # of thousands and above, below a thousand, the last word's own
    end = start
    while end < len(tokens):
        token = tokens[end]
        if (value := _value(token)) is not None:
            if last:  # two numbers side by side
                break
            last = value
        elif end == start and token in _SCALES:
            return None  # "ribu" alone counts nothing
        elif token == "setengah" and last:
            last += 1 / 2
        elif token == "belas":
            last += 10
        elif token in ("puluh", "ratus"):
            group, last = group + (last or 1) * _SCALES[token], 0.0
        elif token in _SCALES:
            total, group, last = total + (group + last) * _SCALES[token], 0.0, 0.0
        elif token in _WHOLE and not last:
            scale = _WHOLE[token]
            if scale < 1e3:
                group += scale
            else:
                total += scale
        else:
            break
        end += 1
    value = total + group + last
    return (value, value, end) if end > start else None


def _value(token: str) -> float | None:
    if token in _ONES:
        return float(_ONES[token])
    if not token[0].isdigit():
        return None
    if _THOUSANDS.match(token):
        token = token.replace(".", "")
    whole, _, part = token.replace(".", ",").partition(",")
    return float(f"{whole}.{re.sub(r'[^0-9]', '', part) or '0'}") if whole.isascii() else None
