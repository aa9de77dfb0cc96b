"""The connection to a language model: it carries no more than it must, to no one else, and not for ever."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from functools import cache
from ipaddress import ip_address
from time import monotonic
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

CONNECT = 5.0  # seconds within which an endpoint must be reached
# openai adds to these what this computer is, and headers that were set for OpenAI itself.
HEADERS = ("host", "accept", "content-type", "content-length", "connection", "user-agent")


class Endless(Exception):
    """A reply took longer than any may."""


class Watch:
    """Ends a reply in which no word comes, or that goes on for ever.

    To httpx each byte is a sign of life, and an endpoint may send comments or empty pieces without end.
    """

    def __init__(self, timeout: float, longest: float) -> None:
        """`timeout`: the seconds that may pass without a word; `longest`: those that all may take."""
        self.timeout, self._longest = timeout, longest
        self._end = monotonic() + longest
        self.heard()

    def heard(self) -> None:
        """Begin to wait for the next word."""
        self._until = monotonic() + self.timeout

    def check(self) -> None:
        """Raises `Endless`, or `httpx.ReadTimeout` where no word came."""
        now = monotonic()
        if now > self._end:
            raise Endless(f"no end within {self._longest:g} seconds")
        if now > self._until:
            raise httpx.ReadTimeout(f"no word for {self.timeout:g} seconds")

    async def over(self, response: httpx.Response) -> None:
        """Check whenever some of a response has come."""
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Watched(response.stream, self)


def client(url: str, key: SecretStr | None, watch: Watch) -> httpx.AsyncClient:
    """A client for one request to `url`, under `watch`; with the client the connection ends."""

    async def address(request: httpx.Request) -> None:
        sent = {name: request.headers[name] for name in HEADERS if name in request.headers}
        if key:
            sent["authorization"] = f"Bearer {key.get_secret_value()}"
        request.headers = httpx.Headers(sent)

    proxied = not _is_here(url)  # a proxy may be needed, but not for this computer
    return httpx.AsyncClient(
        timeout=httpx.Timeout(watch.timeout, connect=min(watch.timeout, CONNECT)),
        follow_redirects=False,
        verify=_certificates(proxied),
        trust_env=proxied,
        event_hooks={"request": [address], "response": [watch.over]},
    )


@cache
def _certificates(trust_env: bool) -> ssl.SSLContext:
    """Whom to trust; read once, since that takes longer than all else of a request."""
    return httpx.create_ssl_context(trust_env=trust_env)


class _Watched(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, watch: Watch) -> None:
        self._stream, self._watch = stream, watch

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            self._watch.check()
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


def _is_here(url: str) -> bool:
    """Whether an address is this computer's own."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # some other name
        return False
