"""What follow-up questions gain from the conversation before them.

    python benchmarks/follow_ups.py [QUESTIONS] [--articles DIR]

The follow-ups of a question set (JSONL; seeds/questions.jsonl unless told) are asked after the questions
that they follow, with the answers these got, and once more by themselves. Questions of their own are asked
once more after a question about something else: what they lose, a conversation dragged them off by.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant import Assistant
from assistant.evaluate import evaluate
from assistant.figures import ALL, tabulate
from assistant.questions import Question, QuestionSet, load
from assistant.run import Outcome

COLUMNS = {"hit_1": "hit@1", "hit_5": "hit@5", "f1": "F1", "error_rate": "refused"}


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("questions", nargs="?", type=Path, default=Path("seeds/questions.jsonl"))
    arguments.add_argument("--articles", type=Path, default=Path("seeds"))
    told = arguments.parse_args()
    asked = load(told.questions)
    alone = with_questions(asked, [q.model_copy(update={"follows": None}) for q in asked.questions])
    starts = [q for q in asked.questions if not q.follows]
    # The question half the set away is about another story.
    other = {q.id: starts[(i + len(starts) // 2) % len(starts)].id for i, q in enumerate(starts)}
    after = [
        q.model_copy(update={"id": f"{q.id} after another", "follows": other[q.id]})
        for q in starts
        if q.evidence
    ]
    dragged = with_questions(asked, [*starts, *after])
    with Assistant.open(told.articles) as assistant:
        ran = [evaluate(assistant, each).outcomes for each in (asked, alone, dragged)]
    follow_ups = {q.id for q in asked.questions if q.follows and q.evidence}
    fresh = {q.id for q in starts if q.evidence}
    show("follow-ups, in their conversation", [o for o in ran[0] if o.id in follow_ups])
    show("follow-ups, by themselves", [o for o in ran[1] if o.id in follow_ups])
    show("new topics, by themselves", [o for o in ran[1] if o.id in fresh])
    show("new topics, after another", [o for o in ran[2] if o.id.endswith(" after another")])


def with_questions(asked: QuestionSet, questions: Sequence[Question]) -> QuestionSet:
    return replace(asked, questions=tuple(questions))


def show(name: str, outcomes: Sequence[Outcome]) -> None:
    row = tabulate(outcomes)[ALL]
    figures = "  ".join(f"{title} {row[key].value:.3f}" for key, title in COLUMNS.items())
    print(f"{name:36s} n={len(outcomes):4d}  {figures}")


if __name__ == "__main__":
    main()
