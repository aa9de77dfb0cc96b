"""Brings the store up to date with the articles folder: only what is new, changed or gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from index import articles
from index.articles import Skipped
from index.encoder import Encoder
from index.errors import KutipError
from index.records import Article, Sentence
from index.sentences import split
from index.store import Store
from index.vectors import embed

CHUNK = 600  # sentences encoded and stored at a time: what is lost at the most when work is cut off

Progress = Callable[[int, int], None]  # files done, files in all


@dataclass(slots=True)
class Report:
    """What a run did. `sentences` counts those stored in this run."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    sentences: int = 0
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
    _store(_chunks(folder, files, store, report, progress), store, encoder)
    kept = set(files) - {skipped.file for skipped in report.skipped}
    gone = [file for file in store.catalogue if file not in kept]
    store.remove(gone)
    report.removed = len(gone)
    return report


def _store(chunks: Iterable[_Chunk], store: Store, encoder: Encoder) -> None:
    """Encode chunk after chunk; each is written while the next one is encoded."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="store") as writer:
        # The thread is started before there is anything to write: a Ctrl-C that cuts its start short
        # leaves the executor without knowledge of it, and its writing would not be waited for.
        writing: Future[object] = writer.submit(int)
        writing.result()
        for chunk in chunks:
            texts = [[s.text for s in sentences] for _, sentences in chunk.articles]
            vectors = embed(encoder, texts)
            writing.result()
            filings = [(*pair, rows) for pair, rows in zip(chunk.articles, vectors, strict=True)]
            writing = writer.submit(store.put, filings)
        writing.result()


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
        report.sentences += len(sentences)
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
