"""The items of an answer that is a list: what one sentence names, and what further sentences add."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.agree import overlap, same
from assistant.records import Finding, Span
from assistant.short import Range, trimmed, whole

_LESS_LIKELY = 2.5  # than the best span of its sentence: a further span that is still an item
_REPEATED = 0.34  # of the words of an enumeration: the same list in other words

_AND = r"(?:dan|serta|atau|maupun)"
_TO = r"(?:di|ke|dari|pada|oleh|untuk|dengan)"
_BETWEEN = re.compile(rf"\s*[,;/]?\s*(?:{_AND}\s+)?(?:{_TO}\s+)?(?:juga\s+)?", re.IGNORECASE)
_WORD = r"(?:(?:Prof|Drs?|Ir|Hj?|KH|Tn|Ny|St|Mrs?)\.|[^\s,;:.()\"“”]+)"  # a title has a full stop
_PIECE = rf"(?!{_AND}\b){_WORD}(?:\s+(?!{_AND}\b){_WORD}){{0,4}}"
_GOING_ON = re.compile(
    rf"(?:\s*,\s*{_PIECE})*\s*,?\s+{_AND}\s+{_PIECE}(?=\s*(?:[.,;:)\"“”]|$))", re.IGNORECASE
)
_OPENED = re.compile(
    r"(?:\b(?:yakni|yaitu|adalah|ialah|antara lain|meliputi|terdiri (?:atas|dari)|mencakup)\s+|:\s*)"
    rf"({_PIECE}(?:\s*,\s*{_PIECE})*\s*(?:,|,?\s+{_AND})\s+)$",
    re.IGNORECASE,
)
_LEADING = re.compile(_TO, re.IGNORECASE)
_LAST = re.compile(rf"(?:^|\s){_AND}\s+(?:{_TO}\s+)?", re.IGNORECASE)  # before the last item
# Where the last item ends and the sentence goes on: at a word in small letters behind a name, at a place,
# a time, a reason or a verb behind a thing.
_BEHIND_NAME = re.compile(r"\s+(?=[a-z])(?!(?:bin|binti|al|el|van|von|de|da|of)\b)")
_BEHIND_THING = re.compile(
    r"\s+(?=(?:di|ke|pada|oleh|sejak|hingga|sampai|saat|ketika|sebelum|setelah|sesudah|akibat|karena|"
    r"akan|telah|sudah|tidak|ikut|(?:me[mnr]|ber|ter)[a-z]{4,})\b)"
)
_VERB = re.compile(r"(?:me[mnr]?|ber|ter|akan|telah|sudah|tidak)\w*")
_SEVERAL = re.compile(rf",|;|\s{_AND}\s", re.IGNORECASE)


def items(finding: Finding) -> list[Span]:
    """The items that a sentence names, in reading order; those that stand together are one span."""
    if not finding.spans:
        return []
    sentence, best = finding.evidence.sentence, finding.spans[0].score
    text, offset = sentence.text, sentence.start
    found = [
        enumeration(text, *whole(text, span.start - offset, span.end - offset))
        for span in finding.spans
        if best - span.score <= _LESS_LIKELY
    ]
    return [
        Span(sentence, offset + start, offset + end, best) for start, end in joined(text, found)
    ]


def enumeration(text: str, start: int, end: int) -> Range:
    """A piece of a sentence with the rest of the enumeration that it belongs to, if that is closed."""
    going_on = _GOING_ON.match(text, end)
    if going_on and _of_a_kind(text[start:end], going_on[0]):
        end = _last_end(text, end, going_on.end())
    if opened := _OPENED.search(text[:start]):
        start = opened.start(1)
    return trimmed(text, start, end)


def _last_end(text: str, start: int, end: int) -> int:
    """Where the last item ends of those that stand from `start` on."""
    *_, last = _LAST.finditer(text, start, end)
    first = text[last.end() : end].split(maxsplit=1)
    behind = _BEHIND_NAME if first and first[0][:1].isupper() else _BEHIND_THING
    found = behind.search(text, last.end() + len(first[0]) if first else end, end)
    return found.start() if found else end


def _of_a_kind(first: str, others: str) -> bool:
    """Whether what follows is more of the same: names with names, no verb of the sentence's own."""
    kinds = {_kind(piece) for piece in [first, *_SEVERAL.split(others)] if piece.strip()}
    return len(kinds) == 1


def _kind(piece: str) -> str:
    words = [word for word in piece.split() if not _LEADING.fullmatch(word)]
    first = words[0] if words else ""
    return "name" if first[:1].isupper() else "verb" if _VERB.match(first) else "thing"


def joined(text: str, found: Sequence[Range]) -> list[Range]:
    """Pieces in reading order; those with nothing but commas and the like between them become one."""
    ordered = sorted(found)
    whole_ones = list(ordered[:1])
    for _, (start, end) in pairwise(ordered):
        low, high = whole_ones[-1]
        if start <= high or _BETWEEN.fullmatch(text, high, start):
            whole_ones[-1] = (low, max(high, end))
        else:
            whole_ones.append((start, end))
    return whole_ones


def added(known: Sequence[Span], further: Sequence[Span]) -> list[Span]:
    """The spans that name something new; one list in other words names nothing new."""
    return [span for span in further if not any(_named(one, span) for one in known)]


def _named(one: Span, other: Span) -> bool:
    if same(one, other):
        return True
    lists = all(_SEVERAL.search(span.text) for span in (one, other))
    return overlap(one.text, other.text) >= (_REPEATED if lists else 1.0)
