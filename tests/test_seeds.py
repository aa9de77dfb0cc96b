"""The sample articles and their questions are what the README says, and fit together."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.language import detect
from index import articles
from index.articles import Read
from index.sentences import split

SEEDS = Path(__file__).parents[1] / "seeds"
FILES = articles.find(SEEDS)
QUESTIONS = [
    json.loads(line) for line in (SEEDS / "questions.jsonl").read_text("utf-8").splitlines()
]
KINDS = {"who", "when", "where", "how many", "which", "what", "why", "how", "said", "list"}
ANSWERABLE = [q for q in QUESTIONS if q["answers"]]


def read(file: str) -> articles.Article:
    found = articles.read(SEEDS, file)
    assert isinstance(found, Read), found
    return found.article


@pytest.mark.parametrize("file", FILES)
def test_each_article_has_a_title_a_date_and_the_length_of_news(file):
    article = read(file)
    sentences = split(article.text, file, article.title)
    body = sum(len(s.text.split()) for s in sentences if not s.furniture)
    assert article.title
    assert article.published
    assert 230 <= body <= 720


def test_there_are_enough_articles_and_questions_of_every_sort():
    assert len(FILES) >= 30
    assert len(QUESTIONS) >= 160
    assert len(ANSWERABLE) >= 120
    languages = Counter(q["language"] for q in QUESTIONS)
    assert languages["id"] == languages["en"]
    assert {q["kind"] for q in ANSWERABLE} == KINDS
    assert sum(q["follows"] is not None for q in QUESTIONS) >= 20
    assert sum(len({e["file"] for e in q["evidence"]}) > 1 for q in QUESTIONS) >= 10


def test_ids_are_unique_and_follow_ups_come_after_what_they_follow():
    seen: set[str] = set()
    for question in QUESTIONS:
        assert question["id"] not in seen
        assert question["follows"] is None or question["follows"] in seen
        seen.add(question["id"])


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda q: q["id"])
def test_each_quote_stands_in_one_sentence_that_holds_an_answer(question):
    assert question["evidence"]
    for wanted in question["evidence"]:
        article = read(wanted["file"])
        sentences = split(article.text, wanted["file"], article.title)
        [gold] = [s for s in sentences if wanted["quote"] in s.text]
        assert not gold.furniture
        assert any(answer in " ".join(gold.text.split()) for answer in question["answers"])


def test_an_unanswerable_question_has_no_evidence():
    assert all(not q["evidence"] for q in QUESTIONS if not q["answers"])


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q["id"])
def test_the_language_of_each_question_is_recognised(question):
    assert detect(question["question"]) == question["language"]
