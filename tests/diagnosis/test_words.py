from __future__ import annotations

import pytest

from gatewaytui.diagnosis.vocabulary import Topic
from gatewaytui.diagnosis.words import names_provider, prepared, topics_in


def speaks(text: str, model: str = "") -> frozenset[Topic]:
    return topics_in(prepared(text, model))


@pytest.mark.parametrize(
    ("text", "topic", "holds"),
    [
        ("You exceeded your current quota, please check your plan and billing details", Topic.BILLING, True),
        ("Request quota per minute exceeded", Topic.BILLING, False),
        ("Request quota per minute exceeded", Topic.RATE, True),
        ("failed to generate", Topic.RATE, False),
        ("您的餘額不足，請充值", Topic.BILLING, True),
        ("無效的令牌", Topic.AUTH, True),
        ("The model does not exist or you do not have access to it", Topic.ACCESS, False),
        ("Invalid token '<' in JSON at position 0", Topic.AUTH, False),
        ("Limit 10000 tokens per minute exceeded, requested context length is too long", Topic.CONTEXT, False),
        ("Your account was suspended for violating our usage policies", Topic.FILTER, False),
        ("The upstream server is busy", Topic.UPSTREAM, True),
        ("此權杖無效", Topic.AUTH, True),
        ("伺服器忙碌中", Topic.OVERLOAD, True),
        ("無効なキーです", Topic.AUTH, True),
        ("サーバーが過負荷です", Topic.OVERLOAD, True),
        ("您的帳戶餘額充足", Topic.BILLING, False),
        ("max_tokens 9000 is over the context length: 4096 is the maximum", Topic.CONTEXT, True),
        ("max_tokens 9000 is over the maximum allowed value, less than the context length", Topic.CONTEXT, False),
        ("Container is warming up, retry in 5 seconds", Topic.OVERLOAD, True),
        ("Something broke, retry in 5 seconds", Topic.RATE, False),
    ],
)
def test_phrases(text: str, topic: Topic, holds: bool) -> None:
    assert (topic in speaks(text)) is holds


def test_a_sentence_ends_a_phrase_and_a_version_number_does_not() -> None:
    assert Topic.MODEL_MISSING in speaks("Model qwen2.5-7b was not found")
    assert Topic.MODEL_MISSING not in speaks("We checked the model. The file was not found")


def test_providers_are_quoted_by_exception() -> None:
    assert names_provider(prepared("litellm.RateLimitError: RateLimitError: OpenAIException - slow"))
    assert names_provider(prepared("GroqException - bad key"))
    assert not names_provider(prepared("AccessDeniedException - no"))
    assert not names_provider(prepared("HTTPException - nope"))


def test_only_the_beginning_of_a_long_message_is_read() -> None:
    assert Topic.RATE in speaks("too many requests " + "x" * 10_000)
    assert Topic.RATE not in speaks("x " * 5_000 + "too many requests")
