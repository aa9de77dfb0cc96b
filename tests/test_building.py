"""Models are built by a process of their own: what it takes does not stay, what it says is passed on."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from index import building, bundled
from index.errors import KutipError

# Functions that `apart` can name, as the builds of the models are.


def ensured(cache, say):
    say("Preparing the model: ½")
    (cache / "model").mkdir()
    (cache / "model" / "weights").write_text("made")
    return cache / "model"


def refused(cache, say):
    print("a library's note")
    raise KutipError(f"the model cannot be prepared in {cache}: no space")


def broken(cache, say):
    raise RuntimeError("out of memory")


def endless(cache, say):
    (cache / "process").write_text(str(os.getpid()))
    say("Preparing the model")
    time.sleep(600)


@pytest.fixture
def built(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))

    def build(ensure, say=lambda _: None, *rest):
        return building.apart(ensure, tmp_path / "model", ["weights"], tmp_path, say, *rest)

    return build


def test_what_is_built_apart_is_there_and_what_is_said_is_passed_on(built, tmp_path):
    said: list[str] = []
    assert built(ensured, said.append) == tmp_path / "model"
    assert (tmp_path / "model" / "weights").read_text() == "made"
    assert said == ["Preparing the model: ½"]


def test_what_is_there_is_not_built_again(built, tmp_path):
    built(ensured)
    (tmp_path / "model" / "weights").write_text("kept")
    said: list[str] = []
    built(ensured, said.append)
    assert (tmp_path / "model" / "weights").read_text() == "kept"
    assert said == []


def test_why_it_cannot_be_built_is_told(built, tmp_path):
    with pytest.raises(KutipError, match=r"^the model cannot be prepared in .*: no space$"):
        built(refused)
    with pytest.raises(KutipError, match="RuntimeError: out of memory"):
        built(broken)


def test_a_build_that_is_interrupted_is_ended(built, tmp_path):
    def stop(said):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        built(endless, stop)
    with suppress(psutil.NoSuchProcess):  # it may be gone already
        psutil.Process(int((tmp_path / "process").read_text())).wait(60)


def test_a_package_named_index_where_one_stands_is_not_run(built, tmp_path, monkeypatch):
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "__init__.py").write_text("raise SystemExit('not Kutip')")
    monkeypatch.chdir(tmp_path)
    assert built(ensured)


def test_the_cache_that_cannot_be_written_is_named_by_the_other_process(tmp_path):
    (tmp_path / "file").write_text("")
    cache = tmp_path / "file" / "cache"
    with pytest.raises(KutipError, match="KUTIP_CACHE"):
        building.apart(bundled.ensure, bundled.folder(cache), bundled.FILES, cache, print)
