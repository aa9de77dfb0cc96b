"""Kutip's chat in the browser: `python app.py` serves it as the settings say; so does `kutip serve`."""

from __future__ import annotations

import sys

from assistant import show
from assistant.settings import Settings
from chat.launch import serve
from index.errors import KutipError


def main() -> int:
    """Serve the chat; the exit status."""
    try:
        serve(Settings.load())
    except KutipError as error:
        show.Terminal(stderr=True).say(f"kutip: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
