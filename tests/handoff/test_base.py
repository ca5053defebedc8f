from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.profile import (
    FROM_KEYRING,
    NO_KEY,
    AuthHeader,
    Group,
    KeyReference,
    KeySource,
    Profile,
    Target,
)
from gatewaytui.handoff.base import Order, variable_for

from .support import BASE, ENV, target

ONE = KeyReference(KeySource.ENV, name="MY_OWN_NAME")


@pytest.mark.parametrize(
    ("profile", "group", "variable"),
    [
        (Profile("tken", BASE), "", "TKEN_API_KEY"),
        (Profile("my.lab-2", BASE), "", "MY_LAB_2_API_KEY"),
        (Profile("tken", BASE, ONE), "", "MY_OWN_NAME"),
        (Profile("tokone", BASE, groups=(Group("gemini", FROM_KEYRING),)), "gemini", "TOKONE_GEMINI_API_KEY"),
        (Profile("tokone", BASE, groups=(Group("gemini", ONE),)), "gemini", "MY_OWN_NAME"),
        (Profile("9lives", BASE), "", "GATEWAY_9LIVES_API_KEY"),
        (Profile("测试", BASE), "", "GATEWAY_API_KEY"),
    ],
)
def test_a_variable_is_named_after_the_profile(profile: Profile, group: str, variable: str) -> None:
    assert variable_for(Target(profile, group)) == variable


@given(st.text(min_size=1, max_size=30))
def test_a_variable_is_always_one(name: str) -> None:
    assert re.fullmatch(r"[A-Z_][A-Z0-9_]*", variable_for(Target(Profile(name, BASE))))


def test_no_key_no_header() -> None:
    assert Order(target(key=NO_KEY, auth=AuthHeader.BEARER), "m", "X").auth is AuthHeader.NONE
    assert Order(target(key=ENV, auth=AuthHeader.X_API_KEY), "m", "X").auth is AuthHeader.X_API_KEY


def test_headers_are_values_or_variables() -> None:
    command = KeyReference(KeySource.CMD, argv=("op", "read"))
    order = Order(target(headers=(("X-Title", "mine"), ("X-A", ENV), ("X-Other-Key", command))), "m", "X")
    assert order.headers == (
        ("X-Title", "mine", False),
        ("X-A", "LAB_KEY", True),
        ("X-Other-Key", "X_OTHER_KEY", True),
    )
