"""Which line ends of an article are boundaries: blocks of text that no sentence crosses.

A blank line always divides. A single line end does where a headline, a list item or a paragraph
ends, and does not where text was wrapped at a column. Wrapped text is known by lines that are full:
the first word of the next line would not have fitted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.abbreviations import ends_sentence

# Every line end of the Unicode standard. \r\n is one.
_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_PARAGRAPH_ENDS = re.compile("[\x0c\u2029]")
_WIDEST_COLUMN = 160
_NARROWEST = 16
_SLACK = 12  # a full line may be this much wider than the widest line known to run on
_SHORT = 30
_TAIL = 80
_OPEN_MARKS = "–—-([{“‘„«"
_QUOTES = "\"'“”‘’«»(["

_ITEM = re.compile(
    r"(?:[–—•*▪·●○►✓✔➤-]\s+|[(\[]?\d{1,2}[.)\]]\s|\(?(?:[a-z]|[ivx]{1,4})[.)]\s)\s*\S"
)
_LETTER_ITEM = re.compile(r"(?:[A-Z]|[IVX]{1,4})[.)]\s")
_ENDED = re.compile(r"[.!?…][\"'”’»)\]]*$")
_LETTER = re.compile(r"[^\W\d_]")
_RUNNING = re.compile(r"[a-z][.?!][\"”]? [A-Z]")
_OPEN_WORDS = re.compile(
    r"(?:dan|atau|yang|di|ke|dari|untuk|oleh|dengan|pada|kepada|dalam|bagi|serta|antara|tentang|para"
    r"|sebuah|seorang|sebagai|karena|bahwa|akan|telah|tidak|the|of|and)",
    re.IGNORECASE,
)
_COMPLIMENT = re.compile(
    r"(?:dengan hormat|(?:salam )?hormat (?:kami|saya)|salam(?: \w+)?|wassalam.*|assalam.*|yth\..*"
    r"|(?:pak|bu|bapak|ibu|saudara|dear|yang terhormat)\b.*),",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Line:
    """A line's stretch without the white space at its edges."""

    start: int
    end: int
    text: str
    opens_paragraph: bool
    column: int = 0  # the width its paragraph was wrapped at; 0 where it was not


def blocks(text: str, stands_alone: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of every stretch of text that no sentence crosses, white space trimmed.

    `stands_alone` says of a line's text that it is no part of a running sentence, whatever its
    neighbours are (page furniture).
    """
    start = 0
    before: _Line | None = None
    for line in _measured(text):
        if before is not None:
            opening = _LETTER.search(text, start, start + _TAIL)
            joined = not line.opens_paragraph and _continues(
                opening[0] if opening else "", before, line
            )
            if not joined or stands_alone(before.text) or stands_alone(line.text):
                yield start, before.end
                start = line.start
        else:
            start = line.start
        before = line
    if before is not None:
        yield start, before.end


def _lines(text: str) -> Iterator[_Line]:
    last = 0
    for match in _LINE.finditer(text):
        if content := match[0].strip():
            start = match.end() - len(match[0].lstrip())
            yield _Line(start, start + len(content), content, _has_blank(text[last:start]))
            last = start + len(content)


def line_ends(gap: str) -> int:
    """How many line ends a stretch of white space holds; \\r\\n is one."""
    return len((gap + ".").splitlines()) - 1


def _has_blank(gap: str) -> bool:
    return line_ends(gap) > 1 or _PARAGRAPH_ENDS.search(gap) is not None


def _measured(text: str) -> list[_Line]:
    """The lines of a text, each with the column that its paragraph was wrapped at."""
    lines = list(_lines(text))
    paragraphs: list[list[_Line]] = []
    for line in lines:
        if line.opens_paragraph or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(line)
    widths = [_wrapped_widths(paragraph) for paragraph in paragraphs]
    everywhere = [width for some in widths for width in some]
    common = max(everywhere) if len(everywhere) >= 3 and max(everywhere) >= 40 else 0
    for paragraph, some in zip(paragraphs, widths, strict=True):
        column = max(some) if _is_evidence(some) else common or _even_width(paragraph)
        _set_column(paragraph, column)
    return lines


def _wrapped_widths(paragraph: list[_Line]) -> list[int]:
    """Widths of the lines that surely run on: open at the end, the next one in lower case."""
    return [
        len(line.text)
        for line, following in pairwise(paragraph)
        if following.text[0].islower()
        and not _ENDED.search(line.text[-_TAIL:])
        and line.text[-1] not in ":;"
        and len(line.text) <= _WIDEST_COLUMN
    ]


def _is_evidence(widths: list[int]) -> bool:
    return bool(widths) and (max(widths) >= 40 or len(widths) > 1) and max(widths) >= _NARROWEST


def _even_width(paragraph: list[_Line]) -> int:
    """The column of a paragraph of even lines, one of which holds the end of a sentence; else 0."""
    widths = [len(line.text) for line in paragraph[:-1]]
    even = len(widths) > 1 and 40 <= max(widths) <= _WIDEST_COLUMN
    if not even or min(widths) < max(widths) - _SLACK:
        return 0
    return max(widths) if any(_RUNNING.search(line.text) for line in paragraph[:-1]) else 0


def _set_column(paragraph: list[_Line], column: int) -> None:
    if max(len(line.text) for line in paragraph) <= column + _SLACK:
        for line in paragraph:
            line.column = column


def _is_full(line: _Line, following: _Line) -> bool:
    """Whether the next line's first word would have overrun the column."""
    word = following.text[:_TAIL].split()[0]
    return len(line.text) + 1 + len(word) > line.column > 0


def _continues(opening: str, line: _Line, following: _Line) -> bool:
    """Whether the text of `line` runs on in the following line of its paragraph."""
    full = _is_full(line, following)
    lower = following.text[0].islower()
    tail = line.text[-_TAIL:]
    last = tail.split()[-1]
    if _ITEM.match(following.text) or (_LETTER_ITEM.match(following.text) and not full):
        return False
    if _ENDED.search(tail):
        return full or _is_unfinished(opening, tail, following.text)
    if last[-1] in ":;":
        return full and lower
    if last[-1] == ",":
        return lower or full or not _COMPLIMENT.fullmatch(line.text[:_WIDEST_COLUMN])
    if last[-1] in _OPEN_MARKS or _OPEN_WORDS.fullmatch(last):
        return len(line.text) > len(last)
    if lower:
        return full or len(line.text) >= _SHORT or not opening.islower()
    return full


def _is_unfinished(opening: str, tail: str, following: str) -> bool:
    """Whether a line that ends in a mark still runs on: `Prof.`, or `"Ya."` before `kata Budi`."""
    words = tail.split()
    if following[0].islower():
        return tail[-1] not in ".!?" or (tail.endswith(("...", "…")) and not opening.islower())
    if len(words) < 2 or tail[-1] != ".":
        return False
    after = following[:_TAIL].split()[0]
    return ends_sentence(words[-1][:-1].lstrip(_QUOTES), words[-2], after) is False
