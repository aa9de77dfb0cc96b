"""Where a question set's quotes stand in the articles: its gold sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.metrics import holds
from assistant.questions import Problem, Question, QuestionSet
from index import articles
from index.articles import Skipped
from index.records import Sentence
from index.sentences import split


@dataclass(frozen=True, slots=True)
class Gold:
    """A sentence that holds an answer: its file, its number there (from 1), its text."""

    file: str
    sentence: int
    text: str


@dataclass(frozen=True, slots=True)
class _Page:
    """An article's sentences beside their texts on one line, and the whole text on one line."""

    sentences: tuple[Sentence, ...]
    flat: tuple[str, ...]
    text: str


class Locator:
    """Finds quotes in the articles of a folder, through the splitter that the index uses."""

    def __init__(self, folder: Path) -> None:
        """Raises `KutipError` where there is no such folder."""
        self._folder, self._files = folder, frozenset(articles.find(folder))
        self._pages: dict[str, _Page | str] = {}

    def gold(self, question: Question) -> tuple[tuple[Gold, ...], list[Problem]]:
        """A question's gold sentences, each once and in the set's order, and what is wrong.

        A sentence is gold when it holds a quote whole, runs of white space counting as one space.
        """
        found: dict[tuple[str, int], Gold] = {}
        problems: list[Problem] = []
        for wanted in question.evidence:
            page = self._page(wanted.file)
            if isinstance(page, str):
                problems.append(Problem(question.line, f"{wanted.file} {page}"))
                continue
            holding = _holding(page, wanted.quote)
            problems += _doubts(question, wanted.file, wanted.quote, page, holding)
            quotable = [s for s in holding if not s.furniture]
            for s in quotable:
                found[s.file, s.number] = Gold(s.file, s.number, s.text)
        return tuple(found.values()), problems

    def _page(self, file: str) -> _Page | str:
        """The article, or why there is none."""
        if file not in self._pages:
            self._pages[file] = self._open(file)
        return self._pages[file]

    def _open(self, file: str) -> _Page | str:
        if file not in self._files:
            return f"is no article in {self._folder}"
        read = articles.read(self._folder, file)
        if isinstance(read, Skipped):
            return read.reason
        sentences = split(read.article.text, file, read.article.title)
        return _Page(sentences, tuple(_flat(s.text) for s in sentences), _flat(read.article.text))


def check(questions: QuestionSet, folder: Path) -> list[Problem]:
    """What is wrong with a set for these articles, by line. Raises `KutipError` for a bad folder."""
    locator = Locator(folder)
    return [problem for q in questions.questions for problem in locator.gold(q)[1]]


def locate(
    questions: QuestionSet, folder: Path
) -> tuple[dict[str, tuple[Gold, ...]], list[Problem]]:
    """The gold sentences by question id, and what is wrong, by line."""
    locator = Locator(folder)
    found = {q.id: locator.gold(q) for q in questions.questions}
    problems = [problem for _, wrong in found.values() for problem in wrong]
    return {id: gold for id, (gold, _) in found.items()}, problems


def _holding(page: _Page, quote: str) -> list[Sentence]:
    wanted = _flat(quote)
    return [s for s, flat in zip(page.sentences, page.flat, strict=True) if wanted in flat]


def _doubts(
    question: Question, file: str, quote: str, page: _Page, holding: list[Sentence]
) -> Iterator[Problem]:
    """What is wrong with one quote, given the sentences that hold it."""
    quotable = [s for s in holding if not s.furniture]
    if not holding:
        yield Problem(
            question.line, f"{_short(quote)} is in no sentence of {file}{_why(page, quote)}"
        )
    elif not quotable:
        yield Problem(
            question.line,
            f"{_short(quote)} is in {file} part of the page only (a headline repeated, a link, a "
            "button), which is never cited; quote the article itself",
        )
    if len(quotable) > 1:
        numbers = ", ".join(str(s.number) for s in quotable)
        message = (
            f"{_short(quote)} is in several sentences of {file} ({numbers}); quote more of one"
        )
        yield Problem(question.line, message, serious=False)
    if quotable and not any(holds(s.text, a) for s in quotable for a in question.answers):
        message = (
            f"none of the answers is in the sentence of {file} that holds {_short(quote)}; "
            "give one in the article's own words"
        )
        yield Problem(question.line, message, serious=False)


def _why(page: _Page, quote: str) -> str:
    """The likely reason why a quote is in no sentence."""
    if _flat(quote) in page.text:
        return ": it reaches over the end of a sentence; quote a piece of one"
    from rapidfuzz.fuzz import partial_ratio

    ratios = [partial_ratio(_flat(quote).lower(), flat.lower()) for flat in page.flat]
    best = max(range(len(ratios)), key=ratios.__getitem__, default=-1)
    if best < 0 or ratios[best] < 70:
        return ""
    return f"; sentence {page.sentences[best].number} comes near: {_short(page.flat[best])}"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _short(text: str, most: int = 80) -> str:
    flat = _flat(text)
    return f'"{flat if len(flat) <= most else flat[: most - 3] + "..."}"'
