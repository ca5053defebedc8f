"""``smoke --sample``: a fixed run, for trying renderers and approvals without network or key."""

from __future__ import annotations

from datetime import UTC, datetime

from gatewaytui.domain.chat import Usage
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.run import AnswerFacts, CatalogueFacts, CheckResult, Outcome, Run, TargetFacts

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_MODEL = "gpt-5.4-mini"


def sample_run(skip_chat: bool) -> Run:
    """A run as it looks when everything passed."""
    checks = (
        CheckResult(
            name="models",
            outcome=Outcome.PASSED,
            method="GET",
            path="/v1/models",
            status=200,
            elapsed_ms=182.0,
            catalogue=CatalogueFacts(3, (_MODEL, "claude-sonnet-4-6", "gemini-3.5-flash")),
        ),
        CheckResult(
            name="chat",
            outcome=Outcome.PASSED,
            method="POST",
            path="/v1/chat/completions",
            status=200,
            elapsed_ms=640.0,
            answer=AnswerFacts(1, "stop", Usage(9, 2, 11), _MODEL, text_chars=2),
        ),
    )
    target = TargetFacts(
        "sample", "", "https://gateway.example/v1", AuthHeader.BEARER, Protocol.OPENAI_CHAT, _MODEL, _MODEL
    )
    return Run("smoke", _AT, (target,), checks[:1] if skip_chat else checks)
