"""Sentences of an Indonesian article, each with its exact place in the text.

The boundaries come from the library sentencex (language "id") and are repaired here: breaks behind
abbreviations, initials and list numbers are undone, breaks inside quotations and at line ends that
it does not look for are added. What counts as a sentence:

- A quotation of several sentences is broken at its inner full stops. The closing mark stays with
  the sentence it closes, a lower-case attribution with its quotation: `"Siap." kata Budi.`
- Brackets inside a sentence are never broken; a sentence in brackets is one of its own.
- Headlines, list items, captions and address lines are sentences; wrapped lines are joined
  (index/lines.py).
- A sign-off at the end of a paragraph, `(dtk/abc)` or `[IT/AR]`, is a sentence, so that the one in
  front of it stays clean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

from index.abbreviations import ends_sentence, starts_sentence
from index.furniture import furniture, is_sign_off, sign_off_at, stands_alone
from index.lines import blocks
from index.marks import QUOTES, Marks, marks
from index.records import Sentence

VERSION = "2"

_MARKS = re.compile(r"[.!?…。！？]+(?:\s[.!?…]+)*")
# Hidden from sentencex, which would not look inside quotations and brackets.
_HIDDEN = str.maketrans(dict.fromkeys(QUOTES + "()[]{}\n\r\t\x0b\x0c\x85\u2028\u2029", " "))
_WORD = re.compile(r"[^\s\"“”„«»‘()\[\]{}]+")
_FOREIGN = set("।॥؟۔።፧")  # ends of sentences in other scripts, which sentencex knows
_LINK = re.compile(r"[(\[]\s*(?:baca|simak|lihat|tonton)(?:\s+juga)?\s*:", re.IGNORECASE)
_SPACE = re.compile(r"\s*")
_EMOJI = re.compile(
    r"(?:\s?(?:[\u2600-\u27bf\U0001f000-\U0001faff][\ufe0f\u200d\U0001f3fb-\U0001f3ff]*"
    r"|[:;]-?[)(DP](?!\w)))+"
)
_GLUED = re.compile(r"[A-Z][a-z]+(?![\w.@/])|[A-Z][a-z]{3,}(?!\w)")
_DOMAIN = re.compile(r"(?:com|co|id|net|org|tv|go|ac|info|news|web|biz|io|js)\b", re.IGNORECASE)
_NEAR = 48  # how far around a mark words are looked for
_OPENING = QUOTES + "([{"
_LEADING = "-–—•*·¿¡#@"
_CLOCK_WORDS = {"pukul", "jam", "pkl", "pkl.", "hingga", "sampai"}
_NAMES_WITH_MARK = {"Yahoo"}


def split(text: str, file: str = "", title: str | None = None) -> tuple[Sentence, ...]:
    """Split an article into numbered sentences, page furniture marked.

    `file` is copied into the records; `title` helps to know a repeated headline. Numbers count from
    1, offsets are in characters of `text`, and `text[start:end] == sentence.text`. Sentences are in
    order, do not overlap and leave out white space alone; a text without any gives ().
    """
    places = spans(text)
    flags = furniture(text, places, title)
    return tuple(
        Sentence(file, number, start, end, text[start:end], flag)
        for number, ((start, end), flag) in enumerate(zip(places, flags, strict=True), 1)
    )


def spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of every sentence, in characters, without the white space around it."""
    return [
        (offset + start, offset + end)
        for offset, stop in blocks(text, stands_alone)
        for start, end in _inside(text[offset:stop])
    ]


def _inside(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _ends(text):
        yield start, end
        start = _skip_space(text, end)
    yield start, len(text)


def _ends(text: str) -> Iterator[int]:
    """Where the sentences of one block end, the last one left out."""
    if is_sign_off(text):
        return
    limit = sign_off_at(text)
    start = 0
    if _MARKS.search(text):
        block = _Block.of(text)
        for first, last in block.candidates():
            if (link := block.link_end(start)) is not None:
                yield link
                start = _skip_space(text, link)
            if first < start:
                continue
            end = block.closed(last)
            if end >= (len(text) if limit is None else limit):
                break
            if block.breaks(start, first, last, end):
                yield end
                start = _skip_space(text, end)
    if limit is not None and start < limit:
        yield len(text[:limit].rstrip())


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


@dataclass(slots=True)
class _Block:
    """A stretch of running text, its marks paired, and what sentencex says of it."""

    text: str
    marks: Marks
    offered: set[int]

    @classmethod
    def of(cls, text: str) -> _Block:
        offered = set()
        for found in get_sentence_boundaries("id", text.translate(_HIDDEN)):
            trailing = len(found["text"]) - len(found["text"].rstrip())
            offered.add(found["end_index"] - trailing)
        return cls(text, marks(text), offered)

    def candidates(self) -> list[tuple[int, int]]:
        """(start, end) of every mark that may end a sentence, with what sentencex adds to ours."""
        ours = [match.span() for match in _MARKS.finditer(self.text)]
        known = {at for start, end in ours for at in range(start, end + 1)}
        others = [(at - 1, at) for at in self.offered - known if self.text[at - 1] in _FOREIGN]
        return sorted(ours + others)

    def closed(self, end: int) -> int:
        """The end of the sentence whose last mark ends at `end`: closing marks and emoji belong."""
        while True:
            if end in self.marks.closers:
                end += 1
            elif (at := _skip_space(self.text, end)) in self.marks.closers:
                end = at + 1
            elif match := _EMOJI.match(self.text, end):
                end = match.end()
            else:
                return end

    def link_end(self, start: int) -> int | None:
        """Where a link in brackets at `start` ends, if text follows: `(Baca juga: …) Ia pergi.`"""
        close = self.marks.bracket_at(start) if _LINK.match(self.text, start) else None
        if close is None or _skip_space(self.text, close + 1) == len(self.text):
            return None
        return close + 1

    def breaks(self, start: int, first: int, last: int, end: int) -> bool:
        """Whether the sentence from `start` ends with the mark at [first, last).

        `end` lies behind the closing marks that belong to it.
        """
        following = _skip_space(self.text, end)
        bracket = self.marks.bracket_around(end)
        if following == len(self.text) or (bracket is not None and bracket > start):
            return False  # at the end, or in a bracket that the sentence opened on its way
        mark, head = self.text[first:last], self._head(following)
        words = self.text[max(start, first - _NEAR) : first].split()
        spaced = self.text[first - 1 : first].isspace()
        word = "" if spaced or not words else words[-1].lstrip(_OPENING)
        before = words[-2].lstrip(_OPENING) if len(words) > 1 else ""
        if self.text[following] in "([{":
            return self._before_bracket(following, word, before)
        if not head or (following == end == last and not self._is_glued(following, mark, word)):
            return False
        if head[0].islower() and head.islower() and following not in self.marks.openers:
            return end == last and self._is_casual(start, mark, word, before)
        if "!" in mark or "?" in mark:
            return self._after_shout(first, word, head)
        if len(mark) > 1 or mark == "…":
            begun = self.text[start:first].strip(_OPENING + " ")
            return bool(begun) and first - 1 not in self.marks.openers
        return self._after_stop(last, word, before, head)

    def _head(self, following: int) -> str:
        """The next word, behind opening marks and dashes; "" where no sentence can begin."""
        at = following
        while at < len(self.text) and (
            at in self.marks.openers or self.text[at] in _LEADING or self.text[at].isspace()
        ):
            at += 1
        match = _WORD.match(self.text, at, at + _NEAR)
        word = match[0] if match else ""
        return word if word and (word[0].isalnum() or not _is_mark(word[0])) else ""

    def _before_bracket(self, following: int, word: str, before: str) -> bool:
        """`Ia pergi. (Lihat tabel.)`, but not `Tbk. (TLKM)`, `dkk. (2007),` or `sulit? (1/5)`."""
        close = self.marks.bracket_at(following)
        if close is None:
            return True
        inner = self.text[following + 1 : close].strip()
        at = _skip_space(self.text, close + 1)
        tail = self.text[at : at + 1]
        if tail in {",", ";", ":"} or tail.islower():
            return inner[:1] in {".", "…"}
        if inner[:1].isdigit() and not tail.isupper():
            return False
        return ends_sentence(word, before, inner) is None

    def _is_glued(self, following: int, mark: str, word: str) -> bool:
        """Whether a blank is missing: `kemarin.Menurut`, but not `Suara.com` or `B.J.`"""
        if following in self.marks.openers:
            return True
        if len(mark) > 1 and "." in mark:
            return False
        match = _GLUED.match(self.text, following)
        plain = word.lstrip("-").replace("-", "")
        if not match or len(plain) < 3 or not plain.isalpha():
            return False
        if plain.islower():
            return not _DOMAIN.match(self.text, following)
        return starts_sentence(match[0])

    def _is_casual(self, start: int, mark: str, word: str, before: str) -> bool:
        """Whether a sentence begins in lower case: after a plain word, or where all do."""
        if ".." in mark or "…" in mark or ends_sentence(word, before, "") is not None:
            return False
        if mark == "." and len(word) > 2 and word.isalpha() and word.islower():
            return True
        return self.text[start].islower() and not word.isdigit()

    def _after_shout(self, first: int, word: str, head: str) -> bool:
        if not word:  # (?) and (!) comment on a word
            return first - 1 not in self.marks.openers
        return word not in _NAMES_WITH_MARK or starts_sentence(head)

    def _after_stop(self, last: int, word: str, before: str, head: str) -> bool:
        if word.isdigit() and len(word) < 4 and (not before or before[-1] in ":;"):
            return False  # the number of a list item
        if word.isdigit() and head.isdigit() and len(head) == 2:
            return before.casefold() not in _CLOCK_WORDS
        if not before and set(word) <= set("IVX"):
            return False
        known = ends_sentence(word, before, head)
        if known is None:
            known = last in self.offered or word.islower() or starts_sentence(head)
        return known


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("P")
