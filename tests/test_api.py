"""What programs may ask, and what they are told when they ask wrongly."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Open, Write

from assistant import Assistant
from assistant.reader import Reader
from chat.api import Service, scope
from chat.desk import Desk
from index.errors import KutipError
from index.scope import Scope

TEXT = "Kabar\n\nPati, 1 Mei 2017 - Wali Kota Saelany meresmikan jembatan Kali Loji.\n"


@pytest.fixture
def service(write: Write, open_index: Open, reader: Reader, tmp_path: Path) -> Service:
    write({"kota/a.txt": TEXT, "tani/b.txt": "Petani memanen kopi.\n"})
    index = open_index()
    index.synchronise()
    return Service(Desk(Assistant(index, reader=reader), tmp_path / "votes"))


def test_an_answer_is_plain_json(service: Service) -> None:
    told = service.ask("Siapa yang meresmikan jembatan Kali Loji?")
    assert json.loads(json.dumps(told)) == told
    assert {"text", "answered", "short", "confidence", "citations"} <= told.keys()
    for citation in told["citations"]:
        if citation["file"] == "kota/a.txt":
            assert TEXT[citation["start"] : citation["end"]] == citation["text"]


def test_a_search_is_of_some_articles(service: Service) -> None:
    found = service.search("jembatan", folder="kota")
    assert {one["file"] for one in found} == {"kota/a.txt"}
    assert all(TEXT[one["start"] : one["end"]] == one["text"] for one in found)
    assert service.search("jembatan", since="2018-01-01") == []


def test_an_article_is_read_sentence_by_sentence(service: Service) -> None:
    whole = service.read_article("kota/a.txt")
    assert whole["published"] == "2017-05-01"
    assert [s["sentence"] for s in whole["sentences"]] == list(
        range(1, len(whole["sentences"]) + 1)
    )


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("ask", {"question": "  "}, "empty"),
        ("ask", {"question": "a" * 2001}, "longer than 2000"),
        ("ask", {"question": "a", "since": "kemarin"}, "since must be a date such as 2017-12-31"),
        ("ask", {"question": "a", "since": "2018-01-02", "until": "2018-01-01"}, "first day"),
        ("ask", {"question": "a", "history": [["b"]]}, "pairs"),
        ("ask", {"question": "a", "history": [["b", "c"]] * 51}, "at most 50"),
        ("search", {"query": "a", "count": 0}, "count must be from 1 to 50"),
        ("read_article", {"file": "../a.txt"}, "a.txt"),
    ],
)
def test_a_wrong_request_says_what_to_do(
    name: str, given: dict[str, Any], told: str, service: Service
) -> None:
    with pytest.raises(KutipError, match=told):
        getattr(service, name)(**given)


def test_a_scope_is_made_of_texts() -> None:
    assert scope("/kota/", "2017-01-01", "") == Scope("kota", date(2017, 1, 1), None)
    assert scope().whole
