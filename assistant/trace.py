"""What one trip from question to answer took, and what it looked at: for measuring, not for answering."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from index.records import Evidence


@dataclass(slots=True)
class Trace:
    """Filled while a question is answered.

    `seconds` by step, in the order of the steps; `evidence` in the order it was judged to be in, best
    first, whether or not it was cited; `tokens` counts what a reader took in, all that it read together.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    tokens: int = 0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count the time spent inside under `name`."""
        began = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - began
            self.seconds[name] = self.seconds.get(name, 0.0) + spent
