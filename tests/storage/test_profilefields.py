from __future__ import annotations

from typing import Any

import pytest

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import KeyReference, KeySource
from gatewaytui.storage.profiletable import decode

from .support import KEY

BASE = {"base_url": "https://api.example.com/v1"}

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no address": ({"base_url": None}, "base_url"),
    "address without scheme": ({"base_url": "api.example.com/v1"}, "base_url"),
    "address with user": ({"base_url": "https://me:secret@api.example.com/v1"}, "base_url"),
    "address with query": ({"base_url": "https://api.example.com/v1?key=secret"}, "base_url"),
    "address with blank": ({"base_url": "https://api.example.com/v1 x"}, "base_url"),
    "address with line break": ({"base_url": "https://api.example.com/v1\nx"}, "base_url"),
    "address of a bad port": ({"base_url": "https://api.example.com:http/v1"}, "base_url"),
    "address too long": ({"base_url": "https://api.example.com/" + "v" * 3000}, "base_url"),
    "key as number": ({"key": 1}, "key"),
    "key as unknown word": ({"key": "vault"}, "key"),
    "empty command": ({"key": []}, "key"),
    "unknown protocol": ({"protocol": "smtp"}, "protocol"),
    "protocols as text": ({"protocols": "gemini"}, "protocols"),
    "no protocols": ({"protocols": []}, "protocols"),
    "one unknown of the protocols": ({"protocols": ["gemini", 1]}, "protocols"),
    "unknown auth header": ({"auth_header": "cookie"}, "auth_header"),
    "models path as list": ({"models_path": ["/models"]}, "models_path"),
    "headers as text": ({"headers": "X: y"}, "headers"),
    "a second auth header": ({"headers": {"authorization": {"key": "env:A"}}}, "headers"),
    "a header with a line break": ({"headers": {"X-A": "a\r\nX-B: b"}}, "headers.X-A"),
    "a header name with a blank": ({"headers": {"X A": "a"}}, "headers"),
    "a header outside ASCII": ({"headers": {"X-A": "ü"}}, "headers.X-A"),
    "a header from the keyring": ({"headers": {"X-A": {"key": "keyring:"}}}, "headers.X-A"),
    "a header reference without key": ({"headers": {"X-A": {"env": "A"}}}, "headers.X-A"),
    "groups as list": ({"groups": ["a"]}, "groups"),
    "a group's name": ({"groups": {"a/b": {}}}, "groups"),
    "a group's key": ({"groups": {"g": {"key": 5}}}, "groups.g.key"),
    "a group's protocol": ({"groups": {"g": {"protocols": ["x"]}}}, "groups.g.protocols"),
    "timeouts as number": ({"timeouts": 10}, "timeouts"),
    "a timeout of nothing": ({"timeouts": {"connect": 0}}, "timeouts.connect"),
    "a negative timeout": ({"timeouts": {"total": -1}}, "timeouts.total"),
    "an endless timeout": ({"timeouts": {"total": float("inf")}}, "timeouts.total"),
    "no number at all": ({"timeouts": {"total": float("nan")}}, "timeouts.total"),
    "a timeout of true": ({"timeouts": {"stall": True}}, "timeouts.stall"),
    "a proxy's password": ({"proxy": "http://me:secret@proxy:3128"}, "proxy"),
    "a file name with a bell": ({"ca_file": "a\x07b"}, "ca_file"),
    "a model as table": ({"default_model": {}}, "default_model"),
}


@pytest.mark.parametrize(("fields", "place"), BAD.values(), ids=BAD.keys())
def test_a_bad_value_is_one_sentence_with_profile_and_field(fields: dict[str, Any], place: str) -> None:
    table = {name: value for name, value in (BASE | fields).items() if value is not None}
    with pytest.raises(Problem) as trouble:
        decode("mine", table)
    problem = trouble.value
    assert problem.failure_class is FailureClass.CONFIG
    assert problem.sentence.startswith(f"The {place} of profile mine ")
    assert problem.sentence.endswith(".")
    assert problem.next_step
    assert "secret" not in problem.sentence + problem.next_step


@pytest.mark.parametrize(
    "fields",
    [
        {"key": KEY},
        {"key": f"Bearer {KEY}"},
        {"groups": {"g": {"key": KEY}}},
        {"headers": {"X-Other-Key": KEY}},
        {"headers": {"X-Other-Key": f"Token {KEY}"}},
        {"default_model": KEY},
        {"models_path": f"/models?key={KEY}"},
        {"ca_file": KEY},
        {"base_url": f"https://api.example.com/{KEY}/v1"},
        {"headers": {KEY: "x"}},
        {"groups": {KEY: {}}},
    ],
)
def test_a_key_pasted_anywhere_is_refused_and_never_shown(fields: dict[str, Any]) -> None:
    with pytest.raises(Problem) as trouble:
        decode("mine", BASE | fields)
    assert KEY not in f"{trouble.value.sentence} {trouble.value.next_step} {trouble.value!r}"


@pytest.mark.parametrize("name", ["", "a/b", "a,b", "a b", "a@b", "-a", "a\n", "\x1b[31m", "x" * 65, KEY, "a\u202eb"])
def test_names_that_a_target_could_not_say_are_refused(name: str) -> None:
    with pytest.raises(Problem) as trouble:
        decode(name, BASE)
    assert not name or name not in trouble.value.sentence


def test_a_command_may_be_a_list() -> None:
    assert decode("p", BASE | {"key": ["op", "read"]}).key == KeyReference(KeySource.CMD, argv=("op", "read"))
