"""Kutip inside LlamaIndex, with stock parts around it and no model's key at hand."""

from __future__ import annotations

import asyncio

import pytest
from llama_index.core import Settings
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine

from assistant.assistant import Assistant
from index.scope import Scope

QUESTION = "Kapan jembatan Kali Sari diresmikan?"


@pytest.fixture
def assistant(open_index, write, reader):
    write(
        {
            "jembatan.txt": "Kabar daerah\n\nJembatan Kali Sari diresmikan pada Maret 2019. "
            "Biayanya 12 miliar rupiah.\n",
            "panen.txt": "Panen raya\n\nWarga Kudus memanen padi. Hasilnya tujuh ton.\n",
        }
    )
    index = open_index()
    index.synchronise()
    return Assistant(index, reader=reader)


@pytest.fixture(autouse=True)
def _no_model(monkeypatch):
    """Whatever reaches for a global model of LlamaIndex fails the test."""

    def fail(self: object) -> None:
        raise AssertionError("a global model was asked for")

    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr(type(Settings), "llm", property(fail))
    monkeypatch.setattr(type(Settings), "embed_model", property(fail))


def test_nodes_carry_the_sentence_and_its_place(assistant, write):
    [best, *_] = assistant.as_retriever().retrieve(QUESTION)
    place = best.node.metadata
    text = (write({}) / place["file"]).read_text()
    assert place["file"] == "jembatan.txt"
    assert text[place["start"] : place["end"]] == place["text"]
    assert place["text"].endswith("Maret 2019.")
    assert place["sentence"] >= 1
    assert len(place["sha256"]) == 64
    assert place["text"] in best.node.get_content()  # the node's text has the neighbours too
    assert "12 miliar" in best.node.get_content()
    assert place["cosine"] == pytest.approx(assistant.index.search(QUESTION)[0].cosine)


def test_nodes_come_best_first(assistant):
    scores = [node.score for node in assistant.as_retriever().retrieve(QUESTION)]
    assert scores == sorted(scores, reverse=True)


def test_the_count_bounds_the_nodes(assistant):
    assert len(assistant.as_retriever(1).retrieve(QUESTION)) == 1


def test_nodes_are_told_apart_and_stay_the_same(assistant):
    once, again = (
        [n.node.node_id for n in assistant.as_retriever().retrieve(QUESTION)] for _ in range(2)
    )
    assert once == again
    assert len(set(once)) == len(once)


def test_a_stock_query_engine_runs_over_the_retriever(assistant):
    engine = RetrieverQueryEngine.from_args(assistant.as_retriever(), llm=MockLLM())
    response = engine.query(QUESTION)
    assert "Maret 2019" in str(response)  # the mock repeats its prompt
    assert response.source_nodes[0].node.metadata["file"] == "jembatan.txt"


def test_places_of_no_use_to_a_model_stay_out_of_its_prompt(assistant):
    engine = RetrieverQueryEngine.from_args(assistant.as_retriever(), llm=MockLLM())
    prompt = str(engine.query(QUESTION))
    assert "sha256" not in prompt
    assert "jembatan.txt" in prompt


def test_the_query_engine_answers_as_ask_does(assistant):
    answer = assistant.ask(QUESTION)
    response = assistant.as_query_engine().query(QUESTION)
    assert str(response) == answer.text
    assert [n.node.metadata["label"] for n in response.source_nodes] == [
        c.label for c in answer.citations
    ]
    first = response.source_nodes[0].node
    assert first.get_content() == answer.citations[0].text
    assert first.metadata["start"] == answer.citations[0].start
    assert response.metadata["answered"] == answer.answered
    assert response.metadata["language"] == "id"


def test_both_may_keep_to_some_of_the_articles(open_index, write, reader):
    write(
        {
            "a/jembatan.txt": "Jembatan Kali Sari diresmikan pada Maret 2019.\n",
            "b/panen.txt": "Warga Kudus memanen padi pada April 2018.\n",
        }
    )
    index = open_index()
    index.synchronise()
    assistant = Assistant(index, reader=reader)
    nodes = assistant.as_retriever(scope=Scope("b")).retrieve(QUESTION)
    assert {node.node.metadata["file"] for node in nodes} == {"b/panen.txt"}
    told = {
        folder: assistant.as_query_engine(scope=Scope(folder)).query(QUESTION)
        for folder in ("a", "b")
    }
    assert "Maret 2019" in str(told["a"])
    assert {n.node.metadata["file"] for n in told["b"].source_nodes} <= {"b/panen.txt"}


def test_both_work_asynchronously(assistant):
    async def ask():
        return await asyncio.gather(
            assistant.as_retriever().aretrieve(QUESTION),
            assistant.as_query_engine().aquery(QUESTION),
        )

    nodes, response = asyncio.run(ask())
    assert nodes[0].node.metadata["file"] == "jembatan.txt"
    assert str(response) == assistant.ask(QUESTION).text


def test_an_index_without_anything_gives_no_nodes(open_index):
    empty = Assistant(open_index(index="kosong"))
    assert empty.as_retriever().retrieve(QUESTION) == []
    response = empty.as_query_engine().query(QUESTION)
    assert response.source_nodes == []
    assert response.metadata["answered"] is False
