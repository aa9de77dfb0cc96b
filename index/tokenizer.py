"""Text to the bundled encoder's token ids.

Through `sentencepiece`, with the pieces of the package's file: 60 MB and a third of the time to load,
where `tokenizers` takes 270 MB for the same vocabulary.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.packed import Packed

MODEL, CHANGES = "pieces.model", "changes.json"
START, PAD, END = 0, 1, 2  # ids
_NORMAL, _UNKNOWN, _CONTROL = 1, 2, 3
_SPECIAL = frozenset(("<s>", "<pad>", "</s>", "<mask>"))


class PieceTokenizer:
    """Unigram pieces; a text that says "</s>" is only a text, since control pieces match nothing."""

    def __init__(self, folder: Path) -> None:
        from sentencepiece import SentencePieceProcessor

        self._changes = str.maketrans(json.loads((folder / CHANGES).read_text(encoding="utf-8")))
        self._pieces = SentencePieceProcessor(model_file=str(folder / MODEL))

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text, without special tokens."""
        ids: list[list[int]] = self._pieces.encode(
            [text.translate(self._changes) for text in texts]
        )
        return ids

    def pieces(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The ids of a text, and where in `text` each begins and ends, white space left out."""
        changed = text.translate(self._changes)
        found = self._pieces.encode(changed, return_type="offset_mapping")
        origin = self._origin(text) if changed != text else range(len(text) + 1)
        places = []
        for start, end in found["offsets"]:
            start += len(changed[start:end]) - len(changed[start:end].lstrip())
            places.append((origin[start], origin[end - 1] + 1 if end > start else origin[start]))
        return found["ids"], places

    def _origin(self, text: str) -> list[int]:
        """For each character of the changed text, and its end, where in `text` it comes from."""
        widths = (len(self._changes.get(ord(c), c) or "") for c in text)
        return [*(i for i, width in enumerate(widths) for _ in range(width)), len(text)]


def save(packed: Packed, folder: Path) -> None:
    """Write what `PieceTokenizer` reads."""
    from sentencepiece import sentencepiece_model_pb2

    format: Any = sentencepiece_model_pb2  # generated code, without types
    model = format.ModelProto()
    for piece, score in packed.pieces:
        kind = _CONTROL if piece in _SPECIAL else _UNKNOWN if piece == "<unk>" else _NORMAL
        model.pieces.add(piece=piece, score=score, type=kind)
    model.trainer_spec.model_type = format.TrainerSpec.UNIGRAM
    model.trainer_spec.vocab_size = len(packed.pieces)
    ids = {"bos_id": START, "pad_id": PAD, "eos_id": END, "unk_id": packed.unknown}
    for name, value in ids.items():
        setattr(model.trainer_spec, name, value)
    model.normalizer_spec.name = (
        "identity"  # `changes` come first, and are all that the model knows
    )
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = True
    model.normalizer_spec.escape_whitespaces = True
    (folder / MODEL).write_bytes(model.SerializeToString())
    (folder / CHANGES).write_text(json.dumps(packed.changes), encoding="utf-8")
