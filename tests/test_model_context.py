"""How much a model takes in, as the servers that people run say it."""

import pytest
from fake_openai import FakeOpenAI, Json
from pydantic import SecretStr

from assistant.model import Endpoint
from assistant.model_context import CONTEXT, context_of


def listing(**more: object) -> Json:
    return {"object": "list", "data": [{"id": "lain"}, {"id": "tiru", "object": "model", **more}]}


LLAMA_CPP = {"default_generation_settings": {"n_ctx": 6144, "params": {}}, "total_slots": 2}


@pytest.mark.parametrize(
    ("pages", "context"),
    [
        ({"/v1/models": listing(max_model_len=32768)}, 32768),  # vLLM
        ({"/v1/models": listing(context_length=131072)}, 131072),  # OpenRouter
        ({"/v1/models": listing(meta={"n_ctx": 8192, "n_ctx_train": 131072})}, 8192),  # llama.cpp
        ({"/v1/models": listing(meta={"n_ctx_train": 131072}), "/props": LLAMA_CPP}, 6144),
        (
            {
                "/v1/models": listing(),
                "/api/ps": {"models": [{"name": "lain"}, {"name": "tiru", "context_length": 2048}]},
            },
            2048,
        ),  # Ollama
        ({"/v1/models": listing(), "/api/ps": {"models": []}}, None),  # Ollama before it has loaded
        ({"/v1/models": listing()}, CONTEXT),
        ({"/v1/models": listing(max_model_len="banyak", context_length=True, meta=[])}, CONTEXT),
        ({"/v1/models": {"data": "apa saja"}}, None),
        ({}, None),
    ],
)
def test_each_server_says_it_in_its_own_place(
    fake_openai: FakeOpenAI, pages: dict[str, Json], context: int | None
) -> None:
    fake_openai.pages = pages
    assert context_of(fake_openai.url, "tiru", None) == context


def test_the_only_model_is_meant_whatever_it_is_called(fake_openai: FakeOpenAI) -> None:
    fake_openai.pages = {"/v1/models": {"data": [{"id": "berkas.gguf", "max_model_len": 2000}]}}
    assert context_of(f"{fake_openai.url}/", "local", None) == 2000


def test_it_is_asked_once_and_a_setting_goes_before_it(fake_openai: FakeOpenAI) -> None:
    fake_openai.pages = {"/v1/models": listing(max_model_len=2000)}
    model = Endpoint("tiru", fake_openai.url, key=SecretStr("kunci"))
    assert model.context == 2000
    fake_openai.pages = {}
    assert model.context == 2000
    assert Endpoint("tiru", fake_openai.url, context=1500).context == 1500


def test_a_server_that_is_away_is_asked_again(fake_openai: FakeOpenAI) -> None:
    fake_openai.pages = {}
    model = Endpoint("tiru", fake_openai.url)
    assert model.context == CONTEXT
    fake_openai.pages = {"/v1/models": listing(max_model_len=2000)}
    assert model.context == 2000
