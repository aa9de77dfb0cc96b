"""Sentences of an article that give orders to a language model, instead of telling news.

Like page furniture they are never evidence, with or without a model. This is one guard of several: what
slips through is still fenced as data, and what a model writes is held to its sources.

Whether a sentence gives orders is learned from examples (training/steering.py): a logistic regression on the
bundled encoder's vector of the sentence and a few traits of its wording.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import bundled
from index.encoder import BUNDLED, Encoder
from index.errors import KutipError

Floats = NDArray[np.float32]

WEIGHTS = Path(__file__).with_name("steering.npy")
SHARE = 0.3  # of a trait beside a vector of length 1, so that words alone do not decide
# Words: a text longer than `WHOLE` is read in pieces, so that a short order does not drown in it
# (training/steering.py prints how many do).
WHOLE, PIECE, STEP = 40, 16, 8

# Words that orders to a model are made of; each is common in news, together they are not.
_TRAITS = [
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        # who is spoken to, and what it does
        r"ai|llm|gpt|chatgpt|(?:chat)?bots?|robots?|asisten|assistants?|models?|mesin|machines?|"
        r"program\w*|sistem|systems?|prompt|kecerdasan buatan|summar\w+|\w*ringkas\w*|\w*rangkum\w*|"
        r"pengguna|users?",
        # what it shall do
        r"jawab\w*|balas\w*|answer\w*|repl(?:y|ies)|respon[ds]\w*|output|keluar(?:an|kan)\w*|tulis\w*|"
        r"write|say|print|cetak|ucap\w*|katakan|sebut(?:kan)?",
        r"you|your|kamu|anda|engkau|kau|\w{3,}mu",
        # what it has been told
        r"abaikan|lupakan|ignore|disregard|forget|instruksi|instructions?|perintah|aturan|rules?|"
        r"petunjuk|guid\w+|sumber|sources?",
    )
]
_CAPITALS = re.compile(r"\b[A-Z]{3,}(?:[ -]?[A-Z0-9]{2,})*\b")
_CODE = re.compile(r"[A-Z]{2,}-\d")

# What no news sentence holds: turns of a conversation as models are trained on, links that run code,
# base64. Other HTML stands in sentences worth quoting, and is made harmless where it is quoted.
_UNMISTAKABLE = [
    re.compile(form)
    for form in (
        r"<\|[^|>]{0,40}\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|</?(?:tool|function)_call>",
        r"(?i)^\W{0,6}(?:system|assistant|user|human)\s*:",
        r"(?i)#{2,}\s*(?:instructions?|instruksi|perintah|system|sistem|response|prompt|task)\b",
        r"(?i)\bjavascript:",
    )
]
_BASE64 = re.compile(r"(?=[a-z0-9+/]*[A-Z])(?=[A-Z0-9+/]*[a-z])(?=[A-Za-z+/]*\d)[A-Za-z0-9+/]{40,}")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)  # ordinary ones look like base64
_MACHINE = (
    r"(?:model bahasa|language model|\b(?:asisten|assistant|chat ?bot|chatgpt|llm|gpt)\b|"
    r"\b(?:ai|bot|model|sistem|system) (?:yang|that|who|reading)\b|\b(?:dear|hey|halo|wahai|kepada) ai\b)"
)
# Without the bundled encoder: the wordings met most often. A tenth of the examples has one of them.
_WORDS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        r"\b(?:abaikan|lupakan|hiraukan|kesampingkan|ignore|disregard|forget|override)\b.{0,50}\b(?:perintah|"
        r"instruksi|aturan|konteks|prompt|instructions?|rules?|guidelines?|context|everything)\b",
        rf"{_MACHINE}.{{0,80}}\b(?:harus|wajib|jangan|tolong|mohon|must|should|please|do not|always|never)\b",
        rf"\b(?:tolong|mohon|harap|please|kindly)\b.{{0,60}}{_MACHINE}",
        r"\b(?<!tanggung )(?:jawab|balas|tulis|katakan|ucapkan|ketik)(?:lah)?\b.{0,30}\b(?:dengan kata|hanya|"
        r"saja|persis|kepada pengguna)\b",
        r"\b(?:answer|reply|respond|say|write|output|print)\b.{0,40}\b(?:only|the word|exactly|"
        r"nothing else|the user)\b",
        r"\b(?:you|kamu|anda) (?:are now|are no longer|sekarang adalah|bukan lagi|harus menjawab)\b",
        r"\b(?:reveal|repeat|print|show|leak|bocorkan|tampilkan|ulangi)\b.{0,40}\b(?:prompt|instructions?|instruksi)\b",
        r"\b(?:answer|reply|respond|jawab(?:lah)?|balas(?:lah)?) (?:in|dalam bahasa)\b",
    )
]


class Steering:
    """Tells sentences that give orders to a model from news.

    With any other encoder than the bundled one what was learned cannot be used. Wordings stand in for it,
    which know only the commonest orders.
    """

    def __init__(self, encoder: Encoder) -> None:
        """Raises `KutipError` when the weights are missing or damaged."""
        self._encoder = encoder
        own = encoder.name == f"{BUNDLED}@{bundled.version(BUNDLED)}"
        self._weights = _load(encoder.dimension + len(traits("")) + 1) if own else None

    def orders(
        self, texts: Iterable[str], vectors: Mapping[str, Floats] | None = None
    ) -> frozenset[str]:
        """Those of the texts, sentences or titles, that give orders to a model.

        `vectors`, of texts that have been encoded alone already, spare encoding them again.
        """
        shown = {text: plain(text) for text in texts}
        forms = _UNMISTAKABLE if self._weights is not None else [*_UNMISTAKABLE, *_WORDS]
        found = {
            text
            for text, seen in shown.items()
            if any(form.search(seen) for form in forms) or _BASE64.search(_LINK.sub(" ", seen))
        }
        if self._weights is None:
            return frozenset(found)
        known = {
            shown[text]: row
            for text, row in (vectors or {}).items()
            if shown.get(text) == " ".join(text.split())
        }
        rest = [
            (text, part)
            for text in shown.keys() - found
            for part in parts(shown[text])
            if part == shown[text] or has_words_of_orders(part)
        ]
        scores = self._scores([part for _, part in rest], known)
        found.update(text for (text, _), score in zip(rest, scores, strict=True) if score > 0)
        return frozenset(found)

    def _scores(self, parts: Sequence[str], known: Mapping[str, Floats]) -> Floats:
        """For each text how much it gives orders; `known` are vectors of some."""
        if not parts:
            return np.empty(0, np.float32)
        assert self._weights is not None
        new = [part for part in dict.fromkeys(parts) if part not in known]
        encoded = self._encoder.passages([[part] for part in new])
        held = {**known, **{part: rows[0] for part, rows in zip(new, encoded, strict=True)}}
        return np.asarray(inputs(parts, [held[part] for part in parts]) @ self._weights)


def version() -> str:
    """Changes with what was learned: which sentences may be evidence depends on it."""
    return hashlib.sha256(_bytes()).hexdigest()[:8]


def plain(text: str) -> str:
    """A text on one line, as it looks: compatible characters made one, invisible ones dropped."""
    flat = " ".join(unicodedata.normalize("NFKC", text).split())
    return "".join(char for char in flat if unicodedata.category(char)[0] != "C")


def inputs(texts: Sequence[str], vectors: Sequence[Floats]) -> Floats:
    """What the weights are multiplied with, a row for each plain text: its vector, its traits, 1."""
    told = np.array([traits(text) for text in texts], np.float32)
    return np.hstack([np.stack(vectors), SHARE * told, np.ones((len(texts), 1), np.float32)])


def traits(text: str) -> list[float]:
    """What shows in the wording of a plain text: words of orders, capitals, codes, length, shouting."""
    letters = [char for char in text if char.isalpha()]
    return [
        *(float(bool(words.search(text))) for words in _TRAITS),
        sum(char.isupper() for char in letters) / max(len(letters), 1),
        float(bool(_CAPITALS.search(text))),
        float(bool(_CODE.search(text))),
        min(len(text) / 200, 2.0),
        float(text.endswith("!")),
    ]


def has_words_of_orders(text: str) -> bool:
    """Whether a plain text has any of the words that orders are made of.

    Of the pieces of long news sentences the most have none. Reading the others alone finds nearly as many
    orders (training/steering.py prints both).
    """
    return any(words.search(text) for words in _TRAITS)


def parts(text: str) -> list[str]:
    """What of a plain text is judged by itself: the whole, or pieces of a long one."""
    words = text.split()
    if len(words) <= WHOLE:
        return [text] if words else []
    return [
        " ".join(words[start : start + PIECE])
        for start in range(0, len(words) - (PIECE - STEP), STEP)
    ]


def _load(size: int) -> Floats:
    try:
        weights = np.load(BytesIO(_bytes()), allow_pickle=False)
    except (OSError, ValueError) as error:
        raise _broken(f"cannot be read: {error}") from error
    if weights.shape != (size,):
        raise _broken(f"holds {weights.shape}, not ({size},)")
    return np.asarray(weights, np.float32)


def _bytes() -> bytes:
    try:
        return WEIGHTS.read_bytes()
    except OSError as error:
        raise _broken(f"cannot be read: {error.strerror}") from error


def _broken(how: str) -> KutipError:
    return KutipError(f"{WEIGHTS} {how}. Install Kutip anew.")
