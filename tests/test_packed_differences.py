"""Differences of weights come back nearly as they were, in a fraction of the space."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import save_file

from assistant.packed_differences import BLOCK, pack, unpacked


def stored(tmp_path, tensors):
    save_file(tensors, tmp_path / "packed.safetensors")
    return dict(unpacked(tmp_path / "packed.safetensors"))


@pytest.mark.parametrize(("bits", "error"), [(4, 0.13), (8, 0.008)])
def test_a_matrix_comes_back_to_within_its_bits(tmp_path, bits, error):
    values = np.random.default_rng(0).standard_normal((BLOCK, 2 * BLOCK)).astype(np.float32) * 0.01
    values[0, 0] = 0.2  # one outlier spoils its own block alone
    back = stored(tmp_path, pack("layer.weight", values, bits))["layer.weight"]
    assert back.shape == values.shape
    lost = np.linalg.norm(back[1:] - values[1:]) / np.linalg.norm(values[1:])
    assert 0 < lost < error
    size = sum(tensor.nbytes for tensor in pack("layer.weight", values, bits).values())
    assert size == values.size * bits // 8 + 2 * values.size // BLOCK


def test_every_level_of_four_bits_is_kept_apart(tmp_path):
    row = np.resize(np.arange(-8, 8, dtype=np.float32), BLOCK)
    values = np.tile(row, (BLOCK, 1))
    values[:, -1] = 7  # so that a scale of 1 loses nothing
    back = stored(tmp_path, pack("w", values, 4))["w"]
    assert np.array_equal(np.clip(values, -7, 7).round(), np.clip(back, -7, 7).round())


@pytest.mark.parametrize("shape", [(BLOCK,), (2, BLOCK), (BLOCK, BLOCK + 1)])
def test_what_is_small_or_odd_is_kept_in_half_precision(tmp_path, shape):
    values = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    back = stored(tmp_path, pack("bias", values, 4))["bias"]
    assert np.array_equal(back, values.astype(np.float16).astype(np.float32))


def test_no_difference_is_no_difference(tmp_path):
    back = stored(tmp_path, pack("w", np.zeros((BLOCK, BLOCK), np.float32), 4))["w"]
    assert not back.any()
