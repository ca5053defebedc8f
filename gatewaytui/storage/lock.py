"""The lock around every read-modify-write of a file: two instances may save at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem

from .atomic import PRIVATE_FILE, private_directory

PATIENCE_S = 10.0


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file's lock, which no other process or thread then has.

    Raises OSError where no lock file can be made, and Problem (storage) after 10 s of waiting for another holder.
    """
    from filelock import FileLock, Timeout

    private_directory(path.parent)
    lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=PATIENCE_S, mode=PRIVATE_FILE)
    try:
        lock.acquire()
    except Timeout:
        raise Problem(
            FailureClass.STORAGE,
            f"Another gatewaytui has held {path.name} for more than {PATIENCE_S:.0f} s.",
            "Close the other one, then do it again.",
        ) from None
    try:
        yield
    finally:
        lock.release()
