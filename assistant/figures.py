"""The figures of a run: over all questions and by group, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant import metrics
from assistant.metrics import Figure
from assistant.run import Outcome

Direction = Literal["more", "less"]  # which is better

ALL = "all"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure's name for people, and which way is better."""

    title: str
    better: Direction = "more"


MEASURES: dict[str, Measure] = {
    "right": Measure("Right answers"),
    "hit_1": Measure("Gold sentence first, hit@1"),
    "hit_5": Measure("Gold sentence in five, hit@5"),
    "mrr_10": Measure("MRR@10"),
    "ndcg_10": Measure("nDCG@10"),
    "exact_match": Measure("Short answer, exact match"),
    "f1": Measure("Short answer, F1"),
    "f1_all": Measure("F1 with refusals"),
    "answer_cited": Measure("Answer in cited sentence"),
    "citation_precision": Measure("Citation precision"),
    "citation_recall": Measure("Citation recall"),
    "statement_recall": Measure("Model's sentences borne out"),
    "statement_precision": Measure("Model's citations that count"),
    "unverified_citations": Measure("Unverified citations", "less"),
    "hallucination_rate": Measure("Unanswerable, yet answered", "less"),
    "error_rate": Measure("Answerable, yet refused", "less"),
    "aurc": Measure("Risk-coverage area", "less"),
    "calibration_error": Measure("Calibration error", "less"),
    "seconds_p50": Measure("Time, median", "less"),
    "seconds_p95": Measure("Time, 95th percentile", "less"),
    "tokens": Measure("Tokens read", "less"),
    "tokens_given": Measure("Tokens given to the model", "less"),
    "tokens_written": Measure("Tokens written by it", "less"),
}
"""Every figure, in the order of reports; `score` and `tabulate` say what each is a mean of."""

TIMES = frozenset({"seconds_p50", "seconds_p95"})
"""What two runs of the same never agree on."""

COUNTS = frozenset({"unverified_citations", "tokens", "tokens_given", "tokens_written"})
"""What is shown in whole numbers."""

Scores = dict[str, float | None]
Table = dict[str, dict[str, Figure]]  # group -> figure's name -> figure


def score(outcomes: Sequence[Outcome]) -> dict[str, Scores]:
    """For each question its own value of every figure that is a mean; None where it does not apply.

    Answerable questions alone: hit_1, hit_5, mrr_10, ndcg_10 (`metrics.retrieval`, over the evidence in
    the order it was judged to be in, cited or not), exact_match, f1 (the short answer; the empty one where
    there is none), citation_recall, error_rate. Unanswerable ones alone: hallucination_rate. Answered
    ones: citation_precision; answer_cited (of those, the answerable). Those that a language model answered:
    statement_recall, statement_precision. Those that one was asked for: tokens_given, tokens_written, as the
    encoder counts them. All: right, f1_all.

    hallucination_rate is the share of unanswerable questions that were answered, and error_rate that of
    answerable ones that were refused: NoMIRACL's two rates (Thakur et al., Findings of EMNLP 2024), with
    "the articles do not tell" for its non-relevant passages. f1_all is F1 with the empty answer right for an
    unanswerable question (SQuAD 2.0).
    """
    ranked = metrics.retrieval(
        {o.id: [frozenset(item.gold) for item in o.found] for o in outcomes},
        {o.id: len(o.gold) for o in outcomes},
    )
    return {o.id: _scores(o, ranked.get(o.id, {})) for o in outcomes}


def _scores(o: Outcome, ranked: Mapping[str, float]) -> Scores:
    short = (o.short or "") if o.answered else ""
    f1 = metrics.f1(short, o.answers, o.language)
    cited = frozenset(i for c in o.citations for i in c.gold)
    return {
        "right": float(o.verdict == "right"),
        **{name: ranked.get(name) for name in ("hit_1", "hit_5", "mrr_10", "ndcg_10")},
        "exact_match": metrics.exact_match(short, o.answers, o.language) if o.gold else None,
        "f1": f1 if o.gold else None,
        "f1_all": f1 if o.gold else float(not o.answered),
        "answer_cited": float(_answer_cited(o)) if o.gold and o.answered else None,
        "citation_precision": metrics.citation_precision([bool(c.gold) for c in o.citations]),
        "citation_recall": metrics.citation_recall(cited, len(o.gold)),
        "statement_recall": metrics.statement_recall([s.supported for s in o.statements]),
        "statement_precision": metrics.statement_precision([s.needed for s in o.statements]),
        "hallucination_rate": None if o.gold else float(o.answered),
        "error_rate": float(not o.answered) if o.gold else None,
        "tokens": float(o.tokens),
        "tokens_given": float(o.given) if o.given else None,
        "tokens_written": float(o.written) if o.given else None,
    }


def _answer_cited(o: Outcome) -> bool:
    """Whether a gold answer's words stand in a cited sentence, wherever that is."""
    return any(metrics.holds(c.text, answer) for c in o.citations for answer in o.answers)


def groups(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """The questions by group: all, and by language, kind, answerable or not, follow-up or not."""
    rules: list[Callable[[Outcome], str]] = [
        lambda o: ALL,
        lambda o: f"language {o.language}",
        lambda o: "answerable" if o.answerable else "unanswerable",
        lambda o: "follow-up" if o.follows else "no follow-up",
        lambda o: f"kind {o.kind}" if o.kind else "",
    ]
    found: dict[str, list[Outcome]] = {}
    for rule in rules:
        for name in sorted({rule(o) for o in outcomes} - {""}):
            found[name] = [o for o in outcomes if rule(o) == name]
    return found


def tabulate(outcomes: Sequence[Outcome]) -> Table:
    """Every figure of every group."""
    scores = score(outcomes)
    return {name: _figures(members, scores) for name, members in groups(outcomes).items()}


def _figures(outcomes: Sequence[Outcome], scores: Mapping[str, Scores]) -> dict[str, Figure]:
    """The figures of one group.

    aurc and calibration_error take the confidence for what it says it is, the probability that the best
    evidence answers the question, whether or not it was then refused; for an unanswerable one none does.
    unverified_citations is a count.
    """
    drawn = metrics.resamples([o.chain for o in outcomes])
    sure = [o.confidence for o in outcomes]
    right = [o.first_is_gold for o in outcomes]
    seconds = [o.seconds for o in outcomes]
    faults = sum(bool(c.fault) for o in outcomes for c in o.citations)
    count = len(outcomes)
    special = {
        "unverified_citations": Figure(float(faults), sum(len(o.citations) for o in outcomes)),
        "aurc": metrics.aurc_figure(sure, [not r for r in right], drawn),
        "calibration_error": metrics.calibration_figure(sure, right, drawn),
        "seconds_p50": Figure(metrics.percentile(seconds, 50), count),
        "seconds_p95": Figure(metrics.percentile(seconds, 95), count),
    }
    return {
        name: special.get(name)
        or metrics.mean_figure([scores[o.id][name] for o in outcomes], drawn)
        for name in MEASURES
    }


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of answering took, in seconds a question, and its share of all answering."""

    name: str
    p50: float
    p95: float
    share: float


def steps(outcomes: Sequence[Outcome]) -> list[Step]:
    """The steps in their order; a step that a question did not take counts as nothing there."""
    names = dict.fromkeys(name for o in outcomes for name in o.steps)
    whole = sum(o.seconds for o in outcomes) or 1.0
    times = {name: [o.steps.get(name, 0.0) for o in outcomes] for name in names}
    return [
        Step(
            name,
            metrics.percentile(spent, 50) or 0.0,
            metrics.percentile(spent, 95) or 0.0,
            sum(spent) / whole,
        )
        for name, spent in times.items()
    ]
