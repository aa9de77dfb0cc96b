"""What the chat does for its readers, without a word of how it is drawn.

One desk serves everybody who has the page open; conversations are given to it and given back.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from assistant import Answer, Assistant, suggest
from assistant.understand import MOST_CHARACTERS, understand
from chat import article
from chat.library import Library
from chat.texts import text
from chat.turns import Turn, Vote, history
from chat.votes import Votes
from index.errors import KutipError
from index.records import Article
from index.scope import Scope
from index.synchronise import Progress

T = TypeVar("T")

EXAMPLES = 6
SUGGESTED = 3
LONGEST_REASON = 500  # characters
SETTLE = 1.0  # seconds between an answer and the search for what may be asked next
EVERY = 0.2  # seconds between looks at work that goes on

Steps = tuple[int, int]  # how much is done, and how much there is


class Desk:
    """Answers, votes, articles. May be used from several threads."""

    def __init__(self, assistant: Assistant, votes: Path) -> None:
        """`votes`: the folder that votes are kept in."""
        self.assistant = assistant
        self.library = Library(assistant.index)
        self._votes = Votes(votes)
        self._examples: list[str] | None = None
        self._writing = 0  # answers
        self._counting = threading.Lock()

    def prepare(self) -> None:
        """Find questions to begin with; takes seconds, and nobody need wait for it."""
        found: list[str] = []
        with suppress(KutipError):  # a page without them is a page all the same
            found = suggest.openers(self.assistant, EXAMPLES)
        self._examples = found

    @property
    def examples(self) -> list[str] | None:
        """Questions to begin with; None until they are known."""
        return self._examples

    def reply(
        self, question: str, turns: Sequence[Turn], scope: Scope, language: str
    ) -> Iterator[list[Turn]]:
        """The conversation with the answer, again and again while it grows. Raises `KutipError`."""
        if len(question) > MOST_CHARACTERS:
            raise KutipError(text("too_long", language, most=str(MOST_CHARACTERS)))
        past = history(turns)
        follows = turns[-1].question if turns and understand(question, past).before else ""
        # Closed with this generator: Stop ends the work behind it too.
        stream = self.assistant.stream(question, past, scope=scope)
        with self._counted(), closing(stream) as answers:
            for answer in answers:
                yield [*turns, Turn(question, answer, follows)]
            self._prepare(answer)

    def suggestions(self, turns: Sequence[Turn], scope: Scope) -> list[str]:
        """What may be asked next, and is answered by the articles.

        Nothing, where others wait for an answer. A reader's first click goes before it.
        """
        time.sleep(SETTLE)
        if self._writing or not turns or not turns[-1].answer.answered:
            return []
        return suggest.follow_ups(self.assistant, turns, SUGGESTED, scope=scope)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count an answer that is being written."""
        with self._counting:
            self._writing += 1
        try:
            yield
        finally:
            with self._counting:
                self._writing -= 1

    def vote(
        self, turns: Sequence[Turn], number: int, good: bool | None, reason: str = ""
    ) -> list[Turn]:
        """The turns with a vote on one of them, which is kept; None takes it back."""
        told = " ".join(reason.split())[:LONGEST_REASON]
        vote = None if good is None else Vote(good, told)
        self._votes.put(turns[number], vote, turns[:number])
        return [replace(t, vote=vote) if i == number else t for i, t in enumerate(turns)]

    def _prepare(self, answer: Answer) -> None:
        """Split the articles that an answer cites, so that they open at once."""
        for file in {citation.file for citation in answer.citations}:
            with suppress(KutipError):
                article.sentences(self.article(file))

    def article(self, file: str, language: str = "en") -> Article:
        """An article of the index, as the file is now. Raises `KutipError`, told in `language`."""
        return self.library.article(file, language)


def followed(work: Callable[[Progress], T]) -> Iterator[Steps | T]:
    """Do work that tells its progress in a thread of its own: yields the steps, at last what it gave."""
    steps: queue.SimpleQueue[Steps] = queue.SimpleQueue()
    result: list[T] = []
    fault: list[BaseException] = []

    def run() -> None:
        try:
            result.append(work(lambda done, of: steps.put((done, of))))
        except BaseException as error:
            fault.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(EVERY)
        latest = None
        while not steps.empty():
            latest = steps.get()
        if latest:
            yield latest
    if fault:
        raise fault[0]
    yield result[0]
