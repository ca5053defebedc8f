"""Rules 0 to 2: what the transport, the status and web pages say before any error object is looked at."""

from __future__ import annotations

from gatewaytui.domain.exchange import AskKind, FaultKind, Phase
from gatewaytui.domain.failure import Confidence, FailureClass
from gatewaytui.domain.reading import BodyShape, StreamEnd

from . import advice, page_words
from .rule import Rule, Test
from .sight import Sight

_LATE = frozenset(
    (
        FaultKind.CUT, FaultKind.RESET, FaultKind.CLOSED, FaultKind.STALL_TIMEOUT, FaultKind.TOTAL_TIMEOUT,
        FaultKind.TOO_LARGE, FaultKind.ENCODING,
    )
)  # fmt: skip
_EDGE_DOWN = frozenset((502, 503, 520, 521, 522, 523, 525, 526, 527, 528, 530))


def _counts(sight: Sight) -> bool:
    """A fault in the body says nothing where an error status or a whole, ended stream came before it."""
    fault = sight.fault
    if fault is None:
        return False
    ended = sight.reading is not None and sight.reading.stream_end in (StreamEnd.COMPLETE, StreamEnd.ERROR_EVENT)
    return not (fault.kind in _LATE and fault.phase is Phase.BODY and (sight.status >= 300 or ended))


def _fault(*kinds: FaultKind) -> Test:
    return lambda sight: sight.fault is not None and sight.fault.kind in kinds and _counts(sight)


def _broken_off(sight: Sight) -> bool:
    """The connection ended early, after a response had begun."""
    return _fault(FaultKind.CUT, FaultKind.RESET, FaultKind.CLOSED)(sight) and sight.status > 0 and _arrived(sight)


def _arrived(sight: Sight) -> bool:
    return sight.response is not None and bool(sight.response.body)


def _no_token(sight: Sight) -> bool:
    """A stream opened, kept alive perhaps, and brought nothing of an answer."""
    answer = sight.answer
    silent = answer is None or not (answer.text or answer.reasoning or answer.refusal or answer.tool_calls)
    return sight.streaming and sight.success and silent


def _stopped(sight: Sight) -> bool:
    return _fault(FaultKind.STALL_TIMEOUT, FaultKind.TOTAL_TIMEOUT)(sight)


def _html(sight: Sight) -> bool:
    return sight.shape is BodyShape.HTML


def _page(sight: Sight) -> bool:
    """A web page, or the bare line that an edge sends to API clients instead of one."""
    return sight.error is None and sight.shape in (BodyShape.HTML, BodyShape.TEXT, BodyShape.EMPTY)


def _challenged(sight: Sight) -> bool:
    """A challenge, by Cloudflare's own header or by the words of the page.

    Some firewalls answer 405, 418 or 468: there only a page that names the firewall counts.
    """
    response = sight.response
    usual = sight.status in (403, 429, 503)
    if response is None or not (usual or 400 <= sight.status < 500):
        return False
    if usual and (response.header("cf-mitigated") or response.header("x-amzn-waf-action")):
        return True
    if not usual:
        return _html(sight) and page_words.FIREWALL.search(sight.page) is not None
    pattern = page_words.CHALLENGE if _html(sight) else page_words.CHALLENGE_LINE
    return _page(sight) and pattern.search(sight.page) is not None


def _sign_in(sight: Sight) -> bool:
    """The page of a network that wants its guests to sign in: by its own status, or by the words of a web page."""
    return sight.status == 511 or (
        _html(sight) and sight.success and page_words.GUESTS.search(sight.page) is not None
    )


def _edge_down(sight: Sight) -> bool:
    return _page(sight) and sight.status in _EDGE_DOWN and (_html(sight) or sight.status >= 520)


def _answers_with_page(sight: Sight) -> bool:
    return _html(sight) and (sight.success or sight.status in (404, 405)) and sight.ask.kind is not AskKind.OTHER


_CERTAIN = Confidence.CERTAIN

TRANSPORT_RULES = (
    Rule(
        "fault.cancelled",
        _fault(FaultKind.CANCELLED),
        FailureClass.CANCELLED,
        "The person stopped it; nothing else counts.",
        _CERTAIN,
    ),
    Rule(
        "fault.config",
        _fault(FaultKind.CONFIG),
        FailureClass.CONFIG,
        "The request never left: a setting here is wrong.",
        _CERTAIN,
        advise=advice.fault,
    ),
    Rule("fault.dns", _fault(FaultKind.DNS), FailureClass.DNS, "The resolver knows no such name.", _CERTAIN),
    Rule(
        "fault.proxy",
        _fault(FaultKind.PROXY),
        FailureClass.PROXY,
        "The proxy refused; the gateway was never reached.",
        _CERTAIN,
        advise=advice.fault,
    ),
    Rule(
        "fault.refused",
        _fault(FaultKind.REFUSED),
        FailureClass.CONNECTION_REFUSED,
        "The host answered that the port is closed.",
        _CERTAIN,
    ),
    Rule(
        "fault.unreachable",
        _fault(FaultKind.UNREACHABLE),
        FailureClass.CONNECTION_REFUSED,
        "No route is the nearest kin of a closed port: nothing can be reached there, and it is known at once.",
        advise=advice.no_route,
    ),
    Rule(
        "fault.tls", _fault(FaultKind.TLS), FailureClass.TLS, "The handshake failed.", _CERTAIN, advise=advice.fault
    ),
    Rule(
        "fault.connect_timeout",
        _fault(FaultKind.CONNECT_TIMEOUT),
        FailureClass.CONNECT_TIMEOUT,
        "No connection within its deadline.",
        _CERTAIN,
        advise=advice.no_handshake,
    ),
    Rule(
        "fault.first_byte_timeout",
        _fault(FaultKind.FIRST_BYTE_TIMEOUT),
        FailureClass.FIRST_BYTE_TIMEOUT,
        "Connected, sent, and no byte came.",
        _CERTAIN,
    ),
    Rule(
        "fault.first_token_timeout",
        lambda sight: _stopped(sight) and _no_token(sight),
        FailureClass.FIRST_TOKEN_TIMEOUT,
        "The stream opened without a token: the model has not started, which is another thing than a stall half-way.",
        _CERTAIN,
    ),
    Rule(
        "fault.stall_timeout",
        _fault(FaultKind.STALL_TIMEOUT),
        FailureClass.STALL_TIMEOUT,
        "Silence in the middle of the answer.",
        _CERTAIN,
    ),
    Rule(
        "fault.total_timeout",
        _fault(FaultKind.TOTAL_TIMEOUT),
        FailureClass.TOTAL_TIMEOUT,
        "The overall deadline ended it.",
        _CERTAIN,
    ),
    Rule(
        "fault.too_large",
        _fault(FaultKind.TOO_LARGE),
        FailureClass.TOO_LARGE,
        "Our cap ended the body.",
        _CERTAIN,
        advise=advice.too_large,
    ),
    Rule(
        "fault.encoding", _fault(FaultKind.ENCODING), FailureClass.ENCODING, "The bytes cannot be decoded.", _CERTAIN
    ),
    Rule(
        "fault.protocol",
        _fault(FaultKind.PROTOCOL),
        FailureClass.PROTOCOL,
        "What came is not HTTP.",
        _CERTAIN,
        advise=advice.fault,
    ),
    Rule(
        "fault.cut",
        _broken_off,
        FailureClass.STREAM_INTERRUPTED,
        "The framing says that the connection ended before the answer did, streamed or not: a fault of the wire, "
        "which the broken JSON it leaves behind would hide.",
        _CERTAIN,
    ),
    Rule(
        "fault.reset",
        _fault(FaultKind.RESET, FaultKind.CLOSED, FaultKind.CUT),
        FailureClass.CONNECTION_RESET,
        "The connection ended and nothing of a body had arrived.",
        _CERTAIN,
    ),
)

STATUS_RULES = (
    Rule(
        "status.redirect",
        lambda sight: 300 <= sight.status < 400 and bool(sight.response and sight.response.header("location")),
        FailureClass.REDIRECT,
        "Redirects are never followed: the key would travel.",
        _CERTAIN,
        advise=advice.redirect,
    ),
    Rule(
        "status.proxy",
        lambda sight: sight.status == 407,
        FailureClass.PROXY,
        "Only a proxy asks for proxy authentication.",
        _CERTAIN,
    ),
    Rule(
        "status.gateway_timeout",
        lambda sight: sight.status in (408, 504, 524),
        FailureClass.GATEWAY_TIMEOUT,
        "The status says timeout; the words of a body never decide one.",
        _CERTAIN,
    ),
    Rule(
        "status.too_large",
        lambda sight: sight.status == 413,
        FailureClass.REQUEST_TOO_LARGE,
        "413 is about bytes, whether an edge's page or an API's error says so.",
        _CERTAIN,
    ),
)

PAGE_RULES = (
    Rule(
        "page.plain_http",
        lambda sight: sight.status == 400 and page_words.PLAIN_HTTP.search(sight.page) is not None,
        FailureClass.PROTOCOL,
        "The web server names the mistake itself: http spoken to its https port.",
        _CERTAIN,
        advise=advice.plain_http,
    ),
    Rule(
        "page.network",
        _sign_in,
        FailureClass.EDGE_BLOCKED,
        "A captive portal answers every address with its own page: before that is taken for the gateway's website.",
        advise=advice.sign_in,
        whose="Your network's: its own sign-in page answered in the gateway's place.",
    ),
    Rule(
        "page.blocked",
        _challenged,
        FailureClass.EDGE_BLOCKED,
        "A captcha or firewall answered, not the gateway: before 403 could be read as a matter of the key.",
        _CERTAIN,
    ),
    Rule(
        "page.edge_down",
        _edge_down,
        FailureClass.EDGE_ERROR,
        "A proxy's own page: it stands and what is behind it does not.",
        _CERTAIN,
    ),
    Rule(
        "page.edge_failed",
        lambda sight: _page(sight) and sight.status >= 500 and page_words.EDGE_MADE.search(sight.page) is not None,
        FailureClass.EDGE_ERROR,
        "Another 5xx page that a known proxy signed.",
    ),
    Rule(
        "page.website",
        _answers_with_page,
        FailureClass.BASE_URL,
        "A web page where an API was asked: the website or dashboard lives at this address.",
        _CERTAIN,
        advise=advice.website,
    ),
)
