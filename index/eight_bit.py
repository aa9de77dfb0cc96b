"""Eight-bit arithmetic for a converted BERT: many processors multiply bytes twice as fast as numbers.

Weights get a scale a row, and what is multiplied with them one scale. Some channels of a BERT reach thirty
times as far as the rest, which one scale for all would leave next to nothing. So each channel is narrowed
first, and the weights that it meets are widened by as much (SmoothQuant: Xiao et al., 2023).
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.engine import device_settings, silent_openvino
from index.errors import KutipError

if TYPE_CHECKING:
    from openvino import Model, Node, Output

Floats = NDArray[np.float32]
Ends = tuple[Floats, Floats]  # the least and the most of each channel

SHARE = 0.75  # of a channel's reach that goes over to the weights (training/README.md)
SMALL = 16  # rows: a layer with fewer stays as it is
GAIN = 0.9  # of the time that the plain model takes, at most, for eight bits to be worth it
ROWS, TOKENS, RUNS = 7, 144, 5  # what is timed: passages as the reader meets them


@dataclass(frozen=True, slots=True)
class Inflow:
    """What flows into some layers at once, as a query, key and value do; and these, with their weights."""

    output: Output
    layers: tuple[tuple[Node, Floats], ...]


def inflows(model: Model) -> list[Inflow]:
    """All of a model, in the order in which they are computed."""
    found: dict[tuple[str, int], tuple[Output, list[tuple[Node, Floats]]]] = {}
    for node in model.get_ordered_ops():
        if node.get_type_name() == "MatMul" and (weights := _weights(node)) is not None:
            output = node.input_value(0)
            name = (output.get_node().get_friendly_name(), output.get_index())
            found.setdefault(name, (output, []))[1].append((node, weights))
    return [Inflow(output, tuple(layers)) for output, layers in found.values()]


def _weights(node: Node) -> Floats | None:
    """The weights of a layer, (rows, channels), unless it is small or multiplies two inputs."""
    source = node.input_value(1).get_node()
    if source.get_type_name() == "Convert":  # stored in float16
        source = source.input_value(0).get_node()
    if source.get_type_name() != "Constant" or not node.get_attributes()["transpose_b"]:
        return None
    weights: Floats = source.get_data().astype(np.float32)
    return weights if len(weights) >= SMALL else None


def quantise(model: Model, reach: Mapping[int, Ends]) -> None:
    """Make a model's layers multiply bytes. `reach`: of inflows by number the least and most of each channel.

    What other inflows feed stays as it is. Raises `ValueError` when `reach` is another model's.
    """
    from openvino import opset13 as ops

    def constant(values: Any) -> Node:
        return ops.constant(np.asarray(values, np.float32))

    found = inflows(model)
    if not set(reach) <= set(range(len(found))):
        raise ValueError(f"{len(found)} inflows, not {max(reach) + 1}")
    for inflow, (low, high) in ((found[number], ends) for number, ends in reach.items()):
        narrowing = _narrowing(inflow, low, high)
        first, last = _on_grid(float((low / narrowing).min()), float((high / narrowing).max()))
        bounds = constant(first), constant(last)
        narrowed = ops.multiply(inflow.output, constant(1 / narrowing))
        taken = ops.fake_quantize(narrowed, *bounds, *bounds, 256)
        for node, weights in inflow.layers:
            widened = weights * narrowing
            scale = np.maximum(np.abs(widened).max(axis=1, keepdims=True), 1e-9) / 127
            steps = ops.constant(np.round(widened / scale).astype(np.int8))
            node.input(0).replace_source_output(taken.output(0))
            node.input(1).replace_source_output(
                ops.multiply(ops.convert(steps, "f32"), constant(scale)).output(0)
            )
    model.validate_nodes_and_infer_types()


def _narrowing(inflow: Inflow, low: Floats, high: Floats) -> Floats:
    """What each channel is divided by: 1 in the geometric mean."""
    reach = np.maximum(np.maximum(-low, high), 1e-4)
    met = np.max([np.abs(weights).max(axis=0) for _, weights in inflow.layers], axis=0)
    shared = SHARE * np.log(reach) - (1 - SHARE) * np.log(np.maximum(met, 1e-5))
    return np.asarray(np.exp(shared - shared.mean()), np.float32)


def _on_grid(low: float, high: float) -> tuple[float, float]:
    """The ends of a range, moved by less than a step so that 0, which padding is, is on the grid."""
    low, high = min(low, 0.0), max(high, 0.0)
    step = (high - low) / 255
    below = round(-low / step)
    return -below * step, (255 - below) * step


def put_if_faster(model: Path, dimension: int, reach: Path) -> bool:
    """Put the eight-bit form of a saved model in its place if this device gains by it; whether it does.

    `model`: the .xml file, `dimension` that of its word vectors; `reach`: what training/eight_bit.py wrote
    for these weights. Raises `KutipError` when that is another model's.
    """
    openvino = silent_openvino()
    eight = model.with_name("eight.xml")
    changed = openvino.Core().read_model(model)
    try:
        quantise(changed, read_reach(reach))
    except ValueError as error:
        raise KutipError(f"{reach} is not for the weights beside it: {error}") from error
    openvino.save_model(changed, eight, compress_to_fp16=False)
    del changed
    taken = _is_faster(eight, model, dimension)
    for suffix in (".xml", ".bin"):
        if taken:
            os.replace(eight.with_suffix(suffix), model.with_suffix(suffix))
        else:
            eight.with_suffix(suffix).unlink()
    return taken


def _is_faster(one: Path, other: Path, dimension: int) -> bool:
    """Whether this device runs `one` clearly faster, each at its best of some runs in turn."""
    core = silent_openvino().Core()
    requests, best = [], [float("inf")] * 2
    words = np.zeros((ROWS, TOKENS, dimension), np.float16)
    given = {"inputs_embeds": words, "attention_mask": np.ones((ROWS, TOKENS), np.int64)}
    try:
        for path in (one, other):
            compiled = core.compile_model(path, "CPU", device_settings(core))
            requests.append(compiled.create_infer_request())
        for run in range(RUNS + 1):
            for i, request in enumerate(requests):
                began = time.perf_counter()
                request.infer(given)
                if run:  # the first one makes itself ready for the shape
                    best[i] = min(best[i], time.perf_counter() - began)
    except RuntimeError:  # what the device cannot run, be it told late, it does not run faster
        return False
    return best[0] < GAIN * best[1]


def read_reach(file: Path) -> dict[int, Ends]:
    """Of inflows by number the least and most of each channel."""
    from safetensors.numpy import load_file

    kept = {name: ends.astype(np.float32) for name, ends in load_file(file).items()}
    return {int(name): (low, high) for name, (low, high) in sorted(kept.items())}
