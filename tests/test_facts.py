"""Figures that news tells make questions in both languages, which point back to what was asked."""

from __future__ import annotations

import pytest

from assistant.facts import facts
from assistant.language import detect
from assistant.understand import points_back

TOLD = {
    "Sedikitnya 162 orang meninggal.": "How many people died there?",
    "Korban meninggal bertambah menjadi 268 orang.": "How many people died there?",
    "Sebanyak 326 warga luka-luka.": "How many people were injured there?",
    "Sebanyak 5.405 orang mengungsi.": "How many people there had to leave their homes?",
    "Sebanyak 2.345 rumah rusak berat.": "How many houses were damaged there?",
    "Gempa bermagnitudo besar: Magnitudo 5,6 tercatat.": "What was the magnitude of that earthquake?",
    "Biaya pembangunannya Rp 16 triliun.": "What was its cost?",
    "Tarif terjauh ditetapkan Rp 14.000.": "What is its price?",
    "Jalur itu sepanjang 142 kilometer.": "How long is it?",
    "Kecepatan puncaknya 350 kilometer per jam.": "How fast is it?",
    "Indonesia mengumpulkan 31 medali emas.": "How many gold medals were won there?",
    "Terdakwa divonis satu tahun enam bulan.": "How long is the prison sentence in this case?",
}


@pytest.mark.parametrize("sentence", TOLD)
def test_a_figure_makes_its_question(sentence):
    assert TOLD[sentence] in facts(sentence, "en")


@pytest.mark.parametrize("sentence", TOLD)
def test_the_questions_are_in_their_language_and_point_back(sentence):
    for language in ("id", "en"):
        for question in facts(sentence, language):
            assert detect(question) == language
            assert points_back(question)


def test_a_sentence_without_such_a_figure_makes_none():
    assert list(facts("Presiden tiba di Lombok.", "id")) == []
