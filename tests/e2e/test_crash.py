"""Indexing that is killed, stopped, crowded or out of disk: the next run puts everything right."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from index.index import Index, Place

SECONDS = 120  # no child needs as long

# Indexes a folder with hashed words, slowly enough to be met in the middle, and prints each step.
SLOW = """
import os, runpy, sys, time
from pathlib import Path
from index import synchronise
from index.index import Index, Place

synchronise.CHUNK = 40
HashEncoder = runpy.run_path(os.environ["TESTS"] + "/conftest.py")["HashEncoder"]
articles, index, pause = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])

def progress(done, of):
    print(done, flush=True)
    time.sleep(pause)

try:
    with Index(Place(articles, index, index), print, HashEncoder()) as opened:
        report = opened.synchronise(progress)
    print("done", report.new, report.changed, report.unchanged, report.removed, flush=True)
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


@pytest.fixture
def folder(write):
    """Some hundred short articles."""
    return write(
        {
            f"kabupaten-{i % 7}/berita-{i}.txt": f"Kabar dari kampung{i}\n\nWarga kampung{i} memanen "
            f"padi pada tahun {1900 + i}. Hasilnya {i + 2} ton. Harga gabah kampung{i} naik.\n"
            for i in range(240)
        }
    )


@pytest.fixture
def whole(folder, tmp_path, hashed):
    """What an undisturbed run stores and answers."""
    with Index(Place(folder, tmp_path / "undisturbed", tmp_path), encoder=hashed) as index:
        index.synchronise()
        return contents(index)


def contents(index: Index) -> tuple[set[str], list[list[str]]]:
    ids = set(index._store._sentences.get(include=[])["ids"])
    questions = [f"Kapan warga kampung{i} memanen padi?" for i in (3, 77, 150, 239)]
    return ids, [[e.sentence.text for e in index.search(q)][:1] for q in questions]


def wait_for(process: subprocess.Popen[str], files: int) -> None:
    """Until the child says that so many files are done."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip().isdigit() and int(line) >= files:
            return
    raise AssertionError("the child ended early")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_stopped_again_and_again_the_next_run_ends_with_the_same_index(
    how, folder, whole, start, tmp_path, hashed
):
    chance = random.Random(how)
    for files in sorted(chance.sample(range(5, 240), 5)):
        process = start(SLOW, folder, tmp_path / "index", 0.004)
        wait_for(process, files)
        time.sleep(chance.random() * 0.05)
        process.send_signal(how)
        process.communicate(timeout=SECONDS)
    hashed.asked.clear()
    with Index(Place(folder, tmp_path / "index", tmp_path), encoder=hashed) as index:
        report = index.synchronise()
        assert report.unchanged > 0  # what was done before is not done again
        assert contents(index) == whole


def test_killed_while_versions_change_no_old_sentence_is_left(
    folder, start, tmp_path, hashed, write
):
    with Index(Place(folder, tmp_path / "index", tmp_path), encoder=hashed) as index:
        index.synchronise()
    old = {file.name: file.read_text() for file in folder.rglob("*.txt")}
    for file in folder.rglob("*.txt"):
        file.write_text(file.read_text().replace("padi", "jagung"))
    (folder / "kabupaten-0" / "berita-0.txt").unlink()
    for files in (60, 170):
        process = start(SLOW, folder, tmp_path / "index", 0.004)
        wait_for(process, files)
        process.kill()
        process.communicate(timeout=SECONDS)
    with Index(Place(folder, tmp_path / "index", tmp_path), encoder=hashed) as index:
        index.synchronise()
        texts = [text for _, text in index._store.texts()]
        assert index.files == len(old) - 1
        assert index._store._sentences.count() == len(texts)
        assert not any("padi" in text for text in texts)


def test_two_runs_at_once_one_waits_and_both_end_well(folder, whole, start, tmp_path, hashed):
    runs = [start(SLOW, folder, tmp_path / "index", 0.001) for _ in range(2)]
    outputs = [run.communicate(timeout=SECONDS)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], outputs
    assert any("waiting for it" in output for output in outputs)
    with Index(Place(folder, tmp_path / "index", tmp_path), encoder=hashed) as index:
        assert contents(index) == whole


def test_the_second_of_two_long_runs_says_that_the_index_is_busy(folder, start, tmp_path):
    first = start(SLOW, folder, tmp_path / "index", 0.2)
    wait_for(first, 5)
    output, _ = start(SLOW, folder, tmp_path / "index", 0).communicate(timeout=SECONDS)
    assert "Busy: another process is writing the index" in output
    assert "Traceback" not in output
    first.kill()


def test_a_reader_goes_on_while_another_process_indexes_and_then_finds_the_new(
    folder, start, tmp_path, hashed, write
):
    place = Place(folder, tmp_path / "index", tmp_path)
    with Index(place, encoder=hashed) as reader:
        reader.synchronise()
        question = "Di mana paus terdampar kemarin?"
        write({"paus.txt": "Seekor paus terdampar kemarin di Kupang.\n"})
        for i in range(0, 240, 2):
            write({f"kabupaten-{i % 7}/berita-{i}.txt": f"Kabar kampung{i} berubah sama sekali.\n"})
        writer = start(SLOW, folder, tmp_path / "index", 0.005)
        answers = 0
        while writer.poll() is None:
            best = reader.search("Kapan warga kampung77 memanen padi?")[0]
            assert "1977" in best.sentence.text
            answers += 1
        assert answers > 5
        assert writer.returncode == 0
        assert "paus" in reader.search(question)[0].sentence.text
        gone = reader.search("Kapan warga kampung4 memanen padi pada tahun 1904?")
        assert not any("1904" in item.sentence.text for item in gone)
        changed = reader.search("Kabar kampung4 berubah sama sekali")
        assert changed[0].sentence.text == "Kabar kampung4 berubah sama sekali."


LITTLE = """
import resource, signal, sys
megabytes = int(sys.argv.pop(1))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (megabytes << 20, megabytes << 20))
"""


@pytest.mark.skipif(os.name == "nt", reason="needs a limit on file sizes")
def test_a_full_disk_is_said_and_the_next_run_puts_it_right(folder, whole, start, tmp_path, hashed):
    process = start(LITTLE + SLOW, 1, folder, tmp_path / "index", 0)
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 1, output
    assert "free some" in output.lower(), output
    assert "Traceback" not in output
    with Index(Place(folder, tmp_path / "index", tmp_path), encoder=hashed) as index:
        index.synchronise()
        assert contents(index) == whole


@pytest.fixture
def read_only(tmp_path):
    """Mounts a folder read-only; the tests that need it are left out where that is not allowed."""
    if not shutil.which("mount"):
        pytest.skip("there is no mount command")
    mounted: list[Path] = []

    def mount(source: Path) -> Path:
        target = tmp_path / "read-only"
        target.mkdir()
        for step in (["--bind", str(source), str(target)], ["-o", "remount,ro,bind", str(target)]):
            done = subprocess.run(["mount", *step], capture_output=True, check=False)
            if done.returncode:
                pytest.skip("mounting is not allowed here")
            mounted.append(target)
        return target

    yield mount
    if mounted:
        subprocess.run(["umount", str(mounted[0])], check=True)


def test_an_index_that_cannot_be_written_is_named(folder, start, tmp_path, read_only, hashed):
    (tmp_path / "kept").mkdir()
    with Index(Place(folder, tmp_path / "kept" / "index", tmp_path), encoder=hashed) as index:
        index.synchronise()
    frozen = read_only(tmp_path / "kept")
    process = start(SLOW, folder, frozen / "index", 0)
    output, _ = process.communicate(timeout=SECONDS)
    assert "cannot be written, which is needed even to answer" in output
    assert "KUTIP_INDEX" in output
    assert "Traceback" not in output
    with Index(Place(folder, tmp_path / "kept" / "index", tmp_path), encoder=hashed) as index:
        assert index.synchronise().unchanged == 240


def test_the_real_encoder_killed_in_the_middle_answers_right_after(
    cache, start, run, tmp_path, write
):
    """The whole assistant, killed while it encodes."""
    folder = write(
        {
            f"{i}.txt": f"Wali Kota Sukamaju meresmikan jembatan Kali {i} pada tahun {1900 + i}. "
            f"Biayanya {i + 2} miliar rupiah.\n"
            for i in range(60)
        }
    )
    ask = """
import sys
from assistant import Assistant
from index import synchronise
synchronise.CHUNK = 20
with Assistant.open(sys.argv[1], sys.argv[2], progress=lambda *p: print(p[0], flush=True)) as a:
    print(a.report.unchanged, a.index.files, a.index.search("Kapan jembatan Kali 7 diresmikan?")[0])
"""
    process = start(ask, folder, tmp_path / "index")
    wait_for(process, 45)
    process.kill()
    process.communicate(timeout=SECONDS)
    last = run(ask, folder, tmp_path / "index").splitlines()[-1]
    unchanged, files, _ = last.split(" ", 2)
    assert int(unchanged) >= 10
    assert files == "60"
    assert "1907" in last
