"""A run's figures on a terminal."""

from __future__ import annotations

from rich.table import Table as Drawn
from rich.text import Text

from assistant import figures, metrics
from assistant.compare import Change, Comparison
from assistant.figures import ALL, MEASURES, Table
from assistant.metrics import Figure
from assistant.run import Run
from assistant.show import Terminal, clean

_COLUMNS = {
    "right": "right",
    "hit_1": "hit@1",
    "hit_5": "hit@5",
    "f1": "F1",
    "citation_precision": "cit.P",
    "citation_recall": "cit.R",
    "hallucination_rate": "halluc",
    "error_rate": "error",
}


def show_run(run: Run, table: Table, own: float, terminal: Terminal) -> None:
    """Every figure over all questions, the main ones by group, and where the time went.

    `own` is the seconds that the evaluation took beside the answering.
    """
    terminal.say(_opening(run, table))
    terminal.print()
    terminal.print(_overall(table[ALL]), soft_wrap=False)
    terminal.print()
    terminal.say("Right: cites a gold sentence, or refuses where the articles do not tell.")
    chance = metrics.calibration_by_chance([o.confidence for o in run.outcomes])
    if chance is not None:
        terminal.say(
            f"Calibration error: a perfect confidence has {chance:.3f} here, by chance alone."
        )
    terminal.print()
    terminal.print(_grouped(table), soft_wrap=False)
    terminal.print()
    for line in _times(run, own):
        terminal.say(line)


def show_comparison(found: Comparison, terminal: Terminal) -> None:
    """What changed since the baseline, figure by figure."""
    terminal.print()
    terminal.say(f"Compared with the baseline over {found.count} questions")
    for name, (old, new) in found.besides.items():
        terminal.say(f"Note: other {name.rstrip('s')}s, {old} before and {new} now", "yellow")
    drawn = Drawn(box=None, padding=(0, 1, 0, 0), pad_edge=False)  # all of it in 80 columns
    for title in ("", "old", "new", "change", "95 % interval", "won", "lost", "same", "p"):
        drawn.add_column(title, justify="left" if not title else "right", no_wrap=True)
    for name, change in found.changes.items():
        gap = change.difference
        drawn.add_row(
            Text(name),
            f"{change.old:.3f}",
            f"{change.new:.3f}",
            f"{gap.value:+.3f}",
            "" if gap.low is None else f"{gap.low:+.3f} to {gap.high:+.3f}",
            *(str(count) for count in (change.won, change.lost, change.unchanged)),
            f"{change.p:.3f}" if change.p >= 0.001 else "<.001",
            style="bold" if change.sure else "",
        )
    terminal.print(drawn, soft_wrap=False)
    terminal.say(_judged(found.changes["right"]))


def _judged(right: Change) -> str:
    if not right.sure:
        return "Right answers: no difference that chance would not make as well."
    way = "more" if right.new > right.old else "fewer"
    return f"Right answers: {way} than before, and seldom by chance (p {right.p:.3f})."


def number(figure: Figure, name: str) -> str:
    """A figure as people read it: counts whole, seconds in milliseconds, the rest with three digits."""
    if figure.value is None:
        return "-"
    if name in figures.TIMES:
        return f"{figure.value * 1000:.0f} ms"
    if name in figures.COUNTS:
        return f"{figure.value:.0f}"
    return f"{figure.value:.3f}"


def _opening(run: Run, table: Table) -> str:
    counts = ", ".join(
        f"{table[name]['right'].count} {label}"
        for name, label in (
            ("language id", "Indonesian"),
            ("language en", "English"),
            ("unanswerable", "unanswerable"),
            ("follow-up", "follow-ups"),
        )
        if name in table
    )
    asked = f"{len(run.outcomes)} of {run.total}" if run.partial else str(run.total)
    return f"{asked} questions ({counts}) over {run.files} articles, {clean(run.encoder)}"


def _overall(row: dict[str, Figure]) -> Drawn:
    drawn = Drawn(box=None, pad_edge=False)
    for title in ("", "figure", "95 % interval", "of"):
        drawn.add_column(title, justify="left" if not title else "right")
    for name, measure in MEASURES.items():
        figure = row[name]
        if figure.value is None:  # as of a language model, where there is none
            continue
        between = "" if figure.low is None else f"{figure.low:.3f} to {figure.high:.3f}"
        if name in figures.COUNTS:
            between = ""
        style = "bold" if name == "right" else ""
        drawn.add_row(
            Text(measure.title), number(figure, name), between, str(figure.count), style=style
        )
    return drawn


def _grouped(table: Table) -> Drawn:
    drawn = Drawn(box=None, pad_edge=False)
    drawn.add_column("")
    drawn.add_column("of", justify="right")
    for title in _COLUMNS.values():
        drawn.add_column(title, justify="right")
    for group, row in table.items():
        cells = [number(row[name], name) for name in _COLUMNS]
        drawn.add_row(Text(group), str(row["right"].count), *cells)
    return drawn


def _times(run: Run, own: float) -> list[str]:
    parts = ", ".join(
        f"{clean(step.name)} {step.p50 * 1000:.0f} / {step.p95 * 1000:.0f} ms"
        for step in figures.steps(run.outcomes)
    )
    memory = f"; at most {run.memory / 1e6:.0f} MB of memory" if run.memory else ""
    return [
        f"Steps, median / 95th percentile: {parts}",
        f"Answering took {run.asking:.1f} s, the evaluation itself {own:.2f} s "
        f"({own / (run.asking + own):.1%}){memory}",
    ]
