"""Teach the bundled encoder to put the sentence that answers a question first.

    python training/encoder.py DATA OUT [--minutes 60] [--rank 16] [--seed 1]

DATA is a folder with `reading-train.jsonl.gz` and `reading-valid.jsonl.gz` (see README.md); OUT the
safetensors file to write. What is trained is a low-rank difference from multilingual-e5-small (LoRA, Hu
et al., 2021) for every linear layer; the rest, word embeddings included, stays as it is.

A step takes passages that are alike (neighbours by their base vectors), reads each once, as the index
does, and takes the mean of each sentence's own tokens. Each question is to be nearest to the sentence
that holds its answer among all sentences of the step (InfoNCE, van den Oord et al., 2018): those of its
own passage are the hard ones. Sentences that hold the answer's words elsewhere are left out of account.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from assistant.settings import Settings
from index import bundled
from index.encoder import normalised
from index.sentences import split
from index.vectors import WINDOW, windows

PASSAGES = 14  # a step
QUESTIONS = 3  # of a passage, in a step
TEMPERATURE = 0.02
WIDTHS = (64, 96, 128, 160, 208)  # inputs are padded to one of these: few shapes, steady memory
TARGETS = ("query", "key", "value", "dense")


class LowRank(nn.Module):
    """A linear layer that stays, plus a trained difference of low rank."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base
        self.down = nn.Parameter(torch.randn(rank, base.in_features) / base.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x: Tensor) -> Tensor:
        added: Tensor = self.base(x) + (x @ self.down.T) @ self.up.T
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
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--minutes", type=float, default=60)
    arguments.add_argument("--rank", type=int, default=16)
    arguments.add_argument("--rate", type=float, default=6e-4)
    arguments.add_argument("--seed", type=int, default=1)
    told = arguments.parse_args()
    torch.manual_seed(told.seed)
    random.seed(told.seed)
    folder = bundled.ensure(Settings.load().cache, print, bundled.PLAIN)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    passages = load(told.data / "reading-train.jsonl.gz", tokenizer)
    print(
        f"{len(passages)} passages, {sum(len(p.questions) for p in passages)} questions", flush=True
    )
    model = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa")
    train(adapt(model, told.rank), passages, tokenizer, told.minutes, told.rate, told.out)


def load(path: Path, tokenizer: Tokenizer) -> list[Passage]:
    """The passages of a reading data set with their answerable questions."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["answers"]:
                rows[row["context"]].append(row)
    return [p for context, own in rows.items() for p in cut(context, own, tokenizer)]


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


def train(
    model: BertModel,
    passages: list[Passage],
    tokenizer: Tokenizer,
    minutes: float,
    rate: float,
    out: Path,
) -> None:
    trained = [p for p in model.parameters() if p.requires_grad]
    print(f"{sum(p.numel() for p in trained)} weights to train", flush=True)
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0.01)
    prompts = [
        tokenizer.encode(text.rstrip(), add_special_tokens=False).ids
        for text in bundled.PROMPTS.values()
    ]
    near = neighbours(passages)
    model.eval()  # no dropout: one pass over the data at the most, and a third faster
    began, step, kept = time.time(), 0, 0.0
    while (share := (time.time() - began) / (60 * minutes)) < 1:
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 30) * max(0.02, 1 - share)
        batch = [passages[i] for i in near(PASSAGES)]
        loss = loss_of(model, batch, prompts[0], prompts[1])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        step += 1
        kept = loss.item() if step == 1 else 0.98 * kept + 0.02 * loss.item()
        if step % 25 == 0:
            print(f"step {step} loss {kept:.3f} {time.time() - began:.0f} s", flush=True)
        if step % 200 == 0:
            save(model, out)
    save(model, out)


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


def loss_of(model: BertModel, batch: list[Passage], query: list[int], passage: list[int]) -> Tensor:
    asked = [
        (row, question)
        for row, p in enumerate(batch)
        for question in random.sample(p.questions, min(QUESTIONS, len(p.questions)))
    ]
    whole = [[0, *passage, *chain.from_iterable(p.sentences)][: WINDOW + 12] for p in batch]
    inputs = [[*tokens, 2] for tokens in whole]
    hidden, _ = run(model, inputs)
    vectors, owner = sentence_means(hidden, batch, 1 + len(passage))
    questions_hidden, mask = run(model, [[0, *query, *ids, 2] for _, (ids, _, _) in asked])
    weights = mask[..., None].float()
    questions = (questions_hidden * weights).sum(1) / weights.sum(1)
    scores = nn.functional.normalize(questions, dim=-1) @ nn.functional.normalize(vectors, dim=-1).T
    gold = torch.zeros(scores.shape, dtype=torch.bool)
    left_out = torch.zeros(scores.shape, dtype=torch.bool)
    for i, (row, (_, own, answer)) in enumerate(asked):
        for j, (there, sentence) in enumerate(owner):
            if there == row and sentence in own:
                gold[i, j] = True
            elif answer in batch[there].texts[sentence]:
                left_out[i, j] = True
    scores = (scores / TEMPERATURE).masked_fill(left_out, -1e4)
    right = scores.masked_fill(~gold, -1e4).logsumexp(1)
    return (scores.logsumexp(1) - right).mean()


def run(model: BertModel, inputs: list[list[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, inputs))
    width = next((w for w in WIDTHS if w >= longest), longest)
    ids = torch.tensor([i + [1] * (width - len(i)) for i in inputs])
    mask = torch.tensor([[1] * len(i) + [0] * (width - len(i)) for i in inputs])
    with torch.autocast("cpu", torch.bfloat16):
        hidden: Tensor = model(input_ids=ids, attention_mask=mask)[0]
    return hidden.float(), mask


def sentence_means(
    hidden: Tensor, batch: list[Passage], first: int
) -> tuple[Tensor, list[tuple[int, int]]]:
    rows, owner = [], []
    for i, passage in enumerate(batch):
        start = first
        for j, sentence in enumerate(passage.sentences):
            end = min(start + len(sentence), WINDOW + 12)
            if start < end:
                rows.append(hidden[i, start:end].mean(0))
                owner.append((i, j))
            start = end
    return torch.stack(rows), owner


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
