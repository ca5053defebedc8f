"""From bytes to frames, the same for every dialect: find the framing, cut out the payloads, let the reader read."""

from __future__ import annotations

from gatewaytui.domain.chat import Frame, StreamEvent, Terminator, Unrecognised

from .base import Reader
from .jsonstream import JsonSplitter
from .lenient import BOM, Malformed, Object, as_text, decode
from .sse import COMMENT, SseDecoder, SseEvent

DONE = "[DONE]"
_BLANKS = b" \t\r\n" + BOM  # the bytes of a BOM may come apart


class FrameDecoder:
    """A stream of one dialect: server-sent events, a JSON array in pieces, objects in a row, or one whole body.

    Which of them it is shows in the first byte that is no blank (and no BOM), whatever was promised.
    ``done_mark`` tells whether ``[DONE]`` is this dialect's own end mark; elsewhere it is shown as unrecognised.
    """

    __slots__ = ("_done_mark", "_json", "_reader", "_sse")

    def __init__(self, reader: Reader, done_mark: bool) -> None:
        self._reader = reader
        self._done_mark = done_mark
        self._sse: SseDecoder | None = None
        self._json: JsonSplitter | None = None

    @property
    def array(self) -> bool:
        """True where the body is a JSON array."""
        return self._json is not None and self._json.array

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by these bytes."""
        if self._sse is not None:
            return [self._event(event) for event in self._sse.feed(data)]
        if self._json is not None:
            return [self._value(value) for value in self._json.feed(data)]
        data = data.lstrip(_BLANKS)
        if not data:
            return []
        if data[:1] in (b"{", b"["):
            self._json = JsonSplitter()
        else:
            self._sse = SseDecoder()
        return self.feed(data)

    def close(self) -> list[Frame]:
        """The frames only the end completes."""
        if self._sse is None:
            return []
        return [self._event(event) for event in self._sse.close()]

    def _event(self, event: SseEvent) -> Frame:
        name, data, size = event.name, event.data, event.size
        if name == COMMENT:
            return Frame(COMMENT, data, size)
        if not name and (plain := self._reader.read_plain(data)) is not None:
            return Frame("", data, size, plain)
        try:
            value = decode(data)
        except Malformed:
            return Frame(name, data, size, tuple(self._odd(name, data)))
        if not isinstance(value, dict):
            return Frame(name, data, size, tuple(self._not_an_object(name, value)))
        if name == "error":
            value = _as_error(value)
        return Frame(name or as_text(value.get("type")), data, size, tuple(self._reader.read(value)))

    def _value(self, data: bytes) -> Frame:
        text = data.decode("utf-8", "replace")
        try:
            value = decode(data)
        except Malformed:
            return Frame("", text, len(data), (Unrecognised("not JSON"),))
        events = self._reader.read(value) if isinstance(value, dict) else []
        name = as_text(value.get("type")) if isinstance(value, dict) else ""
        return Frame(name, text, len(data), tuple(events))

    def _odd(self, name: str, data: str) -> list[StreamEvent]:
        """What is no JSON: the end mark, nothing, a comment sent as data, or events run together."""
        word = data.strip()
        if word == DONE:
            return [Terminator(DONE) if self._done_mark else Unrecognised(DONE)]
        if not word or word.startswith(":"):
            return []
        if name == "error":
            return self._reader.read({"error": word})
        if "\n" not in word:
            return [Unrecognised(name or "not JSON")]
        events: list[StreamEvent] = []
        for line in word.splitlines():  # blank lines between events were lost on the way
            try:
                value = decode(line)
            except Malformed:
                events += self._odd(name, line)
            else:
                events += self._reader.read(value) if isinstance(value, dict) else self._not_an_object(name, value)
        return events

    def _not_an_object(self, name: str, value: object) -> list[StreamEvent]:
        if isinstance(value, list):
            return [event for item in value if isinstance(item, dict) for event in self._reader.read(item)]
        return [Unrecognised(name or "not an object")]


def _as_error(value: Object) -> Object:
    """An ``event: error`` whose payload does not say so itself (a bare message) still reports an error."""
    return value if "error" in value or value.get("type") == "error" else {"error": value}
