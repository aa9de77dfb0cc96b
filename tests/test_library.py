"""The chat's articles: what is listed, and uploads by strangers that come in and go again."""

from __future__ import annotations

import errno
import os
import re
import threading
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import file_names, texts, uploads
from chat import library as libraries
from chat.library import UPLOADS, Library
from index import articles
from index.errors import KutipError

OWN = {
    "laut/paus.txt": "Paus Terdampar di Pantai Kupang\nKamis, 14 Mei 2015\n\nSeekor paus terdampar. "
    "Petugas menguburnya di pantai itu.\n",
    "laut/dalam/karang.txt": "Coral reefs\n\nThe coral reefs of Raja Ampat are growing again. "
    "They were closed to ships for three years.\n",
}
HARVEST = "Panen raya\n\nWarga Kudus memanen padi. Hasilnya tujuh ton.\n"
OUTSIDE = "Rahasia\n\nIni bukan artikel.\n"


@pytest.fixture
def folder(write):
    return write(OWN)


@pytest.fixture
def library(folder, open_index):
    index = open_index()
    index.synchronise()
    return Library(index)


@pytest.fixture
def upload(tmp_path):
    """A file somewhere outside, with the name that it comes with."""

    def make(name: str, content: str | bytes = HARVEST) -> tuple[str, Path]:
        place = tmp_path / "sementara"
        place.mkdir(exist_ok=True)
        path = place / f"{len(list(place.iterdir()))}.upload"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return name, path

    return make


def everything(folder: Path) -> dict[str, bytes]:
    """All that is in a folder, hidden files and all."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def kept(folder: Path) -> list[str]:
    return sorted(name for name in everything(folder) if name.startswith(UPLOADS))


# The list


def test_each_article_is_listed_with_what_is_known_of_it(library, upload):
    library.add([upload("panen.txt")])
    coral, whale, harvest = library.rows()
    assert (whale.file, whale.folder) == ("laut/paus.txt", "laut")
    assert whale.title == "Paus Terdampar di Pantai Kupang"
    assert (whale.published, whale.sentences, whale.language) == (date(2015, 5, 14), 3, "id")
    assert (coral.file, coral.folder, coral.language) == (
        *("laut/dalam/karang.txt", "laut/dalam", "en"),
    )
    assert coral.published is None
    assert (harvest.file, harvest.folder) == (f"{UPLOADS}/panen.txt", UPLOADS)
    assert [row.uploaded for row in (coral, whale, harvest)] == [False, False, True]
    assert library.folders() == ["laut", "laut/dalam", UPLOADS]


def test_an_article_is_looked_at_once_for_each_of_its_versions(library, write, monkeypatch):
    library.rows()
    asked: list[list[str]] = []
    look = library._index.openings
    monkeypatch.setattr(
        library._index,
        "openings",
        lambda files, count: asked.append([*files]) or look(files, count),
    )
    assert library.rows() == library.rows()
    assert asked == []
    write(
        {"laut/paus.txt": "Whale stranded\n\nThe whale was buried on the beach by the officers.\n"}
    )
    library.reindex()
    assert [row.language for row in library.rows()] == ["en", "en"]
    assert asked == [["laut/paus.txt"]]


def test_an_article_without_a_sentence_is_listed_too(library, write):
    write({"kosong.txt": "Baca juga: Harga ikan turun\n"})
    library.reindex()
    assert (library.rows()[0].file, library.rows()[0].sentences) == ("kosong.txt", 0)


def test_only_what_is_in_the_index_can_be_read(library, folder, tmp_path):
    assert library.article("laut/paus.txt").text == OWN["laut/paus.txt"]
    (tmp_path / "rahasia.txt").write_text(OUTSIDE)
    (folder / "belum.txt").write_text(OUTSIDE)
    for file in (
        *("belum.txt", "../rahasia.txt", str(tmp_path / "rahasia.txt"), "laut", "", ".", "\0"),
        *("laut/../laut/paus.txt", "laut//paus.txt", "/etc/passwd"),
    ):
        with pytest.raises(KutipError, match="no article"):
            library.article(file)
        with pytest.raises(KutipError, match="Tidak ada artikel"):
            library.article(file, "id")


def test_an_article_that_has_become_a_link_out_is_not_read(library, folder, tmp_path):
    (tmp_path / "rahasia.txt").write_text(OUTSIDE)
    (folder / "laut/paus.txt").unlink()
    (folder / "laut/paus.txt").symlink_to(tmp_path / "rahasia.txt")
    with pytest.raises(KutipError, match=r"laut/paus\.txt.*link that leads out"):
        library.article("laut/paus.txt")


# Uploading


def test_an_upload_is_kept_and_answers(library, folder, upload):
    seen: list[tuple[int, int]] = []
    name, path = upload("Panen di Kudus.txt")
    outcome = library.add([(name, path)], lambda *p: seen.append(p), "id")
    assert outcome.added == (f"{UPLOADS}/Panen di Kudus.txt",)
    assert outcome.said == ("Berkas yang ditambahkan: 1.",)
    assert outcome.report.new == 1
    assert seen[-1] == (3, 3)
    assert (folder / outcome.added[0]).read_text() == HARVEST
    found = library._index.search("Siapa memanen padi di Kudus?")[0]
    assert found.sentence.file == outcome.added[0]
    assert path.exists()


HOSTILE = {
    "../../x.txt": "x.txt",
    "/etc/cron.d/x.txt": "x.txt",
    "..\\..\\x.txt": "x.txt",
    "C:\\x.txt": "x.txt",
    "C:x.txt": "C-x.txt",
    "<img src=x onerror=1>.txt": "-img src=x onerror=1-.txt",
    "a\nb\r\nc\t.txt": "a b c.txt",
    "merah\x1b[31m.txt": "merah [31m.txt",
    "balik\u202etxt.exe.txt": "balik txt.exe.txt",
    "nol\x00.txt": "nol.txt",
    ".hidden.txt": "hidden.txt",
    "...txt": "artikel.txt",
    ".txt": "artikel.txt",
    "../.txt": "artikel.txt",
    "  . .txt": "artikel.txt",
    "CON.txt": "CON.txt",
    "BERITA.TXT": "BERITA.txt",
    "$(rm -rf x).txt": "$(rm -rf x).txt",
    "-rf.txt": "-rf.txt",
    "setengah\ud800.txt": "setengah.txt",
    "Soé, Nusa Tenggara – 新聞.txt": "Soé, Nusa Tenggara – 新聞.txt",
    "Soe\u0301.txt": "Soé.txt",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_an_upload_is_called_it_lands_in_its_folder(name, library, folder, upload):
    before = everything(folder.parent)
    outcome = library.add([upload(name)])
    assert outcome.added == (f"{UPLOADS}/{HOSTILE[name]}",)
    after = everything(folder)
    assert after[outcome.added[0]] == HARVEST.encode()
    assert after.keys() - {outcome.added[0]} == OWN.keys()
    assert everything(folder.parent).items() >= {
        *(item for item in before.items() if not item[0].startswith("index/")),
    }
    assert any("kept under the name" in line for line in outcome.said) == (HOSTILE[name] != name)
    assert all(line.isprintable() for line in outcome.said)


def test_a_long_name_is_cut(library, folder, upload):
    outcome = library.add([upload("é" * 300 + ".txt"), upload("x" * 100_000 + ".txt", "Hujan.")])
    assert len(outcome.added) == 2
    assert all(len(Path(file).name.encode()) < 140 for file in outcome.added)
    assert all(len(line) < 400 for line in outcome.said)


@given(st.text(st.characters() | st.sampled_from("./\\ \n:\ud800\u0301\u202e"), max_size=300))
def test_any_name_gives_a_safe_one(given):
    name = file_names.safe(given)
    assert file_names.safe(name) == name
    assert name.endswith(".txt")
    assert name[0] not in ". "
    assert len(name.encode()) <= file_names.MOST_BYTES + 4
    assert name.isprintable()
    assert unicodedata.normalize("NFC", name) == name
    assert not set(name) & set('/\\<>:"|?*')


def test_a_name_that_is_taken_gets_a_number(library, folder, upload):
    first = library.add([upload("panen.txt"), upload("panen.txt", "Panen kedua di Demak.")])
    second = library.add([upload("panen.txt", "Panen ketiga di Pati.")], language="id")
    assert first.added == (f"{UPLOADS}/panen.txt", f"{UPLOADS}/panen (2).txt")
    assert second.added == (f"{UPLOADS}/panen (3).txt",)
    assert "“panen.txt” disimpan dengan nama “panen (3).txt”." in second.said
    assert (folder / UPLOADS / "panen.txt").read_text() == HARVEST


def test_the_same_content_is_kept_once_and_said(library, folder, upload):
    twice = library.add([upload("a.txt"), upload("b.txt")], language="id")
    again = library.add([upload("c.txt"), upload("paus.txt", OWN["laut/paus.txt"])])
    assert (twice.added, again.added) == ((f"{UPLOADS}/a.txt",), ())
    assert (
        f"“b.txt” tidak ditambahkan: isinya sama persis dengan “{UPLOADS}/a.txt”" in twice.said[1]
    )
    assert f"the same as “{UPLOADS}/a.txt”" in again.said[1]
    assert "the same as “laut/paus.txt”" in again.said[2]
    assert kept(folder) == [f"{UPLOADS}/a.txt"]


def test_content_whose_file_is_gone_is_taken_again(library, folder, upload):
    library.add([upload("a.txt")])
    (folder / UPLOADS / "a.txt").unlink()
    assert library.add([upload("a.txt")]).added == (f"{UPLOADS}/a.txt",)
    assert kept(folder) == [f"{UPLOADS}/a.txt"]


REFUSED = {
    "pdf": ("laporan.txt", b"%PDF-1.7 \xe2\xe3\xcf\xd3", "bukan teks", "not hold text"),
    "image": ("foto.txt", b"\x89PNG\r\n\x1a\n\0\0", "bukan teks", "not hold text"),
    "binary": ("biner.txt", bytes(range(256)) * 9, "bukan teks", "not hold text"),
    "empty": ("kosong.txt", b"", "tidak ada kata", "no words"),
    "no words": ("tanda.txt", b" ?! \n", "tidak ada kata", "no words"),
    "damaged": ("rusak.txt", "été élevé à côté".encode() + b"\xff", "rusak", "damaged"),
    "type": ("berita.docx", b"Teks.", "hanya berkas .txt", "only .txt"),
    "no type": ("berita", b"Teks.", "hanya berkas .txt", "only .txt"),
    "hidden type": ("x.txt/y", b"Teks.", "hanya berkas .txt", "only .txt"),
    "too large": ("besar.txt", b"kata " * 300_000, "lebih dari 1 MB", "larger than 1 MB"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_no_article_is_refused_in_both_languages_and_the_rest_goes_on(
    fault, library, folder, upload, monkeypatch
):
    monkeypatch.setattr(uploads, "MAX_BYTES", 1 << 20)
    name, content, *reasons = REFUSED[fault]
    for language, why in zip(("id", "en"), reasons, strict=True):
        text = f"{HARVEST} Kabar dalam bahasa {language}."
        outcome = library.add([upload(name, content), upload("baik.txt", text)], language=language)
        assert len(outcome.added) == 1
        [refusal] = outcome.said[1:2]
        assert f"“{name}”" in refusal
        assert why in refusal
    assert kept(folder) == [f"{UPLOADS}/baik (2).txt", f"{UPLOADS}/baik.txt"]


def test_what_is_not_utf_8_is_taken_with_a_warning(library, upload):
    content = "Harga kopi naik — kata “petani” di Gayo.".encode("cp1252")
    outcome = library.add([upload("kopi.txt", content)], language="id")
    assert outcome.added == (f"{UPLOADS}/kopi.txt",)
    assert "“kopi.txt” bukan UTF-8 dan dibaca sebagai cp1252" in outcome.said[1]


def test_a_file_that_is_no_longer_there_is_named(library, tmp_path):
    outcome = library.add([("a.txt", tmp_path / "tidak-ada"), ("b.txt", tmp_path)])
    assert outcome.added == ()
    assert [re.sub(r"\(.*\)", "", line) for line in outcome.said[1:]] == [
        *(
            "“a.txt” was not added: it cannot be read .",
            "“b.txt” was not added: it cannot be read .",
        ),
    ]


def test_too_many_at_once_are_refused_before_any_is_kept(library, folder, upload, monkeypatch):
    monkeypatch.setattr(libraries, "MOST_FILES", 2)
    with pytest.raises(KutipError, match="At most 2 files"):
        library.add([upload(f"{i}.txt", f"Berita {i}.") for i in range(3)])
    assert kept(folder) == []


def test_a_full_folder_takes_no_more_but_what_fits(library, folder, upload, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UPLOADS", 3)
    first = library.add([upload(f"{i}.txt", f"Berita {i}.") for i in range(2)])
    second = library.add([upload(f"{i}.txt", f"Berita {i}.") for i in range(2, 5)], language="id")
    assert (len(first.added), len(second.added)) == (2, 1)
    assert [("sudah penuh, paling banyak 3" in line) for line in second.said] == [False, True, True]
    library.remove(first.added[0])
    assert len(library.add([upload("baru.txt")]).added) == 1


def test_what_a_killed_upload_left_is_cleared_away_and_nothing_else(library, folder, upload):
    (folder / UPLOADS).mkdir()
    left = folder / UPLOADS / f".{'0f' * 16}.part"
    others = folder / UPLOADS / ".film.part", folder / UPLOADS / "catatan.part"
    for path in (left, *others):
        path.write_bytes(b"separuh")
    library.add([upload("panen.txt")], lambda *_: None, "id")
    assert not left.exists()
    assert all(path.exists() for path in others)


def test_a_link_in_the_place_of_the_folder_is_refused(library, folder, upload, tmp_path):
    (tmp_path / "luar").mkdir()
    (folder / UPLOADS).symlink_to(tmp_path / "luar")
    with pytest.raises(KutipError, match="is a link or a file, not a folder"):
        library.add([upload("a.txt")])
    (folder / UPLOADS).unlink()
    (folder / UPLOADS).write_text("Bukan folder.")
    with pytest.raises(KutipError, match="adalah tautan atau berkas"):
        library.add([upload("a.txt")], language="id")
    assert list((tmp_path / "luar").iterdir()) == []


def test_a_link_in_the_place_of_a_file_is_not_written_through(library, folder, upload, tmp_path):
    (folder / UPLOADS).mkdir()
    (folder / UPLOADS / "a.txt").symlink_to(tmp_path / "luar.txt")
    assert library.add([upload("a.txt")]).added == (f"{UPLOADS}/a (2).txt",)
    assert not (tmp_path / "luar.txt").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the system refuses nothing")
def test_a_folder_that_cannot_be_written_is_said(library, folder, upload):
    folder.chmod(0o500)
    try:
        with pytest.raises(KutipError, match=r"The folder of uploads cannot be changed.*rights"):
            library.add([upload("a.txt")])
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk penuh"),
        (OSError(errno.EROFS, "Read-only file system"), r"\(Read-only file system\)"),
    ],
)
def test_what_the_disk_refuses_is_named_and_leaves_nothing(
    fault, why, library, folder, upload, monkeypatch
):
    def refuse(_: int) -> None:
        raise fault

    monkeypatch.setattr(os, "fsync", refuse)
    outcome = library.add([upload("a.txt"), upload("b.txt", "Lain.")], language="id")
    assert outcome.added == ()
    assert [bool(re.search(why, line)) for line in outcome.said] == [False, True, True]
    assert kept(folder) == []


def test_what_cannot_be_indexed_is_not_kept(library, folder, upload, monkeypatch):
    def fail(*_: object) -> None:
        raise KutipError("the disk is full")

    monkeypatch.setattr(library._index, "synchronise", fail)
    with pytest.raises(KutipError, match="Indeks tidak bisa diperbarui: the disk is full"):
        library.add([upload("a.txt")], language="id")
    assert kept(folder) == []


def test_a_file_that_turns_bad_before_it_is_indexed_is_taken_away_and_named(
    library, folder, upload, monkeypatch
):
    synchronise = library._index.synchronise

    def spoil(*given):
        (folder / UPLOADS / "a.txt").write_bytes(b"%PDF-1.7")
        return synchronise(*given)

    monkeypatch.setattr(library._index, "synchronise", spoil)
    outcome = library.add([upload("a.txt"), upload("b.txt", "Lain.")])
    assert outcome.added == (f"{UPLOADS}/b.txt",)
    assert "“a.txt” was not added: it does not hold text" in outcome.said[-1]
    assert kept(folder) == [f"{UPLOADS}/b.txt"]


def test_uploads_from_several_threads_are_all_kept(library, folder, upload):
    files = [upload("sama.txt", f"Berita nomor {i} dari Kudus.") for i in range(8)]
    same = [upload("lain.txt") for _ in range(4)]
    outcomes: list[libraries.Outcome] = []

    def add(number: int) -> None:
        outcomes.append(library.add([*files[2 * number : 2 * number + 2], same[number]]))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    added = sorted(file for outcome in outcomes for file in outcome.added)
    assert len(added) == len(set(added)) == 9
    assert kept(folder) == added
    assert {row.file for row in library.rows() if row.uploaded} == set(added)


# Removing


def test_an_upload_can_be_removed(library, folder, upload):
    [file] = library.add([upload("a.txt")]).added
    outcome = library.remove(file, language="id")
    assert outcome.said == (f"“{file}” sudah dihapus.",)
    assert outcome.report.removed == 1
    assert everything(folder).keys() == OWN.keys()
    assert [row.file for row in library.rows()] == sorted(OWN)


def test_nothing_but_an_upload_is_ever_removed(library, folder, upload, tmp_path):
    library.add([upload("a.txt")])
    (folder / UPLOADS / "belum.txt").write_text("Belum diindeks.")
    before = everything(folder)
    for file in (
        *("laut/paus.txt", f"{UPLOADS}/../laut/paus.txt", f"{UPLOADS}/belum.txt", UPLOADS, ""),
        *("../index/writer.lock", str(folder / "laut/paus.txt"), str(folder / UPLOADS / "a.txt")),
        *(f"{UPLOADS}/./a.txt", f"{UPLOADS}//a.txt", f"{UPLOADS}/", "\0", f"{UPLOADS}/\ud800.txt"),
    ):
        with pytest.raises(KutipError, match="is not an upload"):
            library.remove(file)
        with pytest.raises(KutipError, match="bukan unggahan"):
            library.remove(file, language="id")
    assert everything(folder) == before


def test_a_link_is_not_removed_and_nothing_behind_it(library, folder, upload, tmp_path):
    [file] = library.add([upload("a.txt")]).added
    (tmp_path / "luar").mkdir()
    (tmp_path / "luar" / "a.txt").write_text(HARVEST)
    (folder / file).unlink()
    (folder / UPLOADS).rmdir()
    (folder / UPLOADS).symlink_to(tmp_path / "luar")
    with pytest.raises(KutipError, match="is not an upload"):
        library.remove(file)
    (folder / UPLOADS).unlink()
    (folder / UPLOADS).mkdir()
    (folder / file).symlink_to(tmp_path / "luar" / "a.txt")
    with pytest.raises(KutipError, match="is not an upload"):
        library.remove(file)
    assert (tmp_path / "luar" / "a.txt").read_text() == HARVEST


def test_an_upload_that_somebody_deleted_is_removed_from_the_index(library, folder, upload):
    [file] = library.add([upload("a.txt")]).added
    (folder / file).unlink()
    library.remove(file)
    assert file not in library._index.catalogue


def test_the_last_article_stays(library, folder, upload):
    [file] = library.add([upload("a.txt")]).added
    for own in OWN:
        (folder / own).unlink()
    library.reindex()
    with pytest.raises(KutipError, match="the only article"):
        library.remove(file)
    assert kept(folder) == [file]


# Indexing again


def test_what_changed_in_the_folder_is_taken_up_and_what_is_left_out_named(library, write, folder):
    write({"baru.txt": HARVEST, "laut/paus.txt": "Paus kedua terdampar."})
    (folder / "laut/dalam/karang.txt").unlink()
    (folder / "gambar.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    outcome = library.reindex(language="id")
    assert outcome.said == (
        "Indeks mutakhir: 2 artikel.",
        "Baru: 1, berubah: 1, hilang: 1.",
        "“gambar.txt” dilewati: isinya bukan teks; simpan teksnya sebagai .txt dengan pengodean UTF-8.",
    )


def test_of_many_files_left_out_some_are_named(library, write):
    write({f"kosong-{i:02}.txt": "" for i in range(libraries.MOST_NAMED + 5)})
    said = library.reindex().said
    assert sum("kosong" in line for line in said) == libraries.MOST_NAMED
    assert said[-1] == "Other files left out: 5."


def test_a_folder_that_is_gone_is_said(library, folder):
    folder.rename(folder.with_name("pindah"))
    with pytest.raises(KutipError, match=r"Indeks tidak bisa diperbarui: .*does not exist"):
        library.reindex(language="id")
    with pytest.raises(KutipError, match="Folder unggahan tidak bisa diubah"):
        library.add([("a.txt", folder)], language="id")


def test_every_reason_of_the_reader_of_articles_is_told_in_indonesian(folder):
    """Only what the system itself says is passed on in its own words."""
    contents = [case[1] for name, case in REFUSED.items() if "type" not in name]
    contents += [b"kata " * (articles.MAX_BYTES // 5 + 1), b"\xff\xfe\x00\xd8", b"PK\x03\x04"]
    for content in contents:
        (folder / "x.txt").write_bytes(content)
        read = articles.read(folder, "x.txt")
        if isinstance(read, articles.Skipped):
            told = uploads.reason(read, "id")
            assert read.reason not in told
            assert told != uploads.reason(read, "en")


def test_texts_of_the_articles_take_the_same_variables_in_both_languages():
    for name, own in texts.texts("id").items():
        if name.startswith("articles_"):
            other = texts.texts("en")[name]
            assert own != other
            assert set(re.findall(r"\$\w+", own)) == set(re.findall(r"\$\w+", other))
