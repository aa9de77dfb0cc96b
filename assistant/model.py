"""An optional language model, behind any OpenAI-compatible endpoint, whose words come as they are written.

A request goes to the endpoint and nowhere else, is never repeated, and fails within seconds rather than keep
a reader waiting. It carries nothing but the messages, the model's settings and the endpoint's own key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import closing
from enum import StrEnum
from typing import Any, Protocol

from pydantic import SecretStr

from assistant.settings import Settings
from assistant.waiting import awaited

ENDLESS = 5  # times the timeout: the time within which an answer must end
CHARACTERS = 8  # of a token, at the very most
LOOP = 40, 6  # characters that an answer may not end on so many times over
LONGEST_DETAIL = 200  # characters


class Failure(StrEnum):
    """Why a model gave no answer."""

    UNREACHABLE = "unreachable"
    KEY = "key"  # missing or refused
    NAME = "name"  # the endpoint has no such model
    TIMEOUT = "timeout"  # no word for too long
    BUSY = "busy"  # too many requests, or still loading
    CUT = "cut"  # the answer broke off
    EMPTY = "empty"
    ENDLESS = "endless"  # too long, or the same again and again
    OVERFLOW = "overflow"  # more than the model's context holds
    OTHER = "other"


class ModelFailed(Exception):
    """A model gave no answer, or broke off in the middle of one.

    `detail` is one line of at most 200 characters, in the endpoint's own words where it gave any.
    """

    def __init__(self, failure: Failure, detail: str) -> None:
        self.failure, self.detail = failure, _line(detail)
        super().__init__(f"{failure}: {self.detail}")


class LanguageModel(Protocol):
    """What writes text. May be asked from several threads."""

    name: str

    @property
    def context(self) -> int:
        """How much it reads and writes at once, in tokens."""
        ...

    def stream(self, system: str, user: str, *, longest: int) -> Generator[str]:
        """Pieces of the answer, as they come; it has at most `longest` tokens, and ends there unfinished.

        An empty piece may come at any time, so that who waits for words can leave. Closing the generator
        ends the work behind it. Raises `ModelFailed`, perhaps after some pieces.
        """
        ...


def open_model(settings: Settings) -> Endpoint | None:
    """The model that the settings name, if they name one. It is not reached before it is asked."""
    if settings.model is None:
        return None
    return Endpoint(
        settings.model,
        settings.model_url,
        key=settings.model_key,
        temperature=settings.model_temperature,
        context=settings.model_context,
        timeout=settings.model_timeout,
    )


class Endpoint:
    """A model behind an OpenAI-compatible endpoint; nothing is kept open between two requests."""

    def __init__(
        self,
        name: str,
        url: str,
        *,
        key: SecretStr | None = None,
        temperature: float = 0.0,
        context: int | None = None,
        timeout: float = 30.0,
    ) -> None:
        """`timeout`: the seconds that may pass without a word; the whole answer may take five times that.

        Without a `context` the endpoint is asked for it, when it is first needed.
        """
        self.name, self._context = name, context
        self._url, self._key = url, key
        self._temperature, self._timeout = temperature, timeout

    @property
    def context(self) -> int:
        """See `LanguageModel`."""
        from assistant.model_context import CONTEXT, context_of

        if self._context is None:
            self._context = context_of(self._url, self.name, self._key)
        return self._context or CONTEXT

    def stream(self, system: str, user: str, *, longest: int) -> Generator[str]:
        """See `LanguageModel`."""
        import llama_index.llms.openai_like  # noqa: F401  (takes seconds, which are not the model's)

        text, began = "", False
        try:
            with closing(awaited(lambda: self._replies(system, user, longest))) as replies:
                for reply in replies:
                    if reply is None:
                        yield ""
                        continue
                    began = True
                    if piece := _whole(reply.delta or ""):
                        text += piece
                        _refuse_endless(text, longest)
                        yield piece
                    if _is_last(reply):
                        _refuse_empty(text)
                        return
        except ModelFailed:
            raise
        except Exception as error:
            raise self._failed(error) from None  # the error itself may quote the key
        if not began:
            raise ModelFailed(Failure.OTHER, "what came is no stream of chat completions")
        raise ModelFailed(Failure.CUT, "the stream ended before the answer did")

    async def _replies(self, system: str, user: str, longest: int) -> AsyncGenerator[Any]:
        """What the model sends for two messages; the connection ends with it."""
        import openai
        from llama_index.core.llms import ChatMessage
        from llama_index.llms.openai_like import OpenAILike

        from assistant.model_http import Watch, client

        messages = [
            ChatMessage(role="system", content=system),
            ChatMessage(role="user", content=user),
        ]
        watch = Watch(self._timeout, ENDLESS * self._timeout)
        # A server stops only when the connection ends, and to close LlamaIndex's generator does not end it:
        # the response stays open, in a cycle of references, until Python next collects garbage. So each
        # request has a client of its own, which closes what it opened.
        async with client(self._url, self._key, watch) as http:
            openai_client = openai.AsyncOpenAI(
                api_key="none",  # `http` adds the real one
                base_url=self._url,
                max_retries=0,
                timeout=http.timeout,
                http_client=http,
            )
            model = OpenAILike(
                model=self.name,
                api_base=self._url,
                api_key="none",
                is_chat_model=True,
                temperature=self._temperature,
                max_tokens=longest,
                max_retries=0,
                async_openai_client=openai_client,
            )
            async for reply in await model.astream_chat(messages):
                if reply.delta or reply.additional_kwargs.get("thinking_delta"):
                    watch.heard()
                yield reply

    def _failed(self, error: Exception) -> ModelFailed:
        detail = _said(error)
        if self._key and (key := self._key.get_secret_value()):
            for form in (key, repr(key)[1:-1]):  # some errors quote what they show
                detail = detail.replace(form, "…")
        return ModelFailed(_kind(error), detail)


def _whole(piece: str) -> str:
    """A piece of text without halves of characters, as JSON allows and nothing can print."""
    return piece.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _is_last(reply: Any) -> bool:
    choices = reply.raw.choices
    return bool(choices and choices[0].finish_reason)


def _refuse_empty(text: str) -> None:
    if not text.strip():
        raise ModelFailed(Failure.EMPTY, "the answer holds no word")


def _refuse_endless(text: str, longest: int) -> None:
    if len(text) > longest * CHARACTERS:
        raise ModelFailed(Failure.ENDLESS, f"more than the {longest} tokens that were asked for")
    if _loops(text):
        raise ModelFailed(Failure.ENDLESS, f"the same again and again: {text[-LOOP[0] :]}")


def _loops(text: str) -> bool:
    """Whether a text ends on the same `LOOP` characters or more, that many times over."""
    length, times = LOOP
    period = len(text) - length - text.rfind(text[-length:], 0, -1)
    # What repeats sooner is taken several times over, as one.
    unit = period * -(-length // period) if period > 0 else len(text)
    return len(text) >= unit * times and text.endswith(text[-unit:] * times)


def _kind(error: Exception) -> Failure:
    """The kind of failure that an error of openai or of httpx stands for."""
    import httpx
    import openai

    from assistant.model_http import Endless

    match error:
        case Endless():
            return Failure.ENDLESS
        case openai.APITimeoutError() if not isinstance(error.__cause__, httpx.ConnectTimeout):
            return Failure.TIMEOUT
        case openai.APIConnectionError():
            return Failure.UNREACHABLE
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return Failure.KEY
        case openai.NotFoundError():
            return Failure.NAME
        case openai.RateLimitError():
            return Failure.BUSY
        case openai.InternalServerError(status_code=503):  # as llama.cpp while it loads
            return Failure.BUSY
        case openai.APIError() if _TOO_LONG.search(str(error)):
            return Failure.OVERFLOW
        case httpx.TimeoutException():
            return Failure.TIMEOUT
        case httpx.TransportError():
            return Failure.CUT
    return Failure.OTHER


# As OpenAI, vLLM, llama.cpp and Ollama say it.
_TOO_LONG = re.compile(
    r"context.{0,12}(?:length|size|window)|(?:prompt|input|request).{0,40}(?:too long|exceed)"
    r"|too many tokens",
    re.IGNORECASE,
)


def _said(error: Exception) -> str:
    """What an endpoint said of an error, or else the error itself."""
    body = getattr(error, "body", None)
    if isinstance(body, Mapping):
        body = body.get("message")
    return str(body or error.__cause__ or error) or type(error).__name__


def _line(text: str) -> str:
    """A text as one short line of visible characters."""
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    line = " ".join(visible.split())
    return line if len(line) <= LONGEST_DETAIL else f"{line[: LONGEST_DETAIL - 1]}…"
