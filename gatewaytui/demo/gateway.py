"""One embedded gateway: routes, keys, groups, models, in the order the real ones look at them."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Template
from types import MappingProxyType

import msgspec
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gatewaytui.domain.profile import AuthHeader, Protocol

from .delivery import Delivered, Delivery, Tally
from .dice import Dice
from .extras.base import Offer, Setting
from .extras.reading import bounded, read_sent
from .extras.table import OFFERS
from .lists import anthropic_list, gemini_list, openai_entry, openai_list
from .oddities import delivery_for
from .persona import Family, Fault, FaultKind, KeyGroup, ListShape, Model, Persona, Trouble
from .prompt import Asked, Malformed, Object, read_asked
from .script import Phrases, Script
from .speech.base import Said
from .speech.table import speech

_CHATS = (
    (re.compile(r"/v1/chat/completions"), Protocol.OPENAI_CHAT),
    (re.compile(r"/v1/responses"), Protocol.OPENAI_RESPONSES),
    (re.compile(r"/v1/messages"), Protocol.ANTHROPIC),
    (
        re.compile(r"/v1(?:beta)?/models/(?P<model>.+):(?P<verb>generateContent|streamGenerateContent)"),
        Protocol.GEMINI,
    ),
)
_GENERATES = (":generateContent", ":streamGenerateContent")
_ENTRY = re.compile(r"/v1/models/(?P<model>.+)")
_QUERY_KEYS = ("key", "api_key")
_CARRIERS = MappingProxyType(
    {
        AuthHeader.BEARER: ("authorization", "bearer "),
        AuthHeader.X_API_KEY: ("x-api-key", ""),
        AuthHeader.X_GOOG_API_KEY: ("x-goog-api-key", ""),
    }
)
_FAMILIES = MappingProxyType(
    {
        ListShape.OPENAI: Family.OPENAI,
        ListShape.ANTHROPIC: Family.ANTHROPIC,
        ListShape.GEMINI: Family.GEMINI,
    }
)
_SHORTEST_SHOWN = 16
_NOT_FOR = MappingProxyType({"chat": "This is not a chat model."})


class _Refused(Exception):
    """The gateway says no; ``names`` fill the words of the trouble."""

    def __init__(self, trouble: Trouble, **names: str) -> None:
        self.trouble = trouble
        self.names = names
        super().__init__(trouble)


class _Visit(msgspec.Struct, frozen=True):
    """One request as the gateway sees it; ``path`` is below the persona's prefix."""

    request: Request
    path: str
    id: str

    @property
    def family(self) -> Family:
        """Whose error shape this path speaks."""
        if self.path.startswith("/v1/messages"):
            return Family.ANTHROPIC
        if self.path.startswith("/v1beta") or self.path.endswith(_GENERATES):
            return Family.GEMINI
        return _FAMILIES[_shape_of(self.request.headers)] if self.path.startswith("/v1/models") else Family.OPENAI


@dataclass(slots=True)
class Gateway:
    """A persona at work. ``pace`` stretches its waits; ``tally`` counts its answers."""

    persona: Persona
    phrases: Phrases
    pace: float
    tally: Tally = field(default_factory=Tally)
    _visits: int = 0

    async def answer(self, request: Request, path: str) -> Response:
        """What this gateway answers to a request for ``path``."""
        self._visits += 1
        visit = _Visit(request, path, Dice(self.persona.seed, "visit", self._visits).letters(32))
        try:
            response = await self._serve(visit)
        except _Refused as refused:
            response = self._refusal(visit, refused)
        except Malformed as trouble:
            param = json.dumps(trouble.param)
            response = self._refusal(visit, _Refused(Trouble.MALFORMED, detail=trouble.detail, param=param))
        if not isinstance(response, Delivered):
            await asyncio.sleep(self.persona.pacing.headers_ms / 1000 * self.pace)
        return response

    async def _serve(self, visit: _Visit) -> Response:
        visit = self._past_everywhere(visit)
        path, method = visit.path, visit.request.method
        if path in self.persona.lists:
            self._expect(visit, "GET")
            return self._list(visit, self._group(visit)[1])
        for pattern, protocol in _CHATS:
            found = pattern.fullmatch(path)
            if found and protocol in self.persona.protocols:
                self._expect(visit, "POST")
                return await self._chat(visit, protocol, found.groupdict())
        if (offer := OFFERS.get(path)) and offer.extra in self.persona.extras:
            self._expect(visit, "POST")
            return await self._extra(visit, offer)
        if (entry := _ENTRY.fullmatch(path)) and "/v1/models" in self.persona.lists:
            self._expect(visit, "GET")
            group = self._group(visit)
            model = self._model(entry["model"], *group)
            return self._json(visit, openai_entry(model, self.persona.entries))
        raise _Refused(Trouble.NO_ROUTE, method=method, path=path)

    def _past_everywhere(self, visit: _Visit) -> _Visit:
        """The visit as it reaches the gateway itself, where anything lets it through."""
        fault = self.persona.fault
        if fault is None or not fault.everywhere:
            return visit
        if fault.trouble and not (fault.spares and visit.path.startswith(fault.spares + "/")):
            raise _Refused(fault.trouble)
        return _Visit(visit.request, visit.path.removeprefix(fault.spares), visit.id)

    def _expect(self, visit: _Visit, method: str) -> None:
        if visit.request.method != method:
            raise _Refused(Trouble.WRONG_METHOD, method=visit.request.method, path=visit.path)

    def _group(self, visit: _Visit) -> tuple[str, KeyGroup]:
        """The group of the key that was sent, in the persona's order of headers."""
        if self.persona.refuses_query_keys and any(name in visit.request.query_params for name in _QUERY_KEYS):
            raise _Refused(Trouble.QUERY_KEY)
        sent = next((key for header in self.persona.auth if (key := _carried(visit.request.headers, header))), "")
        if not sent:
            raise _Refused(Trouble.NO_KEY)
        for name, group in self.persona.key_groups.items():
            if sent == self.persona.key(name):
                return name, group
        raise _Refused(Trouble.BAD_KEY, masked_key=_masked(sent))

    def _list(self, visit: _Visit, group: KeyGroup) -> Response:
        persona, query = self.persona, visit.request.query_params
        models = () if persona.hides_models else persona.models_of(group)
        shape = persona.lists[visit.path]
        if shape is ListShape.BY_HEADER:
            shape = _shape_of(visit.request.headers)
        if shape is ListShape.ANTHROPIC:
            return self._json(visit, anthropic_list(models, query))
        if shape is ListShape.GEMINI:
            return self._json(visit, gemini_list(models, query, persona.entries))
        return self._json(visit, openai_list(models, persona.entries))

    async def _chat(self, visit: _Visit, protocol: Protocol, found: Mapping[str, str]) -> Response:
        name, group = self._group(visit)
        streamed = found.get("verb") == "streamGenerateContent"
        as_array = streamed and visit.request.query_params.get("alt") != "sse"
        asked = read_asked(protocol, await visit.request.body(), found.get("model", ""), streamed, as_array)
        model = self._unlocked(asked.model, protocol, "chat", name, group)
        fault = self._fault(asked)
        asked = replace(asked, stream=asked.stream or self.persona.always_streams)
        in_stream = fault is not None and asked.stream and asked.protocol in fault.fails_in_stream
        if fault and fault.kind is FaultKind.REFUSE and fault.trouble and not in_stream:
            raise _Refused(fault.trouble, group=name or "default", model=asked.model)
        return Delivered(self._delivery(visit, asked, model, fault))

    async def _extra(self, visit: _Visit, offer: Offer) -> Response:
        """The answer of an endpoint beside chat."""
        name, group = self._group(visit)
        body = await bounded(visit.request.stream())
        sent = read_sent(body, visit.request.headers.get("content-type", ""), offer.form)
        asked = sent.text("model")
        self._unlocked(asked, offer.protocol, offer.makes, name, group)
        setting = Setting(self.persona.seed, asked, visit.id, int(time.time()), self.phrases)
        try:
            answer = offer.answer(sent, setting)
        except RecursionError:
            raise Malformed("The body of your request is nested too deeply.") from None
        return Response(answer.body, headers=self._headers(visit), media_type=answer.media_type)

    def _fault(self, asked: Asked) -> Fault | None:
        """What will go wrong with this chat: where the fault is everywhere, one that got past it is well."""
        fault = self.persona.fault
        if fault is None or fault.everywhere or asked.protocol not in fault.protocols:
            return None
        return fault if fault.streamed in (None, asked.stream) else None

    def _delivery(self, visit: _Visit, asked: Asked, model: Model, fault: Fault | None) -> Delivery:
        persona = self.persona
        thinks = model.thinking or asked.thinking
        brief = fault is None or fault.kind is FaultKind.REFUSE or not asked.stream
        blank = fault is not None and fault.kind is FaultKind.BLANK
        said = Said(
            asked,
            Script((), ()) if blank else self.phrases.script(persona.seed, asked, thinks, brief),
            persona.serves or asked.model,
            visit.id,
            int(time.time()),
            persona.pacing.tokens_per_event,
        )
        error = self._words(visit, _Refused(fault.trouble, model=asked.model)) if fault and fault.trouble else ""
        headers = self._headers(visit)
        parts = speech(said), persona.pacing, fault, error.encode(), headers, self.tally, self.pace
        return delivery_for(fault)(*parts)

    def _unlocked(self, id: str, protocol: Protocol, makes: str, name: str, group: KeyGroup) -> Model:
        """The model of that id, if this group's key opens it for what it is asked for. Raises also Malformed."""
        if protocol not in group.protocols:
            raise _Refused(Trouble.WRONG_GROUP, group=name, model=id)
        model = self._model(id, name, group)
        if model.makes != makes:
            raise Malformed(_NOT_FOR.get(makes, "This model does not support this endpoint."), "model")
        return model

    def _model(self, id: str, name: str, group: KeyGroup) -> Model:
        """The model of that id, if this group has it."""
        for model in self.persona.models_of(group):
            if model.id == id:
                return model
        if id in self.persona.locked or any(model.id == id for model in self.persona.models):
            raise _Refused(Trouble.WRONG_GROUP, group=name, model=id)
        raise _Refused(Trouble.UNKNOWN_MODEL, group=name or "default", model=id)

    def _json(self, visit: _Visit, body: Object) -> Response:
        return JSONResponse(body, headers=self._headers(visit))

    def _refusal(self, visit: _Visit, refused: _Refused) -> Response:
        words = self.persona.refusal(visit.family, refused.trouble)
        headers = {**self._headers(visit), **words.headers}
        if refused.trouble is Trouble.WRONG_METHOD:
            headers["allow"] = "GET" if visit.path in self.persona.lists else "POST"
        return Response(self._words(visit, refused), words.status, headers, words.media_type)

    def _words(self, visit: _Visit, refused: _Refused) -> str:
        """The body of a trouble with its names filled in; what a client sent is escaped."""
        body = self.persona.refusal(visit.family, refused.trouble).body
        names = {name: value if name == "param" else json.dumps(value)[1:-1] for name, value in refused.names.items()}
        return Template(body).safe_substitute({"request_id": visit.id, "param": "null", **names})

    def _headers(self, visit: _Visit) -> dict[str, str]:
        names = {"request_id": visit.id, "processing_ms": str(round(self.persona.pacing.headers_ms))}
        headers = self.persona.headers(visit.family)
        return {name: Template(value).safe_substitute(names) for name, value in headers.items()}


def _carried(headers: Mapping[str, str], header: AuthHeader) -> str:
    """The key this header carries, or ""."""
    name, scheme = _CARRIERS[header]
    value = headers.get(name, "")
    return value[len(scheme) :].strip() if value.lower().startswith(scheme) else ""


def _shape_of(headers: Mapping[str, str]) -> ListShape:
    """new-api's rule: the key's header decides the shape of the list."""
    if "x-api-key" in headers and "anthropic-version" in headers:
        return ListShape.ANTHROPIC
    return ListShape.GEMINI if "x-goog-api-key" in headers else ListShape.OPENAI


def _masked(key: str) -> str:
    """The key as vendors echo it."""
    return f"{key[:5]}****{key[-4:]}" if len(key) >= _SHORTEST_SHOWN else "****"
