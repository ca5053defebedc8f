"""The output of ``curl -i``: header blocks, then the body; or what curl said when there was no answer."""

from __future__ import annotations

import re
from types import MappingProxyType

from gatewaytui.domain.exchange import (
    Ask,
    AskKind,
    Exchange,
    FaultKind,
    Phase,
    TransportFault,
    WireRequest,
    WireResponse,
)
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.reading import BodyShape

from .shapes import look_at

_STATUS = re.compile(rb"\s*HTTP/\d(?:\.\d)? +(\d{3})(?: [^\r\n]*)?\r?\n")
_BLOCK_END = re.compile(rb"\r?\n\r?\n")
_COMPLAINT = re.compile(rb"(?:^|\n)curl: \((\d{1,3})\)[^\n]*\s*$")
_COMPLAINTS = MappingProxyType(
    {
        5: (FaultKind.PROXY, Phase.PROXY),
        6: (FaultKind.DNS, Phase.DNS),
        7: (FaultKind.REFUSED, Phase.TCP),
        8: (FaultKind.PROTOCOL, Phase.WAIT),
        16: (FaultKind.PROTOCOL, Phase.BODY),
        18: (FaultKind.CUT, Phase.BODY),
        28: (FaultKind.TOTAL_TIMEOUT, Phase.BODY),
        35: (FaultKind.TLS, Phase.TLS),
        51: (FaultKind.TLS, Phase.TLS),
        52: (FaultKind.CLOSED, Phase.WAIT),
        55: (FaultKind.RESET, Phase.SEND),
        56: (FaultKind.RESET, Phase.BODY),
        60: (FaultKind.TLS, Phase.TLS),
        61: (FaultKind.ENCODING, Phase.BODY),
        77: (FaultKind.CONFIG, Phase.CONFIG),
        92: (FaultKind.PROTOCOL, Phase.BODY),
        97: (FaultKind.PROXY, Phase.PROXY),
    }
)  # curl's exit codes, as its manual lists them


def read_curl(data: bytes) -> tuple[Exchange, ...] | None:
    """The exchange in this text, or None where it is no output of ``curl -i``.

    Of several header blocks (100-continue, a proxy's CONNECT, redirects followed) the last is the response's.
    """
    complaint = _COMPLAINT.search(data)
    fault = _fault(int(complaint[1])) if complaint else None
    data = data[: complaint.start()] if complaint else data
    response, rest, status = None, data, _STATUS.match(data)
    while status is not None:
        end = _BLOCK_END.search(rest, status.end() - 2)
        head, rest = (rest[: end.start()], rest[end.end() :]) if end else (rest, b"")
        response = WireResponse(int(status[1]), _headers(head), rest)
        status = _STATUS.match(rest)
    if response is None and (fault is None or data.strip()):
        return None
    request = WireRequest("", "", "", Ask(AskKind.UNKNOWN, streaming=None), AuthHeader.NONE)
    return (Exchange(request, response, fault or (_cut(response) if response else None)),)


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    lines = head.decode("utf-8", "replace").splitlines()[1:]
    pairs = (line.partition(":") for line in lines)
    return tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)


def _cut(response: WireResponse) -> TransportFault | None:
    """A body shorter than its Content-Length; a whole JSON text only lost a line end when it was pasted."""
    length = response.header("content-length")
    if not (length.isascii() and length.isdecimal()) or response.header("content-encoding"):
        return None
    missing = int(length[:18]) - len(response.body)
    whole = look_at(response.body, "").shape is BodyShape.JSON
    return TransportFault(FaultKind.CUT, Phase.BODY) if missing > 0 and not whole else None


def _fault(code: int) -> TransportFault:
    kind, phase = _COMPLAINTS.get(code, (FaultKind.PROTOCOL, Phase.WAIT))
    return TransportFault(kind, phase)
