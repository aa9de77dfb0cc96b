"""Files to articles: the text untouched, everything odd told in words, nothing raised."""

from __future__ import annotations

import codecs
import dataclasses
import errno
import hashlib
import os
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import articles
from index.articles import MAX_BYTES, Read, Skipped, find, read
from index.errors import KutipError
from index.titles import title

TEXT = (
    "Rusia Janji Bantu Irak Hadapi ISIS\r\nRabu, 30 Januari 2019\r\n\r\n"
    "MOSKOW – Rusia berjanji mendukung Irak melawan ISIS. “Kami ingin membantu,” kata Lavrov.\r\n"
)


def put(folder: Path, file: str, data: bytes | str = TEXT) -> Path:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def good(folder: Path, file: str) -> Read:
    result = read(folder, file)
    assert isinstance(result, Read), result
    return result


def refused(folder: Path, file: str) -> str:
    result = read(folder, file)
    assert isinstance(result, Skipped), result
    return result.reason


# Finding


def test_text_files_are_found_in_subfolders_in_order(tmp_path: Path) -> None:
    for file in ("b.txt", "a/z.TXT", "a/b/c.Txt", "notes.md", "txt", "b.txt.bak"):
        put(tmp_path, file)
    assert find(tmp_path) == ["a/b/c.Txt", "a/z.TXT", "b.txt"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for file in (".a.txt", "._b.txt", ".git/c.txt", "a/.d/e.txt", "a/f.txt"):
        put(tmp_path, file)
    assert find(tmp_path) == ["a/f.txt"]


def test_an_empty_folder_has_no_articles(tmp_path: Path) -> None:
    assert find(tmp_path) == []


@pytest.mark.parametrize("name", ["missing", "file.txt"])
def test_a_folder_that_is_none_is_named_with_what_to_do(tmp_path: Path, name: str) -> None:
    put(tmp_path, "file.txt")
    with pytest.raises(KutipError, match=rf"{name}.*Name a folder"):
        find(tmp_path / name)


def test_links_that_loop_do_not_hang(tmp_path: Path) -> None:
    put(tmp_path, "a/x.txt")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    assert find(tmp_path) == ["a/x.txt", "self.txt"]
    assert "could not be read" in refused(tmp_path, "self.txt")


def test_links_within_the_folder_are_read_and_links_out_of_it_never(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    put(folder, "a.txt")
    put(tmp_path, "secret/s.txt", "Rahasia yang tidak boleh dibaca.")
    (folder / "b.txt").symlink_to("a.txt")
    (folder / "out.txt").symlink_to(tmp_path / "secret" / "s.txt")
    (folder / "outside").symlink_to(tmp_path / "secret")
    assert find(folder) == ["a.txt", "b.txt", "out.txt", "outside/"]
    assert good(folder, "b.txt").article.text == TEXT
    absolute = str(tmp_path / "secret" / "s.txt")
    for file in ("out.txt", "outside/", "outside/s.txt", "../secret/s.txt", absolute):
        assert "leads out of the articles folder" in refused(folder, file)


def test_a_folder_that_is_itself_a_link_is_read(tmp_path: Path) -> None:
    put(tmp_path, "real/a.txt")
    (tmp_path / "link").symlink_to("real")
    assert find(tmp_path / "link") == ["a.txt"]
    assert good(tmp_path / "link", "a.txt").article.file == "a.txt"


def test_a_folder_may_be_named_relative_to_the_working_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a/x.txt")
    monkeypatch.chdir(tmp_path)
    assert find(Path()) == ["a/x.txt"]
    assert good(Path(), "a/x.txt").article.text == TEXT


def test_a_subfolder_that_does_not_open_is_reported_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt")
    put(tmp_path, "closed/b.txt")
    scandir = os.scandir

    def guarded(path: str | os.PathLike[str] = ".") -> os._ScandirIterator[str]:
        if Path(path).name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert find(tmp_path) == ["a.txt", "closed/"]
    assert "may not be read" in refused(tmp_path, "closed/")
    with pytest.raises(KutipError, match="does not open"):
        find(tmp_path / "closed")


@pytest.mark.parametrize("name", ["kata 'dia'.txt", 'a"b.txt', "🌋 gempa.txt", "é.txt", "a\\b.txt"])
def test_quotes_spaces_and_emoji_in_names_work(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    assert find(tmp_path) == [name]
    assert good(tmp_path, name).article.file == name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"a\nb.txt", "a\\nb.txt"),
        (b"\x1b[31m.txt", "\\x1b[31m.txt"),
        (b"caf\xe9.txt", "caf\\udce9.txt"),
    ],
)
def test_names_that_cannot_be_stored_or_shown_are_reported(
    tmp_path: Path, raw: bytes, shown: str
) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw)).write_bytes(TEXT.encode())
    except OSError:
        pytest.skip("this file system has no such names")
    (file,) = find(tmp_path)
    result = read(tmp_path, file)
    assert isinstance(result, Skipped)
    assert result.file == shown
    assert "rename it" in result.reason


# Reading


def test_text_is_what_the_bytes_say_line_ends_included(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    result = good(tmp_path, "a.txt")
    assert result.article.text == TEXT
    assert result.article.title == "Rusia Janji Bantu Irak Hadapi ISIS"
    assert result.article.published == date(2019, 1, 30)
    assert result.article.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (result.encoding, result.warning) == ("utf-8", None)


def test_results_are_frozen(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    with pytest.raises(dataclasses.FrozenInstanceError):
        good(tmp_path, "a.txt").warning = "changed"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_is_no_part_of_the_text(
    tmp_path: Path, mark: bytes, encoding: str
) -> None:
    data = mark + TEXT.encode(encoding)
    put(tmp_path, "a.txt", data)
    result = good(tmp_path, "a.txt")
    assert (result.article.text, result.encoding, result.warning) == (TEXT, encoding, None)
    assert result.article.sha256 == hashlib.sha256(data).hexdigest()


def test_decomposed_letters_and_invisible_marks_stay(tmp_path: Path) -> None:
    text = "Cafe\u0301 itu tutup\u200e.\u2028Pemiliknya pergi\u00a0jauh.\x0c\ufeffSelesai"
    put(tmp_path, "a.txt", text)
    assert good(tmp_path, "a.txt").article.text == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TEXT, "cp1252"),
        ("Pemain asal Portugal itu, Pelé, wafat. Harganya naik 5 °C.", "latin-1"),
        ("Kafé", "cp1252"),
        ("Министр иностранных дел России Лавров встретился с коллегой из Ирака.", "cp1251"),
    ],
)
def test_a_legacy_encoding_is_guessed_and_said(tmp_path: Path, text: str, encoding: str) -> None:
    put(tmp_path, "a.txt", text.encode(encoding))
    result = good(tmp_path, "a.txt")
    assert result.article.text == text
    assert result.warning is not None
    assert result.encoding in result.warning
    assert "save it as UTF-8" in result.warning


def test_damaged_utf8_is_refused_rather_than_read_as_gibberish(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", TEXT.encode()[:-30] + b"\xe2\x80 akhir")
    assert "damaged UTF-8" in refused(tmp_path, "a.txt")


def test_lone_surrogates_do_not_get_in(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", codecs.BOM_UTF16_LE + b"a\x00\x00\xd8b\x00")
    assert "begins as UTF-16-LE but is not at byte" in refused(tmp_path, "a.txt")
    put(tmp_path, "b.txt", "“Berita” – ".encode() + b"\xed\xa0\x80")
    assert "damaged UTF-8" in refused(tmp_path, "b.txt")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\r\n \t\xc2\xa0\n", "is empty"),
        (codecs.BOM_UTF8, "is empty"),
        (b"--- *** ---", "no words"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG image, not text"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF, not text"),
        (b"PK\x03\x04\x14\x00\x06\x00", "Word document"),
        (b"kata\x00kata", "binary"),
        (b"kata\x01\x02\x03\x04\x05\x06kata", "binary"),
        (bytes(range(1, 256)) * 8, "not text"),
    ],
)
def test_what_is_no_text_is_skipped_with_the_reason(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    put(tmp_path, "a.txt", data)
    assert reason in refused(tmp_path, "a.txt")


def test_a_stray_control_character_does_no_harm(tmp_path: Path) -> None:
    text = TEXT + "\x08\n"
    put(tmp_path, "a.txt", text)
    assert good(tmp_path, "a.txt").article.text == text


def test_size_is_looked_at_before_reading(tmp_path: Path) -> None:
    with put(tmp_path, "big.txt").open("r+b") as stream:
        stream.truncate(2000 * MAX_BYTES)  # a hole: no disk, but memory enough if it were read
    assert "larger than 10 MB" in refused(tmp_path, "big.txt")


def test_the_limit_itself_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "MAX_BYTES", 1000)
    put(tmp_path, "a.txt", b"a" * 1000)
    put(tmp_path, "b.txt", b"a" * 1001)
    assert len(good(tmp_path, "a.txt").article.text) == 1000
    assert "larger" in refused(tmp_path, "b.txt")


def test_gone_dangling_and_strange_files_are_explained(tmp_path: Path) -> None:
    (tmp_path / "dangling.txt").symlink_to("nothing.txt")
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    assert find(tmp_path) == ["dangling.txt", "pipe.txt"]
    assert "link to nothing" in refused(tmp_path, "dangling.txt")
    assert "no longer there" in refused(tmp_path, "gone.txt")
    assert "no ordinary file" in refused(tmp_path, "folder.txt")
    start = time.perf_counter()
    assert "no ordinary file" in refused(tmp_path, "pipe.txt")
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "may not be read"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "no longer there"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
    ],
)
def test_a_file_that_does_not_open_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: OSError, reason: str
) -> None:
    put(tmp_path, "a.txt")

    def refuse(path: str, flags: int) -> int:
        raise fault

    monkeypatch.setattr(os, "open", refuse)
    assert reason in refused(tmp_path, "a.txt")


@given(
    st.binary()
    | st.text(min_size=1).map(str.encode)
    | st.text(st.characters(max_codepoint=255)).map(lambda text: text.encode("latin-1"))
    | st.tuples(st.sampled_from([m for m, _ in articles._MARKS]), st.binary()).map(b"".join)
    | st.text(st.sampled_from("Aé“” \r\n.")).map(lambda text: text.encode("cp1252"))
)
def test_any_bytes_give_back_themselves_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    put(folder, "any.txt", data)
    result = read(folder, "any.txt")
    if isinstance(result, Skipped):
        assert result.reason
        return
    mark = next((mark for mark, _ in articles._MARKS if data.startswith(mark)), b"")
    assert result.article.text.encode(result.encoding) == data.removeprefix(mark)
    assert result.article.text.encode()  # no lone surrogates
    assert result.article.title is None or result.article.title in result.article.text


# Titles

LEAD = "MOSKOW - Rusia berjanji mendukung Irak dalam perang melawan ISIS di Suriah, Rabu."


@pytest.mark.parametrize(
    "noise",
    [
        "0",
        "1/5",
        "Home » Internasional » Timur Tengah",
        "Beranda > Dunia",
        "Story Code : 1043895",
        "Rabu, 30 Januari 2019 14:05 WIB",
        "Diterbitkan: 30 Januari 2019",
        "oleh: Dimas Prakoso",
        "INTERNASIONAL",
        "Timur Tengah",
        "Berita Nasional",
        "KABAR CAKRAWALA",
        "Kabar Cakrawala",
        "Melihat yang Tak Terlihat",
        "Bagikan Facebook Twitter",
        "Baca juga : Siapa Abu Mahdi al-Muhandis?",
        "Foto: Lavrov di Moskow (Istimewa)",
        "Lavrov dan Al Hakim di Moskow. (Foto: AFP)",
        "https://contoh.id/rusia",
        "ADVERTISEMENT",
        "Cepat, dekat, berimbang.",
    ],
)
def test_the_headline_is_found_behind_noise(noise: str) -> None:
    headline = "Rusia Janji Mendukung Irak Hadapi ISIS"
    assert title(f"{noise}\n\n{headline}\n\n{LEAD}") == headline
    assert title(f"{headline}\r\n{noise}\r\n{LEAD}") == headline


def test_a_headline_may_look_like_noise_or_a_sentence() -> None:
    for headline in (
        "Top 10 Negara Pendukung Irak",
        "Masuk Irak, Rusia Janji Hadapi ISIS",
        "Apakah Rusia Mendukung Irak?",
        "“Kami Siap”, Kata Rusia",
        "127 Orang Meninggal di Irak",
    ):
        assert title(f"{headline}\n\n{LEAD}") == headline
    repeated = "Rusia berjanji. Irak menerima dukungan itu dengan senang."
    assert title(f"{repeated}\n{repeated}\n\n{LEAD}") == repeated


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0\n\n",
        LEAD,
        f"{LEAD}\n\nRusia Membantu Irak Lagi\n\n{LEAD}",
        "Rusia berjanji mendukung Irak dalam perang melawan ISIS dan membangun\nkembali hubungan.",
        f"Rabu, 30 Januari 2019\n\n{LEAD}",
        "kata " * 100,
    ],
)
def test_text_without_a_headline_has_none(text: str) -> None:
    assert title(text) is None


@given(st.text(st.sampled_from("Ab 1.,\n»:(“")) | st.text())
def test_a_title_is_a_line_of_the_text(text: str) -> None:
    found = title(text)
    assert found is None or found in {line.strip() for line in text.splitlines()}


@pytest.mark.parametrize("piece", [".", "- ", "(", "A ", "Top ", "Home > ", "» ", "Foto:", "1 "])
def test_hostile_text_takes_no_time_for_its_title(piece: str) -> None:
    start = time.perf_counter()
    title(piece * 100_000)
    title((piece * 30 + "\n") * 10_000)
    assert time.perf_counter() - start < 2
