"""Citations, and the check that each one is what the file says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import prompts
from assistant.language import Language
from assistant.records import Citation, Highlight
from index import articles
from index.articles import Skipped
from index.records import Article, Evidence


class Checker:
    """Compares evidence with the files as they are now; reads each file once."""

    def __init__(self, folder: Path, language: Language) -> None:
        self._folder, self._language = folder, language
        self._read: dict[str, Article | Skipped] = {}
        self._problems: dict[str, str] = {}

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be verified, a sentence for each file, in the language of the answer."""
        return tuple(self._problems.values())

    def standing(self, evidence: Evidence) -> Evidence | None:
        """The evidence with only those places, its own and its twins', that still are as indexed."""
        standing = [e for e in (evidence, *evidence.twins) if self._stands(e)]
        return replace(standing[0], twins=tuple(standing[1:])) if standing else None

    def _stands(self, evidence: Evidence) -> bool:
        """Whether the file still has the version, and at the offsets the text, that was indexed."""
        sentence = evidence.sentence
        now = self._article(sentence.file)
        if isinstance(now, Skipped):
            self._problems[sentence.file] = prompts.text("gone", self._language, file=sentence.file)
            return False
        same = now.sha256 == evidence.sha256
        if not same or now.text[sentence.start : sentence.end] != sentence.text:
            self._problems[sentence.file] = prompts.text(
                "changed", self._language, file=sentence.file
            )
            return False
        return True

    def _article(self, file: str) -> Article | Skipped:
        if file not in self._read:
            read = articles.read(self._folder, file)
            self._read[file] = read if isinstance(read, Skipped) else read.article
        return self._read[file]


def cite(
    evidence: Sequence[Evidence], highlights: Sequence[Highlight | None] = ()
) -> tuple[Citation, ...]:
    """Number pieces of evidence from 1, in the order given."""
    spans = [*highlights, *([None] * (len(evidence) - len(highlights)))]
    return tuple(
        Citation(
            label=label,
            file=item.sentence.file,
            sentence=item.sentence.number,
            start=item.sentence.start,
            end=item.sentence.end,
            text=item.sentence.text,
            highlight=span,
            published=item.published,
            sha256=item.sha256,
            title=item.title,
        )
        for label, (item, span) in enumerate(zip(evidence, spans, strict=True), start=1)
    )


def paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """The paragraph of `text` around a sentence, as (start, end).

    It reaches to the nearest blank lines, or to the nearest line ends where a page has no such.
    """
    low, high = _between(text, start, end, ("\n\n", "\r\n\r\n", "\r\r"))
    return (low, high) if high - low <= _LONG else _between(text, start, end, ("\n", "\r"))


_LONG = 1500  # characters: longer than any paragraph of news


def _between(text: str, start: int, end: int, gaps: Sequence[str]) -> tuple[int, int]:
    low = max(at + len(gap) if (at := text.rfind(gap, 0, start)) >= 0 else 0 for gap in gaps)
    high = min(at if (at := text.find(gap, end)) >= 0 else len(text) for gap in gaps)
    return low, high
