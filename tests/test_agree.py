"""What says the same is cited together; what differs is told only for figures of the same thing."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.agree import about_the_same, differ, of_the_time, overlap, same
from assistant.records import Finding, Span
from index.records import Evidence, Sentence


def span(text: str, piece: str | None = None, file: str = "a.txt") -> Span:
    piece = text if piece is None else piece
    start = 50 + text.index(piece)
    return Span(Sentence(file, 1, 50, 50 + len(text), text), start, start + len(piece), 1.0)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Desember 2017", "pada Desember 2017"),
        ("Mohammad Baqeri", "Mayor Jenderal Mohammad Baqeri"),
        ("Fuad Hussein", "Fouad Hussein"),
        ("Muhammad Syahrur", "Mohamad Syahrur"),
        ("pada 2019", "2019"),
        ("21 November 2022 pukul 13.21 WIB", "21 November 2022"),
        ("4,3 juta jiwa", "4.317.404 jiwa"),
        ("Sergey Lavrov", "Menteri Luar Negeri Sergey Lavrov"),
        ("3 emas", "tiga emas"),
        ("Teheran", "di Teheran"),
        ("S-400", "sistem pertahanan udara S-400"),
        (
            "untuk melindungi Israel dan memata-matai kelompok perlawanan",
            "demi melindungi Israel dan memata-matai para pejuang perlawanan",
        ),
    ],
)
def test_one_answer_in_two_wordings(a: str, b: str) -> None:
    assert same(span(a), span(b))
    assert same(span(b), span(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Pilpres 2019", "Pileg 2019"),
        ("Asian Games 2018", "Piala Dunia 2018"),
        ("Olimpiade Tokyo 2020", "Piala AFF 2020"),
        ("Papua", "Papua Barat"),
        ("Riau", "Kepulauan Riau"),
        ("Bandung", "Bandung Barat"),
        ("Austria", "Australia"),
        ("Iran", "Irian"),
        ("Presiden", "Wakil Presiden"),
        ("Setya Novanto", "istri Setya Novanto"),
        ("Sulawesi Tengah", "Sulawesi Tenggara"),
        ("Kabupaten Bandung", "Kabupaten Badung"),
        ("Pulau Sumba", "Pulau Sumbawa"),
        ("21 Nov 2022", "22 November 2022"),
        ("jutaan dolar", "miliaran dolar"),
        ("lima orang", "lima puluh ribu orang"),
        ("127 orang", "125 orang"),
        ("Mousavi", "Baqeri"),
        ("17 Mei", "17 Juni"),
        ("siap membantu Irak", "tidak siap membantu Irak"),
        ("karena hujan lebat di hulu", "karena tanggul jebol"),
        ("di", "ke"),
    ],
)
def test_two_answers(a: str, b: str) -> None:
    assert not same(span(a), span(b))
    assert not same(span(b), span(a))


def test_one_number_of_two_things_is_the_same_only_where_the_sentences_are_alike() -> None:
    steps = span(
        "Januari lalu parlemen Irak mengesahkan resolusi berisi lima langkah.", "lima langkah"
    )
    points = span(
        "Resolusi yang disahkan parlemen pada Januari 2020 memuat lima butir.", "lima butir"
    )
    assert same(steps, points)
    assert not same(steps, span("Banjir di Kudus merusak lima rumah.", "lima rumah"))


MILLIONS = span("Moskow telah menanamkan jutaan dolar di sektor energi Irak.", "jutaan dolar")
BILLIONS = span(
    "Perusahaan energi Rusia telah menanamkan miliaran dolar di industri minyak Irak.",
    "miliaran dolar",
)


def test_two_figures_for_one_thing_differ() -> None:
    assert differ(MILLIONS, BILLIONS)
    assert differ(BILLIONS, MILLIONS)
    assert not differ(MILLIONS, MILLIONS)


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("Warga Kudus mengumpulkan miliaran dolar untuk masjid.", "miliaran dolar"),
        ("Moskow telah menanamkan 5 juta dolar di sektor energi Irak.", "5 juta dolar"),
        ("Moskow telah mengirim miliaran barel minyak dari Irak.", "miliaran barel"),
        ("Moskow telah menanamkan modal di sektor energi Irak.", "modal"),
    ],
)
def test_other_things_other_units_and_figures_that_agree_do_not_differ(
    text: str, piece: str
) -> None:
    assert not differ(MILLIONS, span(text, piece))


@pytest.mark.parametrize(
    ("one", "other", "pieces"),
    [
        (
            "Produksi beras Indonesia pada 2019 mencapai 31,3 juta ton.",
            "Produksi beras Indonesia pada 2020 mencapai 32,6 juta ton.",
            ("31,3 juta ton", "32,6 juta ton"),
        ),
        (
            "Kasus positif di Indonesia bertambah 8.242 kasus pada Senin (8/2/2021).",
            "Kasus positif di Indonesia bertambah 8.700 kasus pada Selasa (9/2/2021).",
            ("8.242 kasus", "8.700 kasus"),
        ),
        (
            "Gempa bumi di Cianjur, Jawa Barat, menewaskan 162 orang.",
            "Gempa bumi di Cianjur, Jawa Barat, melukai 326 orang.",
            ("162 orang", "326 orang"),
        ),
    ],
)
def test_figures_of_other_times_and_fates_do_not_differ(
    one: str, other: str, pieces: tuple[str, str]
) -> None:
    a, b = span(one, pieces[0]), span(other, pieces[1])
    assert about_the_same(a, b)
    assert not differ(a, b)
    assert not differ(b, a)


def test_figures_of_one_day_and_one_fate_differ() -> None:
    one = span("Gempa di Cianjur pada Senin (21/11) menewaskan 162 orang.", "162 orang")
    other = span("Gempa di Cianjur, Senin 21 November, menewaskan 268 jiwa.", "268 jiwa")
    assert differ(one, other)


def test_two_dates_of_one_event_differ() -> None:
    one = span("Bendungan Jatigede di Sumedang diresmikan pada 31 Agustus 2015.", "31 Agustus 2015")
    other = span("Pada 1 Agustus 2015 Bendungan Jatigede di Sumedang diresmikan.", "1 Agustus 2015")
    assert differ(one, other)
    assert about_the_same(one, other)
    assert not about_the_same(one, span("Harga telur naik di Sumedang pada Senin.", "Senin"))


@pytest.mark.parametrize(
    ("question", "year", "text", "wanted"),
    [
        ("Berapa tentara AS di Irak?", 2021, "Ada 2.500 tentara.", True),
        ("Berapa tentara AS di Irak pada awal 2019?", 2019, "Ada 5.200 tentara.", True),
        ("Berapa tentara AS di Irak pada awal 2019?", 2021, "Ada 2.500 tentara.", False),
        ("Berapa tentara AS di Irak pada 2019?", 2021, "Pada 2019 ada 5.200 tentara.", True),
        ("Berapa tentara AS di Irak pada 2019?", None, "Ada 5.200 tentara.", True),
    ],
)
def test_a_question_that_names_a_year_is_not_gainsaid_by_another_year(
    question: str, year: int | None, text: str, wanted: bool
) -> None:
    published = date(year, 1, 30) if year else None
    sentence = Sentence("a.txt", 1, 0, len(text), text)
    evidence = Evidence(sentence, (), (), None, published, "", 0.8, 1.0, 1.0)
    assert of_the_time(Finding(evidence, (), 1.0), question) is wanted


def test_overlap_is_the_share_of_the_shorter_ones_words() -> None:
    assert overlap("Harga telur naik", "Harga telur naik di Kudus sejak Senin") == 1.0
    assert overlap("Harga telur naik", "Harga cabai turun") == pytest.approx(1 / 3)
    assert overlap("", "Harga") == 0.0
    assert overlap("di", "yang") == 0.0
