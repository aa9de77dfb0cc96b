"""The short answer is whole: no cut word, figure, date or clause, and never more than its sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.forms import Form
from assistant.records import Span
from assistant.short import clause, short, trimmed, whole
from index.records import Sentence


def cut(text: str, piece: str) -> tuple[int, int]:
    start = text.index(piece)
    return start, start + len(piece)


@pytest.mark.parametrize(
    ("piece", "wanted"),
    [
        (" Desember 2017, ", "Desember 2017"),
        ("“Kami siap.”", "Kami siap"),
        ("(PPP)", "PPP"),
        ("Partai Persatuan (PPP)", "Partai Persatuan (PPP)"),
        ("(BNPB", "BNPB"),
        ("orang)", "orang"),
        ("(satu) atau (dua)", "(satu) atau (dua)"),
        ("— Irak –", "Irak"),
        ("-5 derajat Celsius", "-5 derajat Celsius"),
        ("- 5 derajat", "5 derajat"),
        ("\n  Bagdad\r\n", "Bagdad"),
        ("...", "..."),
        ("", ""),
    ],
)
def test_signs_at_the_edges_go_and_brackets_stay_in_pairs(piece: str, wanted: str) -> None:
    text = f"x {piece} y"
    start, end = trimmed(text, 2, 2 + len(piece))
    assert text[start:end] == wanted


@pytest.mark.parametrize(
    ("text", "piece", "wanted"),
    [
        ("Ia dipuji atas pengorbanannya.", "pengorbanan", "pengorbanannya"),
        ("Mereka memata-matai warga.", "mata", "memata-matai"),
        ("Salat Jum'at batal.", "at batal", "Jum'at batal"),
        ("Harganya Rp 10.000 per liter.", "10", "Rp 10.000"),
        ("Biayanya US$ 5 juta.", "5", "US$ 5 juta"),
        ("Yang tewas tiga ratus orang.", "tiga", "tiga ratus"),
        ("Yang tewas tiga ratus orang.", "ratus", "tiga ratus"),
        ("Yang lahir dua puluh lima ribu bayi.", "dua", "dua puluh lima ribu"),
        ("Bunga naik menjadi 5,25 persen.", "5,25", "5,25 persen"),
        ("Bunga naik 5%.", "5", "5%"),
        ("Ia lahir pada 29 April 1998 di Konawe.", "29", "29 April 1998"),
        ("Ia lahir pada 29 April 1998 di Konawe.", "April", "29 April 1998"),
        ("Rapat digelar Rabu (30/01) pagi.", "30", "30/01"),
        ("Rapat digelar Rabu (30/01) pagi.", "Rabu (30/01", "Rabu (30/01)"),
        (
            "Kata Bappenas (Badan Perencanaan) lagi.",
            "Bappenas (Badan",
            "Bappenas (Badan Perencanaan)",
        ),
        ("Kata Bappenas (Badan Perencanaan) lagi.", "Bappenas (", "Bappenas"),
        ("Kata Bappenas (Badan Perencanaan.", "Bappenas (Badan", "Bappenas (Badan"),
        # a bracket that is never closed does not reach for another's end
        ("Bappenas (Badan itu, kata BPS (Selasa).", "Bappenas (Badan", "Bappenas (Badan"),
        ("Bappenas (Badan] Perencanaan) lagi.", "Bappenas (Badan", "Bappenas (Badan"),
        ("Chen Qingchen/Jia Yifan kalah.", "Chen Qingchen", "Chen Qingchen"),
        ("Bagdad menang pada 2017.", "2017", "2017"),
    ],
)
def test_words_figures_and_dates_are_whole(text: str, piece: str, wanted: str) -> None:
    start, end = whole(text, *cut(text, piece))
    assert text[start:end] == wanted


@pytest.mark.parametrize(
    ("text", "piece", "wanted"),
    [
        (
            "Potongan diberikan karena layanan belum lengkap.",
            "layanan belum",
            "karena layanan belum lengkap",
        ),
        (
            "Menurut faksi itu, mereka datang untuk melindungi Israel dan memata-matai warga.",
            "melindungi Israel",
            "untuk melindungi Israel",
        ),
        (
            "Menurut faksi itu, mereka datang untuk melindungi Israel dan memata-matai warga.",
            "melindungi",
            "untuk melindungi Israel dan memata-matai warga",
        ),
        (
            "Ia berterima kasih atas bantuan itu dan mengatakan bahwa desanya aman.",
            "bantuan itu",
            "atas bantuan itu",
        ),
        (
            "Untuk menentukan umur gambar, mereka memakai laser.",
            "laser",
            "mereka memakai laser",
        ),
        ("Menteri menyatakan negaranya siap membantu.", "siap", "negaranya siap membantu"),
        ("Ia mengatakan bahwa Irak perlu bantuan.", "bantuan", "Irak perlu bantuan"),
        ("Jalan ditutup – akibat longsor – sejak Senin.", "longsor", "akibat longsor"),
        ("Karena hujan, acara batal.", "hujan", "Karena hujan"),
        ("Hujan.", "Hujan", "Hujan"),
    ],
)
def test_a_clause_runs_from_its_connective_to_its_end(text: str, piece: str, wanted: str) -> None:
    start, end = clause(text, *cut(text, piece))
    assert text[start:end] == wanted


@pytest.mark.parametrize(
    ("text", "piece", "wanted"),
    [
        ('"Kami siap, dan kami yakin," kata Lavrov.', "kami yakin", "Kami siap, dan kami yakin"),
        (
            "“Barat hanya ingin menjarah kekayaan.",
            "menjarah",
            "Barat hanya ingin menjarah kekayaan",
        ),
        ("Pasti ada bonus,” ujar presiden.", "bonus", "Pasti ada bonus"),
        ('Ia berkata, "Kalah itu biasa."', "biasa", "Kalah itu biasa"),
        ("Ia menyebut “lawan” sebagai kawan lama.", "kawan", "sebagai kawan lama"),
    ],
)
def test_what_was_said_is_all_of_the_quoted_words(text: str, piece: str, wanted: str) -> None:
    start, end = clause(text, *cut(text, piece), speech=True)
    assert text[start:end] == wanted


def test_names_and_figures_are_not_widened_to_clauses() -> None:
    text = "Ia datang karena undangan Siti Rahayu di Kudus."
    sentence = Sentence("a.txt", 1, 100, 100 + len(text), text)
    start, end = cut(text, "Siti Rahayu")
    span = Span(sentence, 100 + start, 100 + end, 1.0)
    assert short(span, Form.WORDS).text == "Siti Rahayu"
    assert short(span, Form.REASON).text == "karena undangan Siti Rahayu di Kudus"


WORDS = """karena untuk bahwa mengatakan Irak warga dan , . ; : “ ” " ' ( ) [ ] – - 12,5 Rp 5.000 juta
 30/01 Mei 2019 tiga ratus % dengan kata 🙂 \u200e é menyebut atas … ,” ' '"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\n", "\r\n"])


@given(st.lists(PIECES, min_size=1, max_size=25), st.data())
def test_whatever_the_sentence_the_answer_lies_in_it_and_holds_what_was_marked(
    pieces: list[str], data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(["", " "])).join(pieces)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    offset = data.draw(st.integers(0, 1000))
    sentence = Sentence("a.txt", 1, offset, offset + len(text), text)
    for form in Form:
        shown = short(Span(sentence, offset + start, offset + end, 1.0), form)
        assert offset <= shown.start < shown.end <= offset + len(text)
        assert shown.text == text[shown.start - offset : shown.end - offset] != ""
        bare = [c for c in text[start:end] if c.isalnum()]
        kept = [c for c in shown.text if c.isalnum()]
        assert "".join(bare) in "".join(kept)
