"""What the tests share: the bundled encoder, a deterministic stand-in, small folders, processes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import numpy as np
import pytest
from numpy.typing import NDArray
from platformdirs import user_cache_path

from assistant import reader_model
from assistant.reader import Reader
from index import bundled, vocabulary
from index import encoder as encoders
from index.encoder import E5Encoder, normalised
from index.index import Index, Place

if TYPE_CHECKING:
    from fake_openai import FakeOpenAI

hypothesis.settings.register_profile("kutip", deadline=None)  # no test asserts a time
hypothesis.settings.load_profile("kutip")

ROOT = Path(__file__).parents[1]
CACHE = Path(os.environ.get("KUTIP_CACHE") or user_cache_path("kutip")).resolve()

Floats = NDArray[np.float32]


class HashEncoder:
    """Words hashed to vectors: sentences that share words are near, on every machine alike.

    `asked` lists the sentences that it was given to encode for the index, each once a request.
    """

    def __init__(self, name: str = "words-hashed", dimension: int = 1024) -> None:
        self.name, self.dimension = name, dimension
        self.asked: list[str] = []

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def query(self, text: str) -> Floats:
        return normalised(self._sum(text))

    def passages(self, passages: Sequence[Sequence[str]]) -> list[Floats]:
        self.asked += [passage[0] for passage in passages if len(passage) == 1]
        return [self._rows(passage) for passage in passages]

    def _rows(self, passage: Sequence[str]) -> Floats:
        own = normalised(np.stack([self._sum(sentence) for sentence in passage]))
        return own if len(passage) == 1 else normalised(own + 0.1 * own.sum(axis=0))

    def _sum(self, text: str) -> Floats:
        vector = np.full(self.dimension, 1e-3, np.float32)
        for word in re.findall(r"\w+", text.lower()):
            digest = hashlib.blake2b(word.encode(), digest_size=12).digest()
            for part in (digest[:4], digest[4:8], digest[8:]):  # so that no two words are one
                vector[int.from_bytes(part) % self.dimension] += 1
        return vector


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the developer's settings out; what a test starts finds the same cache of models."""
    for name in [name for name in os.environ if name.startswith("KUTIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KUTIP_CACHE", str(CACHE))
    monkeypatch.chdir(tmp_path)  # where there is no kutip.toml


@pytest.fixture(scope="session")
def cache() -> Path:
    """The cache folder, with the bundled models built in it."""
    vocabulary.ensure(CACHE)
    bundled.ensure(CACHE)
    reader_model.ensure(CACHE)
    return CACHE


@pytest.fixture(scope="session")
def encoder(cache: Path) -> E5Encoder:
    """The bundled encoder."""
    loaded = encoders.load(encoders.BUNDLED, cache)
    assert isinstance(loaded, E5Encoder)
    return loaded


@pytest.fixture(scope="session")
def reader(cache: Path) -> Reader:
    """The bundled reader."""
    return Reader.load(cache)


@pytest.fixture
def hashed() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def fake_openai() -> Iterator[FakeOpenAI]:
    """An OpenAI-compatible server of a language model, which says what it is told to."""
    from fake_openai import FakeOpenAI  # not above: other programs run this file as it stands

    with FakeOpenAI() as server:
        yield server


Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write articles, given as text by file name, into one folder; returns the folder."""
    folder = tmp_path / "articles"

    def put(articles: Mapping[str, str]) -> Path:
        folder.mkdir(exist_ok=True)
        for file, text in articles.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(text.encode())
        return folder

    return put


Open = Callable[..., Index]


@pytest.fixture
def open_index(tmp_path: Path, write: Write, hashed: HashEncoder) -> Iterator[Open]:
    """Open the index of the test's folder with hashed words; each is closed when the test ends."""
    with ExitStack() as opened:

        def open_it(encoder: object = hashed, index: str = "index", **rest: object) -> Index:
            place = Place(write({}), tmp_path / index, tmp_path / "cache", **rest)
            return opened.enter_context(Index(place, encoder=encoder))

        yield open_it


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start Python code as a process of its own, killed with the test at the latest."""
    running: list[subprocess.Popen[str]] = []

    def begin(code: str, *arguments: object, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "TESTS": str(ROOT / "tests"),
                **environment,
            },
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def run(start: Start) -> Callable[..., str]:
    """Run Python code as a process of its own; returns what it printed, and fails if it fails."""

    def finish(code: str, *arguments: object, **environment: str) -> str:
        process = start(code, *arguments, **environment)
        output, _ = process.communicate(timeout=200)
        assert process.returncode == 0, output
        return output

    return finish
