"""Evidence to the numbered sentences that a language model is given, as much of it as its context holds.

Articles are not to be trusted: a sentence goes in on one line, without anything that could end the list,
look like a number of ours or like a turn of a conversation. What is shown to the reader is the article's
own text, never this.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import prompts
from assistant.day import day
from assistant.language import Language
from assistant.records import Finding

MOST = 10  # sentences
NEAR = 6.0  # log-odds behind the best: what is less likely to answer is not put before a model
PER_TOKEN = (
    1.6  # a model's own tokens for one of the encoder's: small models know little Indonesian
)
LINE = 8  # tokens of a number, a title's share, a line end

_SIGNS = str.maketrans({"[": "(", "]": ")", "【": "(", "】": ")", "<": "‹", ">": "›", "`": "'"})
_FENCE = re.compile(r"([=\-#*_~|])\1{2,}")


@dataclass(frozen=True, slots=True)
class Sources:
    """What a model is given: `text`, and the findings that its numbers stand for, from 1."""

    text: str
    findings: tuple[Finding, ...]


def sources(
    findings: Sequence[Finding],
    language: Language,
    room: int,
    lengths: Callable[[list[str]], list[int]],
) -> Sources:
    """The best findings whose sentences fit whole into `room` tokens, by article and in reading order.

    `lengths` counts tokens.
    """
    findings = [f for f in findings if findings[0].score - f.score <= NEAR]
    chosen: list[Finding] = []
    for finding in findings:
        text = finding.evidence.sentence.text
        if len(chosen) == MOST:
            break
        needed = int(PER_TOKEN * lengths([text])[0]) + LINE
        if not any(_file(f) == _file(finding) for f in chosen):
            needed += int(PER_TOKEN * lengths([_about(finding, "id")])[0]) + LINE
        if needed <= room:
            chosen.append(finding)
            room -= needed
    ordered = [f for group in _by_article(chosen) for f in group]
    lines = []
    for number, finding in enumerate(ordered, 1):
        if number == 1 or _file(ordered[number - 2]) != _file(finding):
            about = prompts.text("model_article", language, about=_about(finding, language))
            lines.append(about if number == 1 else f"\n{about}")
        lines.append(f"[{number}] {quoted(finding.evidence.sentence.text)}")
    return Sources("\n".join(lines), tuple(ordered))


def quoted(text: str) -> str:
    """An article's text as a model may see it: one line, visible characters, no signs that steer."""
    flat = " ".join(text.split())
    seen = "".join(char for char in flat if unicodedata.category(char)[0] != "C")
    return _FENCE.sub(r"\1", seen.translate(_SIGNS))


def _by_article(findings: Sequence[Finding]) -> list[list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_file(finding), []).append(finding)
    return [sorted(group, key=lambda f: f.evidence.sentence.number) for group in groups.values()]


def _file(finding: Finding) -> str:
    return finding.evidence.sentence.file


def _about(finding: Finding, language: Language) -> str:
    """An article's title and date, or its file's name."""
    evidence = finding.evidence
    named = quoted(evidence.title or evidence.sentence.file)
    return f"{named} ({day(evidence.published, language)})" if evidence.published else named
