"""Figures and dates are compared by what they are worth, not by how they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.measures import Amount, Moment, Relation, compare, measures


def relation(a: str, b: str) -> Relation:
    return compare(measures(a), measures(b))


@pytest.mark.parametrize(
    "text",
    [
        "5.200 tentara",
        "lima ribu dua ratus tentara",
        "5,2 ribu tentara",
        "5200 tentara",
    ],
)
def test_one_number_in_many_spellings(text: str) -> None:
    assert measures(text).amounts == (Amount(5200, 5200, "tentara"),)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("dua belas orang", 12),
        ("sebelas orang", 11),
        ("seratus dua puluh lima orang", 125),
        ("dua ratus lima puluh ribu orang", 250_000),
        ("seribu lima ratus orang", 1500),
        ("satu setengah juta orang", 1_500_000),
        ("sejuta orang", 1_000_000),
        ("2,75 miliar orang", 2_750_000_000),
        ("1.250,5 orang", 1250.5),
    ],
)
def test_number_words_are_worth_what_they_say(text: str, value: float) -> None:
    assert measures(text).amounts == (Amount(value, value, "orang"),)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Rp 10.000 per liter", "rupiah"),
        ("Rp10.000", "rupiah"),
        ("Rp. 10.000", "rupiah"),
        ("10.000 rupiah", "rupiah"),
        ("98,5%", "persen"),
        ("98,5 persen", "persen"),
        ("empat dari", ""),
        ("3-2", ""),
    ],
)
def test_what_is_counted(text: str, unit: str) -> None:
    assert measures(text).amounts[0].unit == unit


def test_dates_and_times_are_no_amounts() -> None:
    told = measures("Senin (2/3) pukul 13.21 WIB, lalu 17 Mei 2015, Desember 2017, dan 2018")
    assert told.amounts == ()
    assert told.moments == (
        Moment(month=3, day=2),
        Moment(clock=(13, 21)),
        Moment(2015, 5, 17),
        Moment(2017, 12),
        Moment(2018),
    )


@pytest.mark.parametrize(
    "text", ["pada 2018 orang mulai pindah", "sepanjang 2020 kasus naik", "panen 2020 naik"]
)
def test_a_year_is_no_amount(text: str) -> None:
    told = measures(text)
    assert not told.amounts
    assert [moment.year for moment in told.moments] == [int(text.split()[1])]


def test_only_what_begins_in_the_piece_counts_and_the_words_around_say_of_what() -> None:
    text = "Pada 2 Mei banjir menewaskan 127 orang dan 3 ekor sapi"
    start = text.index("127")
    assert measures(text, start, start + 3) == measures("127 orang")


SAME = [
    ("tiga emas", "3 emas"),
    ("14", "14 emas"),
    ("Senin (2/3)", "2 Maret 2020"),
    ("pada Desember 2017", "Desember 2017"),
    ("Rp 1,5 juta", "1.500.000 rupiah"),
    ("1 tahun 6 bulan", "satu tahun enam bulan"),
    ("Rp 108 miliar", "Rp 108 M"),
    ("Rp1,5 triliun", "Rp 1,5 T"),
    ("25 ribu orang", "25 rb orang"),
    ("Rp 5 jt", "Rp 5 juta"),
    ("4,3 juta jiwa", "4.317.404 jiwa"),
    ("Rp 108 miliar", "Rp 108,3 miliar"),
    ("162 orang", "162 jiwa"),
    ("pukul 13.21 WIB", "pukul 14.21 WITA"),
    ("pukul 15.21 WIT", "pukul 13.21 WIB"),
    ("pukul 18.02 WITA", "pukul 18.02"),
    ("pukul 1 siang", "pukul 13.00 WIB"),
    ("pukul 9 malam", "pukul 21.00"),
    ("jam 10 malam", "pukul 22.00 WIB"),
    ("pukul 12 malam", "pukul 00.00"),
    ("setengah juta orang", "500 ribu orang"),
    ("5 km", "5 kilometer"),
    ("21 November 2022 pukul 13.21 WIB", "21 November 2022"),
    ("Senin (21/11/2022) pukul 13.21 WIB", "21 Nov 2022"),
    ("21 Nopember 2022", "21-11-2022"),
    ("02 Okt. 2023", "2 Oktober"),
    ("Rp2000", "Rp 2.000"),
    ("2000 tentara", "2.000 tentara"),
]
DIFFERENT = [
    ("jutaan dolar", "miliaran dolar"),
    ("jutaan dolar", "2 miliar dolar"),
    ("127 orang", "135 orang"),
    ("6 Oktober tahun lalu", "1 Oktober 2022"),
    ("pukul 13.21", "pukul 14.00"),
    ("sekitar 5.000 tentara", "2.500 tentara"),
    ("magnitudo 5,6", "bermagnitudo 6,2"),
    ("5,6 SR", "magnitudo 6,2"),
    ("162 orang", "268 jiwa"),
    ("Rp 2000 per kilogram", "Rp 2.500 per kilogram"),
    ("21 Nov 2022", "22 November 2022"),
    ("pukul 9 pagi", "pukul 9 malam"),
    ("4,3 juta jiwa", "4.417.404 jiwa"),
    ("kurang dari 100 orang", "162 orang"),
    ("mencapai -5 derajat", "mencapai 5 derajat"),
    ("minus 5 derajat", "5 derajat"),
]
UNKNOWN = [
    ("jutaan dolar", "5 juta dolar"),
    ("14 emas", "16 nomor"),
    ("14", "16 nomor"),
    ("sekitar 5.200 tentara", "5.000 tentara"),
    ("lebih dari 100 orang", "162 orang"),
    ("paling banyak 100 orang", "62 orang"),
    ("1 juta orang", "1,4 juta orang"),
    ("Desember", "2017"),
    ("Desember 2017", "sembilan bulan"),
    ("dua orang dan tiga sapi", "dua orang"),
    ("Kamis", "Jumat"),
    ("", ""),
]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [(*pair, Relation.SAME) for pair in SAME]
    + [(*pair, Relation.DIFFERENT) for pair in DIFFERENT]
    + [(*pair, Relation.UNKNOWN) for pair in UNKNOWN],
)
def test_how_two_answers_compare_either_way_round(a: str, b: str, wanted: Relation) -> None:
    assert relation(a, b) is wanted
    assert relation(b, a) is wanted


@given(st.integers(0, 10**12).filter(lambda number: not 1600 <= number < 2100))  # no years
def test_a_number_with_points_is_the_number(number: int) -> None:
    assert relation(f"{number:,} orang".replace(",", "."), f"{number}  orang") is Relation.SAME


@given(st.text("0123456789.,/:% aejtu-²٣Rp$", max_size=40), st.text(max_size=20))
def test_any_text_can_be_read(text: str, other: str) -> None:
    assert relation(text, text) is not Relation.DIFFERENT
    assert relation(text, other) is relation(other, text)
