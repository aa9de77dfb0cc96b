"""The whole trip: understand, search, check, read, write, cite."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import prompts
from assistant.cite import Checker
from assistant.language import Language
from assistant.read import Marker, read
from assistant.reader import Reader
from assistant.records import Answer
from assistant.settings import Settings
from assistant.trace import Trace
from assistant.understand import History, understand
from assistant.write import write
from index.index import Index
from index.records import Evidence
from index.synchronise import Progress, Report

if TYPE_CHECKING:
    from assistant.llama import AnswerEngine, SentenceRetriever

EVIDENCE = 10  # pieces of evidence looked at for an answer


class Assistant:
    """Answers questions over one folder of articles. Close it, or use it in a `with`.

    May be asked from several threads.
    """

    def __init__(
        self,
        index: Index,
        report: Report | None = None,
        *,
        settings: Settings | None = None,
        reader: Marker | None = None,
    ) -> None:
        """Answer over an open `index`; `reader` goes before the bundled one."""
        self.index, self.report = index, report
        self._caution = (settings or Settings.load()).caution
        self._reader = reader or Reader.load(index.place.cache)

    @classmethod
    def open(
        cls,
        articles: str | Path | None = None,
        index: str | Path | None = None,
        *,
        settings: Settings | None = None,
        progress: Progress = lambda done, of: None,
        say: Callable[[str], None] = lambda _: None,
    ) -> Assistant:
        """Open a folder of articles, indexing what is new or changed since the last time.

        `articles` and `index` (where the index is kept) go before what `settings` say. `progress` is
        called with files done and files in all, `say` with what the user should know. What was indexed
        stands in `report`. Raises `KutipError` with a message for the user.
        """
        settings = settings or Settings.load()
        opened = Index(settings.place(articles, index), say)
        try:
            report = opened.synchronise(progress)
            reader = Reader.load(settings.cache, say)
            return cls(opened, report, settings=settings, reader=reader)
        except BaseException:
            opened.close()
            raise

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index."""
        self.index.close()

    def ask(self, question: str, history: History = (), trace: Trace | None = None) -> Answer:
        """The answer to a question, in the question's language.

        `history` holds earlier (question, answer text) pairs, oldest first, for follow-up questions;
        `trace` is filled with what the answering took.
        """
        *_, answer = self.stream(question, history, trace)
        return answer

    def stream(
        self, question: str, history: History = (), trace: Trace | None = None
    ) -> Generator[Answer]:
        """The answer as it grows; the last one is what `ask` returns."""
        trace = trace or Trace()
        with trace.step("understand"):
            asked = understand(question, history)
        if not asked.question:
            hint = prompts.text("empty_question", asked.language)
            yield Answer("", hint, False, None, asked.language, 0.0)
            return
        with trace.step("search"):
            found = self.index.search(asked.question, EVIDENCE, asked.before)
        with trace.step("check"):
            evidence, problems = self._standing(found, asked.language)
        with trace.step("read"):
            reading = read(asked, evidence, self._reader, self._caution, trace)
        trace.evidence = tuple(finding.evidence for finding in reading.findings)
        with trace.step("write"):
            yield from write(asked, reading, problems)

    def as_retriever(self, count: int = EVIDENCE) -> SentenceRetriever:
        """A LlamaIndex retriever whose nodes are sentences with file, number and offsets."""
        from assistant.llama import SentenceRetriever

        return SentenceRetriever(self.index, count)

    def as_query_engine(self) -> AnswerEngine:
        """A LlamaIndex query engine that answers as `ask` does, its sources the cited sentences."""
        from assistant.llama import AnswerEngine

        return AnswerEngine(self)

    @property
    def _folder(self) -> Path:
        return self.index.place.articles

    def _standing(
        self, found: Sequence[Evidence], language: Language
    ) -> tuple[list[Evidence], tuple[str, ...]]:
        """The evidence that the files still bear out, and what was left out because they do not."""
        checker = Checker(self._folder, language)
        standing = [item for each in found if (item := checker.standing(each)) is not None]
        return standing, checker.problems
