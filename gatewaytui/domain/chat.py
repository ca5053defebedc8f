"""A chat as asked and as answered, the same in every protocol: ChatRequest in, StreamEvents out."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Role(StrEnum):
    """Who speaks in a conversation."""

    USER = "user"
    ASSISTANT = "assistant"


class Message(msgspec.Struct, frozen=True):
    """One turn of a conversation."""

    role: Role
    text: str


class TokenLimitName(StrEnum):
    """What OpenAI-style servers call the output limit; newer models refuse the older name."""

    MAX_TOKENS = "max_tokens"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"


class ChatRequest(msgspec.Struct, frozen=True):
    """One request for an answer. ``max_tokens`` and ``temperature`` are left out of the wire where None.

    ``include_usage`` asks OpenAI streams for a usage chunk; servers that refuse it are asked again without.
    """

    model: str
    messages: tuple[Message, ...]
    system: str = ""
    stream: bool = True
    max_tokens: int | None = None
    temperature: float | None = None
    include_usage: bool = True
    token_limit_name: TokenLimitName = TokenLimitName.MAX_TOKENS


class Usage(msgspec.Struct, frozen=True):
    """Tokens as the server counted them; None where it did not say. Gemini's thoughts are ``reasoning_tokens``."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None

    @property
    def in_all(self) -> int | None:
        """Everything that was counted: the total as the server gives it, else its parts; None where it gave none."""
        parts = (self.input_tokens, self.output_tokens, self.reasoning_tokens)
        if self.total_tokens is not None or all(part is None for part in parts[:2]):
            return self.total_tokens
        return sum(filter(None, parts))


class ErrorObject(msgspec.Struct, frozen=True):
    """What a server says went wrong, wherever it put it. Codes are compared as strings.

    ``place`` names the shape it was found in (``error``, ``error-string``, ``success-false``, ``flat``,
    ``detail``, ``html-message``, ``description``, ``stream``); ``reasons`` are nested codes (Gemini
    ``details[].reason``, Azure ``innererror.code``); ``retry_after`` is seconds where the body says so.
    All strings are the server's: hostile, and never stored.
    """

    message: str = ""
    code: str = ""
    type: str = ""
    status: str = ""
    param: str = ""
    place: str = "error"
    reasons: tuple[str, ...] = ()
    provider: str = ""
    retry_after: float | None = None


class Started(msgspec.Struct, frozen=True, gc=False):
    """The server named what it serves: model and response id, either may be empty."""

    served_model: str
    response_id: str = ""


class TextDelta(msgspec.Struct, frozen=True, gc=False):
    """A piece of the answer."""

    text: str
    choice: int = 0


class ReasoningDelta(msgspec.Struct, frozen=True, gc=False):
    """A piece of the model's thinking, apart from the answer."""

    text: str
    choice: int = 0


class RefusalDelta(msgspec.Struct, frozen=True, gc=False):
    """A piece of the model's refusal."""

    text: str
    choice: int = 0


class ToolDelta(msgspec.Struct, frozen=True, gc=False):
    """A piece of a tool call. Pieces of one call share ``index``; ``id`` and ``name`` may come once only."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""
    choice: int = 0


class OtherContent(msgspec.Struct, frozen=True, gc=False):
    """A piece of the answer that is neither text nor a tool call of ours: an image, audio, code the provider ran.

    ``kind`` is the wire's own word for it.
    """

    kind: str
    choice: int = 0


class UsageReported(msgspec.Struct, frozen=True, gc=False):
    """The server's count so far: the last one replaces the earlier ones, never summed."""

    usage: Usage


class Finished(msgspec.Struct, frozen=True, gc=False):
    """Why the model stopped, in the wire's own word (``stop``, ``end_turn``, ``STOP``; Responses: the status).

    ``detail`` is the reason beside it where the protocol has one (``max_output_tokens``, ``blockReason``).
    """

    reason: str
    choice: int = 0
    detail: str = ""


class Terminator(msgspec.Struct, frozen=True, gc=False):
    """The protocol's own end mark was seen: ``[DONE]``, ``message_stop``, ``response.completed`` and kin."""

    name: str


class StreamError(msgspec.Struct, frozen=True, gc=False):
    """An error object inside a stream."""

    error: ErrorObject


class Unrecognised(msgspec.Struct, frozen=True, gc=False):
    """An event this dialect does not know; kept and shown, never an error. ``name`` is the server's word."""

    name: str


StreamEvent = (
    Started
    | TextDelta
    | ReasoningDelta
    | RefusalDelta
    | ToolDelta
    | OtherContent
    | UsageReported
    | Finished
    | Terminator
    | StreamError
    | Unrecognised
)


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One event of the wire as it came: an SSE event, a comment, a piece of a JSON array, or a whole body.

    ``name`` is the event's name (SSE ``event:``, else the payload's ``type``, else "" ; ``:`` for a comment),
    ``data`` its payload as sent (hostile), ``size`` the bytes it took, ``events`` what the dialect read in it.
    """

    name: str
    data: str
    size: int
    events: tuple[StreamEvent, ...] = ()


class ToolCall(msgspec.Struct, frozen=True):
    """A whole tool call; ``arguments`` is the JSON text as assembled."""

    id: str
    name: str
    arguments: str


class Answer(msgspec.Struct, frozen=True):
    """What a chat answered, first choice where there are several. Text fields are never stored as evidence.

    ``content_chunks`` counts non-empty text deltas; ``choice_count`` the choices that answered at all;
    ``other_content`` the pieces that are neither text nor a tool call (an answer of an image alone is not empty).
    """

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: str = ""
    finish_detail: str = ""
    served_model: str = ""
    response_id: str = ""
    usage: Usage | None = None
    choice_count: int = 0
    content_chunks: int = 0
    error: ErrorObject | None = None
    terminated: bool = False
    unrecognised: int = 0
    other_content: int = 0
