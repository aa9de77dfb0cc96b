"""What the commands of the command line share: exit codes, options, early ends, the index made ready."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import KutipError

if TYPE_CHECKING:
    from assistant.show import Terminal
    from index.index import Index, Place
    from index.scope import Scope
    from index.synchronise import Report

# Everything heavy is imported by the commands, so that `kutip --help` answers at once.

# Exit codes; 2, wrong usage, is typer's own.
MENDABLE = 1  # something the user can mend; the message says what
SKIPPED = 3  # `index`: done, but files had to be left out
NO_ANSWER = 4  # `ask`: the articles do not say
BELOW = 5  # `eval`: done, but a figure is worse than allowed
STOPPED = 130  # Ctrl-C
NO_READER = 141  # whatever read the output has gone, as in `kutip ask … | head -1`

NAMED = 20  # folders that an error lists

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
FolderOption = Annotated[
    str,
    typer.Option(
        "--folder",
        metavar="FOLDER",
        help="Ask only the articles in this folder and its subfolders.",
        show_default="all of them",
    ),
]


def _day(given: str) -> date:
    try:
        return datetime.strptime(given, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"{given!r} is no date such as 2017-12-31") from None


SinceOption = Annotated[
    date | None,
    typer.Option(
        "--since",
        parser=_day,
        metavar="DATE",
        help="Ask only articles published on this day or later.",
        show_default="any day",
    ),
]
UntilOption = Annotated[
    date | None,
    typer.Option(
        "--until",
        parser=_day,
        metavar="DATE",
        help="Ask only articles published on this day or earlier.",
        show_default="any day",
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


def scope_of(folder: str, since: date | None, until: date | None) -> Scope:
    """What a question is asked of; days in the wrong order are wrong usage."""
    from index.scope import Scope

    try:
        return Scope(folder, since, until)
    except KutipError as error:
        raise typer.BadParameter(str(error), param_hint="--since, --until") from error


def check_folder(scope: Scope, index: Index) -> None:
    """Raise `KutipError` unless the folder of `scope` holds articles, naming those that do."""
    from index.scope import folders

    held = folders(index.catalogue)
    if not scope.folder or scope.folder in held:
        return
    named = ", ".join(held[:NAMED]) + (f" and {len(held) - NAMED} more" * (len(held) > NAMED))
    there = f"The folders with articles are: {named}" if held else "No subfolder has any"
    raise KutipError(
        f"no article is in the folder {scope.folder!r} of {index.place.articles}. {there}."
    )


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
