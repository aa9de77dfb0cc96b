"""Readers' votes, kept on this computer: a log of all, and a question set of those that can be gold.

`votes.jsonl` holds each vote with its reason, time and answer. `questions.jsonl` is what `kutip eval` reads:
a good vote says that the answer's cited sentences hold the answer, or, on a refusal, that the articles do not
tell. A bad one says nothing of where the answer stands, so it is in the log only. Lines that were not
written here, or are no JSON, stay as they are.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant import show
from assistant.metrics import holds
from assistant.questions import Question
from assistant.records import Answer
from chat.turns import Turn, Vote
from index.errors import KutipError

LOG, QUESTIONS = "votes.jsonl", "questions.jsonl"
WAIT = 10.0  # seconds for another process that writes

Line = dict[str, Any]


class Votes:
    """The votes in one folder, made when the first is cast. Safe for several threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, turn: Turn, vote: Vote | None, history: Sequence[Turn] = ()) -> None:
        """Keep a vote on a turn, in place of an earlier one; None takes it back.

        `history` holds the turns before it, oldest first. Raises `KutipError` when it cannot be kept.
        """
        chain = _chain(turn, history)
        voted = _id(chain)
        with self._alone():
            log, gold = _File(self.folder / LOG), _File(self.folder / QUESTIONS)
            log.put(voted, _entry(chain, vote) if vote else None)
            for name, line in {voted: None, **_gold(log.lines)}.items():
                # What a reader has mended in the set by hand stays so.
                if line is None or name == voted or name not in gold.lines:
                    gold.put(name, line)
            # The log goes first: what the set lacks after a crash comes with the next vote.
            log.save()
            gold.save()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / "votes.lock", timeout=WAIT):
                yield
        except Timeout as busy:
            raise KutipError(
                f"another process is writing the votes in {self.folder}; vote again when it has finished"
            ) from busy
        except OSError as error:
            raise KutipError(
                f"the vote cannot be kept in {self.folder}: {error.strerror or error}. Free some disk, "
                "let Kutip write there, or choose another folder (KUTIP_VOTES)."
            ) from error


class _File:
    """The lines of a JSONL file, those with an id by it; the others are kept as they are."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[str, Line] = {}
        self._places: dict[str, int] = {}
        self._raw: list[bytes | None] = []
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            raw = b""
        self._read = raw
        for line in raw.split(b"\n"):
            self._add(line, _parsed(line))

    def put(self, name: str, line: Line | None) -> None:
        """Put a line in place of that with its id, or at the end; None leaves it out."""
        told = json.dumps(line).encode() if line else None
        if name in self._places:
            self._raw[self._places[name]] = told
            self.lines.pop(name)
            if line:
                self.lines[name] = line
            else:
                del self._places[name]
        elif line:
            self._add(told, line)

    def save(self) -> None:
        """Write beside the file, then rename: readers find the old lines or the new ones."""
        whole = b"".join(line + b"\n" for line in self._raw if line)
        if whole == self._read:
            return
        handle, beside = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(whole)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(beside, self.path)
        except BaseException:
            with suppress(OSError):
                os.unlink(beside)
            raise

    def _add(self, raw: bytes | None, line: Line | None) -> None:
        if line is not None and line["id"] not in self._places:
            self._places[line["id"]] = len(self._raw)
            self.lines[line["id"]] = line
        self._raw.append(raw)


def _parsed(raw: bytes) -> Line | None:
    """A line that is an object with an id, else None."""
    try:
        line = json.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) and isinstance(line.get("id"), str) else None


def _chain(turn: Turn, history: Sequence[Turn]) -> list[Turn]:
    """The turn after those that it follows, oldest first."""
    chain = [turn]
    for earlier in reversed(history):
        if earlier.question == chain[0].follows:
            chain.insert(0, earlier)
    return chain


def _id(chain: Sequence[Turn]) -> str:
    """The same for a question whenever it is asked after the same questions."""
    asked = json.dumps([chain[0].follows, *(turn.question for turn in chain)])
    return f"vote-{hashlib.sha256(asked.encode()).hexdigest()[:12]}"


def _entry(chain: Sequence[Turn], vote: Vote) -> Line:
    """A vote as it stands in the log."""
    turn, before = chain[-1], chain[:-1]
    follows = _id(before) if before else None
    alone = not chain[0].follows  # else it begins with a question that nobody knows
    return {
        "id": _id(chain),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        **asdict(vote),
        "question": turn.question,
        "before": [earlier.question for earlier in before],
        "answer": json.loads(show.as_json(turn.answer)),
        "gold": _line(_id(chain), turn, follows) if vote.good and alone else None,
    }


def _line(name: str, turn: Turn, follows: str | None) -> Line | None:
    """A good answer as a line of a question set, None where it makes none."""
    answers, evidence = _told(turn.answer) if turn.answer.answered else ([], [])
    line = {
        "id": name,
        "language": turn.answer.language,
        "question": turn.question.encode("utf-8", "replace").decode(),
        "answers": answers,
        "evidence": evidence,
    }
    if follows:
        line["follows"] = follows
    if turn.answer.answered and not evidence:
        return None
    try:
        Question.model_validate(line)
    except ValidationError:  # nothing asked, or a file's name that is no text
        return None
    return line


def _told(answer: Answer) -> tuple[list[str], list[dict[str, str]]]:
    """The right answers, and the cited sentences that hold one, in the articles' words."""
    cited = answer.citations
    marked = [_flat(c.highlight.text) for c in cited if c.highlight]
    if not marked and answer.short and any(holds(c.text, answer.short) for c in cited):
        marked = [_flat(answer.short)]
    answers = list(dict.fromkeys(marked or [_flat(c.text) for c in cited]))
    holding = [c for c in cited if any(holds(c.text, told) for told in answers)]
    quotes = {(c.file, _flat(c.text)) for c in holding}
    return answers, [{"file": file, "quote": quote} for file, quote in sorted(quotes)]


def _gold(log: Mapping[str, Line]) -> dict[str, Line | None]:
    """The line of each vote in the question set: None unless all that it follows stands there too."""
    found: dict[str, Line | None] = {}
    own = {name: entry for name, entry in log.items() if "gold" in entry}
    for name, entry in own.items():
        line, steps = entry["gold"], 0
        above = line
        while isinstance(above, dict) and (earlier := above.get("follows")) and steps < len(own):
            above, steps = own.get(earlier, {}).get("gold"), steps + 1
        found[name] = line if isinstance(line, dict) and isinstance(above, dict) else None
    return found


def _flat(text: str) -> str:
    return " ".join(text.split())
