"""A chat is sent again in the form the server asks for, and only then."""

from __future__ import annotations

import pytest

from gatewaytui.checks.chat import ChatCheck
from gatewaytui.domain.chat import ChatRequest, ErrorObject, Message, Role, TokenLimitName

CHAT = ChatCheck(ChatRequest("m", (Message(Role.USER, "hi"),), max_tokens=5))


def test_a_server_that_wants_max_completion_tokens_gets_it_once() -> None:
    error = ErrorObject(
        message="Use 'max_completion_tokens' instead.", code="unsupported_parameter", param="max_tokens"
    )
    again = CHAT.adapted(error)
    assert again is not None and again.chat.token_limit_name is TokenLimitName.MAX_COMPLETION_TOKENS
    assert again.adapted(error) is None


def test_a_server_that_does_not_know_stream_options_is_asked_without() -> None:
    error = ErrorObject(message="Unknown parameter: 'stream_options'.", param="stream_options")
    again = CHAT.adapted(error)
    assert again is not None and not again.chat.include_usage
    assert again.adapted(error) is None


@pytest.mark.parametrize("error", [None, ErrorObject(message="Invalid API key"), ErrorObject(param="temperature")])
def test_any_other_error_changes_nothing(error: ErrorObject | None) -> None:
    assert CHAT.adapted(error) is None
