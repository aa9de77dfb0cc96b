"""What leaves of whatever a language model may write: markers that name nothing, false citations.

    python benchmarks/citations.py [--articles seeds] [--cases 10000] [--seed 1]

A stand-in for a model scribbles: sentences that it was given, whole, cut, or mixed with others, words of its
own, and markers of every form, good and bad, in pieces of any length. Each case is such an answer to a sample
question, over what search and reader found for it, with the true guards. Each state of an answer that is
shown is looked at: every bracket must be the marker of one of its citations, and every citation, checked by
itself, the file's own text at its offsets. Nothing but 0 and 0 will do; the exit code tells.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Generator, Sequence
from pathlib import Path

from rich.progress import track

from assistant.assistant import EVIDENCE
from assistant.compose import Composer, Declined, NotBorneOut
from assistant.confidence import Caution
from assistant.evaluate import Verifier
from assistant.model import ModelFailed
from assistant.questions import load
from assistant.read import read
from assistant.reader import Reader
from assistant.records import Answer, Reading
from assistant.settings import Settings
from assistant.understand import Understood, understand
from index.index import Index

ROOT = Path(__file__).parents[1]
QUESTIONS = 60  # that the cases are spread over
OWN = (
    "Menurut artikel itu, ",
    "According to the article, ",
    "presiden ",
    "42 orang ",
    "pada 31 Februari 2031 ",
    "Tidak ada jawaban",
    "- ",
    "1. ",
    "\n",
    "\n\n",
    "“",
    "”",
    "<b>",
    "](https://contoh.id)",
    "\u202e",
    "🙂",
    ". ",
    ", ",
    " ",
)
MARKERS = (
    *("[{n}]", "[{n}][{m}]", "[{n}, {m}]", "[{n}-{m}]", "[{n}–{m}]", " [{n}].", "[{n};{m}]"),
    *(
        "[0]",
        "[99]",
        "[-1]",
        "[ {n} ]",
        "[{n}",
        "{n}]",
        "[[{n}]]",
        "[]",
        "[a]",
        "[{n}a]",
        "【{n}】",
    ),
    *(
        "[1-999999999]",
        "[{n},{m},{n}]",
        "[^{n}]",
        "［{n}］",
        "[{n}](x)",
        "[ref {n}]",
        "[007]",
        "[²]",
    ),
)


class Scribbler:
    """A model that writes anything, in pieces of any length."""

    name, context = "scribbler", 8192

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    def stream(self, system: str, user: str, *, longest: int) -> Generator[str]:
        """See `LanguageModel`."""
        del system, longest
        sentences = re.findall(r"^\[?(\d+)[\].] (.*)$", user, re.MULTILINE)
        rest = self._text(sentences)
        while rest:
            length = self._dice.randint(1, 9)
            yield rest[:length]
            rest = rest[length:]

    def _text(self, sentences: Sequence[tuple[str, str]]) -> str:
        dice, parts = self._dice, []
        for _ in range(dice.randint(1, 12)):
            kind = dice.random()
            if kind < 0.4 and sentences:
                number, sentence = dice.choice(sentences)
                words = sentence.split()
                kept = words if dice.random() < 0.6 else words[: dice.randint(1, len(words))]
                parts.append(" ".join(kept))
                if dice.random() < 0.5:
                    parts.append(f"[{number}].")
            elif kind < 0.75:
                few = dice.randint(0, len(sentences) + 2), dice.randint(0, len(sentences) + 2)
                parts.append(dice.choice(MARKERS).format(n=few[0], m=few[1]))
            else:
                parts.append(dice.choice(OWN))
        return dice.choice((" ", "")).join(parts)


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--articles", type=Path, default=ROOT / "seeds")
    arguments.add_argument("--cases", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=1)
    told = arguments.parse_args()
    dice, settings = random.Random(told.seed), Settings.load()
    asked = [q.question for q in load(told.articles / "questions.jsonl").questions]
    reader = Reader.load(settings.cache, print)
    with Index(settings.place(told.articles), print) as index:
        index.synchronise()
        composer = Composer.guarded(Scribbler(dice), index.encoder)
        readings = [
            looked_up(index, reader, q) for q in dice.sample(asked, min(QUESTIONS, len(asked)))
        ]
        verifier, counts = Verifier(told.articles), Counter[str]()
        for case in track(range(told.cases), "Scribbling", transient=True):
            counts += outcome(composer, *readings[case % len(readings)], verifier)
    print(f"{told.cases} answers of a model that writes anything (seed {told.seed}):")
    for name in ("shown", "quoted instead", "refused instead", "states shown", "citations"):
        print(f"  {name:32s} {counts[name]:8d}")
    for name in (NAMELESS, FALSE):
        print(f"  {name:32s} {counts[name]:8d}")
    sys.exit(int(counts[NAMELESS] + counts[FALSE] > 0))


NAMELESS, FALSE = "markers that name nothing", "citations unlike their files"


def looked_up(index: Index, reader: Reader, question: str) -> tuple[Understood, Reading]:
    """What the assistant would give its model to write from; even where it would refuse."""
    asked = understand(question)
    found = index.search(asked.question, EVIDENCE)
    return asked, read(asked, found, reader, Caution.EAGER)


def outcome(
    composer: Composer, asked: Understood, reading: Reading, verifier: Verifier
) -> Counter[str]:
    """What came of one answer."""
    counts: Counter[str] = Counter()
    try:
        for answer in composer.compose(asked, reading, ()):
            counts["states shown"] += 1
            counts[NAMELESS] += nameless(answer)
            counts["citations"] += len(answer.citations)
            counts[FALSE] += sum(bool(verifier.fault(c)) for c in answer.citations)
    except Declined:
        counts["refused instead"] += 1
    except (NotBorneOut, ModelFailed):
        counts["quoted instead"] += 1
    else:
        counts["shown"] += 1
    return counts


def nameless(answer: Answer) -> int:
    """How many brackets of an answer are no marker of one of its citations."""
    labels = {str(citation.label) for citation in answer.citations}
    markers = re.findall(r"\[([^\[\]]*)\]", answer.text)
    astray = answer.text.count("[") + answer.text.count("]") - 2 * len(markers)
    return astray + sum(marker not in labels for marker in markers)


if __name__ == "__main__":
    main()
