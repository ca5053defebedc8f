"""Images in OpenAI's shape: real PNG files of the size asked for, of one colour and therefore tiny."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Mapping
from types import MappingProxyType

from gatewaytui.demo.dice import Dice
from gatewaytui.demo.prompt import Malformed, Object, typed, weight
from gatewaytui.demo.speech.base import to_json

from .base import Answer, Sent, Setting

_SIZE = re.compile(r"([1-9]\d{1,3})x([1-9]\d{1,3})", re.ASCII)
_USUAL_SIZE = "1024x1024"
_LARGEST = 4096
_MOST = 10
_LONGEST_PROMPT = 32_000
_MARKS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
_TOKENS: Mapping[str, int] = MappingProxyType(
    {"auto": 1056, "low": 272, "medium": 1056, "high": 4160, "standard": 1056, "hd": 4160}
)
"""Output tokens of a square image by its quality, as OpenAI counts them."""
_IMAGE_TOKENS = 323  # of an image that is sent


def generations(sent: Sent, setting: Setting) -> Answer:
    """Images from a prompt."""
    return _painted(sent, setting, sent.text("prompt", _LONGEST_PROMPT), 0)


def edits(sent: Sent, setting: Setting) -> Answer:
    """The image sent, changed by a prompt."""
    _check(sent.file("image"))
    return _painted(sent, setting, sent.text("prompt", _LONGEST_PROMPT), _IMAGE_TOKENS)


def variations(sent: Sent, setting: Setting) -> Answer:
    """The image sent, in other forms."""
    _check(sent.file("image"))
    return _painted(sent, setting, "", _IMAGE_TOKENS)


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A PNG of one colour, with a palette of that one."""
    rows = (b"\x00" + bytes((width + 7) // 8)) * height
    header = struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", bytes(colour)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return _MARKS[0] + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _check(image: bytes) -> None:
    if not image.startswith(_MARKS):
        raise Malformed("Invalid image file: expected a PNG, JPEG or WebP image.", "image")


def _painted(sent: Sent, setting: Setting, prompt: str, image_tokens: int) -> Answer:
    """``{created, background, data: [{b64_json}], output_format, quality, size, usage}``."""
    count, quality = sent.number("n", 1, _MOST), sent.choice("quality", tuple(_TOKENS))
    width, height = _size(sent)
    sent.choice("response_format", ("b64_json",))
    sent.choice("output_format", ("png",))
    sent.choice("background", ("auto", "opaque"))
    if sent.values.get("stream") in (True, "true"):
        raise Malformed("Invalid 'stream': this model does not stream images.", "stream")
    dice = Dice(setting.seed, setting.model, prompt)
    files = [png(width, height, (dice.below(256), dice.below(256), dice.below(256))) for _ in range(count)]
    body: Object = {
        "created": setting.created,
        "background": "opaque",
        "data": [{"b64_json": base64.b64encode(file).decode()} for file in files],
        "output_format": "png",
        "quality": {"auto": "medium"}.get(quality, quality),
        "size": f"{width}x{height}",
        "usage": _usage(weight(prompt) if prompt else 0, image_tokens, count * _TOKENS[quality]),
    }
    return Answer(to_json(body))


def _size(sent: Sent) -> tuple[int, int]:
    """Pixels across and down. Raises Malformed."""
    asked: str = typed(sent.values, "size", str, "auto")
    found = _SIZE.fullmatch(_USUAL_SIZE if asked == "auto" else asked)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 0 < width <= _LARGEST or not 0 < height <= _LARGEST:
        raise Malformed(f"Invalid 'size': expected 'auto' or width and height, as in '{_USUAL_SIZE}'.", "size")
    return width, height


def _usage(text: int, image: int, made: int) -> Object:
    return {
        "total_tokens": text + image + made,
        "input_tokens": text + image,
        "output_tokens": made,
        "input_tokens_details": {"text_tokens": text, "image_tokens": image},
    }
