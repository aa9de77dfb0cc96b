"""Questions that the articles may answer, made of their sentences and of the question asked last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from assistant.clauses import Clauses
from assistant.facts import facts
from assistant.forms import Form, form
from assistant.language import Language
from assistant.people import people
from assistant.records import Answer
from assistant.understand import points_back
from index import articles
from index.articles import Skipped
from index.rank import KINDS
from index.records import Sentence
from index.sentences import split
from index.words import stems

Place = tuple[str, int]  # a file, and a sentence's number in it

CITED = 2  # cited sentences that questions are made near
MOST_READ = 100  # sentences of an article: more than news has


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and what must be so for its answer to be the one that was meant.

    `place`: the sentence that it was made of; `files`: the articles one of which must answer it, empty where
    any may; `name`: the person that it is about.
    """

    question: str
    place: Place | None = None
    files: frozenset[str] = frozenset()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The sentences of an article, page furniture left out."""

    file: str
    sentences: tuple[Sentence, ...]

    def near(self, number: int) -> list[Sentence]:
        """The sentences, those nearest to one first, those behind it before those in front."""
        ordered = sorted(self.sentences, key=lambda s: (abs(s.number - number), s.number < number))
        return ordered[:MOST_READ]


def page(folder: Path, file: str, sha256: str | None = None) -> Page | None:
    """An article as it is now; None where it cannot be read, or is no longer the one of `sha256`."""
    read = articles.read(folder, file)
    if isinstance(read, Skipped) or (sha256 and read.article.sha256 != sha256):
        return None
    sentences = split(read.article.text, file, read.article.title)
    return Page(file, tuple(s for s in sentences if not s.furniture))


def opening(page: Page, language: Language) -> Iterator[Candidate]:
    """Questions about an article for somebody who knows nothing of it yet."""
    if language == "id":
        for candidate in _of_clauses(page.file, page.sentences[:MOST_READ]):
            if not points_back(candidate.question):
                yield candidate
    yield from _of_people(page.file, page.sentences[:MOST_READ], language)


def after(folder: Path, question: str, answer: Answer) -> Iterator[Candidate]:
    """Questions that lie near after an answer, in its language, of each sort by turns."""
    language = answer.language
    found = [(c, page(folder, c.file, c.sha256)) for c in answer.citations[:CITED]]
    cited = [(own, own.near(c.sentence)) for c, own in found if own]
    files = frozenset(c.file for c in answer.citations)
    sorts: list[Iterator[Candidate]] = [
        chain.from_iterable(_of_facts(own.file, near, language) for own, near in cited),
        chain.from_iterable(_of_people(own.file, near, language) for own, near in cited),
        (Candidate(other, files=files) for other in turned(question, language)),
    ]
    if language == "id":
        sorts.insert(0, chain.from_iterable(_of_clauses(own.file, near) for own, near in cited))
    return _by_turns(sorts)


def by_turns(pages: Sequence[Page], language: Language) -> Iterator[Candidate]:
    """Questions to begin with about each of the articles, then more about each."""
    return _by_turns([opening(own, language) for own in pages])


def _by_turns(sorts: Iterable[Iterator[Candidate]]) -> Iterator[Candidate]:
    return (candidate for candidate in chain.from_iterable(zip_longest(*sorts)) if candidate)


def _of_clauses(file: str, sentences: Sequence[Sentence]) -> Iterator[Candidate]:
    clauses = Clauses([s.text for s in sentences])
    for sentence in sentences:
        for question in clauses.of(sentence.text):
            yield Candidate(question, (file, sentence.number))


def _of_facts(file: str, sentences: Sequence[Sentence], language: Language) -> Iterator[Candidate]:
    for sentence in sentences:
        for question in facts(sentence.text, language):
            yield Candidate(question, (file, sentence.number))


def _of_people(file: str, sentences: Sequence[Sentence], language: Language) -> Iterator[Candidate]:
    for person in people(s.text for s in sentences):
        if person.speaks:
            said = "Apa kata {}?" if language == "id" else "What did {} say?"
            yield Candidate(said.format(person.name), files=frozenset({file}), name=person.name)
        who = "Siapa {}?" if language == "id" else "Who is {}?"
        yield Candidate(who.format(person.name), name=person.name)


_ADVERB = {
    "id": re.compile(r"^(?:kapan|di ?mana|mengapa|kenapa)(?:kah)? (?P<rest>[^?]+)", re.IGNORECASE),
    "en": re.compile(
        r"^(?:when|where|why) (?P<rest>(?:did|was|were|has|have|had|will) [^?]+)", re.IGNORECASE
    ),
}
_EVENT = {
    "id": re.compile(r"^(?:siapa|apa) (?:saja )?yang (?:me|di|ber|ter)\w{3,}", re.IGNORECASE),
    "en": re.compile(
        r"^(?:who|which \w+) (?!(?:is|are|was|were|does|do|has|have|had)\b)\w+", re.IGNORECASE
    ),
}
_STATE = re.compile(
    r"\b(?:terakhir|pertama kali|berada|terletak|tidak|bukan|not|last|located)\b|n['’]t\b",
    re.IGNORECASE,
)
_TURNED = {
    "id": ("Mengapa {}?", "Kapan {}?", "Di mana {}?"),
    "en": ("Why {}?", "When {}?", "Where {}?"),
}
_POINTING = {
    "id": ("Kapan itu terjadi?", "Di mana itu terjadi?"),
    "en": ("When did that happen?", "Where did that happen?"),
}


def turned(question: str, language: Language) -> list[str]:
    """When, where and why what a question asks about came to be; nothing where it names no event."""
    if _STATE.search(question):
        return []
    if match := _ADVERB[language].match(question):
        rest = match["rest"].strip()
        made = [asking.format(rest) for asking in _TURNED[language]] if " " in rest else []
    else:
        made = list(_POINTING[language]) if _EVENT[language].match(question) else []
    return [other for other in made if kinds(other) != kinds(question)]


_SAYING = frozenset(stems("kata dikatakan say said"))  # the kind tells of it, in both languages


def alike(one: str, other: str) -> bool:
    """Whether two questions ask the same kind of thing, and the words of one are all in the other."""
    if kinds(one) != kinds(other):
        return False
    own, others = set(stems(one)) - _SAYING, set(stems(other)) - _SAYING
    return own == others or (bool(own and others) and (own <= others or others <= own))


def kinds(question: str) -> frozenset[str]:
    """What kinds of thing a question asks for, in either language."""
    asked = {
        kind for kind, words in KINDS.items() if re.search(rf"\b(?:{words})\b", question, re.I)
    }
    return frozenset(asked | ({"said"} if form(question) is Form.SPEECH else set()))
