from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import (
    FROM_KEYRING,
    FROM_PROMPT,
    NO_KEY,
    Group,
    KeyReference,
    KeySource,
    Profile,
    Target,
)
from gatewaytui.domain.secret import Secret
from gatewaytui.storage.keys import KeyStore
from gatewaytui.storage.locations import Locations

from . import backends
from .support import KEY

OTHER = "sk-canary-9Zz1Lr9ZtB4vWm8KfY7q"
A = Profile("a", "https://a.example/v1")
ENV = KeyReference(KeySource.ENV, name="A_KEY")
CMD = KeyReference(KeySource.CMD, argv=(sys.executable, "-c", f"print('{KEY[:9]}' + '{KEY[9:]}')"))


@pytest.fixture
def sound() -> Iterator[backends.Sound]:
    before = keyring.get_keyring()
    backend = backends.Sound()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def locations(tmp_path: Path) -> Locations:
    return Locations.below(tmp_path)


@pytest.fixture
def keys(locations: Locations, sound: backends.Sound) -> KeyStore:
    return KeyStore(locations, environ={})


def _trouble(keys: KeyStore, profile: Profile, group: str = "") -> Problem:
    with pytest.raises(Problem) as trouble:
        keys.read(Target(profile, group))
    assert KEY not in f"{trouble.value.sentence} {trouble.value.next_step} {trouble.value!r}"
    return trouble.value


def test_a_profile_without_a_key_needs_none(keys: KeyStore) -> None:
    assert keys.read(Target(replace(A, key=NO_KEY))) is None


def test_a_key_in_the_keyring_belongs_to_profile_group_and_origin(keys: KeyStore) -> None:
    grouped = replace(A, groups=(Group("g", FROM_KEYRING), Group("h", FROM_KEYRING)))
    keys.write(grouped, "", Secret(KEY))
    keys.write(grouped, "g", Secret(OTHER))
    assert keys.read(Target(grouped)) == Secret(KEY)
    assert keys.read(Target(grouped, "g")) == Secret(OTHER)
    assert "a/h" in _trouble(keys, grouped, "h").sentence
    assert keys.read(Target(replace(grouped, base_url="https://A.example:443/other/v1"))) == Secret(KEY)
    for elsewhere in ("https://evil.example/v1", "http://a.example/v1", "https://a.example:8443/v1"):
        assert "set-key a" in _trouble(keys, replace(grouped, base_url=elsewhere)).next_step
    assert "set-key b" in _trouble(keys, replace(grouped, name="b")).next_step


def test_a_missing_key_names_the_groups_there_are(keys: KeyStore) -> None:
    assert "a/g" in _trouble(keys, replace(A, groups=(Group("g", FROM_KEYRING),))).next_step


def test_a_key_is_cleaned_on_its_way_in_and_out(keys: KeyStore, sound: backends.Sound) -> None:
    keys.write(A, "", Secret(f" Bearer {KEY}\n"))
    assert list(sound.kept.values()) == [KEY]
    (account,) = sound.kept
    sound.kept[account] = f'"{KEY}"\n'
    assert keys.read(Target(A)) == Secret(KEY)
    sound.kept[account] = f"{KEY}\nsecond line"
    assert _trouble(keys, A).failure_class is FailureClass.CONFIG


def test_a_forgotten_key_is_gone(keys: KeyStore, sound: backends.Sound) -> None:
    keys.write(A, "", Secret(KEY))
    keys.forget(A)
    assert sound.kept == {}
    keys.forget(A)


def test_forgetting_needs_a_keyring_only_where_the_key_is_there(locations: Locations, sound: backends.Sound) -> None:
    keyring.set_keyring(backends.Locked())
    keys = KeyStore(locations)
    keys.forget(replace(A, key=ENV))
    with pytest.raises(Problem, match="locked"):
        keys.forget(A)


def test_a_renamed_profile_takes_its_keys_along_to_the_same_origin(keys: KeyStore) -> None:
    old = replace(A, groups=(Group("g", FROM_KEYRING), Group("e", ENV)))
    keys.write(old, "", Secret(KEY))
    keys.write(old, "g", Secret(OTHER))
    new = replace(old, name="new")
    keys.move(old, new)
    assert (keys.read(Target(new)), keys.read(Target(new, "g"))) == (Secret(KEY), Secret(OTHER))
    _trouble(keys, old)
    keys.move(new, replace(new, name="far", base_url="https://evil.example/v1"))
    assert keys.read(Target(new)) == Secret(KEY)


@pytest.mark.parametrize(
    ("environ", "said"),
    [({}, "A_KEY is not set"), ({"A_KEY": ""}, "A_KEY is empty"), ({"A_KEY": " \n"}, "A_KEY cannot be used")],
)
def test_a_variable_without_a_key_is_named(locations: Locations, environ: dict[str, str], said: str) -> None:
    assert said in _trouble(KeyStore(locations, environ=environ), replace(A, key=ENV)).sentence


def test_a_variable_gives_its_key_cleaned(locations: Locations) -> None:
    keys = KeyStore(locations, environ={"A_KEY": f"{KEY}\r\n"})
    assert keys.read(Target(replace(A, key=ENV))) == Secret(KEY)


@pytest.mark.parametrize("text", [f"{KEY}é", f"{KEY[:10]} {KEY[10:]}", f"{KEY}\x00"])
def test_a_key_that_cannot_be_sent_is_a_sentence_without_it(locations: Locations, text: str) -> None:
    trouble = _trouble(KeyStore(locations, environ={"A_KEY": text}), replace(A, key=ENV))
    assert trouble.failure_class is FailureClass.CONFIG
    assert KEY[10:] not in f"{trouble.sentence}{trouble.next_step}"


def test_a_command_runs_only_after_it_was_confirmed(keys: KeyStore, locations: Locations) -> None:
    profile = replace(A, key=CMD)
    assert not keys.confirmed(CMD, profile)
    assert "--allow-cmd" in _trouble(keys, profile).next_step
    keys.confirm(CMD, profile)
    keys.confirm(CMD, profile)
    assert keys.read(Target(profile)) == Secret(KEY)
    assert KeyStore(locations).read(Target(profile)) == Secret(KEY)


@pytest.mark.parametrize(
    "changed",
    [
        replace(A, key=KeyReference(KeySource.CMD, argv=(*CMD.argv, "more"))),
        replace(A, key=CMD, base_url="https://evil.example/v1"),
    ],
    ids=["another command", "another origin"],
)
def test_a_confirmation_holds_for_this_command_and_origin_only(keys: KeyStore, changed: Profile) -> None:
    keys.confirm(CMD, replace(A, key=CMD))
    assert "not confirmed" in _trouble(keys, changed).sentence


def test_a_flag_confirms_for_this_once(locations: Locations) -> None:
    profile = replace(A, key=CMD)
    assert KeyStore(locations, allow_commands=True).read(Target(profile)) == Secret(KEY)
    assert not KeyStore(locations).confirmed(CMD, profile)


def test_a_session_key_lives_in_memory_and_for_one_origin(locations: Locations, tmp_path: Path) -> None:
    profile = replace(A, key=FROM_PROMPT)
    keys = KeyStore(locations)
    assert "asked for in each session" in _trouble(keys, profile).sentence
    keys.remember("a", "", Secret(f"Bearer {KEY}"))
    assert keys.read(Target(profile)) == Secret(KEY)
    _trouble(keys, replace(profile, base_url="https://evil.example/v1"))
    assert keys.read(Target(profile)) == Secret(KEY)
    _trouble(KeyStore(locations), profile)
    assert not any(KEY.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_session_key_stands_in_for_a_keyring_that_does_not_work(locations: Locations, sound: object) -> None:
    keyring.set_keyring(backends.Locked())
    keys = KeyStore(locations)
    keys.remember("a", "", Secret(KEY))
    assert keys.read(Target(A)) == Secret(KEY)


def test_extra_headers_are_resolved_when_they_are_sent(locations: Locations) -> None:
    profile = replace(A, key=NO_KEY, extra_headers=(("X-Title", "mine"), ("X-Org", ENV)))
    assert KeyStore(locations, environ={"A_KEY": KEY}).headers(Target(profile)) == (
        ("X-Title", "mine"),
        ("X-Org", Secret(KEY)),
    )
    with pytest.raises(Problem, match="A_KEY"):
        KeyStore(locations, environ={}).headers(Target(profile))


def test_plain_http_is_asked_about_once_for_each_profile(keys: KeyStore) -> None:
    lab = replace(A, base_url="http://10.0.0.5/v1")
    assert keys.must_ask_in_clear(lab)
    keys.allow_in_clear(lab)
    keys.allow_in_clear(lab)
    assert not keys.must_ask_in_clear(lab)
    assert keys.must_ask_in_clear(replace(lab, name="b"))
    assert not keys.must_ask_in_clear(replace(A, base_url="http://localhost:8000/v1"))


@pytest.mark.parametrize(
    ("reference", "secret", "shown"),
    [
        (FROM_KEYRING, None, "keyring"),
        (FROM_KEYRING, Secret(KEY), f"keyring …{KEY[-4:]}"),
        (ENV, Secret("short-key"), "env A_KEY"),
        (KeyReference(KeySource.CMD, argv=("op", "read")), None, "command op"),
        (KeyReference(KeySource.CMD, argv=("\x1b[31mop",)), None, "command ␛[31mop"),
        (FROM_PROMPT, None, "asked each session"),
        (NO_KEY, None, "no key"),
    ],
)
def test_a_key_is_described_by_its_place(
    keys: KeyStore, reference: KeyReference, secret: Secret | None, shown: str
) -> None:
    assert keys.describe(reference, secret) == shown


def test_reading_a_variable_never_loads_the_keyring(locations: Locations) -> None:
    import subprocess

    code = (
        "import sys\nfrom gatewaytui.storage.keys import KeyStore\n"
        "from gatewaytui.storage.profiles import ProfileStore\n"
        "from gatewaytui.storage.settings import SettingsStore\n"
        "sys.exit(bool({'keyring', 'platformdirs', 'filelock', 'tomlkit', 'httpx'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0


def test_a_session_key_gives_way_once_the_profile_names_a_variable(tmp_path: Path) -> None:
    keys = KeyStore(Locations.below(tmp_path), environ={"MINE": "sk-from-the-variable-0001"})
    keys.remember("tken", "", Secret("sk-of-this-session-000001"))
    profile = Profile("tken", "https://www.tken.shop/v1")
    assert keys.read(Target(profile)) == Secret("sk-of-this-session-000001")
    moved = replace(profile, key=KeyReference(KeySource.ENV, name="MINE"))
    assert keys.read(Target(moved)) == Secret("sk-from-the-variable-0001")
