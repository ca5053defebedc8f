"""Files a person asked for: new ones only, readable by their owner, never over an existing file."""

from __future__ import annotations

import os
from pathlib import Path

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem

from .atomic import PRIVATE_FILE

_MOST_TRIES = 100


def save_new(folder: Path, name: str, content: bytes) -> Path:
    """Write the content under this name, or ``name-2`` and so on where it is taken. Returns the path.

    Blocks. Raises Problem (storage) with the reason.
    """
    stem, suffix = Path(name).stem, Path(name).suffix
    names = (name, *(f"{stem}-{number}{suffix}" for number in range(2, _MOST_TRIES)))
    for candidate in names:
        path = folder / candidate
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        except FileExistsError:
            continue
        except OSError as error:
            raise _cannot(error) from None
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise _cannot(error) from None
        return path
    raise Problem(
        FailureClass.STORAGE, "Every name for this file is taken.", "Copy it instead, or move old files away."
    )


def _cannot(error: OSError) -> Problem:
    reason = os.strerror(error.errno).lower() if error.errno else "the system refused"
    return Problem(
        FailureClass.STORAGE, f"The file could not be written: {reason}.", "Copy it instead, or start elsewhere."
    )
