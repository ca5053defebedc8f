"""Rule 4: what the error object says of money, groups, models, length, content and features, at any status.

Codes go before words. Everything here is about the request; who sent it and how often comes after.
"""

from __future__ import annotations

from gatewaytui.domain.exchange import AskKind
from gatewaytui.domain.failure import Confidence, FailureClass

from . import advice
from .rule import Rule, Test, code, under_failure, words
from .sight import Sight
from .vocabulary import Topic


def _names_model(sight: Sight) -> bool:
    """A refusal that blames the field ``model`` and says nothing more."""
    error = sight.error
    blamed = error is not None and error.param.rpartition(".")[2] == "model" and not (sight.topic or sight.words)
    return blamed and (sight.acting == 404 or (sight.acting in (400, 422) and sight.asked_named))


def _asked(test: Test) -> Test:
    """Not of a list, which asks for no model: a host's ``deployment not found`` is about the address."""
    return lambda sight: sight.ask.kind is not AskKind.MODELS and test(sight)


def _says_access(sight: Sight) -> bool:
    """OpenAI sends model_not_found, too, for a model that exists and that this project may not use."""
    return (
        sight.topic is Topic.MODEL_MISSING and Topic.ACCESS in sight.words and Topic.MODEL_MISSING not in sight.words
    )


_CERTAIN = Confidence.CERTAIN

_RULES = (
    Rule(
        "query_key.code", code(Topic.KEY_IN_QUERY), FailureClass.REQUEST_SHAPE,
        "Before everything about keys: the key may be good, its place is wrong.", _CERTAIN,
    ),
    Rule(
        "query_key.words", words(Topic.KEY_IN_QUERY), FailureClass.REQUEST_SHAPE,
        "The same without a code.",
    ),
    Rule(
        "billing.code", code(Topic.BILLING), FailureClass.BILLING_QUOTA,
        "Money comes as 401, 402, 403, 412 and 429; only the code is the same.", _CERTAIN,
    ),
    Rule(
        "billing.words", words(Topic.BILLING), FailureClass.BILLING_QUOTA,
        "Many gateways name money in words only. A quota in a time window is a rate and is told apart before.",
    ),
    Rule(
        "access.code", code(Topic.ACCESS), FailureClass.GROUP_OR_MODEL_ACCESS,
        "The key's group or plan, told apart from a bad key (401) and a missing permission (403).", _CERTAIN,
    ),
    Rule(
        "access.words", words(Topic.ACCESS), FailureClass.GROUP_OR_MODEL_ACCESS,
        "Before the no-channel rules: 'No available accounts: this group only allows ...' is about the group.",
    ),
    Rule(
        "access.not_missing", _says_access, FailureClass.GROUP_OR_MODEL_ACCESS,
        "Words of access alone are more exact than the code model_not_found.",
    ),
    Rule(
        "model.no_channel_words",
        lambda sight: sight.topic is Topic.MODEL_MISSING and Topic.NO_CHANNEL in sight.words,
        FailureClass.MODEL_UNAVAILABLE,
        "new-api sends model_not_found for a known model without a channel: its words are more exact than its code.",
    ),
    Rule(
        "model.missing_code", code(Topic.MODEL_MISSING), FailureClass.MODEL_NOT_FOUND,
        "Comes as 400, 404, 422, 503 and 200.", _CERTAIN, advise=advice.model,
    ),
    Rule(
        "model.no_channel_code", code(Topic.NO_CHANNEL), FailureClass.MODEL_UNAVAILABLE,
        "The gateway knows the model and has nothing to serve it with.", _CERTAIN,
    ),
    Rule(
        "model.no_channel", words(Topic.NO_CHANNEL), FailureClass.MODEL_UNAVAILABLE,
        "The same in words; before the missing model, because such sentences name the model too.",
    ),
    Rule(
        "model.missing_words", _asked(words(Topic.MODEL_MISSING)), FailureClass.MODEL_NOT_FOUND,
        "The same without a code.", advise=advice.model,
    ),
    Rule(
        "model.field", _names_model, FailureClass.MODEL_NOT_FOUND,
        "A 404 that blames the field `model` is not about the path, nor a 400 that names the id about the form.",
        advise=advice.model,
    ),
    Rule(
        "context.code", code(Topic.CONTEXT), FailureClass.CONTEXT_LENGTH,
        "Comes as 400, 403, 413, 422 and 500.", _CERTAIN,
    ),
    Rule(
        "context.words", words(Topic.CONTEXT), FailureClass.CONTEXT_LENGTH,
        "The same without a code; a rate limit that counts tokens is no context length.",
    ),
    Rule(
        "filter.code", code(Topic.FILTER), FailureClass.CONTENT_FILTER,
        "A filter's own code.", _CERTAIN,
    ),
    Rule(
        "filter.guardrail", lambda sight: sight.status == 446, FailureClass.CONTENT_FILTER,
        "Portkey's own status for a guardrail that denied the request.", _CERTAIN,
    ),
    Rule(
        "filter.words", words(Topic.FILTER), FailureClass.CONTENT_FILTER,
        "The same without a code.",
    ),
    Rule(
        "feature.code", code(Topic.FEATURE), FailureClass.FEATURE_UNSUPPORTED,
        "The model or server lacks what the request uses; the request's form is right.", _CERTAIN,
    ),
    Rule(
        "feature.words", words(Topic.FEATURE), FailureClass.FEATURE_UNSUPPORTED,
        "The same without a code; last of the body rules, because the others' sentences use its words too.",
    ),
)  # fmt: skip

BODY_RULES = under_failure(_RULES)
