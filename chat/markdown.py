"""Text of others within Markdown, so that it can only be read as text."""

from __future__ import annotations

import re

from assistant.show import clean

# HTML's own signs are entities, since not every renderer knows "\<"; so is "@", which makes addresses links.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
_SIGNS = re.compile(r"[\\`*_{}\[\]#|~$^&<>@!]")
_LINK = re.compile(r"(?<=[A-Za-z]):(?=//)|(?<=www)\.", re.IGNORECASE)  # what GitHub makes a link
# What makes a list, a heading or a table of a line that begins with it.
_OPENING = re.compile(r"[-+=:%]|\d{1,9}(?P<end>[.)])")


def plain(text: str) -> str:
    """The text on one line, so that Markdown, and HTML and templates in it, can only show it."""
    line = _SIGNS.sub(_sign, " ".join(clean(re.sub(r"\s+", " ", text)).split()))
    line = _LINK.sub(lambda sign: f"&#{ord(sign[0])};", line)
    opening = _OPENING.match(line)
    if not opening:
        return line
    at = opening.start("end") if opening["end"] else 0
    return f"{line[:at]}\\{line[at:]}"


def strong(before: str, own: str, after: str) -> str:
    """A sentence in three pieces, the middle one bold."""
    if not own.strip():
        return plain(before + own + after)
    low, high = len(own) - len(own.lstrip()), len(own.rstrip())
    before, own, after = before + own[:low], own[low:high], own[high:] + after
    opening, closing = ("**", "**") if _bears_stars(before, own, after) else ("<b>", "</b>")
    return f"{_joint(before)}{opening}{plain(own)}{closing}{_joint(after)}"


def _sign(sign: re.Match[str]) -> str:
    return _ENTITIES.get(sign[0], f"\\{sign[0]}")


def _joint(piece: str) -> str:
    """A piece with the blank at its edge, which parts it from the bold words."""
    left = " " if piece[:1].isspace() else ""
    right = " " if piece[-1:].isspace() and piece.strip() else ""
    return f"{left}{plain(piece)}{right}"


def _bears_stars(before: str, own: str, after: str) -> bool:
    """Whether `**` opens and closes here: between a letter and a sign it does not."""
    opens = own[0].isalnum() or not before[-1:].strip()
    closes = own[-1].isalnum() or not after[:1].strip()
    return opens and closes
