"""The whole trip with a language model: it writes, the articles hold it, and they answer where it fails."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_openai import FakeOpenAI, Reply

from assistant import Assistant, show
from assistant.records import Answer, Backing
from assistant.settings import Settings
from assistant.trace import Trace

ARTICLES = {
    "irak.txt": "Irak menang\n\nBagdad menyatakan menang atas ISIS pada Desember 2017. Perang itu "
    "berlangsung tiga tahun. Menteri Luar Negeri Rusia Sergey Lavrov mengucapkan selamat kepada Irak.\n",
    "lomba.txt": "Lomba lari\n\nSiti Rahayu menjuarai lomba lari maraton di Bandung pada Minggu pagi. "
    "Ia menerima hadiah 25 juta rupiah dari gubernur.\n",
    # against what everyone knows
    "kota.txt": "Ibu kota Prancis\n\nIbu kota Prancis adalah Lyon, kata buku pelajaran yang ditarik "
    "itu. Penerbitnya meminta maaf.\n",
}
QUESTION = "Kapan Irak menyatakan menang atas ISIS?"
KEY = "sk-rahasia-12345"

Open = Callable[..., Assistant]


@pytest.fixture
def opened(
    cache: Path, write: Callable[..., Path], tmp_path: Path, fake_openai: FakeOpenAI
) -> Iterator[Assistant]:
    settings = Settings(
        cache=cache, model="fake", model_url=fake_openai.url, model_key=KEY, model_timeout=3
    )
    with Assistant.open(write(ARTICLES), tmp_path / "index", settings=settings) as assistant:
        yield assistant


def numbered(body: dict[str, Any], words: str) -> str:
    """The number that the prompt gives to the sentence with these words."""
    [number] = re.findall(rf"^\[(\d+)\] .*{words}", body["messages"][-1]["content"], re.MULTILINE)
    return str(number)


def victory(body: dict[str, Any]) -> list[str]:
    return ["Irak menyatakan menang ", "pada Desember 2017 [", numbered(body, "Bagdad"), "]."]


def test_the_model_writes_and_its_markers_are_citations(
    opened: Assistant, fake_openai: FakeOpenAI
) -> None:
    fake_openai.say(victory)
    shown = list(opened.stream(QUESTION))
    answer = shown[-1]
    assert answer.text == "Irak menyatakan menang pada Desember 2017 [1]."
    assert answer.model == "fake"
    assert [c.backing for c in answer.claims] == [Backing.SUPPORTED]
    assert answer.citations[0].text == "Bagdad menyatakan menang atas ISIS pada Desember 2017."
    assert len(shown) > 2
    assert opened.ask(QUESTION) == answer


def test_what_the_model_remembers_does_not_pass_for_what_the_articles_say(
    opened: Assistant, fake_openai: FakeOpenAI
) -> None:
    fake_openai.say(lambda body: ["Ibu kota Prancis adalah Paris [", numbered(body, "Lyon"), "]."])
    answer = opened.ask("Apa ibu kota Prancis menurut buku pelajaran itu?")
    assert "Paris" not in answer.text
    assert "Lyon" in answer.text
    assert answer.model is None
    assert answer.notes


FAILURES = {
    "a wrong key": Reply(status=401, body={"error": {"message": f"bad key {KEY}"}}),
    "a wrong name": Reply(status=404, body={"error": {"message": "no such model"}}),
    "too many requests": Reply(status=429, body={"error": {"message": "slow down"}}),
    "silence": Reply(["Irak"], delay=20),
    "a stream cut in the middle": Reply(["Irak menang "], finish=None, end="broken"),
    "nothing": Reply([" "]),
    "no end": Reply(["menang " * 40] * 400),
    "too long a prompt": Reply(status=400, body={"error": {"message": "context length exceeded"}}),
    "an error within": Reply(status=500, body="<html>oops</html>"),
    "no source at all": Reply(["PISANG-7731"]),
}


@pytest.mark.parametrize("reply", FAILURES.values(), ids=list(FAILURES))
def test_where_it_fails_the_articles_are_quoted_and_the_reader_is_told(
    reply: Reply, opened: Assistant, fake_openai: FakeOpenAI
) -> None:
    fake_openai.say(reply)
    answer = opened.ask(QUESTION)
    assert answer.answered
    assert "“Bagdad menyatakan menang atas ISIS pada Desember 2017.” [1]" in answer.text
    assert answer.model is None
    assert "fake" in answer.notes[0]
    assert KEY not in show.as_json(answer)


def test_an_endpoint_that_is_down_is_told(
    cache: Path, write: Callable[..., Path], tmp_path: Path
) -> None:
    settings = Settings(cache=cache, model="gone", model_url="http://127.0.0.1:9/v1")
    with Assistant.open(write(ARTICLES), tmp_path / "index", settings=settings) as assistant:
        answer = assistant.ask(QUESTION)
    assert "Desember 2017" in answer.text
    assert "gone" in answer.notes[0]


def test_where_the_articles_do_not_say_the_model_is_not_asked(
    opened: Assistant, fake_openai: FakeOpenAI
) -> None:
    answer = opened.ask("Berapa banyak paus biru yang dihitung di Antarktika?")
    assert not answer.answered
    assert fake_openai.requests == []


def test_what_the_model_takes_in_and_writes_is_counted(
    opened: Assistant, fake_openai: FakeOpenAI
) -> None:
    fake_openai.say(victory)
    asked, silent = Trace(), Trace()
    opened.ask(QUESTION, (), asked)
    opened.ask("Berapa banyak paus biru yang dihitung di Antarktika?", (), silent)
    [request] = fake_openai.requests
    messages = [message["content"] for message in request.body["messages"]]
    lengths = opened.index.encoder.lengths
    assert asked.given == sum(lengths(messages))
    assert [asked.written] == lengths(["".join(victory(request.body))])
    assert (silent.given, silent.written) == (0, 0)


def test_a_models_own_refusal_is_a_refusal(opened: Assistant, fake_openai: FakeOpenAI) -> None:
    fake_openai.say(["TIDAK ADA ", "JAWABAN"])
    answer = opened.ask(QUESTION)
    assert not answer.answered
    assert answer.notes == ()


def test_a_follow_up_is_put_in_full_and_the_reader_is_shown_how(
    opened: Assistant, fake_openai: FakeOpenAI
) -> None:
    whole = "Berapa hadiah yang diterima Siti Rahayu?"

    def script(body: dict[str, Any]) -> list[str]:
        if "=====" in body["messages"][-1]["content"] and "[1]" not in str(body["messages"]):
            return [whole]
        return ["Hadiahnya 25 juta rupiah [", numbered(body, "hadiah"), "]."]

    fake_openai.say(script)
    history = [
        ("Siapa juara maraton di Bandung?", "Siti Rahayu [1]\n\n“Siti Rahayu menjuarai …” [1]")
    ]
    answer = opened.ask("Berapa hadiah yang dia terima?", history)
    assert answer.read_as == whole
    assert answer.question == "Berapa hadiah yang dia terima?"
    assert "25 juta" in answer.text


def test_a_follow_up_that_the_model_spoils_is_read_without_it(
    opened: Assistant, fake_openai: FakeOpenAI
) -> None:
    fake_openai.say(["Siapa presiden Amerika Serikat Barack Obama?"])
    history = [
        ("Siapa juara maraton di Bandung?", "Siti Rahayu [1]\n\n“Siti Rahayu menjuarai …” [1]")
    ]
    answer = opened.ask("Berapa hadiah yang dia terima?", history)
    assert answer.read_as is None
    assert "25 juta" in answer.text


def test_to_stop_ends_the_request(opened: Assistant, fake_openai: FakeOpenAI) -> None:
    def endless(body: dict[str, Any]) -> Iterator[str]:
        yield from victory(body)
        for i in range(10_000):
            yield f" kata{i}"

    fake_openai.say(lambda body: Reply(endless(body), pause=0.01))
    with closing(opened.stream(QUESTION)) as answers:
        first = next(a for a in answers if "[1]" in a.text)
    assert isinstance(first, Answer)
    assert fake_openai.requests[-1].gone.wait(10)


def test_to_stop_ends_also_the_putting_of_a_follow_up(
    opened: Assistant, fake_openai: FakeOpenAI
) -> None:
    fake_openai.say(Reply(["Berapa"], delay=60))
    history = [("Siapa juara maraton di Bandung?", "Siti Rahayu [1]")]
    with closing(opened.stream("Berapa hadiah yang dia terima?", history)) as answers:
        assert next(answers).text == ""
        assert fake_openai.asked.wait(10)
    assert fake_openai.requests[-1].gone.wait(10)  # long before it would have spoken


def test_json_tells_who_wrote_it_and_how_it_stands(
    opened: Assistant, fake_openai: FakeOpenAI
) -> None:
    fake_openai.say(lambda body: [*victory(body), " Semua senang."])
    told = json.loads(show.as_json(opened.ask(QUESTION)))
    assert told["model"] == "fake"
    assert [claim["backing"] for claim in told["claims"]] == ["supported", "uncited"]
    assert any("Semua senang." in note for note in told["unverified"])
    assert KEY not in json.dumps(told)
