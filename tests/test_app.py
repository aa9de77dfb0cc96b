"""What the chat draws, without a browser."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

import app
from assistant import Answer, Citation, Highlight
from assistant.language import Language
from index.errors import KutipError

HOSTILE = (
    '<img src=x onerror="alert(1)"> [a](javascript:alert(1)) $$x$$ `y` **z** _w_\n\n# Judul\r\n'
)


def citation(text: str = "Jembatan itu dibuka.", **changed: Any) -> Citation:
    values: dict[str, Any] = {
        "label": 1,
        "file": "kota/jembatan.txt",
        "sentence": 3,
        "start": 40,
        "end": 40 + len(text),
        "text": text,
        "highlight": None,
        "published": date(2017, 5, 9),
        "sha256": "0" * 64,
    }
    return Citation(**{**values, **changed})


def answer(text: str = "Menurut artikel: dibuka. [1]", **changed: Any) -> Answer:
    values: dict[str, Any] = {
        "question": "Kapan?",
        "text": text,
        "answered": True,
        "short": None,
        "language": "id",
        "confidence": 0.9,
        "citations": (citation(),),
    }
    return Answer(**{**values, **changed})


def shown(said: Answer) -> str:
    """The assistant's message for an answer."""
    return str(app.drawn([("Kapan?", said)])[1]["content"])


class Reader(HTMLParser):
    """Collects the tags and the text of a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text())
def test_inert_text_holds_no_sign_that_html_markdown_or_latex_could_read(text: str) -> None:
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|[^\x00-\x7f]|&#\d+;)*", app.inert(text))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_inert_text_shows_as_the_same_characters(text: str) -> None:
    assert html.unescape(app.inert(text)) == text


def test_line_ends_and_tabs_show_as_themselves() -> None:
    assert html.unescape(app.inert("a\tb\nc\r\nd")) == "a\tb\nc\r\nd"


def test_a_source_names_file_sentence_and_date_in_the_answers_language() -> None:
    indonesian = Reader(app.source(citation(), "id")).text
    english = Reader(app.source(citation(), "en")).text
    assert indonesian.startswith("[1] kota/jembatan.txt · kalimat 3 · 9 Mei 2017")
    assert english.startswith("[1] kota/jembatan.txt · sentence 3 · 9 May 2017")


def test_a_source_without_a_date_says_none() -> None:
    drawn = Reader(app.source(citation(published=None), "id")).text
    assert drawn == "[1] kota/jembatan.txt · kalimat 3Jembatan itu dibuka."


def test_a_highlight_is_marked_and_changes_no_character() -> None:
    text = "Jembatan itu dibuka pada <Senin> & Selasa."
    mark = Highlight(40 + 25, 40 + 32, "<Senin>")
    drawn = app.source(citation(text, highlight=mark), "id")
    assert "<mark>&#60;Senin&#62;</mark>" in drawn
    assert Reader(drawn).text.endswith(text)


def test_hostile_text_is_shown_never_read() -> None:
    hostile = citation(HOSTILE, file="a\"<b>&'.txt", highlight=Highlight(40, 44, HOSTILE[:4]))
    said = answer(HOSTILE, citations=(hostile,), unverified=(HOSTILE,), confidence=0.1)
    drawn = Reader(shown(said))
    assert set(drawn.tags) == {"div", "p", "details", "summary", "bdi", "blockquote", "mark"}
    assert HOSTILE in drawn.text
    assert "a\"<b>&'.txt" in drawn.text


def test_a_question_is_shown_as_it_was_typed() -> None:
    assert Reader(str(app.drawn([(HOSTILE, answer())])[0]["content"])).text == HOSTILE


def test_no_message_has_a_line_end_where_markdown_could_begin() -> None:
    said = answer(f"a\n\nb{HOSTILE}", citations=(citation(HOSTILE),))
    assert all("\n" not in str(m["content"]) for m in app.drawn([(HOSTILE, said)]))


def test_a_refusal_and_an_uncertain_answer_look_different_from_an_answer() -> None:
    refusal = shown(answer("Tidak ada.", answered=False, citations=(), confidence=0.1))
    assert "kutip-refusal" in refusal
    assert "kutip-note" not in refusal
    assert "kutip-note" in shown(answer(confidence=app.UNSURE - 0.01))
    assert "kutip-note" not in shown(answer(confidence=app.UNSURE))
    assert "kutip-refusal" not in shown(answer())


@pytest.mark.parametrize(
    ("language", "heading"),
    [("id", "Kalimat terdekat (bukan jawaban):"), ("en", "Closest sentences (not an answer):")],
)
def test_a_refusals_nearest_sentences_are_headed_as_no_answer(
    language: Language, heading: str
) -> None:
    text = "Tidak ada.\n\nYang terdekat:\n\n“Jembatan itu dibuka.” [1]"
    refusal = Reader(shown(answer(text, answered=False, language=language)))
    assert heading in refusal.text
    assert refusal.text.index("“Jembatan") < refusal.text.index(heading)
    assert refusal.text.index(heading) < refusal.text.index("[1] kota/jembatan.txt")
    assert refusal.tags.count("details") == 1
    assert heading not in Reader(shown(answer(text, language=language))).text
    bare = answer("Tidak ada.", answered=False, citations=(), language=language)
    assert heading not in Reader(shown(bare)).text


def test_the_short_answer_is_a_paragraph_that_stands_out() -> None:
    text = "9 Mei 2017 [1]\n\n“Jembatan itu dibuka.” [1]"
    drawn = shown(answer(text, short="9 Mei 2017"))
    assert f'<p class="kutip-short">{app.inert("9 Mei 2017 [1]")}</p><p>' in drawn
    assert ".kutip-short { font-weight: 600" in app.CSS
    for other in ("Mei 2017", None):
        assert "kutip-short" not in shown(answer(text, short=other))


def test_a_short_answer_over_two_sides_stands_out_whole() -> None:
    sides = "jutaan (2019) [1][2] / miliaran (2021) [3]"
    drawn = shown(answer(f"{sides}\n\nBerbeda.", short="jutaan (2019) / miliaran (2021)"))
    assert f'<p class="kutip-short">{app.inert(sides)}</p>' in drawn


def test_what_could_not_be_verified_is_a_note_and_said_once() -> None:
    said = answer("Menurut artikel. [1]\n\nBerkas a berubah.", unverified=("Berkas a berubah.",))
    drawn = shown(said)
    assert drawn.count("berubah") == 1
    assert '<div class="kutip-note">Berkas a berubah&#46;</div>' in drawn


def test_history_is_the_questions_with_their_answers_texts() -> None:
    turns = [("Kapan?", answer("Senin. [1]")), ("Di mana?", answer("Di Kudus. [1]"))]
    assert app.history(turns) == [("Kapan?", "Senin. [1]"), ("Di mana?", "Di Kudus. [1]")]


class Scripted:
    """An assistant that answers in two steps and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[tuple[str, str]]]] = []
        self.closed = False

    def stream(self, question: str, history: list[tuple[str, str]]) -> Iterator[Answer]:
        self.asked.append((question, history))
        try:
            yield answer("Senin", citations=())
            yield answer("Senin. [1]")
        finally:
            self.closed = True


def test_an_answer_grows_and_the_next_question_knows_it() -> None:
    scripted: Any = Scripted()
    _, turns, _ = list(app.reply(scripted, "Kapan?", []))[-1]
    list(app.reply(scripted, "Di mana?", turns))
    assert scripted.asked == [("Kapan?", []), ("Di mana?", [("Kapan?", "Senin. [1]")])]


def test_a_reply_leaves_the_turns_that_it_was_given_alone() -> None:
    turns: list[app.Turn] = []
    scripted: Any = Scripted()
    list(app.reply(scripted, "Kapan?", turns))
    assert turns == []


def test_stop_ends_the_stream_behind_the_answer() -> None:
    scripted: Any = Scripted()
    growing: Any = app.reply(scripted, "Kapan?", [])
    next(growing), next(growing)
    growing.close()
    assert scripted.closed


def test_an_empty_question_is_not_asked() -> None:
    scripted: Any = Scripted()
    list(app.reply(scripted, " \n", []))
    assert scripted.asked == []


def test_an_error_for_the_user_is_shown_and_inert() -> None:
    class Broken:
        def stream(self, question: str, history: list[tuple[str, str]]) -> Iterator[Answer]:
            raise KutipError("indeks <b>rusak</b>")
            yield

    broken: Any = Broken()
    with pytest.raises(gr.Error, match="indeks &#60;b&#62;rusak"):
        list(app.reply(broken, "Kapan?", []))


def question_set(folder: Path, *questions: dict[str, Any]) -> None:
    lines = "\n".join(map(json.dumps, questions))
    (folder / "questions.jsonl").write_text(lines, encoding="utf-8")


def asked(question: str, language: Language, **changed: Any) -> dict[str, Any]:
    return {"question": question, "language": language, "answers": ["x"], "follows": None} | changed


def test_examples_take_turns_between_the_languages(tmp_path: Path) -> None:
    indonesian = [asked(f"i{n}", "id") for n in range(9)]
    question_set(tmp_path, *indonesian, *(asked(f"e{n}", "en") for n in range(9)))
    assert app.examples(tmp_path) == ["i0", "e0", "i1", "e1", "i2", "e2"]


def test_examples_have_an_answer_and_follow_no_other(tmp_path: Path) -> None:
    question_set(
        tmp_path,
        asked("unanswerable", "id", answers=[]),
        asked("follow-up", "id", follows="a"),
        asked("good", "id"),
    )
    assert app.examples(tmp_path) == ["good"]


@pytest.mark.parametrize("content", [None, "no JSON", "[1]", '"text"', '{"question": "Kapan?"}'])
def test_without_a_good_question_set_there_are_no_examples(
    content: str | None, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "questions.jsonl").write_text(content, encoding="utf-8")
    assert app.examples(tmp_path) == []


def test_every_text_of_the_page_is_there_in_both_languages() -> None:
    strings = app.STRINGS.translations_dict
    assert strings["id"].keys() == strings["en"].keys()
    assert all(text for texts in strings.values() for text in texts.values())
