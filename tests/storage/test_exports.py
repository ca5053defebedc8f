"""Files a person asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from gatewaytui.domain.problem import Problem
from gatewaytui.storage.exports import save_new


def test_a_file_is_new_and_its_owners_alone(tmp_path: Path) -> None:
    path = save_new(tmp_path, "gatewaytui-ok.md", b"first")
    assert path.read_bytes() == b"first"
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600


def test_an_existing_file_is_never_written_over(tmp_path: Path) -> None:
    paths = [save_new(tmp_path, "a.md", content) for content in (b"1", b"2", b"3")]
    assert [path.name for path in paths] == ["a.md", "a-2.md", "a-3.md"]
    assert [path.read_bytes() for path in paths] == [b"1", b"2", b"3"]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "a.md").symlink_to(elsewhere)
    assert save_new(tmp_path, "a.md", b"x").name == "a-2.md"
    assert not elsewhere.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Problem, match="could not be written: permission denied"):
        save_new(tmp_path, "a.md", b"x")


def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="could not be written: no such file"):
        save_new(tmp_path / "gone", "a.md", b"x")
