"""Reading from an asynchronous stream in ordinary code, which may stop waiting at any moment."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Future
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

BEAT = 0.2  # seconds
PARTING = 1.0  # seconds that an end may take


@dataclass(frozen=True, slots=True)
class _Over:
    error: BaseException | None = None


def awaited(stream: Callable[[], AsyncGenerator[T]]) -> Generator[T | None]:
    """What the stream gives, as it comes, and None whenever `BEAT` seconds pass without.

    Closing ends the stream at once, wherever it waits. It runs in a thread of its own: in the caller's
    there may be an event loop already, as in a notebook. What it raises is raised here.
    """
    given: queue.SimpleQueue[T | _Over] = queue.SimpleQueue()
    started: Future[Callable[[], object]] = Future()

    async def drain() -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task
        started.set_result(lambda: loop.call_soon_threadsafe(task.cancel))
        async with aclosing(stream()) as items:
            async for item in items:
                given.put(item)

    def work() -> None:
        try:
            asyncio.run(drain())
            given.put(_Over())
        except BaseException as error:
            given.put(_Over(error))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while True:
            try:
                item = given.get(timeout=BEAT)
            except queue.Empty:
                yield None
                continue
            if not isinstance(item, _Over):
                yield item
            elif item.error:
                raise item.error
            else:
                return
    finally:
        with suppress(RuntimeError):  # it has ended by itself
            started.result()()
        if thread is not threading.current_thread():  # garbage may be collected there
            thread.join(PARTING)  # cut off with the program, a thread can take it down
