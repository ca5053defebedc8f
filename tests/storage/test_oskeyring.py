from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.storage import oskeyring

from . import backends
from .support import KEY


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_a_key_is_kept_read_and_forgotten() -> None:
    keyring.set_keyring(backends.Sound())
    assert oskeyring.get("a") is None
    oskeyring.put("a", KEY)
    assert oskeyring.get("a") == KEY
    oskeyring.delete("a")
    assert oskeyring.get("a") is None
    oskeyring.delete("a")


def test_of_a_chain_the_system_store_alone_is_used() -> None:
    sound = backends.Sound()
    keyring.set_keyring(backends.Chain(backends.Plain(), sound))
    oskeyring.put("a", KEY)
    assert sound.kept == {("gatewaytui", "a"): KEY}


BAD: dict[str, tuple[KeyringBackend, str]] = {
    "no store at all": (fail.Keyring(), "no keyring here"),
    "null backend": (null.Keyring(), "switched off"),
    "plaintext file": (backends.Plain(), "keyrings.alt"),
    "another package's": (backends.Foreign(), "not the operating system's own"),
    "a chain of bad ones": (backends.Chain(backends.Plain(), fail.Keyring()), "None of the keyrings"),
    "locked": (backends.Locked(), "locked"),
    "never unlocked": (backends.NeverUnlocked(), "never unlocked"),
    "does not take the key": (backends.Refusing(), "did not take"),
    "gives another key back": (backends.Forgetful(), "reading it back"),
    "fails in its own way": (backends.Raising(), "not known"),
    "too long for Windows": (backends.Credentials(), "1280"),
}


@pytest.mark.parametrize(("backend", "said"), BAD.values(), ids=BAD.keys())
def test_each_bad_keyring_has_its_own_sentence_and_a_way_on(backend: KeyringBackend, said: str) -> None:
    keyring.set_keyring(backend)
    with pytest.raises(Problem) as trouble:
        oskeyring.put("a", KEY * 50)
    problem = trouble.value
    assert problem.failure_class is FailureClass.KEYSTORE
    assert said in problem.sentence
    assert "env:NAME" in problem.next_step
    assert problem.__suppress_context__ or problem.__context__ is None
    assert "canary" not in f"{problem.sentence} {problem.next_step} {problem!r}"


@pytest.mark.parametrize(
    "name",
    ["no store at all", "null backend", "plaintext file", "another package's", "a chain of bad ones", "locked"],
)
def test_a_bad_keyring_is_not_read_from(name: str) -> None:
    backend, said = BAD[name]
    keyring.set_keyring(backend)
    with pytest.raises(Problem) as trouble:
        oskeyring.get("a")
    assert said in trouble.value.sentence


def test_a_key_that_was_changed_on_the_way_is_not_left_behind() -> None:
    backend = backends.Forgetful()
    keyring.set_keyring(backend)
    with pytest.raises(Problem):
        oskeyring.put("a", KEY)
    assert backend.kept == {}


def test_a_dead_bus_is_told_from_a_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.set_keyring(backends.DeadBus())
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    with pytest.raises(Problem, match="does not answer"):
        oskeyring.get("a")


NAMED = {
    "no.such.module.Keyring": "cannot be loaded",
    "keyring.backends.fail.NoSuchClass": "cannot be loaded",
    "Keyring": "cannot be loaded",
    "os.path": "cannot be loaded",
    "keyring.backends.null.Keyring": "switched off",
    "keyring.backends.fail.Keyring": "no keyring here",
    "keyring.backends.chainer.ChainerBackend": "None of the keyrings",
    "tests.storage.backends.Plain": "keyrings.alt",
    "tests.storage.backends.NeverUnlocked": "never unlocked",
}
ASK = """
from gatewaytui.domain.problem import Problem
from gatewaytui.storage import oskeyring
try:
    print(oskeyring.get("a"))
except Problem as problem:
    print(problem.sentence, problem.next_step)
"""


@pytest.mark.parametrize(("backend", "said"), NAMED.items(), ids=NAMED.keys())
def test_a_backend_named_by_the_environment_is_judged_too(backend: str, said: str, home: Path) -> None:
    variables = {name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
        env=variables | {"PYTHON_KEYRING_BACKEND": backend, "XDG_RUNTIME_DIR": str(home)},
        check=True,
    )
    assert said in done.stdout
    assert "Traceback" not in done.stderr
