"""Eight-bit arithmetic: a model in eight bits gives what it gave, and is taken only where it is faster."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from transformers import BertConfig, BertModel

from assistant import reader_model
from index import eight_bit
from index.building import quiet, save_openvino
from index.eight_bit import inflows, put_if_faster, quantise, read_reach
from index.engine import silent_openvino
from index.errors import KutipError

HIDDEN, LAYERS = 32, 2
INFLOWS = (
    4 * LAYERS
)  # of query, key and value; of what joins the heads; of the wide and the narrow layer
SCRIPT = Path(__file__).parents[1] / "training" / "eight_bit.py"


@pytest.fixture(scope="module")
def training():
    spec = importlib.util.spec_from_file_location("training_eight_bit", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Model(torch.nn.Module):
    """A BERT with random weights, one channel of which reaches far, as in taught ones; two marks a token."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.bert = BertModel(
            BertConfig(
                vocab_size=10,
                hidden_size=HIDDEN,
                num_hidden_layers=LAYERS,
                num_attention_heads=2,
                intermediate_size=4 * HIDDEN,
                attn_implementation="eager",
            ),
            add_pooling_layer=False,
        )
        self.head = torch.nn.Linear(HIDDEN, 2)
        with torch.no_grad():
            for layer in self.bert.encoder.layer:
                layer.output.LayerNorm.weight[3] = 30.0

    def forward(self, inputs_embeds, attention_mask):
        return self.head(self.bert(inputs_embeds=inputs_embeds, attention_mask=attention_mask)[0])


@pytest.fixture(scope="module")
def words():
    generator = np.random.default_rng(1)
    return [generator.normal(size=(1, n, HIDDEN)).astype(np.float16) for n in (5, 12, 30, 9)]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("plain") / "model.xml"
    with quiet():
        save_openvino(Model(), HIDDEN, path)
    return path


@pytest.fixture(scope="module")
def reach(training, saved, words):
    return dict(enumerate(training.reached(saved, words)))


@pytest.fixture
def folder(tmp_path, saved, reach):
    """A saved model and its reach, to be changed."""
    for suffix in (".xml", ".bin"):
        (tmp_path / f"model{suffix}").write_bytes(saved.with_suffix(suffix).read_bytes())
    save_file({f"{n:02}": np.stack(ends) for n, ends in reach.items()}, tmp_path / "reach")
    return tmp_path


def bytes_in(path):
    """How many layers have weights of eight bits."""
    operations = silent_openvino().Core().read_model(path).get_ops()
    kinds = [(o.get_type_name(), o.get_output_element_type(0).get_type_name()) for o in operations]
    return sum(kind == ("Constant", "i8") for kind in kinds)


def test_the_marks_stay_nearly_the_same(training, saved, reach, words):
    exact = training.marks(saved, {}, words)
    spread = np.std(np.concatenate(exact))
    assert 0 < training.apart(exact, training.marks(saved, reach, words)) < 0.1 * spread


def test_a_channel_that_reaches_far_is_narrowed_most(saved, reach):
    inflow = inflows(silent_openvino().Core().read_model(saved))[4]
    far = np.maximum(-reach[4][0], reach[4][1])
    narrowing = eight_bit._narrowing(inflow, *reach[4])
    assert far.argmax() == narrowing.argmax() == 3
    assert (far / narrowing).max() / np.median(far / narrowing) < far.max() / np.median(far) / 3
    assert np.isclose(np.log(narrowing).mean(), 0, atol=1e-5)


def test_what_is_left_out_stays_as_it_is(saved, reach):
    model = silent_openvino().Core().read_model(saved)
    assert len(inflows(model)) == INFLOWS
    quantise(model, {number: ends for number, ends in reach.items() if number != 3})
    assert len(inflows(model)) == 1  # the others' weights are no longer plain


@pytest.mark.parametrize("faster", [True, False])
def test_the_faster_one_is_kept(folder, saved, monkeypatch, faster):
    monkeypatch.setattr(eight_bit, "_is_faster", lambda *_: faster)
    assert put_if_faster(folder / "model.xml", HIDDEN, folder / "reach") is faster
    assert {file.name for file in folder.iterdir()} == {"model.xml", "model.bin", "reach"}
    same = (folder / "model.bin").read_bytes() == saved.with_suffix(".bin").read_bytes()
    assert same is not faster
    assert bytes_in(folder / "model.xml") == (6 * LAYERS if faster else 0)


def test_both_are_run_to_see_which_is_faster(folder, saved, monkeypatch):
    monkeypatch.setattr(eight_bit, "GAIN", 1e9)
    assert put_if_faster(folder / "model.xml", HIDDEN, folder / "reach")
    monkeypatch.setattr(eight_bit, "GAIN", 0.0)
    assert not eight_bit._is_faster(folder / "model.xml", saved, HIDDEN)


def test_what_cannot_be_run_is_not_faster(folder, saved):
    (folder / "model.xml").write_text("<net/>")
    assert not eight_bit._is_faster(folder / "model.xml", saved, HIDDEN)


def test_what_fails_only_when_it_runs_is_not_faster(saved):
    assert not eight_bit._is_faster(saved, saved, HIDDEN + 1)


@pytest.mark.parametrize("change", ["number", "channels"])
def test_the_reach_of_other_weights_is_refused(folder, change):
    kept = load_file(folder / "reach")
    if change == "number":
        kept["99"] = kept["00"]
    else:
        kept["00"] = kept["00"][:, :-1]
    save_file(kept, folder / "reach")
    with pytest.raises(KutipError, match=r"reach is not for the weights beside it"):
        put_if_faster(folder / "model.xml", HIDDEN, folder / "reach")


def test_the_reader_has_a_reach_for_all_but_three(cache):
    """Three inflows that cost most in eight bits stay as they are."""
    assert len(read_reach(reader_model.REACH)) == 12 * 4 - 3
