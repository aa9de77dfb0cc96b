"""A language model's answer: held to the sentences it was given, whatever the model writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.compose import Composer, Declined, NotBorneOut
from assistant.model import Failure, ModelFailed
from assistant.records import Answer, Backing, Finding, Reading, Span
from assistant.support import Support
from assistant.understand import understand
from index.records import Evidence, Sentence

Script = str | ModelFailed | Callable[[str, str], str]

TEXTS = {
    "a.txt": "Bagdad menyatakan menang atas ISIS pada Desember 2017. Rusia menanam jutaan dolar di Irak.",
    "b.txt": "Rusia menanam miliaran dolar di industri minyak Irak.",
}
QUESTION = "Kapan Irak menang atas ISIS?"


class ScriptedModel:
    """Says what it is told to, in pieces of three characters; `asked` keeps what it was given."""

    name, context = "scripted", 4096

    def __init__(self, *scripts: Script) -> None:
        self._scripts, self.asked = list(scripts), list[tuple[str, str]]()
        self.silences = 0  # before its first word
        self.closed = 0

    def stream(self, system: str, user: str, *, longest: int) -> Generator[str]:
        self.asked.append((system, user))
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        try:
            if isinstance(script, ModelFailed):
                raise script
            text = script if isinstance(script, str) else script(system, user)
            yield from [""] * self.silences
            yield from (text[i : i + 3] for i in range(0, len(text), 3))
        finally:
            self.closed += 1


class WordJudge:
    """Takes for supported what shares half of its words with its sources: the rule, without a model."""

    def judge(self, claim: str, sources: Sequence[str], known: str = "") -> Support:
        own = set(re.findall(r"\w+", claim.lower()))
        held = set(re.findall(r"\w+", " ".join(sources).lower()))
        missing = tuple(word for word in re.findall(r"\d+", claim) if word not in held)
        share = len(own & held) / len(own) if own else 0.0
        return Support(share >= 0.5 and not missing, share, missing)


def findings() -> tuple[Finding, ...]:
    found = []
    for file, text in TEXTS.items():
        for number, quote in enumerate(re.findall(r"[A-Z].*?\.(?= |$)", text), 1):
            start = text.index(quote)
            sentence = Sentence(file, number, start, start + len(quote), quote)
            evidence = Evidence(
                sentence, (), (), f"Judul {file}", date(2019, 1, 30), file * 8, 0.8, 1.0, 1.0
            )
            span = Span(sentence, start, start + 6, 2.0)
            found.append(Finding(evidence, (span,), 5.0 - len(found), 2.0))
    return tuple(found)


def composer(*scripts: Script) -> Composer:
    return Composer(
        ScriptedModel(*scripts),
        WordJudge(),  # type: ignore[arg-type]
        lambda texts: [len(text.split()) for text in texts],
    )


def answers(*scripts: Script, question: str = QUESTION) -> list[Answer]:
    reading = Reading(findings(), 0.9, True)
    return list(composer(*scripts).compose(understand(question), reading, ()))


def test_markers_become_citations_in_the_order_in_which_they_appear() -> None:
    answer = answers("Rusia menanam miliaran dolar [3]. Bagdad menang pada Desember 2017 [1].")[-1]
    assert answer.text == "Rusia menanam miliaran dolar [1]. Bagdad menang pada Desember 2017 [2]."
    assert [(c.label, c.file) for c in answer.citations] == [(1, "b.txt"), (2, "a.txt")]
    assert [c.backing for c in answer.claims] == [Backing.SUPPORTED] * 2
    assert answer.model == "scripted"
    assert answer.unverified == ()


def test_what_is_shown_grows_and_every_marker_shown_is_cited() -> None:
    shown = answers("Bagdad menang pada Desember 2017 [1]. Rusia menanam jutaan dolar [2].")
    for before, after in pairwise(shown):
        assert after.text.startswith(before.text.rstrip())
    for answer in shown:
        labels = {int(label) for label in re.findall(r"\[(\d+)\]", answer.text)}
        assert labels <= {c.label for c in answer.citations}


def test_citations_hold_the_files_own_text() -> None:
    for c in answers("Bagdad menang pada Desember 2017 [1][2][3].")[-1].citations:
        assert TEXTS[c.file][c.start : c.end] == c.text


def test_a_marker_that_names_nothing_goes_and_the_reader_is_told() -> None:
    answer = answers("Bagdad menang pada Desember 2017 [1][7].")[-1]
    assert answer.text == "Bagdad menang pada Desember 2017 [1]."
    assert any("[7]" in note for note in answer.unverified)


def test_a_sentence_without_a_source_is_told() -> None:
    answer = answers("Bagdad menang pada Desember 2017 [1]. Paris indah sekali.")[-1]
    assert [c.backing for c in answer.claims] == [Backing.SUPPORTED, Backing.UNCITED]
    assert any("Paris indah sekali." in note for note in answer.unverified)


def test_a_figure_that_no_cited_sentence_has_is_told() -> None:
    answer = answers("Bagdad menang pada Desember 2017 [1]. Rusia menanam 77 dolar [2].")[-1]
    assert answer.claims[1].backing is Backing.DOUBTFUL
    assert answer.claims[1].missing == ("77",)
    assert any("77" in note for note in answer.unverified)


def test_an_answer_of_which_nothing_is_borne_out_is_refused() -> None:
    with pytest.raises(NotBorneOut):
        answers("PISANG-7731")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("TIDAK ADA JAWABAN", QUESTION),
        ("NO ANSWER", "When did Iraq win?"),
        ("Artikel tersebut tidak menyebutkan hal itu.", QUESTION),
        ("The articles do not mention when that was.", "When did Iraq win?"),
        ("Tidak ada informasi tentang itu.", QUESTION),
    ],
)
def test_a_models_own_refusal_is_one(text: str, question: str) -> None:
    with pytest.raises(Declined):
        answers(text, question=question)


def test_a_failure_passes_through() -> None:
    with pytest.raises(ModelFailed):
        answers(ModelFailed(Failure.BUSY, "later"))


def test_evidence_is_numbered_by_article_with_title_and_date() -> None:
    made = composer("Bagdad menang pada Desember 2017 [1].")
    list(made.compose(understand(QUESTION), Reading(findings(), 0.9, True), ()))
    [(_, user)] = made.model.asked  # type: ignore[attr-defined]
    first = user.index("Judul a.txt (30 Januari 2019)")
    assert first < user.index("[1] Bagdad") < user.index("[2] Rusia") < user.index("Judul b.txt")
    assert user.index("Judul b.txt") < user.index("[3] Rusia menanam miliaran")


def test_who_waits_for_a_silent_model_may_leave() -> None:
    made = composer("Bagdad menang pada Desember 2017 [1].")
    made.model.silences = 3  # type: ignore[attr-defined]
    answers = made.compose(understand(QUESTION), Reading(findings(), 0.9, True), ())
    assert [next(answers).text for _ in range(3)] == [""] * 3
    answers.close()
    assert made.model.closed == 1  # type: ignore[attr-defined]


def test_a_small_context_takes_the_best_sentences_whole() -> None:
    made = composer("Bagdad menang pada Desember 2017 [1].")
    made.model.context = 790
    list(made.compose(understand(QUESTION), Reading(findings(), 0.9, True), ()))
    [(_, user)] = made.model.asked  # type: ignore[attr-defined]
    assert "[1] Bagdad menyatakan menang atas ISIS pada Desember 2017." in user
    assert "[2]" not in user


def test_no_room_for_a_sentence_is_an_overflow() -> None:
    made = composer("x")
    made.model.context = 700
    with pytest.raises(ModelFailed) as failed:
        list(made.compose(understand(QUESTION), Reading(findings(), 0.9, True), ()))
    assert failed.value.failure is Failure.OVERFLOW


def test_an_english_question_gets_the_cited_sentences_translated() -> None:
    answer = answers(
        "Bagdad menang pada Desember 2017 [1].",
        "1. Baghdad declared victory over ISIS in December 2017.",
        question="When did Iraq win?",
    )[-1]
    assert answer.citations[0].translation == "Baghdad declared victory over ISIS in December 2017."


def test_a_failed_translation_leaves_the_answer_as_it_is() -> None:
    answer = answers(
        "Bagdad menang pada Desember 2017 [1].",
        ModelFailed(Failure.TIMEOUT, "slow"),
        question="When did Iraq win?",
    )[-1]
    assert answer.text == "Bagdad menang pada Desember 2017 [1]."
    assert answer.citations[0].translation is None


def test_to_stop_reading_ends_the_models_work() -> None:
    made = composer("Bagdad menang pada Desember 2017 [1]. " * 5)
    running = made.compose(understand(QUESTION), Reading(findings(), 0.9, True), ())
    next(running)
    running.close()
    assert made.model.closed == 1  # type: ignore[attr-defined]


WORDS = st.sampled_from(
    [
        *["[1]", "[2]", "[3]", "[4]", "[1-3]", "[2, 3]", "[0]", "[", "]", " ", ". ", "\n", "- "],
        *[
            "Bagdad",
            "menang",
            "Desember 2017",
            "Rusia",
            "jutaan dolar",
            "9.999",
            "“",
            "<b>",
            "[[1]",
        ],
    ]
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, max_size=25))
def test_no_answer_leaves_with_a_marker_that_names_nothing(parts: list[str]) -> None:
    try:
        shown = answers("".join(parts))
    except (Declined, NotBorneOut):
        return
    for answer in shown:
        labels = [int(label) for label in re.findall(r"\[(\d+)\]", answer.text)]
        assert set(labels) <= {c.label for c in answer.citations}
        assert len(re.findall(r"[\[\]]", answer.text)) == 2 * len(labels)
        for c in answer.citations:
            assert TEXTS[c.file][c.start : c.end] == c.text
