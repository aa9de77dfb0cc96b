"""How fast a large folder is indexed and answered, beside the encoder's own speed.

    python benchmarks/indexing.py ARTICLES [--limit N] [--json OUT]

ARTICLES is a folder of .txt files, or a .jsonl.gz whose lines have `id` and `text` (written out to a
temporary folder first). Everything runs one after the other on the same machine: the encoder alone over
the same text, `kutip index`, `kutip index` again with nothing changed, questions to an open assistant,
`kutip ask` from cold, `kutip --help`. Shares are what counts; seconds depend on the machine. The graph of
vectors is searched beside all of them compared one by one: how many of the nearest sentences it finds.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from assistant import Assistant
from assistant.settings import Settings
from assistant.trace import Trace
from index import articles, encoder
from index.index import Index, Place
from index.search import DENSE
from index.sentences import split
from index.synchronise import CHUNK
from index.vectors import alone, in_context

QUESTIONS = Path(__file__).parent.parent / "seeds" / "questions.jsonl"
PART = 5000  # records that Chroma is asked for at once
KUTIP = [sys.executable, "-m", "assistant"]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("articles", type=Path)
    arguments.add_argument("--limit", type=int, help="only the first N articles")
    arguments.add_argument("--json", type=Path, help="write the figures to this file too")
    told = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="kutip-bench-") as work:
        folder = written_out(told.articles, Path(work) / "articles", told.limit)
        figures = {}
        for name, value in measure(folder, Path(work) / "index"):
            figures[name] = value
            print(f"{name:45s} {value}", flush=True)
    if told.json:
        told.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def measure(folder: Path, index: Path) -> Iterator[tuple[str, Any]]:
    """Each figure with its name, as soon as it is known."""
    count, sentences, alone = encoder_alone(folder)
    yield "articles", count
    yield "sentences that may be evidence", sentences
    yield "encoder alone, s", round(alone, 1)
    first = run([*KUTIP, "index", str(folder), "--index", str(index)])
    yield "kutip index, s", round(first["seconds"], 1)
    yield "encoder's speed kept", round(alone / first["seconds"], 3)
    yield "kutip index, peak MB", first["peak"]
    yield "kutip index, MB at a quarter, half, end", first["course"]
    again = run([*KUTIP, "index", str(folder), "--index", str(index)])["seconds"]
    yield "unchanged run, s", round(again, 2)
    yield "unchanged run, share of the first", round(again / first["seconds"], 4)
    ask = [*KUTIP, "ask", "--articles", str(folder), "--index", str(index), "--", "Siapa presiden?"]
    cold = [run(ask) for _ in range(5)]
    yield "kutip ask from cold, median s", round(statistics.median(r["seconds"] for r in cold), 2)
    yield "kutip ask, peak MB", max(r["peak"] for r in cold)
    helped = [run([*KUTIP, "--help"])["seconds"] for _ in range(5)]
    yield "kutip --help, median s", round(statistics.median(helped), 2)
    yield "nearest sentences found, share", round(found_share(folder, index), 4)
    whole, but_reading = zip(*warm_questions(folder, index), strict=True)
    for what, warm in (("ask, warm", whole), ("the same but for reading", but_reading)):
        yield f"{what}, p50 ms", round(1000 * statistics.median(warm), 1)
        yield f"{what}, p95 ms", round(1000 * statistics.quantiles(warm, n=20)[-1], 1)


def written_out(source: Path, target: Path, limit: int | None) -> Path:
    """The folder of articles: `source` itself, or its lines as files in `target`."""
    if source.is_dir() and not limit:
        return source
    target.mkdir()
    for name, text in list(_texts(source))[:limit]:
        (target / f"{re.sub(r'[^0-9A-Za-z-]', '-', name)[:120]}.txt").write_text(text, "utf-8")
    return target


def _texts(source: Path) -> Iterator[tuple[str, str]]:
    if source.is_dir():
        for file in articles.find(source):
            read = articles.read(source, file)
            if isinstance(read, articles.Read):
                yield file.removesuffix(".txt"), read.article.text
        return
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["id"], row["text"]


def encoder_alone(folder: Path) -> tuple[int, int, float]:
    """Articles, sentences, and the seconds that encoding takes by itself, in the index's own batches."""
    settings = Settings.load()
    model = encoder.load(settings.encoder, settings.cache)
    texts = []
    for file in articles.find(folder):
        read = articles.read(folder, file)
        if isinstance(read, articles.Read):
            places = split(read.article.text, file, read.article.title)
            texts.append([s.text for s in places if not s.furniture])
    seconds, batch = 0.0, []
    for own in [*texts, None]:
        if own is not None:
            batch.append(own)
        if own is None or sum(map(len, batch)) >= CHUNK:
            began = time.perf_counter()
            in_context(model, batch, alone(model, batch))
            seconds += time.perf_counter() - began
            batch = []
    return len(texts), sum(map(len, texts)), seconds


def run(command: list[str]) -> dict[str, Any]:
    """Run a command; its seconds, peak memory in MB, and memory at a quarter, half and end."""
    began = time.perf_counter()
    child = psutil.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
    )
    sizes = []
    while child.poll() is None:
        try:
            sizes.append(child.memory_info().rss >> 20)
        except psutil.Error:
            break
        time.sleep(0.05)
    code = child.wait()
    if code not in (0, 3, 4):
        sys.exit(f"{' '.join(command)} ended with {code}")
    course = [sizes[int(len(sizes) * share)] for share in (0.25, 0.5, 0.95)] if sizes else []
    return {"seconds": time.perf_counter() - began, "peak": max(sizes, default=0), "course": course}


def found_share(folder: Path, index: Path) -> float:
    """How many of the sentences nearest to each question, as many as search looks at, the graph finds."""
    settings = Settings.load()
    encode = encoder.load(settings.encoder, settings.cache).query
    with Index(Place(folder, index, settings.cache)) as opened:
        store = opened._store
        keys = [key for key, _ in store.texts()]
        parts = [keys[k : k + PART] for k in range(0, len(keys), PART)]
        records = [record for part in parts for record in store.get(part).values()]
        vectors = np.stack([record.vector for record in records])
        shares = []
        for asked in questions():
            vector = encode(asked)
            nearest = {records[i].key for i in np.argsort(vectors @ vector)[-DENSE:]}
            found = {record.key for record, _ in store.nearest(vector, DENSE)}
            shares.append(len(nearest & found) / len(nearest))
    return statistics.mean(shares)


def questions() -> list[str]:
    return [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]


def warm_questions(folder: Path, index: Path) -> list[tuple[float, float]]:
    """Seconds of each question to an open assistant that has been asked before, with and without reading."""
    asked = questions()
    times = []
    with Assistant.open(folder, index) as assistant:
        for question in asked[:10]:
            assistant.ask(question)
        for question in asked:
            trace, began = Trace(), time.perf_counter()
            assistant.ask(question, trace=trace)
            spent = time.perf_counter() - began
            times.append((spent, spent - trace.seconds.get("read", 0.0)))
    return times


if __name__ == "__main__":
    main()
