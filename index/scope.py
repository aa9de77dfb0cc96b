"""Which articles a question is asked of: those of one folder, and of some days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from index.errors import KutipError

if TYPE_CHECKING:
    from index.store import Filed


@dataclass(frozen=True, slots=True)
class Scope:
    """A folder, and the first and last day of publication; everything if nothing is named.

    `folder` is a path relative to the articles folder, with "/"; its subfolders count. Both days count.
    An article without a date is outside every scope that names a day.
    """

    folder: str = ""
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        """Raises `KutipError` where the first day comes after the last."""
        object.__setattr__(self, "folder", self.folder.strip("/"))
        if self.since and self.until and self.since > self.until:
            raise KutipError(
                f"nothing is published since {self.since} and until {self.until}: "
                "the first day must not come after the last"
            )

    @property
    def whole(self) -> bool:
        """Whether it holds every article."""
        return self == WHOLE

    def holds(self, filed: Filed) -> bool:
        """Whether an article is in it."""
        if self.folder and not filed.file.startswith(f"{self.folder}/"):
            return False
        if not (self.since or self.until):
            return True
        day = filed.published
        return day is not None and (self.since or day) <= day <= (self.until or day)

    def files(self, catalogue: Mapping[str, Filed]) -> set[str]:
        """The files of the articles in it."""
        return {file for file, filed in catalogue.items() if self.holds(filed)}


WHOLE = Scope()
"""Every article."""


def folders(files: Iterable[str]) -> list[str]:
    """The folders that hold these files, and the folders that hold those, sorted."""
    found: set[str] = set()
    for file in files:
        folder = file.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(found)
