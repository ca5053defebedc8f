"""Isolation: which cheap variants of a failed request tell its causes apart, in the order in which they are tried.

Pure. A table says for each failure class which kinds of variant are worth a request; a kind ends with its first
variant that is answered well. Nothing here changes the profile: what answers is proposed to the person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from gatewaytui.diagnosis.models import nearest
from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.chat import ChatRequest
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.failure import FailureClass as F
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.run import KeyUsed, Rung
from gatewaytui.domain.secret import repr_without
from gatewaytui.domain.text import valid_model_id
from gatewaytui.protocols.table import PROTOCOLS
from gatewaytui.protocols.urls import base_url_variants

from .base import Plan
from .chat import ChatCheck
from .models import ModelsCheck, chat_models

MOST_MODELS, MOST_ADDRESSES = 2, 5
_OF_ADDRESS = frozenset((F.BASE_URL, F.ROUTE_NOT_FOUND, F.REDIRECT, F.ENDPOINT_UNSUPPORTED))
_LISTS = frozenset((Rung.ADDRESS, Rung.AUTH, Rung.MODELS))
_HEADERS = (AuthHeader.BEARER, AuthHeader.X_API_KEY, AuthHeader.X_GOOG_API_KEY, AuthHeader.API_KEY)
_HEADER_WORDS: Mapping[AuthHeader, str] = MappingProxyType({AuthHeader.BEARER: "Authorization: Bearer"})


class Variant(msgspec.Struct, frozen=True):
    """One request that differs from the failed one in one thing, which ``label`` names.

    Where one that ``decides`` is answered well, no other kind of variant could tell more.
    """

    label: str
    request: WireRequest
    key: KeyUsed = KeyUsed.OWN
    group: str = ""
    base_url: str = ""
    model: str = ""
    decides: bool = False


class Situation(msgspec.Struct, frozen=True):
    """What failed: the rung, its class, the chat that was asked, and the models that are listed."""

    plan: Plan
    rung: Rung
    failure_class: F
    chat: ChatRequest
    listed: Sequence[ModelInfo] = ()

    @property
    def chats(self) -> bool:
        """True where the failed request was a chat, not a list."""
        return self.rung not in _LISTS

    def ask(self, plan: Plan | None = None, stream: bool | None = None) -> WireRequest:
        """The failed request again, for another plan or in the other form."""
        wanted = plan or self.plan
        if not self.chats:
            return ModelsCheck().request(wanted)
        streamed = self.rung is Rung.STREAM if stream is None else stream
        return ChatCheck(replace(self.chat, stream=streamed)).request(wanted)

    def __repr__(self) -> str:
        return repr_without(self, "listed")


def header_words(header: AuthHeader) -> str:
    """An auth header as a person knows it."""
    return _HEADER_WORDS.get(header, header.value)


Kind = Callable[[Situation], Iterator[Variant]]


def variants(situation: Situation) -> tuple[tuple[Variant, ...], ...]:
    """The variants worth trying, one tuple a kind; () where no request can tell more."""
    kinds = TRIES.get(situation.failure_class, ())
    return tuple(found for kind in kinds if (found := tuple(kind(situation))))


def in_other_protocols(situation: Situation) -> tuple[Variant, ...]:
    """The refused request in each of the other protocols, each with the key in that protocol's own header."""
    own = replace(situation, plan=_with_profile(situation.plan, auth_header=AuthHeader.AUTO))
    return tuple(replace(variant, decides=False) for variant in _protocols(own))


def chats_behind(situation: Situation, header: AuthHeader, model: str) -> tuple[Variant, ...]:
    """A chat with the key in the header in which a list was read: in the own protocol, then in those whose it is.

    The first that has a path tells which protocol is spoken there.
    """
    target = situation.plan.target
    others = [one for one in Protocol if one is not target.protocol and PROTOCOLS[one].auth_header is header]
    found = []
    for protocol in (target.protocol, *others):
        aim = replace(target, protocol_override=protocol).with_auth_header(header)
        request = ChatCheck(replace(situation.chat, stream=False)).request(Plan(aim, model))
        label = f"a chat, key in {header_words(header)}" if protocol is target.protocol else f"a chat, {protocol}"
        found.append(Variant(label, request, model=model))
    return tuple(found)


def _addresses(situation: Situation) -> Iterator[Variant]:
    """The same request below the other usual forms of the base URL; a list that answered has proven its address."""
    if situation.chats and situation.failure_class not in _OF_ADDRESS:
        return
    plan = situation.plan
    own = situation.ask().url
    tried = {own}
    for base_url in base_url_variants(plan.target.profile.base_url):
        request = situation.ask(_with_profile(plan, base_url=base_url))
        if request.url not in tried and len(tried) <= MOST_ADDRESSES:
            tried.add(request.url)
            label = f"base URL {_ending(base_url)}"
            yield Variant(label, request, base_url=base_url, model=_model(situation), decides=True)


def _ending(base_url: str) -> str:
    """The path of a base URL as words."""
    path = "/" + base_url.partition("://")[2].partition("/")[2]
    return "without a path" if path == "/" else f"ending in {path}"


def _headers(situation: Situation) -> Iterator[Variant]:
    """The same key in each of the other headers, one at a time; without a key there is nothing to move, and a stream
    comes after an answer that this header brought.
    """
    if situation.plan.auth is AuthHeader.NONE or situation.rung is Rung.STREAM:
        return
    for header in _HEADERS:
        if header is not situation.plan.auth:
            request = situation.ask(_with_profile(situation.plan, auth_header=header))
            yield Variant(f"key in {header_words(header)}", request, model=_model(situation))


def _list_headers(situation: Situation) -> Iterator[Variant]:
    """The same for a list alone: where a chat is forbidden, a list before it has shown that the key is read."""
    if not situation.chats:
        yield from _headers(situation)


def _other_keys(situation: Situation) -> Iterator[Variant]:
    """The same request with no key, then with a wrong one: is it refused just the same?"""
    if situation.plan.auth is AuthHeader.NONE or situation.rung is Rung.STREAM:
        return
    request = situation.ask()
    keyless = replace(request, auth_header=AuthHeader.NONE)
    yield Variant("no key", keyless, key=KeyUsed.NONE, model=_model(situation))
    yield Variant("a wrong key", request, key=KeyUsed.WRONG, model=_model(situation))


def _groups(situation: Situation) -> Iterator[Variant]:
    """The same request with the key of each other group, in a protocol that the group speaks."""
    target = situation.plan.target
    for group in target.profile.groups:
        if group.name == target.group:
            continue
        fits = not group.protocols or target.protocol in group.protocols
        protocol = target.protocol if fits else group.protocols[0]
        aim = replace(target, group=group.name, protocol_override=protocol)
        label = f"key of group {group.name}" + ("" if fits else f", {protocol}")
        request = situation.ask(replace(situation.plan, target=aim))
        yield Variant(label, request, KeyUsed.GROUP, group.name, model=_model(situation))


def _models(situation: Situation) -> Iterator[Variant]:
    """The same chat to other listed models: the nearest ids first, then one of another provider."""
    if not situation.chats:
        return
    for id in _other_models(situation):
        yield Variant(f"model {id}", situation.ask(replace(situation.plan, model=id)), model=id)


def _other_models(situation: Situation) -> tuple[str, ...]:
    asked = situation.plan.model
    listed = chat_models(model.id for model in situation.listed)
    ids = tuple(id for id in listed if id != asked and valid_model_id(id))
    providers = {model.id: model.provider for model in situation.listed}
    near = nearest(asked, ids) if asked not in providers else ()
    elsewhere = tuple(id for id in ids if providers[id] != providers.get(asked))
    return tuple(dict.fromkeys((*near, *elsewhere[:1], *ids)))[:MOST_MODELS]


def _other_form(situation: Situation) -> Iterator[Variant]:
    """The same chat streamed; a stream that failed had a whole answer before it on the ladder."""
    if situation.rung is Rung.CHAT:
        yield Variant("as a stream", situation.ask(stream=True), model=_model(situation), decides=True)


def _protocols(situation: Situation) -> Iterator[Variant]:
    """The same chat, or the list where that stands elsewhere, in each of the other protocols.

    A stream comes after a whole answer in its protocol.
    """
    if situation.rung is Rung.STREAM:
        return
    target, own = situation.plan.target, situation.ask()
    tried = {(own.url, own.auth_header)}
    for protocol in Protocol:
        request = situation.ask(replace(situation.plan, target=replace(target, protocol_override=protocol)))
        if protocol is not target.protocol and (request.url, request.auth_header) not in tried:
            tried.add((request.url, request.auth_header))
            yield Variant(f"protocol {protocol}", request, model=_model(situation), decides=not situation.chats)


def _chat_itself(situation: Situation) -> Iterator[Variant]:
    """The model that was named, chatted with although the list failed: is it the list alone?"""
    plan = situation.plan
    if not situation.chats and situation.rung is not Rung.ADDRESS and plan.model:
        request = ChatCheck(replace(situation.chat, stream=False)).request(plan)
        yield Variant("a chat without the list", request, model=plan.model, decides=True)


def _with_profile(plan: Plan, **changed: object) -> Plan:
    profile = replace(plan.target.profile, **changed)
    return replace(plan, target=replace(plan.target, profile=profile))


def _model(situation: Situation) -> str:
    return situation.plan.model if situation.chats else ""


_ADDRESS = (_addresses, _protocols, _chat_itself)
_MODEL = (_models, _groups, _protocols)
_FORM = (_other_form, _models, _chat_itself)

TRIES: Mapping[F, tuple[Kind, ...]] = MappingProxyType(
    {
        F.AUTH: (_headers, _other_keys, _groups),
        F.PERMISSION: (_list_headers, _other_keys, _groups, _models, _chat_itself),
        F.GROUP_OR_MODEL_ACCESS: (_models, _groups, _protocols, _chat_itself),
        F.UPSTREAM_AUTH: (_models,),
        F.BASE_URL: _ADDRESS,
        F.ROUTE_NOT_FOUND: (_addresses, _protocols),
        F.REDIRECT: (_addresses,),
        F.ENDPOINT_UNSUPPORTED: (_protocols, _models),
        F.MODEL_NOT_FOUND: _MODEL,
        F.MODEL_UNAVAILABLE: _MODEL,
        F.MODELS_EMPTY: (_groups, _chat_itself),
        F.REQUEST_SHAPE: (_other_form, _models, _protocols, _chat_itself),
        F.FEATURE_UNSUPPORTED: _FORM,
        F.CONTEXT_LENGTH: (_models,),
        F.CONTENT_FILTER: (_models,),
        F.RATE_LIMIT: (_models, _groups),
        F.BILLING_QUOTA: (_groups,),
        F.FIRST_BYTE_TIMEOUT: (_other_form,),
        F.GATEWAY_TIMEOUT: _FORM,
        F.GATEWAY_ERROR: _FORM,
        F.UPSTREAM_ERROR: _FORM,
        F.OVERLOADED: (_models,),
        F.INVALID_JSON: (*_FORM, _addresses),
        F.RESPONSE_SHAPE: (*_FORM, _addresses),
        F.EMPTY_RESPONSE: _FORM,
        F.ENCODING: (_other_form, _chat_itself),
        F.STREAM_INTERRUPTED: (_models,),
        F.STREAM_ERROR: (_models,),
        F.UNCLASSIFIED: _FORM,
    }
)
"""Classes without a row fail in a way that no other request explains, or cost too long a wait."""
