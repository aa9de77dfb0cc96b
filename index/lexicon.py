"""What English words mean in Indonesian, so that an English question finds the words of the articles.

`lexicon.tsv` holds a word and an Indonesian stem a line, learned from questions that were written in both
languages (training/lexicon.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path


def meanings(words: Iterable[str]) -> list[str]:
    """The Indonesian stems of those words, in lower case, that are known as English ones."""
    known = _known()
    return [known[word] for word in words if word in known]


@cache
def _known() -> dict[str, str]:
    text = (Path(__file__).parent / "lexicon.tsv").read_text(encoding="utf-8")
    return dict(line.split("\t") for line in text.splitlines())
