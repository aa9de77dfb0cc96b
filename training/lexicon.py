"""Learn what English words mean in Indonesian, from questions that were written in both languages.

    python training/lexicon.py DATA index/lexicon.tsv

DATA is a folder with `reading-train.jsonl.gz` (see README.md). The file is written: an English word and an
Indonesian stem a line. The two sides of each training question of `questions.jsonl`, and SQuAD's questions
with their translations, are aligned word by word (IBM model 1; Brown et al., 1993), stems as
`index/words.py` makes them. A word is kept with its likeliest stem where that is likely enough and they met
more than once; not where it is as much a word of Indonesian questions: names, words such as "air" (water).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from nltk.translate import AlignedSent, IBMModel1
from pairs import aligned, load
from written import QUESTIONS, is_held_out

from assistant.settings import Settings
from index import encoder
from index.words import plain, stems

ROUNDS = 8  # of expectation and maximisation
SURE = 0.3  # how likely a stem is for a word, at the least
MET = 2  # questions that have the word on one side and the stem on the other, at the least
SHARED = 0.3  # questions in Indonesian with a word, as a share of those in English, at the most

Pair = tuple[str, str]  # a question in English and in Indonesian


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("out", type=Path)
    told = arguments.parse_args()
    meanings = learned([*written(), *translated(told.data / "reading-train.jsonl.gz")])
    lines = (f"{word}\t{stem}\n" for word, stem in sorted(meanings.items()))
    told.out.write_text("".join(lines), encoding="utf-8")
    print(f"{len(meanings)} words")


def written() -> list[Pair]:
    """The project's own training questions, in English and Indonesian."""
    items = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    return [(item["en"], item["id"]) for item in items if not is_held_out(item["article"])]


def translated(train: Path) -> list[Pair]:
    """SQuAD's questions with their translations, as `pairs.py` finds them."""
    plain_encoder = encoder.load("multilingual-e5-small", Settings.load().cache, print)
    return [(row["question"], row["translation"]) for row in aligned(load(train), plain_encoder)]


def learned(asked: list[Pair]) -> dict[str, str]:
    """Words with their likeliest stem, where that is sure enough."""
    sides = [(set(plain(one)), set(stems(other))) for one, other in asked]
    likely = IBMModel1([AlignedSent(sorted(r), sorted(w)) for w, r in sides], ROUNDS)
    english = Counter(word for left, _ in sides for word in left)
    indonesian = Counter(word for _, other in asked for word in set(plain(other)))
    met = Counter((word, stem) for left, right in sides for word in left for stem in right)
    best: dict[str, tuple[float, str]] = {}
    for (word, stem), count in met.items():
        sure = likely.translation_table[stem][word]
        if count >= MET and sure >= SURE and indonesian[word] <= SHARED * english[word]:
            best[word] = max(best.get(word, (0.0, "")), (sure, stem))
    return {word: stem for word, (_, stem) in best.items() if stems(word) != [stem]}


if __name__ == "__main__":
    main()
