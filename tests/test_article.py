"""A whole article as the chat draws it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_drawing import Page

from chat.article import Lit, drawn, opened, sentences
from index.errors import KutipError
from index.records import Article
from index.titles import title

TEXT = (
    "Kabar dari Pantura\n\nPekalongan, 9 Mei 2017 - Jembatan dibuka 🙂 pada Senin. Panjangnya 96 meter.\n"
    "Baca juga: Kabar lain\n\nWarga <b>senang</b> & lega ${x} {{y}}.\r\n\r\nSelesai sudah pekerjaan itu.\n"
)


def article(text: str = TEXT, **changed: Any) -> Article:
    values: dict[str, Any] = {
        "file": "kota/a.txt",
        "text": text,
        "title": title(text),
        "published": None,
    }
    return Article(**{**values, "sha256": "1" * 64, **changed})


def shown(page: Page) -> list[str]:
    return page.of("kutip-s")


def test_every_sentence_stands_there_once_with_its_number() -> None:
    page = Page(drawn(article(), None, "id"))
    assert shown(page) == [s.text for s in sentences(article())]
    numbers = [own["data-n"] for _, own in page.tags if "data-n" in own]
    assert numbers == [str(s.number) for s in sentences(article())]


def test_the_cited_sentence_is_lit_and_the_answers_words_are_marked_by_their_offsets() -> None:
    found = next(s for s in sentences(article()) if "Senin" in s.text)
    at = TEXT.index("Senin")
    page = Page(drawn(article(), Lit(found.start, found.end, (at, at + 5)), "id"))
    assert page.of("kutip-lit") == [found.text]
    assert page.of("mark") == ["Senin"]
    assert not page.of("kutip-note")


def test_furniture_is_dimmed() -> None:
    furniture = [s.text for s in sentences(article()) if s.furniture]
    assert furniture
    assert Page(drawn(article(), None, "id")).of("kutip-furniture") == furniture


def test_blank_lines_part_paragraphs_and_single_ones_are_kept() -> None:
    page = Page(drawn(article(), None, "id"))
    paragraphs = [text for text in page.of("p")[1:] if text.strip()]  # the first one is the head's
    assert len(paragraphs) == 4
    assert [tag for tag, _ in page.tags].count("br") == 1


def test_an_article_that_changed_says_so_and_lights_nothing() -> None:
    found = sentences(article())[1]
    page = Page(drawn(article(), Lit(found.start, found.end), "id", changed=True))
    assert page.of("kutip-note")
    assert not page.of("kutip-lit")
    lost = Page(drawn(article(), Lit(found.start + 1, found.end), "en"))
    assert lost.of("kutip-note")


def test_the_head_names_folder_file_and_date() -> None:
    head = Page(drawn(article(), None, "en")).of("header")[0]
    assert "kota / a.txt" in head
    assert "undated" in head


@given(st.text(max_size=300))
@example("Cuaca\r\nkering & panas jadi penyebabnya.")
def test_any_text_is_shown_character_for_character_and_adds_no_tag(text: str) -> None:
    page = Page(drawn(article(text), None, "id"))
    assert {tag for tag, _ in page.tags} <= {
        "article",
        "header",
        "h2",
        "p",
        "span",
        "bdi",
        "br",
        "mark",
    }
    assert [unbroken(s) for s in shown(page)] == [
        unbroken(s.text) for s in sentences(article(text))
    ]


def unbroken(text: str) -> str:
    """HTML has no NUL."""
    return text.replace("\0", "�")


def read(file: str, language: str) -> Article:
    if file != "kota/a.txt":
        raise KutipError({"id": "tidak ada di indeks", "en": "is not in the index"}[language])
    return article()


@pytest.mark.parametrize(
    "asked",
    [
        {"file": "../rahasia.txt"},
        {"file": None},
        {"file": "kota/a.txt", "start": "x"},
        {"file": "kota/a.txt", "mark": "1-x"},
        {},
        [],
        None,
        "kota/a.txt",
    ],
)
def test_what_cannot_be_opened_is_said_in_the_readers_language(asked: object) -> None:
    assert "tidak bisa dibuka" in opened(read, asked, "id")
    assert "cannot be opened" in opened(read, asked, "en")


def test_why_it_cannot_be_opened_is_said_in_the_readers_language_too() -> None:
    assert "tidak ada di indeks" in opened(read, {"file": "b.txt"}, "id")
    assert "is not in the index" in opened(read, {"file": "b.txt"}, "en")


def test_a_page_asks_for_an_article_as_a_citation_names_it() -> None:
    found = sentences(article())[1]
    asked = {
        "file": "kota/a.txt",
        "sha": "1" * 64,
        "start": found.start,
        "end": found.end,
        "mark": "0-0",
    }
    assert Page(opened(read, asked, "id")).of("kutip-lit") == [found.text]
    changed = opened(read, {**asked, "sha": "2" * 64}, "id")
    assert "sudah berubah" in changed
    assert Page(opened(read, {"file": "kota/a.txt"}, "id")).of("kutip-lit") == []
