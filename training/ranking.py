"""Fit the order in which search puts its candidates, and say how good it is.

    python training/ranking.py DATA [--passages 1500] [--seed 1]

DATA is a folder with `reading-train.jsonl.gz` and `reading-valid.jsonl.gz` (see README.md). Passages are
written out as articles and indexed as any folder is; each question is searched there. What is fitted on
training questions is printed in the form of `index/rank.py`; the figures are of the validation questions,
whose passages have an index of their own.

The order is a softmax over the candidates of each question. A third of the passages is left out of the
index, as it was when the shipped weights were fitted.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.functional import pad

from assistant.settings import Settings
from index.index import Index
from index.rank import WEIGHTS, Asked, features
from index.search import Candidate

Row = dict[str, Any]
SOURCES = ("idk-mrc", "facqa", "squad-id", "squad-en-on-id", "tydiqa-en")
LEFT_OUT = 1 / 3


@dataclass(frozen=True, slots=True)
class Found:
    """A question with its candidates, and which of them hold its answer."""

    row: Row
    candidates: list[Candidate]
    gold: list[bool]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--passages", type=int, default=1500)
    arguments.add_argument("--seed", type=int, default=1)
    told = arguments.parse_args()
    random.seed(told.seed)
    train = searched(told.data / "reading-train.jsonl.gz", told.passages)
    valid = searched(told.data / "reading-valid.jsonl.gz", None)
    report("as it is", valid, WEIGHTS)
    weights = fit_order([found for found in train if any(found.gold)])
    report("fitted", valid, weights)
    print("WEIGHTS =", json.dumps(weights, indent=4))


def searched(path: Path, most: int | None) -> list[Found]:
    """The questions of a data set, searched in an index of its passages."""
    rows: dict[str, list[Row]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["source"] in SOURCES:
                rows[row["context"]].append(row)
    contexts = list(rows)
    random.shuffle(contexts)
    contexts = contexts[:most]
    absent = set(contexts[: int(len(contexts) * LEFT_OUT)])
    with tempfile.TemporaryDirectory(prefix="kutip-ranking-") as work:
        folder = Path(work) / "articles"
        folder.mkdir()
        for i, context in enumerate(contexts):
            if context not in absent:
                (folder / f"{i}.txt").write_bytes(context.encode())
        settings = Settings.load()
        with Index(settings.place(folder, Path(work) / "index")) as index:
            index.synchronise()
            return [
                found(index, row, None if context in absent else f"{i}.txt")
                for i, context in enumerate(contexts)
                for row in rows[context]
            ]


def found(index: Index, row: Row, file: str | None) -> Found:
    candidates = index.candidates(row["question"])
    starts = [answer["start"] for answer in row["answers"]]
    places = [candidate.record.sentence for candidate in candidates]
    gold = [p.file == file and any(p.start <= s < p.end for s in starts) for p in places]
    return Found(row, candidates, gold)


def matrix(item: Found, names: Sequence[str] = tuple(WEIGHTS)) -> Any:
    asked = Asked.of(item.row["question"])
    rows = [features(asked, c.record.sentence.text, c.cosine, c.near) for c in item.candidates]
    return np.array([[row[name] for name in names] for row in rows], np.float32)


def fit_order(train: list[Found]) -> dict[str, float]:
    """Weights under which the candidates that hold the answer come first (softmax, L2, L-BFGS)."""
    tables = [torch.from_numpy(matrix(item)) for item in train]
    scale = torch.cat(tables).std(0) + 1e-6
    longest = max(len(table) for table in tables)
    x = torch.stack([pad(table / scale, (0, 0, 0, longest - len(table))) for table in tables])
    there = torch.tensor([[i < len(table) for i in range(longest)] for table in tables])
    gold = torch.tensor([item.gold + [False] * (longest - len(item.gold)) for item in train])
    weights = torch.zeros(len(WEIGHTS), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        scores = (x @ weights).masked_fill(~there, -1e9)
        right = scores.masked_fill(~gold, -1e9).logsumexp(1)
        value = (scores.logsumexp(1) - right).mean() + 1e-3 * (weights**2).sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)
    fitted = (weights.detach() / scale).tolist()
    return {name: round(value, 3) for name, value in zip(WEIGHTS, fitted, strict=True)}


def ordered(item: Found, weights: dict[str, float]) -> list[tuple[Candidate, bool]]:
    scores = matrix(item) @ np.array(list(weights.values()), np.float32)
    order = np.argsort(-scores, kind="stable")
    return [(item.candidates[i], item.gold[i]) for i in order]


def report(name: str, items: list[Found], weights: dict[str, float]) -> None:
    """hit@1 and hit@5 by source, of the questions whose answer is in the index."""
    places = defaultdict(list)
    for item in items:
        if any(item.gold):
            right = [gold for _, gold in ordered(item, weights)]
            for group in (item.row["source"], "all"):
                places[group].append(right.index(True))
    print(name)
    for group, found in sorted(places.items()):
        first, five = (np.mean([place < k for place in found]) for k in (1, 5))
        print(f"  {group:16s} n={len(found):5d}  hit@1 {first:.3f}  hit@5 {five:.3f}")


if __name__ == "__main__":
    main()
