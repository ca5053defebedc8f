from __future__ import annotations

import tomllib
from collections.abc import MutableMapping
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gatewaytui.domain.keyshape import has_vendor_prefix, looks_like_key
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import (
    AuthHeader,
    Group,
    KeyReference,
    KeySource,
    Profile,
    Protocol,
    Timeouts,
)
from gatewaytui.storage.profiletable import check, decode, encode, lift_keys, update

from .support import KEY
from .test_keyrefs import references

names = st.from_regex(r"\w[\w.\-]{0,20}", fullmatch=True).filter(lambda name: not looks_like_key(name))
printable = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp"])
texts = st.text(printable, max_size=30).filter(lambda text: not has_vendor_prefix(text))
header_names = st.from_regex(r"x-[a-z]{1,8}[!#$%&'*+.^`|~]?", fullmatch=True)
header_texts = st.from_regex(r"[a-zA-Z0-9\"'$`\\]{0,15}", fullmatch=True).filter(
    lambda text: not looks_like_key(text)
)
header_keys = references.filter(lambda reference: reference.source in (KeySource.ENV, KeySource.CMD))
protocols = st.lists(st.sampled_from(Protocol), min_size=1, max_size=4, unique=True).map(tuple)
seconds = st.floats(0.01, 86_400, allow_subnormal=False)
profiles = st.builds(
    Profile,
    name=names,
    base_url=st.sampled_from(["https://api.example.com/v1", "http://[::1]:8000/v1", "https://例え.jp/v1"]),
    key=references,
    protocol=st.sampled_from(Protocol),
    protocols=protocols,
    auth_header=st.sampled_from(AuthHeader),
    models_path=texts.map("/{}".format),
    extra_headers=st.dictionaries(header_names, st.one_of(header_texts, header_keys), max_size=3).map(
        lambda headers: tuple(headers.items())
    ),
    groups=st.lists(
        st.builds(Group, name=names, key=references, protocols=st.one_of(st.just(()), protocols)),
        max_size=3,
        unique_by=lambda group: group.name,
    ).map(tuple),
    timeouts=st.builds(Timeouts, seconds, seconds, seconds, seconds),
    proxy=st.sampled_from(["", "http://proxy.example:3128"]),
    ca_file=texts.filter(lambda text: "@" not in text),
    default_model=texts,
)
BASE = {"base_url": "https://api.example.com/v1"}


def _sorted(profile: Profile) -> Profile:
    """The order of headers and groups means nothing, and TOML writes tables after plain values."""
    return replace(
        profile,
        extra_headers=tuple(sorted(profile.extra_headers, key=lambda header: header[0])),
        groups=tuple(sorted(profile.groups, key=lambda group: group.name)),
    )


@given(profiles)
def test_a_profile_survives_the_file(profile: Profile) -> None:
    text = tomlkit.dumps({"profiles": {profile.name: encode(profile)}})
    assert _sorted(decode(profile.name, tomllib.loads(text)["profiles"][profile.name])) == _sorted(profile)


@given(profiles, profiles)
def test_a_changed_profile_survives_the_file_of_the_old(old: Profile, new: Profile) -> None:
    document = tomlkit.parse(tomlkit.dumps({"p": encode(old)}))
    table = document["p"]
    assert isinstance(table, MutableMapping)
    update(table, new)
    assert _sorted(decode(new.name, tomllib.loads(tomlkit.dumps(document))["p"])) == _sorted(new)


def test_a_table_keeps_its_comments_and_what_nobody_knows() -> None:
    document = tomlkit.parse(
        '[p]\nbase_url = "https://a.example/v1"  # the old one\nnote = "mine"\n'
        '[p.groups.g]\nkey = "keyring:" # paid by lab\nowner = "me"\n[p.timeouts]\ntotal = 9\npatience = "much"\n'
    )
    table = document["p"]
    assert isinstance(table, MutableMapping)
    update(table, Profile("p", "https://b.example/v1", groups=(Group("g", KeyReference(KeySource.ENV, name="G")),)))
    text = tomlkit.dumps(document)
    for kept in ('note = "mine"', "# paid by lab", 'owner = "me"', "the old one"):
        assert kept in text
    assert "https://b.example/v1" in text
    assert "total" not in text


def test_a_protocol_alone_is_also_the_only_one() -> None:
    assert decode("p", BASE | {"protocol": "gemini"}).protocols == (Protocol.GEMINI,)
    assert decode("p", BASE | {"protocols": ["anthropic", "gemini"]}).protocol is Protocol.ANTHROPIC


@pytest.mark.parametrize("fields", [{"key": KEY}, {"groups": {"g": {"key": KEY}}}])
def test_a_key_in_place_of_its_reference_is_offered_to_be_moved(fields: dict[str, Any]) -> None:
    with pytest.raises(Problem) as trouble:
        decode("mine", BASE | fields)
    assert "set-key mine" in trouble.value.next_step


@pytest.mark.parametrize("table", [None, 3, "x", ["x"]])
def test_a_profile_is_a_table(table: object) -> None:
    with pytest.raises(Problem, match="Profile mine is not a table"):
        decode("mine", table)


def test_what_could_not_be_read_back_is_not_written() -> None:
    twice = Profile("p", BASE["base_url"], extra_headers=(("X-A", "1"), ("X-A", "2")))
    with pytest.raises(Problem, match="twice"):
        check(twice)


def test_keys_written_into_a_table_are_lifted_out_of_it() -> None:
    table: dict[str, Any] = BASE | {"key": f'"Bearer {KEY}"', "groups": {"g": {"key": KEY}, "h": {"key": "env:H"}}}
    lifted = lift_keys(table)
    assert [(group, secret.reveal()) for group, secret in lifted] == [("", KEY), ("g", KEY)]
    assert KEY not in repr(table)
    assert decode("p", table).group("h") == Group("h", KeyReference(KeySource.ENV, name="H"))
