"""Fit the order of what was read and the confidence in the first of it, and say how good they are.

    python training/confidence.py DATA NEWS [--questions 1200] [--curve N] [--seed 1]

DATA is a folder with `reading-valid.jsonl.gz` (see README.md), NEWS a JSONL file (gzip) of articles. Each
question is searched and read as Kutip does, in folders of two kinds. The large one holds the Indonesian
validation passages, the articles that validation questions were written on, and 250 others; half of its
questions are on the news. The small ones hold thirty of those articles each: there fewer sentences come near
by chance, and the same score means more. A quarter of the passages is left out, so that their questions have
no answer there, as the data's own unanswerable ones have none. The reader has seen none of the questions nor
their passages; most of the others it has.

What is printed goes into assistant/confidence.py; first comes how good what stands there is. Weights are
fitted in two halves by passage, each judged on the other; those printed are of the whole. The thresholds
are chosen by the share of answerable questions that they refuse.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from written import is_held_out
from written import rows as written

from assistant import confidence
from assistant.assistant import EVIDENCE
from assistant.confidence import LEAST, TRAITS, Caution, judge, traits
from assistant.language import Language
from assistant.read import found
from assistant.reader import AROUND, Reader, stretches
from assistant.records import Finding, Marked
from assistant.settings import Settings
from assistant.trace import Trace
from index.index import Index
from index.records import Evidence

Row = dict[str, Any]
Floats = NDArray[np.float64]

LEFT_OUT = 1 / 4
NEWS = 250  # articles that no validation question is about, in the large folder
SMALL = 40  # articles of a small folder, those left out included
MOSTS = (3.0, 5.0, 8.0, 15.0)  # of a mass in the order: beyond it a sentence is no likelier
REFUSED = {"cautious": 0.20, "balanced": 0.12, "eager": 0.08}  # of the answerable questions


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what was found and read for it, and which of that holds its answer."""

    source: str
    folder: str  # "large" or "small"
    half: int  # 0 or 1, by the passage
    question: str
    language: Language
    answerable: bool
    evidence: tuple[Evidence, ...]
    marked: tuple[Marked, ...]
    gold: tuple[bool, ...]

    def findings(self) -> list[Finding]:
        """In the order of search."""
        return [found(self.question, e, m) for e, m in zip(self.evidence, self.marked, strict=True)]

    def ordered(self) -> tuple[list[Finding], list[bool]]:
        """Findings in their order, and whether each is right."""
        found = self.findings()
        order = sorted(range(len(found)), key=lambda i: -found[i].score)
        return [found[i] for i in order], [self.gold[i] for i in order]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("news", type=Path)
    arguments.add_argument("--questions", type=int, default=1200)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--curve", type=int, default=0, help="questions to try other numbers of candidates on"
    )
    told = arguments.parse_args()
    random.seed(told.seed)
    rows = [r for r in load(told.data / "reading-valid.jsonl.gz") if r["context_language"] == "id"]
    about = written(told.news, validation=True)
    rows += random.sample(about, min(len(about), len(rows)))
    others = [r["text"] for r in load(told.news) if not is_held_out(r["id"])]
    news = random.sample(others, NEWS)
    with searched(rows, news, told.questions) as (index, reader, questions):
        if told.curve:
            curve(index, reader, questions[: told.curve])
        cases = [case(index, reader, row, place) for place, row in questions]
    articles = list({row["context"]: None for row in about})
    for first in range(0, len(articles), SMALL):
        some = set(articles[first : first + SMALL])
        own = [row for row in about if row["context"] in some]
        share = round(told.questions / 2 * len(some) / len(articles))
        with searched(own, [], share) as (index, reader, questions):
            cases += [case(index, reader, row, place, folder="small") for place, row in questions]
    as_shipped(cases)
    fit_order(cases)
    fit_confidence(cases)


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
    folder: str = "large",
) -> Case:
    """Search and read for a question; `passage` is the number of its file, if that is there."""
    found = index.search(row["question"], count)
    marked = reader.mark(row["question"], stretches(found, around), trace)
    starts = [answer["start"] for answer in row["answers"]]
    return Case(
        source=row["source"],
        folder=folder,
        half=zlib.crc32(row["context"].encode()) % 2,
        question=row["question"],
        language=row["question_language"],
        answerable=(index.place.articles / f"{passage}.txt").exists() and bool(starts),
        evidence=tuple(found),
        marked=tuple(marked[e.sentence] for e in found),
        gold=tuple(
            e.sentence.file == f"{passage}.txt"
            and any(e.sentence.start <= s < e.sentence.end for s in starts)
            for e in found
        ),
    )


def curve(index: Index, reader: Reader, questions: Sequence[tuple[int, Row]]) -> None:
    """What more candidates and longer passages bring, and what they cost."""
    for around in (0, 1, 2):
        for count in (3, 5, 8, 10, 12, 16):
            trace = Trace()
            began = time.perf_counter()
            cases = [
                case(index, reader, row, place, count, around, trace) for place, row in questions
            ]
            spent = (time.perf_counter() - began) / len(questions)
            firsts = [c.ordered()[1][0] for c in cases if c.answerable]
            print(
                f"{count:3d} candidates, {around} sentences around: first {np.mean(firsts):.3f}, "
                f"{trace.tokens / len(questions):5.0f} tokens, {1000 * spent:4.0f} ms"
            )


def as_shipped(cases: Sequence[Case]) -> None:
    """How good the weights and thresholds are that assistant/confidence.py has now."""
    found = [(case, *case.ordered()) for case in cases if case.evidence]
    right = np.array([case.answerable and gold[0] for case, _, gold in found])
    answerable = np.array([case.answerable for case, _, _ in found])
    chance = np.array([judge(findings, case.language) for case, findings, _ in found])
    print(
        f"as shipped: right sentence first {right[answerable].mean():.3f}; confidence: AUROC ",
        end="",
    )
    print(f"right or wrong {roc_auc_score(right, chance):.3f}, ", end="")
    print(f"answerable or not {roc_auc_score(answerable, chance):.3f}, ", end="")
    print(f"calibration error {calibration_error(chance, right):.3f}")
    for caution in Caution:
        refused = (chance[answerable] < caution.threshold).mean()
        answered = (chance[~answerable] >= caution.threshold).mean()
        print(f"  {caution} {caution.threshold:.3f}: {refused:.2f} of answerable refused, ", end="")
        print(f"{answered:.2f} of unanswerable answered")


def fit_order(cases: Sequence[Case]) -> None:
    """Weights under which the right sentences come first: a softmax over what was found."""
    answerable = [c for c in cases if c.answerable]
    half = np.array([c.half for c in answerable])
    before = np.array([c.gold[0] for c in answerable])
    judged, lost = {}, {}
    for most in MOSTS:
        confidence.MOST = most
        tables = [clues(c) for c in answerable]
        judged[most] = np.zeros(len(answerable))
        lost[most] = 0.0
        for side in (0, 1):
            held = np.array([any(c.gold) for c in answerable])
            others, own = (np.flatnonzero(held & (half == s)) for s in (1 - side, side))
            weights = softmax([tables[i] for i in others], [answerable[i].gold for i in others])
            rows = [tables[i] for i in own], [answerable[i].gold for i in own]
            lost[most] += loss(weights, *rows) / 2
            for i in np.flatnonzero(half == side):
                judged[most][i] = answerable[i].gold[int(np.argmax(tables[i] @ weights))]
    confidence.MOST = min(lost, key=lambda most: lost[most])
    among = np.mean([any(c.gold) for c in answerable])
    print(f"{len(answerable)} answerable; the right sentence among {EVIDENCE}: {among:.3f}")
    print(f"first: by search {before.mean():.3f}, ", end="")
    print(", ".join(f"most {m:g}: {judged[m].mean():.3f} (loss {lost[m]:.4f})" for m in MOSTS))
    groups = [(c.folder, c.source) for c in answerable]
    for group in sorted(set(groups)):
        own = np.array([each == group for each in groups])
        print(f"  {group[0]} {group[1]:16s} n={own.sum():4d} ", end="")
        print(f"{before[own].mean():.3f} {judged[confidence.MOST][own].mean():.3f}")
    held = [c for c in answerable if any(c.gold)]
    weights = softmax([clues(c) for c in held], [c.gold for c in held])
    weights /= weights[1]  # a search's score stays what it is
    confidence.ORDER = dict(zip(confidence.ORDER, weights.round(3).tolist(), strict=True))
    print("ORDER =", confidence.ORDER, "MOST =", confidence.MOST)


def clues(case: Case) -> Floats:
    """For each finding what `order` weighs."""
    return np.array(
        [
            [min(max(f.mass, LEAST), confidence.MOST), f.evidence.score, f.fit, f.echo]
            for f in case.findings()
        ]
    )


def loss(weights: Floats, tables: Sequence[Floats], gold: Sequence[Sequence[bool]]) -> float:
    """The mean of minus the logarithm of how likely the right rows of a table are."""
    lost = 0.0
    for table, own in zip(tables, gold, strict=True):
        scores = table @ weights
        lost += np.logaddexp.reduce(scores) - np.logaddexp.reduce(scores[np.array(own)])
    return lost / len(tables)


def softmax(tables: Sequence[Floats], gold: Sequence[Sequence[bool]]) -> Floats:
    """The weights that make the right rows of each table likeliest (L2 of 0.01 a question)."""

    def penalised(weights: Floats) -> float:
        return loss(weights, tables, gold) + 0.01 * float(weights @ weights)

    solved: Floats = minimize(penalised, np.array([0.3, 0.3, 0.0, 0.0]), method="L-BFGS-B").x
    return solved


def fit_confidence(cases: Sequence[Case]) -> None:
    """A logistic regression of "the first one is right" on `traits`."""
    cases = [c for c in cases if c.evidence]
    ordered = [c.ordered() for c in cases]
    x = np.array([traits(f, c.language) for (f, _), c in zip(ordered, cases, strict=True)])
    y = np.array([c.answerable and gold[0] for (_, gold), c in zip(ordered, cases, strict=True)])
    answerable = np.array([c.answerable for c in cases])
    half = np.array([c.half for c in cases])
    chance = np.zeros(len(cases))
    for side in (0, 1):
        model = regression().fit(x[half != side], y[half != side])
        chance[half == side] = model.predict_proba(x[half == side])[:, 1]
    print(f"confidence: AUROC right or wrong {roc_auc_score(y, chance):.3f}, ", end="")
    print(f"answerable or not {roc_auc_score(answerable, chance):.3f}")
    print(f"  calibration error {calibration_error(chance, y):.3f}")
    for folder in ("large", "small"):
        own = np.array([c.folder == folder for c in cases])
        print(f"  {folder} folders: error {calibration_error(chance[own], y[own]):.3f}, ", end="")
        print(f"confidence {chance[own].mean():.3f}, right {y[own].mean():.3f}")
    final = regression().fit(x, y)
    known = final.predict_proba(x)[:, 1]
    for name, share in REFUSED.items():
        threshold = float(np.quantile(known[answerable], share))
        refused = (chance[answerable] < threshold).mean()
        answered = (chance[~answerable] >= threshold).mean()
        print(f"  {name} {threshold:.3f}: {refused:.2f} of answerable refused, ", end="")
        print(f"{answered:.2f} of unanswerable answered")
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
