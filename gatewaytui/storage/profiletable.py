"""A profile as a table of ``profiles.toml``: read with one clear sentence for every bad value, written back the same.

Sentences name the profile and the field and never repeat a value: somebody may have pasted a key there.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from msgspec.structs import asdict

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import FROM_KEYRING, Group, KeyReference, Profile
from gatewaytui.domain.secret import KeyTextError, Secret, clean_key

from .keyrefs import BadReference, format_reference, parse_reference
from .profilefields import FIELDS, GROUP_FIELDS, NAME_RULE, TIMEOUT_FIELDS, BadValue, joined, valid_name


def decode(name: str, table: object) -> Profile:
    """The profile in this table; fields nobody knows are left alone. Raises Problem (config) naming the field."""
    if not valid_name(name):
        raise Problem(FailureClass.CONFIG, "A profile has a name that cannot be used.", NAME_RULE)
    if not isinstance(table, Mapping):
        raise _problem(name, "", BadValue("is not a table", next_step=f"Write its fields under [profiles.{name}]."))
    values: dict[str, Any] = {}
    for field, (attribute, read) in FIELDS.items():
        if field in table:
            try:
                values[attribute] = read(table[field])
            except BadValue as bad:
                raise _problem(name, field, bad) from None
    if "base_url" not in values:
        raise _problem(name, "base_url", BadValue("is missing"))
    if "protocols" in values:
        values.setdefault("protocol", values["protocols"][0])
    elif "protocol" in values:
        values["protocols"] = (values["protocol"],)
    return Profile(name=name, **values)


def encode(profile: Profile) -> dict[str, Any]:
    """The fields that a file needs: the address, where the key is, and what is not the default."""
    plain = Profile(profile.name, profile.base_url)
    table: dict[str, Any] = {"base_url": profile.base_url, "key": format_reference(profile.key)}
    if (profile.protocol, profile.protocols) != (plain.protocol, plain.protocols):
        table |= {"protocol": str(profile.protocol), "protocols": list(map(str, profile.protocols))}
    for field in ("auth_header", "models_path", "default_model", "proxy", "ca_file"):
        if getattr(profile, field) != getattr(plain, field):
            table[field] = str(getattr(profile, field))
    if profile.extra_headers:
        table["headers"] = {name: _header_item(value) for name, value in profile.extra_headers}
    if profile.timeouts != plain.timeouts:
        table["timeouts"] = asdict(profile.timeouts)
    if profile.groups:
        table["groups"] = {group.name: _group_table(group) for group in profile.groups}
    return table


def check(profile: Profile) -> None:
    """Raise Problem (config) for a profile that could not be read back from a file as it is."""
    if decode(profile.name, encode(profile)) != profile:
        raise _problem(profile.name, "", BadValue("names a header or a group twice"))


def update(table: MutableMapping[str, Any], profile: Profile) -> None:
    """Bring the table to this profile, touching only what differs: comments and unknown fields stay."""
    _merge(table, encode(profile), ())


def lift_keys(table: MutableMapping[str, Any]) -> tuple[tuple[str, Secret], ...]:
    """Take keys written into the table out of it, each with its group ("" for the profile's own).

    A reference to the keyring stays in their place. Raises Problem (config) where such a key cannot be one.
    """
    groups = table.get("groups", {})
    holders = [("", table), *(groups.items() if isinstance(groups, Mapping) else ())]
    lifted = []
    for group, holder in holders:
        written = holder.get("key") if isinstance(holder, MutableMapping) else None
        if isinstance(written, str) and _is_literal(written):
            try:
                lifted.append((group, clean_key(written).secret))
            except KeyTextError as error:
                raise Problem(
                    FailureClass.CONFIG, str(error), "Set the key again: gatewaytui profiles set-key"
                ) from None
            holder["key"] = format_reference(FROM_KEYRING)
    return tuple(lifted)


def _is_literal(text: str) -> bool:
    try:
        parse_reference(text)
    except BadReference as bad:
        return bad.literal
    return False


def _merge(table: MutableMapping[str, Any], wanted: Mapping[str, Any], path: tuple[str, ...]) -> None:
    for field in [field for field in table if field not in wanted and _owned(path, field)]:
        del table[field]
    for field, value in wanted.items():
        current = table.get(field)
        if isinstance(current, MutableMapping) and isinstance(value, Mapping):
            _merge(current, value, (*path, field))
        elif current != value:
            table[field] = value


def _owned(path: tuple[str, ...], field: str) -> bool:
    match path:
        case ():
            return field in FIELDS
        case ("groups", _):
            return field in GROUP_FIELDS
        case ("timeouts",):
            return field in TIMEOUT_FIELDS
        case _:
            return True


def _problem(name: str, field: str, bad: BadValue) -> Problem:
    subject = joined(field, bad.place)
    sentence = f"The {subject} of profile {name} {bad}." if subject else f"Profile {name} {bad}."
    if bad.literal:
        return Problem(FailureClass.CONFIG, sentence, f"Move it to the keyring: gatewaytui profiles set-key {name}")
    next_step = bad.next_step or "Correct it in profiles.toml; gatewaytui config path shows where it is."
    return Problem(FailureClass.CONFIG, sentence, next_step)


def _header_item(value: str | KeyReference) -> str | dict[str, str]:
    return {"key": format_reference(value)} if isinstance(value, KeyReference) else value


def _group_table(group: Group) -> dict[str, Any]:
    return {"key": format_reference(group.key), "protocols": list(map(str, group.protocols))}
