"""A conversation to take away: as Markdown, as JSON, as a page, each answer with its sources.

What articles, questions and models say is text in each of them, whatever it looks like.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant import show
from assistant.day import day
from assistant.language import DEFAULT, Language
from assistant.records import Answer, Citation
from chat.markdown import plain, strong
from chat.pieces import marked, pieces
from chat.texts import text
from chat.turns import Turn
from index.errors import KutipError

SCHEMA = 1  # of the JSON; a field that changes its meaning or goes raises it

LONGEST_NAME = 60  # characters of a file's name, its ending aside

_PAGES = Path(__file__).parent / "pages"


def as_markdown(turns: Sequence[Turn], language: str) -> str:
    """The conversation in Markdown: a heading for each question, a numbered list of each one's sources."""
    parts = [f"# {plain(text('export_title', language))}"]
    for turn in turns:
        parts += [f"## {plain(turn.question)}", answer_markdown(turn, language).rstrip()]
    parts.append(plain(text("export_footer", language)))
    return "\n\n".join(parts) + "\n"


def answer_markdown(turn: Turn, language: str) -> str:
    """One answer with its sources, in Markdown."""
    answer = turn.answer
    lead, rest = show.spoken(answer)
    parts = [f"*{plain(aside)}*" for aside in _before(turn, language)]
    parts += [f"**{plain(part)}**" for part in lead] + [plain(part) for part in rest]
    parts += [f"*{plain(note)}*" for note in _after(answer, language)]
    if answer.citations:
        parts.append(f"{plain(_heading(answer, language))}:")
        parts.append("\n".join(_listed(c, language) for c in answer.citations))
    return "\n\n".join(parts) + "\n"


def as_text(turn: Turn, language: str) -> str:
    """One answer with its sources, in plain text."""
    answer = turn.answer
    lead, rest = show.spoken(answer)
    parts = [_flat(part) for part in [*_before(turn, language), *lead, *rest]]
    parts += [_flat(note) for note in _after(answer, language)]
    if answer.citations:
        sources = [f"{_heading(answer, language)}:"]
        for citation in answer.citations:
            sources.append(f"[{citation.label}] {' · '.join(_about(citation, language))}")
            sources.append(f"    “{_flat(citation.text)}”")
            if citation.translation:
                sources.append(f"    {_flat(_translated(citation.translation, language))}")
        parts.append("\n".join(sources))
    return "\n\n".join(parts) + "\n"


def as_json(turns: Sequence[Turn]) -> str:
    """The conversation as JSON in ASCII, each answer with the fields that `kutip ask --json` gives it."""
    told = [
        {
            "question": turn.question,
            "follows": turn.follows,
            "answer": json.loads(show.as_json(turn.answer)),
            "vote": asdict(turn.vote) if turn.vote else None,
        }
        for turn in turns
    ]
    return json.dumps({"schema": SCHEMA, "turns": told}, indent=1) + "\n"


def as_html(turns: Sequence[Turn], language: str) -> str:
    """The conversation as a page that is whole in itself: no script, nothing fetched."""
    style = (_PAGES / "export.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    whole: str = _template().render(
        turns=turns,
        language=language,
        say=partial(_said, language),
        style=Markup(style),
        style_hash=f"sha256-{digest}",
        spoken=show.spoken,
        pieces=pieces,
        before=_before,
        after=_after,
        heading=_heading,
        about=_about,
        marked=marked,
        translated=_translated,
    )
    return whole


def download(turns: Sequence[Turn], form: str, language: str) -> dict[str, str]:
    """The conversation as a file: its `name`, its `type`, its `content`. Raises `KutipError`.

    `form` is "markdown", "json" or "html".
    """
    if form not in _FILES:
        raise KutipError(f"a conversation is no {form!r}; choose one of {', '.join(_FILES)}")
    ending, kind, write = _FILES[form]
    return {
        "name": file_name(turns, ending, language),
        "type": f"{kind};charset=utf-8",
        "content": write(turns, language),
    }


_FILES: dict[str, tuple[str, str, Callable[[Sequence[Turn], str], str]]] = {
    "markdown": ("md", "text/markdown", as_markdown),
    "json": ("json", "application/json", lambda turns, _: as_json(turns)),
    "html": ("html", "text/html", as_html),
}


def file_name(turns: Sequence[Turn], ending: str, language: str) -> str:
    """A name for a file of a conversation, after its first question: kutip-kapan-irak-menang.md.

    It is of ASCII letters, digits and hyphens, which every system bears.
    """
    asked = turns[0].question if turns else ""
    slug = _slug(asked) or _slug(text("conversation", language))
    return f"kutip-{slug}.{ending}"


def _slug(question: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", question[:500]).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_only.lower())
    slug = "-".join(words)
    if len(slug) <= LONGEST_NAME:
        return slug
    return slug[: LONGEST_NAME + 1].rpartition("-")[0] or slug[:LONGEST_NAME]


def _listed(citation: Citation, language: str) -> str:
    """A source as an item of a numbered list, the sentence quoted in it."""
    number = f"{citation.label}. "
    inside = " " * len(number)
    lines = [f"{number}{' · '.join(map(plain, _about(citation, language)))}", ""]
    lines.append(f"{inside}> {strong(*marked(citation))}")
    if citation.translation:
        lines += ["", f"{inside}*{plain(_translated(citation.translation, language))}*"]
    return "\n".join([*lines, ""]).rstrip("\n") + "\n"


def _about(citation: Citation, language: str) -> list[str]:
    """The file, the sentence's number, the article's date and title, as far as they are known."""
    told = [
        show.name(citation.file),
        text("sentence", language, number=str(citation.sentence)),
        day(citation.published, _spoken(language)) if citation.published else "",
        _flat(citation.title or ""),
    ]
    return [part for part in told if part]


def _before(turn: Turn, language: str) -> list[str]:
    """What is told before an answer: how its question was understood."""
    if turn.answer.read_as:
        return [text("read_as", language, question=turn.answer.read_as)]
    return [text("follows", language, before=turn.follows)] if turn.follows else []


def _after(answer: Answer, language: str) -> list[str]:
    """What is told after an answer: what could not be verified, how sure it is, who wrote it."""
    told = [
        text("export_note", language, note=note) for note in (*answer.unverified, *answer.notes)
    ]
    if answer.answered:
        told.append(show.confidence(answer.confidence, _spoken(language)))
    if answer.model:
        told.append(show.written_by(answer, _spoken(language)))
    return told


def _heading(answer: Answer, language: str) -> str:
    return text("sources" if answer.answered else "nearest", language)


def _translated(translation: str, language: str) -> str:
    return text("translated", language, text=translation)


def _flat(words: str) -> str:
    """Words on one line, without what turns the direction of text."""
    return " ".join(show.clean(re.sub(r"\s+", " ", words)).split())


def _spoken(language: str) -> Language:
    """The language of the interface as one of the assistant's."""
    return "en" if language == "en" else DEFAULT


def _said(language: str, name: str) -> str:
    return text(name, language)


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    return environment.get_template("export.html")


def _harmless(value: Any) -> Any:
    """Text without what steers a terminal or turns the direction of text; the page's own as it is."""
    if isinstance(value, str) and not isinstance(value, Markup) and not value.isprintable():
        return "\n".join(show.clean(line.replace("\t", " ")) for line in value.splitlines())
    return value
