"""The chat as a program: how it starts, ends, and what it loads."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from browsing import PATIENCE, ROOT, Chat, end, environment, serving


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(by: signal.Signals, cache: Path, tmp_path: Path) -> None:
    with serving(tmp_path, cache) as running:
        assert end(running.process, by) in (0, 130)
    assert "Traceback" not in (tmp_path / "err").read_text()


def test_a_taken_port_is_told_before_anything_is_indexed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = started(tmp_path, KUTIP_PORT=port)
    assert ended.returncode == 1
    assert f"port {port}" in ended.stderr
    assert "KUTIP_PORT" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("name", ["KUTIP_USER", "KUTIP_PASSWORD"])
def test_half_a_login_is_no_login(name: str, tmp_path: Path) -> None:
    ended = started(tmp_path, **{name: "ani"})
    assert ended.returncode == 1
    assert "KUTIP_USER and KUTIP_PASSWORD belong together" in ended.stderr


def started(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """The chat started, without articles, until it ends."""
    return subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        cwd=folder,
        env=environment(folder / "cache", **settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


ANSWERING = """
import sys
from pathlib import Path
from assistant import Assistant
from chat.desk import Desk
from chat.page import build
from index.scope import WHOLE
with Assistant.open(sys.argv[1], sys.argv[2]) as assistant:
    desk = Desk(assistant, Path(sys.argv[2]) / "votes")
    build(desk)
    *_, turns = desk.reply("Siapa yang meresmikan Jembatan Kali Loji?", [], WHOLE, "id")
assert turns[0].answer.citations
print(sorted({"torch", "transformers", "sentence_transformers"} & sys.modules.keys()))
"""


def test_answering_loads_no_torch(chat: Chat, cache: Path, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ANSWERING, str(chat.folder), str(tmp_path / "index")],
        cwd=ROOT,
        env=environment(cache),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.stdout.strip() == "[]", ended.stderr
