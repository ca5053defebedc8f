"""Reading a file or standard input that a person names, and secrets that variables name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.secret import Secret
from gatewaytui.evidence.known import Known

LARGEST_INPUT = 256 * 1024 * 1024


def read_input(path: Path | None) -> bytes:
    """The file's bytes; standard input for ``-`` or None. Raises Problem (storage) with the reason."""
    try:
        if path is None or str(path) == "-":
            if sys.stdin.isatty():
                raise click.UsageError("Name a file, or pipe something in.")
            content = sys.stdin.buffer.read(LARGEST_INPUT + 1)
        else:
            with path.open("rb") as file:
                content = file.read(LARGEST_INPUT + 1)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "it could not be read"
        place = path or "standard input"
        raise Problem(
            FailureClass.STORAGE, f"Could not read {place}: {reason}.", "Check the path and try again."
        ) from None
    if len(content) > LARGEST_INPUT:
        raise Problem(
            FailureClass.STORAGE,
            f"{path or 'The input'} is larger than 256 MB.",
            "Cut it to the exchange in question.",
        )
    return content


def known_from(variables: tuple[str, ...]) -> Known:
    """Secrets that must not appear, from the variables of these names."""
    missing = [name for name in variables if not os.environ.get(name)]
    if missing:
        raise Problem(
            FailureClass.CONFIG, f"The variable {missing[0]} is not set.", "Export it, or leave the option out."
        )
    return Known(keys=tuple(Secret(os.environ[name]) for name in variables))
