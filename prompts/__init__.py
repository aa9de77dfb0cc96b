"""Every text that the assistant says or gives to a language model, in Indonesian and English.

The texts are files, `NAME.id.txt` and `NAME.en.txt`, with `$variables`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent


def text(name: str, language: str, **values: str) -> str:
    """The text `name` in `language` with its variables filled in; values are never read as templates.

    Raises `KeyError` for a variable without a value and `TypeError` for a value without a variable.
    """
    template = _template(name, language)
    surplus = set(values) - set(template.get_identifiers())
    if surplus:
        raise TypeError(
            f"prompts/{name}.{language}.txt has no variable {', '.join(sorted(surplus))}"
        )
    return template.substitute(values)


@cache
def _template(name: str, language: str) -> Template:
    return Template((_FOLDER / f"{name}.{language}.txt").read_text(encoding="utf-8").strip())
