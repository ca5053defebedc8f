"""OpenAI's endpoints beside chat, in their smallest valid requests: vectors, ranks, images, audio, compaction.

Gateways take them in OpenAI's form, rerank in Jina's and Cohere's, which agree (facts/gateways.md, TokModel).
"""

from __future__ import annotations

import re

from gatewaytui.domain.exchange import Ask, AskKind, WireRequest
from gatewaytui.domain.profile import AuthHeader, Protocol

from .lenient import Object
from .multipart import post_form
from .requests import post
from .samples import png_file, wav_file
from .urls import join_openai

PICTURE, SPOKEN = "A red dot", "OK"
_SMALL = re.compile(r"dall-e-2\b", re.IGNORECASE)  # the one model that paints less than 1024 pixels a side
_QUALITY = re.compile(r"gpt-image|chatgpt-image", re.IGNORECASE)
_SIZED = re.compile(r"dall-e|gpt-image|chatgpt-image", re.IGNORECASE)


def compact_request(base_url: str, model: str, text: str, auth: AuthHeader) -> WireRequest:
    """``POST {base}/responses/compact``: the conversation of one turn, made shorter."""
    ask = Ask(AskKind.CHAT, Protocol.OPENAI_RESPONSES, model)
    body: Object = {"model": model, "input": [{"role": "user", "content": text}]}
    return post(join_openai(base_url, "/responses/compact"), ask, auth, body)


def embeddings_request(base_url: str, model: str, text: str, auth: AuthHeader) -> WireRequest:
    """``POST {base}/embeddings``: one vector of one text."""
    ask = Ask(AskKind.EMBEDDINGS, None, model)
    return post(join_openai(base_url, "/embeddings"), ask, auth, {"model": model, "input": text})


def rerank_request(base_url: str, model: str, auth: AuthHeader) -> WireRequest:
    """``POST {base}/rerank``: two documents of one word."""
    ask = Ask(AskKind.RERANK, None, model)
    body: Object = {"model": model, "query": "red", "documents": ["red", "blue"], "top_n": 1}
    return post(join_openai(base_url, "/rerank"), ask, auth, body)


def generation_request(base_url: str, model: str, auth: AuthHeader) -> WireRequest:
    """``POST {base}/images/generations``: one image, the smallest and cheapest the model makes."""
    body: Object = {"model": model, "prompt": PICTURE, "n": 1, **dict(_looks(model))}
    return post(join_openai(base_url, "/images/generations"), Ask(AskKind.IMAGES, None, model), auth, body)


def edit_request(base_url: str, model: str, auth: AuthHeader) -> WireRequest:
    """``POST {base}/images/edits``: a form with a generated image of 64 by 64."""
    fields = (("model", model), ("prompt", PICTURE), ("n", "1"), *_looks(model))
    ask = Ask(AskKind.IMAGES, None, model)
    return post_form(join_openai(base_url, "/images/edits"), ask, auth, fields, (png_file(),))


def variation_request(base_url: str, model: str, auth: AuthHeader) -> WireRequest:
    """``POST {base}/images/variations``: the same without a prompt."""
    fields = (("model", model), ("n", "1"), *((name, value) for name, value in _looks(model) if name == "size"))
    ask = Ask(AskKind.IMAGES, None, model)
    return post_form(join_openai(base_url, "/images/variations"), ask, auth, fields, (png_file(),))


def speech_request(base_url: str, model: str, auth: AuthHeader) -> WireRequest:
    """``POST {base}/audio/speech``: one spoken word."""
    body: Object = {"model": model, "input": SPOKEN, "voice": "alloy"}
    return post(join_openai(base_url, "/audio/speech"), Ask(AskKind.SPEECH, None, model), auth, body)


def transcription_request(base_url: str, model: str, auth: AuthHeader) -> WireRequest:
    """``POST {base}/audio/transcriptions``: a tenth of a second of silence."""
    return _heard(base_url, "/audio/transcriptions", model, auth)


def translation_request(base_url: str, model: str, auth: AuthHeader) -> WireRequest:
    """``POST {base}/audio/translations``: the same silence, to English."""
    return _heard(base_url, "/audio/translations", model, auth)


def _heard(base_url: str, path: str, model: str, auth: AuthHeader) -> WireRequest:
    fields = (("model", model), ("response_format", "json"))
    return post_form(join_openai(base_url, path), Ask(AskKind.TRANSCRIPT, None, model), auth, fields, (wav_file(),))


def _looks(model: str) -> tuple[tuple[str, str], ...]:
    """The size, and the quality where the model has one; models of other makers choose for themselves."""
    if _SMALL.search(model):
        return (("size", "256x256"),)
    size = (("size", "1024x1024"),) if _SIZED.search(model) else ()
    return (*size, ("quality", "low")) if _QUALITY.search(model) else size
