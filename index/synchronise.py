"""Brings the store up to date with the articles folder: only what is new, changed or gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import articles
from index.articles import Skipped
from index.encoder import Encoder
from index.errors import KutipError
from index.records import Article, Sentence
from index.sentences import split
from index.steering import Steering
from index.store import Store
from index.vectors import alone, in_context

Floats = NDArray[np.float32]

CHUNK = 600  # sentences encoded and stored at a time: what is lost at the most when work is cut off

Progress = Callable[[int, int], None]  # files done, files in all


@dataclass(slots=True)
class Report:
    """What a run did. `sentences` counts those stored in this run, `orders` those that were left out
    because they speak to a language model.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    sentences: int = 0
    orders: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Chunk:
    """Articles on their way into the store, each with the sentences that may be evidence."""

    articles: list[tuple[Article, list[Sentence]]] = field(default_factory=list)
    sentences: int = 0


def synchronise(
    folder: Path, store: Store, encoder: Encoder, progress: Progress = lambda done, of: None
) -> Report:
    """Index what is new or changed in `folder`, forget what is gone; say what was done.

    Files that cannot be read are reported and left out; the rest go on. Interrupted, it leaves
    whole articles, and the next run goes on from there. Raises `KutipError` for a folder without
    articles, and forgets none then.
    """
    files = articles.find(folder)
    if not files:
        raise KutipError(
            f"there is no .txt file in {folder}: put articles there, or name another folder"
        )
    store.sweep()
    report = Report()
    _store(_chunks(folder, files, store, report, progress), store, encoder, report)
    kept = set(files) - {skipped.file for skipped in report.skipped}
    gone = [file for file in store.catalogue if file not in kept]
    store.remove(gone)
    report.removed = len(gone)
    return report


def _store(chunks: Iterable[_Chunk], store: Store, encoder: Encoder, report: Report) -> None:
    """Encode chunk after chunk; each is written while the next one is encoded."""
    steering = Steering(encoder)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="store") as writer:
        # The thread is started before there is anything to write: a Ctrl-C that cuts its start short
        # leaves the executor without knowledge of it, and its writing would not be waited for.
        writing: Future[object] = writer.submit(int)
        writing.result()
        for chunk in chunks:
            filings = _encoded(chunk, encoder, steering)
            kept = sum(len(sentences) for _, sentences, _ in filings)
            report.sentences += kept
            report.orders += chunk.sentences - kept
            writing.result()
            writing = writer.submit(store.put, filings)
        writing.result()


def _encoded(
    chunk: _Chunk, encoder: Encoder, steering: Steering
) -> list[tuple[Article, list[Sentence], Floats]]:
    """The articles with their vectors, without sentences and titles that give orders to a language model.

    Those go before the others are encoded in their context, so that they leave no trace in it.
    """
    own = alone(encoder, _texts(sentences for _, sentences in chunk.articles))
    vectors = {
        sentence.text: row
        for (_, sentences), rows in zip(chunk.articles, own, strict=True)
        for sentence, row in zip(sentences, rows, strict=True)
    }
    titles = [article.title for article, _ in chunk.articles if article.title]
    orders = steering.orders([*vectors, *titles], vectors)
    named, kept, rows = [], [], []
    for (article, sentences), of in zip(chunk.articles, own, strict=True):
        news = [sentence.text not in orders for sentence in sentences]
        named.append(replace(article, title=None) if article.title in orders else article)
        kept.append(
            [sentence for sentence, is_news in zip(sentences, news, strict=True) if is_news]
        )
        rows.append(of[news])
    return list(zip(named, kept, in_context(encoder, _texts(kept), rows), strict=True))


def _texts(articles: Iterable[Sequence[Sentence]]) -> list[list[str]]:
    return [[sentence.text for sentence in sentences] for sentences in articles]


def _chunks(
    folder: Path, files: list[str], store: Store, report: Report, progress: Progress
) -> Iterator[_Chunk]:
    chunk = _Chunk()
    for done, file in enumerate(files):
        progress(done, len(files))
        article = _changed(folder, file, store, report)
        if article is None:
            continue
        sentences = [s for s in split(article.text, file, article.title) if not s.furniture]
        chunk.articles.append((article, sentences))
        chunk.sentences += len(sentences)
        if chunk.sentences >= CHUNK:
            yield chunk
            chunk = _Chunk()
    if chunk.articles:
        yield chunk
    progress(len(files), len(files))


def _changed(folder: Path, file: str, store: Store, report: Report) -> Article | None:
    """The article if the store does not hold this version of it, and a line in the report."""
    held = store.catalogue.get(file)
    if held and articles.is_unchanged(folder, file, held.sha256):
        report.unchanged += 1
        return None
    read = articles.read(folder, file)
    if isinstance(read, Skipped):
        report.skipped.append(read)
        return None
    if read.warning:
        report.warnings.append(f"{file} {read.warning}")
    if held:
        report.changed += 1
    else:
        report.new += 1
    return read.article
