"""The vector store: one Chroma record a sentence, one an article.

An article's record is written after its sentences and names the version (sha256) that counts, so a
write that was cut off is never visible: sentences whose article record is missing or names another
version are not evidence, and the next `sweep` removes them.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from index.chroma import client, explained
from index.errors import DamagedIndex, OtherIndex
from index.records import Article, Sentence

if TYPE_CHECKING:
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

Floats = NDArray[np.float32]
T = TypeVar("T")

BATCH = 1000  # records a request, where Chroma takes 5,461
BATCH_BYTES = 8 << 20  # of text and vectors a request, where a server takes 40 MiB as JSON
FILES = 20_000  # named in one request; SQLite takes 32,766 variables, Chroma uses some itself
# The graph that vectors are searched through: built with less looking around than Chroma's own 100, searched
# with more. 61,390 sentences are indexed in 542 s instead of 625, and of the 40 nearest to a question .979
# are found instead of .933 (benchmarks/indexing.py).
HNSW: CreateHNSWConfiguration = {"space": "cosine", "ef_construction": 48, "ef_search": 300}
SENTINELS = 5  # records that must find themselves for the vectors to be called whole


@dataclass(frozen=True, slots=True)
class Identity:
    """What the vectors were made with; an index made with anything else is not comparable.

    `splitter` is the version of what decides which sentences there are, and which may be evidence.
    """

    encoder: str
    splitter: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Filed:
    """An article as stored: the version that counts, and how many sentences may be evidence."""

    file: str
    sha256: str
    sentences: int
    title: str | None
    published: date | None


@dataclass(frozen=True, slots=True)
class Key:
    """A record's place: the `place`-th sentence (from 0, furniture left out) of a version."""

    file: str
    sha256: str
    place: int

    def __str__(self) -> str:
        return f"{self.sha256[:16]}/{self.place}/{self.file}"


@dataclass(frozen=True, slots=True)
class Record:
    """A sentence as stored, with its vector."""

    key: Key
    sentence: Sentence
    vector: Floats


class Store:
    """Sentences and articles of one index, embedded in a folder or on a Chroma server.

    One thread may write while others read.
    """

    def __init__(self, place: Path | str, name: str, identity: Identity) -> None:
        """Open or create. `place`: the index folder, or a server's address as `http://host:port`.

        `name` tells the indexes of one server apart. Raises `DamagedIndex` when what is stored is
        broken, `OtherIndex` when it holds another `identity`'s vectors, `KutipError` when the place
        cannot be used.
        """
        self._place, self._name = place, name
        with explained(place):
            self._client = client(place)
        try:
            self._open(identity)
        except BaseException:
            self.close()
            raise

    def _open(self, identity: Identity) -> None:
        described = {
            "encoder": identity.encoder,
            "splitter": identity.splitter,
            "dimension": identity.dimension,
        }
        with explained(self._place):
            self._sentences = self._collection("sentences", described)
            self._articles = self._collection("articles", {"holds": "articles"})
            self._compare(described)
            self._catalogue = {filed.file: filed for filed in self._filed()}

    @property
    def catalogue(self) -> Mapping[str, Filed]:
        """The articles that the index holds, by file."""
        return self._catalogue

    def snapshot(self) -> Store:
        """The store with the catalogue that it has now, for reading while another thread writes."""
        return copy.copy(self)

    def revision(self) -> str:
        """Changes when a client has marked this index on its server, or made it anew."""
        with explained(self._place):
            held = self._client.get_collection(self._articles.name, embedding_function=None)
            return f"{held.id} {(held.metadata or {}).get('revision')}"

    def mark(self) -> None:
        """Let the server's other clients know that the index has changed."""
        with explained(self._place):
            self._articles.modify(metadata={"holds": "articles", "revision": uuid.uuid4().hex})

    def close(self) -> None:
        """Let go of the files, so that the folder can be opened anew or deleted."""
        cast(Any, self._client).close()

    def check(self) -> None:
        """Raise `DamagedIndex` when the vectors cannot be found by searching.

        Chroma keeps texts and vectors in different files: with the vector files lost, counts and
        texts still look right while a query finds next to nothing. The oldest records are asked
        for: they are the ones that exist in the vector files alone.
        """
        with explained(self._place):
            count = self._sentences.count()
            if not count:
                return
            sample = self._sentences.get(limit=SENTINELS, include=["embeddings"])
            vectors = np.asarray(sample["embeddings"], np.float32)
            wanted = min(count, 10)
            found = self._sentences.query(
                query_embeddings=vectors, n_results=wanted, include=["distances"]
            )
        # The search is approximate: now and then it misses one, never all of them.
        itself = [row for row in found["distances"] or [] if len(row) == wanted and row[0] < 1e-3]
        if not itself:
            raise DamagedIndex(f"the index in {self._place} has lost vectors")

    def put(self, articles: Sequence[tuple[Article, Sequence[Sentence], Floats]]) -> None:
        """Store articles, new or in a new version, with their evidence sentences and its vectors.

        The new version is written whole before the old one is deleted.
        """
        old = [self._catalogue[a.file] for a, _, _ in articles if a.file in self._catalogue]
        with explained(self._place):
            self._upsert_sentences(articles)
            filed = [_file_of(article, len(sentences)) for article, sentences, _ in articles]
            self._upsert_articles(filed)
            self._catalogue = {**self._catalogue, **{f.file: f for f in filed}}
            self._delete_sentences(f for f in old if self._catalogue[f.file].sha256 != f.sha256)

    def remove(self, files: Iterable[str]) -> None:
        """Forget the articles `files`."""
        gone = [self._catalogue[file] for file in files if file in self._catalogue]
        with explained(self._place):
            for part in _parts([filed.file for filed in gone]):
                self._articles.delete(ids=part)
            dropped = {filed.file for filed in gone}
            kept = {file: f for file, f in self._catalogue.items() if file not in dropped}
            self._catalogue = kept
            self._delete_sentences(gone)

    def sweep(self) -> None:
        """Delete the sentences that belong to no version that counts, left by a write cut off."""
        with explained(self._place):
            if self._sentences.count() == sum(f.sentences for f in self._catalogue.values()):
                return
            present = set(self._sentences.get(include=[])["ids"])
            wanted = {
                str(key): filed for filed in self._catalogue.values() for key in keys_of(filed)
            }
            for part in _parts(sorted(present - wanted.keys())):
                self._sentences.delete(ids=part)
        # What misses some of its sentences is forgotten, and so indexed again.
        self.remove({wanted[key].file for key in wanted.keys() - present})

    def nearest(
        self, vector: Floats, count: int, files: Iterable[str] | None = None
    ) -> list[tuple[Record, float]]:
        """The `count` records most similar to `vector` (dimension,), with cosines, best first.

        `files`: only the records of these articles. The more there are, the longer it takes: of 4,000
        files with 48,000 records about 40 ms for 100 and 250 ms for all, against 5 ms without `files`.
        """
        if files is None:
            return self._query(vector, count, None)
        parts = _parts(sorted(files), most=FILES)
        found = [
            pair for p in parts for pair in self._query(vector, count, {"file": {"$in": [*p]}})
        ]
        return sorted(found, key=lambda pair: -pair[1])[:count]

    def _query(
        self, vector: Floats, count: int, where: dict[str, Any] | None
    ) -> list[tuple[Record, float]]:
        with explained(self._place):
            found = self._sentences.query(
                query_embeddings=vector[None],
                n_results=count,
                where=where,
                include=["documents", "metadatas", "embeddings", "distances"],
            )
            rows = [cast(Any, found)[part][0] for part in (*_PARTS, "distances")]
            pairs = [(_record(*row), 1 - distance) for *row, distance in zip(*rows, strict=True)]
        return [(record, cosine) for record, cosine in pairs if record and self._counts(record.key)]

    def get(self, keys: Iterable[Key]) -> dict[Key, Record]:
        """The records of those `keys` that exist."""
        ids = list(dict.fromkeys(str(key) for key in keys if self._counts(key)))
        if not ids:
            return {}
        with explained(self._place):
            found = self._sentences.get(ids=ids, include=["documents", "metadatas", "embeddings"])
            rows = [cast(Any, found)[part] for part in _PARTS]
            records = [_record(*row) for row in zip(*rows, strict=True)]
        return {record.key: record for record in records if record}

    def texts(self) -> Iterator[tuple[Key, str]]:
        """Every sentence that may be evidence, by file and place."""
        return self.openings(self._catalogue)

    def openings(self, files: Iterable[str], count: int | None = None) -> Iterator[tuple[Key, str]]:
        """The first `count` sentences of articles that may be evidence, or all, by file and place."""
        held = self._catalogue
        keys = [key for f in files if f in held for key in keys_of(held[f], count)]
        for part in _parts(keys):
            with explained(self._place):
                found = self._sentences.get(ids=[str(key) for key in part], include=["documents"])
            texts = dict(zip(found["ids"], found["documents"] or [], strict=True))
            for key in part:
                if str(key) in texts:
                    yield key, texts[str(key)]

    def _counts(self, key: Key) -> bool:
        filed = self._catalogue.get(key.file)
        return filed is not None and filed.sha256 == key.sha256

    def _collection(self, part: str, metadata: dict[str, Any]) -> Collection:
        return self._client.get_or_create_collection(
            f"{self._name}-{part}",
            metadata=metadata,
            embedding_function=None,  # else Chroma would download a model of its own
            configuration={"hnsw": HNSW},
        )

    def _compare(self, wanted: Mapping[str, Any]) -> None:
        held = self._sentences.metadata or {}
        differing = [
            f"{part} {held.get(part)!r} instead of {value!r}"
            for part, value in wanted.items()
            if held.get(part) != value
        ]
        if differing:
            raise OtherIndex(
                f"the index in {self._place} was made with {' and '.join(differing)}. Make it anew "
                "(kutip index --rebuild), or use the settings or the version that it was made with."
            )

    def _upsert_sentences(
        self, articles: Sequence[tuple[Article, Sequence[Sentence], Floats]]
    ) -> None:
        rows = [
            (Key(article.file, article.sha256, place), article, sentence, vector)
            for article, sentences, vectors in articles
            for place, (sentence, vector) in enumerate(zip(sentences, vectors, strict=True))
        ]
        for part in _parts(rows, lambda row: 4 * len(row[2].text) + row[3].nbytes):
            self._sentences.upsert(
                ids=[str(key) for key, _, _, _ in part],
                embeddings=np.stack([vector for _, _, _, vector in part]),
                documents=[sentence.text for _, _, sentence, _ in part],
                metadatas=[_metadata(key, article, s) for key, article, s, _ in part],
            )

    def _upsert_articles(self, filed: Sequence[Filed]) -> None:
        for part in _parts(filed):
            self._articles.upsert(
                ids=[f.file for f in part],
                embeddings=np.tile(_NOWHERE, (len(part), 1)),
                documents=[f.title or "" for f in part],
                metadatas=[
                    {"sha256": f.sha256, "sentences": f.sentences, **_dated(f.published)}
                    for f in part
                ],
            )

    def _delete_sentences(self, gone: Iterable[Filed]) -> None:
        ids = [str(key) for filed in gone for key in keys_of(filed)]
        for part in _parts(ids):
            self._sentences.delete(ids=part)

    def _filed(self) -> Iterator[Filed]:
        found = self._articles.get(include=["documents", "metadatas"])
        rows = zip(found["ids"], found["documents"] or [], found["metadatas"] or [], strict=True)
        for file, title, metadata in rows:
            held = cast(dict[str, Any], metadata)
            published = _date(held.get("published"))
            yield Filed(file, held["sha256"], held["sentences"], title or None, published)


def erase(server: str, name: str) -> None:
    """Delete the vectors of the index `name` from a Chroma server."""
    with explained(server):
        opened = client(server)
        held = {collection.name for collection in opened.list_collections()}
        for part in ("sentences", "articles"):
            if f"{name}-{part}" in held:
                opened.delete_collection(f"{name}-{part}")


_PARTS = ("documents", "metadatas", "embeddings")


def _record(text: str, held: Mapping[str, Any] | None, vector: Any) -> Record | None:
    """A record from what Chroma returns; None for one that is just being deleted."""
    if held is None:
        return None
    key = Key(held["file"], held["sha256"], held["place"])
    sentence = Sentence(held["file"], held["number"], held["start"], held["end"], text)
    return Record(key, sentence, np.asarray(vector, np.float32))


_NOWHERE = np.array([1, 0], np.float32)  # Chroma wants a vector of articles too; none is searched


def _file_of(article: Article, sentences: int) -> Filed:
    return Filed(article.file, article.sha256, sentences, article.title, article.published)


def keys_of(filed: Filed, most: int | None = None) -> Iterator[Key]:
    """The places of an article's sentences, or of the first `most`."""
    return (Key(filed.file, filed.sha256, place) for place in range(filed.sentences)[:most])


def _metadata(key: Key, article: Article, sentence: Sentence) -> dict[str, str | int]:
    return {
        "file": key.file,
        "sha256": key.sha256,
        "place": key.place,
        "number": sentence.number,
        "start": sentence.start,
        "end": sentence.end,
        **_dated(article.published),
    }


def _dated(published: date | None) -> dict[str, int]:
    """As the number 20190130, so that Chroma can compare dates; left out when there is none."""
    return {"published": int(f"{published:%Y%m%d}")} if published else {}


def _date(number: int | None) -> date | None:
    return date(number // 10000, number // 100 % 100, number % 100) if number else None


def _parts(
    rows: Sequence[T], size: Callable[[T], int] = lambda _: 0, most: int | None = None
) -> Iterator[list[T]]:
    """Runs of at most `BATCH` (or `most`) rows, and of `BATCH_BYTES` unless one row alone has more."""
    most = most or BATCH
    part: list[T] = []
    held = 0
    for row in rows:
        if part and (len(part) == most or held + size(row) > BATCH_BYTES):
            yield part
            part, held = [], 0
        part.append(row)
        held += size(row)
    if part:
        yield part
