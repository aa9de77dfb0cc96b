"""Markers in a model's text: read however they come, and never one that names nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.markers import MarkerParser

GIVEN = 5

ANSWERS = [
    "Irak menang pada Desember 2017 [3]. Rusia membantu [1][2], dan Iran juga [1, 2].",
    "Range [1-3], and one beyond [9]. Half [2",
    "[4]",
    "Kata [sic] dan [a] bukan penanda [[9]1] [1[2].",
    "【2】 lalu ［3］ serta [^1] dan [1 dan 2].",
    "Dua kali [2] [2] lalu [2,2].\n\n- butir [1]\n- butir [5]",
    "[1-99] [3-1] [0] [] [ ] [12345]",
    "Skor 3[2]1 dan a[i] = b[0];",
]


def parsed(*pieces: str, given: int = GIVEN) -> tuple[str, tuple[int, ...], tuple[str, ...]]:
    parser = MarkerParser(given)
    text = "".join(map(parser.feed, pieces)) + parser.close()
    return text, parser.order, parser.removed


@pytest.mark.parametrize(
    ("written", "text", "order"),
    [
        ("A [3], B [1], A [3].", "A [1], B [2], A [1].", (3, 1)),
        ("A [1][2]", "A [1][2]", (1, 2)),
        ("A [2, 1]", "A [1][2]", (2, 1)),
        ("A [2;4]", "A [1][2]", (2, 4)),
        ("A [1-3]", "A [1][2][3]", (1, 2, 3)),
        ("A [4–5]", "A [1][2]", (4, 5)),
        ("A [1 dan 2]", "A [1][2]", (1, 2)),
        ("A 【2】", "A [1]", (2,)),
        ("A [ 2 ]", "A [1]", (2,)),
    ],
)
def test_markers_of_every_form_become_labels_in_order_of_appearance(
    written: str, text: str, order: tuple[int, ...]
) -> None:
    assert parsed(written) == (text, order, ())


@pytest.mark.parametrize(
    ("written", "text", "removed"),
    [
        ("A [9].", "A.", ("[9]",)),
        ("A [9] dan B", "A dan B", ("[9]",)),
        ("A [0]", "A", ("[0]",)),
        ("A [4-7]", "A [1][2]", ("[4-7]",)),
        ("A [1-99]", "A", ("[1-99]",)),
        ("A [3-1]", "A", ("[3-1]",)),
        ("A [2", "A", ("[2",)),
    ],
)
def test_a_marker_that_names_nothing_goes_and_is_told(
    written: str, text: str, removed: tuple[str, ...]
) -> None:
    found, _, gone = parsed(written)
    assert (found, gone) == (text, removed)


def test_a_label_is_said_once_behind_the_same_words() -> None:
    assert parsed("A [2][2] [2], B [2].")[0] == "A [1], B [1]."


def test_other_square_brackets_become_round() -> None:
    assert parsed("kata [sic] a[i]")[0] == "kata (sic) a(i)"


def test_what_is_left_of_a_removed_marker_makes_no_new_one() -> None:
    assert parsed("[[9]1]")[0] == "(1)"


def test_text_without_markers_is_as_it_was() -> None:
    text = "Satu.\n\n- dua  tiga\n\tempat (lima) “enam”"
    assert parsed(text) == (text, (), ())


@pytest.mark.parametrize("answer", ANSWERS)
def test_it_does_not_matter_where_the_stream_is_split(answer: str) -> None:
    whole = parsed(answer)
    for at in range(len(answer) + 1):
        assert parsed(answer[:at], answer[at:]) == whole


PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from([*"[]【】,-– \n1239", "[1]", "[2, 3]", "[1-4]", "[7]", " dan ", ". "]),
)


@given(st.lists(PIECES, max_size=30), st.integers(0, GIVEN))
def test_every_bracket_that_leaves_is_a_label_of_a_given_sentence(
    pieces: list[str], count: int
) -> None:
    text, order, _ = parsed(*pieces, given=count)
    assert len(set(order)) == len(order)
    assert all(1 <= number <= count for number in order)
    labels = re.findall(r"\[([1-9]\d*)\]", text)
    assert len(labels) == text.count("[") == text.count("]")
    assert list(dict.fromkeys(map(int, labels))) == list(range(1, len(order) + 1))
    assert (text, order) == parsed("".join(pieces), given=count)[:2]


@given(st.lists(PIECES, max_size=30))
def test_what_was_shown_stays_as_it_is(pieces: list[str]) -> None:
    parser, shown = MarkerParser(GIVEN), ""
    for piece in pieces:
        shown += parser.feed(piece)
        assert not re.search(r"\[\d*$", shown)
    assert (shown + parser.close()) == parsed(*pieces)[0]
