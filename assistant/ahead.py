"""Loading the models while Python imports the rest: native code, which runs beside Python's own."""

from __future__ import annotations

import threading
from contextlib import suppress
from importlib import import_module
from pathlib import Path


def load_ahead(cache: Path, encoder: str) -> None:
    """Load the models from the `cache` folder in a thread of its own, if all are built, and libraries here.

    Whoever asks for a model then waits for that thread. What is wrong with one is left for those to tell.
    """
    # What both threads need comes first: a package that two import at once is met half made by one of them.
    for module in ("assistant.reader", "index.encoder"):
        import_module(module)
    threading.Thread(target=_load, args=(cache, encoder), name="ahead").start()
    for library in ("chromadb", "bm25s"):  # the slow ones, else imported when the models are there
        import_module(library)


def _load(cache: Path, encoder: str) -> None:
    from assistant import reader_model
    from assistant.reader import Reader
    from index import bundled, vocabulary
    from index.building import is_whole
    from index.encoder import load

    needed = {
        vocabulary.folder(cache): vocabulary.FILES,
        reader_model.folder(cache): reader_model.FILES,
        bundled.folder(cache, encoder): bundled.FILES,
    }
    if all(is_whole(folder, files) for folder, files in needed.items()):
        with suppress(Exception):
            load(encoder, cache)
            Reader.load(cache)
