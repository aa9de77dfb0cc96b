"""What is made once: by whoever comes first, while the others wait."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.once import once


def test_threads_that_ask_at_the_same_time_are_given_the_same():
    begun, made = threading.Barrier(4), []

    @once
    def thing(name: str) -> object:
        made.append(name)
        slow.wait(0.2)
        return object()

    def asked(_: int) -> object:
        begun.wait(10)
        return thing("a")

    slow = threading.Event()
    with ThreadPoolExecutor(4) as threads:
        things = set(threads.map(asked, range(4)))
    assert len(things) == 1
    assert made == ["a"]


def test_other_arguments_make_another():
    @once
    def thing(name: str) -> list[str]:
        return [name]

    assert thing("a") is thing("a")
    assert thing("b") == ["b"]


def test_what_failed_is_tried_again():
    tries = []

    @once
    def thing() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("full")
        return len(tries)

    with pytest.raises(OSError, match="full"):
        thing()
    assert thing() == 2
