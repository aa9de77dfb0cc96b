"""A run as one page for the browser: whole in itself, in Indonesian or English, nothing fetched.

What articles, questions and answers hold is escaped, and cleaned of what turns the direction of text; the
page's own policy lets no script run but its own.
"""

from __future__ import annotations

import base64
import hashlib
import math
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from assistant import figures, metrics
from assistant.compare import Comparison
from assistant.day import day
from assistant.evaluate import write_whole
from assistant.figures import ALL, MEASURES, Table
from assistant.language import DEFAULT, Language
from assistant.metrics import Figure
from assistant.run import Outcome, Run
from assistant.show import clean

ORDER = ("wrong", "refused", "right")  # of the questions: what failed stands first
CARDS = (
    "hit_1", "hit_5", "citation_precision", "hallucination_rate", "error_rate", "f1",
    "unverified_citations", "seconds_p50",
)  # fmt: skip
MOST_POINTS = 200  # of a curve: more than a screen shows


def write(
    run: Run,
    path: str | Path,
    language: Language = DEFAULT,
    table: Table | None = None,
    compared: Comparison | None = None,
) -> None:
    """Write the page of a run: whole, or not at all. Raises `KutipError` when that cannot be."""
    write_whole(Path(path), page(run, language, table, compared))


def page(
    run: Run,
    language: Language = DEFAULT,
    table: Table | None = None,
    compared: Comparison | None = None,
) -> str:
    """The page as HTML. `table` is the run's figures where they are known already."""
    table = figures.tabulate(run.outcomes) if table is None else table
    texts = _texts(language)
    say = Words(texts)
    style, script = _asset("report.css"), _asset("report.js")
    risk = _risk(run.outcomes)
    whole: str = _template().render(
        run=run,
        language=language,
        texts=texts,
        names=texts["names"],
        meanings=texts["meanings"],
        say=say.say,
        num=say.number,
        pct=say.percent,
        time=say.time,
        signed=say.signed,
        small=say.small,
        shown=say.figure,
        all={name: figure for name, figure in table[ALL].items() if figure.value is not None},
        date=day(datetime.fromisoformat(run.made).date(), language),
        verdicts=_verdicts(run.outcomes),
        verdict_bar=list(_pieces(_verdicts(run.outcomes))),
        cards=list(_cards(table[ALL], say)),
        groups=list(_groups(table, say)),
        axes=Axes(),
        risk=risk,
        bins=_bins(run.outcomes),
        chance=metrics.calibration_by_chance([o.confidence for o in run.outcomes]),
        steps=[
            {**_fields(s), "name": say.either(f"step_{s.name}", s.name)}
            for s in figures.steps(run.outcomes)
        ],
        compared=compared,
        languages=sorted({o.language for o in run.outcomes}),
        kinds={k: say.either(f"kind_{k.replace(' ', '_')}", k) for k in _kinds(run.outcomes)},
        rows=_rows(run.outcomes, compared),
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )
    return whole


class Words:
    """The page's texts and its way to write numbers, in one language."""

    def __init__(self, texts: Mapping[str, Any]) -> None:
        self._texts = texts

    def say(self, key: str, **values: object) -> str:
        """A text with its values; a key or value that is missing is an error."""
        text = self._texts[key]
        return str(text).format(**values) if values else str(text)

    def either(self, key: str, otherwise: str) -> str:
        """A text, or what to say where there is none."""
        return str(self._texts.get(key, otherwise))

    def number(self, value: float | None, digits: int = 3) -> str:
        """A number with as many digits after the mark."""
        if value is None:
            return "–"
        return f"{value:.{digits}f}".replace(".", self._texts["decimal"])

    def signed(self, value: float | None) -> str:
        """A difference, its sign in front."""
        if value is None:
            return "–"
        sign = "+" if value > 0 else "−" if value < 0 else "±"
        return sign + self.number(abs(value))

    def small(self, p: float) -> str:
        """A p-value."""
        return f"< {self.number(0.001)}" if p < 0.001 else self.number(p)

    def percent(self, value: float | None) -> str:
        """A share in whole per cent: intervals are wider than any digit after the mark."""
        return "–" if value is None else self.say("percent", number=f"{100 * value:.0f}")

    def time(self, seconds: float | None) -> str:
        """Seconds, or milliseconds where that reads better."""
        if seconds is None:
            return "–"
        return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{self.number(seconds, 1)} s"

    def figure(self, name: str, figure: Figure) -> str:
        """A figure in the way of its kind."""
        if name in figures.TIMES:
            return self.time(figure.value)
        return self.number(figure.value, 0 if name in figures.COUNTS else 3)


@dataclass(frozen=True, slots=True)
class Axes:
    """A drawing whose axes both go from 0 to 1, in the drawing's own units."""

    width: int = 360
    height: int = 290
    ticks: tuple[float, ...] = (0, 0.25, 0.5, 0.75, 1)

    def x(self, share: float) -> float:
        return round(46 + share * (self.width - 66.0), 1)

    def y(self, share: float) -> float:
        return round(self.height - 42 - share * (self.height - 66.0), 1)


def _verdicts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    said = [o.verdict for o in outcomes]
    return {name: said.count(name) for name in ("right", "wrong", "refused")}


def _pieces(verdicts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    start, total = 0.0, sum(verdicts.values())
    for name, count in verdicts.items():
        width = 100 * count / total
        yield {"name": name, "start": round(start, 3), "width": round(width, 3)}
        start += width


def _cards(row: Mapping[str, Figure], say: Words) -> Iterator[dict[str, Any]]:
    shares = {name for name in CARDS if name not in ("f1", "unverified_citations", "seconds_p50")}
    for name in CARDS:
        figure = row[name]
        known = figure.low is not None and (name in shares or name == "f1")
        show: Callable[[float | None], str] = say.percent if name in shares else say.number
        silent = name == "f1" and not figure.value
        text = say.say(
            "card_f1_none" if silent else f"card_{name}",
            **({"slow": say.time(row["seconds_p95"].value)} if name == "seconds_p50" else {}),
        )
        yield {
            "value": "–" if silent else show(figure.value) if known else say.figure(name, figure),
            "says": text,
            "low": show(figure.low) if known and not silent else "",
            "high": show(figure.high) if known else "",
            "count": figure.count if name != "seconds_p50" else 0,
            "better": MEASURES[name].better,
            "bad": name == "unverified_citations" and bool(figure.value),
        }


def _groups(table: Table, say: Words) -> Iterator[dict[str, Any]]:
    part = ""
    for name, row in table.items():
        now = name.split()[0].removeprefix("un").removeprefix("no").strip() or "follow-up"
        if name.startswith("kind "):
            title = say.either(f"kind_{name[5:].replace(' ', '_')}", name[5:])
        else:
            title = say.say("group_" + name.replace(" ", "_").replace("-", "_"))
        yield {"name": title, "right": row["right"], "first": row["hit_1"], "opens": now != part}
        part = now


def _risk(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The risk-coverage curve as points of a line, and where the assistant refuses today."""
    axes = Axes()
    wrong = [not o.first_is_gold for o in outcomes]
    coverage, risk = metrics.risk_coverage([o.confidence for o in outcomes], wrong)
    step = max(1, len(coverage) // MOST_POINTS)
    kept = sorted({*range(0, len(coverage), step), len(coverage) - 1})
    answered = sum(o.answered for o in outcomes)
    return {
        "overall": sum(wrong) / len(wrong),
        "points": " ".join(f"{axes.x(float(coverage[i]))},{axes.y(float(risk[i]))}" for i in kept),
        "now": (float(coverage[answered - 1]), float(risk[answered - 1])) if answered else None,
    }


def _bins(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    found = metrics.calibration(
        [o.confidence for o in outcomes], [o.first_is_gold for o in outcomes]
    )
    most = max((b.count for b in found), default=1)
    return [{**_fields(b), "radius": round(3 + 9 * math.sqrt(b.count / most), 1)} for b in found]


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


def _kinds(outcomes: Sequence[Outcome]) -> list[str]:
    return sorted({o.kind for o in outcomes if o.kind})


def _rows(outcomes: Sequence[Outcome], compared: Comparison | None) -> list[dict[str, Any]]:
    """The questions in the page's order, failures first, else as they were asked."""
    ordered = sorted(outcomes, key=lambda o: ORDER.index(o.verdict))
    numbers = {o.id: number for number, o in enumerate(ordered, 1)}
    verdicts = compared.verdicts if compared else {}
    return [_row(o, numbers, verdicts.get(o.id)) for o in ordered]


def _row(
    o: Outcome, numbers: Mapping[str, int], verdicts: tuple[str, str] | None
) -> dict[str, Any]:
    cited = {i for c in o.citations for i in c.gold}
    ranks = {i: rank for rank, item in reversed([*enumerate(o.found, 1)]) for i in item.gold}
    was, now = verdicts or ("", "")
    changed = (
        "same" if (was == "right") == (now == "right") else "won" if now == "right" else "lost"
    )
    return {
        "number": numbers[o.id],
        "outcome": o,
        "follows": numbers.get(o.follows) if o.follows else None,
        "gold": [
            {**_fields(gold), "cited": i in cited, "rank": ranks.get(i)}
            for i, gold in enumerate(o.gold)
        ],
        "changed": changed if verdicts else "",
        "was": was if verdicts and was != now else "",
    }


@cache
def _template() -> Any:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, finalize=_harmless
    )
    return environment.from_string(_asset("report.html"))


def _harmless(value: Any) -> Any:
    """Text without what steers a terminal or turns the direction of text; the page's own as it is."""
    if isinstance(value, str) and not isinstance(value, Markup) and not value.isprintable():
        return "\n".join(clean(line.replace("\t", " ")) for line in value.splitlines())
    return value


def _asset(name: str) -> str:
    return files("assistant").joinpath("pages", name).read_text("utf-8")


@cache
def _texts(language: Language) -> dict[str, Any]:
    return tomllib.loads(_asset(f"{language}.toml"))


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
