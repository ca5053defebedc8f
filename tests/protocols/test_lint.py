from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.protocols.lint import is_loopback, lint_base_url


@pytest.mark.parametrize(
    "url",
    [
        "https://www.tken.shop/v1",
        "https://openrouter.ai/api/v1",
        "https://generativelanguage.googleapis.com/v1beta",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        "https://api.deepseek.com",
        "https://open.bigmodel.cn/api/paas/v4",
        "http://localhost:11434/v1",
        "http://127.0.0.1:8000/healthy/v1/",
        "http://[::1]:8080/v1",
        " https://api.tokone.ai/v1 ",
        "https://g.example/images/v1",
    ],
)
def test_good_urls_need_no_advice(url: str) -> None:
    assert lint_base_url(url) == ()


@pytest.mark.parametrize(
    ("url", "level", "word", "proposal"),
    [
        ("", "error", "empty", ""),
        ("   ", "error", "empty", ""),
        ("api.tokone.ai/v1", "error", "https://", "https://api.tokone.ai/v1"),
        ("//api.tokone.ai/v1", "error", "https://", "https://api.tokone.ai/v1"),
        ("localhost:8000/v1", "error", "https://", "http://localhost:8000/v1"),
        ("htps://g.example/v1", "error", "https://", ""),
        ("ftp://g.example/v1", "error", "https://", ""),
        ("https:///v1", "error", "https://", ""),
        ("https://g.example:port/v1", "error", "port", ""),
        ("https://g.example/v 1", "error", "blank", ""),
        ("https://g.example/\u200bv1", "error", "invisible", ""),
        ("https://me:sk-secret@g.example/v1", "error", "password", "https://g.example/v1"),
        ("https://g.example/v1?key=sk-secret", "error", "query", "https://g.example/v1"),
        ("https://g.example/v1#x", "error", "fragment", "https://g.example/v1"),
        ("https://g.example/v1/chat/completions", "error", "endpoint", "https://g.example/v1"),
        ("https://g.example/v1/chat/completions//", "error", "endpoint", "https://g.example/v1"),
        ("https://g.example/v1/models/", "error", "endpoint", "https://g.example/v1"),
        ("https://g.example/v1beta/models/m:generateContent", "error", "endpoint", "https://g.example/v1beta"),
        ("http://g.example/v1", "warning", "clear", "https://g.example/v1"),
        ("https://g.example/v1/v1", "warning", "twice", "https://g.example/v1"),
        ("https://g.example", "warning", "/v1", "https://g.example/v1"),
        ("https://g.example/openai/", "warning", "/v1", "https://g.example/openai/v1"),
        ("https://g.example/openai/deployments/prod", "warning", "/v1", "https://g.example/openai/v1"),
    ],
)
def test_what_is_wrong_is_said_with_a_fix(url: str, level: str, word: str, proposal: str) -> None:
    first = lint_base_url(url)[0]
    assert (first.level, first.proposal) == (level, proposal)
    assert word in first.sentence


def test_several_faults_are_all_named() -> None:
    assert [advice.level for advice in lint_base_url("http://u:p@g.example/x?k=1")] == [
        "error",
        "error",
        "warning",
        "warning",
    ]


def test_no_advice_repeats_a_secret() -> None:
    for advice in lint_base_url("http://user:sk-SECRET@g.example/v1/messages?api_key=sk-SECRET#sk-SECRET"):
        assert "SECRET" not in advice.sentence + advice.proposal


def test_a_proposal_is_itself_without_that_fault() -> None:
    for url in ("https://g.example", "https://g.example/v1/v1", "https://g.example/v1/embeddings", "api.x.ai/v1"):
        assert lint_base_url(lint_base_url(url)[0].proposal) == ()


@given(st.text(max_size=40))
def test_no_text_makes_it_raise(text: str) -> None:
    assert all(advice.sentence for advice in lint_base_url(text) + lint_base_url(f"https://{text}"))


@pytest.mark.parametrize(
    ("host", "here"),
    [("localhost", True), ("a.localhost", True), ("127.9.9.9", True), ("::1", True), ("10.0.0.1", False),
     ("localhost.example", False), ("", False)],
)  # fmt: skip
def test_loopback(host: str, here: bool) -> None:
    assert is_loopback(host) is here
