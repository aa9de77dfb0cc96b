"""How often the right sentence is found first, by language and kind of question.

    python benchmarks/retrieval.py [QUESTIONS] [--articles DIR] [--wrong]

QUESTIONS is a question set (JSONL; seeds/questions.jsonl unless told). A question counts as found when
one of its gold sentences, or a twin of one, is there: hit@1 first, hit@5 among the first five pieces of
evidence. Follow-ups are asked with the question before them, and once more without.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.understand import understand
from index.records import Evidence

Question = dict[str, Any]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("questions", nargs="?", type=Path, default=Path("seeds/questions.jsonl"))
    arguments.add_argument("--articles", type=Path, default=Path("seeds"))
    arguments.add_argument("--wrong", action="store_true", help="print what was not found first")
    told = arguments.parse_args()
    questions = [
        json.loads(line) for line in told.questions.read_text("utf-8").splitlines() if line
    ]
    with Assistant.open(told.articles) as assistant:
        ranks = {
            q["id"]: rank(assistant, q, questions, told.wrong) for q in questions if q["evidence"]
        }
        follow_ups = [q for q in questions if q["evidence"] and q["follows"]]
        without = {q["id"]: rank(assistant, {**q, "follows": None}, questions) for q in follow_ups}
    table(questions, ranks)
    show("follow-ups, asked without the question before", list(without.values()))


def rank(
    assistant: Assistant, question: Question, questions: Sequence[Question], say: bool = False
) -> int:
    """The place (from 1) of the first piece of evidence that holds a gold sentence; 0 for none."""
    asked = understand(question["question"], history(question, questions))
    found = assistant.index.search(asked.question, 8, asked.before)
    place = next((i for i, item in enumerate(found, 1) if gold(item, question)), 0)
    if say and place != 1:
        print(f"{question['id']} {place} {asked.before} {asked.question}")
        for item in found[:3]:
            print(
                f"    {item.cosine:.4f} {item.bm25:5.2f} {item.sentence.file} {item.sentence.text[:150]!r}"
            )
        for item in question["evidence"]:
            print(f"    gold: {item['file']} {item['quote'][:150]!r}")
    return place


def history(question: Question, questions: Sequence[Question]) -> list[tuple[str, str]]:
    """The questions that a follow-up follows, oldest first (their answers are not needed here)."""
    by_id = {q["id"]: q for q in questions}
    chain: list[tuple[str, str]] = []
    while question["follows"]:
        question = by_id[question["follows"]]
        chain.insert(0, (question["question"], ""))
    return chain


def gold(item: Evidence, question: Question) -> bool:
    """Whether the evidence, or a twin of it, is one of the question's gold sentences."""
    return any(
        place.sentence.file == wanted["file"] and wanted["quote"] in place.sentence.text
        for place in (item, *item.twins)
        for wanted in question["evidence"]
    )


def table(questions: Sequence[Question], ranks: dict[str, int]) -> None:
    groups: dict[str, list[int]] = defaultdict(list)
    for question in questions:
        if question["id"] in ranks:
            place = ranks[question["id"]]
            groups["all"].append(place)
            groups[f"language {question['language']}"].append(place)
            groups[f"kind {question['kind']}"].append(place)
            if question["follows"]:
                groups["follow-ups"].append(place)
    for name in sorted(groups):
        show(name, groups[name])


def show(name: str, places: list[int]) -> None:
    first, five = (sum(0 < place <= k for place in places) / len(places) for k in (1, 5))
    print(f"{name:50s} n={len(places):4d}  hit@1 {first:.3f}  hit@5 {five:.3f}")


if __name__ == "__main__":
    main()
