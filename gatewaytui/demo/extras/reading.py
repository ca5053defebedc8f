"""What a request brings: a JSON object, or a form with files (RFC 7578); neither without bound."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import Message
from email.parser import BytesHeaderParser

from gatewaytui.demo.prompt import Malformed, read_body

from .base import Sent

MOST_BYTES = 26 * 1024 * 1024
"""A little more than the 25 MB that OpenAI takes of a file."""
_MOST_PARTS = 64
_LINE = b"\r\n"
_HEADERS = BytesHeaderParser()
_NO_FORM = "Could not parse multipart form"


async def bounded(pieces: AsyncIterator[bytes]) -> bytes:
    """The whole body. One that is too long is read to its end, so that its sender hears why. Raises Malformed."""
    kept = bytearray()
    async for piece in pieces:
        kept += piece if len(kept) <= MOST_BYTES else b""
    if len(kept) > MOST_BYTES:
        raise Malformed(f"Maximum content size limit ({MOST_BYTES}) exceeded ({len(kept)} bytes read)")
    return bytes(kept)


def read_sent(body: bytes, content_type: str, form: bool) -> Sent:
    """The fields and files of a body. Raises Malformed."""
    return _form(body, content_type) if form else Sent(read_body(body))


def _form(body: bytes, content_type: str) -> Sent:
    head = _headers(b"content-type: " + content_type.encode("latin-1", "replace"))
    boundary = head.get_boundary("")
    if head.get_content_type() != "multipart/form-data" or not boundary:
        raise Malformed("Invalid Content-Type header: expected multipart/form-data with a boundary.")
    delimiter = _LINE + b"--" + boundary.encode("utf-8", "replace")
    _, *parts = (_LINE + body).split(delimiter, _MOST_PARTS + 1)
    if not parts or not parts.pop().startswith(b"--"):
        raise Malformed(_NO_FORM)
    values: dict[str, str] = {}
    files: dict[str, tuple[bytes, ...]] = {}
    for part in parts:
        lines, found, data = part.partition(2 * _LINE)
        headers = _headers(lines.strip())
        name = headers.get_param("name", header="content-disposition")
        if not found or not isinstance(name, str):
            raise Malformed(_NO_FORM)
        if headers.get_filename() is None:
            values[name] = data.decode("utf-8", "replace")
        else:
            files[name] = (*files.get(name, ()), data)
    return Sent(values, files, form=True)


def _headers(lines: bytes) -> Message:
    return _HEADERS.parsebytes(lines + 2 * _LINE)
