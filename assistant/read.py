"""Evidence to findings: the words that answer, the order of what was read, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.clues import echo, fit
from assistant.confidence import Caution, judge, order
from assistant.records import Finding, Marked, Reading
from assistant.trace import Trace
from assistant.understand import Understood
from index.records import Evidence


class Marker(Protocol):
    """What marks answers in sentences: the reader, or anything of its shape."""

    def read(
        self, question: str, evidence: Sequence[Evidence], trace: Trace | None = None
    ) -> list[Marked]:
        """What is marked in the sentence of each piece of evidence."""
        ...


def read(
    asked: Understood,
    evidence: Sequence[Evidence],
    reader: Marker,
    caution: Caution,
    trace: Trace | None = None,
) -> Reading:
    """Read the evidence for a question, and judge whether it answers it."""
    marked = reader.read(asked.whole, evidence, trace)
    findings = [
        found(asked.question, item, own) for item, own in zip(evidence, marked, strict=True)
    ]
    findings.sort(key=lambda finding: -finding.score)  # stable: search decides between equals
    confidence = judge(findings, asked.language)
    return Reading(tuple(findings), confidence, confidence >= caution.threshold)


def found(question: str, evidence: Evidence, marked: Marked) -> Finding:
    """A piece of evidence with what was marked in it, the likeliest words first."""
    spans = sorted(marked.spans, key=lambda span: -span.score)
    own = (fit(question, spans[0].text), echo(question, spans[0].text)) if spans else (0.0, 0.0)
    score = order(marked.mass, evidence.score, *own)
    return Finding(evidence, tuple(spans), score, marked.mass, *own)
