"""``redact``: text in, text without secrets out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.evidence.known import Known
from gatewaytui.evidence.redact import redact

from . import output
from .parameters import variables
from .reading import known_from, read_input

_STRING = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?')


@click.command(
    epilog="""\b
Examples:
  gatewaytui redact server.log > server-safe.log
  some-tool 2>&1 | gatewaytui redact
  gatewaytui redact --jsonl requests.jsonl
"""
)
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--jsonl", is_flag=True, help="Each line is a JSON value: its strings are redacted, its shape stays.")
@click.option(
    "--known-env",
    multiple=True,
    callback=variables,
    metavar="VAR",
    help="A variable whose value must vanish, in any encoding.",
)
def command(file: Path | None, jsonl: bool, known_env: tuple[str, ...]) -> None:
    """Remove keys, tokens, addresses and account ids from text."""
    known = known_from(known_env)
    text = read_input(file).decode("utf-8", "replace")
    output.data(_lines(text, known) if jsonl else redact(text, known))


def _lines(text: str, known: Known) -> str:
    """One line out for each line in; a blank one stays blank."""
    lines = text.removeprefix("\ufeff").removesuffix("\n").split("\n") if text else []
    return "".join(_line(number, line.strip(" \t\r"), known) for number, line in enumerate(lines, 1))


def _line(number: int, line: str, known: Known) -> str:
    """The line with its strings redacted in place: every key, number and blank stays as it was written."""
    if not line:
        return "\n"
    try:
        json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Problem(
            FailureClass.CONFIG, f"Line {number} is not JSON.", "Leave --jsonl out for plain text."
        ) from None

    def clean(found: re.Match[str]) -> str:
        if found[2]:
            return found[0]
        before: str = json.loads(found[1])
        after = redact(before, known)
        return found[1] if after == before else json.dumps(after)

    return _STRING.sub(clean, line) + "\n"


def _refuse(constant: str) -> None:
    raise ValueError(constant)
