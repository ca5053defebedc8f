"""A form as another reader of the same standard sees it."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP

from gatewaytui.protocols.multipart import BOUNDARY, File, form


def _parts(body: bytes) -> dict[str, tuple[str | None, str, bytes]]:
    head = f"content-type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    assert not message.defects
    return {
        str(part.get_param("name", header="content-disposition")): (
            part.get_filename(),
            part.get_content_type(),
            bytes(part.get_payload(decode=True) or b""),
        )
        for part in message.iter_parts()
    }


def test_fields_and_files_come_out_as_they_went_in() -> None:
    data = bytes(range(256)) + b"\r\n--not-the-end\r\n"
    parts = _parts(form((("model", "m"), ("n", "1")), (File("image", "a.png", "image/png", data),)))
    assert parts["model"][2] == b"m" and parts["n"][2] == b"1"
    assert parts["image"] == ("a.png", "image/png", data)


def test_a_model_id_of_a_hostile_list_cannot_end_its_part() -> None:
    evil = f'm\r\n--{BOUNDARY}\r\ncontent-disposition: form-data; name="n"\r\n\r\n9'
    parts = _parts(form((("model", evil), ("n", "1")), ()))
    assert set(parts) == {"model", "n"} and parts["n"][2] == b"1"


def test_a_file_does_not_show_its_bytes() -> None:
    assert "secret" not in repr(File("file", "a", "b", b"secret"))
