"""A dialect as a row of data: how it asks, how it reads, how its streams end."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from gatewaytui.domain.catalogue import ModelList
from gatewaytui.domain.chat import ChatRequest, Frame
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.profile import AuthHeader, Protocol

from .base import Reader
from .decoding import FrameDecoder
from .lenient import Object
from .model_lists import read_model_list


class WireDialect(msgspec.Struct, frozen=True):
    """The one implementation of :class:`~gatewaytui.protocols.base.Dialect`; the protocols differ in its fields.

    ``recognises`` tells whether a JSON object is a chunk or a whole answer of this dialect. ``done_mark`` is
    True where ``[DONE]`` ends its streams, ``ends_with_finish`` where the finish reason is all the end there is.
    """

    protocol: Protocol
    auth_header: AuthHeader
    build_chat: Callable[[str, ChatRequest, AuthHeader], WireRequest]
    build_models: Callable[[str, str, AuthHeader, str], WireRequest]
    reader: Callable[[], Reader]
    recognises: Callable[[Object], bool]
    done_mark: bool = False
    ends_with_finish: bool = False

    def chat_request(self, base_url: str, request: ChatRequest, auth: AuthHeader) -> WireRequest:
        """The POST that asks for this chat. ``auth`` is the header that will carry the key (never AUTO)."""
        return self.build_chat(base_url, request, auth)

    def models_request(self, base_url: str, models_path: str, auth: AuthHeader, page: str = "") -> WireRequest:
        """The GET for the catalogue; ``page`` is the ``next_page`` of the list before."""
        return self.build_models(base_url, models_path, auth, page)

    def decoder(self) -> FrameDecoder:
        """A fresh decoder for one answer, streamed or whole."""
        return FrameDecoder(self.reader(), self.done_mark)

    def read_body(self, body: bytes) -> list[Frame]:
        """A whole answer as one frame; none where the body is no JSON object."""
        decoder = self.decoder()
        return decoder.feed(body) + decoder.close()

    def read_models(self, body: bytes) -> ModelList | None:
        """The catalogue in this body, in whatever shape it came (the headers sent may decide the shape)."""
        return read_model_list(body)
