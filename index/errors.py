"""The one kind of error that a user is meant to read."""

from __future__ import annotations


class KutipError(Exception):
    """Something the user can mend: the message names the file or setting and says what to do."""


class OtherIndex(KutipError):
    """The stored vectors were made with another encoder or splitter than the one in use."""


class DamagedIndex(KutipError):
    """The stored vectors are no longer whole; the articles are, so the index can be made anew."""
