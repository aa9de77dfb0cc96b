"""A question set: what is asked of the articles, and where in them the answers stand.

One JSON object a line:

    {"id": "a01", "language": "id", "question": "Kapan ...?", "answers": ["Desember 2017"],
     "evidence": [{"file": "irak.txt", "quote": "menyatakan menang atas ISIS pada Desember 2017"}],
     "kind": "when", "follows": null}

`evidence` quotes a piece of each sentence that holds an answer, in the article's own words; white space
aside, the quote must stand in the file as it is. Empty `answers` and `evidence` together say that the
articles do not tell. `language`, `kind` and `follows` may be left out: the language is then recognised,
the question counts under no kind, and it follows none. `follows` names the question asked before it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.language import Language, detect
from index.errors import KutipError

Kind = Literal[
    "who", "when", "where", "how many", "which", "what", "why", "how", "said", "list"
]  # fmt: skip
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]

MOST_SHOWN = 20  # problems in one error message


class Quote(BaseModel):
    """A piece of a sentence that holds the answer, and the file it stands in."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    file: Text
    quote: Text


class Question(BaseModel):
    """One line of a question set; `line` is its number in the file, from 1."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: Text
    question: Text
    answers: list[Text]
    evidence: list[Quote]
    language: Language | None = None
    kind: Kind | None = None
    follows: Text | None = None
    line: int = Field(0, exclude=True)

    @property
    def answerable(self) -> bool:
        """Whether the articles hold an answer, so that refusing is wrong."""
        return bool(self.answers)

    @property
    def spoken(self) -> Language:
        """The language it is asked in."""
        return self.language or detect(self.question)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line. With a serious one the set cannot be used; others cost accuracy."""

    line: int
    message: str
    serious: bool = True


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one file, in its order; `sha256` is the digest of its bytes."""

    path: Path
    questions: tuple[Question, ...]
    sha256: str

    def chain(self, question: Question) -> list[Question]:
        """What was asked before a follow-up, oldest first; empty for a question of its own."""
        by_id = {q.id: q for q in self.questions}
        before: list[Question] = []
        while question.follows:
            question = by_id[question.follows]
            before.insert(0, question)
        return before


def load(path: Path) -> QuestionSet:
    """The question set in a file. Raises `KutipError` naming each line that is wrong."""
    found, problems = read(path)
    refuse(path, problems)
    return found


def read(path: Path) -> tuple[QuestionSet, list[Problem]]:
    """The lines that can be used, and what is wrong with the set by itself, articles aside.

    Raises `KutipError` for a file that cannot be read, or holds no line at all.
    """
    data = _bytes(path)
    questions: list[Question] = []
    problems: list[Problem] = []
    number = 0
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            try:
                questions.append(_question(line, number))
            except _Wrong as wrong:
                problems += [Problem(number, message) for message in wrong.messages]
    if not questions and not problems:
        raise KutipError(f"{path}: the question set is empty; write one question a line, as JSON")
    problems += [*_duplicates(questions), *_broken_chains(questions)]
    ordered = sorted(problems, key=lambda p: p.line)
    return QuestionSet(path, tuple(questions), hashlib.sha256(data).hexdigest()), ordered


def refuse(path: Path, problems: Iterable[Problem]) -> None:
    """Raise `KutipError` if one of the problems is serious, naming those."""
    serious = [p for p in problems if p.serious]
    if not serious:
        return
    lines = [describe(path, p) for p in serious[:MOST_SHOWN]]
    if len(serious) > MOST_SHOWN:
        lines.append(f"... and {len(serious) - MOST_SHOWN} more; kutip eval --check lists all")
    raise KutipError("the question set cannot be used\n" + "\n".join(lines))


def describe(path: Path, problem: Problem) -> str:
    """A problem as compilers write it, so that editors find the line."""
    return f"{path}:{problem.line}: {problem.message}"


class _Wrong(Exception):
    """What is wrong with one line; never leaves this module."""

    def __init__(self, *messages: str) -> None:
        self.messages = messages


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise KutipError(f"{path}: cannot be read: {error.strerror or error}") from error


def _question(line: bytes, number: int) -> Question:
    try:
        fields = json.loads(line.decode("utf-8"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise _Wrong(f"is not UTF-8 (byte {error.start + 1} of the line)") from error
    except json.JSONDecodeError as error:
        raise _Wrong(f"is not JSON: {error.msg} at column {error.colno}") from error
    except RecursionError as error:
        raise _Wrong("is not a question: brackets within brackets without end") from error
    if not isinstance(fields, dict):
        raise _Wrong('is not an object such as {"id": ..., "question": ...}')
    if "line" in fields:
        raise _Wrong("line: unknown field")
    try:
        question = Question.model_validate({**fields, "line": number})
    except ValidationError as error:
        raise _Wrong(*map(_plain, error.errors())) from error
    if bool(question.answers) != bool(question.evidence):
        given, missing = ("answers", "evidence") if question.answers else ("evidence", "answers")
        raise _Wrong(
            f"{question.id!r} has {given} but no {missing}; "
            "both are empty when the articles do not tell"
        )
    return question


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if twice:
        raise _Wrong(f"{twice[0]}: stands twice in one object")
    return dict(pairs)


def _plain(error: Any) -> str:
    """What pydantic found wrong with a field, with the field's name in front."""
    place = ".".join(str(part) for part in error["loc"])
    said = {
        "extra_forbidden": "unknown field",
        "missing": "is missing",
        "string_pattern_mismatch": "is empty",
        "string_too_short": "is empty",
    }
    return f"{place}: {said.get(error['type'], error['msg'])}"


def _duplicates(questions: Sequence[Question]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for question in questions:
        if question.id in first:
            line = first[question.id]
            yield Problem(question.line, f"id {question.id!r} stands in line {line} already")
        first.setdefault(question.id, question.line)


def _broken_chains(questions: Sequence[Question]) -> Iterator[Problem]:
    by_id = {q.id: q for q in questions}
    for question in questions:
        chain = [question.id]
        now = question
        while now.follows is not None:
            if now.follows not in by_id:
                if now is question:
                    yield Problem(question.line, f"follows {now.follows!r}, which is no id here")
                break
            chain.append(now.follows)
            if now.follows == question.id:
                yield Problem(question.line, f"follows itself: {' -> '.join(chain)}")
            if chain.count(now.follows) > 1:
                break
            now = by_id[now.follows]
