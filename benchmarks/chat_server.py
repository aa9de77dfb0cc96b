"""The chat, served for a measurement as `python app.py` serves it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
START = 300  # seconds that a start may take
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]  # of Chromium


@contextmanager
def serving(work: Path, articles: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The chat over a folder of articles: its address, and its process."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KUTIP_") or name == "KUTIP_CACHE"
    }
    out = work / f"{articles.name}.out"
    with out.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py")],
            cwd=work,
            env={
                **kept,
                "KUTIP_ARTICLES": str(articles),
                "KUTIP_INDEX": str(work / f"{articles.name}-index"),
                "KUTIP_PORT": "0",
            },
            stdout=output,
            text=True,
        )
        try:
            until = time.monotonic() + START
            while not (found := re.search(r"Kutip is at (\S+)", out.read_text())):
                if process.poll() is not None or time.monotonic() > until:
                    sys.exit("the chat did not start")
                time.sleep(0.2)
            yield found[1], process
        finally:
            process.terminate()
            process.wait(30)
