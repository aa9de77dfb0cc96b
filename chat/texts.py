"""Every text of the interface, in Indonesian and English: `texts.toml`, with `$variables`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from string import Template

LANGUAGES = ("id", "en")
_FILE = Path(__file__).parent / "texts.toml"


def text(name: str, language: str, **values: str) -> str:
    """The text `name` in `language`, its variables filled in; values are never read as templates.

    Raises `KeyError` for a name or a variable that is missing.
    """
    return Template(_texts()[name][language]).substitute(values)


def texts(language: str) -> dict[str, str]:
    """All texts in one language, by name, variables left as they are."""
    return {name: own[language] for name, own in _texts().items()}


@cache
def _texts() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return found
