"""Answers quoted from the articles beside those that a language model writes, on a question set.

    KUTIP_MODEL=NAME KUTIP_MODEL_URL=http://127.0.0.1:8080/v1 \\
        python benchmarks/writing.py [QUESTIONS] [--articles DIR] [--most N]

Both answer the same questions over the same index. Beside the figures of `kutip eval`, its tokens
among them, it prints how many questions the model answered itself (the others were refused, or quoted because
it failed), and the seconds that writing took.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant import Assistant
from assistant.evaluate import evaluate
from assistant.figures import ALL, MEASURES, TIMES, tabulate
from assistant.questions import load
from assistant.run import Run
from assistant.settings import Settings


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("questions", nargs="?", type=Path, default=Path("seeds/questions.jsonl"))
    arguments.add_argument("--articles", type=Path, default=Path("seeds"))
    arguments.add_argument("--most", type=int, help="the first so many questions only")
    told = arguments.parse_args()
    settings = Settings.load()
    if settings.model is None:
        arguments.error("name a language model in KUTIP_MODEL (and its KUTIP_MODEL_URL)")
    asked = load(told.questions)
    if told.most:
        asked = replace(asked, questions=asked.questions[: told.most])
    runs = {}
    for name, model in (("quoted", None), (settings.model, settings.model)):
        chosen = settings.model_copy(update={"model": model})
        with Assistant.open(told.articles, settings=chosen) as assistant:
            runs[name] = evaluate(assistant, asked)
    show(runs)


def show(runs: dict[str, Run]) -> None:
    rows = {name: tabulate(run.outcomes)[ALL] for name, run in runs.items()}
    print(f"{'':32s}" + "".join(f"{name[:16]:>18s}" for name in runs))
    for name, measure in MEASURES.items():
        scale = 1000 if name in TIMES else 1
        values = [row[name].value for row in rows.values()]
        told = "".join(f"{'-' if v is None else f'{v * scale:.3f}':>18s}" for v in values)
        print(f"{measure.title + (' (ms)' if scale > 1 else ''):32s}{told}")
    for title, value in (
        ("Written by the model", lambda o: float(o.model is not None)),
        ("Writing, seconds", lambda o: o.steps.get("write", 0.0)),
    ):
        means = (float(np.mean([value(o) for o in run.outcomes])) for run in runs.values())
        print(f"{title:32s}" + "".join(f"{mean:18.3f}" for mean in means))


if __name__ == "__main__":
    main()
