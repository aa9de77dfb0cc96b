"""The command line: `kutip index`, `kutip ask`, `kutip eval`, `kutip serve`."""

from __future__ import annotations

import codecs
import io
import os
import sys
import time
from contextlib import redirect_stdout, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import cli_eval
from assistant.ahead import load_ahead
from assistant.command import (
    NO_ANSWER,
    SKIPPED,
    ArticlesArgument,
    ArticlesOption,
    FolderOption,
    IndexOption,
    SinceOption,
    UntilOption,
    check_folder,
    ending,
    place_of,
    scope_of,
    synchronise,
)

if TYPE_CHECKING:
    from index.index import Place

# Everything heavy is imported by the commands, so that `kutip --help` answers at once.

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # brackets stay brackets, and help takes half the time
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line; the console script `kutip` starts here."""
    # bm25s imports it where it is installed: a tenth of a second and 55 MB for what is not used here.
    sys.modules.setdefault("numba", None)  # type: ignore[arg-type]
    _bear_any_encoding()
    try:
        cli(prog_name="kutip")
    except SystemExit as end:
        _leave(end.code)
        raise


def _leave(code: str | int | None) -> None:
    """End at once when all is said: taking modules and models apart takes a third of a second more."""
    with suppress(
        OSError
    ):  # nobody reads what is left to be said: Python itself ends as it does then
        sys.stdout.flush()
        sys.stderr.flush()
        if isinstance(code, int):
            os._exit(code)


_TYPED = str.maketrans("“”„‘’‚»«–—−·…", "\"\"\"'''><---:~")


def _bear_any_encoding() -> None:
    """Let a terminal that knows few characters show something like those that it does not know."""

    def like(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        lost = error.object[error.start : error.end].translate(_TYPED)
        return "".join(char if char.isascii() else "?" for char in lost), error.end

    codecs.register_error("kutip", like)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="kutip")


def _version(wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        typer.echo(f"kutip {version('kutip')}")
    except PackageNotFoundError:
        typer.echo("kutip, run from its source folder without being installed")
    raise typer.Exit


@cli.callback(
    epilog="""\b
Examples:
  kutip index seeds
  kutip ask "Kapan Irak menyatakan menang atas ISIS?" --articles seeds
  kutip ask "When did the MRT Jakarta start charging?" --articles seeds
  kutip ask "Siapa Abadi?" --articles seeds --json
  echo "Berapa tarif MRT?" | kutip ask - --articles seeds
  kutip eval seeds/questions.jsonl --articles seeds
  kutip serve --articles seeds --port 8080

\b
Settings: KUTIP_ARTICLES, KUTIP_INDEX, KUTIP_CACHE, KUTIP_ENCODER, KUTIP_CHROMA,
KUTIP_CAUTION; for the chat KUTIP_HOST, KUTIP_PORT, KUTIP_USER, KUTIP_PASSWORD,
KUTIP_VOTES, KUTIP_MCP; KUTIP_MODEL, KUTIP_MODEL_URL and others for a language model
(see the README). Or the same names in small letters and without KUTIP_ in
kutip.toml in the working directory. An option goes before a variable, and a
variable before the file.
"""
)
def kutip(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Ask a folder of Indonesian news articles, in Indonesian or English.

    Every answer cites the file and the sentence it was read in. It works offline.
    """


@cli.command(
    epilog="""\b
Examples:
  kutip index                      the folder that the settings name
  kutip index ~/berita             another folder, its index in the cache
  kutip index ~/berita --rebuild   from nothing, as after a change of model

\b
Exit codes: 0 done; 1 an error that the message says how to mend; 2 wrong usage;
3 done, but files were skipped; 130 stopped by Ctrl-C.
"""
)
def index(
    articles: ArticlesArgument = None,
    index: IndexOption = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Delete the index first and make it anew.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Say nothing but what went wrong, and no progress.")
    ] = False,
) -> None:
    """Bring the index of a folder up to date.

    It reads what is new or changed and forgets what is gone. Stopped by Ctrl-C, it keeps what is
    done, and the next run goes on from there. Files that cannot be read are named, with the reason,
    and left out.
    """
    with ending():
        from assistant import show
        from index.index import Index

        errors = show.Terminal(stderr=True)
        place = place_of(articles, index)
        say = (lambda _: None) if quiet else errors.say
        if rebuild:
            _rebuild(place)
        began = time.monotonic()
        with redirect_stdout(sys.stderr), Index(place, say) as opened:
            report = synchronise(opened, None if quiet else errors)
        if not quiet:
            show.Terminal().say(show.summary(report, time.monotonic() - began))
        show.show_problems(report, errors)
        raise typer.Exit(SKIPPED if report.skipped else 0)


@cli.command(
    epilog="""\b
Examples:
  kutip ask "Kapan Irak menyatakan menang atas ISIS?"
  kutip ask "Who recaptured Mosul?" --articles ~/berita
  kutip ask "Siapa Abadi?" --json | jq -r ".citations[].file"
  kutip ask "Berapa kursi?" --folder nasional --since 2019-01-01
  kutip ask - < question.txt
  kutip ask -- "-5 derajat di mana?"

\b
--json prints one object on one line, in ASCII:
  schema      1; it changes when a field changes its meaning or goes
  question    as it was understood, a string
  text        the answer with its markers [1], [2], ...; a refusal too
  answered    false when the articles do not say
  short       the answer in a few words, or null
  language    "id" or "en"
  confidence  0 to 1
  citations   a list of {label, file, sentence, start, end, text, highlight,
              published, sha256, title, translation}: the file's text from
              start to end (characters, from 0) is text; highlight is null or
              {start, end, text}; published is null or like "2015-05-14";
              title and translation may be null
  unverified  a list of what could not be checked, or is not borne out by what
              it cites, in the answer's language
  model       the language model that wrote text, or null: it is quoted
  claims      the model's sentences, a list of {start, end, labels, backing,
              missing}: backing is "supported", "doubtful" or "uncited";
              missing lists what stands in none of the cited sentences
  read_as     a follow-up question as the model put it, or null
  notes       a list of what else went otherwise than it should

\b
Exit codes: 0 answered; 1 an error that the message says how to mend; 2 wrong
usage; 4 the articles do not say; 130 stopped by Ctrl-C; 141 nobody reads the
output any more.
"""
)
def ask(
    question: Annotated[
        str,
        typer.Argument(
            metavar="QUESTION", help="The question, or - to read it from standard input."
        ),
    ],
    articles: ArticlesOption = None,
    index: IndexOption = None,
    folder: FolderOption = "",
    since: SinceOption = None,
    until: UntilOption = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, for programs, and nothing else.")
    ] = False,
) -> None:
    """Answer a question, citing file and sentence.

    Articles that are new or changed are indexed first. The answer is in the question's language.
    An article whose date is not known is not asked when a day is named.
    """
    asked, scope = _question(question), scope_of(folder, since, until)
    with ending():
        place = place_of(articles, index)
        load_ahead(place.cache, place.encoder)

        from assistant import show
        from assistant.assistant import Assistant
        from index.index import Index

        errors = show.Terminal(stderr=True)
        # What a library prints is not part of the answer.
        with redirect_stdout(sys.stderr), Index(place, errors.say) as opened:
            report = synchronise(opened, errors)
            check_folder(scope, opened)
            answer = Assistant(opened, report).ask(asked, scope=scope)
        if report.skipped:
            errors.say(f"Skipped files: {len(report.skipped)}; kutip index names them", "yellow")
        if json:
            print(show.as_json(answer), flush=True)
        else:
            show.show_answer(answer, place.articles, show.Terminal())
        raise typer.Exit(0 if answer.answered else NO_ANSWER)


cli.command("eval", epilog=cli_eval.EPILOG)(cli_eval.evaluate)


@cli.command(
    epilog="""\b
Examples:
  kutip serve
  kutip serve --articles ~/berita --port 8080
  kutip serve --host 0.0.0.0       for the whole network; set KUTIP_USER and KUTIP_PASSWORD first

\b
Exit codes: 0 ended by Ctrl-C; 1 an error that the message says how to mend; 2
wrong usage; 130 stopped by Ctrl-C before the chat was open.
"""
)
def serve(
    articles: ArticlesOption = None,
    index: IndexOption = None,
    host: Annotated[
        str | None,
        typer.Option(
            help="The address to listen on.", show_default="the setting host, else 127.0.0.1"
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="The port to listen on; 0 for any free one.",
            show_default="the setting port, else 7860",
        ),
    ] = None,
) -> None:
    """Open the chat for the browser, until Ctrl-C.

    It is what python app.py does.
    """
    with ending():
        from assistant.settings import Settings

        chosen = {"host": host, "port": port}
        settings = Settings.load().model_copy(
            update={name: value for name, value in chosen.items() if value is not None}
        )
        from chat.launch import serve as serve_chat

        serve_chat(settings, articles, index)


def _rebuild(place: Place) -> None:
    """Delete the index, but not for a folder without articles: that is a slip of the pen."""
    from index.articles import find
    from index.index import rebuild

    if find(place.articles):
        rebuild(place)


def _question(given: str) -> str:
    """The question, read from standard input for "-"; what is not UTF-8 in it becomes "�"."""
    if given == "-":
        given = sys.stdin.buffer.read().decode("utf-8", "replace")
    question = given.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if not question.strip():
        raise typer.BadParameter("the question is empty", param_hint="QUESTION")
    return question
