"""Questions about figures that news often tells, for somebody who has just read of the same thing.

They name nothing of their own: what was asked before says where "there" is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language import Language
from assistant.people import LONGEST

_MONEY = r"(?:Rp|\d (?:juta|miliar|triliun))"
_FACTS = (
    (
        r"\d[\d.]* (?:[a-z]+ ){0,3}(?:meninggal|tewas)|(?:meninggal|tewas|korban jiwa) (?:[a-z]+ ){0,3}\d",
        "Berapa orang yang meninggal di sana?",
        "How many people died there?",
    ),
    (
        r"\d[\d.]* (?:[a-z]+ ){0,3}(?:luka|terluka)|(?:luka-luka|terluka|cedera) (?:[a-z]+ ){0,3}\d",
        "Berapa orang yang terluka di sana?",
        "How many people were injured there?",
    ),
    (
        r"\d[\d.]* (?:[a-z]+ ){0,3}mengungsi|pengungsi (?:[a-z]+ ){0,3}\d",
        "Berapa orang yang mengungsi di sana?",
        "How many people there had to leave their homes?",
    ),
    (
        r"\d[\d.]* (?:unit )?rumah\b[^.]*\brusak|rumah\b[^.]*\brusak\b[^.]*\d",
        "Berapa rumah yang rusak di sana?",
        "How many houses were damaged there?",
    ),
    (
        r"\bmagnitudo \d",
        "Berapa magnitudo gempa itu?",
        "What was the magnitude of that earthquake?",
    ),
    (
        rf"\b(?:biaya|anggaran|investasi|nilai proyek)(?:nya)?\b[^.]*{_MONEY}",
        "Berapa biayanya?",
        "What was its cost?",
    ),
    (rf"\b(?:tarif|harga)(?:nya)?\b[^.]*{_MONEY}", "Berapa harganya?", "What is its price?"),
    (
        r"\b(?:panjang|sepanjang)\w*\b[^.]*\d (?:km|kilometer|meter)\b",
        "Berapa panjangnya?",
        "How long is it?",
    ),
    (
        r"\bkecepatan\w*\b[^.]*\d (?:km|kilometer)",
        "Berapa kecepatannya?",
        "How fast is it?",
    ),
    (
        r"\d medali\b|\d (?:medali )?emas\b",
        "Berapa medali emas yang diraih di sana?",
        "How many gold medals were won there?",
    ),
    (
        r"\b(?:dihukum|divonis|hukuman|vonis)\b[^.]*\b(?:tahun|bulan)\b",
        "Berapa lama hukumannya?",
        "How long is the prison sentence in this case?",
    ),
)  # fmt: skip
_ASKED = tuple(
    (re.compile(told, re.IGNORECASE), {"id": own, "en": english}) for told, own, english in _FACTS
)


def facts(sentence: str, language: Language) -> Iterator[str]:
    """The questions whose figure a sentence seems to tell."""
    flat = " ".join(sentence[:LONGEST].split())
    for told, asking in _ASKED:
        if told.search(flat):
            yield asking[language]
