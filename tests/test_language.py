"""The language of a question, on two lists: one to choose by, one written after the choice."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language import DEFAULT, detect

GOLDEN = Path(__file__).parent / "golden" / "questions-language.tsv"

# Written when words, rules and detector had been chosen; 99 of these 100 were right then ("Year?"
# was not, and brought the words of time into the list).
FRESH = {
    "id": """
Siapa Baqeri?
Siapa komandan PMU yang dibunuh AS?
siapa namanya Menhan Irak?
Kapan tepatnya Ramadi direbut?
kapan sih Obama ketemu Abadi
Ada apa di Palmyra?
Ada berapa helikopter Mi-28?
Kata Lavrov gimana?
Ngapain Fuad Hussein ke Moskow?
Wall Street Journal bilang apa?
Blinken itu siapa?
WHO itu apa?
PBB bilang apa soal Suriah
Irak beli S-400 ga?
Jadi beli S-400?
Jadi siapa yang menang?
Yang tewas siapa?
Selain Putin?
Setelah itu?
Tahun?
Contohnya?
Lokasinya?
Maksudnya?
Nama lengkap al-Muhandis?
Hubungan Rusia dan Irak?
Kronologi jatuhnya Palmyra
Sikap Teheran terhadap Washington?
Pangkat Mousavi?
Markas besar Interpol?
Pemenang Indonesian Idol 2018?
Pencipta lagu Indonesia Raya
Siapa yang menyanyikan How Deep Is Your Love?
Siapa sutradara The Raid?
apa kepanjangan dari GBK
Apa bedanya machine learning dan deep learning?
Apa hubungan Gojek dengan Google Ventures?
Mengapa film Beauty and the Beast ditunda di Malaysia?
kenapa Facebook down kemarin
berapa gaji driver GrabBike
Berapa skor Manchester United vs Liverpool?
Emangnya Trump jadi ke Singapura?
Pernahkah Abadi ke Kremlin?
Bener nggak Soleimani tewas di Baghdad?
MENGAPA PUTIN MENDUKUNG IRAK
Rangkum pernyataan Qais al-Khazali
siapkan daftar menteri yang disebut
Beritahu saya tentang Green Zone
Di stadion apa Brisbane Roar main?
Pada tanggal berapa Mafioso pindah?
Hotel tempat Lindsay Lohan menginap?
""",
    "en": """
Who is Baqeri?
Which PMU commander was killed by the US?
name of Iraqi defence minister?
When exactly was Ramadi overrun?
so when did Obama meet Abadi
Anything on Palmyra?
Number of Mi-28 helicopters?
Any news from Tehran?
Lavrov's reply?
Blinken's job?
Then who won?
What else?
Why not?
Since when?
By whom?
Really?
Example?
Year?
Full name of al-Muhandis?
Russia and Iraq relations?
Timeline of the fall of Palmyra
Tehran's stance on Washington?
Rank of Mousavi?
Interpol headquarters?
Indonesian Idol 2018 winner?
Composer of Indonesia Raya
Who sang Laskar Pelangi?
Who directed Ada Apa dengan Cinta?
What's GBK short for
What is the difference between SIM and KTP?
What did Susi Pudjiastuti say about kapal asing?
Where can I buy kerak telor in Jakarta
how many people live in Kalimantan Timur
how much is a Kartu Prakerja allowance?
Did Persib beat Arema?
Is Bank Mandiri bigger than BCA?
Was Setya Novanto jailed?
Are Ahok and Djarot running?
WHY DOES PUTIN SUPPORT IRAQ
summary of Qais al-Khazali's statement
give me the ministers mentioned
Tell me who Hamid al-Husseini is
At which stadium does Brisbane Roar play?
On what date did Soleimani die?
Do Iran and Iraq share a border?
Could the PMU disband?
tempo doeloe meaning
Borobudur ticket price in rupiah?
Semarang Surabaya toll road length
whn is the Jakarta Fair
""",
}


def golden() -> list[tuple[str, str]]:
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    return [(language, question) for language, question in (line.split("\t") for line in lines)]


def fresh() -> list[tuple[str, str]]:
    return [(code, line) for code, text in FRESH.items() for line in text.strip().splitlines()]


def mistakes(questions: list[tuple[str, str]]) -> list[str]:
    return [question for language, question in questions if detect(question) != language]


def test_the_golden_list_holds_a_hundred_different_questions_in_each_language() -> None:
    questions = golden()
    assert len(set(questions)) == 200
    assert [language for language, _ in questions].count("id") == 100


def test_99_of_100_golden_questions_are_told_right() -> None:
    assert len(mistakes(golden())) <= 2


def test_99_of_100_fresh_questions_are_told_right() -> None:
    assert len(fresh()) == 100
    assert len(mistakes(fresh())) <= 1


def test_capitals_and_small_letters_change_little() -> None:
    for change in (str.lower, str.upper):
        changed = [(language, change(question)) for language, question in golden() + fresh()]
        assert len(mistakes(changed)) <= 6  # 2 in 100


@pytest.mark.parametrize(
    "question", ["", "  \n", "?!", "2019", "🌋🌋", "30/01/2019", "伊拉克", "…"]
)
def test_what_tells_nothing_is_taken_for_indonesian(question: str) -> None:
    assert detect(question) == DEFAULT == "id"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("apa itu air defence system?", "id"),
        ("What is Jalan Tol Trans-Jawa?", "en"),
        ("Siapa yang menyanyikan Who Let The Dogs Out?", "id"),
        ("The Lord of the Rings itu film apa?", "id"),
        ("Who wrote Ada Apa dengan Cinta?", "en"),
        ("WHO itu apa?", "id"),
        ("AS itu negara mana?", "id"),
        ("siapakah Abadi", "id"),
        ("what\u2019s Daesh", "en"),
    ],
)
def test_names_and_titles_do_not_decide(question: str, language: str) -> None:
    assert detect(question) == language


@given(st.text())
def test_any_text_has_a_language(question: str) -> None:
    assert detect(question) in ("id", "en")
