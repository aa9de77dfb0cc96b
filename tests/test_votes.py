"""Votes are kept, and the good ones are a question set that `kutip eval --check` finds nothing wrong with."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.assistant import Assistant
from assistant.cli import cli
from assistant.questions import load
from assistant.records import Answer, Citation, Highlight
from chat.turns import Turn, Vote, history
from chat.votes import LOG, QUESTIONS, Votes
from index.errors import KutipError

SENTENCE = "Siti Rahayu menjuarai lomba lari\nmaraton di Bandung pada Minggu pagi."
ARTICLES = {
    "lomba.txt": f"Lomba lari\n\n{SENTENCE} Ia menerima hadiah 25 juta rupiah dari gubernur.\n",
    "irak.txt": "Irak menang\n\nBagdad menyatakan menang atas ISIS pada Desember 2017.\n",
}
GOOD, BAD = Vote(True, "tepat"), Vote(False, "tanggalnya keliru")


def answer(own: str = "Siti Rahayu", **rest) -> Answer:
    at = SENTENCE.index(own)
    cited = Citation(
        label=1, file="lomba.txt", sentence=2, start=12, end=12 + len(SENTENCE), text=SENTENCE,
        highlight=Highlight(12 + at, 12 + at + len(own), own), published=None, sha256="0" * 64,
    )  # fmt: skip
    given = Answer("?", f"{own} [1]", True, own, "id", 0.9, (cited,))
    return replace(given, **rest)


WHO = Turn("Siapa yang menjuarai lomba lari?", answer())
WHEN = Turn("Kapan itu terjadi?", answer("Minggu pagi"), follows=WHO.question)
WHERE = Turn("Di mana?", answer("Bandung"), follows=WHEN.question)
NOBODY = Turn(
    "Siapa presiden Mars?",
    answer(text="Artikel-artikel yang ada tidak memuatnya.", answered=False, short=None),
)


@pytest.fixture
def folder(write) -> Path:
    return write(ARTICLES)


@pytest.fixture
def votes(tmp_path) -> Votes:
    return Votes(tmp_path / "votes")


def lines(votes: Votes, file: str) -> list[dict]:
    return [json.loads(line) for line in (votes.folder / file).read_text().splitlines()]


def asked(votes: Votes) -> list[str]:
    return [line["question"] for line in lines(votes, QUESTIONS)]


def check(votes: Votes, folder: Path) -> None:
    """Hand the question set to `kutip eval --check`, and fail if it finds anything."""
    told = CliRunner().invoke(
        cli, ["eval", str(votes.folder / QUESTIONS), "--articles", str(folder), "--check"]
    )
    assert told.exit_code == 0, told.output


def test_a_good_answer_is_gold_with_the_sentences_that_it_cites(votes, folder):
    votes.put(WHO, GOOD)
    (line,) = lines(votes, QUESTIONS)
    assert line["question"] == WHO.question
    assert line["answers"] == ["Siti Rahayu"]
    assert line["evidence"] == [{"file": "lomba.txt", "quote": " ".join(SENTENCE.split())}]
    assert line["language"] == "id"
    check(votes, folder)


def test_a_good_refusal_says_that_the_articles_do_not_tell(votes, folder):
    votes.put(NOBODY, GOOD)
    (line,) = lines(votes, QUESTIONS)
    assert line["answers"] == line["evidence"] == []
    check(votes, folder)


@pytest.mark.parametrize("turn", [WHO, NOBODY])
def test_a_bad_vote_is_kept_with_its_reason_and_teaches_nothing(votes, folder, turn):
    votes.put(WHEN, GOOD, [replace(WHO)])
    votes.put(replace(WHO, question="Siapa juaranya?"), GOOD)
    votes.put(turn, BAD)
    entry = lines(votes, LOG)[-1]
    assert (entry["question"], entry["good"], entry["reason"]) == (turn.question, False, BAD.reason)
    assert entry["answer"]["text"] == turn.answer.text
    assert datetime.fromisoformat(entry["time"]).tzinfo
    assert turn.question not in asked(votes)
    check(votes, folder)


def test_real_answers_make_a_set_that_passes_the_check(cache, folder, tmp_path, votes):
    turns: list[Turn] = []
    with Assistant.open(folder, tmp_path / "index") as assistant:
        for question in (
            "Siapa yang menjuarai lomba lari maraton di Bandung?",
            "When did Iraq declare victory over ISIS?",
            "Berapa harga minyak di Planet Mars?",
        ):
            turn = Turn(question, assistant.ask(question, history(turns)))
            votes.put(turn, GOOD, turns)
            turns.append(turn)
    assert asked(votes) == [turn.question for turn in turns]
    assert [turn.answer.answered for turn in turns] == [True, True, False]
    check(votes, folder)


def test_a_follow_up_names_the_question_that_it_followed(votes, folder):
    votes.put(WHO, GOOD)
    votes.put(WHEN, GOOD, [WHO])
    votes.put(WHERE, GOOD, [WHO, WHEN])
    found = load(votes.folder / QUESTIONS)
    assert [q.question for q in found.chain(found.questions[2])] == [WHO.question, WHEN.question]
    check(votes, folder)


def test_a_follow_up_waits_for_the_votes_on_what_it_followed(votes, folder):
    votes.put(WHERE, GOOD, [WHO, WHEN])
    votes.put(WHO, GOOD)
    assert asked(votes) == [WHO.question]
    votes.put(WHEN, GOOD, [WHO])
    assert sorted(asked(votes)) == sorted(turn.question for turn in (WHO, WHEN, WHERE))
    check(votes, folder)
    votes.put(WHEN, BAD, [WHO])
    assert asked(votes) == [WHO.question]
    check(votes, folder)


def test_a_follow_up_of_an_unknown_question_is_in_the_log_alone(votes):
    votes.put(WHEN, GOOD, [])
    assert [entry["gold"] for entry in lines(votes, LOG)] == [None]
    assert not (votes.folder / QUESTIONS).exists()


def test_the_same_question_after_another_is_another_vote(votes):
    votes.put(replace(WHEN, follows=""), GOOD)
    votes.put(WHEN, BAD, [WHO])
    assert len(lines(votes, LOG)) == 2


def test_a_changed_vote_takes_the_place_of_the_first(votes, folder):
    for turn in (WHO, NOBODY):
        votes.put(turn, GOOD)
    votes.put(WHO, BAD)
    assert [entry["good"] for entry in lines(votes, LOG)] == [False, True]
    assert asked(votes) == [NOBODY.question]
    votes.put(replace(WHO, answer=answer("Minggu pagi")), GOOD)
    assert [entry["good"] for entry in lines(votes, LOG)] == [True, True]
    assert lines(votes, QUESTIONS)[-1]["answers"] == ["Minggu pagi"]
    check(votes, folder)


def test_a_vote_can_be_taken_back(votes):
    votes.put(WHO, GOOD)
    votes.put(NOBODY, GOOD)
    votes.put(WHO, None)
    assert [entry["question"] for entry in lines(votes, LOG)] == [NOBODY.question]
    assert asked(votes) == [NOBODY.question]
    votes.put(WHEN, None, [WHO])  # none was cast
    assert asked(votes) == [NOBODY.question]


def test_a_citation_without_the_answer_in_it_is_no_evidence(votes, folder):
    other = Citation(2, "irak.txt", 2, 13, 67, ARTICLES["irak.txt"][13:67], None, None, "0" * 64)
    given = answer()
    votes.put(replace(WHO, answer=replace(given, citations=(*given.citations, other))), GOOD)
    assert [quote["file"] for quote in lines(votes, QUESTIONS)[0]["evidence"]] == ["lomba.txt"]
    check(votes, folder)


def test_an_answer_without_marked_words_is_its_sentence(votes, folder):
    given = answer(short=None)
    plain = replace(given.citations[0], highlight=None)
    votes.put(replace(WHO, answer=replace(given, citations=(plain,))), GOOD)
    assert lines(votes, QUESTIONS)[0]["answers"] == [" ".join(SENTENCE.split())]
    check(votes, folder)


@pytest.mark.parametrize("question", ["", "  \n", "Siapa \ud800 itu?", '{"id": 1}', "\x00\u202e"])
def test_no_question_makes_a_set_that_cannot_be_read(votes, folder, question):
    votes.put(NOBODY, GOOD)
    votes.put(replace(WHO, question=question), GOOD)
    assert len(lines(votes, LOG)) == 2
    check(votes, folder)


def test_a_file_whose_name_is_no_text_spoils_no_set(votes, folder):
    votes.put(NOBODY, GOOD)
    given = answer()
    named = replace(given.citations[0], file="\udcff.txt")
    votes.put(replace(WHO, answer=replace(given, citations=(named,))), GOOD)
    assert asked(votes) == [NOBODY.question]
    check(votes, folder)


def test_what_others_wrote_in_the_files_stays(votes):
    votes.folder.mkdir()
    broken = b'{"id": "a", "question"\n\xff\xfe\n[1]\n\n{"id": "sendiri", "question": "Apa?"}'
    for file in (LOG, QUESTIONS):
        (votes.folder / file).write_bytes(broken)
    votes.put(WHO, GOOD)
    votes.put(WHO, None)
    for file in (LOG, QUESTIONS):
        kept = (votes.folder / file).read_bytes()
        assert kept.split() == broken.split()


def test_what_was_mended_by_hand_stays_until_the_same_question_is_voted_on(votes):
    votes.put(WHO, GOOD)
    (line,) = lines(votes, QUESTIONS)
    line["answers"].append("Rahayu")
    (votes.folder / QUESTIONS).write_text(json.dumps(line) + "\n")
    votes.put(NOBODY, GOOD)
    assert lines(votes, QUESTIONS)[0]["answers"] == ["Siti Rahayu", "Rahayu"]


def test_votes_of_several_threads_are_all_kept(votes, folder):
    turns = [replace(WHO, question=f"Siapa yang menjuarai lomba {n}?") for n in range(24)]

    def vote(own: list[Turn]) -> None:
        for turn in own:
            Votes(votes.folder).put(turn, GOOD)

    threads = [threading.Thread(target=vote, args=(turns[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(asked(votes)) == sorted(turn.question for turn in turns)
    check(votes, folder)


VOTING = """
import os, sys
sys.path.insert(0, os.environ["TESTS"])
from pathlib import Path
from dataclasses import replace
from test_votes import GOOD, WHO, Votes
for n in range(10):
    Votes(Path(sys.argv[1])).put(replace(WHO, question=f"{sys.argv[2]}, nomor {n}?"), GOOD)
"""


def test_votes_of_several_processes_are_all_kept(votes, start):
    processes = [start(VOTING, votes.folder, name) for name in ("Siapa", "Apa")]
    for process in processes:
        output, _ = process.communicate(timeout=200)
        assert process.returncode == 0, output
    assert len(set(asked(votes))) == len(lines(votes, LOG)) == 20


def test_a_folder_that_cannot_be_written_is_an_error_that_says_so(tmp_path):
    (tmp_path / "berkas").write_text("bukan folder")
    with pytest.raises(KutipError, match=r"berkas.*KUTIP_VOTES"):
        Votes(tmp_path / "berkas").put(WHO, GOOD)


def test_a_full_disk_is_an_error_and_leaves_what_there_was(votes, monkeypatch):
    votes.put(WHO, GOOD)
    before = {file: (votes.folder / file).read_bytes() for file in (LOG, QUESTIONS)}

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KutipError, match="No space left on device"):
        votes.put(NOBODY, GOOD)
    assert {file: (votes.folder / file).read_bytes() for file in (LOG, QUESTIONS)} == before
    assert sorted(path.name for path in votes.folder.iterdir() if path.suffix != ".lock") == [
        QUESTIONS, LOG,
    ]  # fmt: skip
