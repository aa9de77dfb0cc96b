"""Sentence splitters side by side, on the golden set of Indonesian sentence boundaries.

    python benchmarks/sentences.py [--train FILE_OR_FOLDER] [--speed FILE_OR_FOLDER] [--errors]

Boundary precision, recall and F1 compare the offsets at which sentences end, over all cases, but
for the end of each case (which nobody can miss); `exact` is the share of golden sentences with both
ends right. Offsets lie behind a sentence's last character, so that white space costs nothing.

sentencex and NLTK's Punkt read line ends as blanks, pysbd breaks at some. So each is also run on
the single lines of the text ("+ lines"): better for headlines and lists, worse for wrapped text.
pysbd has no Indonesian; its English is what a user would pick. NLTK has no Indonesian model of
Punkt: it is trained here on `--train`, text files or JSON lines with a "text" field, else on the
golden texts themselves, which favours it.

First scores of the held-out parts, taken once, before any of them was used to repair a rule:
sentences-heldout F1 98.4 % (155 boundaries: 153 found, 3 invented, 2 missed), sentences-fresh
F1 96.7 % (61: 58 found, 1 invented, 3 missed). What the table shows came after those repairs.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

from index.sentences import spans  # noqa: E402

GOLDEN = ROOT / "tests" / "golden"
SIGN = "¦"
Splitter = Callable[[str], list[int]]


@dataclass(frozen=True, slots=True)
class Case:
    """A golden text and the offsets at which its sentences end, the last one left out."""

    name: str
    text: str
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Boundaries found, invented and missed; sentences with both ends right, of how many."""

    found: int
    invented: int
    missed: int
    exact: int
    sentences: int

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + self.invented)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.found + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.found / max(1, 2 * self.found + self.invented + self.missed)


def cases(path: Path) -> list[Case]:
    """Read a golden file: "### style: name" lines, and texts with ¦ behind each sentence."""
    parts = re.split(r"^### ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [_case(*part.split("\n", 1)) for part in parts]


def _case(name: str, body: str) -> Case:
    pieces = body.strip().split(SIGN)
    ends, at = [], 0
    for piece in pieces[:-1]:
        at += len(piece)
        ends.append(at)
    return Case(name.strip(), "".join(pieces), tuple(ends))


def score(golden: Iterable[Case], splitter: Splitter) -> Score:
    """Compare a splitter's sentence ends with the golden ones."""
    found = invented = missed = exact = sentences = 0
    for case in golden:
        guess = sorted(set(splitter(case.text)) - {len(case.text)})
        gold = set(case.ends)
        found += len(gold & set(guess))
        invented += len(set(guess) - gold)
        missed += len(gold - set(guess))
        wanted = _pairs(case.ends, len(case.text))
        exact += len(wanted & _pairs(guess, len(case.text)))
        sentences += len(wanted)
    return Score(found, invented, missed, exact, sentences)


def _pairs(ends: Sequence[int], length: int) -> set[tuple[int, int]]:
    return set(zip([0, *ends], [*ends, length], strict=True))


def ours(text: str) -> list[int]:
    return [end for _, end in spans(text)]


def sentencex(text: str) -> list[int]:
    from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

    found = get_sentence_boundaries("id", text)
    return _trimmed(text, [boundary["end_index"] for boundary in found])


def pysbd() -> Splitter:
    from pysbd import Segmenter  # type: ignore[import-untyped]

    segmenter = Segmenter(language="en", clean=False, char_span=True)
    return lambda text: _trimmed(text, [span.end for span in segmenter.segment(text)])


def punkt(texts: Iterable[str]) -> Splitter:
    """NLTK's Punkt, trained on the given texts."""
    from nltk.tokenize.punkt import (  # type: ignore[import-untyped]
        PunktSentenceTokenizer,
        PunktTrainer,
    )

    trainer = PunktTrainer()
    trainer.INCLUDE_ALL_COLLOCS = True
    trainer.train("\n\n".join(texts))
    tokenizer = PunktSentenceTokenizer(trainer.get_params())
    return lambda text: _trimmed(text, [end for _, end in tokenizer.span_tokenize(text)])


def by_line(splitter: Splitter) -> Splitter:
    """Run a splitter on each line by itself."""

    def split(text: str) -> list[int]:
        ends = []
        for match in re.finditer(r"[^\n]+", text):
            if line := match[0].rstrip():
                inside = [end for end in splitter(line) if end < len(line)]
                ends += [match.start() + end for end in [*inside, len(line)]]
        return ends

    return split


def _trimmed(text: str, ends: Iterable[int]) -> list[int]:
    return sorted({len(text[:end].rstrip()) for end in ends} - {0})


def read_texts(place: Path) -> Iterator[str]:
    """The texts of a .txt or .jsonl(.gz) file ("text" field), or of all such files in a folder."""
    if place.is_dir():
        for path in sorted(p for p in place.rglob("*") if p.suffix in {".txt", ".jsonl", ".gz"}):
            yield from read_texts(path)
    elif place.suffix == ".txt":
        yield place.read_text(encoding="utf-8")
    else:
        opened = gzip.open if place.suffix == ".gz" else open
        with opened(place, "rt", encoding="utf-8") as lines:
            yield from (text for line in lines if (text := json.loads(line).get("text")))


def _speed(splitter: Splitter, texts: Sequence[str]) -> float:
    """Characters a second, over a sample that takes no longer than a few seconds."""
    began, done = time.perf_counter(), 0
    for text in texts:
        splitter(text)
        done += len(text)
        if time.perf_counter() - began > 3:
            break
    return done / (time.perf_counter() - began)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--train", type=Path, help="text for Punkt: .txt, .jsonl(.gz) or a folder")
    parser.add_argument("--speed", type=Path, help="text to time the splitters on, same formats")
    parser.add_argument("--errors", action="store_true", help="show where ours differs")
    options = parser.parse_args()

    parts = {path.stem: cases(path) for path in sorted(GOLDEN.glob("sentences*.txt"))}
    golden = [case for part in parts.values() for case in part]
    texts = [case.text for case in golden]
    sample = list(read_texts(options.speed)) if options.speed else texts * 20
    rivals = {
        "sentencex (id)": sentencex,
        "pysbd (en)": pysbd(),
        "Punkt": punkt(read_texts(options.train) if options.train else texts),
    }
    rows: list[tuple[str, Splitter, list[Case]]] = [("Kutip", ours, golden)]
    rows += [(f"Kutip, {name}", ours, part) for name, part in parts.items()]
    for name, splitter in rivals.items():
        rows += [(name, splitter, golden), (f"{name} + lines", by_line(splitter), golden)]

    boundaries = sum(len(case.ends) for case in golden)
    print(f"{len(golden)} cases, {boundaries} boundaries")
    print(f"{'':26}{'precision':>10}{'recall':>9}{'F1':>9}{'exact':>9}{'characters/s':>15}")
    for name, splitter, part in rows:
        result, speed = score(part, splitter), _speed(splitter, sample)
        exact = result.exact / result.sentences
        print(
            f"{name:26}{result.precision:10.1%}{result.recall:9.1%}{result.f1:9.1%}{exact:9.1%}"
            f"{speed:15,.0f}"
        )
    if options.errors:
        _print_errors(golden)


def _print_errors(golden: Iterable[Case]) -> None:
    for case in golden:
        gold, guess = set(case.ends), set(ours(case.text)) - {len(case.text)}
        for end in sorted(gold ^ guess):
            kind = "missed" if end in gold else "invented"
            before, after = case.text[max(0, end - 40) : end], case.text[end : end + 30]
            print(f"{kind:9} {case.name}: {before + SIGN + after!r}")


if __name__ == "__main__":
    main()
