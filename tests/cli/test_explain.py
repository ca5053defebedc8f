"""``explain``: the contract of its JSON word by word, its hints, and captures of every form."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gatewaytui.cli.explain import command
from tests.conftest import Cli

KEYS = [
    "protocol",
    "streaming",
    "status",
    "outcome",
    "failure",
    "served_model",
    "finish_reason",
    "refused",
    "usage",
    "tool_calls",
    "content_chunks",
    "text_chars",
    "text_sha256",
    "stream_end",
]
FAILURE = ["class", "family", "origin", "confidence", "rule", "whose", "next_step", "retry", "signals"]
CHAT: dict[str, Any] = {
    "object": "chat.completion",
    "model": "gpt-5.5",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Grüße"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2},
}
REFUSAL = CHAT | {
    "choices": [
        {"index": 0, "message": {"role": "assistant", "content": None, "refusal": "No."}, "finish_reason": "stop"}
    ]
}
RESPONSES = {
    "object": "response",
    "status": "incomplete",
    "incomplete_details": {"reason": "max_output_tokens"},
    "model": "gpt-5.5",
    "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Half an"}]}],
    "usage": {
        "input_tokens": 4,
        "input_tokens_details": {"cached_tokens": 1},
        "output_tokens": 9,
        "output_tokens_details": {"reasoning_tokens": 5},
        "total_tokens": 13,
    },
}
NO_MONEY = {"error": {"message": "Insufficient account credits", "code": 402}}
STREAM = (
    'data: {"object":"chat.completion.chunk","model":"gpt-5.5","choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n'
    'data: {"choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}\n\n'
    "data: [DONE]\n\n"
)


def _curl(status: int, body: str, content_type: str = "application/json") -> str:
    return f"HTTP/2 {status} \r\ncontent-type: {content_type}\r\n\r\n{body}"


def _entry(url: str, status: int, body: object, asked: object = None, encoded: bool = False) -> dict[str, Any]:
    text = body if isinstance(body, str) else json.dumps(body)
    content = {"mimeType": "application/json", "text": text}
    if encoded:
        content |= {"text": base64.b64encode(text.encode()).decode(), "encoding": "base64"}
    request: dict[str, Any] = {"method": "POST" if asked else "GET", "url": url, "headers": []}
    if asked:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(asked)}
    return {"request": request, "response": {"status": status, "headers": [], "content": content}}


def _har(*entries: dict[str, Any]) -> str:
    return json.dumps({"log": {"version": "1.2", "entries": entries}})


def explain(capture: str | bytes, *argv: str) -> tuple[list[dict[str, Any]], int]:
    done = CliRunner().invoke(command, ["--json", *argv], input=capture)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.stdout.isascii()
    return json.loads(done.stdout)["exchanges"], done.exit_code


def test_an_answer_has_the_keys_of_the_contract() -> None:
    (found,), code = explain(_curl(200, json.dumps(CHAT)))
    assert (sorted(found), code) == (sorted(KEYS), 0)
    assert found["usage"] == {
        "input_tokens": 3,
        "output_tokens": 2,
        "total_tokens": None,
        "cached_tokens": None,
        "reasoning_tokens": None,
    }
    assert found["text_sha256"] == hashlib.sha256("Grüße".encode()).hexdigest()
    assert (found["text_chars"], found["stream_end"], found["failure"], found["refused"]) == (5, None, None, False)


def test_a_failure_has_the_keys_of_the_contract() -> None:
    (found,), code = explain(_curl(403, json.dumps(NO_MONEY)))
    failure = found["failure"]
    assert (sorted(failure), code) == (sorted(FAILURE), 14)
    assert (failure["class"], failure["family"], failure["retry"]) == (
        "billing_quota",
        "rate_or_quota",
        {"when": "no", "seconds": None},
    )
    assert failure["signals"]["status"] == 403
    assert (found["outcome"], found["served_model"], found["usage"], found["text_sha256"]) == (
        "failed",
        None,
        None,
        None,
    )


def test_a_stream_is_counted_and_its_end_told() -> None:
    (found,), code = explain(_curl(200, STREAM, "text/event-stream"), "--show-text")
    assert (found["streaming"], found["content_chunks"], found["stream_end"], code) == (True, 2, "complete", 0)
    assert (found["text"], found["finish_reason"], found["served_model"]) == ("Hello", "stop", "gpt-5.5")


def test_a_cut_stream_fails_and_keeps_what_had_come() -> None:
    (found,), code = explain(_curl(200, STREAM[:120], "text/event-stream"))
    assert (found["outcome"], found["stream_end"], found["text_chars"], code) == ("failed", "cut", 3, 18)


def test_of_responses_the_status_is_the_finish() -> None:
    (found,), _ = explain(json.dumps(RESPONSES))
    assert (found["protocol"], found["finish_reason"], found["outcome"]) == (
        "openai-responses",
        "incomplete",
        "passed",
    )
    assert found["usage"]["reasoning_tokens"] == 5 and found["usage"]["cached_tokens"] == 1


def test_a_refusal_is_no_failure() -> None:
    (found,), code = explain(_curl(200, json.dumps(REFUSAL)))
    assert (found["refused"], found["outcome"], code) == (True, "passed", 0)


def test_a_list_is_counted_and_its_ids_shown_only_when_asked() -> None:
    listed = json.dumps({"object": "list", "data": [{"id": "a", "object": "model"}, {"id": "b", "object": "model"}]})
    (found,), _ = explain(listed)
    assert (found["protocol"], found["model_count"], "model_ids" in found, "text" in found) == (
        "models-openai",
        2,
        False,
        False,
    )
    (shown,), _ = explain(listed, "--show-text")
    assert (shown["model_ids"], shown["text"]) == (["a", "b"], None)


def test_a_body_alone_has_no_status_unless_the_person_knows_it() -> None:
    (unknown,), _ = explain(json.dumps(NO_MONEY))
    assert unknown["status"] is None and "status" not in unknown["failure"]["signals"]
    (known,), _ = explain(json.dumps(NO_MONEY), "--status", "403")
    assert known["status"] == known["failure"]["signals"]["status"] == 403


def test_a_har_keeps_its_order_and_fails_as_its_first_failure() -> None:
    chat = "https://g.example/v1/chat/completions"
    capture = _har(
        _entry("https://g.example/v1/models", 200, {"object": "list", "data": [{"id": "m", "object": "model"}]}),
        _entry(chat, 200, CHAT, {"model": "gpt-5.5"}, encoded=True),
        _entry(chat, 402, NO_MONEY, {"model": "gpt-5.5"}),
        _entry(chat, 401, {"error": {"message": "Invalid API key", "code": "invalid_api_key"}}, {"model": "m"}),
    )
    found, code = explain(capture)
    assert [one["failure"] and one["failure"]["class"] for one in found] == [None, None, "billing_quota", "auth"]
    assert (found[1]["text_chars"], code) == (5, 14)


def test_what_a_capture_says_itself_a_hint_does_not_change() -> None:
    capture = _har(_entry("https://g.example/v1/chat/completions", 402, NO_MONEY, {"model": "gpt-5.5"}))
    told, code = explain(capture, "--ask", "models", "--status", "200", "--model", "other", "--protocol", "gemini")
    assert (told, code) == explain(capture)


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ((), None),
        (("--model", "claude-opus-4-7"), "model_mismatch"),
        (("--model", "gpt-5.5-2026-01-01"), None),
    ],
)
def test_a_model_that_was_asked_for_is_compared(argv: tuple[str, ...], expected: str | None) -> None:
    (found,), code = explain(json.dumps(CHAT), *argv)
    assert (found["failure"] and found["failure"]["class"], code) == (expected, 0)


def test_an_entry_without_an_answer_is_still_explained() -> None:
    entry = {
        "request": {"method": "GET", "url": "https://nowhere.example/v1/models", "headers": []},
        "response": {"status": 0, "headers": [], "content": {}, "_error": "net::ERR_NAME_NOT_RESOLVED"},
    }
    (found,), code = explain(_har(entry))
    assert (found["status"], found["failure"]["class"], code) == (None, "dns", 20)


@pytest.mark.parametrize("capture", [b"", b"   \n", b"plain words", b'{"a": 1}', b"\x00\xff\xfe" * 99, b'{"log":{}}'])
def test_what_is_no_exchange_is_said(capture: bytes) -> None:
    found, code = explain(capture)
    assert (found, code) == ([], 22)


def test_for_a_person_hostile_text_is_visible_and_harmless(cli: Cli, tmp_path: Path) -> None:
    hostile = (
        json.dumps(CHAT)
        .replace("Gr\\u00fc\\u00dfe", "\\u001b]52;c;aGk=\\u0007 \\u009b31m")
        .replace('"stop"', '"st\\u001bop"')
    )
    place = tmp_path / "body.json"
    place.write_text(hostile, encoding="utf-8")
    done = cli("explain", str(place), "--show-text")
    assert done.returncode == 0 and "openai-chat" in done.stdout
    assert not {"\x1b", "\x07", "\x9b"} & set(done.stdout)


def test_a_person_sees_what_was_asked(cli: Cli) -> None:
    capture = _har(_entry("https://g.example/v1/models", 401, {"error": {"message": "Invalid API key"}}))
    done = cli("explain", stdin=capture)
    assert done.stdout.startswith("1. GET /v1/models: models-openai, HTTP 401: ✗ failed\n")
    for label in ("class  auth", "whose", "next", "seen"):
        assert label in done.stdout


def test_a_directory_is_no_file(cli: Cli, tmp_path: Path) -> None:
    done = cli("explain", str(tmp_path))
    assert (done.returncode, done.stdout, "directory" in done.stderr) == (21, "", True)
