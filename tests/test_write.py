"""A reading becomes an answer: the short answer, the sentence it stands in, and all that it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from assistant.records import Answer, Finding, Reading, Span
from assistant.understand import Understood, understand
from assistant.write import write
from index.records import Evidence, Sentence

MOSCOW = (
    "MOSKOW - Rusia mendukung Irak.\n\nMoskow telah menanamkan jutaan dolar di sektor energi Irak."
)
CABLE = "Kabar Timur\n\nPerusahaan energi Rusia telah menanamkan miliaran dolar di industri minyak Irak."
VICTORY = "Bagdad menyatakan menang atas ISIS\npada Desember 2017. Perang itu lama."
LATER = "Kemenangan atas ISIS diumumkan pemerintah di Bagdad pada Desember 2017."


def evidence(text: str, quote: str, file: str, **fields: object) -> Evidence:
    start = text.index(quote)
    values: dict[str, object] = {"title": None, "published": None, "twins": ()}
    return Evidence(
        sentence=Sentence(file, 1, start, start + len(quote), quote),
        before=(),
        after=(),
        sha256=file * 8,
        cosine=0.8,
        bm25=1.0,
        score=1.0,
        **(values | fields),  # type: ignore[arg-type]
    )


def found(
    score: float,
    text: str,
    quote: str,
    *pieces: str,
    file: str = "a.txt",
    **fields: object,
) -> Finding:
    """A finding whose spans are these pieces of the quoted sentence, each a little less likely."""
    item = evidence(text, quote, file, **fields)
    places = [item.sentence.start + quote.index(piece) for piece in pieces]
    spans = [
        Span(item.sentence, place, place + len(piece), 3.0 - 0.1 * i)
        for i, (place, piece) in enumerate(zip(places, pieces, strict=True))
    ]
    return Finding(item, tuple(spans), score)


def whole(question: str, *findings: Finding, answerable: bool = True) -> Answer:
    *_, answer = write(understand(question), Reading(findings, 0.9, answerable), ())
    return answer


def quotes(answer: Answer) -> list[str]:
    return re.findall(r"“(.*?)” ((?:\[\d+\])+)", answer.text)


def victory(score: float = 5.0, **fields: object) -> Finding:
    quote = VICTORY.partition(" Perang")[0]
    return found(score, VICTORY, quote, "pada Desember 2017", **fields)


def later(score: float = 4.5, file: str = "b.txt") -> Finding:
    return found(score, LATER, LATER, "Desember 2017", file=file)


WHEN = "Kapan Irak menang atas ISIS?"


def test_the_short_answer_comes_first_then_its_sentence_on_one_line() -> None:
    answer = whole(WHEN, victory())
    assert answer.answered
    assert answer.short == "pada Desember 2017"
    assert answer.text == (
        "pada Desember 2017 [1]\n\n“Bagdad menyatakan menang atas ISIS pada Desember 2017.” [1]"
    )
    [citation] = answer.citations
    assert VICTORY[citation.start : citation.end] == citation.text
    assert citation.highlight is not None
    assert citation.highlight.text == "pada Desember 2017"


def test_an_english_question_is_answered_in_the_articles_words() -> None:
    answer = whole("When did Iraq defeat ISIS?", victory())
    assert (answer.language, answer.short) == ("en", "pada Desember 2017")


def test_a_line_end_in_the_answer_is_a_space_in_short_and_itself_in_the_highlight() -> None:
    answer = whole(WHEN, found(5.0, VICTORY, VICTORY[:54], "ISIS\npada Desember 2017"))
    assert answer.short == "ISIS pada Desember 2017"
    assert answer.citations[0].highlight is not None
    assert answer.citations[0].highlight.text == "ISIS\npada Desember 2017"


def test_two_articles_with_one_fact_are_cited_side_by_side() -> None:
    answer = whole(WHEN, victory(), later())
    assert answer.short == "pada Desember 2017"
    assert answer.text.startswith("pada Desember 2017 [1][2]\n\n")
    assert [c.file for c in answer.citations] == ["a.txt", "b.txt"]
    assert [c.highlight.text for c in answer.citations if c.highlight] == [
        "pada Desember 2017",
        "Desember 2017",
    ]


def test_a_far_less_likely_sentence_with_the_same_words_is_not_cited() -> None:
    assert len(whole(WHEN, victory(20.0), later(2.0)).citations) == 1


def test_another_span_of_a_sentence_may_be_the_one_that_agrees() -> None:
    item = found(4.5, LATER, LATER, "Bagdad", "Desember 2017", file="b.txt")
    answer = whole(WHEN, victory(), item)
    assert [c.file for c in answer.citations] == ["a.txt", "b.txt"]
    assert answer.citations[1].highlight is not None
    assert answer.citations[1].highlight.text == "Desember 2017"


def test_twins_are_cited_with_the_words_where_they_stand_there() -> None:
    same = "x" + VICTORY.replace("\n", "  ")
    other = VICTORY.replace("pada Desember 2017", "akhir 2017")
    twins = (
        evidence(same, same[1:].partition(" Perang")[0], "b.txt"),
        evidence(other, other.partition(" Perang")[0], "c.txt"),
    )
    answer = whole(WHEN, victory(twins=twins))
    assert [c.file for c in answer.citations] == ["a.txt", "b.txt", "c.txt"]
    there, absent = answer.citations[1].highlight, answer.citations[2].highlight
    assert there is not None
    assert same[there.start : there.end] == there.text == "pada Desember 2017"
    assert absent is None
    assert quotes(answer)[0][1] == "[1][2][3]"  # type: ignore[index]


def test_no_more_than_a_few_places_are_cited_for_one_fact() -> None:
    more = [later(4.5, f"{name}.txt") for name in "bcdefgh"]
    assert len(whole(WHEN, victory(), *more).citations) == 3


# Articles that differ


def sides(
    first: date | None = date(2019, 1, 30), second: date | None = date(2021, 2, 13)
) -> tuple[Finding, Finding]:
    one = found(
        5.0, MOSCOW, MOSCOW.split("\n\n")[1], "jutaan dolar", published=first, title="Janji Rusia"
    )
    two = found(
        4.5, CABLE, CABLE.split("\n\n")[1], "miliaran dolar", file="b.txt", published=second
    )
    return one, two


HOW_MUCH = "Berapa uang yang ditanam Rusia di Irak?"


def test_articles_that_differ_stand_side_by_side_with_their_dates() -> None:
    answer = whole(HOW_MUCH, *sides())
    assert answer.short == "jutaan dolar (30 Januari 2019) / miliaran dolar (13 Februari 2021)"
    lead, said, *quoted = answer.text.split("\n\n")
    assert lead == "jutaan dolar (30 Januari 2019) [1] / miliaran dolar (13 Februari 2021) [2]"
    assert said == prompts.text("differ", "id")
    assert [text[-3:] for text in quoted] == ["[1]", "[2]"]
    assert [c.highlight.text for c in answer.citations if c.highlight] == [
        "jutaan dolar",
        "miliaran dolar",
    ]


def test_sides_speak_the_language_of_the_question() -> None:
    answer = whole("How much did Russia invest in Iraq?", *sides())
    assert answer.short == "jutaan dolar (30 January 2019) / miliaran dolar (13 February 2021)"
    assert prompts.text("differ", "en") in answer.text


def test_a_side_without_a_date_is_told_by_its_title_or_its_file() -> None:
    answer = whole(HOW_MUCH, *sides(None, None))
    assert answer.short == "jutaan dolar (Janji Rusia) / miliaran dolar (b.txt)"


def test_what_agrees_with_a_side_is_cited_there() -> None:
    one, two = sides()
    text = "Modal Rusia di sektor energi Irak bernilai miliaran dolar."
    three = found(4.2, text, text, "miliaran dolar", file="c.txt")
    answer = whole(HOW_MUCH, one, two, three)
    assert answer.text.splitlines()[0].endswith("miliaran dolar (13 Februari 2021) [2][3]")
    assert [c.file for c in answer.citations] == ["a.txt", "b.txt", "c.txt"]


def test_articles_are_not_said_to_differ_without_need() -> None:
    one, two = sides()
    for question, findings in {
        "Berapa uang yang ditanam Rusia di Irak pada 2019?": (one, two),  # the other is of 2021
        "Mengapa Rusia menanam uang di Irak?": (one, two),  # no question of figures
        HOW_MUCH: (one, found(4.5, CABLE, CABLE.split("\n\n")[1], "miliaran dolar", file="a.txt")),
        f"{HOW_MUCH} ": (one, Finding(two.evidence, two.spans, -5.0)),  # hardly an answer
    }.items():
        assert prompts.text("differ", "id") not in whole(question, *findings).text


# Lists, reasons, speech


STATIONS = "Kereta berhenti di Halim, Karawang, dan Padalarang."


def test_a_list_is_gathered_across_sentences_and_articles_each_item_once() -> None:
    one = found(5.0, "Jepang mengirim tenda. Korea juga.", "Jepang mengirim tenda.", "Jepang")
    text = "Bantuan datang dari Qatar, sedangkan tenda dikirim Jepang."
    two = found(4.5, text, text, "Qatar", "Jepang", file="b.txt")
    three = found(4.4, "Jepang mengirim tenda. Korea juga.", "Korea juga.", "Korea")
    answer = whole("Negara mana saja yang membantu?", one, two, three)
    assert answer.short == "Jepang; Korea; Qatar"
    assert answer.text.startswith("Jepang; Korea; Qatar [1][2][3]\n\n")
    assert [c.file for c in answer.citations] == ["a.txt", "b.txt", "a.txt"]


def test_items_side_by_side_are_shown_as_they_stand() -> None:
    finding = found(5.0, STATIONS, STATIONS, "Karawang", "Halim")
    answer = whole("Di stasiun mana saja kereta berhenti?", finding)
    assert answer.short == "Halim, Karawang, dan Padalarang"


def test_an_unlikely_sentence_adds_no_item() -> None:
    two = found(1.0, "Korea menolak.", "Korea menolak.", "Korea", file="b.txt")
    one = found(5.0, STATIONS, STATIONS, "Halim")
    assert "Korea" not in whole("Negara mana saja yang membantu?", one, two).text


@pytest.mark.parametrize(
    ("question", "text", "piece", "wanted"),
    [
        (
            "Mengapa ongkosnya dipotong?",
            "Ongkos dipotong karena layanan belum lengkap, kata Anies.",
            "layanan",
            "karena layanan belum lengkap",
        ),
        (
            "Apa kata Lavrov?",
            "“Kami siap, kapan pun,” kata Lavrov.",
            "siap",
            "Kami siap, kapan pun",
        ),
        (
            "How was the age measured?",
            "Umur gambar ditentukan dengan memakai laser.",
            "laser",
            "dengan memakai laser",
        ),
    ],
)
def test_reasons_and_speech_are_whole_clauses(
    question: str, text: str, piece: str, wanted: str
) -> None:
    answer = whole(question, found(5.0, text, text, piece))
    assert answer.short == wanted
    assert answer.citations[0].highlight is not None
    assert answer.citations[0].highlight.text == wanted


def test_a_sentence_that_is_all_answer_is_not_said_twice() -> None:
    text = "Layanan belum lengkap."
    answer = whole("Mengapa?", found(5.0, text, text, "Layanan belum"))
    assert answer.text == "Layanan belum lengkap [1]"


def test_a_near_sentence_with_other_words_is_quoted_too_and_a_weak_one_is_not() -> None:
    one = found(5.0, STATIONS, STATIONS, "Halim")
    near = found(4.9, LATER, LATER, "Bagdad", file="b.txt")
    weak = found(1.0, CABLE, CABLE.split("\n\n")[1], "Irak", file="c.txt")
    answer = whole("Mengapa?", one, near, weak)
    assert [c.file for c in answer.citations] == ["a.txt", "b.txt"]
    assert quotes(answer)[-1] == (LATER, "[2]")


def test_without_a_span_the_sentence_is_the_answer() -> None:
    answer = whole(WHEN, found(5.0, LATER, LATER))
    assert (answer.answered, answer.short) == (True, None)
    assert answer.text == f"“{LATER}” [1]"
    assert answer.citations[0].highlight is None


# Refusals


@pytest.mark.parametrize("question", [WHEN, "When did Iraq defeat ISIS?"])
def test_a_refusal_names_the_nearest_sentences_and_says_that_they_do_not_answer(
    question: str,
) -> None:
    one, two = sides()
    answer = whole(question, victory(), later(), one, two, answerable=False)
    said, nearest, *quoted = answer.text.split("\n\n")
    assert (answer.answered, answer.short) == (False, None)
    assert said == prompts.text("refusal", answer.language)
    assert nearest == prompts.text("refusal_nearest", answer.language)
    assert ("tidak menjawab" if answer.language == "id" else "do not answer") in nearest
    assert len(quoted) == len(answer.citations) == 2
    assert [c.file for c in answer.citations] == ["a.txt", "b.txt"]
    assert all(c.highlight is None for c in answer.citations)


def test_with_nothing_found_a_refusal_is_one_sentence() -> None:
    answer = whole(WHEN, answerable=False)
    assert answer.text == prompts.text("refusal", "id")
    assert answer.citations == ()


def test_what_could_not_be_verified_ends_the_last_answer_alone() -> None:
    notes = ("Berkas a.txt sudah berubah.", "Berkas b.txt hilang.")
    for reading in (Reading((victory(),), 0.9, True), Reading((), 0.0, False)):
        *growing, answer = write(understand(WHEN), reading, notes)
        assert answer.text.endswith("\n\n".join(notes))
        assert answer.unverified == notes
        assert all(not each.unverified and notes[0] not in each.text for each in growing)


def test_a_mark_of_white_space_alone_is_not_looked_for_in_a_twin() -> None:
    quote = "Irak menang."
    twin = evidence(f"Lain. {quote}", quote, "twin.txt")
    item = evidence(quote, quote, "a.txt", twins=(twin,))
    finding = Finding(item, (Span(item.sentence, 4, 5, 1.0),), 1.0)
    *_, answer = write(Understood(WHEN, "id"), Reading((finding,), 0.9, True), ())
    assert [c.file for c in answer.citations] == ["a.txt", "twin.txt"]
    assert answer.citations[1].highlight is None


# Whatever was read


WORDS = st.sampled_from(
    """Irak Bagdad karena untuk bahwa mengatakan dan jutaan miliaran dolar 5.200 orang pada Desember 2017
    “kami siap” "ya" , . ; ( ) [ [IT/AR] ] Rp 10.000 $answer ${source} {0} %s ** <b> 🙂 30/01 tidak""".split()
)
QUOTES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
QUESTIONS = st.sampled_from(
    [
        WHEN,
        HOW_MUCH,
        "Siapa saja yang hadir?",
        "Mengapa?",
        "How did they do it?",
        "Apa kata menteri?",
        "$question",
    ]
)
SCORES = st.floats(-5, 5)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    text = draw(st.sampled_from(["", "Judul.\n\n"])) + (quote := draw(QUOTES)) + " Akhir."
    file = draw(st.sampled_from(["a.txt", "b.txt", "c.txt"]))
    other = evidence(f"Lain. {quote}", quote, "twin.txt")
    day = draw(st.sampled_from([None, date(2019, 1, 30), date(2021, 2, 13)]))
    item = evidence(text, quote, file, published=day, twins=draw(st.sampled_from([(), (other,)])))
    cuts = st.tuples(st.integers(0, len(quote) - 1), st.integers(1, len(quote)))
    places = [(low, high) for low, high in draw(st.lists(cuts, max_size=4)) if low < high]
    start = item.sentence.start
    scores = sorted(
        draw(st.lists(SCORES, min_size=len(places), max_size=len(places))), reverse=True
    )
    spans = [
        Span(item.sentence, start + low, start + high, score)
        for (low, high), score in zip(places, scores, strict=True)
    ]
    return Finding(item, tuple(spans), draw(SCORES))


@given(QUESTIONS, st.lists(findings(), max_size=6), st.booleans())
def test_whatever_was_read_the_answer_rests_on_its_citations(
    question: str, read: Sequence[Finding], answerable: bool
) -> None:
    ordered = tuple(sorted(read, key=lambda finding: -finding.score))
    asked = Understood(question, "id")
    answers = list(write(asked, Reading(ordered, 0.5, answerable), ("Catatan.",)))
    for before, after in pairwise(answers):
        assert after.text.startswith(before.text)
        assert after.citations[: len(before.citations)] == before.citations
    for answer in answers:
        labels = [c.label for c in answer.citations]
        assert labels == [*range(1, len(labels) + 1)]
        markers = [int(label) for label in re.findall(r"\[(\d+)\]", answer.text)]
        assert [*dict.fromkeys(markers)] == labels  # in order of appearance
        assert answer.answered == (answerable and bool(ordered))
        for c in answer.citations:
            assert c.end - c.start == len(c.text)
            if c.highlight:
                assert c.start <= c.highlight.start < c.highlight.end <= c.end
                own = c.text[c.highlight.start - c.start : c.highlight.end - c.start]
                assert own == c.highlight.text
    last = answers[-1]
    assert last.unverified == ("Catatan.",)
    if last.answered:
        assert last.citations[0].text == ordered[0].evidence.sentence.text
    else:
        assert last.short is None


def test_what_looks_like_a_marker_in_an_article_is_none_in_the_answer() -> None:
    text = "Tempat itu didirikan pada 1966 [99]."
    answer = whole("Kapan tempat itu didirikan?", found(5.0, text, text, "1966 [99]"))
    assert re.findall(r"\[\d+\]", answer.text) == ["[1]", "[1]"]
    assert answer.citations[0].text == text
