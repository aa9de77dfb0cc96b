"""Weights as differences from a base model, in 4 or 8 bits: how they are packed and unpacked.

A matrix is cut along its rows into blocks of 64 numbers; each block has a float16 scale and a level for each
number, two 4-bit levels to a byte. Everything else is float16 as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

BLOCK = 64


def unpacked(path: Path) -> Iterator[tuple[str, Floats]]:
    """The name of each weight, and its difference from the base model's."""
    from safetensors.numpy import load_file

    tensors = load_file(path)
    for name, tensor in tensors.items():
        if name.endswith(".levels"):
            name = name.removesuffix(".levels")
            yield name, _unpack(tensor, tensors[f"{name}.scales"])
        elif not name.endswith(".scales"):
            yield name, tensor.astype(np.float32)


def pack(name: str, values: Floats, bits: int) -> dict[str, NDArray[np.generic]]:
    """The tensors that a weight's difference is stored as."""
    if values.ndim != 2 or values.shape[1] % BLOCK or values.shape[0] < BLOCK:
        return {name: values.astype(np.float16)}
    top = 2 ** (bits - 1) - 1
    blocks = values.reshape(len(values), -1, BLOCK)
    scales = _scales(blocks, top)
    levels = np.clip(np.round(blocks / scales), -top - 1, top).astype(np.int8)
    levels = levels.reshape(values.shape)
    stored = levels if bits == 8 else _halves(levels)
    return {f"{name}.levels": stored, f"{name}.scales": scales[..., 0].astype(np.float16)}


def _scales(blocks: Floats, top: int) -> Floats:
    """For each block the scale, of a few, that loses least (squared error)."""
    largest = np.abs(blocks).max(-1, keepdims=True)
    best, least = largest / top, np.full(largest.shape, np.inf, np.float32)
    for share in np.linspace(0.6, 1.0, 9) if top < 16 else (1.0,):
        scales = np.maximum(largest * share / top, 1e-7).astype(np.float16).astype(np.float32)
        lost = blocks - scales * np.clip(np.round(blocks / scales), -top - 1, top)
        error = (lost**2).sum(-1, keepdims=True)
        best, least = np.where(error < least, scales, best), np.minimum(error, least)
    return np.asarray(best, np.float32)


def _halves(levels: NDArray[np.int8]) -> NDArray[np.uint8]:
    raised = (levels + 8).astype(np.uint8)
    return np.asarray(raised[:, 0::2] | (raised[:, 1::2] << 4), np.uint8)


def _unpack(levels: NDArray[np.generic], scales: NDArray[np.generic]) -> Floats:
    rows = len(levels)
    if levels.dtype == np.uint8:
        halves = levels.astype(np.uint8)
        levels = np.stack([halves & 15, halves >> 4], -1).reshape(rows, -1).astype(np.int8) - 8
    blocks = levels.reshape(rows, -1, BLOCK).astype(np.float32)
    return (blocks * scales.astype(np.float32)[..., None]).reshape(rows, -1)
