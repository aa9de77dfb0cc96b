"""Names that uploads are kept under, from whatever name a browser gives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

ENDING = ".txt"
MOST_BYTES = 120  # of a name before its ending, in UTF-8; most file systems take 255 in all
UNNAMED = "artikel"

_ELSEWHERE = re.compile(r'[<>:"|?*]')  # what Windows takes in no name


def is_text(given: str) -> bool:
    """Whether a name ends as articles do."""
    return given.strip().lower().endswith(ENDING)


def safe(given: str) -> str:
    """A name for an upload: no folder, nothing invisible, not hidden, not long; letters stay as they are."""
    name = re.split(r"[/\\]", given.strip())[-1]
    if is_text(name):
        name = name[: -len(ENDING)]
    name = unicodedata.normalize("NFC", name)
    name = "".join(char if _is_visible(char) else " " for char in name)
    name = " ".join(_ELSEWHERE.sub("-", name).split()).lstrip(". ")
    return (_cut(name, MOST_BYTES).rstrip(". ") or UNNAMED) + ENDING


def free(name: str, is_taken: Callable[[str], bool]) -> str:
    """The name, or where it is taken the first of "name (2).txt", "name (3).txt" … that is not."""
    stem, number = name.removesuffix(ENDING), 1
    while is_taken(name):
        number += 1
        name = f"{stem} ({number}){ENDING}"
    return name


def _is_visible(char: str) -> bool:
    return unicodedata.category(char)[0] not in "CZ"  # controls, halves, marks of direction; spaces


def _cut(name: str, most: int) -> str:
    """The beginning of a name, whole characters."""
    return name.encode()[:most].decode("utf-8", "ignore")
