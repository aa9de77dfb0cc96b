"""The requests of programs and models, each by a real client."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsing
import pytest
from browsing import BRIDGE, HARVEST, OPENED, Chat, article
from gradio_client import Client
from gradio_client.exceptions import AppError


@pytest.fixture(scope="module")
def client(chat: Chat) -> Client:
    return Client(chat.address, verbose=False)


def test_ask_gives_the_answer_with_citations_that_are_the_files_own(
    client: Client, chat: Chat
) -> None:
    told = client.predict(OPENED, api_name="/ask")
    assert told["answered"]
    assert "Saelany" in told["short"]
    for citation in told["citations"]:
        text = article(chat.folder, citation["file"]).text
        assert text[citation["start"] : citation["end"]] == citation["text"]


def test_a_follow_up_is_asked_with_what_was_said(client: Client) -> None:
    first = client.predict("Kapan Jembatan Kali Loji di Pekalongan dibuka?", api_name="/ask")
    said = [[first["question"], first["text"]]]
    told = client.predict("Siapa yang meresmikannya?", history=said, api_name="/ask")
    assert "Saelany" in told["text"]


def test_a_request_may_be_of_some_articles(client: Client) -> None:
    told = client.predict(HARVEST, folder="kota", api_name="/ask")
    assert all(c["file"].startswith("kota/") for c in told["citations"])
    found = client.predict("kopi", 5, until="2018-01-01", api_name="/search")
    assert found
    assert all(s["published"] <= "2018-01-01" for s in found)


def test_search_and_read_article_give_sentences_with_their_places(
    client: Client, chat: Chat
) -> None:
    found = client.predict("jembatan", 3, api_name="/search")
    assert 0 < len(found) <= 3
    whole = client.predict(BRIDGE, api_name="/read_article")
    text = article(chat.folder, BRIDGE).text
    assert all(text[s["start"] : s["end"]] == s["text"] for s in whole["sentences"])


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("/ask", ("",), "empty"),
        ("/ask", ("a" * 2001,), "longer than"),
        ("/ask", (OPENED, "", "kemarin"), "2017-12-31"),
        ("/search", ("kopi", 1000), "count"),
        ("/read_article", ("../../../etc/passwd",), "etc/passwd"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(
    name: str, given: tuple[Any, ...], told: str, client: Client
) -> None:
    with pytest.raises(AppError, match=told):
        client.predict(*given, api_name=name)


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_curl_is_enough(chat: Chat) -> None:
    ask = f"{chat.address}/gradio_api/call/v2/ask"
    begun = json.loads(curl("--json", json.dumps({"question": OPENED}), ask))
    told = curl("-N", f"{ask}/{begun['event_id']}")
    [data] = [
        line.removeprefix("data: ") for line in told.splitlines() if line.startswith("data: [{")
    ]
    assert "Saelany" in json.loads(data)[0]["short"]


def curl(*arguments: str) -> str:
    ended = subprocess.run(
        ["curl", "-sS", *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    return ended.stdout


def test_the_page_s_own_events_are_no_requests_of_programs(client: Client) -> None:
    named = client.view_api(return_format="dict")["named_endpoints"]
    assert set(named) == {"/ask", "/search", "/read_article"}


# In a process of its own: the browser's driver holds this one's event loop.
MODEL = """
import asyncio, json, sys
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

async def main():
    async with streamablehttp_client(sys.argv[1] + "/gradio_api/mcp/") as (read, write, _):
        async with ClientSession(read, write) as session:
            await session.initialize()
            tools = {tool.name: tool for tool in (await session.list_tools()).tools}
            asked = await session.call_tool("ask", {"question": sys.argv[2]})
            read_it = await session.call_tool("read_article", {"file": "../../etc/passwd"})
            print(json.dumps({
                "tools": sorted(tools), "about": tools["ask"].description,
                "answer": asked.content[0].text, "error": read_it.isError,
            }))

asyncio.run(main())
"""


@pytest.fixture
def tools(cache: Path, tmp_path: Path) -> Iterator[Chat]:
    with browsing.serving(tmp_path, cache, KUTIP_MCP="true") as running:
        yield running


def test_a_model_uses_the_requests_as_tools(tools: Chat) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", MODEL, tools.address, OPENED],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["tools"] == ["ask", "read_article", "search"]
    assert "news articles" in told["about"]
    assert "Saelany" in told["answer"]
    assert told["error"]
