"""Requests to the embedded gateways, written by hand in each protocol."""

from __future__ import annotations

import json
from typing import Any

import httpx
import msgspec

from gatewaytui.demo.launch import Gateways, PersonaInfo
from gatewaytui.domain.profile import Protocol

PROMPT = "Explain how a gateway does routing."
MODELS = {
    Protocol.OPENAI_CHAT: "gpt-5.5",
    Protocol.OPENAI_RESPONSES: "gpt-5.5",
    Protocol.ANTHROPIC: "claude-sonnet-4-6",
    Protocol.GEMINI: "gemini-3.5-flash",
}
CLIENT = httpx.Client(trust_env=False, timeout=10, limits=httpx.Limits(max_keepalive_connections=0))
CARRIERS = {Protocol.ANTHROPIC: ("x-api-key", ""), Protocol.GEMINI: ("x-goog-api-key", "")}


class Question(msgspec.Struct, frozen=True):
    """One request: where, with which headers, and its body (None for a GET)."""

    url: str
    headers: dict[str, str]
    body: dict[str, Any] | None = None


def info_of(gateways: Gateways, name: str) -> PersonaInfo:
    return next(info for info in gateways.personas if info.name == name)


def model_of(info: PersonaInfo, protocol: Protocol) -> str:
    owner = {Protocol.ANTHROPIC: "anthropic/", Protocol.GEMINI: "google/"}.get(protocol, "openai/")
    return (owner if "/" in info.model else "") + MODELS[protocol]


def key_of(info: PersonaInfo, protocol: Protocol) -> str:
    group = next((group.name for group in info.groups if protocol in group.protocols), "")
    return info.keys[group].reveal()


def key_headers(info: PersonaInfo, protocol: Protocol, key: str | None = None) -> dict[str, str]:
    forced = info.auth_header == "bearer"
    name, scheme = ("authorization", "Bearer ") if forced else CARRIERS.get(protocol, ("authorization", "Bearer "))
    version = {"anthropic-version": "2023-06-01"} if protocol is Protocol.ANTHROPIC else {}
    sent = key_of(info, protocol) if key is None else key
    return {name: scheme + sent, **version} if sent else version


def question(
    info: PersonaInfo,
    protocol: Protocol,
    stream: bool = False,
    prompt: str = PROMPT,
    model: str = "",
    limit: int | None = None,
    key: str | None = None,
    **extra: Any,
) -> Question:
    model = model or model_of(info, protocol)
    root, headers = info.base_url.removesuffix("/v1"), key_headers(info, protocol, key)
    turns = [{"role": "user", "content": prompt}]
    if protocol is Protocol.GEMINI:
        verb = "streamGenerateContent?alt=sse" if stream else "generateContent"
        config = {"generationConfig": {"maxOutputTokens": limit}} if limit else {}
        contents = [{"role": "user", "parts": [{"text": prompt}]}]
        body = {"contents": contents, **config, **extra}
        return Question(f"{root}/v1beta/models/{model}:{verb}", headers, body)
    if protocol is Protocol.ANTHROPIC:
        body = {"model": model, "max_tokens": limit or 400, "messages": turns, "stream": stream, **extra}
        return Question(f"{root}/v1/messages", headers, body)
    if protocol is Protocol.OPENAI_RESPONSES:
        bound = {"max_output_tokens": limit} if limit else {}
        return Question(
            f"{root}/v1/responses", headers, {"model": model, "input": prompt, "stream": stream, **bound, **extra}
        )
    bound = {"max_tokens": limit} if limit else {}
    usage = {"stream_options": {"include_usage": True}} if stream else {}
    body = {"model": model, "messages": turns, "stream": stream, **usage, **bound, **extra}
    return Question(f"{root}/v1/chat/completions", headers, body)


def send(asked: Question) -> httpx.Response:
    """The whole answer."""
    if asked.body is None:
        return CLIENT.get(asked.url, headers=asked.headers)
    return CLIENT.post(asked.url, headers=asked.headers, json=asked.body)


def events(text: str) -> list[dict[str, Any]]:
    """The data of every event of a stream, but for ``[DONE]``."""
    lines = text.replace("\r\n", "\n").split("\n")
    data = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    return [json.loads(one) for one in data if one != "[DONE]"]


def said(protocol: Protocol, stream: list[dict[str, Any]]) -> str:
    """The text of a stream, read in the plainest way there is."""
    if protocol is Protocol.OPENAI_CHAT:
        return "".join(e["choices"][0]["delta"].get("content") or "" for e in stream if e["choices"])
    if protocol is Protocol.OPENAI_RESPONSES:
        return "".join(e["delta"] for e in stream if e["type"] == "response.output_text.delta")
    if protocol is Protocol.ANTHROPIC:
        return "".join(e["delta"].get("text", "") for e in stream if e["type"] == "content_block_delta")
    return "".join(
        part["text"] for e in stream for part in e["candidates"][0]["content"]["parts"] if not part.get("thought")
    )


def said_whole(protocol: Protocol, body: dict[str, Any]) -> str:
    """The text of a whole answer."""
    if protocol is Protocol.OPENAI_CHAT:
        return str(body["choices"][0]["message"]["content"])
    if protocol is Protocol.OPENAI_RESPONSES:
        return str(body["output"][-1]["content"][0]["text"])
    if protocol is Protocol.ANTHROPIC:
        return str(body["content"][-1]["text"])
    return str(body["candidates"][0]["content"]["parts"][-1]["text"])


def thought(protocol: Protocol, stream: list[dict[str, Any]]) -> str:
    """The thinking of a stream."""
    if protocol is Protocol.OPENAI_CHAT:
        return "".join(e["choices"][0]["delta"].get("reasoning_content", "") for e in stream if e["choices"])
    if protocol is Protocol.OPENAI_RESPONSES:
        return "".join(e["delta"] for e in stream if e["type"] == "response.reasoning_summary_text.delta")
    if protocol is Protocol.ANTHROPIC:
        return "".join(e["delta"].get("thinking", "") for e in stream if e["type"] == "content_block_delta")
    return "".join(
        part["text"] for e in stream for part in e["candidates"][0]["content"]["parts"] if part.get("thought")
    )


def thought_whole(protocol: Protocol, body: dict[str, Any]) -> str:
    """The thinking of a whole answer."""
    if protocol is Protocol.OPENAI_CHAT:
        return str(body["choices"][0]["message"]["reasoning_content"])
    if protocol is Protocol.OPENAI_RESPONSES:
        return str(body["output"][0]["summary"][0]["text"])
    if protocol is Protocol.ANTHROPIC:
        return str(body["content"][0]["thinking"])
    return str(body["candidates"][0]["content"]["parts"][0]["text"])
