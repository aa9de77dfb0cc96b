"""A clause whose answer gives way to a question word is a question; a broken one is none."""

from __future__ import annotations

import pytest

from assistant.clauses import Clauses

MADE = {
    "Jembatan Kalimas dibuka pada 12 Mei 2021.": "Kapan Jembatan Kalimas dibuka?",
    "Pemungutan suara digelar serentak pada 17 April 2019, kata panitia.": "Kapan pemungutan suara digelar "
    "serentak?",
    "Layanan kereta dihentikan karena hujan deras merendam rel.": "Mengapa layanan kereta dihentikan?",
    "Metode yang sama dipakai untuk mengukur ulang gambar lain.": None,  # its verb is after "yang"
    "Helikopter berawak dua orang itu dirancang untuk menghancurkan kendaraan lapis baja.": "Untuk apa "
    "helikopter berawak dua orang itu dirancang?",
    "Korban terbanyak ada di Kota Palu.": "Di mana korban terbanyak berada?",
    "Harga cabai rawit di Pasar Induk Kramat Jati naik menjadi 80.000 rupiah.": "Berapa harga cabai rawit di "
    "Pasar Induk Kramat Jati?",
    "JAKARTA, Kabar Pagi - Presiden meresmikan jalur itu pada 24 Maret 2019.": "Kapan Presiden meresmikan "
    "jalur itu?",
}
MADE_OF_PEOPLE = {
    "Greysia Polii menjuarai lomba lari di Bandung, Minggu.": "Siapa yang menjuarai lomba lari di Bandung?",
}
BROKEN = (
    "Ia menerima hadiah itu pada 2019.",  # who?
    "Pengumuman disampaikan pada Jumat pada 2019.",  # a piece of the date stays
    "Namun jembatan itu runtuh pada 2019.",
    "Jumlah korban jiwa bertambah di Palu.",
    "Menteri mengatakan jembatan dibuka pada 2019.",
    "Dua puluh empat menit kemudian pada 2019.",
    "Jembatan tidak dibuka pada 2019.",
    "<b>Jembatan</b> dibuka pada 2019.",
    "Kereta diberi nama Whoosh dan menjadi layanan pertama di Indonesia.",
)


@pytest.mark.parametrize("sentence", MADE)
def test_what_is_asked_for_gives_way_to_a_question_word(sentence):
    made = MADE[sentence]
    assert list(Clauses([sentence]).of(sentence)) == ([made] if made else [])


@pytest.mark.parametrize("sentence", MADE_OF_PEOPLE)
def test_of_people_it_is_asked_who_did_what_they_did(sentence):
    article = ["Pelari Greysia Polii berlatih keras.", sentence]
    assert MADE_OF_PEOPLE[sentence] in Clauses(article).of(sentence)
    assert MADE_OF_PEOPLE[sentence] not in Clauses([sentence]).of(sentence)


@pytest.mark.parametrize("sentence", BROKEN)
def test_a_clause_that_hangs_in_the_air_makes_no_question(sentence):
    assert list(Clauses([sentence]).of(sentence)) == []


def test_a_name_keeps_its_capital_and_a_word_loses_it():
    asked = "Abadi menjabat perdana menteri sejak 2014."
    assert list(Clauses(["Perdana Menteri Abadi datang.", asked]).of(asked)) == [
        "Kapan Abadi menjabat perdana menteri?"
    ]


def test_an_endless_sentence_is_left_alone():
    sentence = "Jembatan Kalimas dibuka " + "Aa " * 5000 + "pada 2019."
    assert list(Clauses([sentence]).of(sentence)) == []
