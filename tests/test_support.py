"""A claim stands on its sources, or it is flagged: by its figures, dates and names, and by what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import HashEncoder
from hypothesis import given
from hypothesis import strategies as st

from assistant.language import Language
from assistant.measures_en import indonesian
from assistant.opposed import opposite, swapped
from assistant.stated import missing
from assistant.support import Judge
from index.encoder import E5Encoder

PAIRS = Path(__file__).parent / "golden" / "support.jsonl"
FLOOR = (
    0.82  # a little under what benchmarks/support.py prints: engines differ in their last digits
)


@pytest.fixture(scope="module")
def judge(encoder: E5Encoder) -> Judge:
    return Judge(encoder)


@pytest.mark.parametrize(
    ("claim", "source", "language"),
    [
        ("About 1.5 million people fled.", "Sekitar 1,5 juta orang mengungsi.", "en"),
        ("Sekitar 1.500.000 orang mengungsi.", "Sekitar 1,5 juta orang mengungsi.", "id"),
        ("There are 5,200 soldiers.", "Ada 5.200 tentara.", "en"),
        ("There are five thousand two hundred soldiers.", "Ada 5.200 tentara.", "en"),
        ("It costs Rp 10.000 now.", "Harganya kini Rp 10.000.", "en"),
        ("Half a million tonnes arrived.", "Sebanyak 500.000 ton tiba.", "en"),
        ("Millions of dollars were lost.", "Jutaan dolar hilang.", "en"),
        ("Twenty-five people died.", "Sebanyak 25 orang tewas.", "en"),
        ("All five bridges were hit.", "Kelima jembatan itu rusak.", "en"),
        ("It finished fourth.", "Tim itu menempati peringkat keempat.", "en"),
        ("He came on January 30, 2019.", "Ia datang pada Rabu, 30 Januari 2019.", "en"),
        ("He came on 30 January.", "Ia datang pada Rabu (30/01).", "en"),
        ("It began at 6:02 p.m. on Friday.", "Gempa itu mulai pukul 18.02, Jumat.", "en"),
        ("Around 900,000 people fled.", "Sebanyak 912.345 orang mengungsi.", "en"),
        ("Menlu Fouad Hussein tiba.", "Menteri Fuad Hussein tiba.", "id"),
        ("Then Sergey Lavrov left.", "Sergei Lavrov lalu pergi.", "en"),
        ("In Baghdad, Iraqi officials met Russia.", "Pejabat Irak di Bagdad bertemu Rusia.", "en"),
        ("The United States left Syria.", "AS meninggalkan Suriah.", "en"),
        ("The ministry says Washington agreed.", "Kementerian: Washington setuju.", "en"),
        ("The army fought the Islamic State.", "Tentara melawan Daesh.", "en"),
        ("Who knew of it was not said.", "Siapa yang tahu tidak disebutkan.", "en"),
        ("The WHO agreed.", "Badan Kesehatan Dunia setuju.", "en"),
        ("It lies in West Java.", "Letaknya di Jawa Barat.", "en"),
        ("The Foreign Minister resigned on Monday.", "Senin itu Menlu mundur.", "en"),
        ("Menurut KPU hasilnya sah.", "Komisi Pemilihan Umum menyatakan hasilnya sah.", "id"),
        ("", "Harga telur naik.", "id"),
        ("It struck at 6:02 p.m.", "Gempa mengguncang pukul 18.02 WITA.", "en"),
        ("Gempa mengguncang pukul 18.02.", "Gempa mengguncang pukul 18.02 WITA.", "id"),
        ("Cases rose in 2020.", "Di sepanjang 2020 kasus naik.", "en"),
        ("Residents fled in 2018.", "Tragedi 2018 warga mengungsi.", "en"),
        ("The Ministry's data show a rise.", "Data kementerian menunjukkan kenaikan.", "en"),
        ("More than 100 people fled.", "Sebanyak 127 orang mengungsi.", "en"),
        ("Harganya Rp 10.000.", "Harganya 10 ribu rupiah.", "id"),
        ("It cost Rp 10.000.", "Harganya 10 ribu rupiah.", "en"),
        ("2. Andi terluka di Depok.", "Andi terluka di Depok.", "id"),
        ("KPK menolak.", "Ketua Komisi Pemberantasan Korupsi Firli Bahuri menolak.", "id"),
    ],
)
def test_what_is_said_in_another_way_is_not_missing(
    claim: str, source: str, language: Language
) -> None:
    assert missing(claim, [source], "", language) == ()


@pytest.mark.parametrize(
    ("claim", "source", "language", "wanted"),
    [
        ("Ada 5.300 tentara di sana.", "Ada 5.200 tentara di sana.", "id", ("5.300",)),
        ("There are 5,300 soldiers.", "Ada 5.200 tentara.", "en", ("5,300",)),
        ("It cost 2 billion dollars.", "Biayanya 2 juta dolar.", "en", ("2 billion",)),
        ("Billions of dollars went.", "Jutaan dolar hilang.", "en", ("Billions of",)),
        ("He came on 31 January 2019.", "Ia datang pada 30/01.", "en", ("31 January 2019",)),
        ("Ia datang pada 30 Januari 2020.", "30 Januari 2019 ia tiba.", "id", ("30 Januari 2020",)),
        ("Then Putin met Blinken.", "Putin lalu pergi.", "en", ("Blinken",)),
        ("Soleimani tewas di Suriah.", "Soleimani tewas di Irak.", "id", ("Suriah",)),
        ("It lies north of the capital.", "Letaknya di selatan ibu kota.", "en", ("north",)),
        ("Veddriq menang di Paris.", "Rizki menang di Paris.", "id", ("Veddriq",)),
        ("They met on Friday.", "Mereka bertemu pada Kamis.", "en", ("Friday",)),
        ("They met in January 2019.", "Mereka bertemu pada Maret 2019.", "en", ("January 2019",)),
        ("It was on 1 May.", "Itu pada 30 Maret.", "en", ("1 May",)),
        ("5 million people fled.", "Sebanyak 5 orang mengungsi.", "en", ("5 million",)),
        ("1,000 people fled.", "Sebanyak lima orang mengungsi.", "en", ("1,000",)),
        ("More than 100 people fled.", "Sebanyak 90 orang mengungsi.", "en", ("100",)),
        ("At least 126 people died.", "Sedikitnya 162 orang tewas.", "en", ("126",)),
        ("They handed over 427 objects.", "Mereka menyerahkan 472 benda.", "en", ("427",)),
    ],
)
def test_a_figure_date_or_name_that_no_source_has_is_missing_as_it_is_written(
    claim: str, source: str, language: Language, wanted: tuple[str, ...]
) -> None:
    assert missing(claim, [source], "", language) == wanted


def test_words_of_the_question_need_no_source() -> None:
    claim, source = "Putin met 40 envoys on 3 May.", "Ia menerima mereka."
    assert set(missing(claim, [source], "", "en")) == {"Putin", "40", "3 May"}
    assert missing(claim, [source], "Whom did Putin meet on 3 May, and were there 40?", "en") == ()
    assert missing(claim, [source], "Siapa yang ditemui 40 utusan Putin 3 Mei?", "en") == ()


def test_the_title_and_date_of_an_article_may_be_sources() -> None:
    claim = "Pada 3 Januari 2020 serangan di Bagdad menewaskan Soleimani."
    sources = [
        "Ia terbunuh pada Jumat (3/1).",
        "Serangan AS Tewaskan Soleimani di Bagdad. 6 Januari 2020",
    ]
    assert missing(claim, sources[:1], "", "id") == ("3 Januari 2020", "Bagdad", "Soleimani")
    assert missing(claim, sources, "", "id") == ()


@pytest.mark.parametrize(
    ("english", "wanted"),
    [
        ("on May 3, 2015 he may go", "on 3 Mei 2015 he may go"),
        ("twenty-one thousand and five", "21.005"),
        ("tens of thousands fled", "puluhan ribu fled"),
        ("$1.1 billion", "$1,1 miliar"),
        ("a third of it", "sepertiga of it"),
    ],
)
def test_english_figures_take_their_indonesian_form(english: str, wanted: str) -> None:
    text, pieces = indonesian(english)
    assert text == wanted
    assert all(piece.written in english for piece in pieces)


def test_opposite_words_and_swapped_names_are_seen_in_both_languages() -> None:
    assert opposite("Prices fell.", ["Harga naik."])
    assert opposite("Harga turun.", ["Harga naik."])
    assert not opposite("Prices rose.", ["Harga naik."])
    source = ["Amerika mengalahkan Vietnam di Solo."]
    assert swapped("Vietnam defeated America in Solo.", source)
    assert not swapped("America defeated Vietnam in Solo.", source)
    assert not swapped("Vietnam was defeated by America in Solo.", source)


SOURCE = (
    "Rusia siap memasok senjata kepada Irak, kata Menteri Luar Negeri Sergei Lavrov pada Kamis."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Sergei Lavrov mengatakan bahwa Rusia siap memasok senjata kepada Irak.",
        "Russia is ready to supply weapons to Iraq, Foreign Minister Sergey Lavrov said on Thursday.",
    ],
)
def test_a_paraphrase_is_supported(judge: Judge, claim: str) -> None:
    found = judge.judge(claim, [SOURCE])
    assert found.supported
    assert found.score > 0.5
    assert found.missing == ()


@pytest.mark.parametrize(
    "claim",
    [
        "Sergei Lavrov mengatakan bahwa Rusia tidak siap memasok senjata kepada Irak.",
        "Russia is not ready to supply weapons to Iraq, Foreign Minister Sergey Lavrov said.",
        "Rusia siap memasok senjata kepada Suriah, kata Menteri Luar Negeri Sergei Lavrov.",
        "Russia will supply 40 helicopters to Iraq, Sergey Lavrov said.",
        "Pemain bulu tangkis itu pulang ke rumah orang tuanya.",
        "The price of eggs is set by traders in the market.",
    ],
)
def test_a_claim_that_is_negated_changed_or_of_something_else_is_not(
    judge: Judge, claim: str
) -> None:
    assert not judge.judge(claim, [SOURCE]).supported


def test_a_claim_without_words_is_supported_and_one_without_a_source_is_not(judge: Judge) -> None:
    assert judge.judge("", [SOURCE]).supported
    assert judge.judge("…", []).supported
    found = judge.judge("Rusia siap.", ["", "  "])
    assert not found.supported
    assert found.score == 0.0
    assert found.missing == ("Rusia",)


@given(
    st.text(max_size=60) | st.text("0123456789.,/:% aejtu-US$ıſ²٣", max_size=40),
    st.lists(st.text(max_size=40), max_size=3),
    st.text(max_size=20),
)
def test_any_text_can_be_judged(claim: str, sources: list[str], known: str) -> None:
    found = Judge(HashEncoder()).judge(claim, sources, known)
    assert 0.0 <= found.score <= 1.0
    assert all(piece.strip() for piece in found.missing)


@pytest.mark.parametrize("language", ["id", "en"])
def test_unsupported_claims_are_flagged_on_the_pairs_that_nothing_was_fitted_on(
    judge: Judge, language: str
) -> None:
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["part"] == "test" and row["language"] == language]
    flagged = [not judge.judge(row["claim"], row["sources"]).supported for row in rows]
    wrong = [row["label"] != "supported" for row in rows]
    right = sum(f and w for f, w in zip(flagged, wrong, strict=True))
    assert right / sum(flagged) >= FLOOR
    assert right / sum(wrong) >= FLOOR
