"""The taxonomy: families, classes, and for each class what it means, whose problem it is and what to do next.

Names are a public contract (exit codes, JSON, dashboard). A family's number is its exit code.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec


class FailureFamily(StrEnum):
    """What the dashboard counts and the exit code tells."""

    AUTH_OR_PERMISSION = "auth_or_permission"
    BASE_URL_OR_ROUTE = "base_url_or_route"
    MODEL_ID = "model_id"
    REQUEST_SHAPE = "request_shape"
    RATE_OR_QUOTA = "rate_or_quota"
    TIMEOUT = "timeout"
    UPSTREAM_OR_GATEWAY = "upstream_or_gateway"
    RESPONSE_SHAPE = "response_shape"
    STREAM = "stream"
    CAPABILITY_MISMATCH = "capability_mismatch"
    NETWORK = "network"
    LOCAL = "local"
    UNCLASSIFIED = "unclassified"

    @property
    def exit_code(self) -> int:
        """The process exit code of this family, 10 to 22 in the order of the table."""
        return 10 + list(FailureFamily).index(self)


class FailureClass(StrEnum):
    """What a person acts on."""

    AUTH = "auth"
    PERMISSION = "permission"
    GROUP_OR_MODEL_ACCESS = "group_or_model_access"
    UPSTREAM_AUTH = "upstream_auth"
    EDGE_BLOCKED = "edge_blocked"
    BASE_URL = "base_url"
    ROUTE_NOT_FOUND = "route_not_found"
    REDIRECT = "redirect"
    MODELS_UNSUPPORTED = "models_unsupported"
    MODEL_NOT_FOUND = "model_not_found"
    MODEL_UNAVAILABLE = "model_unavailable"
    MODELS_EMPTY = "models_empty"
    REQUEST_SHAPE = "request_shape"
    CONTEXT_LENGTH = "context_length"
    REQUEST_TOO_LARGE = "request_too_large"
    CONTENT_FILTER = "content_filter"
    RATE_LIMIT = "rate_limit"
    BILLING_QUOTA = "billing_quota"
    CONNECT_TIMEOUT = "connect_timeout"
    FIRST_BYTE_TIMEOUT = "first_byte_timeout"
    FIRST_TOKEN_TIMEOUT = "first_token_timeout"  # noqa: S105  (a class name, not a token)
    STALL_TIMEOUT = "stall_timeout"
    TOTAL_TIMEOUT = "total_timeout"
    GATEWAY_TIMEOUT = "gateway_timeout"
    GATEWAY_ERROR = "gateway_error"
    UPSTREAM_ERROR = "upstream_error"
    OVERLOADED = "overloaded"
    EDGE_ERROR = "edge_error"
    INVALID_JSON = "invalid_json"
    RESPONSE_SHAPE = "response_shape"
    EMPTY_RESPONSE = "empty_response"
    ENCODING = "encoding"
    TOO_LARGE = "too_large"
    MODEL_MISMATCH = "model_mismatch"
    STREAM_INTERRUPTED = "stream_interrupted"
    STREAM_ERROR = "stream_error"
    STREAM_BUFFERED = "stream_buffered"
    STREAM_NO_TERMINATOR = "stream_no_terminator"
    ENDPOINT_UNSUPPORTED = "endpoint_unsupported"
    FEATURE_UNSUPPORTED = "feature_unsupported"
    DNS = "dns"
    CONNECTION_REFUSED = "connection_refused"
    CONNECTION_RESET = "connection_reset"
    TLS = "tls"
    PROXY = "proxy"
    PROTOCOL = "protocol"
    CONFIG = "config"
    KEYSTORE = "keystore"
    STORAGE = "storage"
    CANCELLED = "cancelled"
    UNCLASSIFIED = "unclassified"

    @property
    def meaning(self) -> Meaning:
        """The row of :data:`MEANINGS` for this class."""
        return MEANINGS[self]

    @property
    def family(self) -> FailureFamily:
        """The family this class counts in."""
        return MEANINGS[self].family


class Origin(StrEnum):
    """Where on the way the failure was made."""

    LOCAL = "local"
    EDGE = "edge"
    GATEWAY = "gateway"
    UPSTREAM = "upstream"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """How sure the diagnosis is: by a code of the server, by its words or status, or by exclusion."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class RetryWhen(StrEnum):
    """Whether the same call can succeed later."""

    NO = "no"
    NOW = "now"
    AFTER = "after"


class Retry(msgspec.Struct, frozen=True):
    """Retry advice; ``seconds`` only with AFTER and only where the server gave a number."""

    when: RetryWhen = RetryWhen.NO
    seconds: float | None = None

    def told(self, warned: bool) -> bool:
        """Whether a person is told: what only warns went well, and will not "fail again"."""
        return not warned or self.when is not RetryWhen.NO


NO_RETRY, RETRY_NOW, RETRY_LATER = Retry(), Retry(RetryWhen.NOW), Retry(RetryWhen.AFTER)


class Meaning(msgspec.Struct, frozen=True):
    """What a class says to a person. Sentences are ours, complete, and hold no server text.

    ``warning`` is the title of a finding that only warns, "" where it is that of a failure.
    """

    family: FailureFamily
    title: str
    whose: str
    next_step: str
    origin: Origin = Origin.GATEWAY
    retry: Retry = NO_RETRY
    only_warns: bool = False
    warning: str = ""

    def titled(self, warned: bool) -> str:
        """One sentence: what is broken, or what the warning is about."""
        return self.warning if warned and self.warning else self.title


class Signal(msgspec.Struct, frozen=True):
    """One thing that was seen: a name of ours and a value from a closed vocabulary, a number or a validated id."""

    name: str
    value: str | int | float | bool


class Finding(msgspec.Struct, frozen=True):
    """A diagnosis: the class, how it was reached, and what follows. It never holds server text.

    ``rule`` is the id of the row that matched (``billing.code``); ``whose`` and ``next_step`` start as the
    class's sentences and may be sharpened by the rule.
    """

    failure_class: FailureClass
    rule: str
    origin: Origin
    confidence: Confidence
    whose: str
    next_step: str
    retry: Retry = NO_RETRY
    signals: tuple[Signal, ...] = ()

    @property
    def family(self) -> FailureFamily:
        """The family this finding counts in."""
        return self.failure_class.family

    @property
    def title(self) -> str:
        """One sentence: what is broken."""
        return self.failure_class.meaning.title


NO_PATH = frozenset((FailureClass.BASE_URL, FailureClass.ROUTE_NOT_FOUND, FailureClass.ENDPOINT_UNSUPPORTED))
"""The classes that say no more than that nothing is to be had at this path."""
NOT_OFFERED = NO_PATH - {FailureClass.BASE_URL}
"""Of an endpoint that nobody asked for, these say that the gateway has none: no fault of anything."""

_F, _O = FailureFamily, Origin
_USER = "Yours: "
_GATEWAY = "The gateway's: "
_UPSTREAM = "The provider's behind the gateway: "

MEANINGS: Mapping[FailureClass, Meaning] = MappingProxyType(
    {
        FailureClass.AUTH: Meaning(
            _F.AUTH_OR_PERMISSION,
            "The gateway does not accept this key.",
            _USER + "the key is missing, wrong, expired or revoked.",
            "Copy the key again from the gateway's console and check that it belongs to this base URL.",
            warning="The key is not proven: a wrong one is answered too.",
        ),
        FailureClass.PERMISSION: Meaning(
            _F.AUTH_OR_PERMISSION,
            "The key is known but may not do this.",
            _USER + "an IP allow-list, a banned account or a missing scope, set in the gateway's console.",
            "Check the key's IP allow-list, its scopes and the account's state in the gateway's console.",
        ),
        FailureClass.GROUP_OR_MODEL_ACCESS: Meaning(
            _F.AUTH_OR_PERMISSION,
            "This key's group may not use this model or protocol.",
            _USER + "the key belongs to another group or plan; the address and the key itself are fine.",
            "Use the key of the group that serves this model, or have the group changed in the gateway's console.",
        ),
        FailureClass.UPSTREAM_AUTH: Meaning(
            _F.AUTH_OR_PERMISSION,
            "The gateway's own key at the provider was refused.",
            _GATEWAY + "its operator's provider key is bad. Your key is fine.",
            "Report it to the gateway's operator with this evidence; try another model meanwhile.",
            _O.UPSTREAM,
        ),
        FailureClass.EDGE_BLOCKED: Meaning(
            _F.AUTH_OR_PERMISSION,
            "A firewall or captcha in front of the gateway blocked the request.",
            "The edge's: it judged your network or client, not your key.",
            "Try from another network, or ask the gateway's operator to let API clients pass.",
            _O.EDGE,
        ),
        FailureClass.BASE_URL: Meaning(
            _F.BASE_URL_OR_ROUTE,
            "The base URL does not lead to the API.",
            _USER + "the base URL points at the website or dashboard, often because /v1 is missing or doubled.",
            "Correct the base URL: for most gateways it ends in /v1.",
        ),
        FailureClass.ROUTE_NOT_FOUND: Meaning(
            _F.BASE_URL_OR_ROUTE,
            "The server does not know this path.",
            _USER + "the base URL's path or the protocol does not fit this gateway.",
            "Check the path after the host (/v1 missing or doubled) and the protocol of this profile.",
        ),
        FailureClass.REDIRECT: Meaning(
            _F.BASE_URL_OR_ROUTE,
            "The server redirects; redirects are never followed, so that the key cannot travel.",
            _USER + "the base URL is not the API's own address.",
            "Put the API's own address into the base URL: the gateway's documentation names it.",
        ),
        FailureClass.MODELS_UNSUPPORTED: Meaning(
            _F.BASE_URL_OR_ROUTE,
            "There is no model list here, but the endpoint works.",
            _GATEWAY + "it does not offer a catalogue at this path. Nothing else is broken.",
            "Type the model id by hand, or set the profile's models path.",
            only_warns=True,
        ),
        FailureClass.MODEL_NOT_FOUND: Meaning(
            _F.MODEL_ID,
            "The gateway does not know this model id.",
            _USER + "ids are specific to the gateway and the account.",
            "Choose an id from the model list of this profile, written exactly as listed.",
        ),
        FailureClass.MODEL_UNAVAILABLE: Meaning(
            _F.MODEL_ID,
            "The model exists here, but nothing serves it now.",
            _GATEWAY + "no channel, deployment or account behind it serves this model for this group.",
            "Choose another listed model, or ask the operator to add a channel for this one.",
            retry=RETRY_LATER,
        ),
        FailureClass.MODELS_EMPTY: Meaning(
            _F.MODEL_ID,
            "The model list is empty.",
            "The gateway's or yours: this key's group has no models, or no channel is up.",
            "Check the key's group in the gateway's console, or type a model id by hand.",
        ),
        FailureClass.REQUEST_SHAPE: Meaning(
            _F.REQUEST_SHAPE,
            "The gateway refused the request's form.",
            _USER + "a field is missing, unknown or has a value that this endpoint does not take.",
            "Compare the request with the gateway's documentation; try it without optional parameters.",
        ),
        FailureClass.CONTEXT_LENGTH: Meaning(
            _F.REQUEST_SHAPE,
            "The prompt and the answer do not fit into the model's context.",
            _USER + "the request is longer than this model takes.",
            "Shorten the prompt, lower max tokens, or choose a model with a longer context.",
        ),
        FailureClass.REQUEST_TOO_LARGE: Meaning(
            _F.REQUEST_SHAPE,
            "The request's body is larger than the server accepts.",
            _USER + "the body is too big in bytes, whatever the model's context.",
            "Send less (images above all), or ask the operator to raise the body limit.",
            _O.EDGE,
        ),
        FailureClass.CONTENT_FILTER: Meaning(
            _F.REQUEST_SHAPE,
            "A content filter blocked the prompt or the answer.",
            "Nobody's fault in the wiring: the gateway or the provider filtered the content.",
            "Rephrase the prompt, or ask the operator which filter applies.",
        ),
        FailureClass.RATE_LIMIT: Meaning(
            _F.RATE_OR_QUOTA,
            "Too many requests or tokens in this time window.",
            _USER + "the key's rate limit is reached; money and key are fine.",
            "Wait and try again, send less at once, or ask for a higher tier.",
            retry=RETRY_LATER,
        ),
        FailureClass.BILLING_QUOTA: Meaning(
            _F.RATE_OR_QUOTA,
            "The money or quota is used up.",
            _USER + "the account's balance, the key's budget or its quota is exhausted.",
            "Top up the account or raise this key's quota in the gateway's console.",
        ),
        FailureClass.CONNECT_TIMEOUT: Meaning(
            _F.TIMEOUT,
            "No connection could be made in time.",
            "The network's: the host does not answer at all; a firewall may drop the packets.",
            "Check the host and port, the VPN and the proxy.",
            _O.LOCAL,
            RETRY_NOW,
        ),
        FailureClass.FIRST_BYTE_TIMEOUT: Meaning(
            _F.TIMEOUT,
            "The gateway took the request and sent nothing in time.",
            _GATEWAY + "it or its provider is stuck before the first byte.",
            "Try again once, with a longer timeout or another model; then report it to the operator.",
            retry=RETRY_NOW,
        ),
        FailureClass.FIRST_TOKEN_TIMEOUT: Meaning(
            _F.TIMEOUT,
            "The stream opened but no token came in time.",
            _UPSTREAM + "the model has not started to answer.",
            "Try again, or choose another model; a long prompt or thinking can need a longer timeout.",
            _O.UPSTREAM,
            RETRY_NOW,
        ),
        FailureClass.STALL_TIMEOUT: Meaning(
            _F.TIMEOUT,
            "The answer stopped in the middle and nothing more came.",
            "The gateway's or the provider's: the connection stayed open but silent.",
            "Try again; if it repeats, report it to the operator with this evidence.",
            retry=RETRY_NOW,
        ),
        FailureClass.TOTAL_TIMEOUT: Meaning(
            _F.TIMEOUT,
            "The whole call took longer than its time limit.",
            "Yours or the gateway's: the answer was still coming when the limit ended it.",
            "Raise the timeout or lower max tokens.",
            _O.UNKNOWN,
            RETRY_NOW,
        ),
        FailureClass.GATEWAY_TIMEOUT: Meaning(
            _F.TIMEOUT,
            "The gateway gave up waiting for what is behind it.",
            _UPSTREAM + "it did not answer the gateway in time.",
            "Try again, stream instead of waiting for the whole answer, or choose another model.",
            _O.UPSTREAM,
            RETRY_NOW,
        ),
        FailureClass.GATEWAY_ERROR: Meaning(
            _F.UPSTREAM_OR_GATEWAY,
            "The gateway itself failed.",
            _GATEWAY + "an error of its own while it handled the request.",
            "Try again once; then report it to the operator with this evidence.",
            retry=RETRY_NOW,
        ),
        FailureClass.UPSTREAM_ERROR: Meaning(
            _F.UPSTREAM_OR_GATEWAY,
            "The provider behind the gateway failed.",
            _UPSTREAM + "it failed after the gateway had accepted the request.",
            "Try again once, or choose another model; the operator can switch the channel.",
            _O.UPSTREAM,
            RETRY_NOW,
        ),
        FailureClass.OVERLOADED: Meaning(
            _F.UPSTREAM_OR_GATEWAY,
            "The model or its provider has no capacity now.",
            _UPSTREAM + "it is overloaded; your own limits are fine.",
            "Wait and try again, or choose another model.",
            _O.UPSTREAM,
            RETRY_LATER,
        ),
        FailureClass.EDGE_ERROR: Meaning(
            _F.UPSTREAM_OR_GATEWAY,
            "The proxy in front of the gateway could not reach it.",
            _GATEWAY + "it is down or restarting behind its edge.",
            "Wait a minute and try again; look at the gateway's status page.",
            _O.EDGE,
            RETRY_LATER,
        ),
        FailureClass.INVALID_JSON: Meaning(
            _F.RESPONSE_SHAPE,
            "The answer is not valid JSON.",
            _GATEWAY + "it sent a cut or broken body under a success status.",
            "Try again; if it repeats, report it to the operator with this evidence.",
            retry=RETRY_NOW,
        ),
        FailureClass.RESPONSE_SHAPE: Meaning(
            _F.RESPONSE_SHAPE,
            "The answer does not have the promised shape.",
            _GATEWAY + "it answered with success but not with what this protocol promises.",
            "Check that the profile's protocol fits this endpoint; then report it to the operator.",
        ),
        FailureClass.EMPTY_RESPONSE: Meaning(
            _F.RESPONSE_SHAPE,
            "The answer is empty.",
            "The gateway's or the provider's: success was reported and nothing was said.",
            "Try again with a larger max tokens, then with another model.",
            retry=RETRY_NOW,
        ),
        FailureClass.ENCODING: Meaning(
            _F.RESPONSE_SHAPE,
            "The answer's content encoding cannot be read.",
            _GATEWAY + "it compressed the body although plain text was asked for, or did so wrongly.",
            "Report it to the operator: Accept-Encoding: identity must be honoured.",
            _O.EDGE,
        ),
        FailureClass.TOO_LARGE: Meaning(
            _F.RESPONSE_SHAPE,
            "The answer is larger than this tool reads.",
            _GATEWAY + "the body passes every reasonable size, or never ends.",
            "Check that the base URL is an API and not a download.",
        ),
        FailureClass.MODEL_MISMATCH: Meaning(
            _F.RESPONSE_SHAPE,
            "Another model answered than the one that was asked.",
            _GATEWAY + "it mapped the model id to another model.",
            "Ask the operator about model mapping; compare prices and answers before relying on it.",
            only_warns=True,
        ),
        FailureClass.STREAM_INTERRUPTED: Meaning(
            _F.STREAM,
            "The answer broke off before its end.",
            "The gateway's or the provider's: the connection ended in the middle of the answer.",
            "Try again; compare with a non-streaming request to see which side cuts.",
            retry=RETRY_NOW,
        ),
        FailureClass.STREAM_ERROR: Meaning(
            _F.STREAM,
            "An error came in the middle of the stream.",
            "The gateway's or the provider's: the stream carried an error event.",
            "Try again; then without streaming, which often names the cause.",
            _O.UPSTREAM,
            RETRY_NOW,
        ),
        FailureClass.STREAM_BUFFERED: Meaning(
            _F.STREAM,
            "The stream came in one burst instead of piece by piece.",
            "The gateway's or a proxy's: something on the way buffers the stream.",
            "Turn response buffering off in the proxy (nginx: proxy_buffering off).",
            _O.EDGE,
            only_warns=True,
        ),
        FailureClass.STREAM_NO_TERMINATOR: Meaning(
            _F.STREAM,
            "The stream is whole but its end mark is missing.",
            _GATEWAY + "it left out the protocol's last event.",
            "Most clients cope; report it if yours waits for the end mark.",
            only_warns=True,
        ),
        FailureClass.ENDPOINT_UNSUPPORTED: Meaning(
            _F.CAPABILITY_MISMATCH,
            "The gateway does not implement this endpoint.",
            _GATEWAY + "this protocol or endpoint family is not offered here.",
            "Use another protocol of this gateway, for example OpenAI chat completions.",
        ),
        FailureClass.FEATURE_UNSUPPORTED: Meaning(
            _F.CAPABILITY_MISMATCH,
            "The model or server lacks a feature the request uses.",
            _USER + "the request asks for something this model cannot do.",
            "Leave the feature out (streaming, tools, JSON mode, a parameter) or choose another model.",
        ),
        FailureClass.DNS: Meaning(
            _F.NETWORK,
            "The host name cannot be resolved.",
            _USER + "the host is misspelled, or this network's DNS does not know it.",
            "Check the host name in the base URL, then DNS and VPN.",
            _O.LOCAL,
        ),
        FailureClass.CONNECTION_REFUSED: Meaning(
            _F.NETWORK,
            "Nothing listens at this address.",
            "Yours or the gateway's: the host is there, the port is closed.",
            "Check the port and that the server runs.",
            _O.LOCAL,
            RETRY_NOW,
        ),
        FailureClass.CONNECTION_RESET: Meaning(
            _F.NETWORK,
            "The connection was torn down without an answer.",
            "The gateway's or the network's: the other side hung up.",
            "Try again; if it repeats, try from another network and tell the operator.",
            _O.UNKNOWN,
            RETRY_NOW,
        ),
        FailureClass.TLS: Meaning(
            _F.NETWORK,
            "The secure connection could not be made.",
            "Yours or the gateway's: certificate, host name or TLS version do not fit.",
            "Check the host name, the clock and an intercepting proxy; add the proxy's CA file to the profile.",
            _O.UNKNOWN,
        ),
        FailureClass.PROXY: Meaning(
            _F.NETWORK,
            "The proxy on this machine or network did not let the request through.",
            _USER + "the proxy setting is wrong, or the proxy refuses this host.",
            "Check the proxy of the profile and the variables HTTPS_PROXY and NO_PROXY.",
            _O.LOCAL,
        ),
        FailureClass.PROTOCOL: Meaning(
            _F.NETWORK,
            "The other side does not speak proper HTTP.",
            "Yours or the gateway's: a wrong port, http against https, or a broken server.",
            "Check scheme and port of the base URL.",
            _O.UNKNOWN,
        ),
        FailureClass.CONFIG: Meaning(
            _F.LOCAL,
            "The profile or the call cannot be used as it is.",
            _USER + "a setting on this machine.",
            "Correct the setting named here and run again.",
            _O.LOCAL,
        ),
        FailureClass.KEYSTORE: Meaning(
            _F.LOCAL,
            "The key could not be read.",
            _USER + "the keyring or the key's source on this machine.",
            "Set the key again, or read it from a variable: gatewaytui profiles edit NAME --key env:VARIABLE",
            _O.LOCAL,
        ),
        FailureClass.STORAGE: Meaning(
            _F.LOCAL,
            "A file could not be read or written.",
            _USER + "permissions, a full disk or a damaged file on this machine.",
            "Check the path shown by: gatewaytui config path",
            _O.LOCAL,
        ),
        FailureClass.CANCELLED: Meaning(
            _F.LOCAL,
            "The run was cancelled.",
            "Nobody's: you stopped it.",
            "Run it again when you are ready.",
            _O.LOCAL,
            RETRY_NOW,
        ),
        FailureClass.UNCLASSIFIED: Meaning(
            _F.UNCLASSIFIED,
            "The answer fits no known failure.",
            "Unknown: the signals that were seen are listed.",
            "Send this evidence to the gateway's operator, and to us as a case to learn.",
            _O.UNKNOWN,
        ),
    }
)
