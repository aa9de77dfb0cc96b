"""How much a model takes in at once, as its endpoint says it, where it says that.

The interface that all endpoints share has no place for it. vLLM and OpenRouter say it in the list of models;
llama.cpp there or of the server's properties; Ollama of the models that it has loaded.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
from pydantic import SecretStr

from assistant.model_http import Watch, client
from assistant.waiting import awaited

CONTEXT = 4096  # tokens: Ollama's own, unless it was told otherwise
PATIENCE = 3.0  # seconds for one request


def context_of(url: str, name: str, key: SecretStr | None) -> int | None:
    """The tokens of the context that the model `name` runs with; None where that may be said later.

    `CONTEXT` where the endpoint says nothing of it.
    """
    listed = _models(_get(f"{url.rstrip('/')}/models", key), "data", "id", name)
    if not listed:
        return None  # no such model, or nobody there: the answer itself will say so
    for one in listed:
        said = (one.get("max_model_len"), one.get("context_length"), _at(one, "meta", "n_ctx"))
        if found := next(filter(_counts, said), None):
            return int(found)
    root = urlunsplit(urlsplit(url)._replace(path=""))
    properties = _get(f"{root}/props", key)
    if _counts(found := _at(properties, "default_generation_settings", "n_ctx")):
        return int(found)
    loaded = _get(f"{root}/api/ps", key)
    if _at(loaded, "models") is None:
        return CONTEXT
    own = _models(loaded, "models", "name", name)
    return next((one["context_length"] for one in own if _counts(one.get("context_length"))), None)


def _counts(said: Any) -> bool:
    return isinstance(said, int) and not isinstance(said, bool) and said > 0


def _models(said: Any, part: str, field: str, name: str) -> list[dict[str, Any]]:
    """The models of a list that are meant: the one of that name, or the only one."""
    listed = _at(said, part)
    models = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [one for one in models if one.get(field) == name] or models[: len(models) == 1]


def _at(said: Any, *path: str) -> Any:
    for part in path:
        said = said.get(part) if isinstance(said, dict) else None
    return said


def _get(address: str, key: SecretStr | None) -> Any:
    """What an address says in JSON; None where it says nothing."""

    async def said() -> AsyncGenerator[Any]:
        async with client(address, key, Watch(PATIENCE, PATIENCE)) as http:
            yield (await http.get(address)).raise_for_status().json()

    try:
        return next((page for page in awaited(said) if page is not None), None)
    except (httpx.HTTPError, ValueError):
        return None
