"""A chat as curl measures it: its own ``-w`` times, and the moment at which each piece came by its trace."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

_WRITTEN = "%{time_starttransfer} %{time_total}"
_MOMENT = re.compile(r"(\d\d:\d\d:\d\d\.\d{6}) (==|=>|<=) (.+)")
_TRACED = re.compile(r"[0-9a-f]{4}: ?(.*)")
_TOKEN = re.compile(r'"content":"[^"]')
_DAY_MS = 86_400_000.0


class Curled(msgspec.Struct, frozen=True):
    """Milliseconds since curl began; ``usage`` is the server's own count."""

    first_byte_ms: float
    total_ms: float
    first_token_ms: float
    last_token_ms: float
    usage: Mapping[str, int]


def curled(base_url: str, key: str, body: Mapping[str, Any], place: Path) -> Curled:
    """Send this streamed chat of the OpenAI dialect. Raises AssertionError where curl fails."""
    trace, sent, came = place / "trace", place / "body.json", place / "answer"
    sent.write_text(json.dumps(body))
    settings = (f'header = "authorization: Bearer {key}"', 'header = "content-type: application/json"')
    argv = ("curl", "--silent", "--no-buffer", "--trace-ascii", trace, "--trace-time", "--data", f"@{sent}")
    done = subprocess.run(
        [*argv, "--config", "-", "--output", came, "--write-out", _WRITTEN, f"{base_url}/chat/completions"],
        input="\n".join(settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first_byte, total = map(float, done.stdout.split())
    tokens = _tokens_ms(trace.read_text("latin-1"))
    return Curled(first_byte * 1000, total * 1000, tokens[0], tokens[-1], _usage(came.read_text()))


def installed() -> bool:
    """Whether this machine has curl."""
    return shutil.which("curl") is not None


def _tokens_ms(trace: str) -> list[float]:
    """When each piece of the body that holds a token came, since the trace's first line."""
    began: datetime | None = None
    moment, pieces = datetime.min, []
    for line in trace.splitlines():
        if found := _MOMENT.match(line):
            moment = datetime.strptime(found[1], "%H:%M:%S.%f")
            began = began or moment
            pieces.append((moment, found[2] + found[3], []))
        elif pieces and (text := _TRACED.match(line)):
            pieces[-1][2].append(text[1])
    assert began is not None
    return [
        (at - began).total_seconds() * 1000 % _DAY_MS
        for at, what, lines in pieces
        if what.startswith("<=Recv data") and _TOKEN.search("".join(lines))
    ]


def _usage(answer: str) -> Mapping[str, int]:
    """The last usage that the stream holds."""
    documents = (json.loads(line[6:]) for line in answer.splitlines() if line.startswith("data: {"))
    found = [document["usage"] for document in documents if document.get("usage")]
    return {name: count for name, count in found[-1].items() if isinstance(count, int)}
