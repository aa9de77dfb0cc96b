"""What the reader is to learn from beside the data as it is: see `reader.py`.

    python training/pairs.py DATA NEWS OUT [--articles 500]

DATA is a folder with `reading-train.jsonl.gz`, NEWS a JSONL file (gzip) of articles with a "text"; OUT a
JSON file (gzip). Two things are made, in half an hour on two cores:

- for each question its nearest sentences among all Indonesian passages and some news, by the encoder that
  searches in Kutip: the confusions that the reader will be asked to undo;
- English questions for Indonesian passages: SQuAD's English questions are matched with their own
  translations by the encoder (nearest both ways, within passages that most questions agree on), and asked
  of the translated passage.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from written import is_held_out
from written import rows as written

from assistant.settings import Settings
from index import encoder
from index.encoder import Encoder
from index.sentences import split
from index.vectors import windows

NEAREST = 60  # sentences kept for a question
TOGETHER = 64  # questions whose nearest sentences are looked for at once
OPENING = 1200  # characters of a news article
SURE = 0.86  # cosine of a question and its translation, at the least

Row = dict[str, Any]
Floats = NDArray[np.float32]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("news", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--articles", type=int, default=500)
    told = arguments.parse_args()
    random.seed(1)
    cache = Settings.load().cache
    rows = load(told.data / "reading-train.jsonl.gz")
    translated = aligned(rows, encoder.load("multilingual-e5-small", cache, print))
    news = [row["text"][:OPENING] for row in load(told.news) if not is_held_out(row["id"])]
    own = list(dict.fromkeys(r["context"] for r in rows if r["context_language"] == "id"))
    about = written(told.news, validation=False)
    own += dict.fromkeys(row["context"] for row in about)
    texts = own + random.sample(news, min(told.articles, len(news)))
    searcher = encoder.load(encoder.BUNDLED, cache, print)
    places, vectors = sentences(texts, searcher)
    asked = [r["question"] for r in [*rows, *translated, *about] if r["context_language"] == "id"]
    near = nearest(list(dict.fromkeys(asked)), vectors, searcher)
    made = {"rows": translated, "texts": texts, "places": places, "near": near}
    with gzip.open(told.out, "wt", encoding="utf-8") as file:
        json.dump(made, file, ensure_ascii=False)


def load(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sentences(texts: list[str], model: Encoder) -> tuple[list[tuple[int, int, int]], Floats]:
    """The sentences of texts, as (text, start, end), and their vectors among their neighbours."""
    places, passages = [], []
    for i, text in enumerate(texts):
        parts = split(text)
        for start, end in windows(model.lengths([s.text for s in parts])):
            passages.append([s.text for s in parts[start:end]])
            places += [(i, s.start, s.end) for s in parts[start:end]]
    rows: list[Floats] = []
    for k in range(0, len(passages), 64):
        rows += model.passages(passages[k : k + 64])
        print(f"\r{k} of {len(passages)} passages", end="", flush=True)
    print()
    return places, np.concatenate(rows)


def nearest(questions: list[str], vectors: Floats, model: Encoder) -> dict[str, list[int]]:
    """The places of the sentences nearest to each question, the nearest first."""
    found = {}
    for k in range(0, len(questions), TOGETHER):
        some = questions[k : k + TOGETHER]
        scores = np.stack([model.query(question) for question in some]) @ vectors.T
        for question, own in zip(some, scores, strict=True):
            best = np.argpartition(own, -NEAREST)[-NEAREST:]
            found[question] = best[np.argsort(-own[best])].tolist()
    return found


def aligned(rows: list[Row], model: Encoder) -> list[Row]:
    """Translated rows with the English question that each is the translation of, where that is sure.

    The Indonesian question stays as "translation".
    """
    english = [r for r in rows if r["source"] == "squad2-en"]
    indonesian = [r for r in rows if r["source"] == "squad-id"]
    alike = _questions(english, model) @ _questions(indonesian, model).T
    there, back = alike.argmax(1), alike.argmax(0)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for i, j in enumerate(there):
        if back[j] == i:
            votes[english[i]["context"]][indonesian[j]["context"]] += 1
    of = {side: _by_context(part) for side, part in (("en", english), ("id", indonesian))}
    made = []
    for context, counted in votes.items():
        [(home, count)] = counted.most_common(1)
        if count < 2:
            continue
        own, other = of["en"][context], of["id"][home]
        block = alike[np.ix_(own, other)]
        for i, j in enumerate(block.argmax(1)):
            source, target = english[own[i]], indonesian[other[j]]
            same = bool(source["answers"]) == bool(target["answers"])
            if same and block[i, j] >= SURE and block[:, j].argmax() == i:
                changed = {"question": source["question"], "question_language": "en"}
                kept = {"translation": target["question"], "source": "squad-en-aligned"}
                made.append({**target, **changed, **kept})
    return made


def _questions(rows: list[Row], model: Encoder) -> Floats:
    return np.concatenate(model.passages([[row["question"]] for row in rows]))


def _by_context(rows: list[Row]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        places[row["context"]].append(i)
    return places


if __name__ == "__main__":
    sys.exit(main())
