"""Texts in the pieces that are drawn differently: markers in an answer, the answer's words in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.records import Answer, Citation

_MARKER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer's text; `label` is the citation's that it is a marker of, else None."""

    text: str
    label: int | None = None


def pieces(answer: Answer, paragraph: str) -> Iterator[Piece]:
    """A paragraph of an answer, its markers apart from its words."""
    labels = {citation.label for citation in answer.citations}
    at = 0
    for marker in _MARKER.finditer(paragraph):
        if (label := int(marker[1])) in labels:
            yield Piece(paragraph[at : marker.start()])
            yield Piece(marker[0], label)
            at = marker.end()
    yield Piece(paragraph[at:])


def marked(citation: Citation) -> tuple[str, str, str]:
    """The sentence, character for character: before the answer's own words, these, and after them."""
    words, span = citation.text, citation.highlight
    if not span:
        return words, "", ""
    start, end = span.start - citation.start, span.end - citation.start
    return words[:start], words[start:end], words[end:]
