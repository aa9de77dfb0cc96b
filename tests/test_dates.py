"""The publication date: found where pages put it, and never another event's."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import EARLIEST, is_date_line, published

TODAY = date(2026, 1, 15)
HEADLINE = "Rusia Janji Bantu Irak Hadapi ISIS"
STORY = (
    "MOSKOW - Rusia berjanji mendukung Irak dalam perang melawan ISIS dan membangun kembali "
    "hubungan keamanan kedua negara. Pada Desember 2017 Bagdad menyatakan menang."
)


def page(*lines: str) -> str:
    return "\n\n".join([HEADLINE, *lines, STORY])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Rabu, 30 Januari 2019", "2019-01-30"),
        ("Rabu, 30 Januari 2019 14:05 WIB", "2019-01-30"),
        ("Rabu , 30 Jan 2019, 14:05 WIB", "2019-01-30"),
        ("Jum'at, 21 Mei 2021 | 10:00 WIB", "2021-05-21"),
        ("Rabu,\u00a030\u00a0Januari\u00a02019", "2019-01-30"),
        ("30/01/2019 14:05 WIB", "2019-01-30"),
        ("12/02/21 20:15 WIB", "2021-02-12"),
        ("30-01-2019 18:32", "2019-01-30"),
        ("30.01.2019", "2019-01-30"),
        ("2019-01-30T14:05:00+07:00", "2019-01-30"),
        ("2019/01/30 14:05", "2019-01-30"),
        ("2022-12-16", "2022-12-16"),
        ("Monday 27 February 2023 - 23:20", "2023-02-27"),
        ("January 30, 2019", "2019-01-30"),
        ("Jan 30th, 2019 at 2:05 pm", "2019-01-30"),
        ("Wed, 30 Jan 2019 14:05:00 +0700", "2019-01-30"),
        ("Senin (1/4/2019)", "2019-04-01"),
        ("Diterbitkan: 30 Jan 2019", "2019-01-30"),
        ("Diterbitkan: 30 Jan 2019 oleh Budi Santoso", "2019-01-30"),
        ("Published on January 30, 2019 by Budi", "2019-01-30"),
        ("oleh: Budi Santoso, 30 Januari 2019", "2019-01-30"),
        ("Warta Brantas - Minggu, 2 Oktober 2022 | 09:40 WIB", "2022-10-02"),
        ("Kompas.com - 30/01/2019, 14:05 WIB", "2019-01-30"),
        ("KABAR KARST, 4 Juli 2024", "2024-07-04"),
        ("Terakhir diperbarui 2 Feb 2019", "2019-02-02"),
    ],
)
def test_a_line_of_its_own_near_the_top_is_the_date(line: str, expected: str) -> None:
    assert published(page(line), TODAY) == date.fromisoformat(expected)
    assert is_date_line(line) or line.startswith("KABAR KARST")


@pytest.mark.parametrize(
    ("name", "month"),
    [
        *zip(["Januari", "Jan", "January"], [1] * 3, strict=True),
        *zip(["Februari", "Feb", "Peb", "Pebruari"], [2] * 4, strict=True),
        *zip(["Maret", "Mar", "March"], [3] * 3, strict=True),
        *zip(["April", "Apr."], [4] * 2, strict=True),
        *zip(["Mei", "May", "MEI"], [5] * 3, strict=True),
        *zip(["Juni", "Jun", "June", "Juli", "Jul", "July"], [6, 6, 6, 7, 7, 7], strict=True),
        *zip(["Agustus", "Agt", "Ags", "Agu", "Aug"], [8] * 5, strict=True),
        *zip(["September", "Sept", "Sept.", "Sep"], [9] * 4, strict=True),
        *zip(["Oktober", "Okt", "Oct", "October"], [10] * 4, strict=True),
        *zip(["November", "Nopember", "Nov", "Nop"], [11] * 4, strict=True),
        *zip(["Desember", "Des", "Dec", "December"], [12] * 4, strict=True),
    ],
)
def test_months_are_known_in_both_languages_and_short(name: str, month: int) -> None:
    assert published(page(f"3 {name} 2019"), TODAY) == date(2019, month, 3)


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("JAKARTA, 28 Mei 2015 – Presiden menerima tamu dari Bagdad.", "2015-05-28"),
        ("Jakarta (30/1/2019) - Presiden menerima tamu.", "2019-01-30"),
        ("JAKARTA, KOMPAS.com (30/1/2019) – Presiden menerima tamu.", "2019-01-30"),
        ("WARTA NUSA, Moskow, 30 Januari 2019 – Kremlin bergerak.", "2019-01-30"),
        ("LONDON, May 28, 2015 /PRNewswire/ -- The company said so.", "2015-05-28"),
        ("Presiden menerima tamu di Jakarta, Jumat (21/5/2021). Ia berkata.", "2021-05-21"),
        ("Presiden menerima tamu, Jumat (21 / 5 / 2021), di Jakarta.", "2021-05-21"),
        ("Presiden menerima tamu (21/05/2021) di Jakarta.", "2021-05-21"),
    ],
)
def test_datelines_and_the_lead_tell_the_date(story: str, expected: str) -> None:
    assert published(f"{HEADLINE}\n\n{story}", TODAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "line",
    [
        "Pada 17 Agustus 1945 Indonesia menyatakan kemerdekaannya.",
        "Proklamasi 17 Agustus 1945",
        "Ia lahir di Solo, 21 Juni 1961.",
        "Pertempuran Mosul, 12 Maret 2017. (Foto: AFP)",
        "Presiden akan menerima tamu, Jumat (21/5/2021).",
        "Liga bergulir lagi pada Sabtu (15/4/2017).",
        "Pertandingan itu, Sabtu (15/4/2017) mendatang, disiarkan langsung.",
        "demikian dilaporkan The National, Rabu (30/01).",
        "Baca juga: Kronologi Serangan, Rabu, 30 Januari 2019",
        "https://contoh.id/2019/01/30/rusia-bantu-irak",
        "31/02/2019",
        "30 Foo 2019",
        "3 \u017fept 2019",  # letters that only a case mapping makes an "s" or an "i"
        "30 Jul\u0131 2019",
        "Jumat, 21 Mei 2121",
        "Rabu, 30 Januari 1019",
        "Harga 12.500 sampai 13.750 per kilogram, versi 1.2.2019.4",
    ],
)
def test_other_dates_are_not_the_publication(line: str) -> None:
    assert published(page(line), TODAY) is None


def test_numbers_are_read_day_first_unless_only_the_other_order_fits() -> None:
    assert published(page("03/04/2019"), TODAY) == date(2019, 4, 3)
    assert published(page("01/30/2019"), TODAY) == date(2019, 1, 30)
    assert published(page("Monday 03/04/2019"), TODAY) == date(2019, 3, 4)
    assert published(page("Senin, 03/04/2019"), TODAY) == date(2019, 4, 3)


def test_a_weekday_that_disagrees_is_believed_on_a_date_line_and_not_in_prose() -> None:
    assert published(page("Kamis, 30 Januari 2019"), TODAY) == date(2019, 1, 30)
    assert published(page("Presiden menerima tamu, Kamis (30/1/2019)."), TODAY) is None


def test_the_surest_place_wins() -> None:
    lead = "Presiden menerima tamu, Selasa (29/1/2019)."
    dateline = "MOSKOW, 31 Januari 2019 – Kremlin bergerak mendekati Bagdad."
    end = "Jumat, 1 Februari 2019 14:05 WIB"
    filler = ["Kalimat biasa tanpa tanggal."] * 12
    assert published("\n".join([HEADLINE, lead, *filler, end]), TODAY) == date(2019, 2, 1)
    assert published("\n".join([HEADLINE, dateline, lead, *filler, end]), TODAY) == date(
        2019, 1, 31
    )
    top = "Rabu, 30 Januari 2019"
    everything = [HEADLINE, top, dateline, lead, *filler, end]
    assert published("\n".join(everything), TODAY) == date(2019, 1, 30)


def test_publication_comes_before_update_whatever_their_order() -> None:
    lines = ["Diperbarui: 31 Jan 2019 08:00 WIB", "Diterbitkan: 30 Jan 2019 14:05 WIB"]
    assert published(page(*lines), TODAY) == date(2019, 1, 30)
    assert published(page(*reversed(lines)), TODAY) == date(2019, 1, 30)


def test_dates_of_comments_do_not_count() -> None:
    text = page("Bagikan") + "\n0 komentar:\nAni\n2 Februari 2019 10.05\nSetuju."
    assert published(text, TODAY) is None


LEAD = (
    "Polisi menangkap bupati itu di rumahnya di kawasan Menteng, Jakarta Pusat, Selasa (9/8/2022)."
)
MORE = "Ia dibawa ke kantor polisi bersama sejumlah berkas dan uang yang disita dari rumahnya itu tadi malam."


@pytest.mark.parametrize("header", ["Berita Terkait", "BERITA LAINNYA", "Baca juga:", "Terpopuler"])
def test_dates_of_links_to_other_articles_do_not_count(header: str) -> None:
    links = ["Polisi Tangkap Bupati Lain", "12 Januari 2020", "Bupati Diadili", "13 Januari 2020"]
    assert published("\n".join([LEAD, *[MORE] * 9, header, *links])) == date(2022, 8, 9)


def test_a_date_that_heads_a_part_of_the_story_is_not_the_publication() -> None:
    assert published("\n".join([LEAD, "8 Juli 2022", MORE, "15 Juli 2022", MORE])) == date(
        2022, 8, 9
    )
    assert published("\n".join(["Bupati Ditangkap", "10 Agustus 2022", LEAD])) == date(2022, 8, 10)
    assert published("\n".join([MORE, "10 Agustus 2022", MORE])) == date(2022, 8, 10)


def test_a_date_in_the_middle_of_a_long_article_does_not_count() -> None:
    filler = "\n".join(["Kalimat biasa yang cukup panjang untuk sebuah paragraf berita."] * 40)
    text = f"{HEADLINE}\n{filler}\nMinggu, 3 Maret 2019 19:00 WIB\n{filler}"
    assert published(text, TODAY) is None


def test_tomorrow_counts_for_time_zones_and_later_days_do_not() -> None:
    assert published(page("30 Januari 2019"), today=date(2019, 1, 29)) == date(2019, 1, 30)
    assert published(page("30 Januari 2019"), today=date(2019, 1, 28)) is None


@pytest.mark.parametrize("text", ["", "\n\n", "2019", "0", "Rabu", "Januari 2019"])
def test_no_date_is_none(text: str) -> None:
    assert published(text, TODAY) is None


@given(st.dates(min_value=date(EARLIEST, 1, 1), max_value=TODAY))
def test_every_written_date_is_read_back(day: date) -> None:
    for line in (f"{day:%d/%m/%Y} 14:05 WIB", f"{day:%Y-%m-%d}", f"{day:%d %B %Y}"):
        assert published(page(line), TODAY) == day


@given(st.text(st.sampled_from("12 0/.-,()\nabAJ:|»W–'mei 2019"), max_size=300) | st.text())
def test_any_text_gives_a_sane_date_or_none(text: str) -> None:
    found = published(text, TODAY)
    assert found is None or date(EARLIEST, 1, 1) <= found <= date(2026, 1, 16)


@pytest.mark.parametrize(
    "piece", ["1/", "(", " ", "A ", "1 ", "Rabu, ", "a.b", "12:00", "2019", "."]
)
def test_hostile_text_takes_no_time(piece: str) -> None:
    start = time.perf_counter()
    published((piece * 40_000 + "\n2019") * 2, TODAY)
    assert time.perf_counter() - start < 2
