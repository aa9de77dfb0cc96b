"""How Chroma is reached, embedded or as a server, and what its errors mean to the user.

Nothing else imports chromadb.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index import vector_files
from index.errors import DamagedIndex, KutipError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

FOLDER = "chroma"


def client(place: Path | str) -> ClientAPI:
    """A client for the index folder `place`, or for the server at that address.

    Raises `DamagedIndex` when the folder's vector files are cut short: the process would crash.
    """
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if isinstance(place, Path):
        folder = place / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        vector_files.measure(folder)
        return chromadb.PersistentClient(_respelled(folder), settings=settings)
    host, port, secure = _address(place)
    _greet(place)
    opened = chromadb.HttpClient(host, port, ssl=secure, settings=settings)
    server: Any = opened
    server._server._session.timeout = PATIENCE  # Chroma sets none: a silent server would hold us
    return opened


_openings = itertools.count()


def _respelled(folder: Path) -> str:
    """The folder, spelt as no other open store of this process spells it.

    Clients with the same spelling share one reader of the files in Chroma, and opening it anew
    would not show what another process wrote meanwhile.
    """
    number = format(next(_openings), "b")
    return str(folder) + "".join("/." if digit == "1" else "//" for digit in number)


PATIENCE = 60.0  # seconds for a server to answer a request
GREETING = 5.0  # seconds for it to say that it is there


def _address(server: str) -> tuple[str, int, bool]:
    """Host, port, and whether it is encrypted."""
    try:
        url = urlsplit(server)
        if url.scheme in ("http", "https") and url.hostname:
            secure = url.scheme == "https"
            return url.hostname, url.port or (443 if secure else 80), secure
    except ValueError:  # a port that is none
        pass
    raise KutipError(f"the Chroma server's address {server!r} is not like http://127.0.0.1:8000")


def _greet(server: str) -> None:
    """Raise `KutipError` unless a Chroma server answers there within seconds."""
    import httpx

    try:
        answer = httpx.get(f"{server.rstrip('/')}/api/v2/heartbeat", timeout=GREETING)
        answer.raise_for_status()
        answer.json()["nanosecond heartbeat"]
    except Exception as error:  # no connection, no such page, or a page that is no heartbeat
        cause = str(error).strip().partition("\n")[0] or type(error).__name__
        raise KutipError(f"no Chroma server answers at {server}: {cause}. {_SERVER}") from error


@contextmanager
def explained(place: Path | str) -> Iterator[None]:
    """Turn what Chroma raises into a message that says what to do."""
    try:
        yield
    except KutipError:
        raise
    except Exception as error:  # Chroma raises its own errors, ValueError, OSError, httpx's
        cause = " ".join(str(error).split())[:300].rstrip(".") or type(error).__name__
        kind, advice = _judged(place, cause)
        where = f"the Chroma server {place}" if isinstance(place, str) else f"the index in {place}"
        raise kind(f"{where}: {cause}. {advice}") from error


_SERVER = "Start it (chroma run --path FOLDER), or correct its address (KUTIP_CHROMA)."
_ANEW = "If it stays so, make the index anew from the articles: kutip index --rebuild."
_ADVICE = {
    r"\bfull\b|no space|too large|disk i/o": "The disk is full or failing: free some space and run "
    "it again; what is done stays.",
    "readonly|read-only|permission|unable to open": "Chroma must be able to write there, even to "
    "answer: choose another folder (KUTIP_INDEX or --index).",
    "locked|busy|too many open": "Another program holds it, or too many are open: try again.",
    "connect|timed out|disconnected": _SERVER,
}
_DAMAGE = re.compile(
    "malformed|not a database|hnsw|pickle|finding id|getting embedding|no such (?:table|column)"
    "|corrupt|mismatched types"
)


def _judged(place: Path | str, cause: str) -> tuple[type[KutipError], str]:
    """Whether `cause` means that stored files are broken, and what the user can do."""
    low = cause.lower()
    for words, advice in _ADVICE.items():
        if re.search(words, low):
            return KutipError, advice
    return (DamagedIndex if _DAMAGE.search(low) else KutipError), _ANEW
