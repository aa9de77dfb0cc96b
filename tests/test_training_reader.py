"""What the reader is taught by: see `training/reader.py`."""

import importlib.util
import math
import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))
from lessons import Example, Window

SCRIPT = Path(__file__).parents[1] / "training" / "reader.py"


@pytest.fixture(scope="module")
def training():
    spec = importlib.util.spec_from_file_location("training_reader", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Marks(torch.nn.Module):
    """Stands in for the model: marks each token by its id, so that a loss can be worked out by hand."""

    def __init__(self, logits):
        super().__init__()
        self.logits = logits  # (ids, 2)

    def forward(self, ids, mask):
        return self.logits[ids]


def test_a_sentence_weighs_what_all_of_its_spans_weigh(training):
    scores = torch.randn(7, 2, generator=torch.Generator().manual_seed(1))
    masses, held = training.sentence_masses(scores, Window([*range(7)], [(4, 5)], [0, 3]))
    for (first, after), mass in zip([(0, 3), (3, 7)], masses.tolist(), strict=True):
        spans = [(a, b) for a in range(first, after) for b in range(a, after)]
        whole = sum(math.exp(scores[a, 0] + scores[b, 1]) for a, b in spans)
        assert mass == pytest.approx(math.log(whole), abs=1e-5)
    assert held.tolist() == [False, True]


def test_spans_that_are_too_long_do_not_count(training):
    scores = torch.zeros(training.LONGEST_SPAN + 1, 2)
    [mass], _ = training.sentence_masses(scores, Window([*range(len(scores))], [], [0]))
    count = len(scores) * (len(scores) + 1) // 2 - 1  # all but the one from first to last
    assert float(mass) == pytest.approx(math.log(count), abs=1e-4)


def test_the_loss_is_that_of_the_span_and_of_its_sentence(training):
    logits = torch.zeros(10, 2)
    logits[5] = torch.tensor([2.0, 1.0])  # the answer, alone in its sentence
    [own] = [Window([5, 6, 7], [(0, 0)], [0, 1])]
    other = Window([8, 9], [], [0])
    model = Marks(logits).eval()
    loss = training.loss_of(model, [Example([4], [own, other])])
    start, end = (
        math.log(math.exp(x) + 5) - x for x in (2.0, 1.0)
    )  # four tokens and nothing beside it
    within = (
        math.log(math.exp(3.0) + 3 + 3 + 1) - 3.0
    )  # three spans in each other sentence, and nothing
    assert loss.item() == pytest.approx((start + end) / 2 + training.SENTENCE * within, abs=1e-5)


def test_where_nothing_is_there_all_that_is_marked_is_lost(training):
    logits = torch.zeros(10, 2)
    model = Marks(logits).eval()
    loss = training.loss_of(model, [Example([4], [Window([8, 9], [], [0])])])
    assert loss.item() == pytest.approx(math.log(3) + training.SENTENCE * math.log(4), abs=1e-5)


def test_nothing_is_marked_in_an_opening(training):
    logits = torch.zeros(10, 2)
    logits[5] = torch.tensor([2.0, 1.0])
    logits[9] = torch.tensor([9.0, 9.0])  # in the opening
    model = Marks(logits).eval()
    bare = Example([4], [Window([5, 6, 7], [(0, 0)], [0, 1])])
    opened = Example([4], [Window([5, 6, 7], [(0, 0)], [0, 1], opening=[8, 9])])
    assert training.loss_of(model, [opened]).item() == pytest.approx(
        training.loss_of(model, [bare]).item(), abs=1e-5
    )
    assert training.size([opened]) == training.size([bare]) + 2


def test_a_twin_costs_its_own_loss_and_what_it_weighs_beside_the_question(training):
    logits = torch.zeros(10, 2)
    logits[5] = torch.tensor([2.0, 1.0])
    model = Marks(logits).eval()
    window = Window([5, 6], [(0, 0)], [0, 1])
    one, twin = Example([4], [window]), Example([4], [Window([5, 6], [], [0, 1])])
    apart = training.loss_of(model, [one]) + training.loss_of(model, [twin])
    both = training.loss_of(model, [Example([4], [window], twin=[4])])
    more = (
        math.log(math.exp(3.0) + 1) - 3.0
    )  # both sentences weigh for the twin, one for the question
    expected = apart.item() + training.TWIN * math.log1p(math.exp(more))
    assert both.item() == pytest.approx(expected, abs=1e-5)
    assert training.questions([one, Example([4], [window], twin=[4])]) == 3
