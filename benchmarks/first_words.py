"""How long the first words of a model's answer take beyond search, reading and the model itself.

    python benchmarks/first_words.py [--articles seeds] [--wait 0.3]

A stand-in for a language model answers on loopback as OpenAI's server does, its first words after `--wait`
seconds. What is left of the time to them, when that wait and the steps before writing are taken away,
is our own: choosing sentences, prompt, client, marker parser.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))  # where the stand-in is

from fake_openai import FakeOpenAI, Reply  # noqa: E402

from assistant import Assistant  # noqa: E402
from assistant.settings import Settings  # noqa: E402
from assistant.trace import Trace  # noqa: E402

BEFORE = ("understand", "search", "check", "read")


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--articles", type=Path, default=ROOT / "seeds")
    arguments.add_argument("--wait", type=float, default=0.3)
    told = arguments.parse_args()
    lines = (ROOT / "seeds" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [str(json.loads(line)["question"]) for line in lines]
    with FakeOpenAI(Reply(pieces=["Menurut artikel itu [1]. "] * 3, delay=told.wait)) as server:
        settings = Settings.load().model_copy(update={"model": "m", "model_url": server.url})
        with Assistant.open(told.articles, settings=settings) as assistant:
            times = [
                t for q in questions if (t := first_words(assistant, q, told.wait)) is not None
            ]
    whole, own = (1000 * np.array(column) for column in zip(*times, strict=True))
    for name, values in (("to the first words", whole), ("of that our own", own)):
        median, late = np.percentile(values, (50, 95))
        print(f"{name:20s} median {median:6.1f} ms, 95 of 100 within {late:6.1f} ms")
    print(f"{len(times)} of {len(questions)} questions were answered by the model")


def first_words(assistant: Assistant, question: str, wait: float) -> tuple[float, float] | None:
    """Seconds to the first words and how many of them are ours; None where the model was not asked."""
    trace, began = Trace(), time.perf_counter()
    for answer in assistant.stream(question, trace=trace):
        if answer.model is None:
            return None
        if not answer.text:  # it is still silent
            continue
        spent = time.perf_counter() - began
        return spent, spent - wait - sum(trace.seconds.get(step, 0.0) for step in BEFORE)
    return None


if __name__ == "__main__":
    main()
