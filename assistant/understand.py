"""What a question asks: its language, and what a follow-up refers to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import prompts
from assistant.language import Language, common, detect
from index.words import stems

History = Sequence[tuple[str, str]]  # earlier questions with their answers' texts, oldest first

LONGEST_TOLD = 100  # characters of a short answer: longer ones are sentences
LONGEST_ABOUT = 120  # characters of names
MOST_CHARACTERS = 2000  # of a question; what follows is not read

# Words that point back to what was said before. In Indonesian "itu" and "tersebut" also follow a noun
# that the question names itself ("gempa itu"): they still point back. English "that" and "there" seldom do.
_BACK = re.compile(
    r"\b(?:dia|ia|beliau|mereka|nya|tersebut|itu|tadi|di sana|di situ|"
    r"he|she|they|him|them|his|her|hers|their|theirs|it|its|those|this|these)\b"
    r"|\b(?!di)\w{3,}nya\b|\b(?:about|after|at|before|by|during|for|from|in|of|on|since|with) that\b"
    r"|\b(?:did|does|do|was|is|were|will) that\b|\bthere\b|\b(?:then|that)\W*$",
    re.IGNORECASE,
)
# A name before such a word is what it points to: "What did Abadi tell his hosts?"
_NAME = re.compile(r"(?<=\s)(?!I\b)[\"“(]?[A-Z][\w'’-]*")
_NAMES = re.compile(rf"{_NAME.pattern}(?: [A-Z][\w'’-]*)*")
# After such a question "dia" or "there" may be its answer.
_NAMED_BY_ANSWER = re.compile(r"\b(?:siapa\w*|mana\w*|who|whom|which|where)\b", re.IGNORECASE)
_OPENING = re.compile(
    r"^\s*(?:dan|lalu|terus|kemudian|kalau|bagaimana dengan|and|but|what about|how about)\b",
    re.IGNORECASE,
)
_NOT_BACK = re.compile(
    r"\b(?:hanya|tanya|punya|adanya|banyaknya|biasanya|akhirnya|sebelumnya|sebenarnya|sebabnya|"
    r"(?:ber|ter)\w+nya|apa itu|siapa itu|(?:are|is|was|were) there|"
    r"(?:does|did|will|would|is|was) it (?:take|get|cost|mean|that|when)|there (?:is|are|was|were|will)|"
    r"sebaiknya|seharusnya|(?:se)?mestinya|umumnya|kabarnya|awalnya|sedikitnya|setidaknya|"
    # what the question itself names: "gejalanya Covid-19", "Inflasi itu apa?"; and times of now
    r"\w+nya(?= (?-i:[A-Z]))|(?:this|these) (?:week|weekend|month|year|season|morning|evening|time)s?)\b"
    r"|^\w+ itu (?:apa|siapa)\W*$",
    re.IGNORECASE,
)
# These are never the name before them: "What did Abadi say to him?", "Apa kata Jokowi tentang hal itu?"
_OTHERS = re.compile(
    r"\b(?:(?:to|with|about|against|for|from|by) (?:him|them)|"
    r"(?:tentang|dengan|kepada|terhadap|oleh)(?: dia| mereka|nya)|hal (?:itu|tersebut|ini))\b",
    re.IGNORECASE,
)
_THERE = re.compile(r"\b(?:di sana|di situ|there)\b", re.IGNORECASE)
_PLACED = re.compile(r"\b(?:di|ke|dari|in|at|to|from|near|on) [\"“(]?(?-i:[A-Z])", re.IGNORECASE)
# Before these stands no "which": "Persib kapan juara?" names Persib, "Tahun berapa dia lahir?" nobody.
_WHEN = re.compile(r"\b(?:kapan|mengapa|kenapa|bagaimana)\b", re.IGNORECASE)
_MARKER = re.compile(r"\s*\[\d+\]")
_SHORT = 3  # words: "Di mana?", "And when exactly?"
_TOLD = 1  # words that carry meaning in a question that short: "Berapa korban?", not "Berapa harga beras?"
_COUNTED = frozenset(["orang"])  # these say little: "Berapa orang tewas?"
_WHO = re.compile(r"\b(?:siapa|who)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Understood:
    """A question with its language, and what it points back to.

    `before`: the earlier questions with their short answers, to search with; `about`: the names in them, to
    read with. A reader that is given two questions answers either (measured: training/follow_ups.py).
    """

    question: str
    language: Language
    before: str = ""
    about: str = ""

    @property
    def whole(self) -> str:
        """The question as it is read: after the names that it may mean, or else what was asked before."""
        return f"{self.about or self.before} {self.question}".strip()


def understand(question: str, history: History = ()) -> Understood:
    """Read a question, and what it points back to: the question before, and what that points back to."""
    question = _flat(question)
    before: list[str] = []
    names: list[str] = []
    pointing = points_back(question)
    for earlier, answer in reversed(history):
        if not pointing:
            break
        earlier = _flat(earlier)
        told = _told(answer)
        before.insert(0, f"{earlier} {told}".strip())
        meant = f"{earlier} {told}" if _NAMED_BY_ANSWER.search(earlier) else earlier
        names = _NAMES.findall(meant) + names
        pointing = points_back(earlier)
    about = " ".join(dict.fromkeys(names))
    return Understood(
        question, detect(question), " ".join(before)[-MOST_CHARACTERS:], about[-LONGEST_ABOUT:]
    )


def _told(answer: str) -> str:
    """The short answer that an earlier answer opened with, for what "dia" may mean; empty for others."""
    opening, _, rest = answer.partition("\n\n")
    opening = _flat(_MARKER.sub("", opening))
    refusals = {prompts.text("refusal", language) for language in ("id", "en")}
    if not rest or len(opening) > LONGEST_TOLD or opening in refusals:
        return ""
    return opening


def _flat(question: str) -> str:
    """On one line, and without the half characters that a terminal that is not UTF-8 gives."""
    whole = question[:MOST_CHARACTERS].encode("utf-8", "replace").decode()
    return " ".join(whole.split())


def points_back(question: str) -> bool:
    """Whether a question cannot be understood without what came before it."""
    own = _NOT_BACK.sub(" ", question)
    named, pointer = _named(own), _BACK.search(own)
    if _OPENING.search(own) or _OTHERS.search(own):
        return True
    if pointer and not (named is not None and named < pointer.start()):
        return True
    if _THERE.search(own) and not _PLACED.search(own):
        return True
    return named is None and own == question and len(own.split()) <= _SHORT and _says_little(own)


def _says_little(question: str) -> bool:
    """Whether a short question has no subject of its own; after "siapa" a name may be in small letters."""
    told = [word for word in stems(question) if word not in _COUNTED]
    return len(told) <= _TOLD and not (_WHO.search(question) and told and not common(told[0]))


def _named(question: str) -> int | None:
    """Where a question first names something, if it does."""
    asks, first = _WHEN.search(question), question.split(maxsplit=1)
    if asks and first and asks.start() == len(first[0]) + 1 and not common(first[0].lower()):
        return 0
    name = _NAME.search(question)
    return name.start() if name else None
