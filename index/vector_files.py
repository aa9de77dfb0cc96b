"""Whether the files that an embedded Chroma keeps its vectors in are whole.

Chroma trusts them: where one is cut short it reads on behind the end, and the process dies of it. Their form
is that of the hnswlib in Chroma 1.5, each number little-endian: a header, the vectors with their nearest
neighbours one after another, the vectors' lengths, and of each vector its links to farther ones.
"""

from __future__ import annotations

import struct
from pathlib import Path

from index.errors import DamagedIndex

_HEADER = struct.Struct("<iQQQQ64x")  # version, offset, most vectors, vectors, bytes of each; more
_COUNT = struct.Struct("<I")
_VERSION = 1


def measure(folder: Path) -> None:
    """Raise `DamagedIndex` when a file in the subfolders of Chroma's `folder` is shorter than it says.

    A garbled header Chroma itself sees; files of another version are left to it.
    """
    for header in folder.glob("*/header.bin"):
        told = header.read_bytes()
        _require(len(told) >= _HEADER.size, header)
        version, _, _, vectors, size = _HEADER.unpack_from(told)
        if version == _VERSION:
            _require(_length(header.with_name("data_level0.bin")) >= vectors * size, header)
            _require(_length(header.with_name("length.bin")) >= vectors * _COUNT.size, header)
            _require(_linked(header.with_name("link_lists.bin"), vectors), header)


def _require(whole: bool, header: Path) -> None:
    if not whole:
        raise DamagedIndex(f"A file of vectors in {header.parent} is cut short.")


def _length(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _linked(file: Path, vectors: int) -> bool:
    """Whether the file has the links of all vectors, each a count of bytes and so many bytes."""
    links = file.read_bytes() if file.exists() else b""
    end = 0
    for _ in range(vectors):
        if end + _COUNT.size > len(links):
            return False
        end += _COUNT.size + _COUNT.unpack_from(links, end)[0]
    return end <= len(links)
