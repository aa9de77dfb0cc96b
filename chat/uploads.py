"""Uploads on their way into the articles folder: each is checked, named, and put in place whole, or refused.

They are kept in a subfolder of their own. Their names and what they hold are a stranger's.
"""

from __future__ import annotations

import errno
import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant import show
from chat import file_names
from chat.texts import text
from index import articles
from index.articles import MAX_BYTES, Read, Skipped
from index.errors import KutipError
from index.store import Filed

UPLOADS = "unggahan"
"""The subfolder of uploads."""

MOST_UPLOADS = 2000
"""How many it may hold."""

LONGEST_SHOWN = 80  # characters of a name that is not ours

# What index.articles says of a file, and the name of the text that says it in both languages.
_REASONS = {
    "larger than": "articles_too_large",
    "not text": "articles_not_text",
    "is empty|holds no words": "articles_empty",
    "damaged UTF-8|begins as": "articles_damaged",
    "no encoding": "articles_encoding",
}

Say = Callable[..., str]
"""The name of a text and its variables, to the text in the reader's language."""


class Refused(Exception):
    """Why an upload is not taken, for the reader."""


class Batch:
    """Uploads that are put in place one after the other.

    `placed`: the new files and the names they came with; `said`: what the reader should know of each.
    """

    def __init__(self, folder: Path, held: Iterable[Filed], language: str) -> None:
        """`folder` is the articles folder, made ready; `held` are the articles that the index holds."""
        self._folder, self._language = folder, language
        self._contents = {filed.sha256: filed.file for filed in held}
        self.placed: dict[str, str] = {}
        self.said: list[str] = []
        with writing(language), os.scandir(folder / UPLOADS) as entries:
            self._room = MOST_UPLOADS - sum(file_names.is_text(entry.name) for entry in entries)

    def take(self, given: str, path: Path) -> None:
        """Put the file at `path` in place, by a safe form of the name given, or say why not."""
        try:
            self._take(given, path)
        except Refused as refusal:
            self.refuse(given, str(refusal))
        except OSError as error:
            self.refuse(given, _disk(error, self._language))

    def refuse(self, given: str, why: str) -> None:
        self.said.append(self._say("articles_refused", file=shown(given), reason=why))

    def _take(self, given: str, path: Path) -> None:
        if not file_names.is_text(given):
            raise Refused(self._say("articles_not_txt"))
        if self._room <= 0:
            raise Refused(self._say("articles_full", most=str(MOST_UPLOADS)))
        data = self._content(path)
        part = self._folder / UPLOADS / f".{uuid.uuid4().hex}{_PART}"  # hidden: no article yet
        try:
            _write(part, data)
            read = articles.read(self._folder, f"{UPLOADS}/{part.name}")
            if isinstance(read, Skipped):
                raise Refused(reason(read, self._language))
            self._refuse_twice(read.article.sha256)
            file = self._place(part, given)
        finally:
            with suppress(OSError):
                part.unlink()
        self._note(file, given, read)

    def _content(self, path: Path) -> bytes:
        try:
            if not path.is_file():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            with path.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except OSError as error:
            fault = error.strerror or str(error)
            raise Refused(self._say("articles_unreadable", reason=fault)) from error
        if len(data) > MAX_BYTES:
            raise Refused(self._say("articles_too_large", most=str(MAX_BYTES >> 20)))
        return data

    def _refuse_twice(self, sha256: str) -> None:
        """Refuse what is there already, unless its file has changed since it was indexed."""
        twin = self._contents.get(sha256)
        if twin and articles.is_unchanged(self._folder, twin, sha256):
            raise Refused(self._say("articles_twice", file=shown(twin)))

    def _place(self, part: Path, given: str) -> str:
        place = part.parent
        name = file_names.free(file_names.safe(given), lambda name: os.path.lexists(place / name))
        os.rename(part, place / name)
        return f"{UPLOADS}/{name}"

    def _note(self, file: str, given: str, read: Read) -> None:
        self.placed[file] = given
        self._contents[read.article.sha256] = file
        self._room -= 1
        name = file.rpartition("/")[2]
        if name != given:
            self.said.append(self._say("articles_renamed", given=shown(given), file=shown(name)))
        if read.warning:
            guess = self._say("articles_guess", file=shown(name), encoding=read.encoding)
            self.said.append(guess)

    def _say(self, name: str, **values: str) -> str:
        return text(name, self._language, **values)


def prepare(folder: Path, language: str) -> None:
    """Make the subfolder of uploads, free of what a killed upload left: one batch at a time.

    Raises `KutipError`, also for a link, which may lead elsewhere.
    """
    place = folder / UPLOADS
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise KutipError(text("articles_no_folder", language, folder=UPLOADS))
    with writing(language):
        place.mkdir(exist_ok=True)
        for left in place.glob(f".{'[0-9a-f]' * 32}{_PART}"):
            left.unlink()


@contextmanager
def writing(language: str) -> Iterator[None]:
    """Turn what the disk refuses into a `KutipError` for the reader."""
    try:
        yield
    except OSError as error:
        why = _disk(error, language)
        raise KutipError(text("articles_unwritable", language, reason=why)) from error


def reason(skipped: Skipped, language: str) -> str:
    """Why `index.articles` left a file out, in the reader's language."""
    for words, name in _REASONS.items():
        if re.search(words, skipped.reason):
            return text(name, language, **_LIMIT if name == "articles_too_large" else {})
    return text("articles_unreadable", language, reason=skipped.reason)


def shown(name: str) -> str:
    """A name as it may be shown: not too long, what is invisible in it written out."""
    return show.name(name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…")


_PART = ".part"
_LIMIT = {"most": str(MAX_BYTES >> 20)}


def _disk(error: OSError, language: str) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return text("articles_disk", language)
    return text("articles_refusal", language, reason=error.strerror or str(error))


def _write(path: Path, data: bytes) -> None:
    """Write a new file, to the disk itself: a power cut leaves no half article."""
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
