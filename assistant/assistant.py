"""The whole trip: understand, search, check, read, write, cite.

With a language model it writes what is read, and the articles are quoted wherever it fails.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import prompts
from assistant.cite import Checker
from assistant.compose import Composer, Declined, NotBorneOut
from assistant.language import Language
from assistant.model import LanguageModel, ModelFailed, open_model
from assistant.read import Marker, read
from assistant.reader import Reader
from assistant.records import Answer, Reading
from assistant.rewrite import rewritten
from assistant.settings import Settings
from assistant.trace import Counted, Trace
from assistant.understand import History, Understood, understand
from assistant.write import write
from index.index import Index
from index.records import Evidence
from index.scope import WHOLE, Scope
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
        model: LanguageModel | None = None,
    ) -> None:
        """Answer over an open `index`; `reader` goes before the bundled one, `model` before the settings'."""
        settings = settings or Settings.load()
        self.index, self.report = index, report
        self._caution = settings.caution
        self._reader = reader or Reader.load(index.place.cache)
        self._composer = self._model = None
        if model := model or open_model(settings):
            self._composer = Composer.guarded(model, index.encoder)
            self._model = model

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

    def ask(
        self,
        question: str,
        history: History = (),
        trace: Trace | None = None,
        *,
        scope: Scope = WHOLE,
    ) -> Answer:
        """The answer to a question, in the question's language.

        `history` holds earlier (question, answer text) pairs, oldest first, for follow-up questions;
        `trace` is filled with what the answering took. `scope`: the articles that are asked; where it
        holds none, the answer is that the articles do not say.
        """
        *_, answer = self.stream(question, history, trace, scope=scope)
        return answer

    def stream(
        self,
        question: str,
        history: History = (),
        trace: Trace | None = None,
        *,
        scope: Scope = WHOLE,
    ) -> Generator[Answer]:
        """The answer as it grows; the last one is what `ask` returns.

        While a language model is silent it comes unchanged (before the first word, without a text) some five
        times a second, so that whoever waits can leave.
        """
        trace = trace or Trace()
        with trace.step("understand"):
            asked = understand(question, history)
            read_as = None
            with closing(self._read_as(asked, history, trace)) as readings:
                for found in readings:
                    read_as = found
                    yield Answer(asked.question, "", True, None, asked.language, 0.0)
        if read_as:
            given, asked = asked.question, understand(read_as)
        if not asked.question:
            yield _unasked(asked.language)
            return
        reading, problems = self._looked_up(asked, scope, trace)
        with (
            trace.step("write"),
            closing(self._written(asked, reading, problems, trace)) as answers,
        ):
            for answer in answers:
                yield replace(answer, question=given, read_as=read_as) if read_as else answer

    def quoted(self, question: str, history: History = (), *, scope: Scope = WHOLE) -> Answer:
        """The answer in the articles' own words: what `ask` gives where there is no language model."""
        asked = understand(question, history)
        if not asked.question:
            return _unasked(asked.language)
        *_, answer = write(asked, *self._looked_up(asked, scope, Trace()))
        return answer

    def _looked_up(
        self, asked: Understood, scope: Scope, trace: Trace
    ) -> tuple[Reading, tuple[str, ...]]:
        """What the articles say to a question, and what was left out because it could not be verified."""
        with trace.step("search"):
            found = self.index.search(asked.question, EVIDENCE, asked.before, scope)
        with trace.step("check"):
            evidence, problems = self._standing(found, asked.language)
        with trace.step("read"):
            reading = read(asked, evidence, self._reader, self._caution, trace)
        trace.evidence = tuple(finding.evidence for finding in reading.findings)
        return reading, problems

    def _read_as(self, asked: Understood, history: History, trace: Trace) -> Generator[str | None]:
        """A follow-up as the language model puts it, the last one; None where there is none or it strays."""
        if self._model and asked.before:
            model = Counted(self._model, self.index.encoder.lengths, trace)
            for found in rewritten(model, asked.question, history, asked.language):
                yield found if found != asked.question else None

    def _written(
        self, asked: Understood, reading: Reading, problems: tuple[str, ...], trace: Trace
    ) -> Generator[Answer]:
        """The answer by the language model, or quoted where there is none or it fails."""
        if not (self._composer and reading.answerable and reading.findings):
            yield from write(asked, reading, problems)
            return
        try:
            yield from self._composer.counting(trace).compose(asked, reading, problems)
        except Declined:
            yield from write(asked, replace(reading, answerable=False), problems)
        except (NotBorneOut, ModelFailed) as error:
            why = "unsupported" if isinstance(error, NotBorneOut) else error.failure
            note = " ".join(
                [
                    prompts.text(f"model_{why}", asked.language, model=self._composer.model.name),
                    prompts.text("model_instead", asked.language),
                ]
            )
            for answer in write(asked, reading, problems):
                yield replace(answer, notes=(note,))

    def as_retriever(self, count: int = EVIDENCE, *, scope: Scope = WHOLE) -> SentenceRetriever:
        """A LlamaIndex retriever whose nodes are sentences with file, number and offsets."""
        from assistant.llama import SentenceRetriever

        return SentenceRetriever(self.index, count, scope)

    def as_query_engine(self, *, scope: Scope = WHOLE) -> AnswerEngine:
        """A LlamaIndex query engine that answers as `ask` does, its sources the cited sentences."""
        from assistant.llama import AnswerEngine

        return AnswerEngine(self, scope)

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


def _unasked(language: Language) -> Answer:
    """What is said where there is no question."""
    return Answer("", prompts.text("empty_question", language), False, None, language, 0.0)
