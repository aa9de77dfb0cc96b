"""Fit the order of what was read and the confidence in the first of it, and say how good they are.

    python training/confidence.py DATA NEWS [--questions 800] [--curve N] [--seed 1]

DATA is a folder with `reading-valid.jsonl.gz` (see README.md), NEWS a JSONL file (gzip) of articles. The
Indonesian validation passages and 250 news articles are indexed as a folder of articles is; a quarter of the
passages is left out, so that their questions have no answer there, as the data's own unanswerable ones have
none. Each question is searched and read as Kutip does. The reader has seen none of the passages.

What is printed goes into assistant/confidence.py. Weights are fitted in two halves by passage, each judged on
the other; those printed are of the whole. The thresholds are chosen by the share of answerable questions
that they refuse.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.assistant import EVIDENCE
from assistant.confidence import LEAST, SEARCH, TRAITS, traits
from assistant.language import Language
from assistant.reader import AROUND, Reader, passages_of
from assistant.records import Finding
from assistant.settings import Settings
from assistant.trace import Trace
from index.index import Index

Row = dict[str, Any]
Floats = NDArray[np.float64]

LEFT_OUT = 1 / 4
NEWS = 250
WEIGHTS = (
    0.1,
    0.2,
    0.3,
    0.4,
    0.5,
    0.65,
    0.8,
    1.0,
    1.3,
    1.7,
    2.2,
    3.0,
)  # of the reader in the order
REFUSED = {"cautious": 0.16, "balanced": 0.10, "eager": 0.05}  # of the answerable questions


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what was found for it, and which of that holds its answer."""

    source: str
    language: Language
    passage: int
    answerable: bool
    findings: tuple[Finding, ...]
    gold: tuple[bool, ...]

    def ordered(self, weight: float) -> tuple[list[Finding], list[bool]]:
        """Findings with the reader's say in the order at `weight`, and whether each is right."""
        scored = [
            Finding(
                f.evidence,
                f.spans,
                weight * max(f.mass, LEAST) + SEARCH * f.evidence.score,
                f.mass,
            )
            for f in self.findings
        ]
        order = sorted(range(len(scored)), key=lambda i: -scored[i].score)
        return [scored[i] for i in order], [self.gold[i] for i in order]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("news", type=Path)
    arguments.add_argument("--questions", type=int, default=800)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--curve", type=int, default=0, help="questions to try other numbers of candidates on"
    )
    told = arguments.parse_args()
    random.seed(told.seed)
    rows = [r for r in load(told.data / "reading-valid.jsonl.gz") if r["context_language"] == "id"]
    news = [row["text"] for row in random.sample(load(told.news), NEWS)]
    with searched(rows, news, told.questions) as (index, reader, questions):
        cases = [case(index, reader, row, place) for place, row in questions]
        weight = fit_order(cases)
        fit_confidence(cases, weight)
        if told.curve:
            curve(index, reader, questions[: told.curve], weight)


def load(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@contextmanager
def searched(
    rows: list[Row], news: list[str], most: int, left_out: float = LEFT_OUT
) -> Iterator[tuple[Index, Reader, list[tuple[int, Row]]]]:
    """An index of the questions' passages and of news; each question with its passage's number.

    The first passages are left out of the index: no file has their number.
    """
    by_context = defaultdict(list)
    for row in rows:
        by_context[row["context"]].append(row)
    contexts = list(by_context)
    random.shuffle(contexts)
    absent = int(len(contexts) * left_out)
    settings = Settings.load()
    reader = Reader.load(settings.cache, print)
    with tempfile.TemporaryDirectory(prefix="kutip-confidence-") as work:
        folder = Path(work) / "articles"
        folder.mkdir()
        for i, text in enumerate([*contexts[absent:], *news], absent):
            (folder / f"{i}.txt").write_bytes(text.encode())
        questions = [(i, row) for i, context in enumerate(contexts) for row in by_context[context]]
        with Index(settings.place(folder, Path(work) / "index")) as index:
            index.synchronise()
            yield index, reader, random.sample(questions, min(most, len(questions)))


def case(
    index: Index,
    reader: Reader,
    row: Row,
    passage: int,
    count: int = EVIDENCE,
    around: int = AROUND,
    trace: Trace | None = None,
) -> Case:
    """Search and read for a question; `passage` is the number of its file, if that is there."""
    found = index.search(row["question"], count)
    marked = reader.mark(row["question"], passages_of(found, around), trace)
    starts = [answer["start"] for answer in row["answers"]]
    return Case(
        source=row["source"],
        language=row["question_language"],
        passage=passage,
        answerable=(index.place.articles / f"{passage}.txt").exists() and bool(starts),
        findings=tuple(
            Finding(e, own.spans, 0.0, own.mass) for e in found for own in [marked[e.sentence]]
        ),
        gold=tuple(
            e.sentence.file == f"{passage}.txt"
            and any(e.sentence.start <= s < e.sentence.end for s in starts)
            for e in found
        ),
    )


def curve(
    index: Index, reader: Reader, questions: Sequence[tuple[int, Row]], weight: float
) -> None:
    """What more candidates and longer passages bring, and what they cost."""
    for around in (0, 1, 2):
        for count in (3, 5, 8, 10, 12, 16):
            trace = Trace()
            began = time.perf_counter()
            cases = [
                case(index, reader, row, place, count, around, trace) for place, row in questions
            ]
            spent = (time.perf_counter() - began) / len(questions)
            firsts = [c.ordered(weight)[1][0] for c in cases if c.answerable]
            print(
                f"{count:3d} candidates, {around} sentences around: first {np.mean(firsts):.3f}, "
                f"{trace.tokens / len(questions):5.0f} tokens, {1000 * spent:4.0f} ms"
            )


def fit_order(cases: Sequence[Case]) -> float:
    """The reader's weight that puts most right sentences first."""
    answerable = [c for c in cases if c.answerable]
    firsts = {w: np.array([c.ordered(w)[1][0] for c in answerable], float) for w in (0.0, *WEIGHTS)}
    half = np.array([c.passage % 2 for c in answerable])
    judged = np.zeros(len(answerable))
    for side in (0, 1):
        own, other = half == side, half != side
        chosen = max(WEIGHTS, key=lambda w: firsts[w][other].mean())
        judged[own] = firsts[chosen][own]
    among = np.mean([any(c.gold) for c in answerable])
    print(f"{len(answerable)} answerable; the right sentence among {EVIDENCE}: {among:.3f}")
    print("first, by the reader's weight: ", end="")
    print(", ".join(f"{w:g}: {found.mean():.3f}" for w, found in firsts.items()))
    print(f"first, weight chosen on the other half: {judged.mean():.3f}")
    for source in sorted({c.source for c in answerable}):
        own = np.array([c.source == source for c in answerable])
        print(f"  {source:16s} n={own.sum():4d} {judged[own].mean():.3f}")
    return max(WEIGHTS, key=lambda w: firsts[w].mean())


def fit_confidence(cases: Sequence[Case], weight: float) -> None:
    """A logistic regression of "the first one is right" on `traits`."""
    cases = [c for c in cases if c.findings]
    ordered = [c.ordered(weight) for c in cases]
    x = np.array([traits(f, c.language) for (f, _), c in zip(ordered, cases, strict=True)])
    y = np.array([c.answerable and gold[0] for (_, gold), c in zip(ordered, cases, strict=True)])
    answerable = np.array([c.answerable for c in cases])
    half = np.array([c.passage % 2 for c in cases])
    chance = np.zeros(len(cases))
    for side in (0, 1):
        model = regression().fit(x[half != side], y[half != side])
        chance[half == side] = model.predict_proba(x[half == side])[:, 1]
    print(f"confidence: AUROC right or wrong {roc_auc_score(y, chance):.3f}, ", end="")
    print(f"answerable or not {roc_auc_score(answerable, chance):.3f}")
    print(f"  calibration error {calibration_error(chance, y):.3f}")
    final = regression().fit(x, y)
    known = final.predict_proba(x)[:, 1]
    for name, share in REFUSED.items():
        threshold = float(np.quantile(known[answerable], share))
        refused = (chance[answerable] < threshold).mean()
        answered = (chance[~answerable] >= threshold).mean()
        print(f"  {name} {threshold:.3f}: {refused:.2f} of answerable refused, ", end="")
        print(f"{answered:.2f} of unanswerable answered")
    print(f"READER, SEARCH = {weight}, {SEARCH}")
    print("TRAITS =", dict(zip(TRAITS, final.coef_[0].round(4).tolist(), strict=True)))
    print("BASE =", round(float(final.intercept_[0]), 4))


def regression() -> LogisticRegression:
    return LogisticRegression(C=10.0, max_iter=2000)


def calibration_error(chance: Floats, right: NDArray[np.bool_]) -> float:
    bins = np.minimum((chance * 10).astype(int), 9)
    return float(
        sum(
            abs(chance[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
            for b in range(10)
            if (bins == b).any()
        )
    )


if __name__ == "__main__":
    main()
