"""Sentences keep their offsets whatever the text is, and end where an editor would end them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.abbreviations import ends_sentence
from index.sentences import VERSION, spans, split

GOLDEN = Path(__file__).parent / "golden"
FLOOR = 0.98


def _benchmark() -> Any:
    """The benchmark's reader and measure, by its path: other packages ship a "benchmarks" too."""
    path = GOLDEN.parent.parent / "benchmarks" / "sentences.py"
    spec = importlib.util.spec_from_file_location("sentences_benchmark", path)
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BENCHMARK = _benchmark()

# Text that looks like an article often enough to reach the rules, and strange often enough.
WORDS = [
    *[
        "Dr. Budi",
        "Jl. Merdeka No. 5",
        "dll.",
        "PT Maju Tbk.",
        "S.H., M.Si.",
        "B.J. Habibie",
        "1. ",
    ],
    *[
        "Rp 1.500.000,00",
        "12.30",
        "kata Budi",
        "Kami siap",
        "ia",
        "a. ",
        "- ",
        "Suara.com",
        "a@b.id",
    ],
    *[
        "(dtk/abc)",
        "[IT/AR]",
        "Baca juga: ",
        "0",
        "Komentar",
        "😀",
        "👩\u200d👩\u200d👧",
        "\u200e",
        "\x00",
    ],
]
SIGNS = [". ", "! ", "? ", "... ", "… ", "?! ", ": ", "; ", ", ", "。", *"\"“”'’«()[]"]
BLANKS = ["\n", "\r\n", "\r", "\n\n", "\t", "\u00a0", "\u2028", "\u2029", "\x85"]
PIECES = WORDS + SIGNS + BLANKS
texts = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
)


@given(texts)
def test_a_sentence_is_the_text_at_its_offsets(text: str) -> None:
    for sentence in split(text, "a.txt"):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.file == "a.txt"


@given(texts)
def test_sentences_are_in_order_and_leave_out_white_space_alone(text: str) -> None:
    at = 0
    for start, end in spans(text):
        assert at <= start < end
        assert text[at:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        at = end
    assert text[at:].strip() == ""


@given(texts)
def test_sentences_are_numbered_from_one(text: str) -> None:
    assert [sentence.number for sentence in split(text)] == list(range(1, len(spans(text)) + 1))


@given(texts, texts)
def test_a_blank_line_always_divides(first: str, second: str) -> None:
    first = first.replace("\r", "")
    boundary = len(first)
    assert all(end <= boundary or start >= boundary for start, end in spans(f"{first}\n\n{second}"))


@given(texts)
def test_the_same_text_gives_the_same_sentences(text: str) -> None:
    assert split(text, title="Judul") == split(text, title="Judul")


def test_text_without_anything_to_read_has_no_sentences() -> None:
    assert split("") == ()
    assert split(" \t\r\n\u00a0\u2028\n ") == ()


def test_the_version_is_recorded_as_text() -> None:
    assert VERSION


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_every_kind_of_line_end_is_one(line_end: str) -> None:
    text = line_end.join(["Irak Menang", "Bagdad bersorak.", "", "Perang usai."])
    assert [s.text for s in split(text)] == ["Irak Menang", "Bagdad bersorak.", "Perang usai."]


@pytest.mark.parametrize(
    "text",
    [
        "." * 500_000,
        "Kami pergi ke pasar. " * 25_000,
        "kata " * 100_000,
        '".' * 100_000,
        "(" * 300_000,
        "(. " * 100_000,
        "1. " * 100_000,
        "a\n" * 100_000,
        "Ab,\n" * 50_000,
        " " * 500_000 + ".",
        "a. 😀 " * 50_000,
        "x" * 500_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_half_a_million_characters_of_one_kind_do_not_hang(text: str) -> None:
    # Linear rules need about a second at worst; the time limit of the test run catches the rest.
    assert spans(text)


def _marked(text: str) -> str:
    """The text with the sign ¦ between its sentences, white space dropped there."""
    return "¦".join(text[start:end] for start, end in spans(text))


@pytest.mark.parametrize(
    "expected",
    [
        "Ia tinggal di Jl. Merdeka No. 5.¦Rumahnya besar.",
        "Prof. Dr. Ir. H. Budi, M.Si., Ph.D. hadir.¦Ia berpidato.",
        "Mereka membeli beras, gula, dll.¦Harganya murah.",
        "Mereka membeli beras, gula, dll. di pasar.",
        "Saham PT Maju Tbk.¦Naik tajam.",
        "Saham PT Maju Tbk. (MAJU) naik.",
        "Irjen. Pol. Andi dan Kombes. Pol. Budi datang.",
        "Letjen (Purn.) Prabowo hadir.",
        "Kejadian tgl. 5 Jan. 2020 itu tercatat di hal. 12.",
        "Ia benar dalam banyak hal.¦Semua setuju.",
    ],
)
def test_abbreviations_end_a_sentence_only_where_they_can(expected: str) -> None:
    assert _marked(expected.replace("¦", " ")) == expected


@pytest.mark.parametrize(
    "expected",
    [
        '"Kami siap." kata Budi.',
        '"Siapa itu?" tanya Ani.¦"Aku!" sahut Budi.',
        '"Kami siap.¦Kami akan menang," ujar Budi.',
        "“Pergi!¦Sekarang juga!” teriaknya.",
        '" Setuju? " tanya ketua.¦" Setuju! " jawab mereka.',
        'Budi berkata: "Kami siap.¦Kami menang."¦Semua bersorak.',
        '"Ya?"¦"Tidak."',
    ],
)
def test_a_quotation_is_broken_inside_and_keeps_its_attribution(expected: str) -> None:
    assert _marked(expected.replace("¦", " ")) == expected


def test_two_quotations_without_a_blank_are_two() -> None:
    assert _marked('"Ke mana?""Pulang."') == '"Ke mana?"¦"Pulang."'


@pytest.mark.parametrize(
    "expected",
    [
        "Harganya Rp 1.500.000,00 pada pukul 12.30 WIB.¦Mahal!",
        "Situs Suara.com dan kompas.com memuatnya.",
        "Surel ke a.b@contoh.co.id segera.",
        "Lagu W.R. Supratman, rumah H.O.S. Tjokroaminoto, pidato S. Prabowo.",
        "Tim itu bermain di Serie A.¦Juventus juara.",
        "Versi 2.0.1 dirilis.¦3 orang mengunduhnya.",
        "Ia ragu... lalu pergi.¦Begitulah…¦Kami diam.",
        "[...] Kami menunggu.¦Lalu (entah mengapa!) hujan.",
    ],
)
def test_full_stops_inside_numbers_names_and_sites_are_no_ends(expected: str) -> None:
    assert _marked(expected.replace("¦", " ")) == expected


def test_wrapped_lines_are_joined_and_the_headline_above_is_not() -> None:
    text = (
        "Banjir di Demak\nHujan deras sejak Senin malam membuat tanggul sungai jebol dan air\n"
        "merendam tiga desa. Warga mengungsi ke balai desa bersama Prof.\nSiti Aminah."
    )
    assert [s.text for s in split(text)] == [
        "Banjir di Demak",
        "Hujan deras sejak Senin malam membuat tanggul sungai jebol dan air\nmerendam tiga desa.",
        "Warga mengungsi ke balai desa bersama Prof.\nSiti Aminah.",
    ]


@pytest.mark.parametrize(
    "expected",
    [
        "aku pulang dulu ya.¦nanti kita lanjut lagi!¦oke?¦sip",
        "Mereka bermain bagus.¦simulasi dilakukan kemarin.",
        "Rapat dihadiri camat se-Kab. Sleman.",
        "Siapa Takut? karya penulis muda itu laris.",
    ],
)
def test_a_sentence_may_begin_in_lower_case_after_a_plain_word(expected: str) -> None:
    assert _marked(expected.replace("¦", " ")) == expected


def test_a_sign_off_leaves_the_sentence_before_it_clean() -> None:
    sentences = split("Polisi memburu pelaku. (dtk/abc)\n\nPelaku kabur ke Irak [IT/AR]")
    assert [(s.text, s.furniture) for s in sentences] == [
        ("Polisi memburu pelaku.", False),
        ("(dtk/abc)", True),
        ("Pelaku kabur ke Irak", False),
        ("[IT/AR]", True),
    ]


@pytest.mark.parametrize(
    ("word", "before", "after", "expected"),
    [
        ("Dr", "bersama", "Ia", False),
        ("dll", "gula,", "Harga", True),
        ("BPK", "temuan", "Padahal", None),
        ("Kol", "bersama", "Budi", False),
        ("kol", "sayur", "Budi", None),
        ("hal", "di", "5", False),
        ("hal", "banyak", "Semua", True),
        ("S.H", "Budi,", "M.Si.", False),
        ("S.H", "Budi,", "Jaksa", True),
        ("S.M", "bersama", "Kartosoewirjo", False),
        ("C", "vitamin", "Buah", True),
        ("M", "5", "Angka", True),
        ("B", "", "Habibie", False),
        ("rumah", "di", "Ia", None),
    ],
)
def test_what_is_known_of_a_word_with_a_full_stop(
    word: str, before: str, after: str, expected: bool | None
) -> None:
    assert ends_sentence(word, before, after) is expected


def test_the_golden_set_reaches_its_floor() -> None:
    golden = [case for path in GOLDEN.glob("sentences*.txt") for case in BENCHMARK.cases(path)]
    assert sum(len(case.ends) for case in golden) >= 400
    assert BENCHMARK.score(golden, BENCHMARK.ours).f1 >= FLOOR


def test_a_score_counts_ends_found_missed_and_invented() -> None:
    case = BENCHMARK.Case("x", "satu. dua. tiga.", (5, 10))
    score = BENCHMARK.score([case], lambda text: [5, 8, len(text)])
    assert (score.found, score.invented, score.missed) == (1, 1, 1)
    assert (score.exact, score.sentences) == (1, 3)
