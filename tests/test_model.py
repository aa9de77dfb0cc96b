"""A language model behind an endpoint: its words as they come, and each way in which it can fail."""

from __future__ import annotations

import logging
import os
import socket
import traceback
from concurrent.futures import ThreadPoolExecutor
from itertools import count, repeat

import pytest
from fake_openai import Reply
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from assistant.model import Endpoint, Failure, LanguageModel, ModelFailed, _loops, open_model
from assistant.settings import Settings

KEY = "sk-rahasia'"  # with a sign that Python would quote
SOON = 0.3  # seconds, for what is meant to fail on time
LONG = 30  # seconds, for what is not


@pytest.fixture
def model(fake_openai):
    return Endpoint("tiru", fake_openai.url, key=SecretStr(KEY), timeout=LONG)


@pytest.fixture
def hasty(fake_openai):
    return Endpoint("tiru", fake_openai.url, key=SecretStr(KEY), timeout=SOON)


def ask(model: LanguageModel, longest: int = 400) -> list[str]:
    return [piece for piece in model.stream("Jawab singkat.", "Siapa?", longest=longest) if piece]


def failed(model: LanguageModel, longest: int = 400) -> ModelFailed:
    with pytest.raises(ModelFailed) as raised:
        ask(model, longest)
    assert "rahasia" not in "".join(traceback.format_exception(raised.value))
    return raised.value


def test_pieces_come_as_they_are_written(model, fake_openai):
    fake_openai.say(lambda body: Reply([*body["messages"][1]["content"], " — Budi.\n"]))
    assert ask(model) == [*"Siapa?", " — Budi.\n"]


def test_a_piece_does_not_wait_for_the_next(model, fake_openai):
    fake_openai.say(Reply(["satu", "dua"], pause=600))
    answer = model.stream("", "", longest=9)
    assert next(answer) == "satu"
    answer.close()


def test_the_request_says_what_was_asked_and_no_more(fake_openai):
    model = Endpoint("tiru:4b", fake_openai.url, key=SecretStr("kunci"), temperature=0.5)
    ask(model, longest=12)
    [request] = fake_openai.requests
    assert request.body == {
        "model": "tiru:4b",
        "messages": [
            {"role": "system", "content": "Jawab singkat."},
            {"role": "user", "content": "Siapa?"},
        ],
        "stream": True,
        "max_tokens": 12,
        "temperature": 0.5,
    }
    assert request.headers["authorization"] == "Bearer kunci"
    assert not [name for name in request.headers if name.startswith(("x-", "openai-"))]


def test_what_is_set_for_openai_goes_to_no_other_endpoint(monkeypatch, fake_openai):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", KEY)
    monkeypatch.setenv("OPENAI_PROJECT_ID", KEY)
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"Authorization: {KEY}\nX-Kunci: {KEY}")
    ask(Endpoint("tiru", fake_openai.url))
    assert KEY not in str(fake_openai.requests)
    assert "authorization" not in fake_openai.requests[0].headers


def test_an_answer_that_reaches_its_longest_ends_there(model, fake_openai):
    fake_openai.say(Reply(["Menurut ", "berita"], finish="length"))
    assert ask(model) == ["Menurut ", "berita"]


def test_nothing_is_waited_for_after_the_end(hasty, fake_openai):
    fake_openai.say(Reply(["Budi."], end="open"))
    assert ask(hasty) == ["Budi."]


def test_what_a_model_thinks_is_no_part_of_its_answer(model, fake_openai):
    fake_openai.say(Reply([{"reasoning_content": "Hmm."}, {"content": None}, "Budi."]))
    assert ask(model) == ["Budi."]


def test_half_a_character_is_replaced(model, fake_openai):
    fake_openai.say(Reply(["a\ud83d", "\ud83d\ude00"]))
    assert ask(model) == ["a\ufffd", "😀"]


@pytest.mark.parametrize(
    ("failure", "reply"),
    [
        (Failure.KEY, Reply(status=401, body={"error": {"message": "Invalid API key"}})),
        (Failure.KEY, Reply(status=403, body="")),
        (Failure.NAME, Reply(status=404, body={"error": {"message": "model 'tiru' not found"}})),
        (Failure.NAME, Reply(status=404, body="404 page not found")),
        (Failure.BUSY, Reply(status=429, body={"error": "quota"}, headers={"Retry-After": "600"})),
        (Failure.BUSY, Reply(status=503, body={"error": {"message": "Loading model"}})),
        (Failure.OTHER, Reply(status=400, body={"error": {"message": "unknown field"}})),
        (Failure.OTHER, Reply(status=500, body="<html>galat</html>")),
        (Failure.OTHER, Reply(status=500, body=b"\xff\xfe\x00")),
        (Failure.OTHER, Reply(body="<html>Masuk dahulu</html>")),
        (Failure.OTHER, Reply(body={"object": "chat.completion", "choices": []})),
        (Failure.OTHER, Reply(body="data: {kacau\n\n")),
        (Failure.OTHER, Reply(body="data: 12\n\n")),
        (Failure.OTHER, Reply(body=b"data: \xff\n\n")),
        (Failure.OTHER, Reply(body='data: {"choices": null}\n\n')),
        (Failure.OTHER, Reply(body='data: {"error": {"message": "out of memory"}}\n\n')),
        (Failure.CUT, Reply(["Bu"], finish=None, end="done")),
        (Failure.CUT, Reply(["Bu"], finish=None, end="silent")),
        (Failure.CUT, Reply(["Bu"], finish=None, end="broken")),
        (Failure.CUT, Reply(["Bu"], finish=None, end="reset")),
        (Failure.EMPTY, Reply()),
        (Failure.EMPTY, Reply([" ", "\n"])),
        (Failure.EMPTY, Reply([{"reasoning_content": "Hmm."}], finish="length")),
        (Failure.ENDLESS, Reply(f"{i} " for i in count())),
        (Failure.ENDLESS, Reply(repeat("Budi adalah bupati Kudus. "))),
        (Failure.ENDLESS, Reply(repeat("\n"))),
    ],
)
def test_a_failure_is_told_by_its_kind(model, fake_openai, failure, reply):
    fake_openai.say(reply)
    assert failed(model).failure is failure


@pytest.mark.parametrize(
    "body",
    [
        {  # OpenAI
            "error": {
                "message": "This model's maximum context length is 4097 tokens. However, your messages "
                "resulted in 5000 tokens.",
                "type": "invalid_request_error",
                "param": "messages",
                "code": "context_length_exceeded",
            }
        },
        {  # vLLM
            "object": "error",
            "message": "This model's maximum context length is 2048 tokens. However, you requested 3000.",
            "type": "BadRequestError",
            "param": None,
            "code": 400,
        },
        {  # llama.cpp
            "error": {
                "code": 400,
                "message": "the request exceeds the available context size. try increasing it",
                "type": "exceed_context_size_error",
                "n_prompt_tokens": 5000,
                "n_ctx": 4096,
            }
        },
        {"error": "prompt is too long"},
    ],
)
def test_more_than_the_context_holds_is_told_apart(model, fake_openai, body):
    fake_openai.say(Reply(status=400, body=body))
    assert failed(model).failure is Failure.OVERFLOW


@pytest.mark.parametrize(
    ("failure", "reply"),
    [
        (Failure.TIMEOUT, Reply(["Budi"], delay=600)),
        (Failure.TIMEOUT, Reply(["Bu", "di"], pause=600)),
        (Failure.TIMEOUT, Reply(repeat(": masih di sini"), pause=SOON / 10)),
        (Failure.TIMEOUT, Reply(repeat(""), pause=SOON / 10)),
        (Failure.ENDLESS, Reply(repeat({"reasoning_content": "Hmm."}), pause=SOON / 10)),
    ],
)
def test_a_model_without_a_word_is_given_up(hasty, fake_openai, failure, reply):
    fake_openai.say(reply)
    assert failed(hasty).failure is failure
    assert fake_openai.requests[0].gone.wait(LONG)


def test_where_nothing_listens_the_model_is_unreachable():
    with socket.socket() as taken:  # bound, but it does not listen
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        assert failed(Endpoint("tiru", url)).failure is Failure.UNREACHABLE
    assert failed(Endpoint("tiru", "http://[::1]:x/v1")).failure is Failure.OTHER


def test_a_request_is_made_once(model, fake_openai):
    fake_openai.say(Reply(status=500, body=""))
    failed(model)
    assert len(fake_openai.requests) == 1


def test_what_is_sent_elsewhere_is_not_followed(model, fake_openai):
    fake_openai.say(Reply(status=307, body="", headers={"Location": "/v1/models"}))
    assert failed(model).failure is Failure.OTHER
    fake_openai.say(Reply(status=307, body="", headers={"Location": fake_openai.url}))
    failed(model)
    assert len(fake_openai.requests) == 2


def test_pieces_before_a_failure_are_given(model, fake_openai):
    fake_openai.say(Reply(["Bu", "di"], finish=None, end="broken"))
    answer = model.stream("", "", longest=9)
    assert [next(answer), next(answer)] == ["Bu", "di"]
    with pytest.raises(ModelFailed):
        next(answer)


@pytest.mark.parametrize("end", ["close", "forget", "fail"])
def test_the_server_learns_at_once_that_no_one_reads_on(model, fake_openai, end):
    fake_openai.say(Reply(["satu", "dua"], pause=600))
    answer = model.stream("", "", longest=9)
    next(answer)
    if end == "close":
        answer.close()
    elif end == "forget":
        del answer
    else:
        with pytest.raises(ModelFailed):
            answer.throw(ValueError("the reader failed"))
    assert fake_openai.requests[0].gone.wait(LONG)


def test_an_answer_may_be_read_and_closed_from_different_threads(model, fake_openai):
    fake_openai.say(Reply(["satu", "dua"], end="open", finish=None))
    answer = model.stream("", "", longest=9)
    for expected in ("satu", "dua"):
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(next, answer).result() == expected
    with ThreadPoolExecutor(1) as thread:
        thread.submit(answer.close).result()
    assert fake_openai.requests[0].gone.wait(LONG)


def test_several_threads_each_get_their_own_answer(model, fake_openai):
    fake_openai.say(lambda body: Reply([body["messages"][1]["content"], " ya"], pause=0.01))
    with ThreadPoolExecutor(8) as threads:
        questions = [f"tanya {i}" for i in range(24)]
        answers = threads.map(lambda q: "".join(model.stream("", q, longest=9)), questions)
        assert list(answers) == [f"{question} ya" for question in questions]


@pytest.mark.parametrize("status", [400, 401, 429, 500])
@pytest.mark.parametrize("shape", [lambda said: {"error": {"message": said}}, str, repr])
def test_the_key_is_never_told(model, fake_openai, caplog, status, shape):
    caplog.set_level(logging.DEBUG)
    fake_openai.say(Reply(status=status, body=shape(f"Kunci salah: {KEY}")))
    error = failed(model)
    assert "Kunci salah" in error.detail
    assert "rahasia" not in f"{error!r} {error} {error.detail} {model!r} {vars(model)}"
    assert "rahasia" not in caplog.text
    assert KEY in fake_openai.requests[0].headers["authorization"]


def test_a_key_that_cannot_be_sent_is_not_told_either(fake_openai):
    assert "…" in failed(Endpoint("tiru", fake_openai.url, key=SecretStr("rahasia\nx"))).detail


def test_the_detail_is_one_short_line(model, fake_openai):
    fake_openai.say(Reply(status=400, body={"error": {"message": "a\x1b[31m\r\n\u202eb " * 99}}))
    detail = failed(model).detail
    assert detail.startswith("a [31m b a")
    assert detail.isprintable()
    assert len(detail) == 200


@given(st.text("ab", max_size=50), st.text("abc", min_size=1, max_size=60))
def test_a_text_that_repeats_itself_is_a_loop_and_a_shorter_one_is_not(before, unit):
    whole = unit * -(-40 // len(unit))
    looping = before + whole * 6
    assert any(_loops(looping + whole * i + unit[:j]) for i in range(2) for j in range(len(unit)))
    assert not _loops((whole * 6)[1:][:239])


def test_a_list_is_no_loop():
    assert not _loops(
        "".join(f"- warga kampung {i} memanen padi pada tahun ini\n" for i in range(9))
    )


def test_no_model_is_opened_unless_one_is_named():
    assert open_model(Settings.load()) is None


def test_the_model_of_the_settings_is_opened_without_reaching_it(monkeypatch, fake_openai):
    monkeypatch.setenv("KUTIP_MODEL", "tiru")
    monkeypatch.setenv("KUTIP_MODEL_URL", f"{fake_openai.url}/")
    monkeypatch.setenv("KUTIP_MODEL_KEY", "kunci")
    monkeypatch.setenv("KUTIP_MODEL_CONTEXT", "2048")
    model = open_model(Settings.load())
    assert model is not None
    assert (model.name, model.context) == ("tiru", 2048)
    assert not fake_openai.requests
    assert ask(model) == ["Halo."]
    assert fake_openai.requests[0].headers["authorization"] == "Bearer kunci"


QUIET = """
import sys

reached, port = [], int(sys.argv[1])

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        if arguments[1:] != (("127.0.0.1", port),) and arguments[:2] != ("127.0.0.1", port):
            reached.append((event, str(arguments)))
            raise OSError(f"the network was reached for: {event} {arguments}")

sys.addaudithook(refuse)

import assistant, assistant.model
assert not {"llama_index", "openai", "httpx"} & set(sys.modules), "imported before it is needed"

model = assistant.model.Endpoint("gpt-4o", f"http://127.0.0.1:{port}/v1")
print([piece for piece in model.stream("Jawab.", "Siapa?", longest=20) if piece])
print("reached", reached)
"""


def test_nothing_but_the_endpoint_is_reached(run, fake_openai, tmp_path):
    fake_openai.say(["Bu", "di"])
    port = fake_openai.url.split(":")[2].removesuffix("/v1")
    proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY"), "http://127.0.0.1:9")
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    output = run(QUIET, port, **proxies, **home)
    assert output.splitlines()[-2:] == ["['Bu', 'di']", "reached []"]
    assert not [path for path in tmp_path.rglob("*") if "tiktoken" in str(path)]
    assert "HF_HUB_OFFLINE" not in os.environ
