"""A chat that several tests talk to, and a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import browsing
import pytest
from browsing import Chat, Visit
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    browsing.find_browser()
    with sync_playwright() as playwright:
        opened = browsing.launch(playwright)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def chat(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    """The chat over three articles, that nobody changes."""
    with browsing.serving(tmp_path_factory.mktemp("chat"), cache) as running:
        yield running


Open = Callable[..., Visit]


@pytest.fixture
def visit(chat: Chat, browser: Browser) -> Iterator[Open]:
    """Opens pages of the chat, each as another user. Each page must stay clean to the end."""
    visits: list[Visit] = []

    def open_page(address: str = chat.address, **more: Any) -> Visit:
        visits.append(browsing.visit(browser, address, **more))
        return visits[-1]

    yield open_page
    for visited in visits:
        browsing.leave(visited, visited.page.url.split("?")[0].rstrip("/"))
