"""Sentences to vectors: windows of whole sentences, each sentence alone plus in its context."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import normalised
from index.vectors import alone, in_context, windows


def embed(encoder, articles):
    return in_context(encoder, articles, alone(encoder, articles))


@given(st.lists(st.integers(0, 300)), st.integers(1, 250))
def test_windows_hold_every_sentence_once_in_order(lengths, longest):
    runs = windows(lengths, longest)
    assert [i for start, end in runs for i in range(start, end)] == list(range(len(lengths)))
    for start, end in runs:
        assert end - start == 1 or sum(lengths[start:end]) <= longest


@given(st.lists(st.integers(1, 100), min_size=1))
def test_a_window_is_as_long_as_it_may_be(lengths):
    runs = windows(lengths, 192)
    for (start, end), (_, after) in pairwise(runs):
        assert after > end
        assert sum(lengths[start:end]) + lengths[end] > 192


def test_each_article_has_a_row_a_sentence_of_length_one(hashed):
    articles = [
        ["Satu dua.", "Tiga empat lima."],
        [],
        ["Enam."],
        ["kata " * 300, "tujuh", "delapan"],
    ]
    matrices = embed(hashed, articles)
    assert [m.shape for m in matrices] == [(len(a), hashed.dimension) for a in articles]
    for matrix in matrices:
        assert matrix.dtype == np.float32
        assert np.linalg.norm(matrix, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_sentence_alone_in_its_window_is_its_own_embedding(hashed):
    [[row]] = embed(hashed, [["Gempa mengguncang Palu."]])
    assert row == pytest.approx(hashed.passages([["Gempa mengguncang Palu."]])[0][0])


def test_among_others_it_is_the_sum_of_itself_and_its_context(hashed):
    article = ["Gempa mengguncang Palu.", "Warga mengungsi."]
    own = np.concatenate([hashed.passages([[text]])[0] for text in article])
    assert alone(hashed, [article])[0] == pytest.approx(own, abs=1e-6)
    [matrix] = embed(hashed, [article])
    assert matrix == pytest.approx(normalised(own + hashed.passages([article])[0]), abs=1e-6)


def test_articles_do_not_touch_each_other(hashed):
    articles = [["Satu dua.", "Tiga."], ["Empat lima.", "Enam."]]
    together = embed(hashed, articles)
    assert all(
        np.allclose(both, embed(hashed, [article])[0])
        for both, article in zip(together, articles, strict=True)
    )


def test_a_sentence_cut_off_in_its_context_keeps_its_own_vector(encoder):
    article = ["kata " * 600, "lain " * 600]
    rows = encoder.passages([article])[0]
    assert not rows[1].any()  # beyond what the model reads
    [matrix] = embed(encoder, [article])
    assert np.linalg.norm(matrix, axis=1) == pytest.approx(1, abs=1e-4)
