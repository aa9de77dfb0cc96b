"""How questions are shown to the reader that learns: see `training/lessons.py`."""

import argparse
import gzip
import json
import random
import re
import sys
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))
import lessons
import written

SENTENCES = [f"Kalimat ke-{n} menyebut kota nomor {n} di pulau itu." for n in range(60)]
TEXT = " ".join(SENTENCES)
OTHER = "Pulau lain berpenduduk sedikit."
ASKED, NEAREST = "Berapa penduduk kota nomor 41?", 41


def zipped(path, text):
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)
    return path


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """One article, far longer than what is shown at once, and a question that it does not answer."""
    article = next(a for a in map(str, range(9)) if not written.is_held_out(a))
    item = {"article": article, "kind": "none", "id": ASKED, "en": "How many?", "spans": []}
    (tmp_path / "questions.jsonl").write_text(json.dumps(item), encoding="utf-8")
    monkeypatch.setattr(written, "QUESTIONS", tmp_path / "questions.jsonl")
    news = zipped(tmp_path / "news.jsonl.gz", json.dumps({"id": article, "text": TEXT}))
    zipped(tmp_path / "reading-train.jsonl.gz", "")
    told = {"question": "Berapa?", "context": TEXT, "context_language": "id", "source": "idk-mrc"}
    told["answers"] = [{"text": "41", "start": TEXT.index("41")}]
    zipped(tmp_path / "reading-valid.jsonl.gz", json.dumps(told))
    start = TEXT.index(SENTENCES[NEAREST])
    places = [[0, start, start + len(SENTENCES[NEAREST])], *[[1, 0, len(OTHER)]] * 5]
    made = {"rows": [], "texts": [TEXT, OTHER], "places": places, "near": {ASKED: [*range(6)]}}
    pairs = zipped(tmp_path / "pairs.json.gz", json.dumps(made))
    words = Tokenizer(models.WordLevel({"[?]": 0, "41": 1}, "[?]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.save(str(tmp_path / "tokenizer.json"))
    random.seed(1)
    return lessons.Corpus(argparse.Namespace(data=tmp_path, pairs=pairs, news=news), tmp_path)


def test_where_an_article_does_not_say_the_sentences_nearest_to_the_question_are_shown(corpus):
    [row] = [row for row in corpus.rows if row["question"] == ASKED]
    shown = [corpus.example(row).windows[0] for _ in range(40)]
    assert all(len(window.ids) < len(TEXT.split()) and not window.gold for window in shown)
    # The sentence has its number twice, and no other has it.
    assert all(window.ids.count(1) == 2 for window in shown)


def test_without_them_any_part_of_the_article_may_be_shown(corpus):
    [row] = [row for row in corpus.rows if row["question"] == "How many?"]
    shown = [corpus.example(row).windows[0] for _ in range(40)]
    assert any(window.ids.count(1) for window in shown)
    assert not all(window.ids.count(1) for window in shown)


WORDS = len(re.findall(r"\w+|[^\w\s]", SENTENCES[0]))  # of each sentence


def test_a_window_is_whole_sentences_and_knows_where_they_begin(corpus):
    [row] = [row for row in corpus.rows if row["question"] == ASKED]
    for _ in range(40):
        window = corpus.example(row).windows[0]
        assert window.firsts == [*range(0, len(window.ids), WORDS)]
        assert len(window.ids) % WORDS == 0
        assert len(window.ids) <= lessons.LONGEST_PASSAGE


def test_a_part_of_an_article_comes_behind_its_first_sentence_and_with_neighbours(corpus):
    text = corpus._text(TEXT)
    early = {"start": TEXT.index(SENTENCES[1]), "text": SENTENCES[1]}
    for answer, at in ((early, 1), ({"start": TEXT.index("41"), "text": "41"}, 41)):
        row = {**corpus.others[0], "answers": [answer]}
        shown = [corpus.lone(row).windows[0] for _ in range(60)]
        for window in shown:
            [low] = {
                first - a for a, _ in window.gold for first, _ in [lessons._tokens(text, answer)]
            }
            assert list(window.opening) == (text.ids[:WORDS] if low else [])
            assert low <= (at - 1) * WORDS
            assert low + len(window.ids) >= (at + 2) * WORDS or len(window.ids) > 180
        assert len({len(window.ids) for window in shown}) > 3
    assert {len(w.opening) for w in shown} == {WORDS}  # the 42nd is never shown with the first


def test_a_sentence_too_long_for_a_passage_is_cut_around_what_is_asked_for(corpus):
    long = "Kata " + "kata " * 499 + "41 " + "kata " * 20 + ". Lalu hujan. Lalu reda. Lalu hujan."
    row = {**corpus.others[0], "context": long, "answers": [{"text": "41", "start": 2500}]}
    other = {**row, "answers": [{"text": "kata", "start": 5}]}
    for one in [row] * 9 + [other] * 9:
        [window] = corpus.lone(one).windows
        assert window.gold
        assert len(window.ids) <= lessons.LONGEST_PASSAGE
    [window] = corpus.lone(row).windows
    [(first, last)] = window.gold
    assert window.ids[first : last + 1] == [1]


def test_what_is_shown_already_does_not_compete(corpus):
    rows = [row for row in corpus.rows if row["question"] == ASKED]
    for _ in range(60):
        own, *others = corpus.example(rows[0]).windows
        assert own.ids.count(1) == 2
        assert not any(window.ids.count(1) for window in others)


def test_english_questions_of_the_validation_are_not_learned_from(corpus, tmp_path):
    english = {**corpus.others[0], "context_language": "en", "source": "squad2-en"}
    english["question_language"] = "en"
    rows = [english, {**english, "question": "Where?"}]
    zipped(tmp_path / "reading-train.jsonl.gz", "".join(json.dumps(r) + "\n" for r in rows))
    told = argparse.Namespace(
        data=tmp_path, pairs=tmp_path / "pairs.json.gz", news=tmp_path / "news.jsonl.gz"
    )
    again = lessons.Corpus(told, tmp_path)
    assert [r["question"] for r in again.rows if r["source"] == "squad2-en"] == ["Where?"]


def test_what_is_known_is_seen_more_rarely(corpus, monkeypatch):
    monkeypatch.setattr(lessons, "SHARES", {"idk-mrc": 3.0})
    corpus.rows = [*corpus.others, {**corpus.others[0], "question": "Mana?", "loss": 0.01}]
    seen = [row["question"] for row in corpus.epoch(random.Random(1))]
    assert sorted(seen) == ["Berapa?"] * 3 + ["Mana?"]


def test_questions_are_seen_as_often_as_is_said_of_their_part(corpus, monkeypatch):
    monkeypatch.setattr(lessons, "WRITTEN", (3.0, 0.0, 0.0, 0.0))
    seen = [row["question"] for row in corpus.epoch(random.Random(1))]
    assert sorted(seen) == [ASKED] * 3 + ["How many?"] * 3
    monkeypatch.setattr(lessons, "WRITTEN", (0.0, 1.0, 1.0, 1.0))
    assert corpus.epoch(random.Random(1)) == []


def test_questions_that_are_not_learned_from_are_shown_with_their_own_passages(corpus):
    [example] = corpus.alone(corpus.others, 9)
    [window] = example.windows
    [gold] = window.gold
    assert [window.ids[i] for i in gold] == [1, 1]
    assert [len(e.windows) for e in corpus.alone(corpus.rows, 9)] == []


def test_twins_are_those_with_most_words_of_a_question_on_the_same_passage():
    def row(question, answers, context="a", language="id"):
        return {
            "question": question,
            "answers": answers,
            "context": context,
            "question_language": language,
            "source": "idk-mrc",
        }

    asked, other = row("Berapa luas Jambi?", ["5"]), row("Siapa gubernur Jambi?", ["Al Haris"])
    none = row("Berapa luas Riau?", [])
    strangers = [row("Berapa luas Riau?", [], "b"), row("Berapa luas Riau?", [], language="en")]
    found = lessons.twins([other, asked, none, *strangers], lambda row: [])
    assert found == {("Berapa luas Jambi?", "a"): [none]}


def test_a_twin_has_its_answer_where_search_looks_for_the_other():
    row = {"context": "a", "question_language": "id", "source": "idk-mrc"}
    area = {**row, "question": "Berapa luas Jambi?", "answers": [{"text": "5", "start": 900}]}
    ruler = {**row, "question": "Siapa gubernurnya?", "answers": [{"text": "Haris", "start": 30}]}
    none = {**row, "question": "Berapa luas Riau?", "answers": []}
    found = lessons.twins([area, ruler, none], lambda row: [(10, 60), (890, 950)])
    assert found == {("Siapa gubernurnya?", "a"): [none]}
    found = lessons.twins([area, ruler, none], lambda row: [(400, 450)])
    assert found == {("Berapa luas Jambi?", "a"): [none]}


def test_a_question_comes_beside_its_twin_in_the_same_passages(corpus, monkeypatch):
    monkeypatch.setattr(lessons, "TWINNED", 1.0)
    monkeypatch.setattr(lessons, "SHARES", {"idk-mrc": 1.0})
    [answered] = [{**row, "question_language": "id"} for row in corpus.others]
    none = {**answered, "question": "Kapan 41?", "answers": []}
    corpus.rows = [answered, none]
    corpus.pair()
    assert corpus.epoch(random.Random(1)) == [answered]  # the twin comes with it, and not alone
    examples = [corpus.example(answered) for _ in range(40)]
    shown = [e for e in examples if any(w.gold for w in e.windows)]
    assert shown
    assert all(e.twin == corpus.example(none).question for e in shown)
    assert all(e.twin is None for e in examples if e not in shown)
    assert corpus.example({**answered, "answers": []}).twin is None  # said not to be answered, too


def test_a_twin_is_seen_as_often_as_others_however_many_share_a_question(corpus, monkeypatch):
    monkeypatch.setattr(lessons, "SHARES", {"idk-mrc": 4.0})
    answered = {**corpus.others[0], "question_language": "id"}
    nones = [{**answered, "question": f"Kapan {n}?", "answers": []} for n in (41, 42)]
    corpus.rows = [answered, *nones]
    corpus.pair()
    seen = [row["question"] for row in corpus.epoch(random.Random(1))]
    # Twice the question comes beside a twin, so beside each of the two once.
    assert [seen.count(row["question"]) for row in corpus.rows] == [4, 3, 3]
    answered["loss"] = 0.0  # known: it comes, and brings them, a third as often
    monkeypatch.setattr(lessons, "SHARES", {"idk-mrc": 6.0})
    seen = [row["question"] for row in corpus.epoch(random.Random(1))]
    assert seen.count("Berapa?") == 2
    assert sorted(seen.count(row["question"]) for row in nones) in ([5, 5], [5, 6], [6, 6])
