"""From a folder of .txt files to articles: which files there are, and what stands in each.

A file that cannot be read is no error: the rest of the folder goes on without it, and the record of
it says why. Nothing outside the folder is read, and the text is what the bytes decode to, untouched,
since every citation counts characters in it.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.dates import published
from index.errors import KutipError
from index.records import Article
from index.titles import title

MAX_BYTES = 10 * 1024 * 1024
"""A larger file is no news article, and is left alone."""

_CONTROL_SHARE = 0.02  # of the characters; text has next to none, other formats a tenth and more
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")  # all but tabs and line ends

_MARKS = (  # byte order marks; UTF-32's before UTF-16's, which it begins with
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FORMATS = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a zip file (perhaps a Word document)"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x1f\x8b", "a gzip file"),
)

# What charset-normalizer may choose from. Free to choose among all it knows, it took 76 of 80
# Latin-1 news articles for the code pages of DOS and Japan.
_LEGACY = ["cp1252", "latin_1", "mac_roman", "cp1250", "cp1251", "cp1256"]
_LEGACY += ["gb18030", "shift_jis", "euc_kr"]


@dataclass(frozen=True, slots=True)
class Read:
    """An article, the encoding its file is in, and a warning where that was a guess.

    `article.text.encode(encoding)` gives the file's bytes back, without a byte order mark.
    """

    article: Article
    encoding: str
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is left out, its name in printable form, and why and what to do about it."""

    file: str
    reason: str


class _Unreadable(Exception):
    """The reason why a file is skipped; never leaves this module."""


def find(folder: Path) -> list[str]:
    """The articles' files in a folder and its subfolders: sorted paths relative to it, with "/".

    Files end in .txt, in any case; hidden files and folders do not count. Links are not followed
    into folders. What cannot be read is listed all the same, so that `read` tells why: links that
    lead out of the folder, and subfolders (with a "/" at the end) that do not open.
    Raises `KutipError` where there is no such folder, or it does not open.
    """
    if not folder.is_dir():
        fault = "is a file" if folder.exists() else "does not exist"
        raise KutipError(
            f"The articles folder {_printable(str(folder))} {fault}. "
            "Name a folder that holds your articles as .txt files."
        )
    return sorted(_walk(folder))


def _walk(folder: Path) -> Iterator[str]:
    closed: list[str] = []
    tree = os.walk(folder, onerror=lambda error: closed.append(str(error.filename)))
    for place, folders, files in tree:
        here = Path(place).relative_to(folder)
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in folders:
            if Path(place, name).is_symlink() and not _is_inside(folder, Path(place, name)):
                yield f"{(here / name).as_posix()}/"
        for name in files:
            if name.lower().endswith(".txt") and not name.startswith("."):
                yield (here / name).as_posix()
    if str(folder) in closed:
        raise KutipError(
            f"The articles folder {_printable(str(folder))} does not open. "
            "Give yourself the right to read it."
        )
    yield from (f"{Path(name).relative_to(folder).as_posix()}/" for name in closed)


def is_unchanged(folder: Path, file: str, sha256: str) -> bool:
    """Whether a file still holds the bytes with this digest; cheaper than reading the article."""
    try:
        return hashlib.sha256(_bytes(folder, file)).hexdigest() == sha256
    except (_Unreadable, OSError):
        return False


def read(folder: Path, file: str) -> Read | Skipped:
    """One article of a folder, by a path that `find` gave, or the reason why it is left out.

    Never raises for what a file is or holds. Title and date are None where the text tells none.
    """
    try:
        _check_name(file)
        data = _bytes(folder, file)
        text, encoding, warning = _decode(data)
        _check_text(text)
    except _Unreadable as fault:
        return Skipped(_printable(file), str(fault))
    except OSError as fault:
        return Skipped(_printable(file), _explain(fault))
    sha256 = hashlib.sha256(data).hexdigest()
    return Read(Article(file, text, title(text), published(text), sha256), encoding, warning)


def _check_name(file: str) -> None:
    """A name must be storable and printable: no bytes outside UTF-8, no line breaks or escapes."""
    if _printable(file) != file:
        raise _Unreadable(
            "its name holds a control character or bytes that are not UTF-8; rename it"
        )


def _printable(name: str) -> str:
    """A name with what no terminal or database takes written as escapes."""
    shown = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(
        ascii(char)[1:-1] if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
        for char in shown
    )


def _is_inside(folder: Path, path: Path) -> bool:
    """Whether a path leads, its links followed, to something in the folder."""
    return _holds(folder, os.path.realpath(path))


def _holds(folder: Path, real: str) -> bool:
    """Whether a path without links is the folder's or of something in it."""
    return Path(real).is_relative_to(os.path.realpath(folder))


def _bytes(folder: Path, file: str) -> bytes:
    """The file's bytes; raises `_Unreadable` or OSError. Does not wait on pipes and devices."""
    if file.endswith("/") and _is_inside(folder, folder / file):
        os.scandir(folder / file).close()
        raise _Unreadable("is a folder; name the files in it")
    real = os.path.realpath(folder / file, strict=True)
    if not _holds(folder, real):
        raise _Unreadable("is a link that leads out of the articles folder; copy the files into it")
    if not stat.S_ISREG(os.stat(real).st_mode):
        raise _Unreadable("is no ordinary file (a folder, pipe or device); remove or rename it")
    # Between that look and this one another file may have taken its place.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(real, flags | getattr(os, "O_BINARY", 0)), "rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        data = stream.read() if size <= MAX_BYTES else b""
    if max(size, len(data)) > MAX_BYTES:
        raise _Unreadable(
            f"is larger than {MAX_BYTES >> 20} MB ({size / 2**20:.1f} MB); split it, one article a file"
        )
    return data


def _explain(fault: OSError) -> str:
    """An operating system's refusal in plain words."""
    if isinstance(fault, FileNotFoundError):
        return "is no longer there, or is a link to nothing; remove the link or put the file back"
    if isinstance(fault, PermissionError):
        return "may not be read; give yourself the right to read it"
    return f"could not be read ({fault.strerror or fault}); check the disk, or remove it"


def _decode(data: bytes) -> tuple[str, str, str | None]:
    """Text, encoding, and a warning if that is a guess; raises `_Unreadable`."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding), encoding, None
    kind = next((name for start, name in _FORMATS if data.startswith(start)), None)
    if kind or b"\0" in data:
        raise _Unreadable(f"is {kind or 'a binary file'}, not text; save its text as UTF-8 .txt")
    try:
        return data.decode("utf-8"), "utf-8", None
    except UnicodeDecodeError as fault:
        _check_not_damaged(data, fault.start)
    encoding = _guess(data)
    warning = (
        f"is not UTF-8 and was read as {encoding}, which is a guess; if letters or quotation marks "
        "look wrong, save it as UTF-8"
    )
    return data.decode(encoding), encoding, warning


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        raise _Unreadable(
            f"begins as {encoding.upper()} but is not at byte {fault.start}; save it again as UTF-8"
        ) from None


def _check_not_damaged(data: bytes, at: int) -> None:
    """UTF-8 with a few wrong bytes, read as anything else, would be gibberish with a citation."""
    kept = data.decode("utf-8", "ignore").encode()
    beyond_ascii = sum(byte > 127 for byte in kept)
    if beyond_ascii > 2 * (len(data) - len(kept)):
        raise _Unreadable(f"is damaged UTF-8, first at byte {at}; save it again as UTF-8")


def _guess(data: bytes) -> str:
    """The likeliest legacy encoding: Windows' western one where it reads as well as the best."""
    from charset_normalizer import from_bytes

    matches = list(from_bytes(data, cp_isolation=_LEGACY))
    western = [
        "cp1252"
        for match in matches
        if match.chaos <= matches[0].chaos
        and "cp1252" in (match.encoding, *match.could_be_from_charset)
    ]
    for encoding in [*western, *(match.encoding for match in matches)]:
        if _gives_back(data, encoding):
            return encoding
    raise _Unreadable("is in no encoding that is known, or not text; save its text as UTF-8 .txt")


def _gives_back(data: bytes, encoding: str) -> bool:
    try:
        return data.decode(encoding).encode(encoding) == data
    except UnicodeError:
        return False


def _check_text(text: str) -> None:
    if not any(char.isalnum() for char in text):
        raise _Unreadable("is empty" if not text.strip() else "holds no words")
    if "\0" in text or len(_CONTROL.findall(text)) > _CONTROL_SHARE * len(text):
        raise _Unreadable("is a binary file, not text; save its text as UTF-8 .txt")
