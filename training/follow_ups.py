"""What a follow-up question should be read with, on follow-ups made of validation questions.

    python training/follow_ups.py DATA NEWS [--questions 260] [--seed 2]

Of two questions about one passage that share a name, the second is asked after the first with a pronoun in
the name's place. Each is searched as Kutip does, and read with several texts before it; printed is how often
the right sentence comes first. DATA and NEWS are as for `confidence.py`.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from confidence import NEWS, Row, load, searched

from assistant.assistant import EVIDENCE
from assistant.confidence import order
from assistant.reader import Reader, stretches
from index.index import Index

NAMES = re.compile(r"(?<=\s)[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")
PRONOUNS = {"id": ("itu", "dia"), "en": ("it", "he", "that")}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that needs the one before it; `row` is the question as it was."""

    before: str
    answer: str
    question: str
    row: Row


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("news", type=Path)
    arguments.add_argument("--questions", type=int, default=260)
    arguments.add_argument("--seed", type=int, default=2)
    told = arguments.parse_args()
    random.seed(told.seed)
    rows = [r for r in load(told.data / "reading-valid.jsonl.gz") if r["context_language"] == "id"]
    news = [row["text"] for row in random.sample(load(told.news), NEWS)]
    made = list(follow_ups(rows))
    chosen = random.sample(made, min(told.questions, len(made)))
    with searched(rows, news, 0, left_out=0) as (index, reader, _):
        measure(index, reader, chosen)


def follow_ups(rows: Sequence[Row]) -> Iterator[FollowUp]:
    """At most one of each question that has an answer."""
    by_passage = defaultdict(list)
    for row in rows:
        by_passage[row["context"], row["question_language"]].append(row)
    for (_, language), group in by_passage.items():
        for row in (r for r in group if r["answers"]):
            for other in (r for r in group if r is not row):
                shared = set(NAMES.findall(other["question"])) & set(NAMES.findall(row["question"]))
                if shared:
                    pronoun = random.choice(PRONOUNS[language])
                    question = row["question"].replace(max(sorted(shared), key=len), pronoun)
                    answer = other["answers"][0]["text"] if other["answers"] else ""
                    yield FollowUp(other["question"], answer, question, row)
                    break


def measure(index: Index, reader: Reader, asked: Sequence[FollowUp]) -> None:
    files = {path.read_bytes().decode(): path.name for path in index.place.articles.glob("*.txt")}
    first = defaultdict(list)
    for each in asked:
        told = f"{each.before} {each.answer}".strip()
        names = " ".join(dict.fromkeys(NAMES.findall(each.before)))
        found = index.search(each.question, EVIDENCE, told)
        starts = [answer["start"] for answer in each.row["answers"]]
        gold = [
            e.sentence.file == files[each.row["context"]]
            and any(e.sentence.start <= s < e.sentence.end for s in starts)
            for e in found
        ]
        first["in the order of search"].append(gold[0])
        for name, text in (
            ("read by itself", each.question),
            ("after the question before", f"{each.before} {each.question}"),
            ("after that and its answer", f"{told} {each.question}"),
            ("after the names in that question", f"{names} {each.question}"),
            ("after those and its answer", f"{names} {each.answer} {each.question}"),
            ("the question as it was", each.row["question"]),
        ):
            marked = reader.mark(text, stretches(found))
            scores = [order(marked[e.sentence].mass, e.score) for e in found]
            first[name].append(gold[int(np.argmax(scores))])
    for name, right in first.items():
        print(f"{name:36s} {np.mean(right):.3f}")


if __name__ == "__main__":
    main()
