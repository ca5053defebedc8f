"""One TOML file of ours: read it, change it under a lock without losing comments, and survive its damage.

What happens to a file that cannot be used is decided here once, for profiles and settings alike:
damaged -> set aside and the last good copy loaded; of a newer format -> only read; not writable -> in memory.
"""

from __future__ import annotations

import codecs
import copy
import errno
import os
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import msgspec

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem

from .atomic import aside_name, replace_file, sweep
from .lock import locked

FORMAT = 1
_EMPTY = f"format = {FORMAT}\n".encode()
_NOT_WRITABLE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST})

Data = Mapping[str, Any]
Edit = Callable[[MutableMapping[str, Any]], None]


class Opened(msgspec.Struct, frozen=True):
    """The file's content; ``notice`` is a sentence for the person where something is odd about it, else ""."""

    data: Data
    notice: str = ""
    read_only: bool = False


class TomlFile:
    """A file that is either on disk or, where the disk refuses, in memory for this session.

    It is not kept open; several processes may work on it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._memory: bytes | None = None
        self._memory_notice = ""

    def read(self) -> Opened:
        """The content now. Raises Problem (storage) where the file is there and cannot be read."""
        if self._memory is not None:
            return Opened(_parse(self._memory) or {}, self._memory_notice, read_only=True)
        data = self._sound(_content(self._path))
        if data is not None:
            return _judged(self._path, data)
        try:
            with locked(self._path):
                return self._restored()
        except OSError as error:
            return self._remember(self._backup(), error)

    def change(self, edit: Edit) -> Opened:
        """Apply the edit to the newest content and save it; what others saved meanwhile stays.

        Raises Problem (storage) for a file of a newer format, a full disk, or an edit that cannot be made safely.
        """
        if self._memory is not None:
            self._memory = _edited(self._memory, edit)
            return self.read()
        try:
            with locked(self._path):
                return self._changed(edit)
        except OSError as error:
            if error.errno not in _NOT_WRITABLE:
                sentence = f"Could not save {self._path.name}: {_reason(error)}."
                raise _storage(sentence, "Nothing was changed; make room and do it again.") from None
            content = _content(self._path)
            self._remember(self._backup() if self._sound(content) is None else content, error)
            return self.change(edit)

    def _changed(self, edit: Edit) -> Opened:
        """The content after the edit was saved. The lock is held."""
        sweep(self._path)
        before = self._restored()
        if before.read_only:
            raise _storage(before.notice, "Update gatewaytui, or start anew with GATEWAYTUI_HOME=another directory.")
        content = _edited(_content(self._path) or _EMPTY, edit)
        replace_file(self._path, content)
        replace_file(_backup_name(self._path), content)
        return Opened(_parse(content) or {}, before.notice)

    def _restored(self) -> Opened:
        """The content, after a damaged file was set aside. The lock is held."""
        content = _content(self._path)
        data = self._sound(content)
        if data is not None:
            return _judged(self._path, data)
        aside, backup = aside_name(self._path), self._backup()
        replace_file(aside, content or b"")
        replace_file(self._path, backup)
        now = "the last good copy was loaded" if backup != _EMPTY else "there is no good copy, so it starts empty"
        return Opened(
            _parse(backup) or {}, f"{self._path.name} was damaged: it was set aside as {aside.name}; {now}."
        )

    def _sound(self, content: bytes | None) -> Data | None:
        """The data, or None for damage: no TOML, or emptied although there is a copy that is not empty.

        A file that is not there is no damage: a person who removed it wants to begin anew.
        """
        if content is None:
            return {}
        emptied = not content.strip(b"\0 \t\r\n") and self._backup() != _EMPTY
        return None if emptied else _parse(content)

    def _backup(self) -> bytes:
        content = _content(_backup_name(self._path))
        return content if content and _parse(content) else _EMPTY

    def _remember(self, content: bytes | None, error: OSError) -> Opened:
        self._memory = content or _EMPTY
        self._memory_notice = (
            f"{self._path.name} cannot be written ({_reason(error)}): changes last for this session only."
        )
        return self.read()


def _backup_name(path: Path) -> Path:
    return path.with_name(f"{path.name}.bak")


def _content(path: Path) -> bytes | None:
    """What the file holds, None where there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _storage(f"Could not read {path}: {_reason(error)}.", "Check who may read it.") from None


def _parse(content: bytes) -> Data | None:
    import tomllib  # late: a command on an ad-hoc address reads no profile

    try:
        return tomllib.loads(_text(content))
    except (ValueError, RecursionError):  # not UTF-8, not TOML, or nested to exhaust the parser
        return None


def _text(content: bytes) -> str:
    """The text, without the mark that some editors put before it. Raises ValueError for anything but UTF-8."""
    return content.removeprefix(codecs.BOM_UTF8).decode()


def _judged(path: Path, data: Data) -> Opened:
    version = data.get("format", FORMAT)
    if type(version) is int and version <= FORMAT:
        return Opened(data)
    return Opened(data, f"{path.name} was written by a newer gatewaytui: it is read and not changed.", read_only=True)


def _edited(content: bytes, edit: Edit) -> bytes:
    """The content with the edit made in its text, comments kept.

    The same edit is made in plain data; unless both agree, nothing is saved.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    text = _text(content)
    wanted = copy.deepcopy(dict(_parse(content) or {}))
    edit(wanted)
    wanted.setdefault("format", FORMAT)
    try:
        document = tomlkit.parse(text)
        edit(document)
        if "format" not in document:
            document["format"] = FORMAT
        saved = tomlkit.dumps(document).encode()
    except (TOMLKitError, ValueError, KeyError, RecursionError):
        saved = b""
    if not saved or _parse(saved) != wanted:
        raise _storage(
            "The file could not be changed without disturbing the rest of it.",
            "Edit it by hand: gatewaytui config path shows where it is.",
        )
    return saved


def _reason(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else "the system refused"


def _storage(sentence: str, next_step: str) -> Problem:
    return Problem(FailureClass.STORAGE, sentence, next_step)
