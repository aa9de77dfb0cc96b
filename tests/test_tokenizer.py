"""Pieces of a text and where they stand in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import vocabulary
from index.tokenizer import PieceTokenizer


@pytest.fixture(scope="module")
def tokenizer(cache):
    return PieceTokenizer(vocabulary.ensure(cache))


def test_pieces_stand_where_their_letters_are(tokenizer):
    text = "“Dr.  Sukarno\u200e bertemu ½ juta orang…” kata\n Łukasz ﬁnal."
    ids, places = tokenizer.pieces(text)
    assert ids == tokenizer.ids([text])[0]
    words = [text[start:end] for start, end in places]
    assert words[:3] == ["“", "Dr", "."]
    assert "½" in words
    assert "…”" in words
    assert "ﬁnal" in words


@given(st.text(max_size=80))
def test_places_are_in_order_and_within_the_text(tokenizer, text):
    ids, places = tokenizer.pieces(text)
    assert ids == tokenizer.ids([text])[0]
    assert len(ids) == len(places)
    assert all(0 <= start <= end <= len(text) for start, end in places)
    assert places == sorted(places)
    kept = {i for start, end in places for i in range(start, end)}
    plain = {i for i, char in enumerate(text) if char.isascii() and char.isalnum()}
    assert plain <= kept  # no letter is lost


def test_white_space_is_in_no_piece(tokenizer):
    text = "  Ibu  kota\tbaru "
    assert [text[a:b] for a, b in tokenizer.pieces(text)[1]] == ["Ibu", "kota", "baru"]
    assert tokenizer.pieces(" \n ") == ([], [])
