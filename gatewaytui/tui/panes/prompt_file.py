"""A prompt from a file of the person's choosing."""

from __future__ import annotations

import os
from pathlib import Path

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem

LONGEST = 256 * 1024


def read_prompt(path: Path) -> str:
    """The file's text, UTF-8. Blocks. Raises Problem (storage) where it cannot be read or is over 256 KiB."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "it could not be read"
        raise Problem(
            FailureClass.STORAGE, f"The prompt file could not be read: {reason}.", "Press p and give another path."
        ) from None
    if len(content) > LONGEST:
        raise Problem(
            FailureClass.STORAGE, "The prompt file is larger than 256 KiB.", "Press p and give a smaller file."
        )
    return content.decode("utf-8", "replace").strip()
