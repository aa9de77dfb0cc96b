"""A Chroma server instead of a folder: the same index, the same answers, clear words when it is gone."""

from __future__ import annotations

import http.server
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from index import chroma, search
from index.errors import KutipError
from index.index import Index, Place, rebuild
from index.scope import Scope

QUESTIONS = [f"Kapan warga kampung{i} memanen padi?" for i in (3, 77, 119)]


class Server:
    """`chroma run` on a free port of this computer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = shutil.which("chroma", path=str(Path(sys.executable).parent))
        assert command, "chromadb's command is not installed"
        place = ["--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [command, "run", *place], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(300):
            try:
                httpx.get(f"{self.address}/api/v2/heartbeat", timeout=1).raise_for_status()
                return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("the server does not start")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(timeout=30)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A server for the tests that leave it running."""
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture
def own(tmp_path):
    """A server that the test may stop."""
    server = Server(tmp_path / "server")
    yield server
    server.stop()


@pytest.fixture
def folder(write):
    return write(
        {
            f"berita-{i}.txt": f"Kabar dari kampung{i}\n\nWarga kampung{i} memanen padi pada tahun "
            f"{1900 + i}. Hasilnya {i + 2} ton. Harga gabah kampung{i} naik.\n"
            for i in range(120)
        }
    )


@pytest.fixture
def at(folder, tmp_path):
    def place(server: str | None, name: str = "index") -> Place:
        return Place(folder, tmp_path / name, tmp_path / "cache", server)

    return place


def answers(index: Index) -> list[str]:
    return [index.search(question)[0].sentence.text for question in QUESTIONS]


def test_a_server_holds_the_same_as_a_folder(shared, at, hashed):
    with Index(at(None, "embedded"), encoder=hashed) as embedded:
        embedded.synchronise()
        with Index(at(shared.address, "same"), encoder=hashed) as served:
            report = served.synchronise()
            assert report.new == 120
            assert sorted(map(str, served._store.texts())) == sorted(
                map(str, embedded._store.texts())
            )
            assert answers(served) == answers(embedded)
            assert [int(text.split()[-1].rstrip(".")) for text in answers(served)] == [
                1903,
                1977,
                2019,
            ]
    with Index(at(shared.address, "same"), encoder=hashed) as again:
        assert again.synchronise().unchanged == 120


def test_a_scope_is_searched_on_a_server(shared, at, hashed, write, monkeypatch):
    write({f"laut/{i}.txt": f"Nelayan laut{i} memanen ikan pada tahun {i}.\n" for i in range(30)})
    with Index(at(shared.address, "cakupan"), encoder=hashed) as index:
        index.synchronise()
        for few in (search.FEW, 0):  # sentence by sentence, and as Chroma finds them
            monkeypatch.setattr(search, "FEW", few)
            found = index.search("Kapan warga kampung3 memanen padi?", 30, scope=Scope("laut"))
            assert found
            assert {item.sentence.file.partition("/")[0] for item in found} == {"laut"}


def test_indexes_of_one_server_are_apart_by_the_name_of_their_folder(shared, at, hashed, write):
    with Index(at(shared.address, "satu"), encoder=hashed) as first:
        first.synchronise()
        names = ("dua", "新", "新聞", "Berita Ekonomi", "x" * 200)
        for name in names:
            with Index(at(shared.address, name), encoder=hashed) as other:
                assert other.files == 0
                assert other.search("padi") == []
        for name in names:
            with Index(at(shared.address, name), encoder=hashed) as other:
                other.synchronise()
                assert other.files == 120


def test_a_rebuild_on_a_server_starts_anew_and_leaves_the_others(shared, at, hashed):
    for name in ("tetap", "baru"):
        with Index(at(shared.address, name), encoder=hashed) as index:
            index.synchronise()
    rebuild(at(shared.address, "baru"))
    with Index(at(shared.address, "baru"), encoder=hashed) as index:
        assert index.files == 0
        assert index.synchronise().new == 120
    with Index(at(shared.address, "tetap"), encoder=hashed) as index:
        assert index.files == 120


def test_very_long_sentences_pass_a_servers_limit(shared, at, hashed, write):
    write({f"panjang-{i}.txt": f"nomor{i} " + "kata " * 900_000 for i in range(3)})
    with Index(at(shared.address, "panjang"), encoder=hashed) as index:
        index.synchronise()
        assert index.files == 123
        assert max(len(text) for _, text in index._store.texts()) > 4_000_000


def test_another_clients_work_is_found(shared, at, hashed, write):
    """Two computers with one server: each has its own index folder of the same name."""
    with Index(at(shared.address, "a/bersama"), encoder=hashed) as one:
        one.synchronise()
        with Index(at(shared.address, "b/bersama"), encoder=hashed) as two:
            assert answers(two) == answers(one)
            write({"paus.txt": "Seekor paus terdampar kemarin di Kupang.\n"})
            one.synchronise()
            assert "paus" in two.search("Di mana paus terdampar kemarin?")[0].sentence.text


def test_two_clients_that_index_at_once_agree_after_one_more_run(shared, at, hashed):
    with (
        Index(at(shared.address, "a/serentak"), encoder=hashed) as one,
        Index(at(shared.address, "b/serentak"), encoder=hashed) as two,
    ):
        errors: list[KutipError] = []

        def synchronise(index: Index) -> None:
            try:
                index.synchronise()
            except KutipError as error:
                errors.append(error)

        threads = [threading.Thread(target=synchronise, args=(each,)) for each in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
    with Index(at(shared.address, "a/serentak"), encoder=hashed) as index:
        index.synchronise()
        assert index.files == 120
        assert index._store._sentences.count() == len(list(index._store.texts()))


def test_no_server_is_said_within_seconds(at, hashed):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(KutipError, match=f"no Chroma server answers at {address}.*chroma run"):
            Index(at(address), encoder=hashed)
    with pytest.raises(KutipError, match="no Chroma server answers"):
        Index(at("http://tidak-ada.invalid:8000"), encoder=hashed)


def test_a_server_that_never_answers_is_given_up(at, hashed, monkeypatch):
    monkeypatch.setattr(chroma, "GREETING", 0.3)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(KutipError, match="no Chroma server answers"):
            Index(at(f"http://127.0.0.1:{silent.getsockname()[1]}"), encoder=hashed)


def test_another_kind_of_server_is_told_from_chroma(at, hashed):
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        with pytest.raises(KutipError, match="no Chroma server answers"):
            Index(at(f"http://127.0.0.1:{other.server_port}"), encoder=hashed)
        other.shutdown()


def test_a_server_killed_while_indexing_is_said_and_the_next_run_is_right(own, at, hashed):
    with Index(at(None, "embedded"), encoder=hashed) as embedded:
        embedded.synchronise()
        right = answers(embedded)
    with Index(at(own.address), encoder=hashed) as index:

        def kill(done: int, of: int) -> None:
            if done == 60:
                own.stop()

        with pytest.MonkeyPatch.context() as small:
            small.setattr("index.synchronise.CHUNK", 40)
            with pytest.raises(KutipError, match=f"the Chroma server {own.address}.*chroma run"):
                index.synchronise(kill)
        with pytest.raises(KutipError, match=r"Chroma server.*chroma run"):
            index.search("padi")
        own.start()
        index.search("padi")  # it is found again without opening anew
        index.synchronise()
        assert index.files == 120
        assert answers(index) == right
