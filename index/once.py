"""A cache for what is dear to make: it is made once, even if several threads ask at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def once(make: Callable[P, T]) -> Callable[P, T]:
    """`functools.cache`, but who asks while it is being made waits for it instead of making another."""
    kept, turn = cache(make), threading.Lock()

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        with turn:
            return kept(*args, **kwargs)  # type: ignore[arg-type]  # whoever is cached is hashable

    return made
