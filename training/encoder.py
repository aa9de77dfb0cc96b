"""Teach the bundled encoder to put the sentence that answers a question first.

    python training/encoder.py DATA PAIRS NEWS OUT [--minutes 60] [--rank 16] [--seed 1] [--start ADAPTER]

DATA is a folder with `reading-train.jsonl.gz` (see README.md), PAIRS what `pairs.py` made of it, NEWS a JSONL
file (gzip) of the articles that `questions.jsonl` asks about, OUT the safetensors file to write. What is
trained is a low-rank difference from multilingual-e5-small (LoRA, Hu et al., 2021) for every linear layer;
the rest, word embeddings included, stays as it is.

A step takes passages that are alike (neighbours by their rare tokens) and makes their sentences' vectors as
the index does: each alone, plus the mean of its own tokens where the passage is read in one. Each question
is to be nearest to the sentence that holds its answer among all sentences of the step (InfoNCE, van den Oord
et al., 2018): those of its own passage are the hard ones. Sentences that hold the answer's words elsewhere
are left out of account.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lessons import load_json, load_rows
from processes import BFLOAT16, Course, padded, parts, spawn
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, distributed, nn
from transformers import BertModel
from written import rows as written

from assistant.settings import Settings
from index import bundled
from index.encoder import normalised
from index.sentences import split
from index.vectors import WINDOW, windows

PASSAGES = 10  # a step, in each process
QUESTIONS = 8  # of a passage, in a step: they cost little beside it
TEMPERATURE = 0.02
# The shares of the data's passages that are used, by language: Kutip reads news, and none in English.
SHARES = {"id": 0.5, "en": 0.15}
TARGETS = ("query", "key", "value", "dense")
# Shares left out at random while training, of the low-rank path and of a question's tokens: the few
# thousand questions are soon known by heart. Dropout elsewhere costs two thirds of the time on a CPU.
PATH_DROPPED = 0.1
TOKENS_DROPPED = 0.1


class LowRank(nn.Module):
    """A linear layer that stays, plus a trained difference of low rank."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base
        self.down = nn.Parameter(torch.randn(rank, base.in_features) / base.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x: Tensor) -> Tensor:
        path = nn.functional.dropout(x @ self.down.T, PATH_DROPPED)
        added: Tensor = self.base(x) + path @ self.up.T
        return added


@dataclass(frozen=True, slots=True)
class Passage:
    """A window of sentences, as token ids each, and the questions that it answers."""

    sentences: tuple[tuple[int, ...], ...]
    texts: tuple[str, ...]
    questions: tuple[tuple[tuple[int, ...], frozenset[int], str], ...]  # ids, gold, answer


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("pairs", type=Path)
    arguments.add_argument("news", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--minutes", type=float, default=60)
    arguments.add_argument("--rank", type=int, default=16)
    arguments.add_argument("--start", type=Path, help="an adapter to go on from, of any rank")
    arguments.add_argument("--rate", type=float, default=6e-4)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    spawn(work, arguments.parse_args())


def work(rank: int, told: argparse.Namespace) -> None:
    """What one process does: its share of every step, on one core."""
    folder = bundled.ensure(Settings.load().cache, print, bundled.PLAIN)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    passages = load(told, tokenizer)
    if rank == 0:
        questions = sum(len(p.questions) for p in passages)
        print(f"{len(passages)} passages, {questions} questions", flush=True)
    model = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa")
    torch.manual_seed(told.seed)  # the differences begin alike in all processes
    model = adapt(model, told.rank)
    if told.start:
        go_on(model, load_file(told.start))
    train(model, passages, tokenizer, told)


def load(told: argparse.Namespace, tokenizer: Tokenizer) -> list[Passage]:
    """The passages of all sources with their answerable questions; the same in every process."""
    dice = random.Random(told.seed)
    rows = load_rows(told.data / "reading-train.jsonl.gz")
    rows += load_json(told.pairs)["rows"]
    own: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["answers"]:
            own[row["context"]].append(row)
    kept = [
        context
        for context, about in own.items()
        if dice.random() < SHARES[about[0]["context_language"]]
    ]
    for row in written(told.news, validation=False):
        if row["answers"]:
            own[row["context"]].append(row)
            kept.append(row["context"])
    random.seed(told.seed * 1000 + distributed.get_rank())
    return [p for context in dict.fromkeys(kept) for p in cut(context, own[context], tokenizer)]


def cut(context: str, rows: list[dict[str, Any]], tokenizer: Tokenizer) -> list[Passage]:
    """Windows of a context, as the index would make them, each with the questions it answers."""
    places = split(context)
    ids = [tuple(tokenizer.encode(s.text, add_special_tokens=False).ids) for s in places]
    found = []
    for first, last in windows([len(i) for i in ids]):
        part = places[first:last]
        questions = []
        for row in rows:
            at = {a["start"] for a in row["answers"]}
            gold = frozenset(i for i, s in enumerate(part) if any(s.start <= x < s.end for x in at))
            if gold:
                asked = tokenizer.encode(row["question"], add_special_tokens=False).ids[:48]
                questions.append((tuple(asked), gold, row["answers"][0]["text"].lower()))
        if questions:
            texts = tuple(s.text.lower() for s in part)
            found.append(Passage(tuple(ids[first:last]), texts, tuple(questions)))
    return found


def adapt(model: BertModel, rank: int) -> BertModel:
    """Freeze the model and give every linear layer of its trunk a trainable difference."""
    model.requires_grad_(False)
    for module in list(model.encoder.modules()):
        for part, child in list(module.named_children()):
            if isinstance(child, nn.Linear) and part in TARGETS:
                setattr(module, part, LowRank(child, rank))
    return model


def go_on(model: BertModel, adapter: dict[str, Tensor]) -> None:
    """Begin with differences that were trained before, as `save` wrote them."""
    for name, module in model.named_modules():
        if isinstance(module, LowRank):
            module.down = nn.Parameter(adapter[f"{name}.down"].float())
            module.up = nn.Parameter(adapter[f"{name}.up"].float())


def train(
    model: BertModel, passages: list[Passage], tokenizer: Tokenizer, told: argparse.Namespace
) -> None:
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=told.rate, weight_decay=0.01, fused=True)
    prompts = [
        tokenizer.encode(text.rstrip(), add_special_tokens=False).ids
        for text in bundled.PROMPTS.values()
    ]
    near = neighbours(passages)
    model.eval()  # no dropout but PATH_DROPPED
    course = Course(told, 25)
    while not course.over:
        batch = [passages[i] for i in near(PASSAGES)]
        loss, questions, tokens = loss_of(model, batch, prompts[0], prompts[1])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        course.advance(trained, loss.item(), questions, tokens)
        for group in optimizer.param_groups:
            group["lr"] = told.rate * course.rate(30)
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        if (course.step % 100 == 0 or course.over) and course.first:
            save(model, told.out)


def neighbours(passages: list[Passage]) -> Any:
    """A function that gives `count` passages: half like one another, half from anywhere.

    Passages are alike when their bags of tokens are (random projections of them, rare tokens first).
    """
    rng = np.random.default_rng(0)
    seen = np.bincount(
        [t for p in passages for s in p.sentences for t in set(s)], minlength=250_040
    )
    weight = (np.log((1 + len(passages)) / (1 + seen))).clip(0)[:, None].astype(np.float32)
    table = (rng.standard_normal((250_040, 64), dtype=np.float32)) * weight
    vectors = normalised(
        np.stack([table[sorted({t for s in p.sentences for t in s})].sum(0) for p in passages])
    )

    def pick(count: int) -> list[int]:
        start = random.randrange(len(passages))
        alike = np.argsort(-(vectors @ vectors[start]))[: count // 2].tolist()
        others = random.sample(range(len(passages)), count)
        return list(dict.fromkeys([*alike, *others]))[:count]

    return pick


def loss_of(
    model: BertModel, batch: list[Passage], query: list[int], passage: list[int]
) -> tuple[Tensor, int, int]:
    """The summed loss of a batch, its questions and the tokens read."""
    asked = [
        (row, question)
        for row, p in enumerate(batch)
        for question in random.sample(p.questions, min(QUESTIONS, len(p.questions)))
    ]
    places = [(i, j) for i, p in enumerate(batch) for j in range(len(p.sentences))]
    first = 1 + len(passage)
    whole = [[*[0, *passage, *chain.from_iterable(p.sentences)][: WINDOW + 12], 2] for p in batch]
    alone = [[*[0, *passage, *batch[i].sentences[j]][: WINDOW + 12], 2] for i, j in places]
    questions = [[0, *query, *thinned(ids), 2] for _, (ids, _, _) in asked]
    outputs = run(model, [*questions, *alone, *whole])
    own = outputs[len(questions) : len(questions) + len(alone)]
    vectors, owner = summed(own, outputs[-len(whole) :], batch, places, first)
    means = torch.stack([each.mean(0) for each in outputs[: len(questions)]])
    scores = nn.functional.normalize(means, dim=-1) @ vectors.T
    gold = torch.zeros(scores.shape, dtype=torch.bool)
    left_out = torch.zeros(scores.shape, dtype=torch.bool)
    for i, (row, (_, right, answer)) in enumerate(asked):
        for j, (there, sentence) in enumerate(owner):
            if there == row and sentence in right:
                gold[i, j] = True
            elif answer in batch[there].texts[sentence]:
                left_out[i, j] = True
    scores = (scores / TEMPERATURE).masked_fill(left_out, -1e4)
    best = scores.masked_fill(~gold, -1e4).logsumexp(1)
    counted = gold.any(1)  # not those whose sentence is cut off
    loss = (scores.logsumexp(1) - best)[counted].sum()
    return loss, int(counted.sum()), sum(map(len, [*questions, *alone, *whole]))


def thinned(ids: tuple[int, ...]) -> list[int]:
    """A question's tokens without a few of them."""
    return [each for each in ids if random.random() >= TOKENS_DROPPED] or list(ids)


def run(model: BertModel, inputs: list[list[int]]) -> list[Tensor]:
    """The outputs of each input, (tokens, dimension)."""
    outputs: list[Tensor] = [torch.empty(0)] * len(inputs)
    for part in parts(list(enumerate(inputs)), lambda each: len(each[1])):
        ids, mask = padded([tokens for _, tokens in part], 1)
        with torch.autocast("cpu", torch.bfloat16, enabled=BFLOAT16):
            hidden = model(input_ids=ids, attention_mask=mask)[0]
        for (i, tokens), own in zip(part, hidden.float(), strict=True):
            outputs[i] = own[: len(tokens)]
    return outputs


def summed(
    alone: list[Tensor],
    whole: list[Tensor],
    batch: list[Passage],
    places: list[tuple[int, int]],
    first: int,
) -> tuple[Tensor, list[tuple[int, int]]]:
    """Vectors of sentences, each alone plus in its passage, and the places that they belong to."""
    rows, owner = [], []
    own = dict(zip(places, alone, strict=True))
    for i, passage in enumerate(batch):
        start = first
        for j, sentence in enumerate(passage.sentences):
            end = min(start + len(sentence), len(whole[i]) - 1)
            if start < end:
                parts = torch.stack([own[i, j].mean(0), whole[i][start:end].mean(0)])
                rows.append(nn.functional.normalize(parts, dim=-1).sum(0))
                owner.append((i, j))
            start = end
    return nn.functional.normalize(torch.stack(rows), dim=-1), owner


def save(model: BertModel, out: Path) -> None:
    """Write the differences, float16, under the names of the weights that they belong to."""
    tensors = {}
    for name, module in model.named_modules():
        if isinstance(module, LowRank):
            tensors[f"{name}.down"] = module.down.detach().half().contiguous()
            tensors[f"{name}.up"] = module.up.detach().half().contiguous()
    out.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, out)


if __name__ == "__main__":
    sys.exit(main())
