"""How well a language model's sentences stand on what they cite, as ALCE measures it.

Gao, Yen, Yu and Chen, "Enabling Large Language Models to Generate Text with Citations", EMNLP 2023. Their
judge is a model of textual entailment; ours is `assistant.support.Judge`, so figures compare between runs of
Kutip, not with theirs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.day import day
from assistant.records import Answer, Citation, Claim
from assistant.run import Statement
from assistant.support import Judge

_MARKER = re.compile(r"\s*\[\d+\]")


def statements(answer: Answer, judge: Judge) -> tuple[Statement, ...]:
    """Each sentence of an answer, judged by all that it cites together and by each citation.

    A citation counts when the sentence is borne out and either that citation alone does it, or the others
    without it do not.
    """
    return tuple(_statement(claim, answer, judge) for claim in answer.claims)


def words(claim: Claim, answer: Answer) -> str:
    """A claim as it reads, without its markers."""
    return _MARKER.sub("", answer.text[claim.start : claim.end]).strip()


def known(answer: Answer, cited: Sequence[Citation]) -> str:
    """What a claim may say without a source: the question, and the titles and dates of what it cites."""
    titles = [c.title for c in cited if c.title]
    dates = [day(c.published, "id") for c in cited if c.published]
    return " ".join([answer.question, answer.read_as or "", *titles, *dates])


def _statement(claim: Claim, answer: Answer, judge: Judge) -> Statement:
    cited = [c for c in answer.citations if c.label in claim.labels]
    text, common = words(claim, answer), known(answer, cited)

    def borne_out(by: Sequence[Citation]) -> bool:
        return bool(by) and judge.judge(text, [c.text for c in by], common).supported

    supported = borne_out(cited)
    needed = tuple(
        supported and (borne_out([c]) or not borne_out([o for o in cited if o is not c]))
        for c in cited
    )
    return Statement(text, claim.backing, supported, needed)
