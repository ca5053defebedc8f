"""Rules 5 to 9: limits and load, keys and permissions, and in the end the bare status."""

from __future__ import annotations

from gatewaytui.domain.failure import Confidence, FailureClass, Origin

from . import advice
from .rule import Rule, Test, code, mentions, under_failure, words
from .sight import Sight
from .vocabulary import Topic

_BAD_REQUESTS = frozenset((400, 406, 409, 411, 412, 415, 417, 422, 428, 431))
_EDGE_STATUSES = frozenset((520, 521, 522, 523, 525, 526, 527, 528, 530))
_MISDIRECTED = "Yours or the edge's: this server does not answer for the host name of the base URL."
_UPGRADE = "Yours or the edge's: the server takes no connection of this kind (https, HTTP/2 or WebSocket instead)."
_OPERATOR = "The gateway's: its operator's provider key or account is the problem. Yours is fine."


def _either(*tests: Test) -> Test:
    return lambda sight: any(test(sight) for test in tests)


def _status(*statuses: int) -> Test:
    return lambda sight: sight.acting in statuses


def _only_overloaded(sight: Sight) -> bool:
    """Overload words alone under a 429: beside rate words they are only its excuse."""
    overloaded = sight.topic is Topic.OVERLOAD or words(Topic.OVERLOAD)(sight)
    rated = Topic.RATE in sight.words or (sight.stated == 429 and _broad_type_says(sight, 429))
    return sight.acting == 429 and overloaded and (sight.topic is Topic.OVERLOAD or not rated)


def _plain_429(sight: Sight) -> bool:
    """A 429, unless all it speaks of is a locked account or a missing permission (Zhipu sends those as 429)."""
    return sight.acting == 429 and sight.words != frozenset((Topic.PERMISSION,))


def _server_is_busy(sight: Sight) -> bool:
    """A 5xx that speaks of load: the requests it counts beside that are everybody's."""
    return sight.server_error and words(Topic.OVERLOAD)(sight)


def _broad_type_says(sight: Sight, status: int) -> bool:
    """The error's broad type, not a number that repeats the status, stands for this status."""
    error = sight.error
    return error is not None and sight.stated == status and not error.code.strip().isdecimal()


def _budget(sight: Sight) -> bool:
    return sight.acting == 412 and (sight.error is None or Topic.BILLING in sight.words)


def _key_refused(sight: Sight) -> bool:
    return sight.acting in (401, 403) or sight.topic is Topic.AUTH or words(Topic.AUTH)(sight) or sight.stated == 401


def _litellms_own(sight: Sight) -> bool:
    return sight.error is not None and sight.error.type == "auth_error"


def _providers_key(sight: Sight) -> bool:
    """A refused key in words that come from behind the gateway.

    A gateway never answers 5xx for its caller's key, but for LiteLLM, whose type ``auth_error`` says that it did.
    """
    own = _litellms_own(sight)
    behind = sight.provider or sight.topic is Topic.UPSTREAM or (Topic.UPSTREAM in sight.words and sight.server_error)
    key_words = sight.topic is Topic.AUTH or words(Topic.AUTH)(sight)
    return (_key_refused(sight) and behind and not own) or (sight.server_error and key_words and not own)


_CERTAIN, _POSSIBLE = Confidence.CERTAIN, Confidence.POSSIBLE

_LIMIT_RULES = (
    Rule(
        "overload.not_rate", _only_overloaded, FailureClass.OVERLOADED,
        "A 429 that speaks of load and of no limit of ours.",
    ),
    Rule(
        "rate.code", _either(code(Topic.RATE), lambda sight: _broad_type_says(sight, 429)), FailureClass.RATE_LIMIT,
        "A rate code or type, at any status.", _CERTAIN, advise=advice.wait,
    ),
    Rule(
        "rate.status", _plain_429, FailureClass.RATE_LIMIT,
        "429 with nothing that says more.", advise=advice.wait,
    ),
    Rule(
        "rate.words", lambda sight: words(Topic.RATE)(sight) and not _server_is_busy(sight),
        FailureClass.RATE_LIMIT,
        "Gateways pass a provider's limit on as 400, 403, 500 or 503.", advise=advice.wait,
    ),
    Rule(
        "overload.code", _either(code(Topic.OVERLOAD), _status(529)), FailureClass.OVERLOADED,
        "An overload code, type or Anthropic's 529.", _CERTAIN, advise=advice.wait,
    ),
    Rule(
        "overload.words", words(Topic.OVERLOAD), FailureClass.OVERLOADED,
        "The same in words, at any status.", advise=advice.wait,
    ),
    Rule(
        "billing.status", _either(_status(402), lambda sight: sight.stated == 402), FailureClass.BILLING_QUOTA,
        "402 has no other use here.", _CERTAIN,
    ),
    Rule(
        "billing.budget", _budget, FailureClass.BILLING_QUOTA,
        "Portkey's and Fireworks' status for a spent budget.",
    ),
)  # fmt: skip

_KEY_RULES = (
    Rule(
        "upstream_auth.said", _either(code(Topic.UPSTREAM_AUTH), words(Topic.UPSTREAM_AUTH)),
        FailureClass.UPSTREAM_AUTH,
        "The gateway says itself that its provider refused it.", whose=_OPERATOR,
    ),
    Rule(
        "upstream_auth.provider", _providers_key, FailureClass.UPSTREAM_AUTH,
        "A provider's exception about a key, or one under a 5xx: the caller's own key was taken.", whose=_OPERATOR,
    ),
    Rule(
        "permission.code", code(Topic.PERMISSION), FailureClass.PERMISSION,
        "The address, the account or the scope; as a 401 it would be taken for a bad key.", _CERTAIN,
    ),
    Rule(
        "permission.words", words(Topic.PERMISSION), FailureClass.PERMISSION,
        "The same in words.",
    ),
    Rule(
        "auth.code", code(Topic.AUTH), FailureClass.AUTH,
        "A code about the key, at any status (Gemini and LiteLLM send 400, old one-api 200).", _CERTAIN,
        advise=advice.key,
    ),
    Rule(
        "auth.words", lambda sight: words(Topic.AUTH)(sight) and (not sight.server_error or _litellms_own(sight)),
        FailureClass.AUTH,
        "The same in words.", advise=advice.key,
    ),
    Rule(
        "auth.status", _either(_status(401), lambda sight: not sight.server_error and sight.stated == 401),
        FailureClass.AUTH,
        "401, or a type that stands for it.", advise=advice.key,
    ),
)  # fmt: skip

_STATUS_RULES = (
    Rule(
        "address.misdirected", _status(421), FailureClass.BASE_URL,
        "421 says that this server answers for other hosts; before words of routes and endpoints, which it may hold.",
        origin=Origin.EDGE, advise=advice.misdirected, whose=_MISDIRECTED,
    ),
    Rule(
        "connection.upgrade", _status(426), FailureClass.PROTOCOL,
        "426 says that this is spoken in another protocol here, and its header Upgrade in which.",
        origin=Origin.EDGE, advise=advice.upgrade, whose=_UPGRADE,
    ),
    Rule(
        "billing.mentioned", mentions(Topic.MONEY, 403), FailureClass.BILLING_QUOTA,
        "A 403 that speaks of money is hardly a matter of permission.", _POSSIBLE,
    ),
    Rule(
        "access.mentioned", mentions(Topic.MODEL, 403), FailureClass.GROUP_OR_MODEL_ACCESS,
        "A 403 that speaks of a model, a group or a plan means this key may not use it.", _POSSIBLE,
    ),
    Rule(
        "model.mentioned", mentions(Topic.MODEL, 404), FailureClass.MODEL_NOT_FOUND,
        "A 404 that speaks of a model is not about the path.", _POSSIBLE, advise=advice.model,
    ),
    Rule(
        "model.unserved", lambda sight: mentions(Topic.MODEL, 503)(sight) and not sight.upstream,
        FailureClass.MODEL_UNAVAILABLE,
        "A 503 that speaks of a model and of nothing behind the gateway.", _POSSIBLE,
    ),
    Rule(
        "endpoint.code", code(Topic.ENDPOINT), FailureClass.ENDPOINT_UNSUPPORTED,
        "The gateway says that it does not implement this.", _CERTAIN,
    ),
    Rule(
        "endpoint.words", lambda sight: not sight.server_error and words(Topic.ENDPOINT)(sight),
        FailureClass.ENDPOINT_UNSUPPORTED,
        "The same in words; under a 5xx such words rather speak of what is broken now.",
    ),
    Rule(
        "route.said", _either(code(Topic.ROUTE), lambda sight: not sight.server_error and words(Topic.ROUTE)(sight)),
        FailureClass.ROUTE_NOT_FOUND,
        "A route error under another status (DashScope's InvalidURL is a 400).", advise=advice.address,
    ),
    Rule(
        "permission.status", _status(403, 451), FailureClass.PERMISSION,
        "403, or 451 for a place where it may not be used, with nothing that says more.", _POSSIBLE,
    ),
    Rule(
        "endpoint.status", _status(501), FailureClass.ENDPOINT_UNSUPPORTED,
        "501 says it by itself.",
    ),
    Rule(
        "route.status", _status(404, 405, 410), FailureClass.ROUTE_NOT_FOUND,
        "404 and 405 that speak of no model.", advise=advice.address,
    ),
    Rule(
        "request.status", _status(*_BAD_REQUESTS), FailureClass.REQUEST_SHAPE,
        "The form was refused and nothing says more.",
    ),
    Rule(
        "edge.status", _status(*_EDGE_STATUSES), FailureClass.EDGE_ERROR,
        "52x are an edge's own statuses, as JSON too.", advise=advice.later,
    ),
    Rule(
        "upstream.dependency", _status(424), FailureClass.UPSTREAM_ERROR,
        "424 is by its meaning a failure of what stands behind (Bedrock's ModelErrorException).",
    ),
    Rule(
        "upstream.said", lambda sight: sight.server_error and sight.upstream, FailureClass.UPSTREAM_ERROR,
        "A 5xx that names what is behind the gateway.", advise=advice.later,
    ),
    Rule(
        "gateway.status", lambda sight: sight.server_error, FailureClass.GATEWAY_ERROR,
        "A 5xx that names nothing behind it.", _POSSIBLE, advise=advice.later,
    ),
    Rule(
        "stream.unplaced", lambda sight: sight.success and sight.streaming, FailureClass.STREAM_ERROR,
        "An error inside a stream that no rule above places.", _POSSIBLE, Origin.UPSTREAM,
    ),
    Rule(
        "success.unplaced", lambda sight: sight.success, FailureClass.UPSTREAM_ERROR,
        "An error under a success status that no rule above places: the status left before the failure.", _POSSIBLE,
    ),
)  # fmt: skip

LIMIT_RULES = under_failure(_LIMIT_RULES)
KEY_RULES = under_failure(_KEY_RULES)
FALLBACK_RULES = under_failure(_STATUS_RULES)
