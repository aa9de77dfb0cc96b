"""What the chat draws of a conversation, without a browser."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Citation, Highlight
from assistant.records import Backing, Claim
from chat.drawing import conversation
from chat.texts import LANGUAGES, texts
from chat.turns import Turn, Vote, history

HOSTILE = '<img src=x onerror="alert(1)"> [a](javascript:alert(1)) $$x$$ `y` **z** {{_w_}} ${v}\n\n# J\r\n'
TAGS = frozenset(
    "div section h2 h3 span p button small bdi br ol li blockquote mark form label input".split()
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


class Page(HTMLParser):
    """The tags, attributes and text of a piece of HTML; `of` gives the texts of a class."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[tuple[str, set[str]]] = []
        self._texts: dict[str, list[str]] = {}
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        self.tags.append((tag, own))
        if tag not in ("br", "input"):
            classes = {tag, *own.get("class", "").split()}
            self._open.append((tag, classes))
            for name in classes:
                self._texts.setdefault(name, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        for name in {name for _, classes in self._open for name in classes}:
            self._texts[name][-1] += data

    def of(self, name: str) -> list[str]:
        return self._texts.get(name, [])


def drawn(*turns: Turn, language: str = "id", **more: Any) -> Page:
    return Page(conversation(turns, language, **more))


def test_a_marker_carries_the_offsets_of_its_sentence_and_of_the_answers_words() -> None:
    text = "Jembatan itu dibuka pada Senin."
    cited = citation(text, highlight=Highlight(40 + 25, 40 + 30, "Senin"))
    page = drawn(Turn("Kapan?", answer("Senin [1]", short="Senin", citations=(cited,))))
    markers = [own for tag, own in page.tags if own.get("class") == "kutip-cite"]
    assert len(markers) == 2  # in the text, and with the source
    for own in markers:
        assert (own["data-file"], own["data-start"], own["data-end"]) == (
            "kota/jembatan.txt",
            "40",
            str(40 + len(text)),
        )
        assert own["data-mark"] == "65-70"
    assert page.of("mark") == ["Senin"] * 2
    assert page.of("blockquote") == [text]


@pytest.mark.parametrize(
    ("language", "where"),
    [
        ("id", "kota/jembatan.txt · kalimat 3 · 9 Mei 2017"),
        ("en", "kota/jembatan.txt · sentence 3 · 9 May 2017"),
    ],
)
def test_a_source_names_file_sentence_and_date(language: str, where: str) -> None:
    [told] = drawn(Turn("Kapan?", answer()), language=language).of("kutip-where")
    assert where in " ".join(told.split())


def test_a_source_without_a_date_says_none() -> None:
    said = answer(citations=(citation(published=None),))
    [told] = drawn(Turn("Kapan?", said)).of("kutip-where")
    assert " ".join(told.split()).endswith("kalimat 3")


def test_a_quotation_is_not_said_twice_where_its_source_is_drawn() -> None:
    quoted = answer("Senin [1]\n\n“Jembatan itu dibuka.” [1]", short="Senin")
    page = drawn(Turn("Kapan?", quoted))
    assert page.of("kutip-short") == [
        "Senin [1]Jembatan itu dibuka.kota/jembatan.txt · kalimat 3 · 9 Mei 2017"
    ]
    assert "“Jembatan" not in page.text
    whole = drawn(Turn("Kapan?", answer("“Jembatan itu dibuka.” [1]")))
    assert "“Jembatan itu dibuka.”" in whole.text


def test_what_a_model_wrote_is_drawn_whole() -> None:
    said = answer("Dibuka [1].\n\n“Ya.” [1]", model="tiru", short="Dibuka")
    assert "“Ya.”" in drawn(Turn("Kapan?", said)).text


def test_only_what_was_checked_is_said_to_be() -> None:
    claim = Claim(0, 6, (1,), Backing.SUPPORTED)
    whole, stopped = (
        drawn(Turn("Kapan?", answer("Dibuka [1].", model="tiru", claims=claims))).text
        for claims in ((claim,), ())
    )
    assert "setiap kalimat diperiksa" in whole
    assert "setiap kalimat diperiksa" not in stopped
    assert "belum diperiksa" in stopped


def test_a_refusal_says_so_and_its_nearest_sentences_are_no_answer() -> None:
    said = answer("Tidak memuat.\n\nTerdekat:\n\n“Jembatan itu dibuka.” [1]", answered=False)
    page = drawn(Turn("Kapan?", said))
    assert page.of("kutip-refusal")[0].split() == ["Tidak", "memuat."]
    assert page.of("h3") == ["Kalimat terdekat (bukan jawaban)"]
    assert "Keyakinan" not in page.text


def test_an_uncertain_answer_says_so() -> None:
    assert drawn(Turn("Kapan?", answer(confidence=0.3))).of("kutip-note")
    assert not drawn(Turn("Kapan?", answer())).of("kutip-note")


def test_what_could_not_be_verified_is_a_note_and_said_once() -> None:
    said = answer("Menurut artikel. [1]\n\nBerkas a berubah.", unverified=("Berkas a berubah.",))
    page = drawn(Turn("Kapan?", said))
    assert page.of("kutip-note") == ["Berkas a berubah."]
    assert "berubah" not in "".join(page.of("kutip-said")).replace("Berkas a berubah.", "", 1)


def test_a_marker_that_names_no_source_is_plain_text() -> None:
    page = drawn(Turn("Kapan?", answer("Dibuka [7] dan [1].")))
    labels = [own["data-label"] for _, own in page.tags if "data-label" in own]
    assert labels == ["1", "1"]
    assert "[7]" in page.text


def test_a_follow_up_tells_what_it_follows() -> None:
    page = drawn(Turn("Siapa?", answer(), follows="Kapan <b>itu</b>?"))
    assert "Kapan <b>itu</b>?" in page.of("kutip-aside")[0]


def test_only_the_last_answer_is_asked_again_or_edited() -> None:
    page = drawn(Turn("Kapan?", answer()), Turn("Siapa?", answer()))
    acts = [own["data-act"] for _, own in page.tags if own.get("data-act") in ("retry", "edit")]
    assert acts == ["retry", "edit"]


def test_while_an_answer_grows_nothing_can_be_done_with_it() -> None:
    page = drawn(Turn("Kapan?", answer()), writing=True)
    assert not [own for _, own in page.tags if "data-copy" in own]
    assert ("aria-busy", "true") in [pair for _, own in page.tags for pair in own.items()]
    asked = drawn(Turn("Kapan?", answer()), asking="Siapa?")
    assert len(asked.of("kutip-turn")) == 2
    assert len([own for _, own in asked.tags if "data-copy" in own]) == 2


def test_a_vote_shows() -> None:
    page = drawn(Turn("Kapan?", answer(), vote=Vote(good=False)))
    pressed = {own["data-vote"]: own["aria-pressed"] for _, own in page.tags if "data-vote" in own}
    assert pressed == {"good": "false", "bad": "true"}


def test_the_first_visit_has_questions_to_begin_with() -> None:
    page = drawn(examples=["Kapan <i>?", "Who?"])
    assert [own["data-ask"] for _, own in page.tags if "data-ask" in own] == ["Kapan <i>?", "Who?"]
    assert not drawn(Turn("Kapan?", answer()), examples=["Kapan?"]).of("kutip-example")
    assert [own for _, own in drawn(examples=None).tags if "data-wait" in own]
    assert not [own for _, own in drawn(examples=[]).tags if "data-wait" in own]


def test_hostile_text_is_shown_never_read() -> None:
    hostile = citation(HOSTILE, file="a\"<b>&'.txt", highlight=Highlight(40, 44, HOSTILE[:4]))
    said = answer(
        HOSTILE, citations=(hostile,), unverified=(HOSTILE,), notes=(HOSTILE,), confidence=0.1,
        read_as=HOSTILE, model=HOSTILE,
    )  # fmt: skip
    page = drawn(Turn(HOSTILE, said), asking=HOSTILE)
    assert {tag for tag, _ in page.tags} <= TAGS
    assert not [name for _, own in page.tags for name in own if name.startswith("on")]
    assert page.text.count(HOSTILE) >= 4
    assert "a\"<b>&'.txt" in page.text


@given(st.text(), st.text(), st.text())
def test_no_text_adds_a_tag_or_an_attribute(question: str, text: str, file: str) -> None:
    cited = citation(text or "x", file=file)
    page = drawn(Turn(question, answer(text, citations=(cited,))))
    plain = drawn(Turn("a", answer("a", citations=(citation("x", file="a"),))))
    assert {tag for tag, _ in page.tags} <= TAGS
    names = {name for _, own in plain.tags for name in own} | {"class"}
    assert {name for _, own in page.tags for name in own} <= names


def test_history_is_the_questions_with_their_answers_texts() -> None:
    turns = [Turn("Kapan?", answer("Senin. [1]")), Turn("Di mana?", answer("Di Kudus. [1]"))]
    assert history(turns) == [("Kapan?", "Senin. [1]"), ("Di mana?", "Di Kudus. [1]")]


def test_every_text_of_the_page_is_there_in_both_languages() -> None:
    indonesian, english = (texts(language) for language in LANGUAGES)
    assert indonesian.keys() == english.keys()
    for name in indonesian:
        assert variables(indonesian[name]) == variables(english[name]), name
        assert indonesian[name].strip()
        assert english[name].strip()


def variables(text: str) -> set[str]:
    return {word.strip("().,“”[]") for word in text.split() if "$" in word}
