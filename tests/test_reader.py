"""Question and evidence to spans: the right words, at offsets that hold."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reader import (
    LONGEST_PASSAGE,
    LONGEST_SPAN,
    Stretch,
    best,
    scored,
    stretches,
    trimmed,
)
from assistant.trace import Trace
from index.records import Evidence, Sentence
from index.sentences import split

ARTICLE = """Gubernur resmikan jembatan

Gubernur Jawa Timur Khofifah Indar Parawansa meresmikan Jembatan Kaca di Bromo pada Senin, 4 Maret 2024.
Jembatan sepanjang 120 meter itu dibangun dengan biaya Rp 15 miliar. Ia berharap wisatawan datang lagi.
“Jembatan ini aman,” kata Kepala Balai Taman Nasional, Hendro Widjanarko.
"""
ASKED = {
    "Kapan Jembatan Kaca diresmikan?": "4 Maret 2024",
    "Which governor opened the glass bridge?": "Khofifah Indar Parawansa",
    "Berapa panjang jembatan itu?": "120 meter",
    "How much did the bridge cost?": "15 miliar",
    "Siapa kepala balai taman nasional?": "Hendro Widjanarko",
}


def sentences(text, file="a.txt"):
    return [
        Sentence(file, number, s.start, s.end, s.text, s.furniture)
        for number, s in enumerate(split(text), 1)
    ]


def evidence(places, at, around=2, **fields):
    return Evidence(
        sentence=places[at],
        before=tuple(places[max(0, at - around) : at]),
        after=tuple(places[at + 1 : at + 1 + around]),
        title=None,
        published=None,
        sha256="",
        cosine=0.9,
        bm25=1.0,
        score=1.0,
        **fields,
    )


@pytest.mark.parametrize("question", ASKED)
def test_the_answer_is_found_in_either_language(reader, question):
    places = sentences(ARTICLE)
    trace = Trace()
    found = reader.read(question, [evidence(places, i) for i in range(len(places))], trace)
    first = max((span for own in found for span in own.spans), key=lambda span: span.score)
    assert ASKED[question] in first.text
    assert len(first.text) < len(ASKED[question]) + 30

    assert trace.tokens > len(ARTICLE.split())


@pytest.mark.parametrize("question", ASKED)
def test_offsets_are_those_of_the_article(reader, question):
    places = sentences(ARTICLE)
    found = reader.read(question, [evidence(places, i) for i in range(len(places))])
    for sentence, own in zip(places, found, strict=True):
        assert own.spans
        assert own.mass >= own.spans[0].score - 1e-3
        for span in own.spans:
            assert sentence.start <= span.start < span.end <= sentence.end
            assert ARTICLE[span.start : span.end] == span.text == span.text.strip()
        scores = [span.score for span in own.spans]
        assert scores == sorted(scores, reverse=True)


def test_what_the_article_does_not_say_scores_below_nothing(reader):
    places = sentences(ARTICLE)
    asked = "Berapa tiket masuk Candi Borobudur untuk turis asing?"
    found = reader.read(asked, [evidence(places, i) for i in range(len(places))])
    assert max(own.mass for own in found) < 0


def test_evidence_of_one_article_that_touches_is_one_passage():
    places = sentences("Satu. Dua. Tiga. Empat. Lima. Enam. Tujuh. Delapan.")
    other = sentences("Lain. Pula.", "b.txt")
    chosen = [evidence(places, 0), evidence(places, 2), evidence(places, 6), evidence(other, 0)]
    read = [[s.text for s in each.sentences] for each in stretches(chosen, around=1)]
    assert read == [
        ["Satu.", "Dua.", "Tiga.", "Empat."],
        ["Enam.", "Tujuh.", "Delapan."],
        ["Lain.", "Pula."],
    ]


def test_a_candidate_between_two_runs_joins_them():
    places = sentences("Satu. Dua. Tiga. Empat. Lima.")
    chosen = [evidence(places, 0), evidence(places, 4), evidence(places, 2)]
    assert [len(each.sentences) for each in stretches(chosen, around=1)] == [5]


def test_an_opening_is_read_before_what_lacks_it_and_never_marked(reader):
    places = sentences(
        "Sidang Kanjuruhan. Satu. Dua. Tiga. Hakim Abu Achmad membacakan putusan. Lima."
    )
    first = [evidence(places, 4, 1, opening=places[0]), evidence(places, 1, 1, opening=places[0])]
    assert [each.opening for each in stretches(first)] == [places[0], None]
    far = stretches([evidence(places, 4, 1, opening=places[0])])
    trace, plain = Trace(), Trace()
    marked = reader.mark("Siapa hakim sidang Kanjuruhan?", far, trace)
    reader.mark("Siapa hakim sidang Kanjuruhan?", [Stretch(far[0].sentences)], plain)
    assert places[0] not in marked
    assert trace.tokens > plain.tokens
    assert "Abu Achmad" in marked[places[4]].spans[0].text


def test_a_sentence_longer_than_a_passage_is_read_as_far_as_it_goes(reader):
    long = "Menteri Retno Marsudi tiba di Kairo, " + "lalu pergi ke kota lain, " * LONGEST_PASSAGE
    places = sentences(long + "dan pulang.")
    [found] = reader.read("Siapa yang tiba di Kairo?", [evidence(places, 0)])
    assert "Retno Marsudi" in found.spans[0].text


def test_a_sentence_without_words_has_no_spans(reader):
    empty = Sentence("a.txt", 1, 0, 1, "\u200e")
    marked = reader.mark("Siapa?", [Stretch((empty,))])[empty]
    assert marked.spans == ()
    assert marked.mass < -20
    assert reader.read("Siapa?", []) == []


def test_odd_characters_do_not_shift_the_offsets(reader):
    text = (
        "½ juta orang menonton\u200e konser “Sheila on 7” di  Łódź pada ５ Mei 2023, kata panitia…"
    )
    places = sentences(text)
    [found] = reader.read("Kapan konser Sheila on 7?", [evidence(places, 0)])
    assert "Mei 2023" in text[found.spans[0].start : found.spans[0].end]


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        (" 20 Desember 2018.", "20 Desember 2018"),
        ("“Jembatan ini aman,”", "“Jembatan ini aman,”"),
        ("ini aman,” kata", "ini aman,” kata"),
        ("“Jembatan", "Jembatan"),
        ("(BNPB),", "(BNPB)"),
        ("Badan (BNPB)", "Badan (BNPB)"),
        ("Badan (BNPB", "Badan (BNPB"),
        ("7,5 %", "7,5 %"),
        ("…", ""),
    ],
)
def test_a_span_begins_and_ends_with_its_words(part, kept):
    text = f"a {part} b"
    start, end = trimmed(text, 2, 2 + len(part))
    assert text[start:end] == kept


@given(
    st.lists(
        st.tuples(st.floats(-9, 9, width=32), st.floats(-9, 9, width=32)), min_size=1, max_size=60
    ),
    st.integers(1, 5),
)
def test_spans_are_the_best_and_lie_apart(rows, most):
    marks = np.array(rows, np.float32)
    found = list(best(scored(marks), most))
    allowed = [
        float(marks[i, 0] + marks[j, 1])
        for i in range(len(marks))
        for j in range(i, min(len(marks), i + LONGEST_SPAN))
    ]
    assert found[0][2] == pytest.approx(max(allowed))
    taken = [set(range(start, end + 1)) for start, end, _ in found]
    assert all(taken)
    assert sum(map(len, taken)) == len(set().union(*taken))
    assert [score for _, _, score in found] == sorted((s for _, _, s in found), reverse=True)


def test_numbers_of_sentences_tell_them_apart():
    numbers = count(1)
    same = [Sentence("a.txt", next(numbers), 0, 2, "Ya") for _ in range(3)]
    assert [len(each.sentences) for each in stretches([evidence(same, 1)], around=1)] == [3]
