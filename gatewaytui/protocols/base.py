"""The contract of a wire dialect. Sans-I/O: it turns nouns into requests and bytes into nouns, nothing else."""

from __future__ import annotations

from typing import Protocol as Contract

from gatewaytui.domain.catalogue import ModelList
from gatewaytui.domain.chat import ChatRequest, Frame, StreamEvent
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.profile import AuthHeader, Protocol

from .lenient import Object


class StreamDecoder(Contract):
    """Bytes of a streamed answer in, frames out. Any cut of the bytes gives the same frames."""

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by these bytes."""
        ...

    def close(self) -> list[Frame]:
        """The frames that only the end of the body completes (a last event without its blank line)."""
        ...


class Reader(Contract):
    """What a dialect knows of one answer while it reads it, chunk after chunk or whole."""

    __slots__ = ()

    def read(self, value: Object) -> list[StreamEvent]:
        """The events in one chunk, or in a whole body: servers mix the two forms, so readers take both."""
        ...

    def read_plain(self, data: str) -> tuple[StreamEvent, ...] | None:
        """The same for the text of a chunk of the commonest shape, several times faster; None: read it as usual."""
        del data
        return None


class Dialect(Contract):
    """One protocol: a row of ``PROTOCOLS``."""

    @property
    def protocol(self) -> Protocol:
        """Which protocol this is."""
        ...

    @property
    def auth_header(self) -> AuthHeader:
        """The header ``AuthHeader.AUTO`` stands for."""
        ...

    def chat_request(self, base_url: str, request: ChatRequest, auth: AuthHeader) -> WireRequest:
        """The POST that asks for this chat. ``auth`` is the header that will carry the key (never AUTO)."""
        ...

    def models_request(self, base_url: str, models_path: str, auth: AuthHeader, page: str = "") -> WireRequest:
        """The GET for the catalogue; ``page`` is the ``next_page`` of the list before."""
        ...

    def decoder(self) -> StreamDecoder:
        """A fresh decoder for one streamed answer."""
        ...

    def read_body(self, body: bytes) -> list[Frame]:
        """A whole, non-streamed answer as one frame, with the same events a stream would give."""
        ...

    def read_models(self, body: bytes) -> ModelList | None:
        """The catalogue in this body, or None if it is none."""
        ...
