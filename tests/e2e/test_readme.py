"""What the README shows in Python runs as it stands, from the project's folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_python_of_the_readme_runs(number, cache, chat, tmp_path):
    code = "from assistant import Assistant\n" + BLOCKS[number]
    code = code.replace("http://127.0.0.1:7860", chat.address)
    environment = {**os.environ, "HOME": str(tmp_path), "KUTIP_CACHE": str(cache)}
    environment["KUTIP_INDEX"] = str(tmp_path / "index")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert ".txt" in done.stdout
