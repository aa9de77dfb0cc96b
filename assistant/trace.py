"""What one trip from question to answer took, and what it looked at: for measuring, not for answering."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from assistant.model import LanguageModel
from index.records import Evidence


@dataclass(slots=True)
class Trace:
    """Filled while a question is answered.

    `seconds` by step, in the order of the steps; `evidence` in the order it was judged to be in, best
    first, whether or not it was cited; `tokens` counts what a reader took in, all that it read together;
    `given` and `written` what a language model took in and wrote, in tokens of the encoder.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    tokens: int = 0
    given: int = 0
    written: int = 0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count the time spent inside under `name`."""
        began = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - began
            self.seconds[name] = self.seconds.get(name, 0.0) + spent


class Counted:
    """A language model whose tokens are counted: every endpoint counts its own, or does not tell."""

    def __init__(
        self, model: LanguageModel, lengths: Callable[[list[str]], list[int]], trace: Trace
    ) -> None:
        self._model, self._lengths, self._trace = model, lengths, trace
        self.name = model.name

    @property
    def context(self) -> int:
        """See `LanguageModel`."""
        return self._model.context

    def stream(self, system: str, user: str, *, longest: int) -> Generator[str]:
        """See `LanguageModel`. What is never answered is not counted."""
        text = ""
        try:
            with closing(self._model.stream(system, user, longest=longest)) as pieces:
                for piece in pieces:
                    text += piece
                    yield piece
        finally:
            if text:
                *given, written = self._lengths([system, user, text])
                self._trace.given += sum(given)
                self._trace.written += written
