"""What a claim states that must stand in its sources: figures, dates and names.

Values are compared, not spellings: "1.5 million" is "1,5 juta", Fouad is Fuad, Iraq is Irak.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from assistant import exonyms
from assistant.language import Language, common
from assistant.measures import Amount, Measures, Moment, measures
from assistant.measures_en import Piece, indonesian
from index.words import stems

_LIKE = 80  # of rapidfuzz's ratio: Sergey and Sergei have 83, Iran and Irak 75
_LONGEST_INITIALS = 6
_SHORTEST = 4  # letters of a name that may be spelled in two ways
_SLACK = 0.05  # between a rough figure and what it rounds
_MORE = (
    1.5  # times a figure that something is said to be more than: what is far more is not said so
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+(?=\S)")  # an item of a list that a model numbers
_POSSESSIVE = re.compile(r"['’]s?$")
_ORDINAL = re.compile(
    r"\bke(?=(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)\b)", re.I
)
_POINTED = re.compile(r"(?:Rp\.?\s*)?\d{1,3}(?:\.\d{3})+(?:,\d+)?")  # as Indonesian writes figures
_CAPITALS = re.compile(r"\b[A-Z][\w'’]*(?:[\s-]+(?:dan\s+|of\s+|and\s+|for\s+)?[A-Z][\w'’]*)+")


def missing(claim: str, sources: Sequence[str], known: str, language: Language) -> tuple[str, ...]:
    """The figures, dates and names of a claim that stand in no source, as the claim writes them.

    What `known` has needs no source. Sources are Indonesian, the other two in either language.
    """
    given = " \n ".join([*sources, known])
    claim = _NUMBERED.sub("", claim)
    return tuple(dict.fromkeys([*_figures(claim, given, known, language), *_names(claim, given)]))


def _figures(claim: str, given: str, known: str, language: Language) -> Iterator[str]:
    spoken = [_read(given), _read(_ORDINAL.sub("  ", given)), _read(indonesian(known)[0])]
    amounts = [amount for read in spoken for amount in read.amounts]
    moments = [moment for read in spoken for moment in read.moments]
    for written, readings in _readings(claim, language):
        if not any(_stands(read, amounts, moments) for read in readings):
            yield written


def _readings(claim: str, language: Language) -> Iterator[tuple[str, list[Measures]]]:
    """Each figure or date of a claim as written, with what it may mean.

    An English text about Indonesia may keep the points of "Rp 10.000": both readings are right there.
    """
    text, pieces = indonesian(claim) if language == "en" else (_ORDINAL.sub("  ", claim), ())
    for start, end, read in _places(text):
        written = _written(text, start, end, pieces)
        also = [_read(written)] if language == "en" and _POINTED.fullmatch(written) else []
        yield written, [read, *also]


def _places(text: str) -> Iterator[tuple[int, int, Measures]]:
    """Where the figures and dates of an Indonesian text begin and end, and what each is."""
    words = [match.span() for match in re.finditer(r"[^\W_]+(?:[.,/:]\d+)*", text)]
    for i, (start, _) in enumerate(words):
        found = measures(text, start, start + 1)
        if not found.values:
            continue
        ends = (end for _, end in words[i : i + 12])
        end = next((e for e in ends if measures(text[start:e]).values == found.values), words[i][1])
        yield start, end, found


def _written(text: str, start: int, end: int, pieces: Iterable[Piece]) -> str:
    return next((p.written for p in pieces if p.start <= start < p.end), text[start:end])


@lru_cache(256)
def _read(text: str) -> Measures:
    return measures(text)


def _stands(read: Measures, amounts: Sequence[Amount], moments: Sequence[Moment]) -> bool:
    return all(
        any(_counts(amount, other) for other in amounts) or _a_year(amount, moments)
        for amount in read.amounts
    ) and all(_falls(moment, moments, {other.low for other in amounts}) for moment in read.moments)


def _counts(claimed: Amount, other: Amount) -> bool:
    """Whether a figure says what the other does; one is said of anything."""
    if claimed.low == claimed.high == 1:
        return True
    near = claimed.low <= other.low <= other.high <= _MORE * claimed.low
    if claimed.bound > 0 and near and _digits(claimed.low) < _digits(other.low):
        return True  # "more than 100" of 127, but not "at least 126" of 162
    slack = _SLACK if claimed.rough else 1e-9
    return claimed.low * (1 - slack) <= other.low and other.high <= claimed.high * (1 + slack)


def _digits(number: float) -> int:
    """The digits that a figure is told with, zeros at its end left out."""
    return len(f"{number:.0f}".rstrip("0"))


def _a_year(claimed: Amount, moments: Sequence[Moment]) -> bool:
    """Whether a figure without its point was read as a year: "2000 tentara"."""
    one = claimed.low == claimed.high == 1
    return one or any(moment.year == claimed.low == claimed.high for moment in moments)


def _falls(claimed: Moment, moments: Sequence[Moment], counted: set[float]) -> bool:
    """Whether a date stands among others; its year may be told apart from it, as an article's date is.

    A year alone may have been read as a figure, one of those `counted`: "di tengah 2020 kasus".
    """
    if claimed.year is not None and claimed.year not in {moment.year for moment in moments}:
        return claimed == Moment(claimed.year) and claimed.year in counted
    if claimed.clock is not None:
        return claimed.clock in {moment.clock for moment in moments}
    return claimed.month is None or any(
        other.month == claimed.month
        and (claimed.day is None or other.day == claimed.day)
        and (claimed.year is None or other.year in (None, claimed.year))
        for other in moments
    )


def _names(claim: str, given: str) -> Iterator[str]:
    have, plain = exonyms.known_forms(given)
    words = _words(plain) | _initials(given)
    names = {name for name, _ in have} | words
    wanted, rest = exonyms.known_forms(claim)
    for name, written in wanted:
        if not names & exonyms.instead(name):
            yield written
    first = _WORD.search(claim)
    for match in _WORD.finditer(rest):
        start = first is not None and match.start() == first.start()
        if _a_name(match[0], start) and not _spelled(match[0].lower(), words):
            yield match[0]


def _a_name(word: str, start: bool) -> bool:
    """Whether a word is a name by its capital; at the start of a claim, also by being in no dictionary."""
    word = _POSSESSIVE.sub("", word)
    if len(word) < 2 or not word[0].isupper() or exonyms.generic(word) or not stems(word):
        return False
    if any(measures(form).values for form in (word, indonesian(word)[0])):  # a month, a number word
        return False
    return not start or not common(word.lower())


def _words(text: str) -> frozenset[str]:
    return frozenset(match[0].lower() for match in _WORD.finditer(text))


def _initials(text: str) -> frozenset[str]:
    """What names of several words may be shortened to: Komisi Pemilihan Umum is KPU.

    A title may stand before such a name and a person's behind it, all of them with capitals.
    """
    found = set()
    for match in _CAPITALS.finditer(text):
        letters = "".join(w[0] for w in _WORD.findall(match[0]) if w[0].isupper()).lower()
        found |= {
            letters[i : i + count]
            for count in range(2, _LONGEST_INITIALS + 1)
            for i in range(len(letters) - count + 1)
        }
    return frozenset(found)


def _spelled(word: str, words: frozenset[str]) -> bool:
    """Whether a name stands among words, in this spelling or one that is near."""
    from rapidfuzz.fuzz import ratio

    bare = _POSSESSIVE.sub("", word)
    if bare in words or word in words:
        return True
    long = [other for other in words if len(other) >= _SHORTEST]
    return len(bare) >= _SHORTEST and any(ratio(bare, other) >= _LIKE for other in long)
