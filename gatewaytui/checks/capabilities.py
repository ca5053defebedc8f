"""What a model does beyond text, by one tiny chat each: stream, JSON mode, JSON schema, tools, vision.

A capability counts only where the answer shows it: JSON that is JSON, a call of the tool. What is accepted and
ignored is a warning, because a client finds out at run time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.chat import Answer, ChatRequest, ErrorObject, Message, Role
from gatewaytui.domain.exchange import Exchange, WireRequest
from gatewaytui.domain.failure import Confidence, FailureClass, Finding
from gatewaytui.domain.profile import Protocol
from gatewaytui.domain.reading import Reading
from gatewaytui.domain.run import CheckResult, Outcome
from gatewaytui.protocols.features import FIELD, TOOL, Feature, has_feature, with_feature

from .base import Plan, result
from .chat import ChatCheck
from .findings import found

ANSWER_TOKENS = 64
IMAGE_TOKENS = 1_200  # what the most wasteful tokeniser makes of 64 by 64 pixels, rounded up
_PROMPTS: Mapping[Feature, str] = MappingProxyType(
    {
        Feature.STREAM: "Count from one to five in words.",
        Feature.JSON_MODE: f'Name a colour as JSON, like {{"{FIELD}": "..."}}.',
        Feature.JSON_SCHEMA: f'Name a colour as JSON, like {{"{FIELD}": "..."}}.',
        Feature.TOOLS: f"Call {TOOL} with any colour.",
        Feature.VISION: "Which colour is this image? One word.",
    }
)
_LIMITS = frozenset(("length", "max_tokens", "max_output_tokens", "incomplete"))
_REFUSALS = frozenset(
    (FailureClass.REQUEST_SHAPE, FailureClass.FEATURE_UNSUPPORTED, FailureClass.ENDPOINT_UNSUPPORTED)
)
_PARAMETERS = frozenset(("max_tokens", "temperature", "top_p"))  # a list that names these names all it takes
_CUT_SHORT = "The answer reached its token limit before it could show this."
_NO_COLOUR = "The image was accepted; the answer does not name its colour, red."


class Capability(msgspec.Struct, frozen=True):
    """One capability: a row of ``CAPABILITIES``.

    ``shown`` tells whether an answer proves it. ``words`` are what lists call it; where it is ``settled``, a list
    that names all the parameters a model takes and not this one says that the model lacks it.
    """

    feature: Feature
    title: str
    shown: Callable[[Answer], bool]
    words: frozenset[str]
    settled: bool = False
    tokens: int = ANSWER_TOKENS * 2

    @property
    def name(self) -> str:
        """The check's name."""
        return self.feature.value

    @property
    def prompt(self) -> str:
        """What is asked."""
        return _PROMPTS[self.feature]

    def offered_by(self, protocol: Protocol) -> bool:
        """True where the protocol has a way to ask for it."""
        return has_feature(protocol, self.feature)

    def declared(self, model: ModelInfo | None) -> bool | None:
        """Whether the list says that the model has it; None where the list says nothing of it."""
        said = frozenset(model.capabilities) if model else frozenset()
        if self.words & said:
            return True
        return False if self.settled and said & _PARAMETERS else None

    def request(self, plan: Plan) -> WireRequest:
        """The tiny chat with the capability asked for."""
        return with_feature(self._chat().request(plan), plan.target.protocol, self.feature)

    def adapted(self, plan: Plan, error: ErrorObject | None) -> WireRequest | None:
        """The same in the form the server asked for (the token limit's other name, no usage), or None."""
        other = self._chat().adapted(error)
        return None if other is None else with_feature(other.request(plan), plan.target.protocol, self.feature)

    def judge(self, exchange: Exchange, reading: Reading | None, finding: Finding | None) -> CheckResult:
        """Passed where the answer shows it; warned where it was accepted and ignored; else the failure."""
        answer = reading.answer if reading else None
        if finding is not None and finding.failure_class in _REFUSALS:
            finding = found(FailureClass.FEATURE_UNSUPPORTED, "capability.refused", exchange, reading)
        check = result(self.name, exchange, reading, finding)
        unasked = finding is not None and finding.rule == "stream.missing"
        if check.outcome is Outcome.FAILED and not unasked:
            return check
        shown = reading is not None and reading.streaming if self.feature is Feature.STREAM else _is(self, answer)
        if shown:
            dropped = self.feature is Feature.VISION and answer is not None and "red" not in answer.text.lower()
            return replace(check, note=_NO_COLOUR if dropped else "")
        if answer is not None and self.feature is not Feature.STREAM and _cut_short(answer):
            return replace(check, outcome=Outcome.SKIPPED, finding=None, note=_CUT_SHORT)
        ignored = found(
            FailureClass.FEATURE_UNSUPPORTED, "capability.ignored", exchange, reading, confidence=Confidence.LIKELY
        )
        return replace(check, outcome=Outcome.WARNED, finding=ignored, note=f"Accepted and ignored: {self.title}.")

    def _chat(self) -> ChatCheck:
        streamed = self.feature is Feature.STREAM
        said = (Message(Role.USER, self.prompt),)
        return ChatCheck(ChatRequest("", said, stream=streamed, max_tokens=ANSWER_TOKENS))


def _is(capability: Capability, answer: Answer | None) -> bool:
    return answer is not None and capability.shown(answer)


def _cut_short(answer: Answer) -> bool:
    return bool(_LIMITS & {answer.finish_reason.lower(), answer.finish_detail.lower()})


def _object(answer: Answer) -> object:
    """The answer as JSON; None where it is none."""
    try:
        return json.loads(answer.text)
    except (ValueError, RecursionError):
        return None


def _is_json(answer: Answer) -> bool:
    return isinstance(_object(answer), dict | list)


def _is_in_schema(answer: Answer) -> bool:
    value = _object(answer)
    return isinstance(value, dict) and set(value) == {FIELD} and isinstance(value[FIELD], str)


def _has_call(answer: Answer) -> bool:
    return any(call.name == TOOL for call in answer.tool_calls)


def _has_text(answer: Answer) -> bool:
    return bool(answer.text.strip())


CAPABILITIES: Mapping[str, Capability] = MappingProxyType(
    {
        capability.name: capability
        for capability in (
            Capability(Feature.STREAM, "streaming", _has_text, frozenset(("streaming", "stream"))),
            Capability(
                Feature.JSON_MODE,
                "JSON mode",
                _is_json,
                frozenset(("response_format", "json_mode", "json_object")),
                settled=True,
            ),
            Capability(
                Feature.JSON_SCHEMA,
                "a JSON schema",
                _is_in_schema,
                frozenset(("structured_outputs", "json_schema", "structured_output")),
                settled=True,
            ),
            Capability(
                Feature.TOOLS,
                "tools",
                _has_call,
                frozenset(("tools", "function_calling", "tool_calls", "tool_use")),
                settled=True,
            ),
            Capability(
                Feature.VISION,
                "images in a chat",
                _has_text,
                frozenset(("vision", "image_input", "images")),
                tokens=ANSWER_TOKENS * 2 + IMAGE_TOKENS,
            ),
        )
    }
)
