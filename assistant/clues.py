"""What can be seen of marked words beside what the reader thinks of them.

A "when" wants a date, a "who" a name: words of another kind are seldom the answer. Nor are words that the
question itself said. What both weigh was fitted on validation questions (training/confidence.py).
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.forms import form
from index.rank import KINDS, holds
from index.words import stems

_KINDS = {kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for kind, words in KINDS.items()}


def fit(question: str, words: str) -> float:
    """1 where the words are of the kind that the question asks for, -1 where not, 0 where any will do."""
    kind = _kind(question)
    return 0.0 if kind is None else 1.0 if holds(kind, words) else -1.0


def echo(question: str, words: str) -> float:
    """The share (0 to 1) of the words that the question said itself."""
    own = stems(words)
    said = _said(question)
    return sum(stem in said for stem in own) / len(own) if own else 0.0


@lru_cache(64)
def _kind(question: str) -> str | None:
    """The kind of thing that a question asks for, by the first of its words that asks."""
    if form(question).clause:
        return None
    asked = [
        (found.start(), kind) for kind, words in _KINDS.items() if (found := words.search(question))
    ]
    return min(asked)[1] if asked else None


@lru_cache(64)
def _said(question: str) -> frozenset[str]:
    return frozenset(stems(question))
