from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from gatewaytui.storage.atomic import aside_name, private_directory, replace_file, sweep

posix_only = pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix_only
def test_files_and_directories_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "made" / "here" / "a.toml"
        replace_file(path, b"x = 1\n")
    finally:
        os.umask(before)
    assert _mode(path) == 0o600
    assert _mode(path.parent) == 0o700
    assert _mode(path.parent.parent) == 0o700


@posix_only
def test_an_open_directory_of_ours_is_closed(tmp_path: Path) -> None:
    place = tmp_path / "open"
    place.mkdir(0o755)
    private_directory(place)
    assert _mode(place) == 0o700


@posix_only
def test_a_link_keeps_pointing_and_its_target_is_replaced(tmp_path: Path) -> None:
    dotfiles = tmp_path / "dotfiles"
    dotfiles.mkdir(0o755)
    real = dotfiles / "real.toml"
    real.write_bytes(b"old")
    link = tmp_path / "config" / "a.toml"
    link.parent.mkdir()
    link.symlink_to(real)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert _mode(dotfiles) == 0o755


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "one" / "a.toml"
    replace_file(path, b"1")
    replace_file(path, b"2")
    assert [child.name for child in path.parent.iterdir()] == ["a.toml"]
    assert path.read_bytes() == b"2"


def test_a_failed_write_leaves_the_old_content_and_no_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.mkdir()  # a directory cannot be replaced by a file
    with pytest.raises(OSError):
        replace_file(path, b"new")
    assert [child.name for child in tmp_path.iterdir() if child.name.startswith(".a.toml")] == []


def test_only_old_leftovers_of_this_file_are_swept(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    old, young, foreign = (tmp_path / name for name in (".a.toml.dead.tmp", ".a.toml.busy.tmp", ".b.toml.dead.tmp"))
    for leftover in (old, young, foreign):
        leftover.write_bytes(b"half")
    long_ago = time.time() - 3600
    os.utime(old, (long_ago, long_ago))
    os.utime(foreign, (long_ago, long_ago))
    sweep(path)
    assert not old.exists()
    assert young.exists()
    assert foreign.exists()


def test_names_for_damaged_files_never_meet(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    names = set()
    for _ in range(3):
        aside = aside_name(path)
        aside.write_bytes(b"damaged")
        names.add(aside.name)
    assert len(names) == 3
    assert all(name.startswith("a.toml.corrupt-20") for name in names)
