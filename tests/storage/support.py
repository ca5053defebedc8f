"""What the tests of this room share."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

KEY = "sk-canary-7Qx2Lr9ZtB4vWm8KfY1d"
_NOBODY = 65534


@contextlib.contextmanager
def read_only_directory(files: Mapping[str, bytes] = MappingProxyType({})) -> Iterator[Path]:
    """A directory with these files that cannot be written; where the tests run as root they are nobody meanwhile."""
    root = os.name == "posix" and os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for file, content in files.items():
            (place / file).write_bytes(content)
            (place / file).chmod(0o444)
        place.chmod(0o555)
        if root:
            os.seteuid(_NOBODY)
        try:
            yield place
        finally:
            if root:
                os.seteuid(0)
            place.chmod(0o755)
