"""Training on every core at once: a process each, which share their gradients after every step.

Two processes of one thread read 1,790 tokens a second where one of two threads reads 970 (reader.py).
"""

from __future__ import annotations

import random
import signal
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import distributed, nn

from assistant.settings import Settings
from index import bundled

BFLOAT16 = torch.cpu._is_avx512_bf16_supported()  # elsewhere it is slower than float32
TOKENS = 1024  # in one pass through a model: more is no faster
WIDTH = 16  # inputs are padded to a multiple: few shapes, steady memory


def spawn(work: Callable[[int, Namespace], None], told: Namespace) -> None:
    """Run `work(rank, told)` in `told.processes` processes that know one another."""
    bundled.ensure(Settings.load().cache, print, bundled.PLAIN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that they end with this one
    with tempfile.TemporaryDirectory(prefix="kutip-training-") as meeting:
        torch.multiprocessing.spawn(
            _begun, (work, told, f"file://{meeting}/place"), told.processes, daemon=True
        )


def _begun(
    rank: int, work: Callable[[int, Namespace], None], told: Namespace, meeting: str
) -> None:
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", meeting, rank=rank, world_size=told.processes)
    torch.manual_seed(told.seed)
    random.seed(told.seed * 1000 + rank)
    work(rank, told)
    distributed.destroy_process_group()


def together(parameters: Sequence[nn.Parameter], figures: list[float]) -> list[float]:
    """Sum figures over all processes, and make each gradient the mean over all of their questions.

    The second figure is the number of questions.
    """
    gradients = [p.grad for p in parameters if p.grad is not None]
    flat = torch.cat([*(g.flatten() for g in gradients), torch.tensor(figures)])
    distributed.all_reduce(flat)
    summed: list[float] = flat[-len(figures) :].tolist()
    at = 0
    for gradient in gradients:
        part = flat[at : at + gradient.numel()]
        gradient.copy_(part.view_as(gradient) / summed[1])
        at += gradient.numel()
    return summed


class Course:
    """How far a training of so many minutes is: all processes agree on it, so that they end alike."""

    def __init__(self, told: Namespace, every: int) -> None:
        self._told, self._every = told, every
        self._began = time.time()
        self.step, self.loss, self.tokens, self.share = 0, 0.0, 0.0, 0.0

    def advance(
        self, parameters: Sequence[nn.Parameter], loss: float, questions: int, tokens: int
    ) -> None:
        """Share the gradients of a summed loss, and note how the step went."""
        mine = [loss, float(questions), float(tokens), time.time() - self._began]
        total, count, read, spent = together(parameters, mine)
        mean = total / count
        self.loss = 0.98 * self.loss + 0.02 * mean if self.step else mean
        self.step += 1
        self.tokens += read
        self.share = spent / self._told.processes / (60 * self._told.minutes)
        if self.step % self._every == 0 and self.first:
            spent = time.time() - self._began
            print(
                f"step {self.step} loss {self.loss:.3f} {spent:.0f} s, "
                f"{self.tokens / spent:.0f} tokens/s",
                flush=True,
            )

    @property
    def first(self) -> bool:
        return distributed.get_rank() == 0

    @property
    def over(self) -> bool:
        return self.share >= 1

    def rate(self, warm: int) -> float:
        """What the learning rate is to be multiplied by: up over `warm` steps, then down to the end."""
        return min(1.0, self.step / warm) * max(0.02, 1 - self.share)


def parts(inputs: Sequence[Any], length: Callable[[Any], int]) -> Iterator[list[Any]]:
    """Inputs, shortest first, in groups of about as many tokens as go through at once."""
    part: list[Any] = []
    for each in sorted(inputs, key=length):
        if part and (len(part) + 1) * length(each) > TOKENS:
            yield part
            part = []
        part.append(each)
    yield part


def padded(inputs: Sequence[Sequence[int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids of one width, and the mask of those that count."""
    longest = -(-max(map(len, inputs)) // WIDTH) * WIDTH
    ids = torch.tensor([[*tokens, *[pad] * (longest - len(tokens))] for tokens in inputs])
    mask = torch.arange(longest)[None] < torch.tensor([[len(tokens)] for tokens in inputs])
    return ids, mask.long()
