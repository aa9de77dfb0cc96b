"""An articles folder and its index: brought up to date, and searched."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from index import chroma, sentences, steering, store, words
from index import encoder as encoders
from index.encoder import Encoder
from index.errors import DamagedIndex, KutipError, OtherIndex
from index.records import Evidence
from index.scope import WHOLE, Scope
from index.search import Candidate, Query, candidates, search
from index.store import Filed, Identity, Store
from index.synchronise import Progress, Report, synchronise
from index.words import Words

WAIT = 10  # seconds to wait for another process that is writing, before saying so

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are: articles, index folder, the cache for models, and a Chroma server if any.

    With a server's address the vectors live there, under the index folder's name; the folder then
    holds only the lock and the word index. Clients of one server should index one after the other:
    the lock is this computer's own. Those that did it at once agree after one more run.
    """

    articles: Path
    index: Path
    cache: Path
    server: str | None = None
    encoder: str = encoders.BUNDLED
    unnamed: bool = (
        False  # nobody chose the index folder: it is the cache's, to be made anew at will
    )


class Index:
    """The index of one articles folder, open for searching. Close it, or use it in a `with`.

    May be searched from several threads, also while one of them synchronises.
    """

    def __init__(
        self, place: Place, say: Say = lambda _: None, encoder: Encoder | None = None
    ) -> None:
        """Open the index of `place`, made first if there is none yet; nothing is indexed by this.

        `say` is told what takes long or was mended: an index that is broken is opened empty, and so
        is an unnamed one that was made with another encoder or version. `encoder` goes before the
        one that `place` names. Raises `KutipError` when another process is writing the index, it
        cannot be used, or it was chosen by somebody and made with other settings.
        """
        self.place, self._say = place, say
        self._lock = threading.RLock()  # held to search, and to change what is searched
        self.encoder = encoder or encoders.load(place.encoder, place.cache, say)
        with _owned(place.index, say):
            try:
                self._open()
            except DamagedIndex as damage:
                self._renew(str(damage))
            except OtherIndex:
                if not place.unnamed:
                    raise
                self._renew(f"The index in {place.index} is another encoder's or version's.")

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index's files."""
        with self._lock:
            self._store.close()

    def synchronise(self, progress: Progress = lambda done, of: None) -> Report:
        """Index what is new, changed or gone in the articles folder; what was lost is made anew."""
        with _owned(self.place.index, self._say):
            self._mend()
            try:
                report = synchronise(self.place.articles, self._store, self.encoder, progress)
            except KutipError:
                with suppress(KutipError):  # the first one is what the user must know
                    self._publish()
                raise
            self._publish()
            return report

    def search(
        self, question: str, count: int = 8, before: str = "", scope: Scope = WHOLE
    ) -> list[Evidence]:
        """Up to `count` pieces of evidence for the question, best first.

        `before`: what was asked before, for a question that points back to it. `scope`: the articles
        that are searched.
        """
        # A command line that is not UTF-8 arrives with half characters, which no library takes.
        query = Query(*(text.encode("utf-8", "replace").decode() for text in (question, before)))
        with self._lock:
            try:
                self._follow()
                return self._search(query, count, scope)
            except KutipError:
                return self._search_again(query, count, scope)

    def candidates(self, question: str, scope: Scope = WHOLE) -> list[Candidate]:
        """All sentences that are looked at for a question, best first, twins apart."""
        with self._lock:
            store = self._store.snapshot()
            return candidates(Query(question), store, self._words, self.encoder, scope)

    @property
    def files(self) -> int:
        """How many articles the index holds."""
        return len(self._store.catalogue)

    @property
    def catalogue(self) -> Mapping[str, Filed]:
        """The articles that the index holds, by file."""
        return self._store.catalogue

    def openings(self, files: Iterable[str], count: int) -> dict[str, list[str]]:
        """The first `count` sentences of each of these articles, as the index holds them."""
        found: dict[str, list[str]] = {}
        with self._lock:
            for key, text in self._store.openings(files, count):
                found.setdefault(key.file, []).append(text)
        return found

    def _search(self, query: Query, count: int, scope: Scope) -> list[Evidence]:
        return search(query, self._store.snapshot(), self._words, self.encoder, count, scope)

    def _search_again(self, query: Query, count: int, scope: Scope) -> list[Evidence]:
        """Search once more: what was read may just have been replaced."""
        try:
            with _owned(self.place.index, wait=0):
                self._reopen()
        except Busy as busy:  # this process itself may be writing
            try:
                return self._search(query, count, scope)
            except KutipError:
                raise busy from None
        return self._search(query, count, scope)

    def _open(self) -> None:
        splitter = f"{sentences.VERSION}-{steering.version()}"
        identity = Identity(self.encoder.name, splitter, self.encoder.dimension)
        self._store = Store(self.place.server or self.place.index, _name(self.place), identity)
        self._refresh_words()

    def _reopen(self) -> None:
        self._store.close()
        self._open()

    def _mend(self) -> None:
        """Take up what others wrote; make anew what is damaged."""
        with self._lock:
            try:
                if self._revision() != self._opened:
                    self._reopen()
                self._store.check()
            except DamagedIndex as damage:
                self._store.close()
                self._renew(str(damage))

    def _renew(self, why: str) -> None:
        self._say(f"{why} It is made anew from the articles.")
        erase(self.place)
        self._open()

    def _refresh_words(self) -> None:
        """Make the word index anew unless it is of the store's state; note the revision."""
        folder, catalogue = self.place.index, self._store.catalogue
        found = Words.load(folder, catalogue)
        found = found or Words.build(folder, catalogue, self._store.texts())
        with self._lock:
            self._words, self._opened = found, self._revision()

    def _publish(self) -> None:
        """Make the words fit what was stored; let other clients of a server know of a change."""
        before = self._words.state
        self._refresh_words()
        if self.place.server and self._words.state != before:
            self._store.mark()
            self._opened = self._revision()

    def _revision(self) -> str:
        """Changes whenever another has written this index."""
        if self.place.server:
            return self._store.revision()
        try:
            return str((self.place.index / words.FOLDER / words.KEYS).stat().st_mtime_ns)
        except OSError:
            return ""

    def _follow(self) -> None:
        """Take up what another process has written; while it still writes, stay with what is."""
        if self._revision() == self._opened:
            return
        with suppress(Busy), _owned(self.place.index, wait=0):
            self._reopen()


class Busy(KutipError):
    """Another process is writing the index."""


def erase(place: Place) -> None:
    """Delete the index of `place` (never its articles), whatever it was made with."""
    try:
        shutil.rmtree(place.index / words.FOLDER, ignore_errors=True)
        if place.server:
            store.erase(place.server, _name(place))
        elif (place.index / chroma.FOLDER).exists():
            shutil.rmtree(place.index / chroma.FOLDER)
    except OSError as error:
        raise KutipError(f"the index in {place.index} cannot be deleted: {error}") from error


def rebuild(place: Place, say: Say = lambda _: None) -> None:
    """Delete the index of `place`, unless a process is writing it; the next `Index` starts anew."""
    with _owned(place.index, say):
        erase(place)


@contextmanager
def _owned(folder: Path, say: Say = lambda _: None, wait: float | None = None) -> Iterator[None]:
    """Hold the index alone: Chroma's files bear one process at a time that opens or writes them.

    Waits `wait` seconds for another process, else `WAIT`; then raises `Busy`.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / "writer.lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            wait = WAIT if wait is None else wait
            if wait:
                say(f"Another process is writing the index in {folder}; waiting for it")
            lock.acquire(timeout=wait)
    except Timeout as busy:
        raise Busy(
            f"another process is writing the index in {folder}. Try again when it has finished, or "
            "let both use a Chroma server (KUTIP_CHROMA)."
        ) from busy
    except OSError as error:
        raise KutipError(
            f"the index folder {folder} cannot be written, which is needed even to answer: "
            f"{error}. Choose another (KUTIP_INDEX or --index)."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _name(place: Place) -> str:
    """What Chroma calls the index: on a server by its folder's name, told apart where need be.

    In a folder of its own it has one name always, so that the folder may be renamed or copied.
    """
    if not place.server:
        return "kutip"
    name = place.index.name
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-.") else "-" for c in name).strip(
        "-."
    )
    if safe != name:
        safe = f"{safe}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".lstrip("-")
    return f"kutip-{safe}"
