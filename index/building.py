"""Making something once in the cache: under a lock, beside its place, from files that are checked."""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.engine import silent_openvino
from index.errors import KutipError

if TYPE_CHECKING:
    from torch import nn

Say = Callable[[str], None]


def made(
    target: Path,
    files: Sequence[str],
    make: Callable[[Path], None],
    what: str,
    space: str,
    say: Say,
) -> Path:
    """The folder `target` with at least these `files`, filled by `make` if it is not there yet.

    `what` it is ("encoder x") and the `space` it takes are for messages; `say` is told what goes on. It is
    made beside and renamed when whole, under a lock, so that a killed build leaves nothing half-made and
    two at once do the work once. Raises `KutipError` when that fails.
    """
    if is_whole(target, files):
        return target
    try:
        with _alone(target.parent, what, say):
            if not is_whole(target, files):
                say(f"Preparing the {what} in {target} (once, half a minute at most)")
                _replace(target, make)
    except KutipError:
        raise
    except Exception as error:  # a full disk makes each library raise its own
        raise KutipError(
            f"the {what.partition(' ')[0]} cannot be prepared in {target.parent}: {error}. It needs about "
            f"{space} of disk there; free some, or set KUTIP_CACHE to a folder that can be written."
        ) from error
    return target


def apart(
    ensure: Callable[..., Path],
    target: Path,
    files: Sequence[str],
    cache: Path,
    say: Say,
    *rest: str,
) -> Path:
    """`ensure(cache, say, *rest)`, which gives the folder `target`, by a process of its own if need be.

    So the gigabyte that torch takes goes when it is built. `ensure` is a function of a module. Raises
    `KutipError` with what that process says.
    """
    if is_whole(target, files):
        return target
    root = str(Path(__file__).parents[1])  # so that it runs this very code
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8"}
    command = [
        sys.executable,
        "-m",
        __name__,
        ensure.__module__,
        ensure.__name__,
        str(cache),
        *rest,
    ]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints,
        subprocess.Popen(
            command,
            env={**os.environ, **own},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            encoding="utf-8",
            errors="replace",
        ) as child,
    ):
        try:
            for line in child.stdout or ():
                say(line.rstrip("\n"))
            child.wait()
        except BaseException:
            child.terminate()
            raise
        complaints.seek(0)
        last = complaints.read().strip().rpartition("\n")[2]
    if child.returncode:
        raise KutipError(
            last or f"the process that prepares {target} ended with {child.returncode}"
        )
    return target


def main() -> int:
    """What `apart` starts: the module, function, cache and further arguments are those of the command."""
    module, function, cache, *rest = sys.argv[1:]
    try:
        ensure = getattr(importlib.import_module(module), function)
        ensure(Path(cache), lambda said: print(said, flush=True), *rest)
    except KutipError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def checked(path: Path, sha256: str, advice: str) -> Path:
    """The path, once the file's sha256 is the expected one. Raises `KutipError` that ends in `advice`."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise KutipError(f"{path}: {error}. {advice}") from error
    if digest != sha256:
        raise KutipError(
            f"{path} is not the file that Kutip was tested with (sha256 {digest}, expected {sha256}). "
            f"{advice}"
        )
    return path


def save_openvino(model: nn.Module, dimension: int, out: Path) -> None:
    """Convert a BERT in torch to OpenVINO, weights in float16: `out` is the .xml file, a .bin lies beside.

    What is saved takes word vectors of that `dimension` in float16, as `Vocabulary.vectors` gives them, and
    the attention mask.
    """
    import torch

    openvino = silent_openvino()
    from openvino.preprocess import PrePostProcessor

    example = {
        "inputs_embeds": torch.zeros(2, 8, dimension),
        "attention_mask": torch.ones(2, 8, dtype=torch.int64),
    }
    with torch.no_grad():
        converted = openvino.convert_model(model.eval(), example_input=example)
    steps = PrePostProcessor(converted)
    steps.input("inputs_embeds").tensor().set_element_type(openvino.Type.f16)
    openvino.save_model(steps.build(), out, compress_to_fp16=True)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep torch's and transformers' progress bars and notes off the user's terminal during a build."""
    import logging
    import warnings

    from transformers.utils import logging as chatter

    chatter.disable_progress_bar()
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
        chatter.enable_progress_bar()


def is_whole(target: Path, files: Sequence[str]) -> bool:
    return all((target / file).is_file() for file in files)


@contextmanager
def _alone(models: Path, what: str, say: Say) -> Iterator[None]:
    """Hold the folder `models` while building; whoever comes second waits."""
    from filelock import FileLock, Timeout

    models.mkdir(parents=True, exist_ok=True)
    lock = FileLock(models / "build.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"Another process is preparing the {what} in {models}; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _replace(target: Path, make: Callable[[Path], None]) -> None:
    """Make beside `target` and put it in its place; what a killed build left is deleted first."""
    partial = target.with_name(f"{target.name}.partial")
    for left in (partial, target):
        if left.exists():
            shutil.rmtree(left)
    try:
        partial.mkdir(parents=True)
        make(partial)
        os.rename(partial, target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


if __name__ == "__main__":
    sys.exit(main())
