"""Terminals that are none, and those without colour."""

from __future__ import annotations

import pytest

from tests.conftest import Cli

from .terminal import terminal

pytestmark = pytest.mark.pty


def test_a_dumb_terminal_is_told_which_command_to_use() -> None:
    with terminal(variables={"TERM": "dumb"}) as window:
        assert window.wait() == 2
        assert "needs a terminal" in window.text and "gatewaytui smoke" in window.text
        assert b"\x1b" not in window.written


def test_a_pipe_is_told_which_command_to_use(cli: Cli) -> None:
    result = cli()
    assert (result.returncode, result.stdout) == (2, "")
    assert "needs a terminal" in result.stderr and "gatewaytui smoke" in result.stderr


def test_no_color_paints_no_hue_and_signs_still_tell() -> None:
    with terminal("demo", variables={"NO_COLOR": "1"}) as window:
        window.wait_for("tokmodel", "^p commands")
        window.type("c")
        window.wait_for("✓ passed")
        hues = [found for found in window.colours if not grey(found)]
        assert hues == []
        window.type("\x11")
        assert window.wait() == 0


def grey(parameters: bytes) -> bool:
    """True where every colour of this SGR has equal parts of red, green and blue."""
    parts = parameters.split(b";")
    colours = [parts[at + 2 : at + 5] for at, part in enumerate(parts) if part in (b"38", b"48")]
    return bool(colours) and all(len(set(colour)) == 1 for colour in colours)


@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
    ],
    ids=["coerced", "not coerced", "ascii streams"],
)
def test_a_plain_locale_opens_works_and_ends(variables: dict[str, str]) -> None:
    with terminal("demo", variables=variables) as window:
        window.wait_for("tokmodel", "^p commands")
        window.type("c")
        window.wait_for("passed")
        window.type("\x11")
        assert window.wait() == 0
        assert b"Traceback" not in window.written
