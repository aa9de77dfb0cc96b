"""A follow-up question made whole by a language model, if what it writes is still that question."""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from contextlib import closing

import prompts
from assistant.language import Language, detect
from assistant.model import LanguageModel, ModelFailed
from assistant.sources import quoted
from assistant.understand import History

LONGEST = 80  # tokens
LONGEST_TEXT = 300  # characters
PATIENCE = 8.0  # seconds for all of it
TURNS = 4  # of the conversation, that the model is told
LONGEST_TOLD = 400  # characters of an earlier answer

_NAMES = re.compile(r"(?<![.?!]\s)(?<!^)\b[A-Z][\w’'-]+|\d[\d.,/]*")
_LABEL = re.compile(r"^\W*(?:pertanyaan|question|jawaban|answer)[^:\n]{0,40}:\s*", re.IGNORECASE)


def rewritten(
    model: LanguageModel, question: str, history: History, language: Language
) -> Generator[str | None]:
    """The question with what it points back to put in, after a None whenever the model is waited for.

    None at the last, too, where it is too slow, fails or strays.
    """
    conversation = "\n".join(
        f"- {quoted(asked)}\n  {quoted(told)[:LONGEST_TOLD]}" for asked, told in history[-TURNS:]
    )
    system = prompts.text("model_rewrite_system", language)
    user = prompts.text(
        "model_rewrite", language, conversation=conversation, question=quoted(question)
    )
    written = yield from _written(model, system, user)
    found = _LABEL.sub("", next(iter((written or "").strip().splitlines()), "")).strip(" \"“”'")
    said = " ".join([question, *(part for turn in history for part in turn)])
    yield found if found and not _strays(found, question, said, language) else None


def _written(model: LanguageModel, system: str, user: str) -> Generator[None, None, str | None]:
    began, text = time.monotonic(), ""
    try:
        with closing(model.stream(system, user, longest=LONGEST)) as pieces:
            for piece in pieces:
                text += piece
                if "\n" in text.strip() or len(text) > LONGEST_TEXT:
                    break
                if time.monotonic() - began > PATIENCE:
                    return None
                yield
    except ModelFailed:
        return None
    return text


def _strays(found: str, question: str, said: str, language: Language) -> bool:
    """Whether it is another question, or brings in what nobody said."""
    known = said.lower()
    if len(found) > LONGEST_TEXT or detect(found) != language or "[" in found:
        return True
    if any(name.lower().strip(".,") not in known for name in _NAMES.findall(found)):
        return True
    own, kept = _content(question), _content(found)
    return bool(own) and not own & kept


def _content(text: str) -> set[str]:
    from index.words import stems

    return set(stems(text))
