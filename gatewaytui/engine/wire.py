"""How the console and its engine process talk: length-prefixed pickles of small frozen objects over two pipes.

Both ends are this program and the pipes are private to the pair, which is what makes pickle acceptable here.
"""

from __future__ import annotations

import asyncio
import pickle
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.progress import Job, Progress
from gatewaytui.domain.secret import Secret

if TYPE_CHECKING:
    from gatewaytui.evidence.document import Evidence
    from gatewaytui.evidence.gate import Leak

_PREFIX = 4


class Run(msgspec.Struct, frozen=True):
    """Start this job; its progress comes back under the same number."""

    number: int
    job: Job


class Stop(msgspec.Struct, frozen=True):
    """Cancel the job of this number."""

    number: int


class Halt(msgspec.Struct, frozen=True):
    """Bring the job of this number to its end now."""

    number: int


class Export(msgspec.Struct, frozen=True):
    """Render this evidence behind the leak gate."""

    number: int
    evidence: Evidence
    format: str


class Remember(msgspec.Struct, frozen=True):
    """Keep this key for the session."""

    number: int
    profile: str
    group: str
    secret: Secret


Call = Run | Stop | Halt | Export | Remember


class Told(msgspec.Struct, frozen=True, gc=False):
    """One progress event of a job."""

    number: int
    progress: Progress


class Ended(msgspec.Struct, frozen=True):
    """A call ended well; ``content`` is what an export gave."""

    number: int
    content: bytes = b""


class Troubled(msgspec.Struct, frozen=True):
    """A call ended with a Problem."""

    number: int
    failure_class: FailureClass
    sentence: str
    next_step: str


class Refused(msgspec.Struct, frozen=True):
    """The gate refused an export."""

    number: int
    leaks: tuple[Leak, ...]


Reply = Told | Ended | Troubled | Refused


def pack(message: object) -> bytes:
    """The message with its length in front."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return len(body).to_bytes(_PREFIX, "big") + body


async def receive(reader: asyncio.StreamReader) -> object | None:
    """The next message, or None where the other end is gone."""
    try:
        size = int.from_bytes(await reader.readexactly(_PREFIX), "big")
        return pickle.loads(await reader.readexactly(size))  # type: ignore[no-any-return]  # noqa: S301
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def receive_blocking(pipe: BinaryIO) -> object | None:
    """The same from a blocking pipe, for the child's own reading thread."""
    prefix = pipe.read(_PREFIX)
    size = int.from_bytes(prefix, "big")
    body = pipe.read(size) if len(prefix) == _PREFIX else b""
    return pickle.loads(body) if size and len(body) == size else None  # noqa: S301
