"""What a request brings: forms taken apart exactly, broken and endless ones refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.demo.extras.reading import MOST_BYTES, bounded, read_sent
from gatewaytui.demo.prompt import Malformed

TYPE = "multipart/form-data; boundary=edge"


def _part(head: str, data: bytes) -> bytes:
    return b"--edge\r\ncontent-disposition: form-data; " + head.encode() + b"\r\n\r\n" + data + b"\r\n"


@given(
    st.binary(max_size=300).filter(lambda data: b"--edge" not in data),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(lambda text: "--edge" not in text),
)
def test_files_and_fields_come_out_as_they_went_in(data: bytes, text: str) -> None:
    body = _part('name="note"', text.encode()) + _part('name="file"; filename="a.wav"', data) + b"--edge--\r\n"
    sent = read_sent(body, TYPE, form=True)
    assert (sent.text("note") if text else "", sent.file("file")) == (text, data)


def test_the_first_file_of_an_array_and_text_before_the_first_part() -> None:
    parts = [_part('name="image[]"; filename="x.png"', data) for data in (b"one", b"two")]
    sent = read_sent(b"preamble\r\n" + b"".join(parts) + b"--edge--", TYPE, form=True)
    assert sent.file("image") == b"one" and sent.files["image[]"] == (b"one", b"two")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", TYPE),
        (b"--edge", TYPE),
        (_part('name="a"', b"1"), TYPE),
        (_part('filename="a"', b"1") + b"--edge--", TYPE),
        (b"--edge\r\nname=a\r\n--edge--", TYPE),
        (_part('name="a"', b"1") * 65 + b"--edge--", TYPE),
        (_part('name="a"', b"1") + b"--edge--", "multipart/form-data"),
        (_part('name="a"', b"1") + b"--edge--", "application/json"),
        (_part('name="a"', b"1") + b"--edge--", ""),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(Malformed):
        read_sent(body, kind, form=True)


@given(st.binary(max_size=200), st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=60))
def test_nothing_else_ever_comes_of_hostile_bytes(body: bytes, kind: str) -> None:
    for each in (kind, TYPE, "multipart/form-data; boundary=" + kind):
        try:
            read_sent(b"--edge\r\n" + body, each, form=True)
        except Malformed as trouble:
            assert trouble.detail


def test_a_body_too_long_is_read_to_its_end_and_refused() -> None:
    piece, count = bytes(1024 * 1024), MOST_BYTES // (1024 * 1024) + 3
    left = [piece] * count

    async def pieces() -> AsyncIterator[bytes]:
        while left:
            yield left.pop()

    with pytest.raises(Malformed, match="Maximum content size"):
        asyncio.run(bounded(pieces()))
    assert not left
