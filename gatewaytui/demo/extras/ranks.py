"""Reranking in Jina's shape, which gateways pass on: the documents that share more words with the query first."""

from __future__ import annotations

import re

from gatewaytui.demo.dice import Dice
from gatewaytui.demo.prompt import Malformed, Object, typed, weight
from gatewaytui.demo.speech.base import to_json

from .base import Answer, Sent, Setting

_MOST_DOCUMENTS = 1000
_WORD = re.compile(r"\w+")
_LEAST, _SHARED, _CHANCE = 0.01, 0.9, 0.08  # of a score: at least, for the shared words, by chance


def rerank(sent: Sent, setting: Setting) -> Answer:
    """``{model, object, results: [{index, relevance_score, document?}], usage}``, the most relevant first."""
    query = sent.text("query")
    documents = _documents(sent)
    most = sent.number("top_n", len(documents), _MOST_DOCUMENTS)
    shown: bool = typed(sent.values, "return_documents", bool, False)
    results: list[Object] = [
        {"index": at, "relevance_score": _score(setting, query, text)}
        | ({"document": {"text": text}} if shown else {})
        for at, text in enumerate(documents)
    ]
    results.sort(key=lambda result: -result["relevance_score"])
    tokens = weight(query) + sum(map(weight, documents))
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return Answer(to_json({"model": setting.model, "object": "list", "results": results[:most], "usage": usage}))


def _documents(sent: Sent) -> list[str]:
    """Texts, or objects that hold them. Raises Malformed."""
    asked = sent.values.get("documents")
    if asked is None:
        raise Malformed("Missing required parameter: 'documents'.", "documents")
    items = asked if isinstance(asked, list) else []
    written = [one.get("text") if isinstance(one, dict) else one for one in items]
    texts = [text for text in written if isinstance(text, str)]
    if not 0 < len(texts) <= _MOST_DOCUMENTS or len(texts) < len(written):
        raise Malformed(f"Invalid 'documents': expected an array of 1 to {_MOST_DOCUMENTS} texts.", "documents")
    return texts


def _score(setting: Setting, query: str, text: str) -> float:
    wanted, there = (set(_WORD.findall(each.lower())) for each in (query, text))
    shared = len(wanted & there) / max(1, len(wanted))
    chance = Dice(setting.seed, setting.model, query, text).fraction()
    return round(_LEAST + _SHARED * shared + _CHANCE * chance, 6)
