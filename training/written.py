"""Questions on news that were written for this by reading: `questions.jsonl`, an item a line.

    python training/written.py NEWS OUT

An item is `{"article", "kind", "id", "en", "spans"}`: the article's id in NEWS (a JSONL file, gzip), what is
asked for (who, when, where, how many, which, what, why, how, said, list; none where the article does not
say), the question in Indonesian and in English, and where in the article's text each answer begins and ends.
Those of a list are its parts, others stand for one another. No text of an article is in the file.

Articles are parted for training and validation by their ids. OUT is written: the validation questions in the
form of `reading-valid.jsonl.gz`, for benchmarks/reading.py, which tells those written at one time
("written-1" to "written-4") apart.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

QUESTIONS = Path(__file__).with_name("questions.jsonl")
SOURCE = "written"
PARTS = (0, 13_434, 23_034, 36_418)  # the lines where those begin that were written at a time
HELD_OUT = 6  # one article in so many is for validation
BETWEEN = 8  # characters between two parts of a list that are read as one: ", dan "

Row = dict[str, Any]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("news", type=Path)
    arguments.add_argument("out", type=Path)
    told = arguments.parse_args()
    with gzip.open(told.out, "wt", encoding="utf-8") as file:
        for row in rows(told.news, validation=True):
            row |= {"source": f"{SOURCE}-{row['part'] + 1}"}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def rows(news: Path, *, validation: bool) -> list[Row]:
    """The questions of one part, each in both languages, with their articles as context."""
    with gzip.open(news, "rt", encoding="utf-8") as lines:
        texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    with QUESTIONS.open(encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    return [
        row
        for line, item in enumerate(items)
        if is_held_out(item["article"]) == validation
        for row in _rows(item, texts[item["article"]], bisect_right(PARTS, line) - 1)
    ]


def is_held_out(article: str) -> bool:
    """Whether an article, by its id, is for validation."""
    return zlib.crc32(article.encode()) % HELD_OUT == 0


def _rows(item: Row, text: str, part: int) -> Iterator[Row]:
    spans = joined(item["spans"]) if item["kind"] == "list" else item["spans"]
    answers = [{"text": text[start:end], "start": start} for start, end in spans]
    for language in ("id", "en"):
        yield {
            "question": item[language],
            "context": text,
            "answers": answers,
            "question_language": language,
            "context_language": "id",
            "source": SOURCE,
            "kind": item["kind"],
            "part": part,
        }


def joined(spans: list[list[int]]) -> list[list[int]]:
    """The parts of a list, those that follow one another as one: the reader marks them so."""
    spans = sorted(spans)
    breaks = [0, *(i for i, (a, b) in enumerate(pairwise(spans), 1) if b[0] - a[1] > BETWEEN)]
    return [[spans[i][0], spans[j - 1][1]] for i, j in pairwise([*breaks, len(spans)]) if i < j]


if __name__ == "__main__":
    sys.exit(main())
