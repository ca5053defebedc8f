"""The options that every command with a TARGET shares, as a gateway sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from gatewaytui.domain.profile import AuthHeader
from tests.engine.answers import NO_ROUTE, chat_answer
from tests.engine.gateway import HEADER_NAMES, KEY, Usual
from tests.servers.recording import Gateway, recording

from .conftest import Quick

COMMANDS = {
    "smoke": ("smoke", "--model", "gpt-5.5"),
    "doctor": ("doctor", "--model", "gpt-5.5", "--no-families"),
    "chat": ("chat", "--model", "gpt-5.5", "Hello"),
    "models": ("models",),
    "endpoints": ("endpoints", "--family", "chat"),
}


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """A gateway that reads the key from x-api-key alone, whatever the protocol; ``K`` holds the key."""
    monkeypatch.setenv("K", KEY)
    with recording(Usual(headers=("x-api-key",))) as gateway:
        yield gateway


def _options(gateway: Gateway, *more: str) -> tuple[str, ...]:
    return ("--base-url", f"{gateway.url}/v1", "--api-key-env", "K", *more)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_address_can_be_asked_with_the_key_in_any_header(quick: Quick, strange: Gateway, command: str) -> None:
    argv = COMMANDS[command]
    assert quick(*argv, *_options(strange)).returncode == 10
    strange.asked.clear()
    done = quick(*argv, *_options(strange, "--auth-header", "x-api-key"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert strange.asked and all(set(asked.keys) == {"x-api-key"} for asked in strange.asked)


@pytest.mark.parametrize("header", AuthHeader)
def test_every_header_mode_of_a_profile_is_one_of_an_address(
    quick: Quick, strange: Gateway, header: AuthHeader
) -> None:
    quick("models", *_options(strange, "--auth-header", header.value))
    carried = {AuthHeader.NONE: set(), AuthHeader.AUTO: {"authorization"}}
    expected = carried[header] if header in carried else {HEADER_NAMES[header]}
    assert [set(asked.keys) for asked in strange.asked] == [expected]


def test_the_header_of_a_profile_gives_way_for_one_run(quick: Quick, strange: Gateway) -> None:
    added = (
        "profiles",
        "add",
        "mine",
        "--base-url",
        f"{strange.url}/v1",
        "--key",
        "env:K",
        "--auth-header",
        "bearer",
    )
    assert quick(*added).returncode == 0
    assert quick("models", "mine").returncode == 10
    assert quick("models", "mine", "--auth-header", "x-api-key").returncode == 0
    assert quick("models", "mine").returncode == 10


def test_a_header_mode_that_is_none_is_a_usage_error(quick: Quick, strange: Gateway) -> None:
    done = quick("smoke", *_options(strange, "--auth-header", "x-key"))
    assert done.returncode == 2 and "x-api-key" in done.stderr and strange.asked == []


def test_the_doctor_names_the_option_and_the_option_mends_it(quick: Quick, strange: Gateway) -> None:
    asked = ("doctor", *_options(strange, "--model", "gpt-5.5", "--no-families"))
    said = " ".join(quick(*asked).stdout.split())
    assert "--auth-header x-api-key" in said and "profile" not in said
    assert quick(*asked, "--auth-header", "x-api-key").returncode == 0


def test_the_handoff_carries_the_header_on(quick: Quick, strange: Gateway) -> None:
    done = quick("handoff", *_options(strange, "--model", "gpt-5.5", "--auth-header", "x-api-key"))
    assert "x-api-key" in done.stdout.lower() and "authorization" not in done.stdout.lower()


def test_a_list_that_a_gateway_lacks_is_never_called_failed(quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K", KEY)
    only_chats = {"/v1/chat/completions": chat_answer}
    with recording(Usual(routes={"/v1/models": lambda _: NO_ROUTE} | only_chats)) as gateway:
        done = quick("smoke", *_options(gateway, "--model", "gpt-5.5", "--json"))
    lines = [line for line in done.stderr.splitlines() if line[:1] in "✓!✗·"]
    assert [line.split()[1:3] for line in lines] == [["models", "warned"], ["chat", "passed"]]
    assert "failed" not in done.stderr and done.returncode == 0
    assert json.loads(done.stdout)["summary"]["warnings"] == ["models_unsupported"]
