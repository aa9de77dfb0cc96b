"""Whether two findings say the same, or differ on a figure or a date of the same thing.

The words and figures decide, nothing else: a wrong "the articles differ" is worse than none, so sentences
must share most of what they say before two of their figures are set against each other.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.measures import Measures, Moment, Relation, compare, measures
from assistant.records import Finding, Span
from index.words import stems

_LIKE = 86  # of rapidfuzz's ratio: names that are spelled in two ways
_SHORTEST = 6  # letters of such a name, of one or more words: Iran is not Irian
_SHARED = 0.6  # of the words of the shorter of two clauses that say the same
_ABOUT = 0.5  # of the words of the shorter of two sentences about the same thing
_ABOUT_WORDS = 3  # shared at least
_NEGATION = re.compile(r"\b(?:tidak|tak|bukan|belum|tanpa)\b", re.IGNORECASE)
# A part of a place and somebody at another's side have these beside the name: Papua Barat is not Papua,
# Kepulauan Riau not Riau, the vice president not the president.
_OTHERS = frozenset(
    stems(
        "barat timur utara selatan tengah tenggara barat-laut timur-laut daya kepulauan raya laut baru "
        "wakil mantan eks bekas calon asisten istri suami anak ayah ibu adik kakak keluarga pengacara"
    )
)
# What became of those that a figure counts: a sentence of the dead does not gainsay one of the injured.
_FATES = [
    frozenset(stems(words))
    for words in (
        "tewas menewaskan meninggal wafat",
        "luka terluka melukai cedera",
        "hilang",
        "mengungsi pengungsi",
        "selamat",
        "sembuh",
        "rusak merusak hancur menghancurkan",
    )
]
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DIGIT = re.compile(r"\d")
_UNHEARD = re.compile(r"[aeiouhyáéíóú'’-]")
_DOUBLED = re.compile(r"(.)\1+")
_ALIKE = str.maketrans("qcvz", "kkfs")


def same(a: Span, b: Span) -> bool:
    """Whether two spans, found for one question, give the same answer."""
    if _negated(a) != _negated(b):
        return False
    stating, also = stated(a), stated(b)
    relation = compare(stating, also)
    both = (stating.amounts and also.amounts) or (stating.moments and also.moments)
    if both and relation is not Relation.SAME:
        return stating.values == also.values and about_the_same(a, b)
    one, other = words(a.text), words(b.text)
    if not one or not other:
        return " ".join(a.text.lower().split()) == " ".join(b.text.lower().split())
    if relation is Relation.SAME and not _only_a_year(stating, also):
        return True
    return _within(one, other) or _alike(one, other)


def differ(a: Span, b: Span) -> bool:
    """Whether two spans give different figures or dates for the same thing at the same time."""
    return (
        compare(stated(a), stated(b)) is Relation.DIFFERENT
        and about_the_same(a, b)
        and not _of_other_times(a, b)
        and not _of_other_fates(a, b)
    )


def about_the_same(a: Span, b: Span) -> bool:
    """Whether the sentences of two spans share most of what they say, the spans themselves left out."""
    one, other = _about(a), _about(b)
    shared = len(one & other)
    return shared >= _ABOUT_WORDS and shared >= _ABOUT * min(len(one), len(other))


def of_the_time(finding: Finding, question: str) -> bool:
    """Whether a finding speaks of a year that the question names; yes where it names none.

    "In early 2019" asks what was so then: a later article with another figure does not gainsay it.
    """
    years = set(_YEAR.findall(question))
    published = finding.evidence.published
    told = set(_YEAR.findall(finding.evidence.sentence.text))
    return not years or published is None or bool(years & {str(published.year), *told})


def stated(span: Span) -> Measures:
    """The figures and dates in a span, read with the words around it."""
    offset = span.sentence.start
    return measures(span.sentence.text, span.start - offset, span.end - offset)


def words(text: str) -> tuple[str, ...]:
    """The words that carry meaning, by their stems."""
    return tuple(stems(text))


def overlap(one: str, other: str) -> float:
    """The share of the shorter text's words that the longer one has too."""
    a, b = set(words(one)), set(words(other))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _only_a_year(one: Measures, other: Measures) -> bool:
    """Whether all that two spans state is a year, as in the names of elections and games."""
    moments = [*one.moments, *other.moments]
    return not one.amounts and not other.amounts and all(m == Moment(m.year) for m in moments)


def _of_other_times(a: Span, b: Span) -> bool:
    """Whether what their sentences tell of the time, the spans themselves left out, does not agree."""
    one, other = (measures(_around(span)).moments for span in (a, b))
    told = {compare(Measures((), (m,)), Measures((), (n,))) for m in one for n in other}
    return Relation.DIFFERENT in told and Relation.SAME not in told


def _of_other_fates(a: Span, b: Span) -> bool:
    """Whether one sentence tells of the dead and the other of the injured, or the like."""
    one, other = ([fate & {*words(span.sentence.text)} for fate in _FATES] for span in (a, b))
    return any(one) and any(other) and not any(x and y for x, y in zip(one, other, strict=True))


def _within(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one opens or closes the other: a name with its title, a figure with what it counts."""
    short, long = sorted((one, other), key=len)
    more = len(long) - len(short)
    if long[more:] == short:
        return not _OTHERS & {*long[:more]}
    return long[: len(short)] == short and not _OTHERS & {*long[len(short) :]}


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether they are one name in two spellings, or clauses that share most of their words."""
    from rapidfuzz.fuzz import ratio

    a, b = " ".join(one), " ".join(other)
    if not _DIGIT.search(a + b) and min(len(a), len(b)) >= _SHORTEST and ratio(a, b) >= _LIKE:
        return len(one) == len(other) and all(
            _sounds(x) == _sounds(y) for x, y in zip(one, other, strict=True)
        )
    left, right = ({word for word in words if not _DIGIT.search(word)} for words in (one, other))
    shorter = min(len(left), len(right))
    return shorter >= _ABOUT_WORDS and len(left & right) >= _SHARED * shorter


def _sounds(word: str) -> str:
    """The consonants of a name, by which Fuad is Fouad, and Austria not Australia."""
    return _DOUBLED.sub(r"\1", _UNHEARD.sub("", word)).translate(_ALIKE)


@lru_cache(256)
def _about(span: Span) -> frozenset[str]:
    return frozenset(word for word in words(_around(span)) if not _DIGIT.search(word))


def _around(span: Span) -> str:
    """The sentence without the span; what stood apart stays apart."""
    text, offset = span.sentence.text, span.sentence.start
    return f"{text[: span.start - offset]} | {text[span.end - offset :]}"


def _negated(span: Span) -> bool:
    return bool(_NEGATION.search(span.text))
