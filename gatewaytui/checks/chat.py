"""Check ``chat``: one small request for an answer. Proves the key, the model id and the request's form."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.chat import ChatRequest, ErrorObject, TokenLimitName
from gatewaytui.domain.exchange import Exchange, WireRequest
from gatewaytui.domain.failure import Finding
from gatewaytui.domain.reading import Reading
from gatewaytui.domain.run import CheckResult, StreamFacts

from .base import Plan, result


class ChatCheck(msgspec.Struct, frozen=True):
    """``POST`` one chat, streamed or not, in the target's protocol."""

    chat: ChatRequest

    @property
    def name(self) -> str:
        """``stream`` where a stream was asked, else ``chat``."""
        return "stream" if self.chat.stream else "chat"

    def request(self, plan: Plan) -> WireRequest:
        """The chat for the plan's model."""
        return plan.dialect.chat_request(
            plan.target.profile.base_url, replace(self.chat, model=plan.model), plan.auth
        )

    def judge(
        self,
        exchange: Exchange,
        reading: Reading | None,
        finding: Finding | None,
        stream: StreamFacts | None = None,
    ) -> CheckResult:
        """The shape of the answer and, for a stream, its measures."""
        return result(self.name, exchange, reading, finding, stream)

    def adapted(self, error: ErrorObject | None) -> ChatCheck | None:
        """The same chat in the form the server asked for, or None where it did not ask for one.

        Newer OpenAI models refuse ``max_tokens`` in favour of ``max_completion_tokens``; some
        servers do not know ``stream_options``. Both name the parameter in their error.
        """
        said = f"{error.param} {error.message}".lower() if error else ""
        if (
            "max_completion_tokens" in said or (error is not None and error.param == "max_tokens")
        ) and self.chat.token_limit_name is TokenLimitName.MAX_TOKENS:
            return ChatCheck(replace(self.chat, token_limit_name=TokenLimitName.MAX_COMPLETION_TOKENS))
        if "stream_options" in said and self.chat.stream and self.chat.include_usage:
            return ChatCheck(replace(self.chat, include_usage=False))
        return None
