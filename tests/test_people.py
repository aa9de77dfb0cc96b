"""People are known by the words around their names; offices and places are none."""

from __future__ import annotations

import pytest

from assistant.people import Person, is_calling, people, speaks

NAMED = {
    "Menteri Luar Negeri Rusia Sergey Lavrov tiba di Bagdad.": Person("Sergey Lavrov", False),
    "Bupati Cianjur Herman Suherman meninjau lokasi.": Person("Herman Suherman", False),
    "“Kami siap,” kata ketua tim peneliti dari BRIN Adhi Agus Oktaviana.": None,  # not right behind
    "“Kami siap,” kata ketua panitia Erick Thohir.": Person("Erick Thohir", True),
    "Ridwan Kamil mengatakan bantuan sudah dikirim.": Person("Ridwan Kamil", True),
    "Menurut Prof. Maxime Aubert, lukisan itu tua.": Person("Maxime Aubert", True),
    "Gubernur Jawa Barat mengatakan bantuan sudah dikirim.": None,
    "Presiden Amerika Serikat datang.": None,
    "Kepala Badan Meteorologi datang.": None,
    "Kata dalam karya Mpu Tantular yang berarti kereta perang.": None,
    "Upacara digelar di Istana Merdeka.": None,
}


@pytest.mark.parametrize("sentence", NAMED)
def test_a_name_is_told_from_titles_and_places(sentence):
    expected = NAMED[sentence]
    assert people([sentence]) == ([expected] if expected else [])


def test_each_person_is_named_once_and_speaks_if_anywhere():
    sentences = ["Gubernur Ridwan Kamil datang.", "Ridwan Kamil mengatakan bantuan sudah dikirim."]
    assert people(sentences) == [Person("Ridwan Kamil", True)]


def test_headlines_name_nobody_since_each_of_their_words_has_a_capital():
    assert people(["Menhan Irak Berterima Kasih kepada Iran"]) == []


def test_a_sentence_gives_the_words_of_the_one_it_names_as_speaker():
    assert speaks("Ridwan Kamil", "“Bantuan dikirim,” ujar Kamil.")
    assert speaks("Ridwan Kamil", "Kamil menegaskan bantuan dikirim.")
    assert not speaks("Ridwan Kamil", "“Bantuan dikirim,” ujar Suherman kepada Kamil.")


@pytest.mark.parametrize(
    "words", ["Kepala BMKG", "wakil presiden", "ahli penanggalan", "mantan menteri"]
)
def test_offices_and_callings_say_what_somebody_is(words):
    assert is_calling(words)


@pytest.mark.parametrize(
    "words", ["Ph", "putra sulung", "Gelar atlet terbaik", "kereta perang", ""]
)
def test_other_words_do_not(words):
    assert not is_calling(words)
