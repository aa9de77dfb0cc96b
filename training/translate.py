"""Put the Indonesian training questions that people wrote into English: see `reader.py`.

    pip install openvino-genai==2026.4.1.0
    python training/translate.py DATA MODEL.gguf OUT [--questions 3000]

DATA is a folder with `reading-train.jsonl.gz`; MODEL an instruction-tuned language model of Qwen's, as a GGUF
file that OpenVINO reads (README.md says which); OUT a JSON file (gzip) of {question: its translation}, which
grows, and is gone on with when it is there already. Questions on news come first. A translation that
multilingual-e5-small does not find near enough, or whose figures are others, is left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import time
from pathlib import Path

import numpy as np

from assistant.settings import Settings
from index import encoder
from index.encoder import Encoder
from index.engine import silent_openvino

SOURCES = ("facqa", "idk-mrc")  # written by people, in Indonesian, on passages that people wrote
TOGETHER = 128  # questions at once
LONGEST = 50  # tokens of a translation
SURE = 0.905  # cosine of a question and its translation, at the least: a fifth is left out
SHOWN = (
    (
        "Siapa yang menjabat sebagai gubernur DKI Jakarta pada tahun 2012?",
        "Who was the governor of Jakarta in 2012?",
    ),
    ("Berapakah luas pulau Bali?", "How large is the island of Bali?"),
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("model", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--questions", type=int, default=3000)
    told = arguments.parse_args()
    done = load(told.out)
    wanted = [q for q in questions(told.data)[: told.questions] if q not in done]
    translate = Translator(told.model)
    judge = encoder.load("multilingual-e5-small", Settings.load().cache, print)
    began = time.monotonic()
    for k in range(0, len(wanted), TOGETHER):
        part = wanted[k : k + TOGETHER]
        done |= sure(dict(zip(part, translate(part), strict=True)), judge)
        save(told.out, done)
        rate = (k + len(part)) / (time.monotonic() - began)
        print(f"{k + len(part)} of {len(wanted)}, {rate:.1f} a second", flush=True)


def questions(data: Path) -> list[str]:
    """Those that people wrote in Indonesian, without repeats: by source, shuffled."""
    with gzip.open(data / "reading-train.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    found = []
    for source in SOURCES:
        own = list(dict.fromkeys(r["question"] for r in rows if r["source"] == source))
        random.Random(1).shuffle(own)
        found += own
    return found


class Translator:
    """An instruction-tuned model that has been shown how to translate a question."""

    def __init__(self, model: Path) -> None:
        silent_openvino()
        import openvino_genai as genai

        scheduler = genai.SchedulerConfig()
        scheduler.cache_size = 2  # GB
        scheduler.enable_prefix_caching = True  # the examples are read once
        scheduler.max_num_seqs = TOGETHER
        scheduler.max_num_batched_tokens = 512
        self._pipeline = genai.LLMPipeline(str(model), "CPU", scheduler_config=scheduler)
        self._config = genai.GenerationConfig()
        self._config.max_new_tokens = LONGEST
        self._config.apply_chat_template = False
        self([SHOWN[0][0]])  # so that the examples are there for all that come at once

    def __call__(self, questions: list[str]) -> list[str]:
        written = self._pipeline.generate([prompt(q) for q in questions], self._config)
        return [text.strip() for text in written.texts]


def prompt(question: str) -> str:
    """The question behind the examples, in the form that Qwen's models were taught (ChatML)."""
    said = (
        "Translate the Indonesian question into natural English. Answer with the translation only."
    )
    turns = [("system", said)]
    for indonesian, english in SHOWN:
        turns += [("user", indonesian), ("assistant", english)]
    turns += [("user", question)]
    return "".join(f"<|im_start|>{who}\n{text}<|im_end|>\n" for who, text in turns) + (
        "<|im_start|>assistant\n"
    )


def sure(translations: dict[str, str], judge: Encoder) -> dict[str, str]:
    """The translations, empty where they are not to be trusted."""
    asked, written = list(translations), list(translations.values())
    sides = [
        np.concatenate(judge.passages([[t or "?"] for t in texts])) for texts in (asked, written)
    ]
    alike = (sides[0] * sides[1]).sum(1)
    return {
        question: english if near >= SURE and figures(question) == figures(english) else ""
        for question, english, near in zip(asked, written, alike, strict=True)
    }


def figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


def load(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        found: dict[str, str] = json.load(file)
    return found


def save(path: Path, translations: dict[str, str]) -> None:
    beside = path.with_name(path.name + ".part")
    with gzip.open(beside, "wt", encoding="utf-8") as file:
        json.dump(translations, file, ensure_ascii=False)
    beside.replace(path)


if __name__ == "__main__":
    sys.exit(main())
