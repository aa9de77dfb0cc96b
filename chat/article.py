"""A whole article as HTML, its sentences numbered, and the cited one lit.

Where things stand is computed from offsets into the article's text, never by looking for words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pydantic import BaseModel, Field, ValidationError

from assistant import show
from assistant.day import day
from chat.drawing import page
from chat.texts import text
from index.errors import KutipError
from index.records import Article, Sentence
from index.sentences import split

_BREAK = re.compile(r"\r\n|\n|\r")
_KEPT = 64  # articles whose sentences are remembered


@dataclass(frozen=True, slots=True)
class Lit:
    """The sentence to light, from `start` to `end`, and the answer's own words in it.

    Offsets count in the article's text; `mark` is (0, 0) where no words are the answer's.
    """

    start: int
    end: int
    mark: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence as it is drawn: its words before the answer's own, these, and those after them."""

    number: int
    start: int
    parts: tuple[str, str, str]
    lit: bool
    furniture: bool
    gap: str  # what stands before it in its paragraph
    breaks: bool  # whether a line begins with it


@dataclass(slots=True)
class Paragraph:
    """Sentences between blank lines."""

    sentences: list[Shown] = field(default_factory=list)

    @property
    def wrapped(self) -> bool:
        """Whether its line ends only keep lines short, as where one stands within a sentence."""
        return any(_BREAK.search("".join(shown.parts)) for shown in self.sentences)


def opened(read: Callable[[str, str], Article], asked: object, language: str) -> str:
    """The article that a page asks for, as HTML, or a note why it cannot be had.

    `asked` comes from a browser: "file", "sha" of the version that was cited, "start" and "end" of the
    sentence, "mark" (as "120-134") of the answer's own words; all but the file may be missing.
    """
    try:
        wanted = _Wanted.model_validate(asked)
        article = read(wanted.file, language)
    except (ValidationError, KutipError) as error:
        reason = str(error) if isinstance(error, KutipError) else ""
        return page("gone.html", language, reason=reason)
    low, _, high = wanted.mark.partition("-")
    mark = (int(low), int(high)) if low and high else (0, 0)
    lit = Lit(wanted.start, wanted.end, mark) if wanted.start >= 0 else None
    changed = bool(wanted.sha) and wanted.sha != article.sha256
    return drawn(article, lit, language, changed=changed)


class _Wanted(BaseModel):
    file: str
    sha: str = ""
    start: int = -1
    end: int = -1
    mark: str = Field("", pattern=r"^(\d{1,9}-\d{1,9})?$")


def drawn(article: Article, lit: Lit | None, language: str, *, changed: bool = False) -> str:
    """The article as HTML. `changed`: it is no longer what the citation was checked against."""
    parts = sentences(article)
    shown = None if changed else lit
    folder, _, name = article.file.rpartition("/")
    published = (
        day(article.published, "id" if language == "id" else "en") if article.published else ""
    )
    return page(
        "article.html",
        language,
        title=show.clean(article.title or show.name(name)),
        folders=[show.name(part) for part in folder.split("/") if part],
        path=article.file,
        sha=article.sha256,
        file=show.name(name),
        published=published or text("undated", language),
        count=len(parts),
        changed=changed,
        lost=shown is not None
        and (shown.start, shown.end) not in {(s.start, s.end) for s in parts},
        paragraphs=list(paragraphs(article.text, parts, shown)),
    )


def paragraphs(whole: str, sentences: Sequence[Sentence], lit: Lit | None) -> Iterator[Paragraph]:
    """The sentences in paragraphs; what stands between two is a gap, a line end or a new paragraph."""
    current, end = Paragraph(), 0
    for sentence in sentences:
        gap = whole[end : sentence.start]
        breaks = len(_BREAK.findall(gap))
        if breaks > 1 and current.sentences:
            yield current
            current = Paragraph()
        is_lit = lit is not None and (sentence.start, sentence.end) == (lit.start, lit.end)
        mark = lit.mark if lit and is_lit else (0, 0)
        parts = _parts(sentence, mark)
        current.sentences.append(
            Shown(
                sentence.number, sentence.start, parts, is_lit, sentence.furniture, gap, breaks > 0
            )
        )
        end = sentence.end
    if current.sentences:
        yield current


def _parts(sentence: Sentence, mark: tuple[int, int]) -> tuple[str, str, str]:
    low, high = (min(max(at - sentence.start, 0), len(sentence.text)) for at in mark)
    if low >= high:
        return sentence.text, "", ""
    return sentence.text[:low], sentence.text[low:high], sentence.text[high:]


@lru_cache(_KEPT)
def sentences(article: Article) -> tuple[Sentence, ...]:
    """The sentences of an article, remembered: long articles take a while to split."""
    return tuple(split(article.text, article.file, article.title))
