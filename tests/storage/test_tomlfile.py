from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.storage.tomlfile import Edit, TomlFile

from .support import read_only_directory

DAMAGE = {
    "no TOML": b"format = \n[[[",
    "not UTF-8": b"format = 1\nname = '\xff\xfe'\n",
    "zeros of a lost write": b"\0" * 300,
    "cut": b'format = 1\n[profiles.a]\nbase_url = "https://exam',
    "too deep": b"x = " + b"[" * 20_000,
    "empty although there was something": b"",
}


def adding(name: str, value: object = 1) -> Edit:
    def edit(data: MutableMapping[str, Any]) -> None:
        data[name] = value

    return edit


def _asides(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.corrupt-*"))


def test_no_file_is_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    opened = TomlFile(path).read()
    assert (dict(opened.data), opened.notice, opened.read_only) == ({}, "", False)
    assert not path.exists()


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_set_aside_and_the_last_good_copy_loaded(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "a.toml"
    file = TomlFile(path)
    file.change(adding("one"))
    path.write_bytes(damage)
    opened = file.read()
    assert opened.data["one"] == 1
    assert path.name in opened.notice
    (aside,) = _asides(path)
    assert aside.read_bytes() == damage
    assert aside.name in opened.notice
    again = file.read()
    assert (again.data, again.notice) == (opened.data, "")


def test_damage_without_a_copy_starts_empty_and_keeps_the_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(DAMAGE["no TOML"])
    opened = TomlFile(path).change(adding("one"))
    assert opened.data["one"] == 1
    assert _asides(path)[0].read_bytes() == DAMAGE["no TOML"]
    assert "no good copy" in opened.notice


def test_a_damaged_copy_is_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(DAMAGE["cut"])
    (tmp_path / "a.toml.bak").write_bytes(DAMAGE["cut"])
    assert dict(TomlFile(path).read().data) == {"format": 1}


def test_a_removed_file_is_a_new_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    file = TomlFile(path)
    file.change(adding("one"))
    path.unlink()
    opened = file.read()
    assert (dict(opened.data), opened.notice) == ({}, "")
    assert file.change(adding("two")).data == {"format": 1, "two": 1}
    assert _asides(path) == []


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
@pytest.mark.parametrize("first", ["read", "change"])
def test_damage_that_cannot_be_set_aside_still_gives_the_copy(damage: bytes, first: str) -> None:
    with read_only_directory({"a.toml": damage, "a.toml.bak": b"format = 1\none = 1\n"}) as place:
        file = TomlFile(place / "a.toml")
        if first == "read":
            assert file.read().data["one"] == 1
        opened = file.change(adding("two"))
        assert (opened.data["one"], opened.data["two"], opened.read_only) == (1, 1, True)
        assert (place / "a.toml").read_bytes() == damage


def test_an_empty_file_that_was_never_more_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\n")
    assert TomlFile(path).read().notice == ""
    assert _asides(path) == []


@pytest.mark.parametrize("version", ["2", "99", '"1"', "true"])
def test_a_newer_format_is_read_and_never_changed(tmp_path: Path, version: str) -> None:
    path = tmp_path / "a.toml"
    content = f"format = {version}\n[new]\nx = 1\n"
    path.write_text(content)
    file = TomlFile(path)
    opened = file.read()
    assert opened.read_only
    assert "newer" in opened.notice
    with pytest.raises(Problem) as refused:
        file.change(adding("one"))
    assert refused.value.failure_class is FailureClass.STORAGE
    assert path.read_text() == content


def test_comments_order_and_unknown_keys_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('# mine\nformat = 1\nodd = "kept"  # why\n\n[table]\nx = 1 # one\n')
    TomlFile(path).change(adding("late", [1, 2]))
    text = path.read_text()
    for kept in ("# mine", 'odd = "kept"  # why', "x = 1 # one"):
        assert kept in text
    assert tomllib.loads(text)["late"] == [1, 2]


def test_a_byte_order_mark_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbfformat = 1\r\nx = 1\r\n")
    assert TomlFile(path).change(adding("y")).data == {"format": 1, "x": 1, "y": 1}


def test_a_home_that_cannot_be_written_keeps_changes_for_the_session() -> None:
    with read_only_directory() as place:
        file = TomlFile(place / "config" / "a.toml")
        opened = file.change(adding("one"))
        assert opened.read_only
        assert "this session only" in opened.notice
        assert file.change(adding("two")).data == {"format": 1, "one": 1, "two": 1}
        assert file.read().data["one"] == 1
        assert list(place.iterdir()) == []


def test_what_a_read_only_home_holds_is_still_there_in_memory() -> None:
    with read_only_directory({"a.toml": b"format = 1\nkept = 1\n"}) as place:
        opened = TomlFile(place / "a.toml").change(adding("one"))
    assert opened.data == {"format": 1, "kept": 1, "one": 1}


def test_a_file_where_the_directory_belongs_keeps_changes_for_the_session(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way")
    opened = TomlFile(tmp_path / "config" / "a.toml").change(adding("one"))
    assert opened.read_only
    assert opened.data["one"] == 1


def test_a_file_that_cannot_be_read_is_a_problem_and_not_an_empty_book(tmp_path: Path) -> None:
    (tmp_path / "a.toml").mkdir()
    with pytest.raises(Problem) as trouble:
        TomlFile(tmp_path / "a.toml").read()
    assert trouble.value.failure_class is FailureClass.STORAGE


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"
    file = TomlFile(path)
    file.change(adding("one"))

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem, match="no space left"):
        file.change(adding("two"))
    monkeypatch.undo()
    assert file.read().data == {"format": 1, "one": 1}
    assert not list(tmp_path.glob("*.tmp")) + list(tmp_path.glob(".*.tmp"))


WRITER = """
import sys
from pathlib import Path
from gatewaytui.storage.tomlfile import TomlFile
file = TomlFile(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    def edit(data):
        data[f"{sys.argv[2]}_{number}"] = "x" * 2000
        data["last"] = number
    file.change(edit)
    print(number, flush=True)
"""


def _writer(path: Path, name: str, rounds: int) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-c", WRITER, str(path), name, str(rounds)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])


def test_two_instances_saving_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    writers = [_writer(path, name, 12) for name in ("a", "b", "c")]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    data = TomlFile(path).read().data
    assert {key for key in data if "_" in key} == {f"{name}_{n}" for name in "abc" for n in range(12)}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is POSIX")
def test_killed_in_the_middle_of_a_write_thirty_times_and_never_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    dice = random.Random(20_260_131)
    said = -1
    for _ in range(30):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            _write_forever(path, writer, said + 1)
        os.close(writer)
        os.read(reader, 1)  # it has saved once
        time.sleep(dice.uniform(0, 0.012))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reader)
        opened = TomlFile(path).read()
        assert opened.notice == ""
        assert opened.data["last"] > said
        said = opened.data["last"]
    assert _asides(path) == []


def _write_forever(path: Path, writer: int, number: int) -> None:
    """The child: saves until it is killed; leaves at once whatever happens, it is a copy of the test process."""
    try:
        file = TomlFile(path)
        while True:
            file.change(adding("last", number))
            os.write(writer, b".")
            number += 1
    finally:
        os._exit(1)
