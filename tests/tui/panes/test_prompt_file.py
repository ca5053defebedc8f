"""A prompt from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewaytui.domain.problem import Problem
from gatewaytui.tui.panes.prompt_file import LONGEST, read_prompt


def test_the_text_without_blanks_around_it(tmp_path: Path) -> None:
    file = tmp_path / "prompt.txt"
    file.write_bytes("\nfirst\nsecond é\n\n".encode())
    assert read_prompt(file) == "first\nsecond é"


def test_what_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="could not be read: No such file"):
        read_prompt(tmp_path / "none.txt")
    with pytest.raises(Problem, match="could not be read"):
        read_prompt(tmp_path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    file.write_bytes(b"x" * (LONGEST + 1))
    with pytest.raises(Problem, match="larger than 256 KiB"):
        read_prompt(file)
