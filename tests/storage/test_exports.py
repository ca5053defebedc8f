"""Files a person asked for."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path

import pytest

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.storage import exports
from gatewaytui.storage.exports import save_new

from .support import read_only_directory


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


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_a_folder_that_cannot_be_written_is_a_sentence() -> None:
    with read_only_directory() as place, pytest.raises(Problem, match="could not be written: permission denied"):
        save_new(place, "a.md", b"x")


def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="could not be written: no such file"):
        save_new(tmp_path / "gone", "a.md", b"x")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_disk_that_is_full_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def full(path: Path, flags: int, mode: int = 0o777) -> int:
        os.close(real(path, flags, mode))
        return real("/dev/full", os.O_WRONLY)

    monkeypatch.setattr(exports.os, "open", full)
    with pytest.raises(Problem, match="could not be written: no space left"):
        save_new(tmp_path, "a.md", b"x")
    monkeypatch.undo()
    assert not (tmp_path / "a.md").exists()


@pytest.mark.parametrize("number", [errno.EIO, errno.EROFS, errno.EDQUOT])
def test_a_disk_that_fails_leaves_no_half_file(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(io.FileIO):
        def write(self, data: object) -> int:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(exports.os, "fdopen", lambda handle, mode: Failing(handle, "wb"))
    with pytest.raises(Problem, match=f"could not be written: {os.strerror(number).lower()}") as trouble:
        save_new(tmp_path, "a.md", b"x")
    assert trouble.value.failure_class is FailureClass.STORAGE
    assert not (tmp_path / "a.md").exists()
