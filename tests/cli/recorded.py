"""Profiles of gateways that keep a log, for the commands that compare them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from msgspec.structs import replace

from tests.engine.answers import chat_answer, error, reply
from tests.servers.recording import Answer, Asked, Behaviour, Gateway, recording

KEY_VARIABLE = "NO_KEY_NEEDED"
Profile = Callable[..., Gateway]


def listed(price: float | None = None) -> Answer:
    """A list of one model, with this price a token."""
    entry = {"id": "gpt-5.5", "object": "model", "owned_by": "x"}
    pricing = {"pricing": {"prompt": f"{price:.10f}", "completion": f"{price:.10f}"}} if price is not None else {}
    return reply(200, {"object": "list", "data": [{**entry, **pricing}]})


@contextmanager
def profiles(add: Callable[..., object]) -> Iterator[Profile]:
    """A function that starts a gateway with this chat and adds a profile of it; ``add`` is the command line."""
    with ExitStack() as stack:

        def added(name: str, chat: Behaviour = chat_answer, price: float | None = None) -> Gateway:
            gateway = stack.enter_context(
                recording(lambda asked: listed(price) if asked.method == "GET" else chat(asked))
            )
            argv = ("profiles", "add", name, "--base-url", f"{gateway.url}/v1", "--key", f"env:{KEY_VARIABLE}")
            assert getattr(add(*argv, "--default-model", "gpt-5.5"), "returncode", None) == 0
            return gateway

        yield added


def chats(gateway: Gateway) -> int:
    """How many chats it was asked for."""
    return sum(asked.method == "POST" for asked in gateway.asked)


def limited(asked: Asked) -> Answer:
    """Too many requests."""
    return error(429, "Rate limit reached.", "rate_limit_exceeded", "rate_limit_error")


def paced(pause: float) -> Behaviour:
    """The usual answer with a pause before each of its pieces, in seconds."""
    return lambda asked: replace(chat_answer(asked), pause=pause)
