"""Question sets: what is read, and what is wrong, with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.gold import check, locate
from assistant.questions import Question, load, read
from index.errors import KutipError

SEEDS = Path(__file__).parents[1] / "seeds"
BRIDGE = """Jembatan Kalimas Dibuka

SURABAYA - Wali Kota Surabaya membuka Jembatan Kalimas pada Kamis
pagi. Jembatan Kalimas panjangnya 412 meter. Warga menyambutnya dengan kembang api.

Baca juga: Harga ikan turun
Warga menyambutnya dengan tumpeng.
"""
LONG = {
    "id": "a",
    "question": "Berapa panjang Jembatan Kalimas?",
    "answers": ["412 meter"],
    "evidence": [{"file": "kota/jembatan.txt", "quote": "panjangnya 412 meter"}],
}
NONE = {"id": "b", "question": "Siapa arsiteknya?", "answers": [], "evidence": []}


@pytest.fixture
def folder(write):
    return write({"kota/jembatan.txt": BRIDGE})


@pytest.fixture
def put(tmp_path):
    """Write lines, given as text or as what stands in them, to a question set."""

    def put(*lines):
        path = tmp_path / "set.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("\n".join(texts) + "\n", encoding="utf-8")
        return path

    return put


def messages(path):
    return [(p.line, p.message, p.serious) for p in read(path)[1]]


def test_a_set_is_read_in_order_with_line_numbers_over_empty_lines(put):
    found = load(put(LONG, "", {**NONE, "follows": "a", "kind": "who", "language": "id"}))
    assert [(q.id, q.line, q.answerable) for q in found.questions] == [
        ("a", 1, True),
        ("b", 3, False),
    ]
    assert [q.id for q in found.chain(found.questions[1])] == ["a"]
    assert found.questions[1].kind == "who"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + f"{json.dumps(LONG)}\r\n{json.dumps(NONE)}\r\n".encode())
    assert len(load(path).questions) == 2


def test_the_language_is_recognised_where_it_is_left_out(put):
    english = {**NONE, "question": "Who built the bridge?"}
    told = {**NONE, "id": "c", "question": "Who built the bridge?", "language": "id"}
    assert [q.spoken for q in load(put(LONG, english, told)).questions] == ["id", "en", "id"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "x", ', "is not JSON: "),
        ("[1]", "is not an object"),
        ("7", "is not an object"),
        ({**LONG, "answer": "412"}, "answer: unknown field"),
        ({**LONG, "line": 3}, "line: unknown field"),
        ({k: v for k, v in LONG.items() if k != "question"}, "question: is missing"),
        ({**LONG, "question": " "}, "question: is empty"),
        ({**LONG, "id": ""}, "id: is empty"),
        ({**LONG, "id": 7}, "id: "),
        ({**LONG, "language": "de"}, "language: "),
        ({**LONG, "kind": "whom"}, "kind: "),
        ({**LONG, "answers": "412 meter"}, "answers: "),
        ({**LONG, "answers": []}, "'a' has evidence but no answers"),
        ({**LONG, "evidence": []}, "'a' has answers but no evidence"),
        ({**LONG, "evidence": [{"file": "a.txt"}]}, "evidence.0.quote: is missing"),
        ('{"id": "x", "id": "y"}', "id: stands twice"),
        ("[" * 100_000, "is not a question"),
    ],
)
def test_a_line_that_is_wrong_is_named_with_file_and_line(put, line, message):
    path = put(NONE, line)
    [(number, said, serious)] = messages(path)
    assert (number, serious) == (2, True)
    assert said.startswith(message)
    with pytest.raises(KutipError, match=r"set\.jsonl:2: "):
        load(path)


def test_a_line_that_is_not_utf_8_is_named(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_bytes(json.dumps(NONE).encode() + b"\n" + b'{"id": "\xff"}\n')
    assert messages(path) == [(2, "is not UTF-8 (byte 9 of the line)", True)]


def test_every_wrong_line_is_told_at_once_and_the_most_are_counted(put):
    path = put(*["{"] * 30)
    with pytest.raises(KutipError) as caught:
        load(path)
    assert str(caught.value).count("set.jsonl:") == 20
    assert "10 more" in str(caught.value)


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_set_is_refused(tmp_path, content):
    path = tmp_path / "set.jsonl"
    path.write_text(content)
    with pytest.raises(KutipError, match=r"set\.jsonl: the question set is empty"):
        load(path)


def test_a_set_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(KutipError, match=r"none\.jsonl: cannot be read: No such file"):
        load(tmp_path / "none.jsonl")


def test_an_id_may_stand_once(put):
    assert messages(put(LONG, NONE, {**NONE, "id": "a"})) == [
        (3, "id 'a' stands in line 1 already", True)
    ]


def test_a_follow_up_must_follow_a_question_and_never_itself(put):
    def asked(id, follows):
        return {**NONE, "id": id, "follows": follows}

    found = messages(
        put(asked("a", "c"), asked("b", "a"), asked("c", "b"), asked("d", "a"), asked("e", "x"))
    )
    assert [(line, said) for line, said, _ in found] == [
        (1, "follows itself: a -> c -> b -> a"),
        (2, "follows itself: b -> a -> c -> b"),
        (3, "follows itself: c -> b -> a -> c"),
        (5, "follows 'x', which is no id here"),
    ]
    assert messages(put(asked("a", "a")))[0][1] == "follows itself: a -> a"


def test_a_follow_up_may_stand_before_what_it_follows(put):
    path = put({**NONE, "follows": "a"}, LONG)
    assert messages(path) == []


def test_a_quote_makes_the_sentence_gold_that_holds_it_once(put, folder):
    twice = {**LONG, "evidence": [*LONG["evidence"] * 2, quote("412 meter")]}
    found, problems = locate(load(put(twice, NONE)), folder)
    assert problems == []
    assert [(g.file, g.sentence, g.text) for g in found["a"]] == [
        ("kota/jembatan.txt", 3, "Jembatan Kalimas panjangnya 412 meter.")
    ]
    assert found["b"] == ()


def test_a_line_end_within_a_sentence_is_a_space_in_a_quote(put, folder):
    asked = {**LONG, "answers": ["Kamis pagi"], "evidence": [quote("pada Kamis pagi")]}
    [gold] = locate(load(put(asked)), folder)[0]["a"]
    assert "pada Kamis\npagi" in gold.text


def quote(text, file="kota/jembatan.txt"):
    return {"file": file, "quote": text}


@pytest.mark.parametrize(
    ("evidence", "message", "serious"),
    [
        (quote("412 meter", "kota/lain.txt"), "kota/lain.txt is no article in", True),
        (quote("412 meter", "../set.jsonl"), "../set.jsonl is no article in", True),
        (quote("panjangnya 421 meter"), "is in no sentence of kota/jembatan.txt; sentence 3", True),
        (quote("Gubernur Bali menari tango"), "is in no sentence of kota/jembatan.txt", True),
        (quote("412 meter. Warga menyambutnya"), "it reaches over the end of a sentence", True),
        (quote("Harga ikan turun"), "part of the page only", True),
        (quote("Warga menyambutnya dengan"), "is in several sentences", False),
        (quote("kembang api"), "none of the answers is in the sentence", False),
    ],
)
def test_a_quote_that_is_wrong_for_the_articles_is_told(put, folder, evidence, message, serious):
    problems = check(load(put(NONE, {**LONG, "evidence": [evidence]})), folder)
    said = [p for p in problems if message in p.message]
    assert [(p.line, p.serious) for p in said] == [(2, serious)]


def test_the_sample_set_has_nothing_wrong_with_it():
    found, problems = read(SEEDS / "questions.jsonl")
    assert problems == []
    assert check(found, SEEDS) == []


def test_a_question_knows_no_field_but_its_own():
    assert set(Question.model_fields) == {
        "id", "language", "question", "answers", "evidence", "kind", "follows", "line"
    }  # fmt: skip
