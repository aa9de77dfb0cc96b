"""The mean of two encoders' differences, as one: better than either on questions that neither was taught.

    python training/mean.py FIRST SECOND OUT

All three are safetensors files as `encoder.py` writes them. The mean of two low-rank products is itself a
product, of the ranks' sum. (Averaging weights of trainings from one base: Wortsman et al., 2022.)
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name in ("first", "second", "out"):
        arguments.add_argument(name, type=Path)
    told = arguments.parse_args()
    first, second = load_file(told.first), load_file(told.second)
    joined = {
        name: np.concatenate([first[name], second[name]])
        if name.endswith(".down")
        else np.concatenate([first[name] / 2, second[name] / 2], axis=1)
        for name in first
    }
    save_file({name: tensor.astype(np.float16) for name, tensor in joined.items()}, told.out)


if __name__ == "__main__":
    main()
