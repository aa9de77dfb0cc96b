"""Questions written on news for the training: see `training/written.py`."""

import gzip
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))
import written

KINDS = {"who", "when", "where", "how many", "which", "what", "why", "how", "said", "list", "none"}
TEXT = "Kereta singgah di Surabaya, Malang dan Kediri. Ia berangkat pukul tujuh."


@pytest.fixture
def news(tmp_path, monkeypatch):
    """A file of articles, and questions on them."""
    articles = [{"id": f"berita-{i}", "text": TEXT} for i in range(40)]
    items = [
        {
            "article": a["id"],
            "kind": "list",
            "id": "Di mana saja?",
            "en": "Where?",
            "spans": [[18, 26], [28, 34], [39, 45]],
        }
        for a in articles
    ]
    items.append(
        {"article": "berita-0", "kind": "none", "id": "Berapa?", "en": "How many?", "spans": []}
    )
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    monkeypatch.setattr(written, "QUESTIONS", questions)
    path = tmp_path / "news.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(a) + "\n" for a in articles)
    return path


def test_each_question_is_asked_in_both_languages_and_no_article_is_in_both_parts(news):
    parts = [written.rows(news, validation=validation) for validation in (False, True)]
    assert sum(map(len, parts)) == 82
    assert all(parts)
    assert [row["question_language"] for row in parts[0][:2]] == ["id", "en"]
    [unanswered] = {row["question"] for part in parts for row in part if not row["answers"]} - {
        "How many?"
    }
    assert unanswered == "Berapa?"


def test_each_question_has_its_part(news, monkeypatch):
    monkeypatch.setattr(written, "PARTS", (0, 30, 40))  # the last, on berita-0, is of the third
    rows = [row for held in (False, True) for row in written.rows(news, validation=held)]
    assert [sum(row["part"] == part for row in rows) for part in range(3)] == [60, 20, 2]
    assert {row["part"] for row in rows if row["kind"] == "none"} == {2}


def test_the_validation_questions_are_written_for_the_benchmark_by_part(
    news, tmp_path, monkeypatch
):
    monkeypatch.setattr(written, "PARTS", (0, 20))
    out = tmp_path / "valid.jsonl.gz"
    monkeypatch.setattr(sys, "argv", ["written.py", str(news), str(out)])
    written.main()
    with gzip.open(out, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    held = [i for i in range(40) if written.is_held_out(f"berita-{i}")]
    told = ["written-1" if i < 20 else "written-2" for i in held for _ in "id en".split()]
    assert [row["source"] for row in rows if row["answers"]] == told
    assert set(told) == {"written-1", "written-2"}


def test_the_parts_of_a_list_that_follow_one_another_are_one_answer(news):
    row = written.rows(news, validation=False)[0]
    assert row["answers"] == [{"text": "Surabaya, Malang dan Kediri", "start": 18}]
    assert written.joined([[0, 4], [40, 44], [6, 10]]) == [[0, 10], [40, 44]]


def test_the_questions_of_the_project_are_whole():
    items = [json.loads(line) for line in written.QUESTIONS.read_text("utf-8").splitlines()]
    assert len(items) > 5000
    for item in items:
        assert item["kind"] in KINDS
        assert bool(item["spans"]) == (item["kind"] != "none")
        assert all(0 <= start < end for start, end in item["spans"])
        assert item["id"].strip()
        assert item["en"].strip()
