"""What the chat does for its readers, without a page."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from conftest import Open, Write
from test_drawing import answer

from assistant import Answer, Assistant
from assistant.reader import Reader
from assistant.understand import MOST_CHARACTERS
from chat.desk import Desk, followed
from chat.turns import Turn
from index.errors import KutipError
from index.scope import WHOLE, Scope

ARTICLES = {
    "kota/a.txt": "Kabar\n\nPati, 1 Mei 2017 - Wali Kota Saelany meresmikan jembatan Kali Loji.\n",
    "tani/b.txt": "Kabar\n\nPati, 2 Mei 2018 - Petani memanen kopi.\n",
}


@pytest.fixture
def desk(write: Write, open_index: Open, reader: Reader, tmp_path: Path) -> Desk:
    write(ARTICLES)
    index = open_index()
    index.synchronise()
    return Desk(Assistant(index, reader=reader), tmp_path / "votes")


class Scripted:
    """An assistant that answers in two steps and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[tuple[str, str]], Scope]] = []
        self.closed = False

    def stream(
        self, question: str, history: list[tuple[str, str]], scope: Scope
    ) -> Iterator[Answer]:
        self.asked.append((question, history, scope))
        try:
            yield answer("Senin", citations=())
            yield answer("Senin.", citations=())
        finally:
            self.closed = True


@pytest.fixture
def scripted(desk: Desk) -> Scripted:
    stand_in: Any = Scripted()
    desk.assistant = stand_in
    return cast(Scripted, stand_in)


def test_an_answer_grows_and_the_next_question_knows_it(desk: Desk, scripted: Scripted) -> None:
    grown = list(desk.reply("Kapan?", [], WHOLE, "id"))
    assert [turns[-1].answer.text for turns in grown] == ["Senin", "Senin."]
    within = Scope("kota")
    list(desk.reply("Di mana?", grown[-1], within, "id"))
    assert scripted.asked == [("Kapan?", [], WHOLE), ("Di mana?", [("Kapan?", "Senin.")], within)]


def test_what_a_question_follows_is_kept(desk: Desk, scripted: Scripted) -> None:
    *_, turns = desk.reply("Kapan Jembatan Kali Loji dibuka?", [], WHOLE, "id")
    assert turns[-1].follows == ""
    *_, turns = desk.reply("Siapa yang meresmikannya?", turns, WHOLE, "id")
    assert turns[-1].follows == "Kapan Jembatan Kali Loji dibuka?"


def test_a_reply_leaves_the_turns_that_it_was_given_alone(desk: Desk, scripted: Scripted) -> None:
    turns: list[Turn] = []
    list(desk.reply("Kapan?", turns, WHOLE, "id"))
    assert turns == []


def test_stop_ends_the_stream_behind_the_answer(desk: Desk, scripted: Scripted) -> None:
    growing: Any = desk.reply("Kapan?", [], WHOLE, "id")
    next(growing)
    growing.close()
    assert scripted.closed


def test_a_question_that_is_too_long_is_not_asked(desk: Desk, scripted: Scripted) -> None:
    with pytest.raises(KutipError, match=str(MOST_CHARACTERS)):
        list(desk.reply("a" * (MOST_CHARACTERS + 1), [], WHOLE, "id"))
    assert scripted.asked == []


def test_a_question_may_be_asked_of_some_articles(desk: Desk) -> None:
    *_, turns = desk.reply("Siapa yang meresmikan jembatan?", [], Scope("tani"), "id")
    assert all(c.file.startswith("tani/") for c in turns[-1].answer.citations)


def test_a_vote_is_kept_changed_and_taken_back(desk: Desk, tmp_path: Path) -> None:
    turns = [Turn("Kapan?", answer()), Turn("Siapa?", answer())]
    turns = desk.vote(turns, 1, True, "")
    assert [turn.vote and turn.vote.good for turn in turns] == [None, True]
    turns = desk.vote(turns, 1, False, " salah\n orang ")
    assert turns[1].vote
    assert turns[1].vote.reason == "salah orang"
    assert any("salah orang" in f.read_text() for f in (tmp_path / "votes").glob("*.jsonl"))
    for good in (True, False):
        turns = desk.vote(desk.vote(turns, 0, good), 0, None)
        assert turns[0].vote is None
    [kept] = (tmp_path / "votes" / "votes.jsonl").read_text().splitlines()
    assert json.loads(kept)["question"] == "Siapa?"  # the other vote


def test_only_articles_of_the_index_are_given_out(desk: Desk) -> None:
    assert "Saelany" in desk.article("kota/a.txt").text
    for file in ("../kota/a.txt", "/etc/passwd", "kota", "kota/c.txt", "", "kota/../kota/a.txt"):
        with pytest.raises(KutipError):
            desk.article(file)


def test_nothing_is_suggested_while_others_wait(desk: Desk, scripted: Scripted) -> None:
    growing: Any = desk.reply("Kapan?", [], WHOLE, "id")
    next(growing)
    assert desk.suggestions([Turn("Kapan?", answer())], WHOLE) == []
    growing.close()
    asked = scripted.asked.copy()
    assert desk.suggestions([Turn("Kapan?", answer(answered=False))], WHOLE) == []
    assert scripted.asked == asked


def test_questions_to_begin_with_are_found_meanwhile(desk: Desk) -> None:
    assert desk.examples is None
    desk.prepare()
    assert desk.examples is not None


def test_work_tells_how_far_it_is_and_then_what_came_of_it() -> None:
    def work(progress: Any) -> str:
        progress(1, 2)
        time.sleep(0.5)
        progress(2, 2)
        return "done"

    assert list(followed(work))[-1] == "done"
    assert (1, 2) in list(followed(work))


def test_a_fault_in_the_work_is_the_callers() -> None:
    def work(_: Any) -> None:
        raise KutipError("penuh")

    with pytest.raises(KutipError, match="penuh"):
        list(followed(work))
