"""A reading to an answer that a language model writes, held to the sentences that it was given.

The model sees numbered sentences and writes markers; code turns these into citations whose text is the
file's. Each sentence that it wrote is then judged by what it cites. An answer of which nothing is borne out
is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

import prompts
from assistant.cite import cite
from assistant.claims import claims
from assistant.forms import form
from assistant.markers import MarkerParser
from assistant.model import Failure, LanguageModel, ModelFailed
from assistant.records import Answer, Backing, Citation, Claim, Finding, Highlight, Reading
from assistant.short import short
from assistant.sources import Sources, quoted, sources
from assistant.statements import known, words
from assistant.support import Judge
from assistant.trace import Counted, Trace
from assistant.understand import Understood
from index.encoder import Encoder

LONGEST = 400  # tokens of an answer
LONGEST_TRANSLATION = 700  # tokens of all translations
RESERVE = 350  # tokens of the rules and the question

_DECLINES = re.compile(
    r"^\W*(?:tidak ada jawaban|no answer)\b"
    r"|\b(?:artikel(?:-artikel)?|kalimat(?:-kalimat)?|sumber|teks|informasi)\b.{0,60}\btidak\b.{0,20}"
    r"\b(?:menyebut|menjawab|memuat|memberi|menjelaskan|tersedia|ditemukan|ada)"
    r"|\btidak (?:ada|terdapat|ditemukan) (?:informasi|keterangan|jawaban)"
    r"|\b(?:articles?|sentences?|sources?|text|information)\b.{0,60}"
    r"\b(?:do(?:es)? not|don't|doesn't|is not|isn't)\b.{0,20}"
    r"\b(?:say|mention|answer|state|contain|provide|specif\w+|available)"
    r"|\b(?:there is no|i (?:do not|don't|cannot|can't)) (?:information|answer|know|find|answer)\b",
    re.IGNORECASE | re.DOTALL,
)


class NotBorneOut(Exception):
    """Nothing that the model wrote stands in the sentences that it was given."""


class Declined(Exception):
    """The model found no answer in the sentences."""


class Composer:
    """Writes answers with a language model. May be asked from several threads."""

    def __init__(
        self,
        model: LanguageModel,
        judge: Judge,
        lengths: Callable[[list[str]], list[int]],
    ) -> None:
        """`judge` holds what was written to its sources; `lengths` counts tokens."""
        self.model = model
        self._judge, self._lengths = judge, lengths

    @classmethod
    def guarded(cls, model: LanguageModel, encoder: Encoder) -> Composer:
        """A composer whose judge rests on the encoder that searches."""
        return cls(model, Judge(encoder), encoder.lengths)

    def counting(self, trace: Trace) -> Composer:
        """The same, which counts into `trace` what its model takes in and writes."""
        model = Counted(self.model, self._lengths, trace)
        return Composer(model, self._judge, self._lengths)

    def compose(
        self, asked: Understood, reading: Reading, problems: tuple[str, ...]
    ) -> Generator[Answer]:
        """The answer as it grows, and as it is while the model is silent; the last one is checked.

        Raises `ModelFailed`, `Declined` when the model says that it has no answer, `NotBorneOut` when it
        has none that the sentences bear out.
        """
        room = self.model.context - LONGEST - RESERVE
        given = sources(reading.findings, asked.language, room, self._lengths)
        if not given.findings:
            raise ModelFailed(Failure.OVERFLOW, "no sentence fits into the context")
        parser, text = MarkerParser(len(given.findings)), ""
        answer = Answer(asked.question, "", True, None, asked.language, reading.confidence)
        answer = replace(answer, model=self.model.name)
        for piece in self._written(asked, given):
            more = parser.feed(piece)
            text += more
            if more or not piece:
                yield replace(answer, text=text, citations=_cited(given, parser, asked))
        text = (text + parser.close()).strip()
        answer = replace(answer, text=text, citations=_cited(given, parser, asked))
        checked = self._checked(answer, asked, given, parser)
        if asked.language != "id":
            yield checked
            checked = yield from self._translated(checked)
        yield replace(checked, unverified=(*problems, *checked.unverified))

    def _written(self, asked: Understood, given: Sources) -> Generator[str]:
        system = prompts.text("model_system", asked.language)
        user = prompts.text(
            "model_question", asked.language, sources=given.text, question=asked.question
        )
        yield from self.model.stream(system, user, longest=LONGEST)

    def _checked(
        self, answer: Answer, asked: Understood, given: Sources, parser: MarkerParser
    ) -> Answer:
        """The answer with its sentences judged. Raises `Declined` and `NotBorneOut`."""
        judged = tuple(self._judged(claim, answer, asked) for claim in claims(answer.text))
        if not any(claim.backing is Backing.SUPPORTED for claim in judged):
            raise Declined if _DECLINES.search(answer.text) else NotBorneOut
        told = [_told(claim, answer) for claim in judged if claim.backing is not Backing.SUPPORTED]
        if parser.removed:
            gone = " ".join(dict.fromkeys(parser.removed))
            told.append(prompts.text("model_removed", answer.language, markers=gone))
        said = _short(asked, given, parser)
        return replace(answer, claims=judged, short=said, unverified=tuple(told))

    def _judged(self, claim: Claim, answer: Answer, asked: Understood) -> Claim:
        cited = [c for c in answer.citations if c.label in claim.labels]
        if not cited:
            return claim
        common = f"{asked.about} {known(answer, cited)}"
        found = self._judge.judge(words(claim, answer), [c.text for c in cited], common)
        backing = Backing.SUPPORTED if found.supported else Backing.DOUBTFUL
        return replace(claim, backing=backing, missing=found.missing)

    def _translated(self, answer: Answer) -> Generator[Answer, None, Answer]:
        """The answer with a translation of each cited sentence; without those that fail."""
        lines = "\n".join(f"{c.label}. {quoted(c.text)}" for c in answer.citations)
        system = prompts.text("model_translate_system", answer.language)
        written = ""
        try:
            for piece in self.model.stream(system, lines, longest=LONGEST_TRANSLATION):
                written += piece
                if not piece:
                    yield answer
        except ModelFailed:
            return answer
        found = dict(re.findall(r"^\W*(\d+)\W\s*(\S.*)$", written, re.MULTILINE))
        citations = tuple(
            replace(c, translation=" ".join(found[str(c.label)].split()))
            if str(c.label) in found
            else c
            for c in answer.citations
        )
        return replace(answer, citations=citations)


def _told(claim: Claim, answer: Answer) -> str:
    """What the reader should know of a sentence that is not borne out."""
    said = " ".join(answer.text[claim.start : claim.end].split())
    if claim.backing is Backing.UNCITED:
        return prompts.text("model_claim_uncited", answer.language, claim=said)
    if claim.missing:
        missing = ", ".join(claim.missing)
        return prompts.text("model_claim_missing", answer.language, missing=missing, claim=said)
    return prompts.text("model_claim_doubtful", answer.language, claim=said)


def _cited(given: Sources, parser: MarkerParser, asked: Understood) -> tuple[Citation, ...]:
    named = [given.findings[number - 1] for number in parser.order]
    return cite([f.evidence for f in named], [_highlight(f, asked) for f in named])


def _highlight(finding: Finding, asked: Understood) -> Highlight | None:
    """The words that the reader marked, in a sentence that is likelier to answer than not."""
    if not finding.spans or finding.spans[0].score <= 0:
        return None
    span = short(finding.spans[0], form(asked.question))
    return Highlight(span.start, span.end, span.text)


def _short(asked: Understood, given: Sources, parser: MarkerParser) -> str | None:
    """The reader's short answer, if the model cites the sentence that it stands in."""
    cited: Sequence[Finding] = [given.findings[number - 1] for number in parser.order]
    best = max(given.findings, key=lambda f: f.score)
    mark = _highlight(best, asked) if best in cited else None
    return mark.text if mark else None
