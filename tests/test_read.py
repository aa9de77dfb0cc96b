"""Evidence to findings: the order joins search and reader, and caution draws the line."""

from __future__ import annotations

import pytest

from assistant.confidence import Caution, judge
from assistant.read import read
from assistant.records import Finding, Marked, Span
from assistant.understand import understand
from index.records import Evidence, Sentence


def evidence(text, score=0.0, cosine=0.9, number=1):
    sentence = Sentence("a.txt", number, 0, len(text), text)
    return Evidence(sentence, (), (), None, None, "", cosine, 0.0, score)


class Marking:
    """Gives each sentence the mass that its text says; remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def read(self, question, evidence, trace=None):
        self.asked.append(question)
        return [
            Marked((Span(e.sentence, 0, 1, float(e.sentence.text)),), float(e.sentence.text))
            for e in evidence
        ]


def test_what_the_reader_marks_goes_before_what_search_found_first():
    found = [evidence("-8.0", 1.0), evidence("9.0", 0.5), evidence("-9.0", 0.4)]
    reading = read(understand("Siapa?"), found, Marking(), Caution.BALANCED)
    assert reading.findings[0].evidence.sentence.text == "9.0"
    assert [f.score for f in reading.findings] == sorted(
        (f.score for f in reading.findings), reverse=True
    )


def test_between_equals_search_decides():
    found = [evidence("2.0", 3.0, number=1), evidence("2.0", 1.0, number=2)]
    reading = read(understand("Siapa?"), found, Marking(), Caution.BALANCED)
    assert [f.evidence.sentence.number for f in reading.findings] == [1, 2]


def test_a_follow_up_is_read_with_what_it_points_back_to():
    reader = Marking()
    asked = understand("Kapan dia lahir?", [("Siapa Apriyani Rahayu?", "…")])
    read(asked, [evidence("1.0")], reader, Caution.BALANCED)
    assert reader.asked == ["Apriyani Rahayu Kapan dia lahir?"]


def test_without_evidence_nothing_is_answered():
    reading = read(understand("Siapa?"), [], Marking(), Caution.EAGER)
    assert (reading.findings, reading.confidence, reading.answerable) == ((), 0.0, False)


def test_the_more_caution_the_surer_an_answer_must_be():
    levels = [Caution.EAGER, Caution.BALANCED, Caution.CAUTIOUS]
    assert sorted(levels, key=lambda caution: caution.threshold) == levels
    answered = {
        caution: {
            mass
            for mass in range(-12, 13)
            if read(understand("Siapa?"), [evidence(f"{mass}.0")], Marking(), caution).answerable
        }
        for caution in levels
    }
    assert answered[Caution.CAUTIOUS] < answered[Caution.BALANCED] < answered[Caution.EAGER]
    assert 12 in answered[Caution.CAUTIOUS]
    assert -12 not in answered[Caution.EAGER]


@pytest.mark.parametrize("language", ["id", "en"])
def test_confidence_grows_with_the_mass_and_stays_a_probability(language):
    found = [
        judge([Finding(evidence("x"), (), m / 2, m), Finding(evidence("y"), (), 0, -9)], language)
        for m in (-1000.0, -8.0, -2.0, 0.0, 2.0, 8.0, 12.0)
    ]
    assert all(0 <= value <= 1 for value in found)
    assert found == sorted(found)
    assert found[-1] > 0.5 > 0.1 > found[0]


def test_who_says_the_same_does_not_make_an_answer_less_sure():
    def saying(text, score):
        told = evidence(text, number=int(score))
        return Finding(told, (Span(told.sentence, 0, len(text), score),), score, score)

    first, same, other = saying("Sergei Lavrov", 9), saying("Sergey Lavrov", 8), saying("Putin", 1)
    contested = saying("Putin", 8)
    sure = judge([first, same, other], "en")
    assert sure == judge([first, saying("Lavrov", 8), other], "en")
    assert sure > judge([first, contested, other], "en")
