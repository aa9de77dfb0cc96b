"""Answers and reports on a terminal, and answers as JSON.

What articles and file names hold is data: it is never read as markup, and the characters that
steer a terminal, or turn the direction of text around, never reach it.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

import prompts
from assistant.cite import paragraph
from assistant.day import day
from assistant.language import Language
from assistant.records import Answer, Citation
from index import articles
from index.articles import Skipped
from index.synchronise import Progress, Report

SCHEMA = 1  # of the JSON; a field that changes its meaning or goes raises it

CONFIDENCE = ((0.8, "high"), (0.5, "medium"), (0.0, "low"))
"""From which confidence on an answer is called what."""

_CONTEXT = 600  # characters shown on each side of a sentence: some pages are one endless paragraph
_INDENT = 4


class Terminal(Console):
    """Standard output or standard error; plain when it is no terminal or NO_COLOR is set."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(
            stderr=stderr,
            color_system=None if os.environ.get("NO_COLOR") else "auto",
            markup=False,
            emoji=False,
            highlight=False,
            soft_wrap=True,
        )

    @property
    def styled(self) -> bool:
        """Whether bold and dim show, so that a sentence need not be marked otherwise."""
        return self.color_system is not None

    def on_broken_pipe(self) -> None:
        """Leave it to the command how to end, where rich would end the program itself."""
        raise BrokenPipeError

    def say(self, message: str, style: str = "") -> None:
        """A message of our own, not wrapped, so that paths in it can be copied."""
        self.print(Text("\n".join(map(clean, message.splitlines())), style))

    def put(self, text: Text, indent: int = 0) -> None:
        """Text, wrapped and indented. What goes to a file or program has long lines."""
        wraps = self.is_terminal or "COLUMNS" in os.environ
        lines = text.wrap(self, max(self.width - indent, 1)) if wraps else [text]
        for line in lines:
            line.rstrip()
            self.print(Text(" " * indent) + line)


def as_json(answer: Answer) -> str:
    """The answer as one line of JSON, in ASCII: any encoding and any terminal bears it."""
    return json.dumps({"schema": SCHEMA, **asdict(answer)}, default=date.isoformat)


def show_answer(answer: Answer, folder: Path, terminal: Terminal) -> None:
    """Draw an answer and each of its citations, the sentence lit within its paragraph."""
    if answer.read_as:
        asked = prompts.text("model_read_as", answer.language, question=answer.read_as)
        terminal.put(Text(_flat(asked), "dim"))
        terminal.print()
    lead, rest = spoken(answer)
    said = [Text(_flat(part), "bold") for part in lead] + [Text(_flat(part)) for part in rest]
    terminal.put(Text("\n\n").join(said))
    if answer.citations and not answer.answered:
        terminal.print()
        terminal.put(Text(prompts.text("nearest", answer.language), "dim"))
    for citation in answer.citations:
        terminal.print()
        terminal.put(_heading(citation, answer.language))
        terminal.put(_passage(citation, folder, terminal.styled), _INDENT)
        if citation.translation:
            told = prompts.text("model_translated", answer.language, text=citation.translation)
            terminal.put(Text(_flat(told), "dim"), _INDENT)
    if answer.unverified or answer.notes:
        terminal.print()
    for note in (*answer.unverified, *answer.notes):
        terminal.put(Text(_flat(note), "yellow"))
    if answer.answered:
        terminal.print()
        terminal.put(Text(confidence(answer.confidence, answer.language), "dim"))
    if answer.model:
        terminal.put(Text(_flat(written_by(answer, answer.language)), "dim"))


def written_by(answer: Answer, language: Language) -> str:
    """Which language model wrote an answer, and whether what it wrote was checked: not if it was stopped."""
    name = "model_written_by" if answer.claims else "model_unchecked"
    return prompts.text(name, language, model=answer.model or "")


def spoken(answer: Answer) -> tuple[list[str], list[str]]:
    """The paragraphs of an answer: the one that is its short answer, if any, and the others.

    Notes on what could not be verified are left out: they have a place of their own.
    """
    said = answer.text.removesuffix("\n\n".join(answer.unverified)).strip()
    parts = said.split("\n\n")
    leads = answer.short is not None and _unmarked(parts[0]) == _unmarked(answer.short)
    return (parts[:1], parts[1:]) if leads else ([], parts)


def _unmarked(text: str) -> str:
    """Text without markers, on one line."""
    return " ".join(re.sub(r"\[\d+\]", "", text).split())


def confidence(value: float, language: Language) -> str:
    """A confidence between 0 and 1 in words."""
    level = next(word for least, word in CONFIDENCE if value >= least)
    return prompts.text(f"confidence_{level}", language)


def _heading(citation: Citation, language: Language) -> Text:
    parts = [prompts.text("sentence_number", language, number=str(citation.sentence))]
    if citation.title:
        parts.append(_flat(citation.title))
    if citation.published:
        parts.append(day(citation.published, language))
    heading = Text().append(f"[{citation.label}] {name(citation.file)}", "bold cyan")
    return heading.append(f" · {' · '.join(parts)}")


def _passage(citation: Citation, folder: Path, styled: bool) -> Text:
    """The cited sentence in its paragraph; marked with » « where no style can show it."""
    text, start, end = _source(citation, folder)
    low, high = paragraph(text, start, end)
    opening, closing = ("", "") if styled else ("»", "«")
    passage = Text()
    passage.append(_last(_flat(text[low:start]).lstrip()) + opening, "dim")
    span = citation.highlight
    if span:
        first, last = start + span.start - citation.start, start + span.end - citation.start
        passage.append(_flat(text[start:first]), "bold")
        passage.append(_flat(text[first:last]), "bold underline")
        passage.append(_flat(text[last:end]), "bold")
    else:
        passage.append(_flat(text[start:end]), "bold")
    passage.append(closing + _first(_flat(text[end:high]).rstrip()), "dim")
    return passage


def _source(citation: Citation, folder: Path) -> tuple[str, int, int]:
    """The article's text and the sentence's place in it; the sentence alone if the file changed."""
    read = articles.read(folder, citation.file)
    if isinstance(read, Skipped) or read.article.sha256 != citation.sha256:
        return citation.text, 0, len(citation.text)
    return read.article.text, citation.start, citation.end


def _last(text: str) -> str:
    """The end of what stands before the sentence, from a word on."""
    if len(text) <= _CONTEXT:
        return text
    return f"… {text[-_CONTEXT:].partition(' ')[2]}"


def _first(text: str) -> str:
    """The beginning of what stands after the sentence, up to a word's end."""
    if len(text) <= _CONTEXT:
        return text
    return f"{text[:_CONTEXT].rpartition(' ')[0]} …"


def clean(text: str) -> str:
    """Text that cannot steer a terminal.

    Control characters (escapes among them) become "�"; characters without a shape, which turn the
    direction of text or hide in it, are left out.
    """
    kinds = ((char, unicodedata.category(char)) for char in text)
    return "".join("�" if kind in ("Cc", "Cs") else char for char, kind in kinds if kind != "Cf")


def name(file: str) -> str:
    """A file's name; what `clean` would change is written as escapes, so that it stays findable."""
    return "".join(char if clean(char) == char else ascii(char)[1:-1] for char in file)


def _flat(text: str) -> str:
    """Text on one line: line ends within a paragraph are spaces."""
    return clean(re.sub(r"\s+", " ", text))


def summary(report: Report, seconds: float) -> str:
    """What a run did, on one line."""
    counts = f"{report.new} new, {report.changed} changed, {report.unchanged} unchanged"
    counts += f", {report.removed} removed"
    if report.skipped:
        counts += f", {len(report.skipped)} skipped"
    if report.orders:
        give = "that gives" if report.orders == 1 else "that give"
        counts += f"; {_sentences(report.orders)} left out {give} orders to a language model"
    return f"{counts}; {_sentences(report.sentences)} indexed in {seconds:.1f} s"


def _sentences(count: int) -> str:
    return "1 sentence" if count == 1 else f"{count} sentences"


def show_problems(report: Report, terminal: Terminal) -> None:
    """Each warning, and each file that was left out, with the reason."""
    for warning in report.warnings:
        terminal.say(f"Warning: {warning}", "yellow")
    for skipped in report.skipped:
        terminal.say(f"Skipped: {name(skipped.file)} {skipped.reason}", "yellow")


class _Rate(ProgressColumn):
    """Articles a second since the beginning; a shorter view would jump with each chunk."""

    def render(self, task: Task) -> Text:
        rate = task.completed / task.elapsed if task.elapsed else 0.0
        return Text(f"{rate:.{0 if rate >= 10 else 1}f}/s")


def _indexing(done: int, of: int) -> str:
    # All are read while the last of them are still on their way into the index.
    return "Storing" if done >= of else "Indexing"


@contextmanager
def progress(
    terminal: Terminal | None, doing: Callable[[int, int], str] = _indexing
) -> Iterator[Progress]:
    """A function that moves a progress bar; none is drawn where there is no terminal.

    `doing` names what is done, given how much is done and how much there is.
    """
    if terminal is None or not terminal.file.isatty():
        yield lambda done, of: None
        return
    columns = (
        "{task.description}",
        BarColumn(20),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=terminal, transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def advance(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of, description=doing(done, of))

        yield advance
