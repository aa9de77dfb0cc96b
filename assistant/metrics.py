"""The figures that answers are measured by: pure functions, each with its definition and source.

A question's gold sentences are those that its set quotes. A piece of evidence counts with its twins
(near-identical sentences elsewhere): it is one item, and right when one of its places is gold.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.language import Language

Floats = NDArray[np.float64]

DEPTH = 10  # pieces of evidence that the order is judged on
BINS = 10  # of the calibration error
RESAMPLES = 1000  # of the bootstrap
SEED = 20190130  # of all that is drawn, so that the same run gives the same figures


# Retrieval


def retrieval(found: Mapping[str, Sequence[frozenset[int]]], gold: Mapping[str, int]) -> Retrieved:
    """Hit@1, hit@5, reciprocal rank at 10 and nDCG@10 of each question, by `ir-measures`.

    `found`: for each question its ranked evidence, each item as the numbers of the gold sentences that
    it or a twin is; `gold`: how many gold sentences the question has (questions without are left out).

    Relevance is judged by item, grade 1 or 0: an item is relevant when it holds a gold sentence, and
    several in one item (twins) are one relevant item, since they say the same and fill one rank. Each
    gold sentence that no item holds is a relevant item that was not found. So a search that folds twins
    and one that lists them apart can both reach 1.

    - hit@k (Success@k): 1 when one of the first k items is relevant.
    - RR@10: 1 / rank of the first relevant item, 0 when it is not among ten; its mean is MRR@10
      (Voorhees, TREC-8, 1999).
    - nDCG@10: gains discounted by log2(rank + 1) over those of the best order (Järvelin and
      Kekäläinen, TOIS 20(4), 2002), as trec_eval computes it.
    """
    from ir_measures import RR, Success, iter_calc, nDCG

    judged: dict[str, dict[str, int]] = {}
    ranked: dict[str, dict[str, float]] = {}
    for id, count in gold.items():
        if not count:
            continue
        items = found.get(id, ())[:DEPTH]
        missed = set(range(count)).difference(*items)
        judged[id] = {f"found {i}": 1 for i, item in enumerate(items) if item}
        judged[id] |= {f"missed {i}": 1 for i in missed}
        ranked[id] = {f"found {i}": float(-i) for i in range(len(items))}
    names = {
        Success @ 1: "hit_1",
        Success @ 5: "hit_5",
        RR @ DEPTH: "mrr_10",
        nDCG @ DEPTH: "ndcg_10",
    }
    values: Retrieved = {id: dict.fromkeys(names.values(), 0.0) for id in judged}
    if judged:
        for one in iter_calc(list(names), judged, ranked):
            values[one.query_id][names[one.measure]] = float(one.value)
    return values


Retrieved = dict[str, dict[str, float]]


# Short answers


def exact_match(answer: str, golds: Sequence[str], language: Language) -> float:
    """1 when the answer and one of the gold answers are the same once normalised, else 0.

    SQuAD's exact match (Rajpurkar et al., EMNLP 2016); see `normalised`. Without gold answers the
    empty answer, a refusal, is right (SQuAD 2.0: Rajpurkar et al., ACL 2018).
    """
    return float(
        max(normalised(answer, language) == normalised(g, language) for g in golds or [""])
    )


def f1(answer: str, golds: Sequence[str], language: Language) -> float:
    """The F1 of the tokens that answer and gold answer share, for the gold answer that fits best.

    SQuAD's F1 (Rajpurkar et al., EMNLP 2016): tokens count as often as they stand; where one side has
    none, 1 when both have none and else 0 (SQuAD 2.0). An answer without a short form counts as the
    empty one: 0 for an answerable question.
    """
    return max(_f1(tokens(answer, language), tokens(gold, language)) for gold in golds or [""])


def _f1(answer: Sequence[str], gold: Sequence[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    shared = sum((Counter(answer) & Counter(gold)).values())
    if not shared:
        return 0.0
    precision, recall = shared / len(answer), shared / len(gold)
    return 2 * precision * recall / (precision + recall)


def normalised(text: str, language: Language) -> str:
    """Text as answers are compared, in the way of the question's language.

    English is SQuAD's own to the letter: lower case, the 32 ASCII punctuation marks deleted, the words
    a, an and the left out, runs of white space one space.

    Indonesian: NFKC and lower case; "Rp" before a number and the points within thousands left out,
    ",00" and ",-" too (Rp1.500.000,00 is 1500000), "%" is "persen", and a comma, point or colon between
    the other digits is one and the same mark (7,5 is 7.5; 14.30 is 14:30) and stays; hyphens and slashes
    are spaces, every other punctuation mark and symbol is deleted. Left out are the words that stand where
    English has articles (si, sang, para, itu, ini, tersebut, sebuah, seorang, seekor, suatu), the English
    articles, and "di" and "pada" in front, which an answer to "where" and "when" has or has not.
    """
    return " ".join(tokens(text, language))


def tokens(text: str, language: Language) -> list[str]:
    """The words of `normalised`."""
    return list(_tokens(text, language))


@lru_cache(4096)  # the same sentences and answers come again and again
def _tokens(text: str, language: Language) -> tuple[str, ...]:
    return tuple(_english(text) if language == "en" else _indonesian(text))


_PUNCTUATION = frozenset(string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def _english(text: str) -> list[str]:
    bare = "".join(char for char in text.lower() if char not in _PUNCTUATION)
    return _ARTICLES.sub(" ", bare).split()


_RUPIAH = re.compile(r"\brp\.?\s*(?=\d)")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?!\d)")
_NOTHING_AFTER = re.compile(r"(?<=\d),(?:0+(?!\d)|[-–—])")
_BETWEEN = re.compile(r"(?<=\d)[.,:](?=\d)")
_MARK = "\ue000"  # stands for it while punctuation is deleted
_PARTICLES = frozenset("si sang para itu ini tersebut sebuah seorang seekor suatu a an the".split())
_IN_FRONT = frozenset(["di", "pada"])


def _indonesian(text: str) -> list[str]:
    text = unicodedata.normalize("NFKC", text).lower()
    text = _RUPIAH.sub("", text)
    text = _THOUSANDS.sub(lambda number: number[0].replace(".", ""), text)
    text = _NOTHING_AFTER.sub("", text)
    text = _BETWEEN.sub(_MARK, text).replace("%", " persen ")
    bare = text.translate(_BARE).replace(_MARK, ",")
    words = [word for word in bare.split() if word not in _PARTICLES]
    return words[1:] if len(words) > 1 and words[0] in _IN_FRONT else words


class _Bare(dict[int, str]):
    """What is left of each character when punctuation goes, found out once for each."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        left = "" if category[0] in "PS" or category == "Cf" else char
        self[code] = " " if category == "Pd" or char in "/\\_" else left
        return self[code]


_BARE = _Bare()


def holds(text: str, answer: str) -> bool:
    """Whether the answer's words stand in the text one after the other, normalised as Indonesian."""
    wanted, there = tokens(answer, "id"), tokens(text, "id")
    return bool(wanted) and any(
        there[i : i + len(wanted)] == wanted for i in range(len(there) - len(wanted) + 1)
    )


# Citations


def citation_precision(right: Sequence[bool]) -> float | None:
    """The share of an answer's cited sentences that are gold, or twins of gold; None without any.

    After the citation precision of ALCE (Gao et al., EMNLP 2023), with the set's gold sentences in the
    place of a model's judgement. What is cited for an unanswerable question is never right.
    """
    return sum(right) / len(right) if right else None


def citation_recall(cited: frozenset[int], gold: int) -> float | None:
    """The share of a question's gold sentences that are cited, themselves or by a twin; None without gold.

    After the citation recall of ALCE (Gao et al., EMNLP 2023), as `citation_precision`. A refusal cites
    nothing: 0. Where a set quotes every place that tells the answer, an answer that cites one of them
    is right all the same; recall says how much of the coverage it shows.
    """
    return len(cited) / gold if gold else None


def statement_recall(supported: Sequence[bool]) -> float | None:
    """The share of a model's sentences that all they cite together bears out; None without any.

    The citation recall of ALCE (Gao et al., EMNLP 2023); the judge is `assistant.support.Judge`.
    """
    return sum(supported) / len(supported) if supported else None


def statement_precision(needed: Sequence[Sequence[bool]]) -> float | None:
    """The share of a model's citations that count, over all of its sentences; None without any.

    The citation precision of ALCE (ibid.): a citation counts when its sentence is borne out, and either it
    alone does that or the others do not do it without it.
    """
    counted = [one for sentence in needed for one in sentence]
    return sum(counted) / len(counted) if counted else None


# Knowing when to answer


def risk_coverage(confidence: Sequence[float], wrong: Sequence[bool]) -> tuple[Floats, Floats]:
    """Coverage and selective risk, question after question in falling confidence.

    At coverage i / n the risk is the share of errors among the i surest (El-Yaniv and Wiener, JMLR 11,
    2010). Questions of equal confidence have no order: each counts as their mean.
    """
    _, errors = _by_confidence(confidence, wrong)
    counted = np.arange(1, len(errors) + 1)
    return counted / max(len(errors), 1), np.cumsum(errors) / counted


def aurc(confidence: Sequence[float], wrong: Sequence[bool]) -> float | None:
    """The area under the risk-coverage curve: the mean of the risks of `risk_coverage`; less is better.

    Geifman, Uziel and El-Yaniv, ICLR 2019. It depends on the share of errors as well as on how well the
    confidence orders them: compare it between runs over the same questions.
    """
    return float(risk_coverage(confidence, wrong)[1].mean()) if len(wrong) else None


def _by_confidence(
    confidence: Sequence[float], wrong: Sequence[bool]
) -> tuple[NDArray[np.int64], Floats]:
    """The order of falling confidence, and the errors in it, equals sharing theirs."""
    sure, errors = np.asarray(confidence, float), np.asarray(wrong, float)
    order = np.argsort(-sure, kind="stable")
    _, group = np.unique(-sure[order], return_inverse=True)
    means = np.bincount(group, errors[order]) / np.maximum(np.bincount(group), 1)
    return order, means[group]


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like confidence: how many, their mean confidence, and the share that were right."""

    count: int
    confidence: float
    right: float


def calibration(confidence: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """The questions in ten equal bins of confidence, empty bins left out: a reliability diagram.

    DeGroot and Fienberg, The Statistician 32, 1983. A confidence of 1 is in the last bin.
    """
    sure, good = np.asarray(confidence, float), np.asarray(right, float)
    place = _bins(sure)
    chosen = [place == i for i in range(BINS)]
    return [
        Bin(int(m.sum()), float(sure[m].mean()), float(good[m].mean())) for m in chosen if m.any()
    ]


def calibration_error(confidence: Sequence[float], right: Sequence[bool]) -> float | None:
    """The expected calibration error: how far mean confidence and share of right ones lie apart.

    The mean over the bins of `calibration`, weighted by their counts (Naeini, Cooper and Hauskrecht, AAAI
    2015; Guo et al., ICML 2017).
    """
    bins = calibration(confidence, right)
    total = sum(b.count for b in bins)
    return sum(b.count * abs(b.confidence - b.right) for b in bins) / total if total else None


def calibration_by_chance(confidence: Sequence[float]) -> float | None:
    """The calibration error to expect where the confidence is exactly as high as it should be.

    Each question is right with the probability that its confidence says, so what remains is chance: the
    fewer questions, the more of it (Bröcker and Smith, Weather and Forecasting 22, 2007). Mean of
    `RESAMPLES` draws.
    """
    if not len(confidence):
        return None
    sure = np.asarray(confidence, float)
    right = np.random.default_rng(SEED).random((RESAMPLES, len(sure))) < sure
    return float(np.mean(_gaps(sure, sure - right)) / len(sure))


def _gaps(sure: Floats, missed: Floats) -> Floats:
    """How far confidences and right ones lie apart, summed in each bin, over all bins.

    `missed`: (draws, questions), what each question adds: its confidence less whether it is right.
    """
    place = _bins(sure)
    apart = [np.abs(missed[:, place == i].sum(1)) for i in range(BINS)]
    return np.asarray(np.sum(apart, axis=0))


def _bins(sure: Floats) -> NDArray[np.int64]:
    return np.minimum((sure * BINS).astype(np.int64), BINS - 1)


# How sure a figure is


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, over how many questions, and the interval that holds it 95 times of 100, if known."""

    value: float | None
    count: int
    low: float | None = None
    high: float | None = None


def resamples(chains: Sequence[Hashable], count: int = RESAMPLES) -> Floats:
    """How often each question is drawn in each of `count` resamples, (count, questions).

    Whole conversations are drawn, since a follow-up shares the luck of the question before it: `chains`
    names each question's (the cluster bootstrap: Davison and Hinkley, 1997, section 3.8).
    """
    _, chain = np.unique([str(c) for c in chains], return_inverse=True)
    most = int(chain.max()) + 1 if len(chain) else 0
    if not most:
        return np.zeros((count, 0))
    drawn = np.random.default_rng(SEED).multinomial(most, np.full(most, 1 / most), size=count)
    return np.asarray(drawn[:, chain], dtype=np.float64)


def interval(figures: Floats) -> tuple[float | None, float | None]:
    """The 95 % percentile interval of the figures of resamples (Efron and Tibshirani, 1993)."""
    known = figures[~np.isnan(figures)]
    if not len(known):
        return None, None
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)


def mean_figure(values: Sequence[float | None], drawn: Floats) -> Figure:
    """The mean of the values that are known, with its interval; `drawn` is from `resamples`."""
    known = np.array([value is not None for value in values], bool)
    numbers = np.array([value for value in values if value is not None], float)
    if not known.any():
        return Figure(None, 0)
    weights = drawn[:, known]
    return Figure(
        float(numbers.mean()), len(numbers), *interval(_ratio(weights @ numbers, weights.sum(1)))
    )


def aurc_figure(confidence: Sequence[float], wrong: Sequence[bool], drawn: Floats) -> Figure:
    """`aurc` with its interval."""
    if not len(wrong):
        return Figure(None, 0)
    order, errors = _by_confidence(confidence, wrong)
    areas = _areas(errors, drawn[:, order])
    return Figure(aurc(confidence, wrong), len(wrong), *interval(areas))


def _areas(errors: Floats, times: Floats) -> Floats:
    """The area of each resample, `times` (resamples, questions) each question stands in it.

    A question drawn w times after c others with e errors adds, with its own error x, the sum over
    k = 1 .. w of (e + k x) / (c + k), which is w x + (e - c x) (H(c + w) - H(c)), H the harmonic numbers.
    """
    after = np.cumsum(times, axis=1)
    before = after - times
    errors_before = np.cumsum(times * errors, axis=1) - times * errors
    most = int(after.max(initial=0.0))
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, most + 1))])
    steps = harmonic[after.astype(np.int64)] - harmonic[before.astype(np.int64)]
    sums = (times * errors + (errors_before - before * errors) * steps).sum(axis=1)
    return _ratio(sums, times.sum(axis=1))


def calibration_figure(confidence: Sequence[float], right: Sequence[bool], drawn: Floats) -> Figure:
    """`calibration_error` with its interval."""
    if not len(right):
        return Figure(None, 0)
    sure, good = np.asarray(confidence, float), np.asarray(right, float)
    errors = _ratio(_gaps(sure, drawn * (sure - good)), drawn.sum(1))
    return Figure(calibration_error(confidence, right), len(right), *interval(errors))


def _ratio(above: Floats, below: Floats) -> Floats:
    """Quotients; NaN where nothing was drawn."""
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that `share` per cent of the values do not exceed, between neighbours in proportion."""
    return float(np.percentile(np.asarray(values, float), share)) if values else None
