"""The sentences of a model's answer, each with the markers that are its own."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.claims import claims
from assistant.records import Backing


def found(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(text[claim.start : claim.end], claim.labels) for claim in claims(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Irak menang [1]. Rusia membantu. [2][3] Lalu selesai.",
            [("Irak menang [1].", (1,)), ("Rusia membantu. [2][3]", (2, 3)), ("Lalu selesai.", ())],
        ),
        ("Naik Rp 1.500,00 [1][2].", [("Naik Rp 1.500,00 [1][2].", (1, 2))]),
        (
            "[1] Irak menang.\n[2] Rusia kalah.",
            [("[1] Irak menang.", (1,)), ("[2] Rusia kalah.", (2,))],
        ),
        ("- satu [3]\n- dua", [("- satu [3]", (3,)), ("- dua", ())]),
        ('"Siap [1]," kata Budi.', [('"Siap [1]," kata Budi.', (1,))]),
        ("Dua kali [1], tetap [1].", [("Dua kali [1], tetap [1].", (1,))]),
        ("", []),
        ("[1]", []),
    ],
)
def test_markers_belong_to_the_sentence_that_they_stand_in_or_behind(text, expected):
    assert found(text) == expected


def test_a_sentence_without_a_marker_is_uncited_and_none_is_supported_yet():
    assert [c.backing for c in claims("Satu [1]. Dua.")] == [Backing.DOUBTFUL, Backing.UNCITED]


@given(st.lists(st.sampled_from(["Irak ", "menang", ". ", "[1]", " [2]", "\n", "- ", "“", "3,5"])))
def test_claims_are_in_order_apart_and_lie_apart(parts):
    text = "".join(parts)
    places = [(c.start, c.end) for c in claims(text)]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(a[1] <= b[0] for a, b in pairwise(places))
