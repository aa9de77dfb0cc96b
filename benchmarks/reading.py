"""How well the reader finds an answer in one passage, and knows when there is none.

    python benchmarks/reading.py FILE [--json OUT] [--threshold T]

FILE is JSONL (gzip or plain), a question a line: `{"question", "context", "answers": [{"text", "start"}],
"source"}`, no answers where the passage does not say. By source: exact match and F1 as SQuAD 2.0 defines
them, its normalisation included (a refusal is right where there is no answer), at the shipped threshold;
unanswerable questions answered, answerable ones refused, the best F1 that any threshold would give, how well
the likeliest sentence's mass tells the two kinds apart (AUROC), and questions a second.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from assistant.confidence import MASS_ABOVE
from assistant.metrics import exact_match, f1
from assistant.reader import NOTHING, Reader, Stretch
from assistant.settings import Settings
from index.records import Sentence
from index.sentences import split


@dataclass(frozen=True, slots=True)
class Read:
    """What the best span for a question would earn.

    `score` is what all of its passage's spans weigh, `likeliest` what those of one sentence do.
    """

    source: str
    answerable: bool
    score: float
    likeliest: float
    exact: float
    f1: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--json", type=Path, help="write the figures there too")
    arguments.add_argument("--threshold", type=float, default=MASS_ABOVE, help="the shipped one")
    told = arguments.parse_args()
    rows = load(told.file)
    reader = Reader.load(Settings.load().cache, print)
    began = time.perf_counter()
    found = [read(reader, row) for row in rows]
    speed = len(rows) / (time.perf_counter() - began)
    by_source = defaultdict(list)
    for one in found:
        by_source[one.source].append(one)
    figures = {name: measure(part, told.threshold) for name, part in sorted(by_source.items())}
    show(figures)
    print(f"threshold {told.threshold}, {speed:.1f} questions/s")
    if told.json:
        made = {"threshold": told.threshold, "questions_a_second": speed, "sources": figures}
        told.json.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


def load(path: Path) -> list[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def read(reader: Reader, row: dict[str, Any]) -> Read:
    """Read a row's passage whole, as the sentences that Kutip would cut it into."""
    context = row["context"]
    sentences = tuple(
        Sentence("", number, s.start, s.end, s.text) for number, s in enumerate(split(context), 1)
    )
    marked = list(reader.mark(row["question"], [Stretch(sentences)]).values())
    best = max((own.spans[0] for own in marked if own.spans), key=lambda s: s.score, default=None)
    said = best.text if best else ""
    mass = np.logaddexp.reduce([own.mass for own in marked]) if marked else -np.inf
    answers = [answer["text"] for answer in row["answers"]]
    return Read(
        source=row["source"],
        answerable=bool(answers),
        score=float(mass),
        likeliest=max((own.mass for own in marked), default=-np.inf),
        exact=exact_match(said, answers, "en") if answers else 0.0,
        f1=f1(said, answers, "en") if answers else 0.0,
    )


def measure(part: list[Read], threshold: float) -> dict[str, float]:
    """The figures of some questions, in per cent, with answers given where the score is above `threshold`."""

    def mean(what: Callable[[Read], float], of: list[Read] = part) -> float:
        return 100 * float(np.mean([what(one) for one in of])) if of else 0.0

    def earned(above: float, kind: str) -> float:
        return mean(lambda r: getattr(r, kind) if r.score > above else float(not r.answerable))

    best = max([*sorted({round(r.score, 1) for r in part}), np.inf], key=lambda t: earned(t, "f1"))
    figures = {
        "questions": len(part),
        "exact": earned(threshold, "exact"),
        "f1": earned(threshold, "f1"),
        "unanswerable_answered": mean(
            lambda r: r.score > threshold, [r for r in part if not r.answerable]
        ),
        "answerable_refused": mean(
            lambda r: r.score <= threshold, [r for r in part if r.answerable]
        ),
        "best_f1": earned(best, "f1"),
        "best_threshold": float(best),
    }
    kinds = [one.answerable for one in part]
    if any(kinds) and not all(kinds):
        likeliest = [max(one.likeliest, NOTHING) for one in part]
        figures["auroc"] = float(roc_auc_score(kinds, likeliest))
    return figures


def show(figures: dict[str, dict[str, float]]) -> None:
    print(f"{'source':18s} {'n':>5s}     EM     F1  answered  refused  AUROC  best F1  at")
    for name, own in figures.items():
        apart = f"{own['auroc']:.3f}" if "auroc" in own else "-"
        print(
            f"{name:18s} {own['questions']:5.0f} {own['exact']:6.1f} {own['f1']:6.1f} "
            f"{own['unanswerable_answered']:8.1f}% {own['answerable_refused']:7.1f}% "
            f"{apart:>6s} {own['best_f1']:8.1f}  {own['best_threshold']:.1f}"
        )


if __name__ == "__main__":
    main()
