"""Is today better than yesterday, and good enough: two runs question by question, and floors."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from assistant import figures, metrics
from assistant.figures import MEASURES, Scores, Table
from assistant.metrics import Figure
from assistant.questions import Kind
from assistant.run import Outcome, Run
from index.errors import KutipError

COMPARED = (
    "right", "hit_1", "hit_5", "mrr_10", "ndcg_10", "exact_match", "f1", "answer_cited",
    "citation_precision", "citation_recall", "hallucination_rate", "error_rate",
)  # fmt: skip
SURE = 0.05  # a smaller p-value is called a difference


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in two runs, over the questions where it applies in both.

    `won` and `lost` count the questions that got better and worse. `difference` is the mean of new less
    old, with its interval. `p` is the chance of a difference as large as this if the two runs were
    equally good.
    """

    won: int
    lost: int
    unchanged: int
    old: float
    new: float
    difference: Figure
    p: float

    @property
    def sure(self) -> bool:
        """Whether chance alone would seldom make such a difference."""
        return self.p < SURE


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the `count` questions that both were asked.

    `changes` has the figures that apply to any of them, by name; `verdicts` the older run's verdict and the
    newer one's by question id; `besides` what else differs, as (old, new): the number of "questions", the
    number of "articles", the "encoder".
    """

    count: int
    changes: dict[str, Change]
    verdicts: dict[str, tuple[str, str]]
    besides: dict[str, tuple[str, str]]


def compare(old: Run, new: Run) -> Comparison:
    """Compare two runs over the questions that they have in common, word for word and gold for gold.

    Raises `KutipError` when they have none.
    """
    before = {o.id: o for o in old.outcomes}
    pairs = [(before[o.id], o) for o in new.outcomes if o.id in before and _same(before[o.id], o)]
    if not pairs:
        raise KutipError(
            f"the baseline was made with other questions ({old.questions}, {len(old.outcomes)} of "
            f"them) than these ({new.questions}, {len(new.outcomes)}): no question is in both"
        )
    was, now = figures.score([o for o, _ in pairs]), figures.score([n for _, n in pairs])
    chains = {n.id: n.chain for _, n in pairs}
    changes = {name: _change(name, was, now, chains) for name in COMPARED}
    return Comparison(
        count=len(pairs),
        changes={name: change for name, change in changes.items() if change},
        verdicts={n.id: (o.verdict, n.verdict) for o, n in pairs},
        besides=_besides(old, new, len(pairs)),
    )


def _same(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes are of the same question, and right in the same way."""
    wanted = [
        (o.question, o.answers, {(g.file, g.text) for g in o.gold}, o.follows) for o in (one, other)
    ]
    return wanted[0] == wanted[1]


def _besides(old: Run, new: Run, common: int) -> dict[str, tuple[str, str]]:
    asked = (str(len(old.outcomes)), str(len(new.outcomes)))
    kept = {} if set(asked) == {str(common)} else {"questions": asked}
    both = {"articles": (str(old.files), str(new.files)), "encoder": (old.encoder, new.encoder)}
    return kept | {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def _change(
    name: str, was: Mapping[str, Scores], now: Mapping[str, Scores], chains: Mapping[str, str]
) -> Change | None:
    """One figure's change; None where it applies to no question in both runs."""
    known: dict[str, tuple[float, float]] = {}
    for id in now:
        old, new = was[id][name], now[id][name]
        if old is not None and new is not None:
            known[id] = old, new
    if not known:
        return None
    gains = {id: new - old for id, (old, new) in known.items()}
    sign = 1 if MEASURES[name].better == "more" else -1
    won = sum(sign * gain > 0 for gain in gains.values())
    lost = sum(sign * gain < 0 for gain in gains.values())
    talks = [chains[id] for id in gains]
    return Change(
        won=won,
        lost=lost,
        unchanged=len(gains) - won - lost,
        old=float(np.mean([old for old, _ in known.values()])),
        new=float(np.mean([new for _, new in known.values()])),
        difference=metrics.mean_figure(list(gains.values()), metrics.resamples(talks)),
        p=paired_test(list(gains.values()), talks),
    )


def paired_test(gains: Sequence[float], chains: Sequence[str]) -> float:
    """How often chance alone makes a mean difference at least as large, either way (a p-value).

    The paired permutation test (Fisher, 1935; for retrieval Smucker, Allan and Carterette, CIKM 2007): if
    the runs were equally good, each difference might as well have the other sign. Whole conversations
    change sign, since a follow-up shares the luck of the question before it. Of questions that stand alone
    and are right or wrong it is McNemar's exact test. Exact up to 13 conversations that differ, else from
    9,999 random signs.
    """
    from scipy.stats import permutation_test

    sums: dict[str, float] = {}
    for gain, chain in zip(gains, chains, strict=True):
        sums[chain] = sums.get(chain, 0.0) + gain
    moved = np.array([total for total in sums.values() if abs(total) > 1e-12])
    if len(moved) < 2:  # of one, the other sign is as large
        return 1.0
    found = permutation_test(
        (moved, np.zeros_like(moved)),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=9999,
        rng=np.random.default_rng(metrics.SEED),
    )
    return float(found.pvalue)


@dataclass(frozen=True, slots=True)
class Floor:
    """The worst that a figure of a group may be: the least, or the most where less is better."""

    group: str
    name: str
    bound: float


GROUPS = frozenset(
    [
        *(figures.ALL, "language id", "language en", "answerable", "unanswerable"),
        *("follow-up", "no follow-up"),
        *(f"kind {kind}" for kind in get_args(Kind)),
    ]
)


def load_floors(path: Path) -> list[Floor]:
    """The floors in a TOML file: a table a group, in it figures with their bounds.

        [all]
        right = 0.48                # at least
        hallucination_rate = 0.85   # at most, since less is better

        [language.en]
        hit_1 = 0.50

    Raises `KutipError` naming what is no figure, no group or no number.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise KutipError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # no TOML, or no UTF-8
        raise KutipError(f"{path}: is not TOML: {error}") from error
    floors = list(_floors(path, (), tables))
    if not floors:
        raise KutipError(f"{path}: names no floor; write for example [all] and right = 0.5")
    return floors


def _floors(path: Path, inside: tuple[str, ...], table: dict[str, Any]) -> Iterator[Floor]:
    group = " ".join(inside)
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _floors(path, (*inside, name), value)
        elif group not in GROUPS:
            where = f"[{group}]" if group else "the file, outside a table such as [all]"
            known = ", ".join(sorted(GROUPS))
            raise KutipError(f"{path}: {name} stands in {where}; the groups are {known}")
        elif name not in MEASURES:
            known = ", ".join(MEASURES)
            raise KutipError(f"{path}: [{group}] {name} is no figure; there are {known}")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise KutipError(f"{path}: [{group}] {name} is {value!r}, not a number")
        else:
            yield Floor(group, name, float(value))


def below(table: Table, floors: Sequence[Floor]) -> list[str]:
    """A line for each figure that is worse than its floor, or that the run does not have."""
    return [line for floor in floors if (line := _below(table, floor))]


def _below(table: Table, floor: Floor) -> str:
    value = table[floor.group][floor.name].value if floor.group in table else None
    if value is None:
        return f"{floor.group}: {floor.name} is not known: no question to measure it on"
    more = MEASURES[floor.name].better == "more"
    if value >= floor.bound if more else value <= floor.bound:
        return ""
    side = "below" if more else "above"
    return f"{floor.group}: {floor.name} is {value:.4g}, {side} {floor.bound:.4g}"
