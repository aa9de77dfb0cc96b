"""An articles folder and its index, end to end but for answering, with hashed words."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from index import chroma, sentences, words
from index import index as indexes
from index.errors import KutipError
from index.index import Busy, Index, Place, rebuild

BRIDGES = {
    f"jembatan-{i}.txt": f"Jembatan nomor {i}\n\nJembatan kampung{i} diresmikan pada tahun {1990 + i}. "
    f"Biayanya {i + 3} miliar rupiah.\n"
    for i in range(12)
}
WHALE = "Paus terdampar\n\nSeekor paus terdampar di pantai Kupang. Petugas menguburnya di sana.\n"


def texts(index: Index, question: str) -> list[str]:
    return [item.sentence.text for item in index.search(question)]


def stored(index: Index) -> set[tuple[str, str]]:
    return {(key.file, text) for key, text in index._store.texts()}


def test_a_sentence_is_found_with_its_place_and_neighbours(write, open_index):
    folder = write({"paus.txt": WHALE})
    index = open_index()
    index.synchronise()
    best = index.search("Di mana paus terdampar di pantai?")[0]
    assert best.sentence.text == "Seekor paus terdampar di pantai Kupang."
    assert (folder / "paus.txt").read_text()[best.sentence.start : best.sentence.end] == (
        best.sentence.text
    )
    assert [s.text for s in best.after] == ["Petugas menguburnya di sana."]


def test_an_index_that_holds_nothing_finds_nothing(open_index):
    assert open_index().search("Ada apa?") == []


def test_a_question_without_words_is_no_error(write, open_index):
    write(BRIDGES)
    index = open_index()
    index.synchronise()
    for question in ("", "?!", "dan yang di", "\x00", "🙂"):
        assert isinstance(index.search(question), list)


def test_what_is_kept_serves_the_next_start(write, open_index, hashed):
    write(BRIDGES)
    first = open_index()
    first.synchronise()
    found = first.search("Kapan jembatan kampung3 diresmikan?")
    first.close()
    hashed.asked.clear()
    again = open_index()
    assert again.synchronise().unchanged == len(BRIDGES)
    assert again.search("Kapan jembatan kampung3 diresmikan?") == found
    assert hashed.asked == []


def test_a_renamed_index_folder_is_the_same_index(write, open_index, hashed, tmp_path):
    write(BRIDGES)
    index = open_index()
    index.synchronise()
    index.close()
    hashed.asked.clear()
    (tmp_path / "index").rename(tmp_path / "kutip lama, 新")
    assert open_index(index="kutip lama, 新").synchronise().unchanged == len(BRIDGES)
    assert hashed.asked == []


@pytest.mark.parametrize("spoil", ["encoder", "dimension", "splitter"])
def test_an_index_made_with_other_settings_is_refused_and_made_anew_on_demand(
    spoil, write, open_index, hashed, monkeypatch
):
    write(BRIDGES)
    index = open_index()
    index.synchronise()
    index.close()
    if spoil == "splitter":
        monkeypatch.setattr(sentences, "VERSION", "other")
    other = type(hashed)(
        name="other-words" if spoil == "encoder" else hashed.name,
        dimension=512 if spoil == "dimension" else hashed.dimension,
    )
    with pytest.raises(KutipError, match=rf"{spoil} .* instead of .*kutip index --rebuild"):
        open_index(other)
    rebuild(index.place)
    anew = open_index(other)
    assert anew.synchronise().new == len(BRIDGES)
    assert texts(anew, "Kapan jembatan kampung3 diresmikan?")


def test_an_index_that_nobody_placed_is_made_anew_for_another_encoder(write, open_index, hashed):
    write(BRIDGES)
    index = open_index(unnamed=True)
    index.synchronise()
    index.close()
    said: list[str] = []
    other = type(hashed)(name="other-words", dimension=512)
    with Index(index.place, said.append, other) as anew:
        assert anew.synchronise().new == len(BRIDGES)
        assert texts(anew, "Kapan jembatan kampung3 diresmikan?")
    assert ["made anew from the articles" in line for line in said] == [True]


def test_rebuild_leaves_the_articles(write, open_index):
    folder = write(BRIDGES)
    index = open_index()
    index.synchronise()
    index.close()
    rebuild(index.place)
    assert len(list(folder.iterdir())) == len(BRIDGES)
    assert not (index.place.index / chroma.FOLDER).exists()


def test_a_folder_without_articles_is_refused_and_the_index_kept(write, open_index):
    folder = write(BRIDGES)
    index = open_index()
    index.synchronise()
    for file in folder.iterdir():
        file.unlink()
    with pytest.raises(KutipError, match=r"no \.txt file"):
        index.synchronise()
    shutil.rmtree(folder)
    with pytest.raises(KutipError, match="does not exist"):
        index.synchronise()
    assert index.files == len(BRIDGES)
    assert texts(index, "jembatan kampung4 diresmikan")


CUT = {
    "vectors' data": "data_level0.bin",
    "vectors' lengths": "length.bin",
    "vectors' links": "link_lists.bin",
    "vectors' header": "header.bin",
}


def damage(index: Path, what: str) -> None:
    """Break what `what` names in an index folder that no process has open."""
    files = index / chroma.FOLDER
    vectors = [path.parent for path in files.glob("*/header.bin")]
    match what:
        case "vectors deleted":
            for folder in vectors:
                shutil.rmtree(folder)
        case _ if what in CUT:
            for folder in vectors:
                file = folder / CUT[what]
                file.write_bytes(file.read_bytes()[:-1])
        case "vectors' header garbled":
            for folder in vectors:
                (folder / "header.bin").write_bytes(b"\xa5" * 100)
        case "list of vectors garbled":
            for path in files.glob("*/index_metadata.pickle"):
                path.write_bytes(b"garbled")
        case "database cut short":
            whole = (files / "chroma.sqlite3").read_bytes()
            (files / "chroma.sqlite3").write_bytes(whole[: len(whole) // 2])
        case "database garbled":
            (files / "chroma.sqlite3").write_bytes(b"\xa5" * 100_000)
        case "database deleted":
            (files / "chroma.sqlite3").unlink()
        case "words deleted":
            shutil.rmtree(index / words.FOLDER)
        case "words garbled":
            (index / words.FOLDER / words.KEYS).write_text("[")
        case _:
            (index / words.FOLDER / what).write_bytes(b"garbled")


MANY = {
    f"{i}.txt": f"Berita {i}\n\n"
    + " ".join(f"Warga desa{i}x{j} menanam pohon{j}." for j in range(40))
    for i in range(60)
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """An index large enough that Chroma has moved vectors to their own files."""
    conftest = pytest.importorskip("runpy").run_path(str(Path(__file__).with_name("conftest.py")))
    base = tmp_path_factory.mktemp("kept")
    (base / "articles").mkdir()
    for file, text in MANY.items():
        (base / "articles" / file).write_text(text)
    place = Place(base / "articles", base / "index", base / "cache")
    with Index(place, encoder=conftest["HashEncoder"]()) as index:
        index.synchronise()
        found = [item.sentence for item in index.search("Siapa menanam pohon7 di desa12x7?")]
        return base, stored(index), found


@pytest.mark.parametrize(
    "what",
    [
        "vectors deleted",
        *CUT,
        "vectors' header garbled",
        "list of vectors garbled",
        "database cut short",
        "database garbled",
        "database deleted",
        "words deleted",
        "words garbled",
        "data.csc.index.npy",
        "indices.csc.index.npy",
        "indptr.csc.index.npy",
        "vocab.index.json",
        "params.index.json",
    ],
)
def test_what_is_damaged_is_made_anew_and_gives_the_same_answers(what, kept, tmp_path, hashed):
    base, everything, found = kept
    shutil.copytree(base, tmp_path / "copy")
    place = Place(base / "articles", tmp_path / "copy" / "index", base / "cache")
    damage(place.index, what)
    said: list[str] = []
    with Index(place, said.append, hashed) as index:
        index.synchronise()
        assert stored(index) == everything
        again = [item.sentence for item in index.search("Siapa menanam pohon7 di desa12x7?")]
        assert again[0] == found[0]
    anew = what.startswith(("vectors", "list", "database cut", "database garbled"))
    assert any("made anew" in line for line in said) == anew


def test_an_index_folder_that_is_a_file_is_named_in_the_error(write, open_index, tmp_path):
    (tmp_path / "index").write_text("")
    with pytest.raises(KutipError, match=r"index.* cannot be written.*KUTIP_INDEX"):
        open_index()


def test_while_one_writes_another_waits_and_then_says_so(write, open_index, monkeypatch):
    write(BRIDGES)
    index = open_index()
    monkeypatch.setattr(indexes, "WAIT", 0.2)
    said: list[str] = []
    with indexes._owned(index.place.index):
        with pytest.raises(Busy, match="another process is writing"):
            Index(index.place, said.append, index.encoder)
        assert index.search("jembatan") == []  # one that is open goes on
    assert any("waiting" in line for line in said)


def test_what_one_writes_the_other_finds(write, open_index):
    write(BRIDGES)
    writer, reader = open_index(), open_index()
    writer.synchronise()
    assert "1995" in texts(reader, "Kapan jembatan kampung5 diresmikan pada tahun?")[0]
    write({"paus.txt": WHALE, "jembatan-5.txt": "Jembatan kampung5 dirobohkan pada tahun 2020.\n"})
    writer.synchronise()
    assert "2020" in texts(reader, "Kapan jembatan kampung5 dirobohkan pada tahun?")[0]
    assert texts(reader, "Di pantai mana paus terdampar?")[0].startswith("Seekor paus")
    assert reader.files == len(BRIDGES) + 1


def test_a_reader_outlives_a_rebuild_by_another(write, open_index):
    write(BRIDGES)
    reader, writer = open_index(), open_index()
    writer.synchronise()
    assert texts(reader, "jembatan kampung2 diresmikan")
    writer.close()
    rebuild(writer.place)
    fresh = open_index()
    fresh.synchronise()
    assert "1992" in texts(reader, "Kapan jembatan kampung2 diresmikan pada tahun?")[0]


def test_many_may_search_while_one_synchronises(write, open_index):
    write(BRIDGES)
    index = open_index()
    index.synchronise()
    wrong: list[str] = []
    stop = threading.Event()

    def ask(i: int) -> None:
        while not stop.is_set():
            best = texts(index, f"Kapan jembatan kampung{i} diresmikan pada tahun?")[0]
            if str(1990 + i) not in best:
                wrong.append(f"{i}: {best}")

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    try:
        for turn in range(5):
            write(
                {
                    f"paus-{turn}.txt": f"{WHALE}\nKejadian paus ke-{turn}.\n",
                    "paus.txt": f"Paus {turn}.",
                }
            )
            index.synchronise()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert index.files == len(BRIDGES) + 6
