"""What a question asks: its language, and what a follow-up refers to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import prompts
from assistant.language import Language, detect

History = Sequence[tuple[str, str]]  # earlier questions with their answers' texts, oldest first

LONGEST_TOLD = 100  # characters of a short answer: longer ones are sentences
MOST_CHARACTERS = 2000  # of a question; what follows is not read

# Words that point back to what was said before. In Indonesian "itu" and "tersebut" also follow a noun
# that the question names itself ("gempa itu"): they still point back.
_BACK = re.compile(
    r"\b(?:dia|ia|beliau|mereka|nya|tersebut|itu|tadi|di sana|di situ|"
    r"he|she|they|him|them|his|her|hers|their|theirs|it|its|that|those|this|these|there|then)\b"
    r"|\w{3,}nya\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\s*(?:dan|lalu|terus|kemudian|kalau|bagaimana dengan|and|but|what about|how about)\b",
    re.IGNORECASE,
)
_NOT_BACK = re.compile(
    r"\b(?:hanya|tanya|punya|banyaknya|biasanya|akhirnya|sebenarnya|namanya|apa itu|siapa itu)\b",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\s*\[\d+\]")
_SHORT = 3  # words: "Di mana?", "And when exactly?"


@dataclass(frozen=True, slots=True)
class Understood:
    """A question with its language, and the earlier questions that it points back to."""

    question: str
    language: Language
    before: str = ""

    @property
    def whole(self) -> str:
        """The question after those that it points back to."""
        return f"{self.before} {self.question}".strip()


def understand(question: str, history: History = ()) -> Understood:
    """Read a question, and what it points back to: the question before, and what that points back to."""
    question = _flat(question)
    before: list[str] = []
    pointing = points_back(question)
    for earlier, answer in reversed(history):
        if not pointing:
            break
        earlier = _flat(earlier)
        before.insert(0, f"{earlier} {_told(answer)}".strip())
        pointing = points_back(earlier)
    return Understood(question, detect(question), " ".join(before)[-MOST_CHARACTERS:])


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
    return bool(_OPENING.search(own) or _BACK.search(own)) or len(own.split()) <= _SHORT
