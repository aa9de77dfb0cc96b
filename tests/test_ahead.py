"""The models are loaded ahead where they are built, and nothing is built ahead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from index.encoder import BUNDLED

AHEAD = """
import sys, threading
from pathlib import Path
from assistant.ahead import load_ahead

load_ahead(Path(sys.argv[1]), sys.argv[2])
for thread in threading.enumerate():
    if thread.name == "ahead":
        thread.join()

from index import engine
made = engine._core().__class__.compile_model
def compile_model(*args):
    print("compiled late")
    return made(*args)
engine._core().__class__.compile_model = compile_model

from assistant.reader import Reader
from index import encoder
encoder.load(sys.argv[2], Path(sys.argv[1]))
Reader.load(Path(sys.argv[1]))
"""


def ahead(program: str, cache: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, str(cache), BUNDLED],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=250,
    )


def test_what_is_loaded_ahead_is_not_loaded_again(cache):
    done = ahead(AHEAD, cache)
    assert (done.returncode, done.stdout) == (0, "")


def test_nothing_is_built_ahead(tmp_path):
    program = AHEAD.partition("from index import engine")[0]
    done = ahead(program, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not list(tmp_path.iterdir())


def test_a_damaged_model_is_left_for_those_who_need_it(cache, tmp_path):
    for folder in (cache / "models").iterdir():
        if folder.is_dir():
            copied = tmp_path / "models" / folder.name
            for file in folder.rglob("*"):
                if file.is_file() and file.suffix != ".safetensors":
                    (copied / file.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
                    (copied / file.relative_to(folder)).write_bytes(b"damaged")
            (copied / "model.safetensors").write_bytes(b"damaged")
    program = AHEAD.partition("from index import engine")[0]
    done = ahead(program, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
