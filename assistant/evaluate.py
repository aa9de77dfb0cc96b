"""Ask a question set and keep what came of it.

    from assistant import Assistant
    from assistant.evaluate import evaluate, save

    with Assistant.open("seeds") as assistant:
        run = evaluate(assistant, "seeds/questions.jsonl")
    save(run, "run.json")

What a run tells is drawn from it alone, today or later: see `assistant.figures`, `assistant.compare` and
`assistant.report`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import questions as sets
from assistant.figures import Table, tabulate
from assistant.gold import Gold, locate
from assistant.questions import Question, QuestionSet, refuse
from assistant.run import Cited, Fault, Found, Outcome, Run, load
from assistant.statements import statements
from assistant.support import Judge
from assistant.trace import Trace
from index import articles
from index.articles import Skipped
from index.errors import KutipError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.records import Answer, Citation
    from index.records import Evidence

__all__ = ["Run", "evaluate", "load", "save"]

Progress = Callable[[int, int], None]  # questions done, questions in all

DIGITS = 4  # of a confidence: the engines' last ones differ from run to run


def evaluate(
    assistant: Assistant,
    questions: QuestionSet | str | Path,
    progress: Progress = lambda done, of: None,
) -> Run:
    """Ask every question of a set, each follow-up after those that it follows, with their answers.

    `progress` is called with questions done and questions in all. Ctrl-C ends it early: the run then
    holds what was done. Raises `KutipError` for a set that is broken or made for other articles,
    before anything is asked.
    """
    began = time.perf_counter()
    asked = questions if isinstance(questions, QuestionSet) else sets.load(Path(questions))
    gold, problems = locate(asked, assistant.index.place.articles)
    refuse(asked.path, problems)
    outcomes = _Asking(assistant, asked, gold).all(progress)
    return Run(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        version=_version(),
        encoder=assistant.index.encoder.name,
        articles=assistant.index.place.articles.name,
        files=assistant.index.files,
        questions=asked.path.name,
        questions_sha256=asked.sha256,
        total=len(asked.questions),
        seconds=time.perf_counter() - began,
        memory=_peak_memory(),
        outcomes=outcomes,
    )


class _Asking:
    """Asks the questions of one set, remembering the answers that follow-ups need."""

    def __init__(
        self, assistant: Assistant, questions: QuestionSet, gold: dict[str, tuple[Gold, ...]]
    ) -> None:
        self._assistant, self._questions, self._gold = assistant, questions, gold
        self._verifier = Verifier(assistant.index.place.articles)
        self._judge = Judge(assistant.index.encoder)
        self._done: dict[str, Outcome] = {}

    def all(self, progress: Progress) -> tuple[Outcome, ...]:
        questions = self._questions.questions
        try:
            progress(0, len(questions))
            for question in questions:
                for each in (*self._questions.chain(question), question):
                    if each.id not in self._done:
                        self._done[each.id] = self._ask(each)
                progress(len(self._done), len(questions))
        except KeyboardInterrupt:
            pass  # what is done is told by the run
        return tuple(self._done[q.id] for q in questions if q.id in self._done)

    def _ask(self, question: Question) -> Outcome:
        chain = self._questions.chain(question)
        history = [(q.question, self._done[q.id].text) for q in chain]
        trace = Trace()
        began = time.perf_counter()
        answer = self._assistant.ask(question.question, history, trace)
        seconds = time.perf_counter() - began
        gold = self._gold[question.id]
        found = [_found(item, gold) for item in trace.evidence]
        return Outcome(
            id=question.id,
            chain=chain[0].id if chain else question.id,
            language=question.spoken,
            kind=question.kind,
            follows=question.follows,
            question=question.question,
            answers=tuple(question.answers),
            gold=gold,
            answered=answer.answered,
            text=answer.text,
            short=answer.short,
            confidence=round(answer.confidence, DIGITS),
            citations=self._cited(answer, trace.evidence, gold),
            found=tuple(found),
            unverified=answer.unverified,
            seconds=seconds,
            steps=dict(trace.seconds),
            tokens=trace.tokens + sum(self._assistant.index.encoder.lengths([question.question])),
            given=trace.given,
            written=trace.written,
            model=answer.model,
            statements=statements(answer, self._judge),
        )

    def _cited(
        self, answer: Answer, evidence: Sequence[Evidence], gold: tuple[Gold, ...]
    ) -> tuple[Cited, ...]:
        said: dict[tuple[str, int], tuple[int, ...]] = {
            (g.file, g.sentence): (i,) for i, g in enumerate(gold)
        }
        for item in evidence:
            held = _found(item, gold).gold
            places = ((p.sentence.file, p.sentence.number) for p in (item, *item.twins))
            said |= dict.fromkeys(places, held)
        return tuple(
            Cited(
                label=c.label,
                file=c.file,
                sentence=c.sentence,
                text=c.text,
                gold=said.get((c.file, c.sentence), ()),
                fault=self._verifier.fault(c),
            )
            for c in answer.citations
        )


def _found(item: Evidence, gold: tuple[Gold, ...]) -> Found:
    places = {(p.sentence.file, p.sentence.number) for p in (item, *item.twins)}
    held = tuple(i for i, g in enumerate(gold) if (g.file, g.sentence) in places)
    return Found(item.sentence.file, item.sentence.number, held)


class Verifier:
    """Compares citations with the files, by itself: the assistant's own check is on trial too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[str, tuple[str, str] | None] = {}

    def fault(self, citation: Citation) -> Fault:
        """How a citation is not what its file holds; empty when it is.

        "unreadable": the file; "changed": the file, since it was indexed; "other text": at the citation's
        place; "highlight": the words that it points out do not stand where it says.
        """
        if citation.file not in self._texts:
            read = articles.read(self._folder, citation.file)
            known = None if isinstance(read, Skipped) else (read.article.text, read.article.sha256)
            self._texts[citation.file] = known
        held = self._texts[citation.file]
        if held is None:
            return "unreadable"
        text, sha256 = held
        if citation.sha256 != sha256:
            return "changed"
        if text[citation.start : citation.end] != citation.text or not citation.text.strip():
            return "other text"
        span = citation.highlight
        if span and not (
            citation.start <= span.start < span.end <= citation.end
            and text[span.start : span.end] == span.text
        ):
            return "highlight"
        return ""


def save(run: Run, path: str | Path, table: Table | None = None) -> None:
    """Write a run as JSON, its figures (`table`, where they are known already) beside it.

    It is written whole, or not at all. Raises `KutipError` when that cannot be.
    """
    fields = asdict(run)
    outcomes = fields.pop("outcomes")
    figures = tabulate(run.outcomes) if table is None else table
    shown = {group: {name: asdict(f) for name, f in row.items()} for group, row in figures.items()}
    whole = {"format": fields.pop("format"), **fields, "figures": shown, "outcomes": outcomes}
    write_whole(Path(path), json.dumps(whole, indent=1) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a file beside its place and move it there: a reader finds the old one or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise KutipError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)


def _peak_memory() -> int | None:
    """The most memory that this process held, in bytes; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("kutip")
    except PackageNotFoundError:
        return ""
