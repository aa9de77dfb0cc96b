"""An asynchronous stream read from ordinary code: see `assistant/waiting.py`."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator
from contextlib import closing

import pytest

from assistant.waiting import awaited

LONG = 30  # seconds


async def numbers(count: int, pause: float = 0) -> AsyncGenerator[int]:
    for number in range(count):
        await asyncio.sleep(pause)
        yield number


def test_what_comes_comes_in_order():
    assert [x for x in awaited(lambda: numbers(100)) if x is not None] == list(range(100))


def test_silence_is_told():
    given = awaited(lambda: numbers(1, pause=LONG))
    assert next(given) is None
    given.close()


def test_what_is_raised_is_raised_here():
    async def failing() -> AsyncGenerator[int]:
        yield 1
        raise ValueError("rusak")

    given = (x for x in awaited(failing) if x is not None)
    assert next(given) == 1
    with pytest.raises(ValueError, match="rusak"):
        next(given)


def test_leaving_ends_it_wherever_it_waits():
    ended = threading.Event()

    async def silent() -> AsyncGenerator[int]:
        try:
            await asyncio.sleep(LONG)
            yield 1
        finally:
            ended.set()

    with closing(awaited(silent)) as given:
        assert next(given) is None
    assert ended.wait(LONG / 2)


def test_leaving_what_has_ended_is_no_fault():
    given = awaited(lambda: numbers(3))
    while next(given) != 2:
        pass
    given.close()


def test_it_runs_where_a_loop_runs_already():
    async def notebook() -> list[int]:
        return [x for x in awaited(lambda: numbers(3)) if x is not None]

    assert asyncio.run(notebook()) == [0, 1, 2]


def test_its_own_thread_may_close_it():
    """As when a collection of garbage that runs there lets go of it."""
    held, closed = threading.Event(), []

    async def stream():
        yield 1
        while not held.is_set():
            await asyncio.sleep(0.01)
        closed.append(items.close())
        yield 2

    items = awaited(stream)
    assert next(items) == 1
    held.set()
    for _ in range(500):
        if closed:
            break
        time.sleep(0.01)
    assert closed == [None]
