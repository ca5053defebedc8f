"""What an Exchange and its Reading show, collected once and for all rules."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import msgspec

from gatewaytui.domain.chat import Answer, ErrorObject
from gatewaytui.domain.exchange import Ask, Exchange, Read, TransportFault, WireResponse
from gatewaytui.domain.reading import BodyShape, Reading
from gatewaytui.domain.secret import repr_without

from .fingerprint import Fingerprint, fingerprint
from .retry import retry_after
from .vocabulary import FAINT, Topic, spelled_out, status_of, topic_of
from .words import names_another_model, names_asked_model, names_provider, prepared, topics_in

_PAGE_LIMIT = 8192
_CODE_LIKE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{2,60}")


class Sight(msgspec.Struct, frozen=True):
    """Everything the rules look at. ``page`` is prepared text of an HTML or plain-text body, "" otherwise.

    ``topic`` is what a code says, ``words`` what the words say, ``mentions`` what they only touch on, ``stated`` the
    status that the error object names by number or broad type; ``error`` is None for a body without one;
    ``asked_named`` tells that it names the id that was asked, and so speaks of a model whatever it calls it (``engine
    x``); ``other_model`` that it names another one.
    """

    ask: Ask
    path: str = ""
    fault: TransportFault | None = None
    response: WireResponse | None = None
    reading: Reading | None = None
    reads: tuple[Read, ...] = ()
    status: int = 0
    shape: BodyShape = BodyShape.EMPTY
    page: str = ""
    error: ErrorObject | None = None
    topic: Topic | None = None
    words: frozenset[Topic] = frozenset()
    mentions: frozenset[Topic] = frozenset()
    stated: int | None = None
    provider: bool = False
    asked_named: bool = False
    other_model: bool = False
    retry_after: float | None = None
    redirect_to: str = ""
    prints: Fingerprint = msgspec.field(default_factory=Fingerprint)

    @property
    def success(self) -> bool:
        """A 2xx status, whatever the body says."""
        return 200 <= self.status < 300

    @property
    def failing(self) -> bool:
        """An error status, or an error object under a success status."""
        return self.status >= 400 or (self.success and self.error is not None)

    @property
    def acting(self) -> int:
        """The status to judge by: the HTTP status, or under a 2xx the one the error object states (0: none)."""
        return (self.stated or 0) if self.success else self.status

    @property
    def server_error(self) -> bool:
        """A 5xx, stated or real; 999 and its like are no statuses."""
        return 500 <= self.acting < 600

    @property
    def answer(self) -> Answer | None:
        """The chat answer, if the body held one."""
        return self.reading.answer if self.reading else None

    @property
    def streaming(self) -> bool:
        """The response was a stream."""
        return self.reading is not None and self.reading.streaming

    @property
    def upstream(self) -> bool:
        """The error says of itself that it came from behind the gateway."""
        return self.provider or self.topic is Topic.UPSTREAM or Topic.UPSTREAM in self.words

    def __repr__(self) -> str:
        return repr_without(self, "response", "reading", "reads", "page", "error")


def look(exchange: Exchange, reading: Reading | None) -> Sight:
    """Collect what is to be seen, whatever the bytes, headers and strings are."""
    response = exchange.response
    ask = exchange.request.ask
    if response is None:
        return Sight(ask, exchange.request.path, exchange.fault, reads=exchange.reads)
    shape = reading.shape if reading else BodyShape.EMPTY
    error = reading.error if reading else None
    page = _page(response, ask) if shape in (BodyShape.HTML, BodyShape.TEXT) else ""
    text = prepared(_text_of(error), ask.model) if error else page if shape is BodyShape.TEXT else ""
    spoken = topics_in(text) if text else frozenset()
    named = error is not None and names_asked_model(error.message, ask.model)
    return Sight(
        ask=ask,
        path=exchange.request.path,
        fault=exchange.fault,
        response=response,
        reading=reading,
        reads=exchange.reads,
        status=response.status,
        shape=shape,
        page=page,
        error=error,
        topic=_topic(error) if error else None,
        words=spoken - FAINT,
        mentions=spoken & FAINT | (frozenset((Topic.MODEL,)) if named else frozenset()),
        asked_named=named,
        stated=_stated(error) if error else None,
        other_model=bool(error and ask.model) and names_another_model(text),
        provider=names_provider(text) or bool(error and error.provider),
        retry_after=retry_after(response, error),
        redirect_to=_redirect_to(exchange.request.url, response) if 300 <= response.status < 400 else "",
        prints=fingerprint(response, error),
    )


def _page(response: WireResponse, ask: Ask) -> str:
    return prepared(response.body[:_PAGE_LIMIT].decode("utf-8", "replace"), ask.model)


def _names(error: ErrorObject) -> tuple[str, ...]:
    """The error's codes, the most exact first. A message of one word (``insufficient_quota``) is a code too."""
    word = error.message if _CODE_LIKE.fullmatch(error.message) else ""
    return tuple(name[:200] for name in (error.code, *error.reasons[:8], error.type, error.status, word))


def _topic(error: ErrorObject) -> Topic | None:
    return next((topic for topic in map(topic_of, _names(error)) if topic), None)


def _stated(error: ErrorObject) -> int | None:
    return next((status for status in map(status_of, _names(error)) if status), None)


def _text_of(error: ErrorObject) -> str:
    """The message, and every code that is not a broad type spelled out: ``NOT_ENOUGH_BALANCE`` speaks for itself."""
    unknown = (spelled_out(name) for name in _names(error) if topic_of(name) is None and status_of(name) is None)
    return ". ".join(part for part in (error.message[:4000], *unknown) if part)


def _redirect_to(url: str, response: WireResponse) -> str:
    """``downgrade`` ``login`` ``https`` ``same_host`` ``other_host``; ``unknown`` for what cannot be read."""
    location = response.header("location")
    try:
        here, there = urlsplit(url), urlsplit(urljoin(url, location))
        hosts = here.hostname, there.hostname
    except ValueError:
        return "unknown"
    if not location or there.scheme not in ("http", "https"):
        return "unknown"
    if here.scheme == "https" and there.scheme == "http":
        return "downgrade"
    if any(word in there.path.lower() for word in ("login", "signin", "sign-in", "sso", "oauth", "/auth")):
        return "login"
    if hosts[0] != hosts[1]:
        return "other_host"
    return "https" if here.scheme != there.scheme else "same_host"
