"""What gateways answer: lists, chats in four protocols, errors, pages."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.servers.recording import Answer, Asked


def reply(status: int, value: object, *headers: tuple[str, str]) -> Answer:
    """An answer in JSON."""
    return Answer(status, json.dumps(value).encode(), headers=headers)


def error(status: int, message: str, code: str = "", kind: str = "invalid_request_error") -> Answer:
    """An error as OpenAI's servers shape it."""
    return reply(status, {"error": {"message": message, "type": kind, "code": code or None, "param": None}})


BAD_KEY = error(401, "Incorrect API key provided.", "invalid_api_key")
NO_ROUTE = error(404, "Invalid URL", "not_found")
PAGE = Answer(200, b"<!doctype html><html><head><title>Dashboard</title></head></html>", "text/html")


def model_list(ids: tuple[str, ...]) -> Answer:
    """A catalogue in the OpenAI shape."""
    return reply(200, {"object": "list", "data": [{"id": id, "object": "model", "owned_by": "x"} for id in ids]})


def chat_answer(asked: Asked) -> Answer:
    """OpenAI chat completions, whole or streamed."""
    model = asked.json["model"]
    usage = {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}
    if not asked.json.get("stream"):
        message = {"index": 0, "message": {"role": "assistant", "content": "OK"}, "finish_reason": "stop"}
        return reply(
            200, {"id": "c", "object": "chat.completion", "model": model, "choices": [message], "usage": usage}
        )
    head = {"id": "c", "object": "chat.completion.chunk", "model": model}
    pieces = [
        {**head, "choices": [{"index": 0, "delta": {"role": "assistant", "content": "O"}, "finish_reason": None}]},
        {**head, "choices": [{"index": 0, "delta": {"content": "K"}, "finish_reason": None}]},
        {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {**head, "choices": [], "usage": usage},
    ]
    lines = [b"data: %b\n\n" % json.dumps(piece).encode() for piece in pieces]
    return Answer(200, content_type="text/event-stream", pieces=(*lines, b"data: [DONE]\n\n"), pause=0.004)


def responses_answer(asked: Asked) -> Answer:
    """OpenAI Responses, whole."""
    text = {"type": "output_text", "text": "OK", "annotations": []}
    output = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [text]}
    return reply(
        200,
        {
            "id": "r",
            "object": "response",
            "status": "completed",
            "model": asked.json["model"],
            "output": [output],
            "usage": {"input_tokens": 9, "output_tokens": 1, "total_tokens": 10},
        },
    )


def messages_answer(asked: Asked) -> Answer:
    """Anthropic Messages, whole."""
    return reply(
        200,
        {
            "id": "m",
            "type": "message",
            "role": "assistant",
            "model": asked.json["model"],
            "content": [{"type": "text", "text": "OK"}],
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 9, "output_tokens": 1},
        },
    )


def gemini_answer(_: Asked) -> Answer:
    """Gemini, whole."""
    content = {"role": "model", "parts": [{"text": "OK"}]}
    usage = {"promptTokenCount": 9, "candidatesTokenCount": 1, "totalTokenCount": 10}
    return reply(200, {"candidates": [{"content": content, "finishReason": "STOP"}], "usageMetadata": usage})


NGINX_502 = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><hr><center>nginx</center></body></html>"
NO_CHANNEL = error(503, "No available channel for model gpt-5.5 under group default", kind="new_api_error")
QUOTA = error(429, "You exceeded your current quota, please check your plan and billing details.")
RATE = error(429, "Rate limit reached for requests", "rate_limit_exceeded")

Route = Callable[[Asked], Answer | None]


def refuses(answer: Answer, *models: str, keys: tuple[str, ...] = ()) -> Route:
    """A chat that is refused for these models (all where none is named), unless with one of these keys."""

    def route(asked: Asked) -> Answer:
        spared = (models and asked.json.get("model") not in models) or any(key in keys for key in asked.keys.values())
        return chat_answer(asked) if spared else answer

    return route


def only(stream: bool, otherwise: Answer) -> Route:
    """A chat that is served in one form only."""
    return lambda asked: chat_answer(asked) if bool(asked.json.get("stream")) is stream else otherwise
