"""Fit what tells orders to a language model from news, and say how good it is.

    python training/steering.py NEWS [--seed 1] [--out index/steering.npy]

`steering.jsonl` holds sentences written for this: orders to models, and news that resembles them
(`{"text", "language", "orders", "kind"}`). NEWS, a JSONL file (gzip) of articles with "text", gives ordinary
sentences. All are cleaned and encoded as `index/steering.py` does.

Judged are whole kinds of orders, whole kinds of news and whole articles that the fit has not seen. The
threshold lets at most 0.1 % of unseen news sentences be withheld. It becomes part of the last weight: a
sentence gives orders when its score is above 0. At 0.1 % no news of the sample articles is withheld, at
0.3 % some is. The articles in `tests/injections` were written by someone else; nothing is fitted on them.
To be run again whenever the bundled encoder changes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from assistant.settings import Settings  # noqa: E402
from assistant.sources import quoted  # noqa: E402
from index import articles  # noqa: E402
from index import encoder as encoders  # noqa: E402
from index.articles import Read  # noqa: E402
from index.sentences import split  # noqa: E402
from index.steering import (  # noqa: E402
    WEIGHTS,
    Steering,
    has_words_of_orders,
    inputs,
    parts,
    plain,
)

Row = dict[str, Any]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

EXAMPLES = Path(__file__).with_name("steering.jsonl")
INJECTIONS = ROOT / "tests" / "injections"
SENTENCES, EACH = 5000, 3  # of NEWS, and of one article
WITHHELD = 0.001  # of unseen news sentences, at most
FOLDS = 10
STRENGTH = 1.0  # of the regression: of 0.3, 1, 3, 10 and 30 it finds most orders of unseen kinds
BATCH = 200
SHORT = 15  # words of a short order


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("news", type=Path)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--out", type=Path, default=WEIGHTS)
    told = arguments.parse_args()
    random.seed(told.seed)
    encoder = encoders.load(encoders.BUNDLED, Settings.load().cache, print)
    rows = [json.loads(line) for line in EXAMPLES.read_text("utf-8").splitlines()]
    news, article = ordinary(told.news)
    x = encoded(encoder, [row["text"] for row in rows] + news)
    y = np.array([row["orders"] for row in rows] + [False] * len(news))
    fold = np.array([*folds([row["kind"] for row in rows]), *(n % FOLDS for n in article)])
    dimension = encoder.dimension
    for name, own in (
        ("vector alone", [*range(dimension), -1]),
        ("vector and traits", slice(None)),
    ):
        print(f"{name}:")
        threshold = judge(x[:, own], y, fold, rows)
    weights = fit(x, y)
    weights[-1] -= threshold
    np.save(told.out, weights)
    print(f"{told.out}: {len(weights)} numbers, {told.out.stat().st_size} bytes")
    steering = Steering(encoder)
    drowned(steering, encoder, weights, [row["text"] for row in rows if row["orders"]], news)
    injections(steering)


def ordinary(path: Path) -> tuple[list[str], list[int]]:
    """Some sentences of each of some articles, and the number of the article of each."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    random.shuffle(texts)
    chosen: list[tuple[str, int]] = []
    for number, text in enumerate(texts[: SENTENCES // EACH]):
        sentences = [s.text for s in split(text)]
        chosen += [(s, number) for s in random.sample(sentences, min(EACH, len(sentences)))]
    return [s for s, _ in chosen], [number for _, number in chosen]


def encoded(encoder: encoders.Encoder, texts: Sequence[str]) -> Floats:
    shown = [plain(text) for text in texts]
    batches = [shown[i : i + BATCH] for i in range(0, len(shown), BATCH)]
    return np.concatenate(
        [
            inputs(batch, np.concatenate(encoder.passages([[text] for text in batch])))
            for batch in batches
        ]
    )


def folds(kinds: Sequence[str]) -> list[int]:
    """A fold for each example; all of one kind, in both languages, are in the same."""
    names = sorted(set(kinds))
    random.shuffle(names)
    return [names.index(kind) % FOLDS for kind in kinds]


def fit(x: Floats, y: Flags) -> Floats:
    """The weights of a logistic regression on rows that end in 1."""
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(x[:, :-1], y)
    return np.append(model.coef_[0], model.intercept_[0]).astype(np.float32)


def judge(x: Floats, y: Flags, fold: NDArray[np.int64], rows: Sequence[Row]) -> float:
    """Print what is found and withheld among the unseen; returns the threshold."""
    score = np.zeros(len(y))
    for one in range(FOLDS):
        score[fold == one] = x[fold == one] @ fit(x[fold != one], y[fold != one])
    news = score[len(rows) :]
    threshold = float(np.quantile(news, 1 - WITHHELD, method="higher"))
    found, orders = score[: len(rows)] > threshold, y[: len(rows)]
    for language in ("id", "en"):
        own = np.array([row["language"] == language for row in rows])
        print(
            f"  {language}: orders of unseen kinds found {found[own & orders].mean():.3f} ", end=""
        )
        print(f"of {(own & orders).sum()}; news like them withheld ", end="")
        print(f"{found[own & ~orders].mean():.3f} of {(own & ~orders).sum()}")
    print(f"  news withheld {(news > threshold).mean():.4f} of {len(news)}")
    return threshold


def drowned(
    steering: Steering,
    encoder: encoders.Encoder,
    weights: Floats,
    orders: Sequence[str],
    news: Sequence[str],
) -> None:
    """Print how many short orders, of those fitted on, are found behind two news sentences.

    And how many would be if pieces without a word of orders were read, too.
    """
    short = [text for text in orders if len(text.split()) <= SHORT]
    fronts = random.sample([text.rstrip(".") for text in news if len(text.split()) >= 25], 400)
    pairs = [f"{one}, {other}" for one, other in zip(fronts[::2], fronts[1::2], strict=True)]
    joined = [
        f"{pair}, {order}" for pair, order in zip(pairs, random.sample(short, 200), strict=True)
    ]
    found, withheld = len(steering.orders(joined)) / 200, len(steering.orders(pairs)) / 200
    print(f"short orders behind two news sentences: {found:.2f} found, ", end="")
    print(f"{withheld:.3f} of the sentences without them withheld")
    pieces = [parts(plain(text)) for text in joined]
    scores = iter(encoded(encoder, [piece for own in pieces for piece in own]) @ weights)
    every = np.mean([max([next(scores) for _ in own]) > 0 for own in pieces])
    worded = [has_words_of_orders(piece) for text in pairs for piece in parts(plain(text))]
    print(f"  {every:.2f} if pieces without a word of orders were read, too; ", end="")
    print(f"{np.mean(worded):.3f} of the pieces of news have one")


def injections(steering: Steering) -> None:
    """Print what stands between the articles' orders and a model, by article where any gets through."""
    lines = (INJECTIONS / "cases.jsonl").read_text("utf-8").splitlines()
    caught, ordered, clean, others = 0, 0, 0, []
    for case in map(json.loads, lines):
        read = articles.read(INJECTIONS, case["file"])
        if not isinstance(read, Read):
            raise SystemExit(f"{case['file']} cannot be read: {read}")
        title = read.article.title
        texts = [s.text for s in split(read.article.text, case["file"], title) if not s.furniture]
        texts += [title] if title and title not in texts else []
        found = steering.orders(texts)
        holds = passage([any(words in plain(t) for words in case["forbidden"]) for t in texts])
        ordered += sum(holds)
        withheld = [(text, hold) for text, hold in zip(texts, holds, strict=True) if text in found]
        caught += sum(hold for _, hold in withheld)
        others += [text for text, hold in withheld if not hold]
        left = "\n".join(quoted(text) for text in texts if text not in found)
        kept = [words for words in case["forbidden"] if words in left]
        clean += not kept
        if kept:
            print(f"  {case['file']} ({case['kind']}): {kept} gets through")
    print(f"injections: {caught} of {ordered} order sentences caught, ", end="")
    print(f"no ordered word left in {clean} of {len(lines)} articles, ", end="")
    print(f"{len(others)} other sentences withheld (most open or close an order)")


def passage(holds: Sequence[bool]) -> list[bool]:
    """The sentences from the first to the last that holds a forbidden string."""
    places = [i for i, hold in enumerate(holds) if hold]
    return [bool(places) and places[0] <= i <= places[-1] for i in range(len(holds))]


if __name__ == "__main__":
    main()
