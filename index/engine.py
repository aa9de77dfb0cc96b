"""Runs a converted BERT on the processor, without torch: token ids in, a vector a token out."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.once import once
from index.tokenizer import PAD

if TYPE_CHECKING:
    from openvino import CompiledModel, Core

    from index.vocabulary import Vocabulary

Floats = NDArray[np.float32]

BATCH_TOKENS = 1024  # larger batches measured no faster on two cores, and hold more memory
STEP = 8  # lengths are rounded up to it: few shapes, of each of which the runtime keeps something


class Engine:
    """An OpenVINO model that takes word vectors and an attention mask.

    bf16 where the device says that it has it (1.6 times as fast, same vectors to cosine .9999),
    else float32; as many threads as the device offers. May be run from several threads.
    """

    def __init__(
        self, model: Path, compiled: Path, vocabulary: Vocabulary, step: int = STEP
    ) -> None:
        """`model`: the `.xml` file. `compiled`: a folder for what OpenVINO keeps between starts.

        Lengths are rounded up to a multiple of `step`. Where that folder cannot be written, a start takes
        half a second longer.
        """
        self._vectors, self._step = vocabulary.vectors, step
        files = (model, model.with_suffix(".bin"))
        self._model = _compiled(model, compiled, tuple(file.stat().st_mtime_ns for file in files))

    def run(self, inputs: Sequence[Sequence[int]]) -> Iterator[tuple[int, Floats]]:
        """For each input (token ids) its place in `inputs` and its outputs, (tokens, dimension).

        Inputs of like length share a batch, so they come back in another order. An array is valid
        only until the next one is asked for.
        """
        request = self._model.create_infer_request()  # one serves one thread, and costs 10 µs
        order = sorted(range(len(inputs)), key=lambda i: len(inputs[i]))
        for batch in _batches(order, inputs, self._step):
            ids, mask = _padded([inputs[i] for i in batch], self._step)
            words = self._vectors(ids)
            request.infer({"inputs_embeds": words, "attention_mask": mask}, share_inputs=True)
            outputs = request.get_output_tensor(0).data
            for row, i in enumerate(batch):
                yield i, outputs[row, : len(inputs[i])]


def silent_openvino() -> ModuleType:
    """The openvino package, kept from reporting its use.

    Left alone, each import forks this process, threads and all, to tell a server of Google's about it.
    It does without when its package for that is missing.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    return importlib.import_module("openvino")


@once
def _core() -> Core:
    """OpenVINO itself, one for the process: it loads its plugin once, and never lets go of it."""
    core: Core = silent_openvino().Core()
    return core


@once
def _compiled(model: Path, compiled: Path, written: tuple[int, ...]) -> CompiledModel:
    """The model made ready to run, one for the process and each state of its files.

    It is never let go of: who opens it next has it at once. A run of the tests, which opened and let go of
    hundreds, once ended in a segmentation fault as an assistant with two of them went; that they caused it
    is likely, not proven.
    """
    core = _core()
    settings = {**device_settings(core), "CACHE_MODE": "OPTIMIZE_SIZE"}
    if _is_writable(compiled):
        settings["CACHE_DIR"] = str(compiled)
    return core.compile_model(model, "CPU", settings)


def device_settings(core: Core) -> dict[str, str]:
    """How a model is run, by what the device says of itself."""
    bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return {
        "INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32",
        "PERFORMANCE_HINT": "LATENCY",
    }


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _batches(
    order: Sequence[int], inputs: Sequence[Sequence[int]], step: int
) -> Iterator[list[int]]:
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) + 1) * _rounded(len(inputs[i]), step) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _rounded(length: int, step: int) -> int:
    return -(-length // step) * step


def _padded(
    batch: Sequence[Sequence[int]], step: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    width = _rounded(max(map(len, batch)), step)
    ids = np.full((len(batch), width), PAD, dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return ids, mask
