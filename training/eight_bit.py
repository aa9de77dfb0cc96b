"""See how far each channel of the reader reaches, for its eight-bit form.

    python training/eight_bit.py DATA [--out assistant/reader_reach.safetensors] [--plain 3] [--seed 0]

DATA is a folder with `reading-train.jsonl.gz`. The reader reads some of its questions, each with its passage,
in float32; what flows into each layer is noted, the least and the most of each channel. The inflows that cost
most in eight bits, as marks of other questions tell, are left out and stay as they are. Prints how far marks
are from those in float32. The sha256 of OUT goes into assistant/reader_model.py. To be run again whenever the
reader's weights change (five minutes).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from assistant.reader import LONGEST_PASSAGE
from assistant.reader_model import LONGEST_QUESTION, REACH, taught
from assistant.settings import Settings
from index import bundled, vocabulary
from index.building import quiet, save_openvino
from index.eight_bit import Ends, inflows, quantise
from index.engine import silent_openvino
from index.packed import read
from index.tokenizer import END, START

Words = NDArray[np.float16]  # (1, tokens, dimension)
Marks = NDArray[np.float32]  # (tokens, 2), less those of the first token

SEEN, ASKED = 300, 120  # questions whose reach is noted, and others whose marks are compared
LIKELY = (
    3  # tokens whose marks are compared, of each question: those where an answer starts or ends
)
PRECISE = {"INFERENCE_PRECISION_HINT": "f32"}


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--out", type=Path, default=REACH)
    arguments.add_argument("--plain", type=int, default=3, help="inflows that stay as they are")
    arguments.add_argument("--seed", type=int, default=0)
    told = arguments.parse_args()
    with gzip.open(told.data / "reading-train.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    random.seed(told.seed)
    chosen = random.sample(rows, SEEN + ASKED)
    seen, asked = list(inputs(chosen[:SEEN])), list(inputs(chosen[SEEN:]))
    packed = read(bundled.source())
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.xml"
        with quiet():
            save_openvino(taught(packed), packed.hidden, model)
        reach = dict(enumerate(reached(model, seen)))
        exact = marks(model, {}, asked)
        print(f"all in eight bits: {apart(exact, marks(model, reach, asked)):.3f}")
        error = {}
        for number in reach:
            left = {other: ends for other, ends in reach.items() if other != number}
            error[number] = apart(exact, marks(model, left, asked))
            print(f"without inflow {number}: {error[number]:.3f}", flush=True)
        for number in sorted(error, key=error.__getitem__)[: told.plain]:
            del reach[number]
        print(f"as written: {apart(exact, marks(model, reach, asked)):.3f}")
    kept = {f"{number:02}": np.stack(ends).astype(np.float16) for number, ends in reach.items()}
    save_file(kept, told.out)
    digest = hashlib.sha256(told.out.read_bytes()).hexdigest()
    print(f"{told.out}: {told.out.stat().st_size / 1e3:.0f} kB, sha256 {digest}")


def inputs(rows: Iterable[dict[str, str]]) -> Iterator[Words]:
    """The word vectors of each question with its passage."""
    words = vocabulary.load(Settings.load().cache, print)
    for row in rows:
        question, passage = words.tokenizer.ids([row["question"], row["context"]])
        question, passage = question[-LONGEST_QUESTION:], passage[:LONGEST_PASSAGE]
        yield words.vectors(np.array([[START, *question, END, END, *passage, END]]))


def reached(model: Path, inputs: Iterable[Words]) -> list[Ends]:
    """For each inflow of a saved model the least and the most of each channel."""
    core = silent_openvino().Core()
    watched = core.read_model(model)
    outputs = [inflow.output for inflow in inflows(watched)]
    watched.add_outputs(outputs)
    request = core.compile_model(watched, "CPU", PRECISE).create_infer_request()
    found: list[Ends] = []
    for words in inputs:
        request.infer(given(words))
        seen = [request.get_output_tensor(1 + i).data for i in range(len(outputs))]
        rows = [own.reshape(-1, own.shape[-1]) for own in seen]
        own = [(each.min(axis=0), each.max(axis=0)) for each in rows]
        found = [
            (np.minimum(low, least), np.maximum(high, most))
            for (low, high), (least, most) in zip(found or own, own, strict=True)
        ]
    return found


def marks(model: Path, reach: dict[int, Ends], inputs: Iterable[Words]) -> list[Marks]:
    """What a saved model marks, with the inflows of `reach` in eight bits."""
    core = silent_openvino().Core()
    changed = core.read_model(model)
    quantise(changed, reach)
    request = core.compile_model(changed, "CPU", PRECISE).create_infer_request()
    found = []
    for words in inputs:
        request.infer(given(words))
        logits = request.get_output_tensor(0).data[0]
        found.append(logits - logits[0])
    return found


def given(words: Words) -> dict[str, Any]:
    return {"inputs_embeds": words, "attention_mask": np.ones(words.shape[:2], np.int64)}


def apart(exact: Sequence[Marks], found: Sequence[Marks]) -> float:
    """How far marks are from the exact ones, on the mean, where these are highest."""
    off = []
    for right, own in zip(exact, found, strict=True):
        likely = np.argsort(-right, axis=0)[:LIKELY]
        off.append(np.abs(np.take_along_axis(right - own, likely, axis=0)).mean())
    return float(np.mean(off))


if __name__ == "__main__":
    sys.exit(main())
