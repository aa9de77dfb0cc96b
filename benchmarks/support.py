"""How well unsupported claims are told from supported ones, by language and by kind.

    python benchmarks/support.py [--pairs tests/golden/support.jsonl]

A claim is flagged when it is judged not to be supported. Precision and recall are those of the flags, where
contradicted, unrelated and half supported claims are to be flagged, and of what is not flagged, where the
supported ones are to be left. The weights were fitted on the part "fit"; the part "test" has other sources.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.settings import Settings
from assistant.support import Judge
from index import encoder as encoders

Row = dict[str, Any]

PAIRS = Path(__file__).resolve().parent.parent / "tests" / "golden" / "support.jsonl"
LABELS = ("supported", "contradicted", "half", "unrelated")


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--pairs", type=Path, default=PAIRS)
    told = arguments.parse_args()
    lines = told.pairs.read_text(encoding="utf-8").splitlines()
    rows: list[Row] = [json.loads(line) for line in lines]
    judge = Judge(encoders.load(encoders.BUNDLED, Settings.load().cache, print))
    start = time.perf_counter()
    for row in rows:
        row["flagged"] = not judge.judge(row["claim"], row["sources"]).supported
    spent = (time.perf_counter() - start) / max(1, len(rows))
    print(
        "| part | language | claims | flags: precision | recall | unflagged: precision | recall ",
        end="",
    )
    print("| " + " | ".join(f"{label} flagged" for label in LABELS) + " |")
    print("|---" * (7 + len(LABELS)) + "|")
    for part in ("test", "all"):
        for language in ("id", "en", "both"):
            show(part, language, [row for row in rows if belongs(row, part, language)])
    print(f"{spent * 1000:.0f} ms a claim")


def belongs(row: Row, part: str, language: str) -> bool:
    return part in ("all", row["part"]) and language in ("both", row["language"])


def show(part: str, language: str, rows: Sequence[Row]) -> None:
    """Print a line of the table."""
    wrong = [row["label"] != "supported" for row in rows]
    flagged = [row["flagged"] for row in rows]
    figures = [*measure(flagged, wrong), *measure([not f for f in flagged], [not w for w in wrong])]
    shares = [share([row["flagged"] for row in rows if row["label"] == label]) for label in LABELS]
    cells = " | ".join(f"{figure:.1%}" for figure in [*figures, *shares])
    print(f"| {part} | {language} | {len(rows)} | {cells} |")


def measure(chosen: Sequence[bool], wanted: Sequence[bool]) -> tuple[float, float]:
    """Precision and recall."""
    right = sum(c and w for c, w in zip(chosen, wanted, strict=True))
    return right / max(1, sum(chosen)), right / max(1, sum(wanted))


def share(values: Sequence[bool]) -> float:
    return sum(values) / max(1, len(values))


if __name__ == "__main__":
    main()
