"""The doctor against gateways as strangers run them: a wrong address that refuses, lists and chats that part ways."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trustme

from gatewaytui.domain.progress import DoctorJob
from gatewaytui.domain.secret import Secret
from gatewaytui.engine.engine import Engine
from tests.servers.recording import Answer, Asked

from .answers import NO_ROUTE, PAGE, chat_answer, error, gemini_answer, reply
from .gateway import KEY, Usual, a_target, examine, shown
from .support import Keys, finish

LIST, CHAT = "/v1/models", "/v1/chat/completions"
FORBIDDEN = reply(403, {"message": "Forbidden"})
NO_SUCH_ENGINE = reply(
    404, {"status": 404, "error": "Not Found", "message": "engine gpt-5.5 is not in our catalogue"}
)


class Case(msgspec.Struct, frozen=True):
    """A gateway, how it is asked, the verdict, and words of the next step."""

    gateway: Any
    verdict: tuple[str, str, str]
    words: tuple[str, ...]
    asked: dict[str, Any] = msgspec.field(default_factory=dict)


def behind_v1(otherwise: Answer) -> Any:
    """A gateway below /v1 that knows another key, with something else everywhere beside it."""
    return lambda asked: Usual(keys=("another",))(asked) if asked.path.startswith("/v1/") else otherwise


def only_gemini(asked: Asked) -> Answer | None:
    """Google's own: its list and its chats below /v1beta, its key in its header, a page for all else."""
    if not asked.path.startswith("/v1beta/"):
        return Answer(404, PAGE.body, "text/html")
    if asked.keys.get("x-goog-api-key") != KEY:
        return reply(403, {"error": {"code": 403, "message": "unregistered callers", "status": "PERMISSION_DENIED"}})
    listed = {"models": [{"name": "models/gpt-5.5", "supportedGenerationMethods": ["generateContent"]}]}
    return reply(200, listed) if asked.method == "GET" else gemini_answer(asked)


def only_chats(refusal: Answer | None = None) -> Any:
    """No list at all, and a chat."""
    return lambda asked: (refusal or chat_answer(asked)) if asked.path == CHAT else NO_ROUTE


def no_stream(asked: Asked) -> Answer:
    """The key is good for whole answers only."""
    return error(401, "no streaming entitlement") if asked.json.get("stream") else chat_answer(asked)


def in_x_api_key(asked: Asked) -> Answer | None:
    """An API gateway of a cloud: the key in x-api-key, and 403 with one bare word for everything else."""
    answer = Usual(headers=("x-api-key",))(asked)
    return FORBIDDEN if answer is not None and answer.status == 401 else answer


CASES: dict[str, Case] = {
    "a website, and the API below /v1 refuses the key": Case(
        behind_v1(PAGE), ("models", "base_url", "gateway"), ("/v1: an API refuses", "(auth)"), {"path": ""}
    ),
    "no such path, and the API below /v1 refuses the key": Case(
        behind_v1(NO_ROUTE), ("models", "base_url", "gateway"), ("/v1: an API refuses", "(auth)"), {"path": "/api"}
    ),
    "the path of one deployment": Case(
        Usual(at="/openai"),
        ("models", "base_url", "gateway"),
        ("Set the base URL to", "/openai/v1:"),
        {"path": "/openai/deployments/prod"},
    ),
    "Gemini alone, asked as OpenAI": Case(
        only_gemini, ("models", "endpoint_unsupported", "gateway"), ("Set the protocol to gemini",), {"model": ""}
    ),
    "no list and no model named": Case(
        only_chats(), ("models", "route_not_found", "gateway"), ("name a model id and run again",), {"model": ""}
    ),
    "no list, and the money is gone": Case(
        only_chats(error(402, "Pay first")), ("chat", "billing_quota", "gateway"), ("Top up",)
    ),
    "no list, and the model is unknown": Case(
        only_chats(NO_SUCH_ENGINE), ("chat", "model_not_found", "gateway"), ("no model list to choose from",)
    ),
    "no list, and the key is another's": Case(
        only_chats(error(401, "This access key expired on 2024-01-01")), ("chat", "auth", "gateway"), ("expired",)
    ),
    "a list, and no path for the chat": Case(
        Usual(serves=()), ("chat", "route_not_found", "gateway"), ("Keep the base URL", "no other protocol")
    ),
    "a list, and a web page for the chat": Case(
        Usual(routes={CHAT: lambda _: PAGE}), ("chat", "response_shape", "gateway"), ("Keep the base URL",)
    ),
    "the key may chat and not stream": Case(
        Usual(routes={CHAT: no_stream}), ("stream", "permission", "gateway"), ("Turn streaming off",)
    ),
    "a bare 403 without the right header": Case(
        in_x_api_key, ("auth", "auth", "gateway"), ("Set the header mode to x-api-key (--auth-header x-api-key)",)
    ),
    "a server for other host names": Case(
        lambda _: Answer(421, b"Misdirected Request", "text/plain"),
        ("models", "base_url", "edge"),
        ("Check the host name", "tell its operator"),
    ),
    "a server that wants TLS": Case(
        lambda _: Answer(426, b"Upgrade Required", "text/plain", headers=(("upgrade", "TLS/1.2, HTTP/1.1"),)),
        ("models", "protocol", "edge"),
        ("put https://",),
    ),
    "a network's sign-in page": Case(
        lambda _: Answer(200, b"<html><title>Hotel WiFi</title></html>", "text/html"),
        ("models", "edge_blocked", "edge"),
        ("sign in to this network",),
    ),
    "a server that asks to wait": Case(
        lambda _: reply(503, {"error": {"message": "We are upgrading"}}, ("retry-after", "90")),
        ("models", "gateway_error", "gateway"),
        ("Wait 90 s",),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_foreign_gateway(name: str) -> None:
    case = CASES[name]
    done = examine(case.gateway, **case.asked)
    assert done.verdict == case.verdict, shown(done.run)
    assert all(word in done.step for word in case.words), done.step
    assert done.document["summary"]["failure_class"] == case.verdict[1]


def test_a_chat_that_was_refused_is_isolated_and_not_the_missing_list() -> None:
    done = examine(only_chats(error(401, "No key was sent", "missing_api_key")))
    assert done.tried[1:4] == ["key in x-api-key", "key in x-goog-api-key", "key in api-key"]
    assert not any(label.startswith("base URL") for label in done.tried)
    assert [check.name for check in done.run.warned] == ["models"]


@pytest.fixture
def https_only(tmp_path: Path) -> Iterator[int]:
    """A port that takes up TLS and closes on anything else, without a word."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(handle, "127.0.0.1", 0, ssl=context), loop).result(
        5
    )
    yield server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


def test_http_spoken_to_an_https_port_is_named_by_a_handshake_that_carries_no_request(https_only: int) -> None:
    target = a_target(f"http://127.0.0.1:{https_only}/v1")
    run, _ = asyncio.run(finish(Engine(Keys(("plain", "", Secret(KEY)))), DoctorJob(target)))
    assert run.failed is not None and run.failed.finding is not None, shown(run)
    assert f"Set the base URL to https://127.0.0.1:{https_only}/v1:" in run.failed.finding.next_step
    assert [sent.path for sent in run.requests] == [LIST]
