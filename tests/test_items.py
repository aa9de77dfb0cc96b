"""The items of a list: gathered in reading order, each once."""

from __future__ import annotations

import pytest

from assistant.items import added, enumeration, items, joined
from assistant.records import Finding, Span
from index.records import Evidence, Sentence

START = 30  # of each sentence in its article


def finding(text: str, *pieces: tuple[str, float], file: str = "a.txt") -> Finding:
    sentence = Sentence(file, 1, START, START + len(text), text)
    spans = tuple(
        Span(sentence, START + text.index(piece), START + text.index(piece) + len(piece), score)
        for piece, score in pieces
    )
    return Finding(
        Evidence(sentence, (), (), None, None, "", 0.8, 1.0, 1.0),
        spans,
        spans[0].score if spans else 0,
    )


def named(found: Finding) -> list[str]:
    return [span.text for span in items(found)]


STATIONS = "Kereta berhenti di empat stasiun, yakni Halim, Karawang, Padalarang, dan Tegalluar."


@pytest.mark.parametrize("piece", ["Halim", "Karawang", "Padalarang, dan Tegalluar", "Tegalluar"])
def test_one_item_brings_the_rest_of_its_enumeration(piece: str) -> None:
    assert named(finding(STATIONS, (piece, 3.0))) == ["Halim, Karawang, Padalarang, dan Tegalluar"]


def test_items_side_by_side_are_one_and_others_stand_apart_in_reading_order() -> None:
    text = "Pesawat dikirim Jepang serta Korea, sedangkan obat datang dari Qatar."
    found = finding(text, ("Qatar", 3.0), ("Korea", 2.5), ("Jepang", 2.0))
    assert named(found) == ["Jepang serta Korea", "Qatar"]


def test_what_is_much_less_likely_is_no_item() -> None:
    text = "Bantuan dikirim Jepang, sedangkan obat datang dari Qatar."
    assert named(finding(text, ("Jepang", 5.0), ("Qatar", 1.0))) == ["Jepang"]


def test_a_sentence_without_spans_has_no_items() -> None:
    assert items(finding("Tidak ada apa-apa di sini.")) == []


@pytest.mark.parametrize(
    ("text", "pieces", "wanted"),
    [
        ("Di Riau dan Jambi warga mengungsi akibat banjir.", ["Riau", "Jambi"], "Riau dan Jambi"),
        ("Austria dan Jerman ikut dalam latihan itu.", ["Austria"], "Austria dan Jerman"),
        (
            "Banjir melanda Jakarta, Bekasi, dan Depok sejak Senin malam.",
            ["Jakarta"],
            "Jakarta, Bekasi, dan Depok",
        ),
        (
            "Indonesia menjual karet, kopi, dan minyak sawit ke Tiongkok.",
            ["karet"],
            "karet, kopi, dan minyak sawit",
        ),
        (
            "Yang hadir adalah Prof. Ani, Dr. Budi, dan Ir. Joko.",
            ["Prof. Ani"],
            "Prof. Ani, Dr. Budi, dan Ir. Joko",
        ),
        (
            "Ia membawa jagung dari Demak dan gula dari Kediri.",
            ["jagung dari Demak"],
            "jagung dari Demak dan gula dari Kediri",
        ),
    ],
)
def test_an_enumeration_ends_before_the_sentence_goes_on(
    text: str, pieces: list[str], wanted: str
) -> None:
    assert named(finding(text, *((piece, 3.0) for piece in pieces))) == [wanted]


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("Presiden bertemu Putin, lalu terbang pulang.", "Putin"),
        ("Presiden bertemu Putin di Moskow, kota yang dingin.", "Putin"),
        ("Ia menyebut Putin.", "Putin"),
    ],
)
def test_what_is_no_enumeration_stays_as_it_is(text: str, piece: str) -> None:
    start = text.index(piece)
    low, high = enumeration(text, start, start + len(piece))
    assert text[low:high] == piece


def test_joining_keeps_every_piece() -> None:
    assert joined("a, b dan c lalu pergi ke d", [(3, 4), (0, 1), (9, 10), (25, 26)]) == [
        (0, 10),
        (25, 26),
    ]
    assert joined("", []) == []


def spans(text: str, *pieces: str) -> tuple[Span, ...]:
    return finding(text, *((piece, 1.0) for piece in pieces), file="b.txt").spans


def test_only_what_is_not_named_yet_is_added() -> None:
    known = spans("Jepang dan Korea membantu.", "Jepang", "Korea")
    further = spans("Negara Qatar dan Jepang menyusul.", "Qatar", "Jepang")
    assert [span.text for span in added(known, further)] == ["Qatar"]


def test_one_list_in_other_words_names_nothing_new() -> None:
    known = spans(
        "Dibahas dagang bilateral, konflik Suriah, dan Teluk Persia.",
        "dagang bilateral, konflik Suriah, dan Teluk Persia",
    )
    further = spans(
        "Dibahas perdagangan, perang di Suriah, dan Teluk Persia.",
        "perdagangan, perang di Suriah, dan Teluk Persia",
    )
    assert added(known, further) == []
