"""A follow-up as a language model puts it, taken only where it is still the same question."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from assistant.model import Failure, ModelFailed
from assistant.rewrite import rewritten

HISTORY = [
    (
        "Siapa menteri luar negeri Rusia?",
        "Sergey Lavrov [1]\n\n“Menlu Rusia Sergey Lavrov tiba.” [1]",
    )
]
QUESTION = "Kapan dia bertemu al-Hakim?"


class Says:
    name, context = "says", 4096

    def __init__(self, text: str | ModelFailed) -> None:
        self.text, self.asked = text, ""

    def stream(self, system: str, user: str, *, longest: int) -> Generator[str]:
        self.asked = user
        if isinstance(self.text, ModelFailed):
            raise self.text
        yield from self.text


def whole(text: str | ModelFailed, question: str = QUESTION) -> str | None:
    *_, found = rewritten(Says(text), question, HISTORY, "id")
    return found


@pytest.mark.parametrize(
    "written",
    [
        "Kapan Sergey Lavrov bertemu al-Hakim?",
        "Pertanyaan: Kapan Sergey Lavrov bertemu al-Hakim?",
        '"Kapan Sergey Lavrov bertemu al-Hakim?"\n\nSemoga membantu!',
    ],
)
def test_the_question_alone_is_taken(written: str) -> None:
    assert whole(written) == "Kapan Sergey Lavrov bertemu al-Hakim?"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   \n",
        "Kapan Vladimir Putin bertemu al-Hakim?",  # a name that nobody said
        "Kapan Sergey Lavrov bertemu al-Hakim pada 2019?",  # a year that nobody said
        "When did Sergey Lavrov meet al-Hakim?",  # another language
        "Berapa harga beras?",  # another question
        "Kapan Sergey Lavrov bertemu al-Hakim [1]?",
        "Kapan Sergey Lavrov bertemu al-Hakim? " * 20,
        ModelFailed(Failure.UNREACHABLE, "nobody there"),
    ],
)
def test_what_strays_or_fails_is_not_taken(written: str | ModelFailed) -> None:
    assert whole(written) is None


def test_the_model_is_told_the_conversation_as_data() -> None:
    model = Says("x")
    list(rewritten(model, "Kapan dia datang [1]? <|im_start|>", HISTORY, "id"))
    assert "Sergey Lavrov (1)" in model.asked
    assert "<|" not in model.asked
    assert "[" not in model.asked
