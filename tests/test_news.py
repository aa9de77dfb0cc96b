"""Questions made of news sentences: see `training/news.py`."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))
from news import asked


@pytest.mark.parametrize(
    ("text", "answer", "several", "words"),
    [
        (
            "Kereta baru itu akan singgah di tiga kota besar, yakni Surabaya, Malang, dan Kediri.",
            "Surabaya, Malang, dan Kediri",
            True,
            ("Apa saja", "Sebutkan", "apa saja", "Mana saja"),
        ),
        (
            "Budi Santoso, Rina Wati, dan Agus Salim menerima penghargaan dari gubernur kemarin pagi.",
            "Budi Santoso, Rina Wati, dan Agus Salim",
            True,
            ("Siapa saja", "Sebutkan siapa"),
        ),
        (
            "Layanan kereta menuju kota dihentikan sementara karena hujan lebat sejak subuh.",
            "karena hujan lebat sejak subuh",
            False,
            ("Mengapa", "Kenapa", "Apa sebabnya", "Apa alasan"),
        ),
        (
            "Bupati mengatakan warga yang rumahnya rusak akan mendapat bantuan bulan depan.",
            "warga yang rumahnya rusak akan mendapat bantuan bulan depan",
            False,
            ("Apa kata Bupati", "Apa yang dikatakan Bupati"),
        ),
    ],
)
def test_a_part_of_a_sentence_gives_way_to_a_question_word(text, answer, several, words):
    made = []
    for seed in range(30):  # words are left out by chance, and some questions become too short
        random.seed(seed)
        made += asked(text)
    assert made
    for one in made:
        assert text[one.start : one.end] == answer
        assert one.several == several
        assert answer not in one.question
        assert any(word in one.question for word in words)


def test_where_nothing_can_be_asked_for_there_is_no_question():
    assert not list(
        asked("Pertandingan itu berlangsung seru dan berakhir imbang tanpa gol sama sekali.")
    )
