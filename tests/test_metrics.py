"""The metrics against their published examples, other implementations, and what must hold for any input."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from assistant import metrics
from assistant.metrics import Figure

ITEM = st.frozensets(st.integers(0, 4), max_size=2)


def one(items, gold):
    return metrics.retrieval({"q": [frozenset(i) for i in items]}, {"q": gold})["q"]


# Retrieval


def test_the_first_relevant_item_decides_hits_and_reciprocal_rank():
    assert one([[], [], [0]], 1) == {
        "hit_1": 0.0,
        "hit_5": 1.0,
        "mrr_10": pytest.approx(1 / 3),
        "ndcg_10": pytest.approx(0.5),
    }
    assert one([[0]], 1) == dict.fromkeys(("hit_1", "hit_5", "mrr_10", "ndcg_10"), 1.0)
    assert set(one([[]] * 10, 1).values()) == {0.0}
    assert set(one([], 2).values()) == {0.0}
    assert one([[]] * 5 + [[0]], 1)["hit_5"] == 0.0
    assert one([[]] * 10 + [[0]], 1)["mrr_10"] == 0.0


def test_twins_are_one_item_and_what_is_missed_counts():
    both = one([[0, 1]], 2)
    apart = one([[0], [1]], 2)
    missed = one([[0]], 2)
    assert both == apart == dict.fromkeys(both, 1.0)
    assert missed["ndcg_10"] == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_questions_without_gold_sentences_are_left_out():
    assert metrics.retrieval({"q": [frozenset()]}, {"q": 0}) == {}
    assert list(metrics.retrieval({}, {"q": 1})) == ["q"]


@given(st.lists(st.booleans(), min_size=2, max_size=10), st.integers(0, 3))
def test_ndcg_agrees_with_scikit_learn(relevant, missed):
    items = [[i] if good else [] for i, good in enumerate(relevant)]
    gold = {i for [i] in filter(None, items)}
    renumbered = {old: new for new, old in enumerate(sorted(gold))}
    ours = [[renumbered[i] for i in item] for item in items]
    count = len(gold) + missed
    if not count:
        return
    # What was missed stands after the ten that are judged.
    truth = [*map(float, relevant), *[0.0] * (10 - len(relevant)), *[1.0] * missed]
    expected = ndcg_score([truth], [list(range(len(truth), 0, -1))], k=10)
    assert one(ours, count)["ndcg_10"] == pytest.approx(expected)


RANX = """
import json, sys
import ranx
judged, run, names = json.load(sys.stdin)
run = ranx.Run(run)
ranx.evaluate(ranx.Qrels(judged), run, names)
print(json.dumps({name: dict(run.scores[name]) for name in names}))
"""


def test_retrieval_agrees_with_ranx():
    rng = np.random.default_rng(7)
    ranks = {f"q{i}": int(rng.integers(0, 14)) for i in range(40)}  # 10 and more: not found
    found = {
        q: [frozenset([0]) if i == rank else frozenset() for i in range(10)]
        for q, rank in ranks.items()
    }
    ours = metrics.retrieval(found, dict.fromkeys(ranks, 2))
    judged = {q: {"first": 1, "second": 1} for q in ranks}
    run = {
        q: {("first" if i == rank else f"other {i}"): float(10 - i) for i in range(10)}
        for q, rank in ranks.items()
    }
    names = {"hit_1": "hit_rate@1", "hit_5": "hit_rate@5", "mrr_10": "mrr@10", "ndcg_10": "ndcg@10"}
    done = subprocess.run(
        [sys.executable, "-c", RANX],
        input=json.dumps([judged, run, list(names.values())]),
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},  # compiling would take a minute
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    theirs = json.loads(done.stdout.splitlines()[-1])
    for name, their_name in names.items():
        assert {q: ours[q][name] for q in ranks} == pytest.approx(theirs[their_name])


# Short answers


@pytest.mark.parametrize(
    ("answer", "golds", "exact", "f1"),
    [
        ("The Denver Broncos!", ["Denver Broncos"], 1.0, 1.0),
        ("Broncos", ["Denver Broncos", "the broncos"], 1.0, 1.0),
        ("Santa Clara, California", ["Levi's Stadium in Santa Clara"], 0.0, 0.5),
        ("in the 10th century", ["10th century", "the second half of the 10th"], 0.0, 0.8),
        ("France France", ["France"], 0.0, 2 / 3),
        ("", ["France"], 0.0, 0.0),
        ("", [], 1.0, 1.0),
        ("France", [], 0.0, 0.0),
        ("gold", ["gold — standard"], 0.0, 0.5),  # a dash outside ASCII is a word of its own
    ],
)
def test_english_answers_are_compared_as_squad_does(answer, golds, exact, f1):
    assert metrics.exact_match(answer, golds, "en") == exact
    assert metrics.f1(answer, golds, "en") == pytest.approx(f1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rp 1.500.000", "1.500.000"),
        ("Rp1.500.000,00", "1500000"),
        ("Rp. 1.500.000,-", "1.500.000"),
        ("7,5 juta", "7.5 juta"),
        ("pukul 14.30 WIB", "Pukul 14:30 WIB"),
        ("12 %", "12 persen"),
        ("di Moskow", "Moskow"),
        ("pada Desember 2017", "Desember 2017"),
        ("sang menteri", "Menteri itu"),
        ("seorang “diplomat” karier", "diplomat karier"),
        ("Al-Hakim", "al Hakim"),
        ("ﬁlm", "film"),
        ("The National", "National"),
        ("ke\u00adsehatan", "kesehatan"),
    ],
)
def test_indonesian_forms_of_one_answer_are_the_same(one, other):
    assert metrics.exact_match(one, [other], "id") == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("7,5 juta", "75 juta"),
        ("1,5", "1.500"),
        ("dari Moskow", "ke Moskow"),
        ("sejak 2017", "2017"),
        ("tidak hadir", "hadir"),
        ("di", ""),
    ],
)
def test_indonesian_answers_that_differ_stay_different(one, other):
    assert metrics.exact_match(one, [other], "id") == 0.0


@given(st.text(max_size=30), st.sampled_from(["id", "en"]))
def test_f1_and_exact_match_hold_for_any_text(text, language):
    assert metrics.exact_match(text, [text], language) == 1.0
    assert metrics.f1(text, [text], language) == 1.0
    again = metrics.normalised(metrics.normalised(text, "en"), "en")
    assert metrics.f1(text, ["zzz"], language) <= 1.0
    assert " ".join(again.split()) == again


def test_an_answer_is_held_word_by_word():
    assert metrics.holds("Jembatan itu panjangnya 1.412 meter.", "1412 meter")
    assert not metrics.holds("Jembatan panjangnya 1.412 meter.", "12 meter")
    assert not metrics.holds("Jembatan", "")


# Citations


def test_citation_precision_and_recall():
    assert metrics.citation_precision([True, False, False, True]) == 0.5
    assert metrics.citation_precision([]) is None
    assert metrics.citation_recall(frozenset([0, 2]), 4) == 0.5
    assert metrics.citation_recall(frozenset(), 3) == 0.0
    assert metrics.citation_recall(frozenset(), 0) is None


# Knowing when to answer


def test_the_risk_coverage_curve_follows_the_confidence():
    coverage, risk = metrics.risk_coverage([0.9, 0.2, 0.5, 0.7], [False, True, True, False])
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0, 0, 1 / 3, 1 / 2])
    assert metrics.aurc([0.9, 0.2, 0.5, 0.7], [False, True, True, False]) == pytest.approx(5 / 24)
    assert metrics.aurc([], []) is None


def test_equal_confidence_gives_no_order():
    wrong = [True, False, False, True]
    assert metrics.aurc([0.5] * 4, wrong) == metrics.aurc([0.5] * 4, wrong[::-1]) == 0.5


@given(st.lists(st.tuples(st.integers(0, 99), st.booleans()), min_size=1, max_size=20))
def test_no_confidence_orders_errors_better_than_knowing_them(answers):
    sure = [c / 100 for c, _ in answers]
    wrong = [w for _, w in answers]
    best = metrics.aurc([float(not w) for w in wrong], wrong)
    worst = metrics.aurc([float(w) for w in wrong], wrong)
    assert best is not None
    assert worst is not None
    assert best - 1e-12 <= (metrics.aurc(sure, wrong) or 0.0) <= worst + 1e-12


def test_calibration_error_by_hand():
    sure, right = [0.95, 0.85, 0.85, 0.2, 1.0], [True, True, False, False, True]
    # bins: .8 to .9 two, mean .85, half right; .9 to 1 two, mean .975, all right; .2 one, wrong
    expected = (2 * 0.35 + 2 * 0.025 + 1 * 0.2) / 5
    assert metrics.calibration_error(sure, right) == pytest.approx(expected)
    assert [b.count for b in metrics.calibration(sure, right)] == [1, 2, 2]
    assert metrics.calibration_error([], []) is None


def test_what_chance_makes_of_a_perfect_confidence_by_hand():
    # Two questions in one bin, right half of the time each: both or none of four times, else one.
    assert metrics.calibration_by_chance([0.5, 0.5]) == pytest.approx(0.25, abs=0.02)
    assert metrics.calibration_by_chance([0.0, 1.0]) == 0
    assert metrics.calibration_by_chance([]) is None


def test_chance_leaves_less_of_it_the_more_questions_there_are():
    sure = np.random.default_rng(7).random(3000).tolist()
    few, many = (metrics.calibration_by_chance(sure[:n]) or 0.0 for n in (30, 3000))
    assert few > 5 * many > 0


# How sure a figure is


def test_the_mean_and_its_interval_agree_with_scipy():
    from scipy.stats import bootstrap

    values = np.random.default_rng(3).random(200).round(3).tolist()
    ours = metrics.mean_figure(values, metrics.resamples(range(200)))
    theirs = bootstrap(
        (values,), np.mean, method="percentile", n_resamples=5000, rng=np.random.default_rng(1)
    ).confidence_interval
    assert ours.value == pytest.approx(np.mean(values))
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.006)


def test_what_is_not_known_is_left_out_of_a_mean():
    drawn = metrics.resamples(range(4))
    assert metrics.mean_figure([None, 1.0, None, 0.0], drawn).value == 0.5
    assert metrics.mean_figure([None, 1.0, None, 0.0], drawn).count == 2
    assert metrics.mean_figure([None] * 4, drawn) == Figure(None, 0)


def test_a_conversation_is_drawn_whole():
    drawn = metrics.resamples(["a", "b", "a", "c", "c", "c"])
    assert np.array_equal(drawn[:, 0], drawn[:, 2])
    assert np.array_equal(drawn[:, 3], drawn[:, 5])
    assert not np.array_equal(drawn[:, 0], drawn[:, 1])


def test_follow_ups_make_an_interval_wider_than_as_many_questions_of_their_own():
    values = [1.0] * 20 + [0.0] * 20
    apart = metrics.mean_figure(values, metrics.resamples(range(40)))
    together = metrics.mean_figure(values, metrics.resamples([i // 4 for i in range(40)]))
    assert apart.low is not None
    assert together.low is not None
    assert together.low < apart.low


def test_areas_of_resamples_are_those_of_the_questions_written_out():
    rng = np.random.default_rng(5)
    sure, wrong = rng.random(12).tolist(), (rng.random(12) < 0.4).tolist()
    drawn = metrics.resamples([i // 2 for i in range(12)], 20)
    order, errors = metrics._by_confidence(sure, wrong)
    areas = metrics._areas(errors, drawn[:, order])
    for row, area in zip(drawn.astype(int), areas, strict=True):
        times = row.tolist()
        many = [(c, w) for c, w, n in zip(sure, wrong, times, strict=True) for _ in range(n)]
        assert metrics.aurc([c for c, _ in many], [w for _, w in many]) == pytest.approx(area)


def test_calibration_errors_of_resamples_hold_their_own_value():
    rng = np.random.default_rng(6)
    sure = rng.random(300).tolist()
    right = [bool(rng.random() < c) for c in sure]
    found = metrics.calibration_figure(sure, right, metrics.resamples(range(300)))
    assert found.value == pytest.approx(metrics.calibration_error(sure, right))
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.high < 0.2


def test_percentiles_lie_between_neighbours():
    assert metrics.percentile([1.0, 2.0, 3.0, 4.0], 50) == 2.5
    assert metrics.percentile([], 50) is None
