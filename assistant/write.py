"""Evidence to an answer: the best sentence quoted, and up to two more that add to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import prompts
from assistant.cite import cite
from assistant.confidence import Judgement
from assistant.records import Answer
from assistant.understand import Understood
from index.records import Evidence

MOST_QUOTES = 3
MOST_TWINS = 2  # further places cited for one quoted sentence
NEAR = (
    0.7  # of the score: a further sentence is quoted when it is at least half as likely as the best
)


def write(
    asked: Understood, evidence: Sequence[Evidence], judged: Judgement, problems: tuple[str, ...]
) -> Iterator[Answer]:
    """The answer as it grows, a quotation at a time; the last one is whole.

    `evidence` is checked and in order; `problems` tells what was left out because it could not be.
    """
    if not judged.answerable:
        yield _answer(asked, [prompts.text("refusal", asked.language)], [], judged, problems)
        return
    quoted = _quoted(evidence)
    paragraphs: list[str] = []
    cited: list[Evidence] = []
    for number, item in enumerate(quoted):
        places = [item, *item.twins[:MOST_TWINS]]
        markers = "".join(f"[{len(cited) + i}]" for i in range(1, len(places) + 1))
        name = "quote_more" if number else "quote"
        paragraphs.append(
            prompts.text(name, asked.language, sentence=_flat(item.sentence.text), markers=markers)
        )
        cited += places
        last = number == len(quoted) - 1
        yield _answer(asked, paragraphs, cited, judged, problems if last else ())


def _quoted(evidence: Sequence[Evidence]) -> list[Evidence]:
    best = evidence[0]
    more = [item for item in evidence[1:] if best.score - item.score <= NEAR]
    return [best, *more[: MOST_QUOTES - 1]]


def _answer(
    asked: Understood,
    paragraphs: Sequence[str],
    cited: Sequence[Evidence],
    judged: Judgement,
    problems: tuple[str, ...],
) -> Answer:
    return Answer(
        question=asked.question,
        text="\n\n".join([*paragraphs, *problems]),
        answered=bool(cited),
        short=None,
        language=asked.language,
        confidence=judged.confidence,
        citations=cite(cited),
        unverified=problems,
    )


def _flat(text: str) -> str:
    """A quotation on one line: hard-wrapped articles have line ends within a sentence."""
    return " ".join(text.split())
