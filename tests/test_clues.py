"""What marked words look like beside the question."""

from __future__ import annotations

import pytest

from assistant.clues import echo, fit
from index.rank import Asked, features


@pytest.mark.parametrize(
    ("question", "words", "value"),
    [
        ("Kapan Irak menang?", "Desember 2017", 1),
        ("Kapan Irak menang?", "Haider al-Abadi", -1),
        ("When did the wave strike?", "pukul 21.27 WIB", 1),
        ("Berapa korbannya?", "dua belas orang", 1),
        ("How many died?", "Bupati Cianjur", -1),
        ("Siapa hakimnya?", "Abu Achmad Sidqi Amsya", 1),
        ("Who was the judge?", "dua orang itu", -1),
        ("Di mana ia dilantik?", "Istana Negara", 1),
        ("Apa nama kereta itu?", "12", 0),
        ("Mengapa ia pergi?", "karena sakit", 0),
        ("Kapan ia lahir dan siapa ibunya?", "Fatmawati", -1),  # the first word that asks counts
        ("Menurut WHO, berapa dosis yang dibutuhkan?", "dua dosis", 1),  # no "who" is asked
        ("Berapa bagian yang rusak?", "sepertiga", 1),
        ("Berapa bagian yang rusak?", "seperti itu", -1),
    ],
)
def test_words_fit_where_they_are_of_the_kind_asked_for(question, words, value):
    assert fit(question, words) == value


def test_what_a_question_said_is_known_by_whole_words():
    asked = Asked.of("Berapa orang tewas dalam gempa 2015?")
    five, year = (
        features(asked, sentence, 0.8, 0.0, 0.0, 0.0)["number"]
        for sentence in ("Sebanyak 5 orang tewas.", "Gempa 2015 itu kuat.")
    )
    assert five > year == 0.0


def test_an_echo_is_the_share_of_words_that_the_question_said():
    assert echo("Siapa yang menyertai Abadi ke Moskow?", "Abadi") == 1
    assert echo("Siapa yang menyertai Abadi ke Moskow?", "Abadi Lavrov") == 0.5
    assert echo("Siapa yang menyertai Abadi ke Moskow?", "Lavrov") == 0
    assert echo("Siapa?", "") == 0
