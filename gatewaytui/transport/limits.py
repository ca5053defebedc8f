"""How much of a server's answer is taken, and how long a connection is kept (design/safety.md, the HTTP door)."""

from __future__ import annotations

KIB, MIB = 1024, 1024 * 1024

BODY = 16 * MIB
"""Bytes of a 2xx body after decoding, streams and model lists alike."""

ERROR_BODY = 64 * KIB
"""Bytes of any other body: an error needs no more, and a web page is recognised long before."""

HEADERS = 64 * KIB
"""Bytes of a status line with its headers."""

ON_THE_WIRE = 2 * BODY
"""Bytes of a whole answer as sent, its framing and encoding included: a byte a chunk is an attack, not an answer."""

READ = 16 * KIB
"""The most that is taken from the socket at once: parsed in a few ms even if it is nothing but tiny chunks."""

READS_KEPT = 100_000
"""The most reads that an Exchange tells apart; what comes later counts to the last one."""

INFLATED_PIECE = 256 * KIB
"""The most that is decompressed at once, so that a bomb does not hold up the loop."""

KEEP_ALIVE_S = 4.0
"""Seconds an idle connection is kept: below the 5 s after which common servers close theirs."""


def body_cap(status: int) -> int:
    """The cap on the body of a response with this status, in bytes."""
    return BODY if 200 <= status < 300 else ERROR_BODY
