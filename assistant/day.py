"""A date as people write it, in the language of the answer."""

from __future__ import annotations

from datetime import date

import prompts
from assistant.language import Language


def day(published: date, language: Language) -> str:
    """A date as people write it: 14 May 2015, 14 Mei 2015."""
    month = prompts.text("months", language).split()[published.month - 1]
    return f"{published.day} {month} {published.year}"
