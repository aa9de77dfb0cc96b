"""What the commands of the command line share: exit codes, options, early ends, the index made ready."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import KutipError

if TYPE_CHECKING:
    from assistant.show import Terminal
    from index.index import Index, Place
    from index.synchronise import Report

# Everything heavy is imported by the commands, so that `kutip --help` answers at once.

# Exit codes; 2, wrong usage, is typer's own.
MENDABLE = 1  # something the user can mend; the message says what
SKIPPED = 3  # `index`: done, but files had to be left out
NO_ANSWER = 4  # `ask`: the articles do not say
BELOW = 5  # `eval`: done, but a figure is worse than allowed
STOPPED = 130  # Ctrl-C
NO_READER = 141  # whatever read the output has gone, as in `kutip ask … | head -1`

ArticlesArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="ARTICLES",
        help="The folder of articles: .txt files, in subfolders too.",
        show_default="the setting articles, else seeds",
    ),
]
ArticlesOption = Annotated[
    Path | None,
    typer.Option(
        "--articles",
        help="The folder of articles: .txt files, in subfolders too.",
        show_default="the setting articles, else seeds",
    ),
]
IndexOption = Annotated[
    Path | None,
    typer.Option(
        "--index",
        help="Where the index of these articles is kept.",
        show_default="the setting index, else a folder in the user's cache",
    ),
]


@contextmanager
def ending() -> Iterator[None]:
    """Turn each early end of a command into a line on stderr and an exit code, no traceback."""
    try:
        yield
    except KutipError as error:
        complain(f"kutip: {error}")
        raise typer.Exit(MENDABLE) from error
    except KeyboardInterrupt as stop:
        complain(str(stop) or "Stopped; run it again to go on.")
        raise typer.Exit(STOPPED) from stop
    except BrokenPipeError as gone:
        _to_nowhere()
        raise typer.Exit(NO_READER) from gone


def complain(message: str) -> None:
    from assistant.show import Terminal

    Terminal(stderr=True).say(message)


def _to_nowhere() -> None:
    """Send what is still to be flushed when Python ends to nowhere, or it would complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def place_of(articles: Path | None, index: Path | None) -> Place:
    from assistant.settings import Settings

    return Settings.load().place(articles, index)


def synchronise(index: Index, terminal: Terminal | None) -> Report:
    """Index what is new or changed, drawing progress on a terminal; Ctrl-C says what is kept."""
    from assistant.show import progress

    try:
        with progress(terminal) as advance:
            return index.synchronise(advance)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            f"Stopped; {index.files} articles are in the index; run it again to go on."
        ) from None
