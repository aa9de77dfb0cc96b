"""The order of candidates: similarity, what their article says, and the kind of thing asked for.

An encoder knows what a sentence is about, but not whom its article named sentences before, and little of
whether it tells when, how many or who. That can be seen from the letters: a "kapan" wants a date in the
sentence that the question did not bring itself.
The weights were fitted on validation questions (training/ranking.py); they make no use of the samples.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

KINDS = {
    "when": r"kapan(?:kah)?|when|(?:tahun|bulan|hari|jam) (?:berapa|apa)|tanggal|pukul berapa|"
    r"(?:what|which) (?:year|month|day|date)",
    "number": r"berapa(?:kah)?|how (?:many|much|long|far|old|tall|high|big|large|often)|jumlah|"
    r"number of|what percentage|brp",
    "who": r"siapa(?:kah)?|(?-i:[Ww]ho)|whom|whose",  # not the WHO
    "where": r"(?:di|ke|dari) ?mana|where|(?:kota|negara|provinsi|tempat|daerah) mana|"
    r"(?:what|which) (?:city|country|place|province|town)",
    "why": r"mengapa|kenapa|why|apa (?:sebab|alasan)\w*|knp|what (?:caused|reason)",
}
_KINDS = {kind: re.compile(rf"\b(?:{form})\b", re.IGNORECASE) for kind, form in KINDS.items()}

_DATE = re.compile(
    r"\b(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember|"
    r"january|february|march|may|june|july|august|october|december|senin|selasa|rabu|kamis|jumat|"
    r"sabtu|minggu|ahad|pukul|abad|century|[12]\d{3}|\d{1,2}/\d{1,2})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d+|\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|\w*puluh|\w*ratus|"
    r"\w*ribu|\w*juta|miliar|triliun|separuh|setengah|"
    r"seper(?:dua|tiga|empat|lima|enam|delapan|sepuluh)|one|two|three|four|five|six|seven|eight|"
    r"nine|ten|hundred|thousand|million|billion|half)(?:an)?\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"(?<=[\w,;:)\]”] )[A-Z][\w’'-]+")
_CAPITAL = re.compile(r"(?<!\w)[A-Z]\w")
_PLACE = re.compile(r"\b(?:di|ke|dari|in|at|to|from|near|dekat)(?: \w+)? (?=[A-Z])")
_REASON = re.compile(
    r"\b(?:karena|sebab|akibat|agar|supaya|demi|lantaran|disebabkan|alasan\w*|because|due to|so that)\b",
    re.IGNORECASE,
)
_ENDS = (".", "!", "?", "”", '"', ")", "’", "'", "…")

WEIGHTS = {
    "cosine": 28.969,
    "bm25": 0.163,
    "said": 7.104,
    "so_far": 1.811,
    "when": 1.199,
    "number": 0.939,
    "who": 0.938,
    "where": 0.265,
    "why": 0.689,
    "fragment": -0.201,
    "length": 0.16,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The kinds of thing that a question asks for, and all words, in small letters, that asked for it."""

    kinds: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, question: str, whole: str | None = None) -> Asked:
        """`whole`: the question with those before it that it points back to."""
        kinds = (kind for kind, form in _KINDS.items() if form.search(question))
        return cls(frozenset(kinds), frozenset(_WORD.findall((whole or question).lower())))

    def said(self, thing: str) -> bool:
        """Whether a thing in small letters was said, by whole words: "5" is not said in "2015"."""
        return self.words.issuperset(_WORD.findall(thing))


def features(
    asked: Asked, sentence: str, cosine: float, bm25: float, said: float, so_far: float
) -> dict[str, float]:
    """What the order rests on; `bm25` is the best score of the sentence and those beside it.

    `said` is the share of what is asked after that the article says, `so_far` what it says of it up to the
    sentence.
    Kinds count from 0 to 1; "length" is the logarithm of the words; "fragment" marks headlines and list
    lines, which end without a full stop.
    """
    return {
        "cosine": cosine,
        "bm25": bm25,
        "said": said,
        "so_far": so_far,
        "when": _new(_DATE, sentence, asked, 2) if "when" in asked.kinds else 0.0,
        "number": _new(_NUMBER, sentence, asked, 2) if "number" in asked.kinds else 0.0,
        "who": _new(_NAME, sentence, asked, 3) if "who" in asked.kinds else 0.0,
        "where": float("where" in asked.kinds and bool(_PLACE.search(sentence))),
        "why": float("why" in asked.kinds and bool(_REASON.search(sentence))),
        "fragment": float(not sentence.endswith(_ENDS)),
        "length": math.log1p(len(sentence.split())),
    }


def score(
    asked: Asked, sentence: str, cosine: float, bm25: float, said: float, so_far: float
) -> float:
    """The higher, the likelier the sentence answers; only the order of scores means anything."""
    found = features(asked, sentence, cosine, bm25, said, so_far)
    return sum(WEIGHTS[name] * value for name, value in found.items())


def holds(kind: str, words: str) -> bool:
    """Whether a few words, as an answer, are of a kind; those of "why" are of any form."""
    form = {"when": _DATE, "number": _NUMBER, "who": _CAPITAL, "where": _CAPITAL}.get(kind)
    if kind == "when" and _NUMBER.search(words):
        return True  # "dua tahun kemudian", "21.27"
    return form is None or bool(form.search(words))


def _new(form: re.Pattern[str], sentence: str, asked: Asked, most: int) -> float:
    """How many things of a form the sentence has and the question has not, as a share of `most`."""
    found = {match[0].lower() for match in form.finditer(sentence)}
    return min(sum(not asked.said(thing) for thing in found), most) / most
