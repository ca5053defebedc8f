"""Files that are either the old or the new version, whenever the power goes: private, flushed, replaced at once.

design/safety.md, "Keys at rest": directory 0700, file 0600, temporary file beside the real one, ``fsync``,
``os.replace``, ``fsync`` of the directory. What is POSIX only is left out on Windows.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from datetime import UTC, datetime
from pathlib import Path

PRIVATE_DIRECTORY = 0o700
PRIVATE_FILE = 0o600
STALE_AFTER_S = 60.0
_POSIX = os.name == "posix"
_CANNOT_FLUSH = frozenset({errno.EINVAL, errno.ENOTSUP})  # some network file systems know no flush of a directory


def private_directory(path: Path) -> None:
    """Make the directory and its missing parents, readable by its owner only. Raises OSError."""
    missing = [place for place in (path, *path.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(PRIVATE_DIRECTORY, exist_ok=True)
    if _POSIX and path.stat().st_mode & 0o077:
        with contextlib.suppress(PermissionError):  # a directory of somebody else's stays as they made it
            path.chmod(PRIVATE_DIRECTORY)


def replace_file(path: Path, content: bytes) -> None:
    """Put the content in the file's place, whole or not at all. A symbolic link keeps pointing. Raises OSError."""
    private_directory(path.parent)
    target = path.resolve()
    target.parent.mkdir(PRIVATE_DIRECTORY, parents=True, exist_ok=True)  # where a link points is not ours to tighten
    import tempfile  # late: most commands write no file

    handle, temporary = tempfile.mkstemp(prefix=_prefix(target), suffix=".tmp", dir=target.parent)  # made 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
    _flush_directory(target.parent)


def sweep(path: Path) -> None:
    """Remove temporary files that a killed process left beside this file. A write takes far less than their age."""
    target = path.resolve()
    oldest = time.time() - STALE_AFTER_S
    with contextlib.suppress(OSError):
        for leftover in target.parent.iterdir():
            ours = leftover.name.startswith(_prefix(target)) and leftover.name.endswith(".tmp")
            if ours and leftover.lstat().st_mtime < oldest:
                leftover.unlink()


def aside_name(path: Path) -> Path:
    """A name that is still free for a damaged file: ``profiles.toml.corrupt-20260131T235959Z``."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    first = path.with_name(f"{path.name}.corrupt-{stamp}")
    name, number = first, 1
    while name.exists():
        number += 1
        name = first.with_name(f"{first.name}-{number}")
    return name


def _prefix(target: Path) -> str:
    return f".{target.name}."


def _flush_directory(directory: Path) -> None:
    """Make the new name durable. Windows cannot open a directory and needs no such thing."""
    if not _POSIX:
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_FLUSH:
            raise
    finally:
        os.close(handle)
