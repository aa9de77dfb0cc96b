"""The short answer: which words of a sentence to show, by their offsets in the article's text.

A reader marks pieces of words and of clauses. Here they become whole ones: words, figures with what they
count in, and for questions of why, how and what was said the clause or the quoted speech around them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from assistant.forms import Form
from assistant.records import Span
from index.marks import QUOTES, is_minus, marks

Range = tuple[int, int]  # of a sentence's text: first character, and behind the last

_EDGE = frozenset(" \t\r\n\f\v\u00a0.,;:!?…-–—*•·|" + QUOTES)
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_CLOSING = {closing: opening for opening, closing in _BRACKETS.items()}
_NEXT_BRACKET = re.compile(r"[()\[\]{}]")
_WORD = re.compile(r"\w+(?:[-'’]\w+|(?<=\d)[.,:/](?=\d)\d+)*")  # Jum'at, memata-matai, 5.200, 30/01

_SCALE = r"(?:belas|puluh|ratus|ribu|juta|mil[iy]ar|triliun|persen)"
_FIGURE = (
    r"(?:\d[\d.,]*|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|se(?:puluh|belas|ratus|ribu|juta)|"
    rf"{_SCALE}|(?:puluh|ratus|ribu|juta|mil[iy]ar|triliun)an)"
)
_MONTH = (
    r"(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember)"
)
_UNFINISHED = (
    # A piece that ends as on the left goes on through what is on the right.
    (re.compile(rf"\b{_FIGURE}$", re.I), re.compile(rf"\s+{_SCALE}\b|\s?%", re.I)),
    (
        re.compile(rf"\b(?:{_FIGURE})$", re.I),
        re.compile(rf"\s+(?=\w+\s+{_SCALE}\b){_FIGURE}\b", re.I),
    ),
    (re.compile(r"\b\d{1,2}$"), re.compile(rf"\s+{_MONTH}\b", re.I)),
    (re.compile(rf"\b{_MONTH}$", re.I), re.compile(r"\s+[12]\d{3}\b")),
    (re.compile(r"(?:\bRp|US\$|\$)\.?$"), re.compile(r"\s*\d[\d.,]*\d|\s*\d")),
)
_UNBEGUN = (
    # A piece that begins as on the right has what is on the left before it.
    (re.compile(rf"{_FIGURE}\s+$", re.I), re.compile(rf"{_SCALE}\b", re.I)),
    (re.compile(r"(?:\bRp|US\$|\$)\.?\s?$"), re.compile(r"\d")),
    (re.compile(r"(?<![\d.,/])\d{1,2}\s+$"), re.compile(rf"{_MONTH}\b", re.I)),
)

# Where a clause may begin: with these words, behind those of saying, behind a sign that parts clauses.
_CONNECTIVE = (
    r"karena|sebab|akibat|lantaran|disebabkan|gara-gara|agar|supaya|untuk|demi|guna|bahwa|dengan|lewat|"
    r"melalui|sebagai|atas|berkat|sehingga|hingga|ketika|setelah|sesudah|sebelum|sejak|saat|sambil|"
    r"sedangkan|sementara|tetapi|namun|meskipun|meski|walaupun|walau|jika|kalau|apabila|bila|yakni|yaitu"
)
_BEGINNING = re.compile(rf"(?<![\w-])(?:oleh )?(?:{_CONNECTIVE})(?![\w-])", re.IGNORECASE)
_SAYING = re.compile(
    r"(?<![\w-])(?:me(?:ngatakan|nyatakan|negaskan|nyebut(?:kan)?|nuturkan|nambahkan|nilai|nuding|nuduh|minta|"
    r"mastikan|ngaku(?:i)?|ngungkapkan|nyampaikan|njelaskan|ngumumkan|nerangkan|ngusulkan|ngimbau|nyerukan|"
    r"mperkirakan|ngingatkan|nduga|mperingatkan|nganjurkan|njanjikan|nganggap|nekankan)|"
    r"ber(?:harap|pesan|janji|pendapat|kata|ujar|sumpah|tanya)|(?:me)?yakin|bilang)\s+(?:bahwa\s+)?",
    re.IGNORECASE,
)
_PARTING = re.compile(r"[,;:…]+(?=\s|$|[\"'”’])|\s[-–—]\s")
_ANOTHER = re.compile(
    # "dan" with a verb, and words that turn to another thing, end a clause that the reader ended there.
    r"\s+(?:(?:dan|serta|atau|lalu|kemudian)\s+(?=(?:me|ber|di|ter|akan|tidak|telah|sudah|ingin|juga)\w*)|"
    r"(?:sehingga|sedangkan|sementara|tetapi|namun|meskipun|meski|walaupun|walau|ketika|setelah|sesudah|"
    r"sebelum|sejak|saat)\b)",
    re.IGNORECASE,
)
_LEAST = 2  # words of a clause; what is less goes on to the next sign


def short(span: Span, form: Form) -> Span:
    """The span as it is to be shown for a question of this form: trimmed, whole, within its sentence."""
    text, offset = span.sentence.text, span.sentence.start
    found = whole(text, span.start - offset, span.end - offset)
    if form.clause:
        found = clause(text, *found, speech=form is Form.SPEECH)
    return Span(span.sentence, offset + found[0], offset + found[1], span.score)


def whole(text: str, start: int, end: int) -> Range:
    """A piece of a sentence trimmed, then widened to whole words, figures and dates."""
    start, end = trimmed(text, start, end)
    words = _words(text)
    at = bisect_left(words, (start, start))
    if at and words[at - 1][1] > start:
        start = words[at - 1][0]
    at = bisect_left(words, (end, end)) - 1
    if at >= 0 and words[at][1] > end:
        end = words[at][1]
    for before, after in _UNBEGUN:
        if after.match(text, start) and (found := before.search(text[:start])):
            start = found.start()
    for ending, going_on in _UNFINISHED * 2:
        if (found := going_on.match(text, end)) and ending.search(text[start:end]):
            end = found.end()
    return trimmed(text, start, _closed(text, start, end))


def _closed(text: str, start: int, end: int) -> int:
    """The end of a piece, behind the bracket that closes what the piece opens: "Kamis (8/8" goes on."""
    closing = _NEXT_BRACKET.search(text, end)
    if not closing or closing[0] not in _CLOSING:
        return end
    opening = _CLOSING[closing[0]]
    return closing.end() if _unpaired(text[start:end].rstrip(opening), opening) else end


def trimmed(text: str, start: int, end: int) -> Range:
    """A piece without the signs and blanks at its edges; brackets stay in pairs.

    What is nothing but signs stays as it is.
    """
    low, high = start, end
    while low < high:
        first, last = text[low], text[high - 1]
        piece = text[low:high]
        if (
            (first in _EDGE and not is_minus(text, low))
            or _unpaired(piece, first)
            or first in _CLOSING
        ):
            low += 1
        elif last in _EDGE or _unpaired(piece, last) or last in _BRACKETS:
            high -= 1
        elif first in _BRACKETS and _closes(piece) == len(piece) - 1:
            low, high = low + 1, high - 1
        else:
            return low, high
    return start, end


def clause(text: str, start: int, end: int, *, speech: bool = False) -> Range:
    """The clause around a piece of a sentence; all of the quoted words if it is among such.

    It begins with a connective ("karena …", "untuk …"), behind a word of saying, or where another clause
    ends. For `speech` quoted words stay together.
    """
    low, high = _quoted(text, start, end) or (0, len(text))
    if speech and (low, high) != (0, len(text)):
        return trimmed(text, low, high)
    begin, stop = _begin(text, low, start), _stop(text, end, high)
    if len(text[begin:stop].split()) < _LEAST:
        begin, stop = _begin(text, low, max(low, begin - 2)), stop
    found = trimmed(text, begin, stop)
    return found if len(text[slice(*found)].split()) >= _LEAST else trimmed(text, low, high)


def _begin(text: str, low: int, start: int) -> int:
    """Where the clause begins that a piece from `start` on is in."""
    places = [low]
    places += [match.end() for match in _PARTING.finditer(text, low, start)]
    # The piece may begin with the connective itself, so that this may start just where it does.
    places += [m.start() for m in _BEGINNING.finditer(text, low) if m.start() <= start]
    places += [match.end() for match in _SAYING.finditer(text, low) if match.end() <= start]
    return max(places)


def _stop(text: str, end: int, high: int) -> int:
    """Where the clause ends that a piece up to `end` is in."""
    if another := _ANOTHER.match(text, end):
        return min(another.start(), high)
    parting = _PARTING.search(text, max(0, end - 1), high)
    return min(max(parting.start(), end), high) if parting else high


def _quoted(text: str, start: int, end: int) -> Range | None:
    """The quoted words that a piece is among, their marks left out; a quotation may go on outside."""
    found = marks(text)
    signs = sorted(
        [(place, True) for place in found.openers if text[place] in QUOTES]
        + [(place, False) for place in found.closers if text[place] in QUOTES]
    )
    opened: int | None = None if not signs or signs[0][1] else 0
    for place, opens in signs:
        if opens:
            opened = place + 1 if opened is None else opened
        elif opened is not None:
            if opened <= start and end <= place:
                return opened, place
            opened = None
    return (opened, len(text)) if opened is not None and opened <= start else None


def _unpaired(piece: str, sign: str) -> bool:
    """Whether a sign is a bracket without its partner in the piece."""
    partner = _BRACKETS.get(sign) or _CLOSING.get(sign)
    return partner is not None and piece.count(sign) > piece.count(partner)


def _closes(piece: str) -> int:
    """Where the bracket closes that a piece begins with; -1 if it does not."""
    depth = 0
    for place, sign in enumerate(piece):
        depth += (sign == piece[0]) - (sign == _BRACKETS[piece[0]])
        if not depth:
            return place
    return -1


@lru_cache(256)
def _words(text: str) -> tuple[Range, ...]:
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[Range]:
    for match in _WORD.finditer(text):
        yield match.span()
