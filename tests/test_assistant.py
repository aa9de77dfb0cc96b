"""The whole trip from a question to a cited answer, with the bundled encoder."""

from __future__ import annotations

import json
import re
import threading
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.settings import Settings
from index.errors import KutipError
from index.scope import Scope

ARTICLES = {
    "timur-tengah/irak.txt": "Irak menang\n\nBagdad menyatakan menang atas ISIS pada Desember 2017. "
    "Perang itu berlangsung tiga tahun.\n",
    "olahraga/lomba.txt": "Lomba lari\n\nSiti Rahayu menjuarai lomba lari maraton di Bandung pada "
    "Minggu pagi. Ia menerima hadiah 25 juta rupiah dari gubernur.\n",
    "ekonomi/cabai.txt": "Harga cabai\n\nHarga cabai rawit di Pasar Induk Kramat Jati naik menjadi "
    "80.000 rupiah per kilogram. Pedagang mengaku pasokan dari Jawa Timur berkurang.\n",
}
QUESTIONS = {
    "Kapan Irak menyatakan menang atas ISIS?": "Desember 2017",
    "Siapa yang menjuarai lomba lari maraton di Bandung?": "Siti Rahayu",
    "Berapa harga cabai rawit di Pasar Induk Kramat Jati?": "80.000",
    "When did Iraq declare victory over ISIS?": "Desember 2017",
}


@pytest.fixture
def folder(write):
    return write(ARTICLES)


@pytest.fixture
def assistant(cache, folder, tmp_path):
    with Assistant.open(folder, tmp_path / "index") as opened:
        yield opened


def markers(text: str) -> list[int]:
    return [int(label) for label in re.findall(r"\[(\d+)\]", text)]


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_quotes_the_sentence_and_cites_its_place(assistant, folder, question):
    answer = assistant.ask(question)
    assert answer.answered
    assert QUESTIONS[question] in answer.text
    assert answer.unverified == ()
    first = answer.citations[0]
    text = (folder / first.file).read_text()
    assert text[first.start : first.end] == first.text
    assert QUESTIONS[question] in first.text
    assert 0 <= answer.confidence <= 1


def test_the_answer_is_in_the_questions_language(assistant):
    assert assistant.ask("Kapan Irak menang atas ISIS?").language == "id"
    assert assistant.ask("When did Iraq defeat ISIS?").language == "en"


@pytest.mark.parametrize("question", QUESTIONS)
def test_markers_are_exactly_the_citations_labels(assistant, question):
    for answer in assistant.stream(question):
        assert sorted(set(markers(answer.text))) == [c.label for c in answer.citations]


@pytest.mark.parametrize("question", [*QUESTIONS, "Siapa presiden Planet Mars?", "", "???"])
def test_a_stream_only_grows_and_ends_with_the_answer(assistant, question):
    answers = list(assistant.stream(question))
    for before, after in pairwise(answers):
        assert after.text.startswith(before.text)
        assert after.citations[: len(before.citations)] == before.citations
    assert answers[-1] == assistant.ask(question)


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question_is_answered_with_a_request_for_one(assistant, question):
    answer = assistant.ask(question)
    assert not answer.answered
    assert answer.text
    assert answer.citations == ()


@pytest.mark.parametrize(
    "question",
    [
        "x" * 100_000,
        "\x00\u200e",
        "</s><mask>",
        "🙂🙂",
        "[1] [2]",
        "$file $reason",
        "{0} %s",
        "\ud800",
    ],
)
def test_no_question_breaks_it(assistant, question):
    answer = assistant.ask(question)
    assert set(markers(answer.text)) >= {c.label for c in answer.citations}


@pytest.mark.parametrize("question", ["Kapan Irak menang atas ISIS?", "When did Iraq defeat ISIS?"])
@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_file_changed_since_is_not_cited_and_the_answer_says_so(assistant, folder, question, how):
    file = folder / "timur-tengah" / "irak.txt"
    if how == "gone":
        file.unlink()
    else:
        file.write_text(file.read_text().replace("2017", "2018"))
    answer = assistant.ask(question)
    assert "timur-tengah/irak.txt" not in {c.file for c in answer.citations}
    assert "2017" not in answer.text.replace(question, "")
    assert len(answer.unverified) == 1
    assert "timur-tengah/irak.txt" in answer.unverified[0]
    assert answer.unverified[0] in answer.text
    assert (answer.unverified[0].startswith("Berkas")) == (answer.language == "id")


def test_only_the_articles_in_the_scope_are_asked(assistant):
    question = "Kapan Irak menyatakan menang atas ISIS?"
    inside = Scope("timur-tengah")
    answer = assistant.ask(question, scope=inside)
    assert answer.answered
    assert answer.text == assistant.ask(question).text
    assert [*assistant.stream(question, scope=inside)][-1] == answer
    outside = assistant.ask(question, scope=Scope("ekonomi"))
    assert not outside.answered
    assert {cited.file for cited in outside.citations} <= {"ekonomi/cabai.txt"}


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        ("Kapan Irak menang atas ISIS?", "tidak memuat jawaban"),
        ("When did Iraq defeat ISIS?", "do not say"),
    ],
)
def test_a_scope_without_articles_does_not_say(assistant, question, refusal):
    for scope in (Scope("tidak-ada"), Scope(since=date(2050, 1, 1))):
        answer = assistant.ask(question, scope=scope)
        assert (answer.answered, answer.citations, answer.short) == (False, (), None)
        assert refusal in answer.text


def test_a_follow_up_stays_in_its_scope(assistant):
    history = [("Siapa yang menjuarai lomba lari maraton di Bandung?", "Siti Rahayu [1]\n\n…")]
    asked = "Berapa hadiah yang dia terima?"
    assert "25 juta" in assistant.ask(asked, history, scope=Scope("olahraga")).text
    assert not assistant.ask(asked, history, scope=Scope("timur-tengah")).answered


def test_after_indexing_again_a_changed_file_is_cited_as_it_is_now(assistant, folder):
    file = folder / "timur-tengah" / "irak.txt"
    file.write_text(file.read_text().replace("2017", "2018"))
    assistant.index.synchronise()
    answer = assistant.ask("Kapan Irak menyatakan menang atas ISIS?")
    assert "2018" in answer.text
    assert answer.unverified == ()


def test_many_threads_each_get_their_own_answer(assistant):
    right = {question: assistant.ask(question) for question in QUESTIONS}
    wrong: list[str] = []

    def ask(question: str) -> None:
        for _ in range(8):
            answer = assistant.ask(question)
            if answer.text != right[question].text:
                wrong.append(f"{question} {answer.text}")

    threads = [threading.Thread(target=ask, args=(question,)) for question in [*QUESTIONS] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_opening_says_what_was_indexed(assistant):
    assert assistant.report.new == len(ARTICLES)
    assert assistant.index.files == len(ARTICLES)


def test_opening_tells_progress_and_closes_when_it_fails(cache, write, tmp_path):
    seen: list[tuple[int, int]] = []
    with pytest.raises(KutipError, match="does not exist"):
        Assistant.open(tmp_path / "tidak-ada", tmp_path / "index")
    with Assistant.open(
        write(ARTICLES), tmp_path / "index", progress=lambda *p: seen.append(p)
    ) as assistant:
        assert seen[-1] == (3, 3)
        assert assistant.ask("Kapan Irak menang?").citations


def test_settings_say_where_things_are_and_arguments_go_first(cache, write, tmp_path):
    settings = Settings(articles=tmp_path / "lain", index=tmp_path / "index", cache=cache)
    with Assistant.open(write(ARTICLES), settings=settings) as assistant:
        assert assistant.index.place.articles == write({})
        assert assistant.index.place.index == tmp_path / "index"


def test_a_question_set_file_of_the_samples_is_well_formed():
    root = Path(__file__).parents[1]
    with (root / "seeds" / "questions.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        for evidence in row["evidence"]:
            assert evidence["quote"] in (root / "seeds" / evidence["file"]).read_text("utf-8")
    assert len({row["id"] for row in rows}) == len(rows)
