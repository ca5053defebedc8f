"""The real Secret Service, in a private D-Bus session: unlocked, locked, and no daemon at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .support import KEY

ROOT = Path(__file__).parents[2]
RUN = ROOT / "tests" / "servers" / "keyring-run.sh"
NEEDED = ("bash", "dbus-run-session", "gnome-keyring-daemon", "dbus-send")
PROGRAM = """
import sys
from pathlib import Path
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Profile, Target
from gatewaytui.domain.secret import Secret
from gatewaytui.storage.keys import KeyStore
from gatewaytui.storage.locations import Locations
home, act, key = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
keys, profile = KeyStore(Locations.below(home)), Profile("lab", "https://lab.example/v1")
try:
    if act == "round trip":
        keys.write(profile, "g", Secret(key))
        keys.write(profile, "", Secret(key))
        print("kept", keys.read(Target(profile)) == Secret(key))
        elsewhere = Profile("lab", "https://evil.example/v1")
        try:
            keys.read(Target(elsewhere))
        except Problem as problem:
            print("elsewhere:", problem.sentence)
        keys.forget(profile, "g")
        keys.forget(profile)
    print("left", keys.read(Target(profile)))
except Problem as problem:
    print(problem.failure_class, problem.sentence, problem.next_step)
"""

pytestmark = pytest.mark.real_server


@pytest.fixture(autouse=True)
def _needed() -> None:
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"not installed: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def _in_session(mode: str, tmp_path: Path, act: str) -> str:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
    done = subprocess.run(
        ["bash", str(RUN), sys.executable, "-c", PROGRAM, str(tmp_path), act, KEY],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env=variables | {"KR_MODE": mode, "KR_STATE": str(tmp_path / "keyring")},
        check=False,
    )
    assert KEY not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def test_an_unlocked_keyring_keeps_and_forgets_a_key(tmp_path: Path) -> None:
    said = _in_session("unlocked", tmp_path, "round trip")
    assert "kept True" in said
    assert "elsewhere: The keyring has no key for lab" in said
    assert "keystore The keyring has no key for lab" in said


def test_a_locked_keyring_says_so(tmp_path: Path) -> None:
    said = _in_session("locked", tmp_path, "read")
    assert said.startswith("keystore The keyring")
    assert "locked" in said
    assert "env:NAME" in said


def test_without_a_daemon_there_is_a_way_on(tmp_path: Path) -> None:
    said = _in_session("nodaemon", tmp_path, "read")
    assert said.startswith("keystore ")
    assert "env:NAME" in said


def test_a_bus_that_died_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), "read", KEY],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env=os.environ
        | {
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/gone",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
        },
        check=False,
    )
    assert "D-Bus session that DBUS_SESSION_BUS_ADDRESS names does not answer" in done.stdout
