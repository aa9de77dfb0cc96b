"""What of the findings goes into an answer: the answer itself, what says the same, and what differs.

Findings are ordered by how likely they answer, in log-odds: how far one may lie behind the best is told in
the same measure. A sentence that is cited and does not answer is worse than one left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant import items as lists
from assistant.agree import differ, of_the_time, overlap, same
from assistant.forms import Form, form
from assistant.records import Finding, Reading, Span
from assistant.short import short
from assistant.understand import Understood
from index.records import Evidence

SUPPORT = 4.0  # behind the best: a finding that says the same is cited beside it
DIFFER = 3.0  # behind the best: a finding that says otherwise is set against it
ADD = 1.5  # behind the best: a finding with further items of a list
EXTRA = 0.7  # behind the best: a sentence that tells something else is quoted too
SECOND = 1.5  # behind a sentence's best span: another one that may say the same as the answer

MOST_TWINS = 2  # further places of one sentence
MOST_SUPPORT = 2  # further findings that say the same
MOST_SIDES = 3
MOST_EXTRA = 2
_REPEATS = 0.7  # of a sentence's words: it tells nothing new


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence to cite, and the words of it that answer; None where they are not known."""

    evidence: Evidence
    span: Span | None


@dataclass(frozen=True, slots=True)
class Side:
    """One answer, and where it stands: its sentence, that sentence's twins, others that say the same.

    The first `quoted` places hold one and the same sentence. `text` is empty where no words of it are
    known to be the answer.
    """

    text: str
    places: tuple[Place, ...]
    quoted: int
    spans: tuple[Span, ...] = ()  # what is compared with further findings


@dataclass(frozen=True, slots=True)
class Gathered:
    """The sides of an answer (more than one: the articles differ), and further sentences."""

    sides: tuple[Side, ...]
    extras: tuple[Side, ...]


def gather(asked: Understood, reading: Reading) -> Gathered:
    """Choose what the answer holds. There is at least one finding."""
    wanted = form(asked.question)
    best, *others = reading.findings
    sides = [_side(best, wanted)]
    left: list[Finding] = []
    for finding in others:
        behind = best.score - finding.score
        if wanted is Form.LIST:
            taken = _listed(sides, finding, behind)
        else:
            taken = _agreed(sides, finding, wanted, behind) or _opposed(
                sides, finding, wanted, behind, asked.whole
            )
        if not taken:
            left.append(finding)
    return Gathered(tuple(sides), _extras(sides, left, wanted, best.score))


def _side(finding: Finding, wanted: Form) -> Side:
    """The answer that a finding gives by itself."""
    if wanted is Form.LIST:
        spans = lists.items(finding)
    else:
        spans = [short(span, wanted) for span in finding.spans[:1]]
    shown = _cover(spans)
    places = (Place(finding.evidence, shown), *_twins(finding, shown))
    compared = spans if wanted is Form.LIST else [short(s, Form.WORDS) for s in finding.spans[:1]]
    return Side(_joined(spans), places, len(places), tuple(compared))


def _agreed(sides: list[Side], finding: Finding, wanted: Form, behind: float) -> bool:
    """Whether a finding says the same as a side; it is then cited there."""
    if behind > SUPPORT or not finding.spans:
        return False
    best = finding.spans[0].score
    near = [short(s, Form.WORDS) for s in finding.spans if best - s.score <= SECOND]
    for i, side in enumerate(sides):
        found = next((s for s in near if any(same(one, s) for one in side.spans)), None)
        if found is not None:
            sides[i] = _supported(side, finding, short(found, wanted))
            return True
    return False


def _opposed(
    sides: list[Side], finding: Finding, wanted: Form, behind: float, question: str
) -> bool:
    """Whether a finding of another article says otherwise than every side; it is then one more."""
    if wanted is not Form.WORDS or behind > DIFFER or not finding.spans or len(sides) >= MOST_SIDES:
        return False
    span = short(finding.spans[0], Form.WORDS)
    elsewhere = all(p.evidence.sentence.file != span.sentence.file for s in sides for p in s.places)
    opposed = elsewhere and all(any(differ(one, span) for one in s.spans) for s in sides)
    if not opposed or not of_the_time(finding, question):
        return False
    sides.append(_side(finding, wanted))
    return True


def _listed(sides: list[Side], finding: Finding, behind: float) -> bool:
    """Whether a finding names items of a list: new ones are added, the same ones are one more place."""
    [side] = sides
    spans = lists.items(finding)
    if not spans or not side.spans:
        return False
    new = lists.added(side.spans, spans)
    if len(new) < len(spans) and behind <= SUPPORT:
        kept = new if behind <= ADD else []
    elif behind <= ADD:
        kept = new
    else:
        return False
    side = _supported(side, finding, _cover(spans))
    together = (*side.spans, *kept)
    sides[0] = replace(side, text=_joined(_in_order(together)), spans=together)
    return True


def _supported(side: Side, finding: Finding, shown: Span | None) -> Side:
    """A side with one more finding cited, unless it has enough."""
    if len(side.places) >= side.quoted + MOST_SUPPORT:
        return side
    return replace(side, places=(*side.places, Place(finding.evidence, shown)))


def _extras(
    sides: Sequence[Side], left: Sequence[Finding], wanted: Form, best: float
) -> tuple[Side, ...]:
    """Sentences that tell more: nearly as likely as the best, in other words."""
    said = [place.evidence.sentence.text for side in sides for place in side.places]
    extras: list[Side] = []
    for finding in left:
        text = finding.evidence.sentence.text
        if best - finding.score > EXTRA or any(overlap(text, one) >= _REPEATS for one in said):
            continue
        extras.append(_side(finding, wanted))
        said.append(text)
    return tuple(extras[:MOST_EXTRA])


def _twins(finding: Finding, shown: Span | None) -> list[Place]:
    return [Place(twin, _there(twin, shown)) for twin in finding.evidence.twins[:MOST_TWINS]]


def _there(twin: Evidence, shown: Span | None) -> Span | None:
    """The same words in a twin's sentence; None if it has others."""
    words = shown.text.split() if shown else []
    if not shown or not words:
        return None
    form = r"\s+".join(map(re.escape, words))
    found = re.search(rf"(?<!\w){form}(?!\w)", twin.sentence.text, re.IGNORECASE)
    if found is None:
        return None
    start = twin.sentence.start
    return Span(twin.sentence, start + found.start(), start + found.end(), shown.score)


def _cover(spans: Sequence[Span]) -> Span | None:
    """One span from the first to the last of a sentence's."""
    if not spans:
        return None
    return replace(spans[0], end=spans[-1].end)


def _in_order(spans: Sequence[Span]) -> list[Span]:
    """By article, in the order in which the articles come, then as the article is read."""
    files = list(dict.fromkeys(span.sentence.file for span in spans))
    return sorted(spans, key=lambda span: (files.index(span.sentence.file), span.start))


def _joined(spans: Sequence[Span]) -> str:
    return "; ".join(" ".join(span.text.split()) for span in spans)
