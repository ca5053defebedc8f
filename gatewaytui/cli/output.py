"""All of stdout and stderr: data goes to stdout or a file, everything said to a person goes to stderr."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TextIO

from gatewaytui.domain.failure import FailureClass, Finding
from gatewaytui.domain.problem import Problem

from . import exit_codes

if TYPE_CHECKING:
    from gatewaytui.domain.run import CheckResult, Outcome
    from gatewaytui.evidence.gate import Leak

_SIGNS = MappingProxyType({"passed": "✓", "warned": "!", "failed": "✗", "skipped": "·"})
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
_ASCII_SIGNS = MappingProxyType({"✓": "+", "✗": "x", "·": "-", "…": "...", "▲": "^"})


def data(text: str) -> bool:
    """Data for the next program, to stdout as it is; False where the reader has gone (``| head -1``).

    Raises Problem (storage) where stdout cannot be written, for example to a full disk.
    """
    try:
        _write(sys.stdout, text)
    except BrokenPipeError:
        silence(sys.stdout)
        return False
    except OSError as error:
        silence(sys.stdout)
        raise _cannot_write("standard output", error, "Send it to another place.") from None
    return True


def say(text: str = "") -> None:
    """A line for the person, on stderr. A stderr that cannot be written changes nothing else."""
    think(text + "\n")


def think(text: str) -> None:
    """A piece of the model's thinking: beside the data, on stderr."""
    try:
        _write(sys.stderr, text)
    except OSError:
        silence(sys.stderr)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        for sign, plain in _ASCII_SIGNS.items():
            text = text.replace(sign, plain)
        text = text.encode(encoding, "backslashreplace").decode(encoding)
    stream.write(text)
    stream.flush()


def silence(stream: TextIO) -> None:
    """Let what follows go nowhere, what the stream still holds at the exit included."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def have_streams() -> None:
    """Open what was closed (``>&-``) to nowhere, or the next socket would be taken for a standard stream."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_RDWR), number)
                setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def sign(outcome: Outcome) -> str:
    """The outcome's sign; a word always stands beside it."""
    return _SIGNS[outcome]


def problem(trouble: Problem) -> None:
    """Two sentences: what is wrong, what to do next."""
    trouble_said(trouble.sentence, trouble.next_step)


def trouble_said(sentence: str, next_step: str) -> None:
    """What is wrong and what to do next, in the one form that every trouble of the command line has."""
    say(f"gatewaytui: {sentence}")
    if next_step:
        say(f"  next: {next_step}")


def verdict(check: CheckResult, of: str = "") -> None:
    """One check (of this target) for the person, with its finding explained where it has one."""
    name = f"{of}: {check.name}" if of else check.name
    took = "" if check.elapsed_ms is None else f"  {check.elapsed_ms:.0f} ms"
    status = "" if check.status is None else f"  HTTP {check.status}"
    label = f"  {check.finding.failure_class}" if check.finding else ""
    say(f"{sign(check.outcome)} {name:<7} {check.outcome:<8}{status}{took}{label}")
    if check.note:
        say(f"  note:  {check.note}")
    if check.finding:
        explain(check.finding)


def server_said(text: str) -> None:
    """The server's own error message, without what looks like a secret in it."""
    from gatewaytui.evidence.redact import redact  # not for every command: its patterns take a while to compile

    say(f"the server said: {redact(text)}")


def refused(leaks: Iterable[Leak]) -> int:
    """Say which fields the leak gate refused to write; the exit code."""
    fields = ", ".join(f"{leak.field} ({leak.kind})" for leak in leaks)
    trouble_said(
        f"The leak gate refused to write this evidence: {fields}.", "Report this as a defect; nothing was written."
    )
    return exit_codes.REFUSED


def explain(finding: Finding) -> None:
    """What is broken, whose problem it is and what to do next."""
    say(f"  what:  {finding.title}")
    say(f"  whose: {finding.whose}")
    say(f"  next:  {finding.next_step}")


def deliver(content: bytes, path: Path | None) -> None:
    """A finished document to stdout (None, or ``-``) or into a file of the person's choosing.

    A file is replaced whole or not at all. Where it cannot be written, the document goes to stdout, so that
    nothing is lost, and a Problem (storage) is raised.
    """
    if path is None or str(path) == "-":
        data(content.decode())
        return
    try:
        _replace(path, content)
    except OSError as error:
        data(content.decode())
        raise _cannot_write(str(path), error, "It was printed instead; choose another place with --out.") from None
    say(f"Wrote {path}")


def _replace(path: Path, content: bytes) -> None:
    target = path.resolve()
    if target.exists() and not target.is_file():  # a pipe or a device cannot be replaced, only written to
        target.write_bytes(content)
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def full_disk(error: OSError) -> Problem | None:
    """The Problem of an output that click wrote (help, version) to a disk without space; None for another error."""
    if error.errno not in _NO_SPACE:
        return None
    silence(sys.stdout)
    return _cannot_write("standard output", error, "Send it to another place.")


def _cannot_write(place: str, error: OSError, next_step: str) -> Problem:
    reason = os.strerror(error.errno) if error.errno else "it refused"
    return Problem(FailureClass.STORAGE, f"Could not write {place}: {reason}.", next_step)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """Aligned columns, two blanks apart; columns in ``right`` are right-aligned."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]

    def line(row: Sequence[str]) -> str:
        cells = (c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        return "  ".join(cells).rstrip()

    return "\n".join(line(row) for row in (header, *rows)) + "\n"
