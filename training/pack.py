"""Pack a trained reader as small as its quality bears: differences from the base model in a few bits.

    python training/pack.py WEIGHTS OUT [--bits 4] [--mean PACKED] [--share 0.5]

WEIGHTS is what `reader.py` wrote, OUT what Kutip ships (assistant/reader.safetensors; its sha256 goes into
assistant/reader_model.py). With `--mean` it lies between another packed reader, as the one that `reader.py`
went on from, and WEIGHTS, of which it has that share: often better than both (Wortsman et al., 2022).

A difference is much smaller than the weight it belongs to, and the base model's weights have four bits
themselves: so four bits of the difference, in blocks with a scale each, lose little.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from assistant.packed_differences import BLOCK, pack, unpacked
from index import bundled
from index.packed import read


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("weights", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--bits", type=int, choices=(4, 8), default=4)
    arguments.add_argument("--mean", type=Path)
    arguments.add_argument("--share", type=float, default=0.5)
    told = arguments.parse_args()
    other = dict(unpacked(told.mean)) if told.mean else {}
    base = bundled.bert(read(bundled.source()), taught=False).state_dict()
    packed: dict[str, NDArray[np.generic]] = {}
    for name, tensor in load_file(told.weights).items():
        plain = base.get(name.removeprefix("bert."))
        difference = tensor.astype(np.float32) - (0 if plain is None else plain.numpy())
        before = other.get(name, difference)
        difference = told.share * difference + (1 - told.share) * before
        packed |= pack(name, difference, told.bits)
    save_file(packed, told.out)
    digest = hashlib.sha256(told.out.read_bytes()).hexdigest()
    print(f"{told.out}: {told.out.stat().st_size / 1e6:.1f} MB, blocks of {BLOCK}, sha256 {digest}")


if __name__ == "__main__":
    sys.exit(main())
