"""What a question asks: its language, and what a follow-up is searched with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from assistant.understand import MOST_CHARACTERS, points_back, understand

FIRST = ("Siapa Gubernur Jawa Barat?", "Dedi Mulyadi [1]")


@pytest.mark.parametrize(
    "question",
    [
        "Kapan dia dilantik?",
        "Lalu di mana?",
        "Berapa umurnya?",
        "And when was he born?",
        "Kapan?",
        "Kapan tepatnya?",
        "Berapa korban?",
        "Berapa orang tewas?",
        "How many died?",
        "Gempa itu kapan terjadi?",
        "Tahun berapa dia lahir?",
        "Kapan Jokowi bertemu dengannya?",
        "Apa kata Jokowi tentang dia?",
        "What did Abadi say to him?",
        "Siapa yang ditemui Lavrov di sana?",
        "When did that happen?",
        "What happened there in 2015?",
        "How many people there had to flee?",
        "Apa tanggapan Jokowi terhadap hal tersebut?",
    ],
)
def test_a_follow_up_is_searched_with_the_question_before_it(question):
    understood = understand(question, [FIRST])
    assert "Gubernur Jawa Barat" in understood.before
    assert understood.question == question


@pytest.mark.parametrize(
    "question",
    [
        "Berapa harga beras di Pasar Induk Cipinang?",
        "Which company built the Jakarta MRT line?",
        "What did Haider al-Abadi ask Obama for when he went to Washington?",
        "Which base did the jets that bombed Raqqa take off from?",
        "Berapa bonus yang diterima Veddriq Leonardo atas emasnya?",
        "Kapan Uni Eropa mencabut gugatannya?",
        "Siapa Lavrov?",
        "Apa itu likuefaksi?",
        "How many provinces are there in Indonesia?",
        "Di mana berlangsungnya pekan olahraga nasional pertama kali?",
        "Berapa harga beras?",
        "Apa penyebab inflasi?",
        "Kapan pemilu digelar?",
        "siapa presiden indonesia?",
        "siapa lavrov?",
        "Jokowi lahir kapan?",
        "BBM naik berapa?",
        "Persib kapan meraih gelar pertamanya?",
        "How many people died in the flood this week?",
        "What is the price of gold this year?",
        "Apa saja gejalanya Covid-19?",
        "Inflasi itu apa?",
        "Apa yang sebaiknya dilakukan warga saat gempa?",
        "What happened in Palu and who died there?",
        "Apa yang terjadi di Palu dan siapa yang tewas di sana?",
    ],
)
def test_a_question_that_stands_alone_is_searched_alone(question):
    assert understand(question, [FIRST]).before == ""


def test_a_follow_up_of_a_follow_up_reaches_back_to_what_names_it():
    understood = understand("Kapan dia dilantik?", [FIRST, ("Berapa umurnya?", "54 [1]")])
    assert "Gubernur Jawa Barat" in understood.before


def test_a_follow_up_is_read_with_the_names_it_may_mean():
    assert (
        understand("Kapan dia dilantik?", [FIRST]).whole
        == "Gubernur Jawa Barat Kapan dia dilantik?"
    )
    told = [("Siapa gubernur itu?", "Dedi Mulyadi [1]\n\n“Ia …” [1]")]
    assert understand("Kapan dia dilantik?", told).whole == "Dedi Mulyadi Kapan dia dilantik?"
    date = [("Kapan Persib juara?", "24 Mei 2025 [1]\n\n“Persib …” [1]")]
    assert understand("Lawannya siapa?", date).whole == "Persib Lawannya siapa?"
    nameless = [("apa penyebab gempa tadi?", "…")]
    assert (
        understand("Berapa korbannya?", nameless).whole
        == "apa penyebab gempa tadi? Berapa korbannya?"
    )


def test_the_short_answer_given_before_is_what_a_pronoun_may_mean():
    history = [("Siapa Gubernur Jawa Barat?", "Dedi Mulyadi [1][2]\n\n“Gubernur …” [1][2]")]
    assert (
        understand("Kapan dia lahir?", history).before == "Siapa Gubernur Jawa Barat? Dedi Mulyadi"
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_refusal_or_a_bare_quotation_gave_no_short_answer(language):
    refusal = prompts.text("refusal", language) + "\n\n“Lain.” [1]"
    for answer in (refusal, "“Dedi Mulyadi dilantik.” [1]", "Panjang " * 50 + "\n\n“…” [1]"):
        assert understand("Kapan dia lahir?", [("Siapa dia?", answer)]).before == "Siapa dia?"


def test_without_history_there_is_nothing_to_point_to():
    assert understand("Kapan dia dilantik?").before == ""


@pytest.mark.parametrize(
    ("question", "language"),
    [("Kapan Irak menang?", "id"), ("When did Iraq win?", "en"), ("", "id"), ("2017", "id")],
)
def test_the_language_is_the_questions_own_not_its_historys(question, language):
    assert understand(question, [("Who is Lavrov?", "…")]).language == language


def test_white_space_is_made_plain():
    assert understand("  Kapan\n\tIrak  menang? ").question == "Kapan Irak menang?"


@given(st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=4))
def test_any_question_with_any_history_can_be_searched(question, history):
    understood = understand(question, history)
    assert len(understood.before) <= MOST_CHARACTERS
    assert understood.language in ("id", "en")
    assert bool(understood.question) == bool(question[:MOST_CHARACTERS].split())


def test_a_very_long_question_is_cut():
    assert len(understand("kata " * 10_000).question) <= MOST_CHARACTERS
    assert points_back("Kapan itu terjadi di kota besar?")
