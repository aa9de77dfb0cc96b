"""What programs may ask of a running chat: by HTTP, by `gradio_client`, and as tools of a model (MCP).

The docstrings of `Service` are what a model is told of the tools.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from assistant import show
from assistant.understand import MOST_CHARACTERS
from chat import article
from chat.desk import Desk
from index.errors import KutipError
from index.records import Evidence
from index.scope import Scope

MOST = 50  # sentences of one search
MOST_TURNS = 50  # earlier questions and answers


class Service:
    """Three requests about the articles; each raises `KutipError` for what cannot be done."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(
        self,
        question: str,
        folder: str = "",
        since: str = "",
        until: str = "",
        history: list[list[str]] | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the indexed Indonesian news articles, with the sentences that it rests on.

        Args:
            question: A question in Indonesian or English; the answer is in the same language.
            folder: Only articles in this folder and its subfolders; empty for all.
            since: Only articles published on this day or later, as 2017-12-31; empty for all.
            until: Only articles published on this day or earlier, as 2017-12-31; empty for all.
            history: Earlier questions with their answers, as pairs, oldest first, for a follow-up question.

        Returns:
            The answer: "text" with markers such as [1], "answered" (false where the articles do not say),
            "short", "confidence" from 0 to 1, "citations", each with the file, the number of the sentence in
            it, its offsets and its exact text, and "unverified", what of it could not be checked or is not
            borne out.
        """
        self._check(question)
        past = [(str(asked), str(told)) for asked, told in _pairs(history)]
        answer = self._desk.assistant.ask(question, past, scope=scope(folder, since, until))
        told: dict[str, Any] = json.loads(show.as_json(answer))
        return told

    def search(
        self, query: str, count: int = 8, folder: str = "", since: str = "", until: str = ""
    ) -> list[dict[str, Any]]:
        """Find the sentences of the indexed Indonesian news articles that come nearest to a question.

        Args:
            query: A question or some words, in Indonesian or English.
            count: How many sentences to return, from 1 to 50.
            folder: Only articles in this folder and its subfolders; empty for all.
            since: Only articles published on this day or later, as 2017-12-31; empty for all.
            until: Only articles published on this day or earlier, as 2017-12-31; empty for all.

        Returns:
            Sentences, the nearest first, each with its file, number, offsets, exact text, and the article's
            title and date.
        """
        self._check(query)
        if not 1 <= count <= MOST:
            raise KutipError(f"count must be from 1 to {MOST}, not {count}")
        within = scope(folder, since, until)
        found = self._desk.assistant.index.search(query, count, scope=within)
        return [_sentence(evidence) for evidence in found]

    def read_article(self, file: str) -> dict[str, Any]:
        """Read a whole indexed article, sentence by sentence.

        Args:
            file: The article's file, as a citation or a search names it.

        Returns:
            The article's file, title and date, and its sentences with number, offsets and exact text;
            "furniture" marks what belongs to the page rather than to the article.
        """
        read = self._desk.article(file)
        return {
            "file": read.file,
            "title": read.title,
            "published": read.published.isoformat() if read.published else None,
            "sentences": [
                {
                    "sentence": s.number,
                    "start": s.start,
                    "end": s.end,
                    "text": s.text,
                    "furniture": s.furniture,
                }
                for s in article.sentences(read)
            ],
        }

    def _check(self, question: str) -> None:
        if not question.strip():
            raise KutipError("the question is empty")
        if len(question) > MOST_CHARACTERS:
            raise KutipError(f"the question is longer than {MOST_CHARACTERS} characters")


def scope(folder: str = "", since: str = "", until: str = "") -> Scope:
    """Which articles are asked, from texts; dates as 2017-12-31. Raises `KutipError`."""
    return Scope(folder.strip("/ "), _date("since", since), _date("until", until))


def _date(name: str, given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise KutipError(f"{name} must be a date such as 2017-12-31, not {given!r}") from error


def _pairs(history: list[list[str]] | None) -> list[list[str]]:
    pairs = history or []
    if len(pairs) > MOST_TURNS or not all(len(pair) == 2 for pair in pairs):
        raise KutipError(
            f"history must hold pairs of a question and its answer, at most {MOST_TURNS}"
        )
    return pairs


def _sentence(evidence: Evidence) -> dict[str, Any]:
    sentence = evidence.sentence
    return {
        "file": sentence.file,
        "sentence": sentence.number,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "title": evidence.title,
        "published": evidence.published.isoformat() if evidence.published else None,
        "cosine": round(evidence.cosine, 4),
    }
