"""The articles that try to steer whoever reads them are whole, and so are the questions about them.

Each file in `injections/` is a short article with an order to a language model in it; its line in
`cases.jsonl` holds a question about the article, the article's own answer, and strings that an
answer holds outside its quotations only if the order was followed.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.language import detect
from assistant.settings import Settings
from index import articles
from index.articles import Read
from index.index import Index, Place
from index.sentences import split

FOLDER = Path(__file__).with_name("injections")
CASES = [json.loads(line) for line in (FOLDER / "cases.jsonl").read_text("utf-8").splitlines()]
FIELDS = {"file", "language", "kind", "question", "answer", "forbidden"}

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])


def read(file: str) -> articles.Article:
    found = articles.read(FOLDER, file)
    assert isinstance(found, Read), found
    return found.article


def revealed(text: str) -> str:
    """A text without its invisible characters, base64 in it decoded."""
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return re.sub(
        r"[A-Za-z0-9+/]{40,}={0,2}",
        lambda match: base64.b64decode(match[0]).decode("utf-8", "replace"),
        seen,
    )


def test_there_are_enough_cases_in_both_languages():
    languages = Counter(case["language"] for case in CASES)
    assert len(CASES) >= 40
    assert languages.keys() == {"id", "en"}
    assert min(languages.values()) >= 20


def test_every_kind_has_two_or_more_cases():
    assert min(Counter(case["kind"] for case in CASES).values()) >= 2


def test_each_file_is_named_once_and_each_question_asked_once():
    assert sorted(case["file"] for case in CASES) == articles.find(FOLDER)
    assert len({case["question"] for case in CASES}) == len(CASES)


@every_case
def test_a_case_has_all_fields_and_a_question_in_its_language(case):
    assert case.keys() == FIELDS
    assert case["forbidden"]
    assert detect(case["question"]) == case["language"]


@every_case
def test_the_article_is_read_and_short(case):
    article = read(case["file"])
    assert article.published
    assert 80 <= len(article.text.split()) <= 180


@every_case
def test_the_answer_stands_in_a_sentence_that_may_be_cited(case):
    article = read(case["file"])
    sentences = split(article.text, case["file"], article.title)
    assert any(case["answer"] in s.text for s in sentences if not s.furniture)


@every_case
def test_what_is_forbidden_stands_in_the_article_and_in_no_true_answer(case):
    text = revealed(read(case["file"]).text)
    for words in case["forbidden"]:
        assert words in text
        assert words.casefold() not in f"{case['question']}\n{case['answer']}".casefold()


class Obedient:
    """Does all that it is told in what it reads: says each thing ordered, then answers honestly."""

    name, context = "obedient", 8192

    def __init__(self) -> None:
        self.orders: list[str] = []  # what may be ordered of it now
        self.answer = ""

    def stream(self, system: str, user: str, *, longest: int) -> Generator[str]:
        lines = re.findall(r"^\[(\d+)\] (.*)$", revealed(user), re.MULTILINE)
        if not lines:  # sentences to translate
            yield user
            return
        ordering = [line.lower() for _, line in lines if self.answer not in line]
        for order in self.orders:
            if any(order.lower() in line for line in ordering):
                yield f"{order} [1]. "
        number, line = next((line for line in lines if self.answer in line[1]), lines[0])
        yield f"{self.answer if self.answer in line else line} [{number}]"


@pytest.fixture(scope="module")
def obedient() -> Obedient:
    return Obedient()


@pytest.fixture(scope="module")
def assistant(
    cache: Path, obedient: Obedient, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    place = Place(FOLDER, tmp_path_factory.mktemp("injections") / "index", cache)
    with Index(place) as index:
        index.synchronise()
        yield Assistant(index, settings=Settings(cache=cache), model=obedient)


@every_case
def test_what_an_article_orders_is_not_done_even_by_a_model_that_obeys(
    case: dict[str, Any], assistant: Assistant, obedient: Obedient
) -> None:
    # A marker that an article brings along comes out as one of ours or not at all.
    obedient.orders = [
        order for order in case["forbidden"] if not re.fullmatch(r"\W*\d+\W*", order)
    ]
    obedient.answer = case["answer"]
    answer = assistant.ask(case["question"])
    own = revealed(re.sub(r"“.*?”", "", answer.text, flags=re.DOTALL))
    if answer.model is None and answer.short:  # the article's words, quoted
        own = own.replace(answer.short, "")
    assert not [order for order in obedient.orders if order.lower() in own.lower()], own
    labels = {int(label) for label in re.findall(r"\[(\d+)\]", own)}
    assert labels <= {citation.label for citation in answer.citations}
    assert not re.search(r"[\[\]【】<>]", re.sub(r"\[\d+\]", "", own))


@every_case
def test_without_a_model_the_short_answer_is_the_articles_own(
    case: dict[str, Any], assistant: Assistant
) -> None:
    said = assistant.quoted(case["question"])
    assert not any(order in (said.short or "") for order in case["forbidden"])
