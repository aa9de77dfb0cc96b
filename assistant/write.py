"""A reading to an answer: the short answer, the sentence it stands in, and what else must be said.

The text is plain. Its first paragraph is the short answer with its markers, the next ones quote. Where the
articles differ, the first paragraph names each side with the date of its article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import prompts
from assistant.cite import cite
from assistant.day import day
from assistant.gather import Gathered, Place, Side, gather
from assistant.records import Answer, Highlight, Reading, Span
from assistant.short import trimmed
from assistant.understand import Understood
from index.records import Evidence

NEAREST = 2  # sentences that a refusal names


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph, and the places cited for the first time in it."""

    text: str
    places: tuple[Place, ...] = ()


def write(asked: Understood, reading: Reading, problems: tuple[str, ...]) -> Iterator[Answer]:
    """The answer as it grows, a quotation at a time; the last one is whole.

    What was read is checked and in order; `problems` tells what was left out because it could not be.
    """
    short = None
    if reading.answerable and reading.findings:
        gathered = gather(asked, reading)
        short = _short(gathered.sides, asked)
        parts = _parts(gathered, asked)
    else:
        parts = _refusal(reading, asked)
    answered = reading.answerable and bool(reading.findings)
    for count in _growing(parts):
        whole = count == len(parts)
        places = [place for part in parts[:count] for place in part.places]
        yield Answer(
            question=asked.question,
            text="\n\n".join([*(p.text for p in parts[:count]), *(problems if whole else ())]),
            answered=answered,
            short=short,
            language=asked.language,
            confidence=reading.confidence,
            citations=cite([p.evidence for p in places], [_highlight(p.span) for p in places]),
            unverified=problems if whole else (),
        )


def _growing(parts: Sequence[_Part]) -> list[int]:
    """How many paragraphs there are each time the answer is shown: a new one with each quotation."""
    return [*range(min(2, len(parts)), len(parts)), len(parts)]


def _parts(gathered: Gathered, asked: Understood) -> list[_Part]:
    sides, language = gathered.sides, asked.language
    places = tuple(place for side in sides for place in side.places)
    markers = _Markers()
    parts: list[_Part] = []
    own = [markers.next(len(side.places)) for side in sides]
    leads = [lead for lead in (_lead(side, sides, asked) for side in sides) if lead]
    if leads:
        said = " / ".join(f"{lead} {''.join(m)}" for lead, m in zip(leads, own, strict=True))
        parts.append(_Part(said, places))
    if len(sides) > 1:
        parts.append(_Part(prompts.text("differ", language)))
    for side, labels in zip(sides, own, strict=True):
        if leads and _is_all(side):
            continue
        quote = _quote(side, labels[: side.quoted] if leads else labels, asked)
        parts.append(_Part(quote, () if leads else side.places))
    for extra in gathered.extras:
        labels = markers.next(len(extra.places))
        parts.append(_Part(_quote(extra, labels, asked), extra.places))
    return parts


def _refusal(reading: Reading, asked: Understood) -> list[_Part]:
    """That the articles do not say, and the nearest sentences, which do not answer."""
    parts = [_Part(prompts.text("refusal", asked.language))]
    nearest = reading.findings[:NEAREST]
    if not nearest:
        return parts
    markers = _Markers()
    parts.append(_Part(prompts.text("refusal_nearest", asked.language)))
    for finding in nearest:
        quote = _quoted(finding.evidence, markers.next(1), asked)
        parts.append(_Part(quote, (Place(finding.evidence, None),)))
    return parts


class _Markers:
    """Gives out markers, from [1] on."""

    def __init__(self) -> None:
        self._given = 0

    def next(self, count: int) -> list[str]:
        first = self._given + 1
        self._given += count
        return [f"[{label}]" for label in range(first, first + count)]


def _short(sides: Sequence[Side], asked: Understood) -> str | None:
    return " / ".join(lead for side in sides if (lead := _lead(side, sides, asked))) or None


def _lead(side: Side, sides: Sequence[Side], asked: Understood) -> str:
    """The short answer of a side; where there are several, with the article's date or name."""
    if len(sides) == 1 or not side.text:
        return _flat(side.text)
    source = side.places[0].evidence
    if source.published:
        named = day(source.published, asked.language)
    else:
        named = _flat(source.title or source.sentence.file)
    return prompts.text("side", asked.language, answer=_flat(side.text), source=named)


def _is_all(side: Side) -> bool:
    """Whether the short answer is all that its sentence says: no need to say it twice."""
    sentence = side.places[0].evidence.sentence.text
    return _flat(side.text) == _flat(sentence[slice(*trimmed(sentence, 0, len(sentence)))])


def _quote(side: Side, markers: Sequence[str], asked: Understood) -> str:
    return _quoted(side.places[0].evidence, markers, asked)


def _quoted(evidence: Evidence, markers: Sequence[str], asked: Understood) -> str:
    sentence = _flat(evidence.sentence.text)
    return prompts.text("quote", asked.language, sentence=sentence, markers="".join(markers))


def _highlight(span: Span | None) -> Highlight | None:
    return Highlight(span.start, span.end, span.text) if span else None


def _flat(text: str) -> str:
    """A quotation on one line: hard-wrapped articles have line ends within a sentence.

    What looks like one of our markers in it gets round brackets; the citation holds it as it is.
    """
    return _MARKER.sub(r"(\1)", " ".join(text.split()))


_MARKER = re.compile(r"\[(\d+)\]")
