"""A citation is what the file says at that place today, or it is left out and the reader told."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.cite import Checker, cite, paragraph
from assistant.records import Highlight
from index.index import Index, Place
from index.records import Evidence, Sentence

TEXT = "Gempa mengguncang Palu pada Senin.\nWarga mengungsi ke bukit.\n"


def evidence(file: str, text: str = TEXT, start: int = 0, end: int = 34, twins=()) -> Evidence:
    sentence = Sentence(file, 1, start, end, text[start:end])
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Evidence(sentence, (), (), None, None, sha256, 0.9, 1.0, 1.0, tuple(twins))


def test_what_the_file_still_says_stands(write):
    checker = Checker(write({"a.txt": TEXT}), "id")
    assert checker.standing(evidence("a.txt")) == evidence("a.txt")
    assert checker.problems == ()


CHANGES = {
    "another version": TEXT + "Tambahan.\n",
    "moved": "Pembaruan.\n" + TEXT,
    "emptied": "",
    "binary": "\0\1\2\3",
}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("change", [*CHANGES, "gone", "a folder now"])
def test_a_file_that_is_no_longer_the_same_is_not_cited_and_named(write, language, change):
    folder = write({"a.txt": TEXT})
    if change in CHANGES:
        (folder / "a.txt").write_text(CHANGES[change])
    else:
        (folder / "a.txt").unlink()
    if change == "a folder now":
        (folder / "a.txt").mkdir()
    checker = Checker(folder, language)
    assert checker.standing(evidence("a.txt")) is None
    [problem] = checker.problems
    assert "a.txt" in problem
    assert ("Berkas" if language == "id" else "The file") in problem


def test_offsets_that_do_not_hold_the_text_do_not_stand(write):
    checker = Checker(write({"a.txt": TEXT}), "id")
    wrong = evidence("a.txt", start=1, end=35)
    moved = replace(wrong, sentence=replace(wrong.sentence, start=0, end=34))
    assert checker.standing(moved) is None


def test_the_same_bytes_put_back_stand_again(write):
    folder = write({"a.txt": "lain"})
    assert Checker(folder, "id").standing(evidence("a.txt")) is None
    write({"a.txt": TEXT})
    assert Checker(folder, "id").standing(evidence("a.txt"))


def test_a_twin_takes_the_place_of_what_is_gone(write):
    folder = write({"b.txt": TEXT, "c.txt": TEXT})
    item = evidence("a.txt", twins=[evidence("b.txt"), evidence("d.txt"), evidence("c.txt")])
    checker = Checker(folder, "id")
    standing = checker.standing(item)
    assert standing is not None
    assert standing.sentence.file == "b.txt"
    assert [twin.sentence.file for twin in standing.twins] == ["c.txt"]
    assert len(checker.problems) == 2


def test_a_problem_is_told_once_a_file(write):
    checker = Checker(write({}), "en")
    for _ in range(3):
        checker.standing(evidence("a.txt"))
    assert len(checker.problems) == 1


def test_a_file_outside_the_folder_is_never_read(write, tmp_path):
    (tmp_path / "rahasia.txt").write_text(TEXT)
    assert Checker(write({}), "id").standing(evidence("../rahasia.txt")) is None


def test_labels_count_from_one_in_the_order_given():
    span = Highlight(18, 22, "Palu")
    cited = cite([evidence("a.txt"), evidence("b.txt"), evidence("a.txt")], [span])
    assert [c.label for c in cited] == [1, 2, 3]
    assert [c.file for c in cited] == ["a.txt", "b.txt", "a.txt"]
    assert [c.highlight for c in cited] == [span, None, None]
    assert cite([]) == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Satu.\n\nDua. TIGA. Empat.\n\nLima.", "Dua. TIGA. Empat."),
        ("Satu.\r\n\r\nDua. TIGA.\r\n\r\nLima.", "Dua. TIGA."),
        ("TIGA.", "TIGA."),
        ("x " * 900 + "\nDua. TIGA. Empat.\n" + "y " * 900, "Dua. TIGA. Empat."),
    ],
)
def test_the_paragraph_around_a_sentence(text, wanted):
    start = text.index("TIGA.")
    low, high = paragraph(text, start, start + 5)
    assert text[low:high] == wanted


@given(st.text(alphabet="ab.\n\r "), st.data())
def test_a_paragraph_always_holds_its_sentence(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    low, high = paragraph(text, start, end)
    assert 0 <= low <= start <= end <= high <= len(text)


WORDS = st.sampled_from(
    [
        "gempa",
        "Palu",
        "warga",
        "beras",
        "“harga”",
        "naik",
        "12,5",
        "persen",
        "Dr.",
        "Budi",
        "PT.",
        "Sinar",
        "🙂",
        "é́",
        "KPK,",
        "tahun",
        "2019",
        "\u200e",
        "Rp3.000",
        "ujar",
        "'dia'",
        "(antara)",
        "--",
        "#tagar",
    ]
)
SENTENCES = st.lists(WORDS, min_size=2, max_size=9).map(lambda words: " ".join(words).capitalize())
ARTICLES = st.lists(
    st.tuples(
        st.lists(SENTENCES, min_size=1, max_size=6),
        st.sampled_from([". ", ".\n", ".\r\n", "!\n\n", "? ", "\n\n", ".” "]),
    ),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ARTICLES, st.lists(WORDS, min_size=1, max_size=6), st.sampled_from(["", "\ufeff"]))
def test_whatever_the_articles_every_citation_is_what_the_file_says(
    tmp_path_factory, hashed, reader, articles, question, mark
):
    base = tmp_path_factory.mktemp("any")
    (base / "articles").mkdir()
    for i, (sentences, gap) in enumerate(articles):
        text = mark + gap.join(sentences) + gap
        (base / "articles" / f"{i}.txt").write_bytes(text.encode())
    place = Place(base / "articles", base / "index", base / "cache")
    with Index(place, encoder=hashed) as index:
        index.synchronise()
        answer = Assistant(index, reader=reader).ask(" ".join(question))
    for citation in answer.citations:
        whole = (base / "articles" / citation.file).read_bytes()
        text = whole.decode("utf-8-sig")
        assert text[citation.start : citation.end] == citation.text
        assert hashlib.sha256(whole).hexdigest() == citation.sha256
        span = citation.highlight
        if span:
            assert text[span.start : span.end] == span.text
            assert citation.start <= span.start <= span.end <= citation.end
    # Words that look like markers are the articles' own; here there are none.
    markers = [int(label) for label in re.findall(r"\[(\d+)\]", answer.text)]
    assert list(dict.fromkeys(markers)) == [citation.label for citation in answer.citations]
