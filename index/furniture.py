"""Page furniture: what a saved web page carries around its article.

Share buttons, "Baca juga" links, captions, time stamps, comment forms, sign-offs and repeated
headlines keep their place and number among the sentences, and are never evidence. A missed piece of
furniture costs little (a search may rank it); a sentence taken for furniture is lost. So a pattern
has to match a whole line, not a word in it, and real sentences may hold any of these words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.furniture_patterns import ANYWHERE, HEADER, LINE, PLAIN_SIGN_OFF, SIGN_OFF
from index.lines import line_ends

_TAIL = 70
_SENTENCE = 4  # words of a sentence that may stand behind a link, at the least
_TOP = 3  # so many headline-like lines may be the headline; tables repeat lines further down
_WORDS = re.compile(r"\w+")
# The site's name behind a headline: " - Kompas.com".
_SITE = re.compile(r"\s+[-–—|]\s+[\w.]+(?: [\w.]+){0,2}$")

# No piece of furniture that we know is longer; it also bounds what a pattern can cost.
_LONGEST = 320


def stands_alone(line: str) -> bool:
    """Whether a line is furniture that no sentence of its neighbours runs through."""
    return len(line) <= _LONGEST and LINE.fullmatch(line) is not None


def furniture(text: str, spans: Sequence[tuple[int, int]], title: str | None = None) -> list[bool]:
    """Say of each span of an article whether it is page furniture.

    `spans` are (start, end) in characters of `text`, in order, as `index.sentences.spans` gives
    them. `title` is the article's headline, if known: the first line that repeats it is kept as
    evidence, later ones are furniture, as is any later copy of a headline-like line.
    """
    flags = [False] * len(spans)
    seen = _Headlines(title)
    announced = listed = False  # by the line before: links follow it, or it was one of them
    last = 0
    for group in _on_one_line(text, spans):
        begin, end = spans[group[0]][0], spans[group[-1]][1]
        whole = text[begin:end]
        next_to = line_ends(text[last:begin]) == 1
        listed = (announced or (listed and next_to)) and _is_headline(whole)
        if listed or is_furniture(whole) or seen.again(whole):
            for at in group:
                flags[at] = True
            for at in _kept(text, spans, group):
                flags[at] = False
        elif len(group) > 1:
            for at in group:
                flags[at] = _is_noise(text[slice(*spans[at])])
        announced = HEADER.fullmatch(whole[:_TAIL]) is not None
        last = end
    return flags


def _kept(text: str, spans: Sequence[tuple[int, int]], group: Sequence[int]) -> Iterator[int]:
    """The sentences of a line of furniture that stand behind a link or a credit: "Foto: Antara. Ia …"."""
    first, *others = (text[slice(*spans[at])] for at in group)
    if not _is_noise(first):
        return
    for at, sentence in zip(group[1:], others, strict=True):
        whole = sentence.rstrip("\"'”’»)").endswith(".") and len(sentence.split()) >= _SENTENCE
        if whole and not is_furniture(sentence):
            yield at


def is_furniture(line: str) -> bool:
    """Whether a line, alone, is page furniture: by its words, or because it has none."""
    if len(line) > _LONGEST:
        return False
    return not _WORDS.search(line) or is_sign_off(line) or LINE.fullmatch(line) is not None


def _is_noise(sentence: str) -> bool:
    """Whether a sentence among others on its line is page furniture."""
    if len(sentence) > _LONGEST:
        return False
    return is_sign_off(sentence) or ANYWHERE.fullmatch(sentence) is not None


def is_sign_off(sentence: str) -> bool:
    """Whether a sentence is nothing but its writers' mark: `(dtk/abc)`, `[IT/AR]`, `(ARN)`."""
    return len(sentence) <= _TAIL and SIGN_OFF.fullmatch(sentence) is not None


def sign_off_at(paragraph: str) -> int | None:
    """Where the writers' mark at the end of a paragraph begins; None without one, or alone."""
    tail_at = max(0, len(paragraph) - _TAIL)
    at = max(paragraph.rfind("(", tail_at), paragraph.rfind("[", tail_at))
    if at <= 0 or paragraph.rstrip(".")[-1:] not in (")", "]"):
        return None
    before = paragraph[max(0, at - _TAIL) : at].rstrip().rstrip("\"'”’»")
    ended = before.rstrip()[-1:] in (".", "!", "?", "…", "]")
    pattern = SIGN_OFF if ended else PLAIN_SIGN_OFF
    return at if pattern.fullmatch(paragraph, at) else None


def _on_one_line(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """Indexes of the spans, in groups that share a line."""
    group: list[int] = []
    for at, (start, _) in enumerate(spans):
        if group and line_ends(text[spans[at - 1][1] : start]):
            yield group
            group = []
        group.append(at)
    if group:
        yield group


def _is_headline(line: str) -> bool:
    return len(line) <= 160 and line[-1:] not in (".", ",", ";", ":", '"', "”")


class _Headlines:
    """Headlines met so far, compared by their words alone."""

    def __init__(self, title: str | None) -> None:
        self._title = _words(_SITE.sub("", title or ""))
        self._seen: set[tuple[str, ...]] = set()
        self._room = _TOP

    def again(self, line: str) -> bool:
        """Whether this line repeats one; the first of its kind is remembered."""
        if len(line) > _LONGEST:
            return False
        words = _words(_SITE.sub("", line))
        if words != self._title:
            words = _words(line)
        if words != self._title and (len(words) < 3 or not _is_headline(line)):
            return False
        if words and words in self._seen:
            return True
        if self._room or words == self._title:
            self._room = max(0, self._room - 1)
            self._seen.add(words)
        return False


def _words(headline: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(headline.casefold()))
