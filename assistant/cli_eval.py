"""`kutip eval`: ask a question set, and say how good the answers are."""

from __future__ import annotations

import sys
import time
from contextlib import redirect_stdout
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.command import (
    BELOW,
    MENDABLE,
    STOPPED,
    ArticlesOption,
    IndexOption,
    complain,
    ending,
    place_of,
    synchronise,
)
from index.errors import KutipError

if TYPE_CHECKING:
    from assistant.run import Run
    from assistant.show import Terminal

EPILOG = """\b
Examples:
  kutip eval seeds/questions.jsonl
  kutip eval my.jsonl --articles ~/berita --check
  kutip eval my.jsonl --articles ~/berita --json today.json --html today.html
  kutip eval my.jsonl --articles ~/berita --baseline yesterday.json
  kutip eval today.json --html today.html --language en
  kutip eval seeds/questions.jsonl --fail-under seeds/floors.toml

\b
QUESTIONS holds one question a line, as JSON:
  id        a name of your choice, once in the file
  question  what is asked
  answers   a list of right answers, in the articles' words; [] when the
            articles do not tell
  evidence  a list of {file, quote}: a piece of each sentence that tells it;
            [] when the articles do not tell
  language  "id" or "en"; recognised when left out
  kind      who, when, where, how many, which, what, why, how, said or list;
            may be left out
  follows   the id of the question asked before it; may be left out

\b
Exit codes: 0 done; 1 an error that the message says how to mend, or --check
found something; 2 wrong usage; 5 done, but a figure is worse than --fail-under
allows; 130 stopped by Ctrl-C: what was asked until then is reported and written.
"""


class ReportLanguage(StrEnum):
    """In which language a page is written."""

    id = "id"
    en = "en"


def evaluate(
    questions: Annotated[
        Path,
        typer.Argument(
            metavar="QUESTIONS",
            help="The question set (JSONL), or what --json wrote, to report it again.",
            show_default=False,
        ),
    ],
    articles: ArticlesOption = None,
    index: IndexOption = None,
    json: Annotated[
        Path | None,
        typer.Option("--json", metavar="OUT", help="Write the whole run there, for later."),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="OUT", help="Write a page to read in a browser, offline."),
    ] = None,
    language: Annotated[
        ReportLanguage, typer.Option("--language", help="The language of that page.")
    ] = ReportLanguage.id,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            metavar="OLD",
            help="An earlier run, as --json wrote it, to compare with.",
        ),
    ] = None,
    fail_under: Annotated[
        Path | None,
        typer.Option(
            "--fail-under",
            metavar="FILE",
            help="Floors in TOML; exit with 5 when a figure is worse.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what is wrong with the question set.")
    ] = False,
) -> None:
    """Measure the answers to a question set.

    It asks every question, compares answers and citations with what the set says, and prints figures
    with their uncertainty. Articles that are new or changed are indexed first.
    """
    with ending():
        if check:
            raise typer.Exit(_check(questions, place_of(articles, index).articles))
        from assistant import compare, eval_table, show
        from assistant.evaluate import save
        from assistant.figures import tabulate
        from assistant.run import load

        # What cannot work is found out before the work.
        for out in (json, html):
            _writable(out)
        floors = compare.load_floors(fail_under) if fail_under else []
        old = load(baseline) if baseline else None
        errors, terminal = show.Terminal(stderr=True), show.Terminal()
        saved = _is_run(questions)
        run = load(questions) if saved else _run(questions, articles, index, errors)
        if not run.outcomes:
            raise KeyboardInterrupt("Stopped before the first question was answered.")
        began = time.perf_counter()
        table = tabulate(run.outcomes)
        compared = compare.compare(old, run) if old else None
        if json:
            save(run, json, table)
        if html:
            from assistant.report import write

            write(run, html, language.value, table, compared)
        own = run.seconds - run.asking + time.perf_counter() - began
        eval_table.show_run(run, table, own, terminal)
        if compared:
            eval_table.show_comparison(compared, terminal)
        broken = compare.below(table, floors)
        for line in broken:
            errors.say(line, "red")
        if run.partial:
            errors.say(
                f"Stopped: {len(run.outcomes)} of {run.total} questions were asked.", "yellow"
            )
            raise typer.Exit(0 if saved else STOPPED)
        if broken:
            raise typer.Exit(BELOW)


def _run(questions: Path, articles: Path | None, index: Path | None, errors: Terminal) -> Run:
    """Ask the set over the articles, drawing progress."""
    from assistant.questions import load

    loaded = load(questions)  # what is wrong with it need not wait for the index
    from assistant import evaluate as evaluation
    from assistant import show
    from assistant.assistant import Assistant
    from index.index import Index

    with (
        redirect_stdout(sys.stderr),
        Index(place_of(articles, index), errors.say) as opened,
    ):
        report = synchronise(opened, errors)
        if report.skipped:
            errors.say(f"Skipped files: {len(report.skipped)}; kutip index names them", "yellow")
        with show.progress(errors, lambda done, of: "Asking") as advance:
            return evaluation.evaluate(Assistant(opened, report), loaded, advance)


def _check(questions: Path, folder: Path) -> int:
    """Print what is wrong with a question set, a line each; the exit code."""
    from assistant import show
    from assistant.gold import check
    from assistant.questions import describe, read

    found, problems = read(questions)
    problems = sorted([*problems, *check(found, folder)], key=lambda p: p.line)
    terminal = show.Terminal()
    for problem in problems:
        terminal.say(describe(questions, problem))
    if problems:
        complain(f"Problems: {len(problems)}")
        return MENDABLE
    terminal.say(f"{len(found.questions)} questions, nothing wrong with them")
    return 0


def _is_run(path: Path) -> bool:
    """Whether a file is a saved run, which opens with its format, and not a question set."""
    try:
        with path.open("rb") as stream:
            return stream.read(200).lstrip().replace(b" ", b"").startswith(b'{\n"format":')
    except OSError:
        return False


def _writable(out: Path | None) -> None:
    """Find out before all the work whether a file can be written at the end."""
    if out and not out.parent.is_dir():
        raise KutipError(f"{out}: there is no folder {out.parent}; make it first")
    if out and out.is_dir():
        raise KutipError(f"{out}: is a folder; name a file")
