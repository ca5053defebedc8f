"""All of stdout and stderr: data goes to stdout or a file, everything said to a person goes to stderr."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
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

_BETWEEN = "  "
_NARROWEST_CELL = 6
_SIGNS = MappingProxyType({"passed": "✓", "warned": "!", "failed": "✗", "skipped": "·"})
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
_ASCII_SIGNS = MappingProxyType({"✓": "+", "✗": "x", "·": "-", "…": "...", "▲": "^", "±": "+-", "–": "-"})


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


def counted(number: int, what: str) -> str:
    """``1 request``, ``1,200 requests``."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def screen_width() -> int | None:
    """The cells of a line where stdout is a terminal; None for a file or a pipe, which get all of it."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def cells(text: str) -> int:
    """The cells that this takes on a terminal: two for a wide character."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # not for every command: most have nothing wide to show

    return cell_len(text)


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: frozenset[int] = frozenset(),
    width: int | None = None,
) -> str:
    """Aligned columns, two blanks apart; columns in ``right`` are right-aligned.

    With a ``width`` the widest columns are cut, with an ellipsis, until a row fits.
    """
    widths = [max(cells(row[i]) for row in (header, *rows)) for i in range(len(header))]
    if width is not None:
        widths = _capped(widths, width - len(_BETWEEN) * (len(widths) - 1))

    def line(row: Sequence[str]) -> str:
        drawn = (_padded(c, w, to_right=i in right) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        return _BETWEEN.join(drawn).rstrip()

    return "\n".join(line(row) for row in (header, *rows)) + "\n"


def _capped(widths: list[int], room: int) -> list[int]:
    """The widths with the widest made as narrow as it takes, but none narrower than is worth reading."""
    capped = list(widths)
    while sum(capped) > room and (most := max(capped)) > _NARROWEST_CELL:
        capped[capped.index(most)] -= 1
    return capped


def _padded(text: str, width: int, *, to_right: bool) -> str:
    if cells(text) > width:
        text = _cut(text, width - 1) + "…"
    blanks = " " * (width - cells(text))
    return blanks + text if to_right else text + blanks


def _cut(text: str, width: int) -> str:
    """As much of its beginning as these cells hold."""
    kept = text[:width]
    while cells(kept) > width:
        kept = kept[:-1]
    return kept
