"""Questions made after others: of the same event, never the same question again."""

from __future__ import annotations

import pytest

from assistant.candidates import after, alike, opening, page, turned
from assistant.records import Answer, Citation
from assistant.understand import points_back

ARTICLE = (
    "Jembatan Kalimas Dibuka\n\n"
    "Jembatan Kalimas dibuka pada 12 Mei 2021. Biayanya Rp 95 miliar dari anggaran kota. "
    "Jalan lama ditutup karena aspalnya rusak berat. Perang itu berakhir pada Desember 2017. "
    "“Warga menunggu lama,” kata Wali Kota Herman Suherman.\n"
)


@pytest.fixture
def folder(write):
    return write({"kota/jembatan.txt": ARTICLE})


def cited(folder, number: int, **rest) -> Answer:
    read = page(folder, "kota/jembatan.txt")
    assert read
    sentence = next(s for s in read.sentences if s.number == number)
    from index import articles

    sha = articles.read(folder, "kota/jembatan.txt").article.sha256
    citation = Citation(
        1, sentence.file, number, sentence.start, sentence.end, sentence.text, None, None,
        rest.pop("sha256", sha),
    )  # fmt: skip
    return Answer("?", "… [1]", True, "…", rest.pop("language", "id"), 0.9, (citation,), **rest)


@pytest.mark.parametrize(
    ("question", "language", "others"),
    [
        (
            "Kapan MRT Jakarta diresmikan?",
            "id",
            ["Mengapa MRT Jakarta diresmikan?", "Di mana MRT Jakarta diresmikan?"],
        ),
        (
            "When did Iraq declare victory?",
            "en",
            ["Why did Iraq declare victory?", "Where did Iraq declare victory?"],
        ),
        ("Siapa yang memenangi lomba itu?", "id", ["Kapan itu terjadi?", "Di mana itu terjadi?"]),
        ("Who won the race?", "en", ["When did that happen?", "Where did that happen?"]),
        ("Siapa Lavrov?", "id", []),
        ("Who is Lavrov?", "en", []),
        ("Where is Palu?", "en", []),
        ("Di mana Palu berada?", "id", []),
        ("Kapan?", "id", []),
        ("Mengapa ia tidak hadir?", "id", []),
        ("Why didn't he come?", "en", []),
        ("How many people died?", "en", []),
    ],
)
def test_of_an_event_it_can_be_asked_when_where_and_why(question, language, others):
    assert turned(question, language) == others


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siapa Lavrov?", "Siapa Sergey Lavrov?"),
        ("Siapa Sergey Lavrov?", "Who is Lavrov?"),
        ("Kapan MRT diresmikan?", "Kapan MRT Jakarta diresmikan?"),
        ("Apa kata Ridwan Kamil?", "What did Ridwan Kamil say?"),
    ],
)
def test_the_same_question_in_other_words_is_known(one, other):
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siapa Lavrov?", "Apa kata Lavrov?"),
        ("Kapan MRT diresmikan?", "Di mana MRT diresmikan?"),
        ("Kapan?", "Kapan MRT diresmikan?"),
        ("Siapa Lavrov?", "Siapa Putin?"),
    ],
)
def test_other_questions_are_not_taken_for_it(one, other):
    assert not alike(one, other)


def test_openers_stand_by_themselves(folder):
    read = page(folder, "kota/jembatan.txt")
    assert read
    made = [candidate.question for candidate in opening(read, "id")]
    assert made[0] == "Kapan Jembatan Kalimas dibuka?"
    assert "Apa kata Herman Suherman?" in made
    assert not any(points_back(question) for question in made)
    assert "Kapan perang itu berakhir?" not in made


def test_after_an_answer_questions_lie_near_it_in_its_language(folder):
    indonesian = [c.question for c in after(folder, "Kapan itu dibuka?", cited(folder, 2))]
    assert "Mengapa jalan lama ditutup?" in indonesian
    assert "Kapan perang itu berakhir?" in indonesian
    english = [
        c.question for c in after(folder, "When was it opened?", cited(folder, 2, language="en"))
    ]
    assert "What was its cost?" in english
    assert "What did Herman Suherman say?" in english
    assert not set(indonesian) & set(english)


def test_an_article_that_changed_makes_no_questions(folder):
    answer = cited(folder, 2, sha256="0" * 64)
    assert list(after(folder, "Siapa Herman?", answer)) == []
