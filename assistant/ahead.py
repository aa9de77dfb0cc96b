"""Loading the models while Python still imports the rest: native code, which runs beside Python's own."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path


def load_ahead(cache: Path, encoder: str) -> None:
    """Begin to load the models from the `cache` folder in a thread of its own, if all are built.

    Whoever asks for them then waits for that thread. What is wrong with them is left for those to tell.
    """
    threading.Thread(target=_load, args=(cache, encoder)).start()


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
