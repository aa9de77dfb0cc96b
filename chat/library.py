"""The articles of the chat: what the index holds, and uploads, which come and go.

Uploads are files of the articles folder like all others, in a subfolder of their own; nothing else in the
folder is ever written or deleted.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.language import DEFAULT, Language, detect
from chat import uploads
from chat.texts import text
from chat.uploads import UPLOADS as UPLOADS
from chat.uploads import Batch, reason, shown
from index import articles
from index.articles import Skipped
from index.errors import KutipError
from index.index import Index
from index.records import Article
from index.scope import folders
from index.store import Filed
from index.synchronise import Progress, Report

MOST_FILES = 50
"""How many files may be uploaded at once."""

SENTENCES = 5  # of an article, which tell its language
TELLING = 8  # words of a sentence
AT_ONCE = 200  # articles looked at, while questions wait
MOST_NAMED = 20  # files that are left out, in what is said of an index run


@dataclass(frozen=True, slots=True)
class Row:
    """An article of the index. `sentences` may be cited; what is `uploaded` can be removed."""

    file: str
    folder: str
    title: str | None
    published: date | None
    sentences: int
    language: Language
    uploaded: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did: the files added, and what the reader should know, a line for each matter."""

    added: tuple[str, ...]
    said: tuple[str, ...]
    report: Report


class Library:
    """The articles of one index. May be used from several threads; changes wait for one another.

    What is said is said in `language` ("id" or "en"), the messages of errors too.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._changing = threading.Lock()
        self._languages: dict[str, Language] = {}  # by sha256

    def rows(self) -> list[Row]:
        """All articles, by file."""
        held = sorted(self._index.catalogue.values(), key=lambda filed: filed.file)
        known = self._languages_of(held)
        return [_row(filed, known.get(filed.sha256, DEFAULT)) for filed in held]

    def folders(self) -> list[str]:
        """The folders that hold articles, and those that hold these, sorted."""
        return folders(self._index.catalogue)

    def article(self, file: str, language: str = "en") -> Article:
        """An article of the index, as its file is now; no other file is read. Raises `KutipError`."""
        if file not in self._index.catalogue:
            raise KutipError(text("articles_unknown", language, file=shown(file)))
        read = articles.read(self._folder, file)
        if isinstance(read, Skipped):
            raise KutipError(_left_out(read, language))
        return read.article

    def add(
        self,
        given: Sequence[tuple[str, Path]],
        progress: Progress = lambda done, of: None,
        language: str = "en",
    ) -> Outcome:
        """Keep and index copies of files, given by their names and by where they are now.

        Each that cannot be taken is named in `said` with the reason, and the others are taken all the
        same. Raises `KutipError` where none can be, and keeps none then.
        """
        if len(given) > MOST_FILES:
            raise KutipError(text("articles_too_many", language, most=str(MOST_FILES)))
        with self._changing:
            uploads.prepare(self._folder, language)
            batch = Batch(self._folder, self._index.catalogue.values(), language)
            for name, path in given:
                batch.take(name, path)
            report = self._keep(batch.placed, progress, language) if batch.placed else Report()
            added = tuple(file for file in batch.placed if file in self._index.catalogue)
        for file in batch.placed.keys() - added:
            batch.refuse(batch.placed[file], _why(file, report, language))
        count = text("articles_added", language, count=str(len(added)))
        return Outcome(added, (count, *batch.said), report)

    def remove(
        self, file: str, progress: Progress = lambda done, of: None, language: str = "en"
    ) -> Outcome:
        """Delete an upload, never another article. Raises `KutipError`."""
        with self._changing:
            path = self._upload(file, language)
            if articles.find(self._folder) == [file]:
                raise KutipError(text("articles_last", language))
            with uploads.writing(language), suppress(FileNotFoundError):
                path.unlink()
            report = self._synchronise(progress, language)
        return Outcome((), (text("articles_removed", language, file=shown(file)),), report)

    def reindex(self, progress: Progress = lambda done, of: None, language: str = "en") -> Outcome:
        """Take up whatever has changed in the folder. Raises `KutipError`."""
        with self._changing:
            report = self._synchronise(progress, language)
        done = text("library_done", language, count=str(self._index.files))
        changes = {name: str(getattr(report, name)) for name in ("new", "changed", "removed")}
        return Outcome(
            (),
            (done, text("articles_changes", language, **changes), *_skipped(report, language)),
            report,
        )

    @property
    def _folder(self) -> Path:
        return self._index.place.articles

    def _upload(self, file: str, language: str) -> Path:
        """Where an upload is; raises `KutipError` for any other file, and where a link leads to one."""
        path, place = self._folder / file, self._folder / UPLOADS
        ours = file in self._index.catalogue and file.startswith(f"{UPLOADS}/")
        if not ours or path.is_symlink() or place.is_symlink() or not _is_inside(place, path):
            raise KutipError(text("articles_not_uploaded", language, file=shown(file)))
        return path

    def _keep(self, placed: Collection[str], progress: Progress, language: str) -> Report:
        """Index what was placed; what does not get into the index is deleted, so that none is unseen."""
        try:
            return self._synchronise(progress, language)
        finally:
            for file in placed:
                if file not in self._index.catalogue:
                    with suppress(OSError):
                        (self._folder / file).unlink()

    def _synchronise(self, progress: Progress, language: str) -> Report:
        try:
            return self._index.synchronise(progress)
        except KutipError as error:
            raise KutipError(text("articles_not_indexed", language, reason=str(error))) from error

    def _languages_of(self, held: Iterable[Filed]) -> Mapping[str, Language]:
        """The languages of articles by sha256; each version of an article is looked at once."""
        known = {filed.sha256: self._languages.get(filed.sha256) for filed in held}
        new = {filed.file: filed.sha256 for filed in held if known[filed.sha256] is None}
        files = list(new)
        with suppress(KutipError):  # the list is worth more than a column of it
            for first in range(0, len(files), AT_ONCE):
                found = self._index.openings(files[first : first + AT_ONCE], SENTENCES)
                for file, sentences in found.items():
                    known[new[file]] = _language(sentences)
        self._languages = {sha256: language for sha256, language in known.items() if language}
        return self._languages


def _row(filed: Filed, language: Language) -> Row:
    folder = filed.file.rpartition("/")[0]
    return Row(
        file=filed.file,
        folder=folder,
        title=filed.title,
        published=filed.published,
        sentences=filed.sentences,
        language=language,
        uploaded=filed.file.startswith(f"{UPLOADS}/"),
    )


def _language(sentences: Sequence[str]) -> Language:
    """What most of them are in; short ones, such as headlines, hold too little to tell it by."""
    telling = [sentence for sentence in sentences if len(sentence.split()) >= TELLING]
    return Counter(map(detect, telling or sentences)).most_common(1)[0][0]


def _is_inside(folder: Path, path: Path) -> bool:
    """Whether a path leads, its links followed, to something in the folder."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _why(file: str, report: Report, language: str) -> str:
    """Why a file that was put in place is not in the index."""
    skipped = next((each for each in report.skipped if each.file == file), None)
    return reason(skipped, language) if skipped else text("articles_gone", language)


def _skipped(report: Report, language: str) -> Iterator[str]:
    """A line for each file that was left out, as far as they can be listed."""
    yield from (_left_out(skipped, language) for skipped in report.skipped[:MOST_NAMED])
    if (more := len(report.skipped) - MOST_NAMED) > 0:
        yield text("articles_more", language, count=str(more))


def _left_out(skipped: Skipped, language: str) -> str:
    why = reason(skipped, language)
    return text("articles_left_out", language, file=shown(skipped.file), reason=why)
