"""An OpenAI-compatible server on this computer that says what a test tells it to."""

from __future__ import annotations

import json
import select
import socket
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import monotonic
from typing import Any, Literal

Json = dict[str, Any]

End = Literal["done", "silent", "broken", "reset", "open"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes back for a request.

    `pieces` are streamed: a string as a piece of text, or as a comment if it begins with a colon, and a
    mapping as a chunk's delta. `delay` and `pause` are the seconds before the first and before each further
    one. Then comes `finish`, if any, and the `end`: "done" as is proper, "silent" without the mark of the
    end, "broken" in the middle of the message, "reset" with the connection torn down, "open" with nothing
    until the client leaves.

    `body` is sent as it is, in place of all that, with `status` and `headers`.
    """

    pieces: Iterable[str | Json] = ()
    delay: float = 0.0
    pause: float = 0.0
    finish: str | None = "stop"
    end: End = "done"
    status: int = 200
    body: str | bytes | Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent. `gone` is set when it leaves before it was told all."""

    path: str
    headers: dict[str, str]  # by name in small letters
    body: Json
    gone: Event = field(default_factory=Event)


Script = Callable[[Json], "Reply | Iterable[str]"]


class FakeOpenAI:
    """The server, for use in a `with`. `script` makes a reply, or just its pieces, of a request's body.

    `pages` are what it says to who only looks, by path; `asked` is set by each request.
    """

    def __init__(self, script: Script | Reply | Iterable[str] = ("Halo.",)) -> None:
        self.say(script)
        self.requests: list[Request] = []
        self.pages: dict[str, Json] = {
            "/v1/models": {"object": "list", "data": [{"id": "tiru", "object": "model"}]}
        }
        self.asked, self.closing = Event(), Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self

    @property
    def url(self) -> str:
        """Its address, up to and with /v1."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def say(self, script: Script | Reply | Iterable[str]) -> None:
        """What to reply from now on."""
        self._script = script if callable(script) else lambda _: script

    def reply(self, body: Json) -> Reply:
        reply = self._script(body)
        return reply if isinstance(reply, Reply) else Reply(reply)

    def __enter__(self) -> FakeOpenAI:
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    fake: FakeOpenAI


class _Gone(Exception):
    """The client left."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        found = self.server.fake.pages.get(self.path)
        self._whole(Reply(body=found) if found else Reply(status=404, body="404 page not found"))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.path, headers, body)
        self.server.fake.requests.append(request)
        self.server.fake.asked.set()
        self.close_connection = True
        if self.path != "/v1/chat/completions":
            self._whole(Reply(status=404, body="404 page not found"))
            return
        try:
            reply = self.server.fake.reply(body)
            if reply.body is not None:
                self._wait(reply.delay)
                self._whole(reply)
            elif body.get("stream"):
                self._stream(reply)
            else:
                self._wait(reply.delay)
                self._whole(Reply(body=_completion(reply)))
        except (_Gone, OSError):
            request.gone.set()

    def _whole(self, reply: Reply) -> None:
        body = reply.body
        kind = "application/json" if isinstance(body, dict) else "text/html"
        data = json.dumps(body) if isinstance(body, dict) else body or ""
        sent = data.encode() if isinstance(data, str) else data
        self.send_response(reply.status)
        for name, value in {"Content-Type": kind, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def _stream(self, reply: Reply) -> None:
        self._wait(reply.delay)
        self.send_response(reply.status)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._event(_chunk({"role": "assistant", "content": ""}))
        for i, piece in enumerate(reply.pieces):
            self._wait(reply.pause if i else 0)
            if isinstance(piece, str) and piece.startswith(":"):  # a comment, as a sign of life
                self._send(f"{piece}\n\n")
            else:
                self._event(_chunk({"content": piece} if isinstance(piece, str) else piece))
        if reply.finish:
            self._event(_chunk({}, reply.finish))
        match reply.end:
            case "done":
                self._send("data: [DONE]\n\n")
                self.wfile.write(b"0\r\n\r\n")
            case "silent":
                self.wfile.write(b"0\r\n\r\n")
            case "reset":
                now = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
                self.connection.close()
            case "open":
                self._wait(600)

    def _event(self, data: Json) -> None:
        self._send(f"data: {json.dumps(data)}\n\n")

    def _send(self, text: str) -> None:
        self._wait(0)
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _wait(self, seconds: float) -> None:
        """Wait, but no longer than the client does: it says nothing more, so what comes is its end."""
        end = monotonic() + seconds
        while True:
            left = min(max(end - monotonic(), 0), 0.05)
            if (
                self.server.fake.closing.is_set()
                or select.select([self.connection], [], [], left)[0]
            ):
                raise _Gone
            if monotonic() >= end:
                return


def _chunk(delta: Json, finish: str | None = None) -> Json:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "tiru",
        "choices": [choice],
    }


def _completion(reply: Reply) -> Json:
    text = "".join(piece for piece in reply.pieces if isinstance(piece, str))
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": reply.finish}
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 0,
        "model": "tiru",
        "choices": [choice],
    }
