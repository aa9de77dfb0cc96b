"""Questions that the articles answer: to begin with, and to go on with after an answer.

They are asked, by search and reader alone, before anybody sees them: what is not answered well is not
suggested. No language model is called.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Protocol, get_args

from assistant.assistant import Assistant
from assistant.candidates import Candidate, Page, Place, after, alike, by_turns, kinds, page
from assistant.forms import Form, form
from assistant.language import Language
from assistant.people import is_calling, speaks
from assistant.records import Answer, Citation
from index.scope import WHOLE, Scope

SURE = 0.5
"""The least confidence of a suggested question's answer: more than the most cautious assistant asks for."""
MOST_ASKED = 8  # candidates that are asked after an answer; each costs a search and a reading
MOST_OF_A_KIND = 2  # suggestions that ask who, or when
LONGEST = 120  # characters of a question
MOST_ARTICLES = 24  # that questions to begin with are made of


class Asked(Protocol):
    """A question that was asked, and its answer."""

    @property
    def question(self) -> str: ...
    @property
    def answer(self) -> Answer: ...


def follow_ups(
    assistant: Assistant, turns: Sequence[Asked], count: int = 3, *, scope: Scope = WHOLE
) -> list[str]:
    """Up to `count` questions to ask next, in the language of the last answer.

    `turns` is the conversation, oldest first, in the articles of `scope`. Each question is answered by a
    sentence that was not cited yet. There are none after a refusal, or where none is good enough. Raises
    `KutipError` where the index cannot be searched.
    """
    if not turns or not (turns[-1].answer.answered and turns[-1].answer.citations):
        return []
    last = turns[-1]
    history = [(turn.question, turn.answer.text) for turn in turns]
    told = {_place(c) for turn in turns for c in turn.answer.citations}
    said = {_plain(turn.answer.short) for turn in turns if turn.answer.short}
    known = [turn.question for turn in turns]
    found: list[str] = []
    made = after(assistant.index.place.articles, last.question, last.answer)
    for candidate in islice(_fresh(made, known, found), MOST_ASKED):
        answer = assistant.quoted(candidate.question, history, scope=scope)
        new = _plain(answer.short or "") not in said and not told & _leading(answer)
        if new and answer.language == last.answer.language and _answers(answer, candidate):
            found.append(candidate.question)
            told |= _leading(answer)
            said.add(_plain(answer.short or ""))
        if len(found) == count:
            break
    return found


def openers(assistant: Assistant, count: int = 6) -> list[str]:
    """Up to `count` questions to begin with, Indonesian and English by turns; always the same ones.

    They come from the question set of the articles folder (`questions.jsonl`), if there is one, else from
    articles that lie far apart. Raises `KutipError` where the index cannot be searched.
    """
    by_language = _examples(assistant.index.place.articles)
    if not any(by_language):
        by_language = _made(assistant, (count + 1) // 2)
    return [q for q in chain.from_iterable(zip_longest(*by_language)) if q][:count]


def _examples(folder: Path) -> list[list[str]]:
    """The questions of the folder's set that stand by themselves, for each language."""
    try:
        lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line) for line in lines if line.strip()]
        good = [q for q in asked if q["answers"] and not q.get("follows")]
        return [
            [
                question
                for q in good
                if q["language"] == language
                and len(question := " ".join(str(q["question"]).split())) <= LONGEST
            ]
            for language in get_args(Language)
        ]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # none, or no question set
        return []


def _made(assistant: Assistant, each: int) -> list[list[str]]:
    """Up to `each` questions for each language, of articles from all over the folder."""
    files = sorted(assistant.index.catalogue)
    most = min(len(files), MOST_ARTICLES)
    chosen = (files[i * len(files) // most] for i in range(most))
    folder = assistant.index.place.articles
    pages = [own for file in chosen if (own := page(folder, file))]
    found: list[str] = []
    by_language = []
    for language in get_args(Language):
        answered = _answered(assistant, pages, language, found, most=3 * each)
        by_language.append(list(islice(answered, each)))
        pages.reverse()  # so that the languages ask of different articles
    return by_language


def _answered(
    assistant: Assistant, pages: Sequence[Page], language: Language, found: list[str], most: int
) -> Iterator[str]:
    """Questions about the articles that are answered, added to `found`; at most `most` are asked."""
    for candidate in islice(_fresh(by_turns(pages, language), found), most):
        answer = assistant.quoted(candidate.question)
        if answer.language == language and _answers(answer, candidate):
            found.append(candidate.question)
            yield candidate.question


def _fresh(
    candidates: Iterable[Candidate], known: Sequence[str], found: Sequence[str] = ()
) -> Iterator[Candidate]:
    """Candidates not asked already, in these words or in others, nor too much like those `found`."""
    seen: list[str] = []
    for candidate in candidates:
        question = candidate.question
        same = sum(kinds(question) == kinds(other) for other in found)
        if len(question) > LONGEST or same >= MOST_OF_A_KIND:
            continue
        if not any(alike(question, other) for other in (*known, *seen)):
            seen.append(question)
            yield candidate


def _answers(answer: Answer, candidate: Candidate) -> bool:
    """Whether a question is answered well, and by what it was made for."""
    if not answer.answered or answer.confidence < SURE or answer.unverified or not answer.short:
        return False
    first = answer.citations[0]
    if candidate.place and candidate.place not in _leading(answer):
        return False
    if candidate.files and first.file not in candidate.files:
        return False
    return not candidate.name or _tells(first, candidate)


def _tells(citation: Citation, candidate: Candidate) -> bool:
    """Whether a sentence gives a person's words, or else who that is, right beside the name."""
    if form(candidate.question) is Form.SPEECH:
        return speaks(candidate.name, citation.text)
    own = citation.highlight
    if not own or not is_calling(own.text):
        return False
    if candidate.name in own.text:
        return True
    low, high = own.start - citation.start, own.end - citation.start
    before, behind = citation.text[:low].rstrip(" ,("), citation.text[high:].lstrip(" ,")
    return before.endswith(candidate.name.split()[-1]) or behind.startswith(candidate.name)


def _leading(answer: Answer) -> set[Place]:
    """The sentences that the short answer was read in."""
    labels = {int(label) for label in re.findall(r"\[(\d+)\]", answer.text.partition("\n\n")[0])}
    return {_place(c) for c in answer.citations if c.label in labels}


def _place(citation: Citation) -> Place:
    return citation.file, citation.sentence


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
