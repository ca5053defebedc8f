"""The fields of a profile as they stand in a file: one reader a field, each with one clear sentence for a bad value.

Sentences never repeat a value: somebody may have pasted a key there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from gatewaytui.domain.keyshape import has_vendor_prefix, looks_like_key
from gatewaytui.domain.pattern import Pattern
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import (
    FROM_KEYRING,
    AuthHeader,
    Group,
    KeyReference,
    KeySource,
    Protocol,
    Timeouts,
)

from .keyrefs import BadReference, command_reference, parse_reference
from .origin import origin

NAME_RULE = "Names have letters, digits, _ . and -, at most 64, and are not shaped like a key."
TIMEOUT_FIELDS = frozenset(Timeouts.__struct_fields__)
GROUP_FIELDS = frozenset({"key", "protocols"})
_NAME = Pattern(r"\w[\w.\-]{0,63}")
_EDGE = Pattern(r"[\s/?&=:@,;]")
_HEADER_NAME = Pattern(r"[A-Za-z0-9!#$%&'*+.^_`|~\-]{1,128}")
_AUTH_NAMES = frozenset({"authorization", "x-api-key", "x-goog-api-key", "api-key"})
_LONGEST_TEXT = 2048
_LONGEST_WAIT_S = 86_400.0

Word = TypeVar("Word", bound=StrEnum)


class BadValue(ValueError):
    """A value that cannot be used. The message ends a sentence that begins with the field.

    ``place`` is where inside the field; ``literal`` is True where a key itself was written.
    """

    def __init__(self, message: str, *, next_step: str = "", place: str = "", literal: bool = False) -> None:
        super().__init__(message)
        self.next_step = next_step
        self.place = place
        self.literal = literal


def valid_name(name: str) -> bool:
    """True for a profile's or group's name: letters of any script, digits, ``_ . -``, at most 64, no key."""
    return _NAME.fullmatch(name) is not None and not looks_like_key(name)


def _inside(place: str, read: Callable[[Any], Any], value: object) -> Any:
    """Read a part of a field; what is wrong with it is told with its place."""
    try:
        return read(value)
    except BadValue as bad:
        inner = joined(place, bad.place)
        raise BadValue(str(bad), next_step=bad.next_step, place=inner, literal=bad.literal) from None


def joined(*places: str) -> str:
    """The dotted name of a place inside a field."""
    return ".".join(filter(None, places))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadValue("must be text in quotes")
    if len(value) > _LONGEST_TEXT or not value.isprintable():
        raise BadValue("is too long or holds characters that cannot be shown")
    if any(map(has_vendor_prefix, _EDGE.split(value))):
        raise BadValue("holds a key, and keys do not belong into the file")
    return value


def _address(value: object) -> str:
    address = _text(value)
    try:
        parts = urlsplit(address)
        origin(address)
    except (Problem, ValueError):
        raise BadValue(
            "is not an address like https://api.example.com/v1", next_step="Write it in full, with https://"
        ) from None
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment or " " in address:
        raise BadValue("must hold no user name, query or blank", next_step="Keep scheme, host and path only.")
    return address


def _proxy(value: object) -> str:
    address = _text(value)
    if "@" in address:
        raise BadValue(
            "must hold no user name or password",
            next_step="Set the variable HTTPS_PROXY instead, which is not kept in a file.",
        )
    return address


def _word(words: type[Word]) -> Callable[[object], Word]:
    def read(value: object) -> Word:
        if isinstance(value, str) and value in tuple(words):
            return words(value)
        raise BadValue(f"must be one of {', '.join(words)}")

    return read


def _protocols(value: object) -> tuple[Protocol, ...]:
    if not isinstance(value, list) or not value:
        raise BadValue('must be a list like ["openai-chat"]')
    return tuple(map(_word(Protocol), value))


def _reference(value: object) -> KeyReference:
    try:
        if isinstance(value, list):
            return command_reference(value)
        if isinstance(value, str):
            return parse_reference(value)
    except BadReference as bad:
        raise BadValue(bad.what, literal=bad.literal) from None
    raise BadValue('must be text in quotes, for example "keyring:" or "env:NAME"')


def _headers(value: object) -> tuple[tuple[str, str | KeyReference], ...]:
    if not isinstance(value, Mapping):
        raise BadValue('must be a table like { X-Title = "mine" }')
    for name in value:
        if not _HEADER_NAME.fullmatch(name) or looks_like_key(name):
            raise BadValue("holds a header name that cannot be sent")
        if name.lower() in _AUTH_NAMES:
            raise BadValue(
                "must not carry the key", next_step="Set auth_header: one such header goes with a request."
            )
    return tuple((name, _inside(name, _header, item)) for name, item in value.items())


def _header(value: object) -> str | KeyReference:
    if isinstance(value, Mapping):
        reference = _reference(value.get("key"))
        if reference.source not in (KeySource.ENV, KeySource.CMD):
            raise BadValue("can be read from env:NAME or a cmd: only")
        return reference
    text = _text(value)
    if not text.isascii() or text != text.strip():
        raise BadValue("must be plain ASCII without blanks around it")
    if any(map(looks_like_key, text.split())):
        raise BadValue('holds a key: write { key = "env:NAME" } in its place')
    return text


def _groups(value: object) -> tuple[Group, ...]:
    if not isinstance(value, Mapping) or not all(isinstance(item, Mapping) for item in value.values()):
        raise BadValue("must be tables like [profiles.NAME.groups.GROUP]")
    if not all(map(valid_name, value)):
        raise BadValue("has a name that cannot be used", next_step=NAME_RULE)
    return tuple(_inside(name, partial(_group, name), item) for name, item in value.items())


def _group(name: str, table: Mapping[str, Any]) -> Group:
    key = _inside("key", _reference, table["key"]) if "key" in table else FROM_KEYRING
    return Group(name, key, _inside("protocols", _protocols, table["protocols"]) if table.get("protocols") else ())


def _timeouts(value: object) -> Timeouts:
    if not isinstance(value, Mapping):
        raise BadValue("must be a table like { connect = 10, total = 300 }")
    return Timeouts(**{name: _inside(name, _seconds, value[name]) for name in value if name in TIMEOUT_FIELDS})


def _seconds(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= _LONGEST_WAIT_S:
        raise BadValue("must be a number of seconds above 0 and at most a day")
    return float(value)


FIELDS: Mapping[str, tuple[str, Callable[[Any], Any]]] = MappingProxyType(
    {
        "base_url": ("base_url", _address),
        "key": ("key", _reference),
        "protocol": ("protocol", _word(Protocol)),
        "protocols": ("protocols", _protocols),
        "auth_header": ("auth_header", _word(AuthHeader)),
        "models_path": ("models_path", _text),
        "headers": ("extra_headers", _headers),
        "groups": ("groups", _groups),
        "timeouts": ("timeouts", _timeouts),
        "proxy": ("proxy", _proxy),
        "ca_file": ("ca_file", _text),
        "default_model": ("default_model", _text),
    }
)
