"""Indexing and asking reach for no network, not even this computer's own."""

from __future__ import annotations

import os

ASK = """
import sys

reached = []

def refuse(event, arguments):
    # A process of its own could reach for it unseen.
    if event in ("os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.system", "subprocess.Popen",
                 "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        reached.append((event, str(arguments[1:])))
        raise OSError(f"the network was reached for: {event} {arguments[1:]}")

sys.addaudithook(refuse)

from assistant import Assistant

with Assistant.open(sys.argv[1], sys.argv[2]) as assistant:
    answer = assistant.ask("Kapan jembatan Kali Sari diresmikan?")
    assert "2019" in answer.text, answer
    assistant.as_query_engine().query("Kapan jembatan Kali Sari diresmikan?")
    assert assistant.as_retriever().retrieve("Kapan jembatan Kali Sari diresmikan?")
print("reached", reached)
"""


def test_index_and_ask_without_any_network(cache, run, write, tmp_path):
    folder = write({"a.txt": "Jembatan Kali Sari diresmikan pada Maret 2019 oleh bupati.\n"})
    assert "HF_HUB_OFFLINE" not in os.environ
    # New each time, so that a library finds nothing that it keeps in the home folder either.
    output = run(ASK, folder, tmp_path / "index", HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path))
    assert output.splitlines()[-1] == "reached []"


def test_the_hook_would_have_seen_it(run):
    refused = ASK.partition("from assistant")[0]
    output = run(
        refused
        + """
import urllib.request
try:
    urllib.request.urlopen("http://127.0.0.1:9/", timeout=1)
except OSError:
    pass
print(len(reached))
"""
    )
    assert int(output.splitlines()[-1]) >= 1


def test_a_hub_name_that_was_never_downloaded_is_refused_within_seconds(run, tmp_path):
    """Where there is no network; the libraries alone would try for over a minute."""
    refused = ASK.partition("from assistant")[0]
    output = run(
        refused
        + """
import time
from index.encoder import load
from index.errors import KutipError
from pathlib import Path
import sentence_transformers
start = time.monotonic()
try:
    load("tidak-ada/model-ini", Path("."))
except KutipError as error:
    print(error)
print("quick" if time.monotonic() - start < 20 else "slow")
""",
        HF_HOME=str(tmp_path),
    )
    assert "the encoder 'tidak-ada/model-ini' cannot be loaded" in output
    assert "KUTIP_ENCODER" in output
    assert output.splitlines()[-1] == "quick"
