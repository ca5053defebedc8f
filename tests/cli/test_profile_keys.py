"""``profiles set-key``: what is piped in, and every keyring that is not one."""

from __future__ import annotations

import pytest

from tests.conftest import Cli

from .conftest import Quick
from .support import KEY


@pytest.fixture
def tken(cli: Cli) -> Cli:
    assert cli("profiles", "add", "tken").returncode == 0
    return cli


@pytest.mark.parametrize(
    "backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring", "no.such.Backend"]
)
def test_a_keyring_that_keeps_nothing_names_the_alternatives(tken: Cli, backend: str) -> None:
    done = tken("profiles", "set-key", "tken", stdin=KEY + "\n", PYTHON_KEYRING_BACKEND=backend)
    assert (done.returncode, done.stdout) == (21, ""), done.stderr
    assert "env:" in done.stderr and KEY not in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("piped", ["", "\n", "two\nlines", "schl\u00fcssel", "x" * 20_000])
def test_what_is_no_key_is_refused_without_being_repeated(quick: Quick, piped: str) -> None:
    assert quick("profiles", "add", "tken").returncode == 0
    done = quick("profiles", "set-key", "tken", stdin=piped)
    assert done.returncode == 21 and "next:" in done.stderr
    assert not piped.strip() or piped.strip() not in done.stderr


def test_a_profile_that_reads_its_key_elsewhere_says_where(quick: Quick) -> None:
    quick("profiles", "add", "tken", "--key", "env:TKEN_API_KEY")
    done = quick("profiles", "set-key", "tken", stdin=KEY)
    assert (done.returncode, "env:TKEN_API_KEY" in done.stderr) == (21, True)


def test_a_key_in_the_place_of_a_variables_name_is_refused_and_not_repeated(quick: Quick) -> None:
    for argv in (
        ("smoke", "--base-url", "https://g.example/v1", "--api-key-env", KEY),
        ("redact", "--known-env", KEY),
        ("verify", "-", "--known-env", KEY),
        ("smoke", "--base-url", "https://g.example/v1", f"--api-key={KEY}"),
    ):
        done = quick(*argv)
        assert (done.returncode, KEY in done.stderr + done.stdout) == (2, False)
