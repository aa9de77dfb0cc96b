"""The vocabulary that encoder and reader share: the package's own vectors, which do not stay in memory."""

from __future__ import annotations

import shutil

import numpy as np
import psutil
import pytest

from index import bundled, vocabulary
from index.errors import KutipError
from index.packed import read
from index.tokenizer import PAD, START
from index.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def words(cache):
    return vocabulary.load(cache)


def test_each_token_has_the_vector_of_the_package(words):
    packed = read(bundled.source())
    table = packed.tensor("emb.word", packed.vocabulary, packed.hidden)
    ids = np.array([words.tokenizer.ids(["Apa kabar?"])[0][:3], [START, PAD, 250_000]])
    found = words.vectors(ids)
    assert found.shape == (2, 3, packed.hidden)
    assert np.array_equal(found, table[ids].astype(np.float16))


def test_no_vector_stays_in_memory(words):
    def mapped():
        return [m.path for m in psutil.Process().memory_maps() if vocabulary.VECTORS in m.path]

    kept = words.vectors(np.arange(1000))
    assert kept.any()
    assert mapped() == []


def test_it_is_loaded_once(cache, words):
    assert vocabulary.load(cache) is words


@pytest.mark.parametrize("file", vocabulary.FILES)
@pytest.mark.parametrize("damage", ["missing", "cut off"])
def test_a_damaged_vocabulary_is_named_with_what_to_do(cache, tmp_path, file, damage):
    for part in vocabulary.FILES:
        (tmp_path / part).symlink_to(vocabulary.folder(cache) / part)
    (tmp_path / file).unlink()
    if damage == "cut off":
        shutil.copy(vocabulary.folder(cache) / file, tmp_path)
        with (tmp_path / file).open("r+b") as whole:
            whole.truncate(5000)
    with pytest.raises(
        KutipError, match=r"the vocabulary in .* cannot be loaded.*Delete that folder"
    ):
        Vocabulary(tmp_path)


def test_a_source_that_was_not_tested_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(bundled, "SOURCE_SHA256", "0" * 64)
    with pytest.raises(KutipError, match="is not the file that Kutip was tested with"):
        vocabulary.ensure(tmp_path)
    assert not vocabulary.folder(tmp_path).exists()
