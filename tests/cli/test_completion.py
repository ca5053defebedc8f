"""Shell completion, in a real bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Cli

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
COMPLETE = (
    'eval "$(gatewaytui completion bash)"; COMP_WORDS=({words}); COMP_CWORD={at}; '
    '_gatewaytui_completion gatewaytui; echo "${{COMPREPLY[@]}}"'
)


def offered(words: str) -> list[str]:
    """What bash offers after these words, the last one being typed ('' for a new one)."""
    at = len(words.split()) - 1
    done = subprocess.run(
        ["bash", "-c", COMPLETE.format(words=words, at=at)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        check=True,
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("gatewaytui sm", ["smoke"]),
        ("gatewaytui smoke --pro", ["--protocol", "--prompt"]),
        ("gatewaytui smoke --format j", ["json", "junit"]),
        ("gatewaytui profiles set", ["set-key"]),
        ("gatewaytui profiles add x --preset tok", ["tokmodel", "tokenopen", "tokone"]),
    ],
)
def test_commands_options_and_values_are_completed(words: str, expected: list[str]) -> None:
    assert offered(words) == expected


def test_targets_are_the_profiles_and_their_groups(cli: Cli) -> None:
    for name in ("tken", "tokone"):
        cli("profiles", "add", name)
    assert "tken" in offered("gatewaytui smoke t")
    groups = offered("gatewaytui chat tokone/")
    assert groups and all(group.startswith("tokone/") for group in groups)
