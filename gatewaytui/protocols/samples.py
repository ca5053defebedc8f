"""The smallest files that image and audio endpoints take, made in memory: nothing of a person's is ever sent."""

from __future__ import annotations

import struct
import zlib

from .multipart import File

PNG_SIDE = 64
WAV_RATE = 16_000
WAV_SAMPLES = WAV_RATE // 10  # a tenth of a second, the shortest that OpenAI takes
_RED = b"\xff\x00\x00\xff"


def png(side: int = PNG_SIDE) -> bytes:
    """A square PNG of one colour, red, with an alpha channel (the older edit endpoints demand one)."""
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    rows = (b"\x00" + _RED * side) * side
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def wav(samples: int = WAV_SAMPLES) -> bytes:
    """Silence: one channel, 16 bits, 16 kHz."""
    data = bytes(2 * samples)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, WAV_RATE, 2 * WAV_RATE, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 4 + len(form) + 8 + len(data), b"WAVE") + form + _riff(data)


def png_file(part: str = "image") -> File:
    """The PNG as a file of a form."""
    return File(part, "image.png", "image/png", png())


def wav_file(part: str = "file") -> File:
    """The silence as a file of a form."""
    return File(part, "silence.wav", "audio/wav", wav())


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _riff(data: bytes) -> bytes:
    return struct.pack("<4sI", b"data", len(data)) + data
