"""Kutip inside LlamaIndex: a retriever and a query engine of LlamaIndex's own types."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.records import Answer, Citation
from index.index import Index
from index.records import Evidence, Sentence
from index.scope import Scope

if TYPE_CHECKING:
    from assistant.assistant import Assistant


class SentenceRetriever(BaseRetriever):  # type: ignore[misc]
    """Retrieves sentences as nodes, best first: text is the sentence with its neighbours.

    A node's score orders it among those of one question. Its metadata: `file`, `sentence` (its
    number), `start`, `end` and `text` of the sentence itself, `cosine`, `title`, `published` (ISO
    date or None), `sha256`.
    """

    def __init__(self, index: Index, count: int, scope: Scope) -> None:
        self._index, self._count, self._scope = index, count, scope
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._index.search(query_bundle.query_str, self._count, scope=self._scope)
        return [NodeWithScore(node=_node(item), score=item.score) for item in found]


class AnswerEngine(BaseQueryEngine):  # type: ignore[misc]
    """Answers as `Assistant.ask` does; the cited sentences are the response's source nodes."""

    def __init__(self, assistant: Assistant, scope: Scope) -> None:
        self._assistant, self._scope = assistant, scope
        super().__init__(callback_manager=None)

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return _response(self._assistant.ask(query_bundle.query_str, scope=self._scope))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


_FOR_CODE = ["start", "end", "text", "cosine", "sha256"]  # metadata of no use to a model


def _node(item: Evidence) -> TextNode:
    sentences = [*item.before, item.sentence, *item.after]
    return TextNode(
        id_=f"{item.sha256[:16]}/{item.sentence.number}/{item.sentence.file}",
        text=" ".join(" ".join(sentence.text.split()) for sentence in sentences),
        metadata={
            **_place(item.sentence),
            "cosine": item.cosine,
            "title": item.title,
            "published": item.published.isoformat() if item.published else None,
            "sha256": item.sha256,
        },
        excluded_llm_metadata_keys=_FOR_CODE,
        excluded_embed_metadata_keys=_FOR_CODE,
    )


def _place(sentence: Sentence) -> dict[str, str | int]:
    return {
        "file": sentence.file,
        "sentence": sentence.number,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
    }


def _response(answer: Answer) -> Response:
    return Response(
        response=answer.text,
        source_nodes=[NodeWithScore(node=_cited(c)) for c in answer.citations],
        metadata={
            "answered": answer.answered,
            "confidence": answer.confidence,
            "language": answer.language,
            "unverified": list(answer.unverified),
        },
    )


def _cited(citation: Citation) -> TextNode:
    return TextNode(
        id_=f"{citation.sha256[:16]}/{citation.sentence}/{citation.file}",
        text=citation.text,
        metadata={
            "label": citation.label,
            "file": citation.file,
            "sentence": citation.sentence,
            "start": citation.start,
            "end": citation.end,
            "title": citation.title,
            "published": citation.published.isoformat() if citation.published else None,
            "sha256": citation.sha256,
        },
    )
