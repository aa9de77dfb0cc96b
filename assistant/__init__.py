"""Kutip: ask a folder of Indonesian news articles; every answer cites file and sentence.

from assistant import Assistant

with Assistant.open("seeds") as assistant:
    answer = assistant.ask("Kapan Irak menyatakan menang atas ISIS?")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.records import Answer, Citation, Highlight

__all__ = ["Answer", "Assistant", "Citation", "Highlight"]


def __getattr__(name: str) -> Any:
    """Import on first use, so that `kutip --help` need not wait for the whole assistant."""
    if name == "Assistant":
        from assistant.assistant import Assistant

        return Assistant
    if name in __all__:
        from assistant import records

        return getattr(records, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
