"""Near-identical sentences: one story told twice is one piece of evidence with two places.

Two sentences are twins when the encoder and the letters both say so and every figure, weekday and month
in them agrees: "jutaan dolar" and "miliaran dolar" are two claims, however alike the sentences are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

from index.store import Record
from index.words import stems

COSINE = 0.93
LETTERS = 80  # rapidfuzz's token sort ratio of the stems, 0 to 100


class Ranked(Protocol):
    """Anything that brings a stored sentence."""

    @property
    def record(self) -> Record: ...


R = TypeVar("R", bound=Ranked)

_FIGURES = re.compile(r"\d+(?:[.,:/]\d+)*")
_NUMBER_WORDS = frozenset(
    """
    nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh ratus ribu
    juta miliar milyar triliun belasan puluhan ratusan ribuan jutaan miliaran triliunan seratus seribu
    sejuta kedua ketiga keempat kelima separuh setengah sepertiga seperempat persen pertama
    senin selasa rabu kamis jumat sabtu minggu januari februari maret april mei juni juli agustus
    september oktober november desember tidak bukan belum tanpa
    """.split()
)
_WORD = re.compile(r"\w+")


def fold(ranked: Sequence[R]) -> list[list[R]]:
    """Group what is ranked: each group opens with its best, and groups keep the order of their first."""
    groups: list[list[R]] = []
    for item in ranked:
        home = next((group for group in groups if alike(group[0].record, item.record)), None)
        if home is None:
            groups.append([item])
        else:
            home.append(item)
    return groups


def alike(a: Record, b: Record) -> bool:
    """Whether two sentences say the same."""
    if float(a.vector @ b.vector) < COSINE or claims(a.sentence.text) != claims(b.sentence.text):
        return False
    from rapidfuzz.fuzz import token_sort_ratio

    return token_sort_ratio(*(" ".join(stems(r.sentence.text)) for r in (a, b))) >= LETTERS


def claims(text: str) -> frozenset[str]:
    """What must agree for two sentences to say the same: figures, number words, days, months, negations."""
    words = (word for word in _WORD.findall(text.lower()) if word in _NUMBER_WORDS)
    return frozenset([*_FIGURES.findall(text), *words])
