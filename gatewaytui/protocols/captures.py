"""Saved exchanges read back: a HAR file, the output of ``curl -i``, or the body alone.

Nothing of a request is kept but its method, path, model and which header carried the key. A capture that is cut,
foreign or odd never raises: what could be read is returned, () where nothing was recognised.
"""

from __future__ import annotations

from gatewaytui.domain.exchange import Ask, AskKind, Exchange, WireRequest, WireResponse
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.reading import BodyShape

from .curl import read_curl
from .detect import kind_of
from .errors import find_error
from .har import read_har
from .lenient import BOM
from .shapes import look_at

_UNREADABLE = frozenset({BodyShape.EMPTY, BodyShape.TEXT, BodyShape.BINARY})
_ASSUMED_STATUS = 200  # a body alone tells no status, and an error object speaks for itself


def read_capture(data: bytes) -> tuple[Exchange, ...]:
    """The exchanges in a capture, in order: those of a HAR, the one of ``curl -i``, or one around a raw body.

    A raw body has no request: its url is "" and its status is assumed to be 200.
    """
    data = data.removeprefix(BOM)
    for read in (read_har, read_curl):
        if (found := read(data)) is not None:
            return found
    return _raw(data)


def _raw(data: bytes) -> tuple[Exchange, ...]:
    """A body alone; JSON that is neither an answer nor a list nor an error is some other file."""
    body = look_at(data, "")
    if body.shape in _UNREADABLE:
        return ()
    if body.shape is BodyShape.JSON and kind_of((body.value,)) is None and find_error(body.value) is None:
        return ()
    request = WireRequest("", "", "", Ask(AskKind.UNKNOWN, streaming=None), AuthHeader.NONE)
    return (Exchange(request, WireResponse(_ASSUMED_STATUS, (), data), None),)
