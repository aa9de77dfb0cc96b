"""Teach multilingual-e5-small to find an answer in passages that compete, or that there is none.

    python training/reader.py DATA PAIRS NEWS OUT [--start WEIGHTS] [--minutes 90] [--rate 1e-4]

DATA is a folder with `reading-train.jsonl.gz` and `reading-valid.jsonl.gz` (see README.md), PAIRS what
`pairs.py` made of it: passages that our own search confuses with the right one, and English questions for
Indonesian passages. NEWS is a JSONL file (gzip) of the articles that `questions.jsonl` asks about. OUT is the
safetensors file to write; `--start` goes on from weights of the same form instead of from the base model.

A question comes with one to five passages: its own and others that search finds hard to tell from it; it
may come without its own, when nothing is there. Input is `<s> question </s></s> passage </s>`. Each token
of a passage gets a logit as start and one as end, less the passage's own at `<s>`; one softmax runs over
the tokens of all passages of the question and one constant, "nothing here" (shared normalisation: Clark and
Gardner, 2018). So a span's score means the same in whatever company the passage comes. A second loss is of
the sentence that the answer stands in, by all that its spans weigh together, as Kutip orders sentences.
Half of the questions that have a twin, which asks for what their passage does not say, come beside it; a
third loss is that the passages weigh more for the twin than the answer's sentence does for the question.
How well it reads questions that it learns from and validation questions is printed before and after.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import torch
from lessons import KNOWN, SCORED, Corpus, Example, Window
from processes import BFLOAT16, Course, padded, parts, spawn
from safetensors.torch import load_file, save_file
from torch import Tensor, distributed, nn
from transformers import BertModel
from transformers.models.bert.modeling_bert import BertEmbeddings, BertOutput, BertSelfOutput

from assistant.packed_differences import unpacked
from assistant.reader import LONGEST_SPAN
from assistant.settings import Settings
from index import bundled

START, PAD, END = 0, 1, 2
UNKNOWN = 250001  # stands for a token that is left out, as in the base model's pretraining
STEP = 4096  # tokens, of all processes together: some 17 questions
FROZEN = 3  # the lowest layers, which stay as they were at the start: a sixth of the time less
SENTENCE = 1.0  # what the loss of the right sentence weighs beside that of the right span
TWIN = 1.0  # the same of a question's twin weighing more in the same passages than the question
TOLD = 600  # questions read before and after, of those that it learns from and of others
# Shares left out at random while training: of what each layer adds, of a question's tokens, and of those of
# a passage that are no answer. Without them it knows its questions by heart: see README.md.
ADDED_DROPPED = 0.1
QUESTION_DROPPED = 0.1
PASSAGE_DROPPED = 0.05


class Dropout(nn.Module):
    """Leaves out numbers at random, by masks drawn once: new ones take thirty times as long (README.md)."""

    def __init__(self, share: float, numbers: int = 2**23) -> None:
        super().__init__()
        kept = torch.rand(numbers) >= share
        self._masks = kept.to(torch.bfloat16 if BFLOAT16 else torch.float32) / (1 - share)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        at = random.randrange(len(self._masks) - x.numel())
        return x * self._masks[at : at + x.numel()].view_as(x)


class Reader(nn.Module):
    """The trunk and two logits a token; word embeddings stay, so that they can be shared."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(
            base,
            add_pooling_layer=False,
            attn_implementation="eager",
            attention_probs_dropout_prob=0.0,
        )
        dropout = Dropout(ADDED_DROPPED)
        for module in self.bert.modules():
            if isinstance(module, BertEmbeddings | BertSelfOutput | BertOutput):
                module.dropout = dropout
        self.head = nn.Linear(self.bert.config.hidden_size, 2)
        self.bert.embeddings.requires_grad_(False)
        for layer in self.bert.encoder.layer[:FROZEN]:
            layer.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16, enabled=BFLOAT16):
            hidden = self.bert(input_ids=ids, attention_mask=mask)[0]
        logits: Tensor = self.head(hidden.float())
        return logits


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("pairs", type=Path)
    arguments.add_argument("news", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--start", type=Path)
    arguments.add_argument("--minutes", type=float, default=90)
    arguments.add_argument("--rate", type=float, default=1e-4)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    told = arguments.parse_args()
    spawn(work, told)


def work(rank: int, told: argparse.Namespace) -> None:
    """What one process does: its share of every step, on one core."""
    base = bundled.ensure(Settings.load().cache, print, bundled.PLAIN)
    corpus = Corpus(told, base)
    model = Reader(base)
    if told.start:
        start(model, told.start)
    if rank == 0:
        tell("before", model, corpus)
    score(model, corpus, rank, told.processes)
    train(model, batches(corpus, rank, told), told)
    if rank == 0:
        tell("after", model, corpus)


def score(model: Reader, corpus: Corpus, rank: int, processes: int) -> None:
    """Note the loss of each row of the sources in `SCORED`: all processes come to know all of them."""
    model.eval()
    rows = [row for row in corpus.rows if row["source"] in SCORED]
    losses = torch.zeros(len(rows))
    with torch.no_grad():
        for i in range(rank, len(rows), processes):
            example = corpus.lone(rows[i])
            losses[i] = loss_of(model, [example]).item() if example else 0.0
    distributed.all_reduce(losses)
    for row, loss in zip(rows, losses.tolist(), strict=True):
        row["loss"] = loss
    if rank == 0:
        for source in SCORED:
            own = [row["loss"] for row in rows if row["source"] == source]
            known = sum(loss < KNOWN for loss in own)
            print(f"{source}: {known} of {len(own)} are known", flush=True)


def tell(when: str, model: Reader, corpus: Corpus) -> None:
    """Print how well it reads what it learns from and what it does not: how much it knows by heart."""
    model.eval()
    state = random.getstate()
    random.seed(0)  # the same questions before and after
    for name, rows in (("training", corpus.rows), ("validation", corpus.others)):
        examples = corpus.alone(rows, TOLD)
        with torch.no_grad():
            losses = [loss_of(model, [example]).item() for example in examples]
        print(
            f"{when}: loss {sum(losses) / len(losses):.3f} of {len(losses)} {name} questions",
            flush=True,
        )
    random.setstate(state)


def start(model: Reader, weights: Path) -> None:
    """Go on from what `save` wrote, or from what `pack.py` made of it."""
    own = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    stored = load_file(weights)
    if any(name.endswith(".levels") for name in stored):
        for name, difference in unpacked(weights):
            added = torch.from_numpy(difference)
            own[name] = added if name.startswith("head.") else own[name] + added
    else:
        own |= {name: tensor.float() for name, tensor in stored.items()}
    model.load_state_dict(own)


def train(model: Reader, steps: Iterator[list[Example]], told: argparse.Namespace) -> None:
    model.train()
    body = [p for n, p in model.bert.named_parameters() if p.requires_grad]
    head = list(model.head.parameters())
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": told.rate}, {"params": head, "lr": 5 * told.rate}],
        weight_decay=0.01,
        fused=True,
    )
    rates = [group["lr"] for group in optimizer.param_groups]
    course = Course(told, 10)
    for batch in steps:
        loss = loss_of(model, batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        course.advance([*body, *head], loss.item(), questions(batch), size(batch))
        for group, own in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = own * course.rate(40)
        nn.utils.clip_grad_norm_([*body, *head], 1.0)
        optimizer.step()
        if (course.step % 300 == 0 or course.over) and course.first:
            save(model, told.out)
        if course.over:
            break


def questions(batch: Sequence[Example]) -> int:
    """How many questions a batch asks, twins among them."""
    return len(batch) + sum(example.twin is not None for example in batch)


def size(batch: Sequence[Example]) -> int:
    """The tokens that a batch takes to read."""
    return sum(
        len(window.opening) + len(window.ids) + len(question) + 4
        for example in batch
        for question in (example.question, example.twin)
        if question is not None
        for window in example.windows
    )


def batches(corpus: Corpus, rank: int, told: argparse.Namespace) -> Iterator[list[Example]]:
    """A process's part of each step, without end, an epoch after another.

    Parts are alike in tokens, so that no process waits for another.
    """
    for epoch in itertools.count():
        batch: list[Example] = []
        rows = corpus.epoch(random.Random(told.seed + epoch))
        for row in rows[rank :: told.processes]:
            example = corpus.example(row)
            if example and all(window.ids for window in example.windows):
                batch.append(example)
            if size(batch) >= STEP / told.processes:
                yield batch
                batch = []


def loss_of(model: Reader, batch: Sequence[Example]) -> Tensor:
    """Sum over questions of the negative log-probability of the right span and of its sentence.

    The span's is the mean of its start's and its end's; the sentence's is of all that lies within it. Where
    a question has a twin, that one's are added, and what it costs that the passages weigh more for it.
    """
    pairs: list[tuple[int, int]] = []  # questions and their twins
    asked: list[Example] = []
    for example in batch:
        asked.append(example)
        if example.twin is not None:
            windows = [replace(w, gold=[]) for w in example.windows]
            pairs.append((len(asked) - 1, len(asked)))
            asked.append(Example(example.twin, windows))
    inputs = [
        (
            q,
            [START, *question, END, END, *opening, *ids, END],
            len(question) + len(opening) + 3,
            window,
        )
        for q, example in enumerate(asked)
        for question, opening, ids, window in shown(example, model.training)
    ]
    tokens: list[list[Tensor]] = [[] for _ in asked]  # of each question, (tokens, 2) a passage
    right: list[list[Tensor]] = [[] for _ in asked]
    masses: list[list[Tensor]] = [[] for _ in asked]  # of each question, (sentences,) a passage
    within: list[list[Tensor]] = [[] for _ in asked]  # those of the sentences that hold an answer
    for part in parts(inputs, lambda each: len(each[1])):
        logits = model(*padded([each[1] for each in part], PAD))
        for (q, whole, first, window), own in zip(part, logits, strict=True):
            scores = own[first : len(whole) - 1] - own[0]
            tokens[q].append(scores)
            for start, end in window.gold:
                right[q].append(torch.stack([scores[start, 0], scores[end, 1]]))
            mass, held = sentence_masses(scores, window)
            masses[q].append(mass)
            within[q].append(mass[held])
    nothing = torch.zeros(1, 2)
    spans = [
        (torch.cat([nothing, *scores]).logsumexp(0) - gold_score(gold)).mean()
        for scores, gold in zip(tokens, right, strict=True)
    ]
    sentences = [
        torch.cat([nothing[0, :1], *mass]).logsumexp(0) - (own.logsumexp(0) if len(own) else 0)
        for mass, held in zip(masses, within, strict=True)
        for own in [torch.cat(held)]
    ]
    loss = torch.stack(spans).sum() + SENTENCE * torch.stack(sentences).sum()
    for one, twin in pairs:
        more = torch.cat(masses[twin]).logsumexp(0) - torch.cat(within[one]).logsumexp(0)
        loss = loss + TWIN * nn.functional.softplus(more)
    return loss


def sentence_masses(scores: Tensor, window: Window) -> tuple[Tensor, Tensor]:
    """What all spans of each sentence weigh together, and which sentences a gold span ends in."""
    masses, held = [], []
    for first, after in pairwise([*window.firsts, len(window.ids)]):
        own = scores[first:after]
        pairs = own[:, None, 0] + own[None, :, 1]
        spans = torch.ones_like(pairs, dtype=torch.bool).triu().tril(LONGEST_SPAN - 1)
        masses.append(pairs[spans].logsumexp(0))
        held.append(any(first <= end < after for _, end in window.gold))
    return torch.stack(masses), torch.tensor(held)


def shown(
    example: Example, training: bool
) -> Iterator[tuple[list[int], list[int], list[int], Window]]:
    """A question with the token ids of each passage's opening and its own, some left out while training."""
    for window in example.windows:
        opening = list(window.opening)
        if not training:
            yield example.question, opening, window.ids, window
            continue
        answers = {i for start, end in window.gold for i in range(start, end + 1)}
        shares = [0.0 if i in answers else PASSAGE_DROPPED for i in range(len(window.ids))]
        question = blanked(example.question, [QUESTION_DROPPED] * len(example.question))
        opening = blanked(opening, [PASSAGE_DROPPED] * len(opening))
        yield question, opening, blanked(window.ids, shares), window


def blanked(ids: Sequence[int], shares: Sequence[float]) -> list[int]:
    """Tokens, each made unknown with its own chance."""
    return [UNKNOWN if random.random() < s else token for token, s in zip(ids, shares, strict=True)]


def gold_score(gold: Sequence[Tensor]) -> Tensor:
    return torch.stack(list(gold)).logsumexp(0) if gold else torch.zeros(2)


def save(model: Reader, out: Path) -> None:
    """Write all weights but the word embeddings, float16."""
    tensors = {
        name: tensor.detach().half().contiguous()
        for name, tensor in model.state_dict().items()
        if "word_embeddings" not in name
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, out)


if __name__ == "__main__":
    sys.exit(main())
