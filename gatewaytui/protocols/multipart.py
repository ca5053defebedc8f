"""A form with files, as browsers and SDKs send it (RFC 7578). All its parts are ours, so one boundary serves."""

from __future__ import annotations

import msgspec

from gatewaytui.domain.exchange import Ask, WireRequest
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.secret import repr_without

from .requests import posted

BOUNDARY = "gatewaytui-form-7d0f2b6c9a41"
_LINE = b"\r\n"


class File(msgspec.Struct, frozen=True):
    """A file in a form: the part it is, its name, its type and its bytes."""

    part: str
    name: str
    type: str
    data: bytes

    def __repr__(self) -> str:
        return repr_without(self, "data")


def form(fields: tuple[tuple[str, str], ...], files: tuple[File, ...]) -> bytes:
    """The body of a form. Names and values are ours; a model id in one cannot end its part (line breaks go)."""
    parts = [_part(f'form-data; name="{name}"', "", _one_line(value).encode()) for name, value in fields]
    parts += [_part(f'form-data; name="{file.part}"; filename="{file.name}"', file.type, file.data) for file in files]
    return b"".join(parts) + f"--{BOUNDARY}--".encode() + _LINE


def post_form(
    url: str, ask: Ask, auth: AuthHeader, fields: tuple[tuple[str, str], ...], files: tuple[File, ...]
) -> WireRequest:
    """A POST of such a form."""
    return posted(url, ask, auth, f"multipart/form-data; boundary={BOUNDARY}", form(fields, files))


def _part(disposition: str, kind: str, data: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\ncontent-disposition: {disposition}\r\n"
    typed = f"content-type: {kind}\r\n" if kind else ""
    return (head + typed).encode() + _LINE + data + _LINE


def _one_line(value: str) -> str:
    return " ".join(value.split())
