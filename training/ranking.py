"""Fit the order in which search puts its candidates, and say how good it is.

    python training/ranking.py DATA NEWS

DATA is a folder with `reading-valid.jsonl.gz` (see README.md), NEWS a JSONL file (gzip) of the articles
that `questions.jsonl` asks about. Passages and articles of validation are indexed as any folder is, and each
question is searched there. The order is a softmax over the candidates of each question, fitted on the
questions of half of the passages and judged on those of the others, and the other way round: the encoder
has seen all training questions, and its cosine would count for too much there. What is fitted on all is
printed in the form of `index/rank.py`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lessons import load_rows
from torch.nn.functional import pad
from written import rows as written

from assistant.settings import Settings
from index.index import Index
from index.rank import WEIGHTS, Asked, features
from index.search import Candidate

Row = dict[str, Any]
SOURCES = ("idk-mrc", "facqa", "squad-id", "squad-en-on-id", "tydiqa-en")


@dataclass(frozen=True, slots=True)
class Found:
    """A question with its candidates, and which of them hold its answer."""

    row: Row
    candidates: list[Candidate]
    gold: list[bool]

    @property
    def half(self) -> int:
        return zlib.crc32(self.row["context"].encode()) % 2


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("news", type=Path)
    told = arguments.parse_args()
    rows = [r for r in load_rows(told.data / "reading-valid.jsonl.gz") if r["source"] in SOURCES]
    rows += written(told.news, validation=True)
    items = searched([r for r in rows if r["answers"]])
    halves = [[item for item in items if item.half == side] for side in (0, 1)]
    fitted = [fit_order(half) for half in reversed(halves)]
    report("by cosine alone", items, lambda _: {name: float(name == "cosine") for name in WEIGHTS})
    report("as it is", items, lambda _: WEIGHTS)
    report("fitted on the other half", items, lambda item: fitted[item.half])
    print("WEIGHTS =", json.dumps(fit_order(items), indent=4))


def searched(rows: Sequence[Row]) -> list[Found]:
    """Questions, searched in an index of their passages."""
    about: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        about[row["context"]].append(row)
    with tempfile.TemporaryDirectory(prefix="kutip-ranking-") as work:
        folder = Path(work) / "articles"
        folder.mkdir()
        for i, context in enumerate(about):
            (folder / f"{i}.txt").write_bytes(context.encode())
        settings = Settings.load()
        with Index(settings.place(folder, Path(work) / "index")) as index:
            index.synchronise()
            return [
                found(index, row, f"{i}.txt") for i, own in enumerate(about.values()) for row in own
            ]


def found(index: Index, row: Row, file: str) -> Found:
    candidates = index.candidates(row["question"])
    starts = [answer["start"] for answer in row["answers"]]
    places = [candidate.record.sentence for candidate in candidates]
    gold = [p.file == file and any(p.start <= s < p.end for s in starts) for p in places]
    return Found(row, candidates, gold)


def matrix(item: Found, names: Sequence[str] = tuple(WEIGHTS)) -> Any:
    asked = Asked.of(item.row["question"])
    rows = [
        features(asked, c.record.sentence.text, c.cosine, c.near, c.said, c.so_far)
        for c in item.candidates
    ]
    return np.array([[row[name] for name in names] for row in rows], np.float32)


def fit_order(train: list[Found]) -> dict[str, float]:
    """Weights under which the candidates that hold the answer come first (softmax, L2, L-BFGS)."""
    train = [item for item in train if any(item.gold)]
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


def report(name: str, items: list[Found], weights: Callable[[Found], dict[str, float]]) -> None:
    """hit@1 and hit@5 by source, of the answerable questions."""
    places = defaultdict(list)
    for item in items:
        right = [gold for _, gold in ordered(item, weights(item))]
        for group in (item.row["source"], "all"):
            places[group].append(right.index(True) if any(right) else len(right))
    print(name)
    for group, found in sorted(places.items()):
        first, five = (np.mean([place < k for place in found]) for k in (1, 5))
        print(f"  {group:16s} n={len(found):5d}  hit@1 {first:.3f}  hit@5 {five:.3f}")


if __name__ == "__main__":
    main()
