"""Decompression under attack: whole data comes out whole, anything else is refused, memory stays bounded."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.transport import limits
from gatewaytui.transport.decoding import BadEncoding, decoder_for


def _raw_deflate(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(data) + squeeze.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "raw deflate": ("deflate", _raw_deflate),
    "identity": ("identity", bytes),
    "nothing said": ("", bytes),
}


def _decode(encoding: str, pieces: list[bytes]) -> bytes:
    decoder = decoder_for(encoding)
    found = []
    for piece in pieces:
        for data in decoder.feed(piece):
            assert len(data) <= max(limits.INFLATED_PIECE, len(piece))
            found.append(data)
    decoder.close()
    return b"".join(found)


def _cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(st.binary(max_size=3000), st.sampled_from(sorted(PACKERS)), st.lists(st.integers(0, 5000), max_size=8))
def test_any_cut_of_packed_data_gives_the_data(data: bytes, packer: str, places: list[int]) -> None:
    encoding, pack = PACKERS[packer]
    assert _decode(encoding, _cut(pack(data), places)) == data


@given(st.binary(min_size=1, max_size=500), st.integers(1, 400), st.sampled_from(["gzip", "zlib", "raw deflate"]))
def test_packed_data_that_ends_early_is_refused(data: bytes, missing: int, packer: str) -> None:
    encoding, pack = PACKERS[packer]
    packed = pack(data)
    kept = packed[: max(1, len(packed) - missing)]
    with pytest.raises(BadEncoding):
        _decode(encoding, [kept])


@given(st.binary(min_size=1, max_size=2000), st.sampled_from(["gzip", "deflate"]))
def test_bytes_that_are_no_packed_data_raise_nothing_else(data: bytes, encoding: str) -> None:
    try:
        _decode(encoding, [data])
    except BadEncoding as refused:
        assert refused.args == ()


def test_a_bomb_comes_in_pieces_that_can_be_stopped() -> None:
    decoder = decoder_for("gzip")
    pieces = iter(decoder.feed(gzip.compress(bytes(64 * limits.MIB))))
    assert len(next(pieces)) <= limits.INFLATED_PIECE
    assert len(next(pieces)) <= limits.INFLATED_PIECE


def test_a_body_of_exactly_the_size_of_some_pieces_is_not_cut() -> None:
    data = bytes(2 * limits.INFLATED_PIECE)
    assert _decode("gzip", [gzip.compress(data)]) == data


@pytest.mark.parametrize(
    "encoding", ["br", "zstd", "gzip, gzip", "gzip,deflate", "br, gzip", "no-such-thing", "gzip;q=1"]
)
def test_an_encoding_we_do_not_read_is_refused(encoding: str) -> None:
    with pytest.raises(BadEncoding):
        decoder_for(encoding)


def test_identity_beside_one_encoding_is_that_encoding() -> None:
    assert _decode(" identity , gzip", [gzip.compress(b"x")]) == b"x"


def test_what_follows_the_end_of_packed_data_is_refused() -> None:
    with pytest.raises(BadEncoding):
        _decode("gzip", [gzip.compress(b"x") + b"tail"])
    with pytest.raises(BadEncoding):
        _decode("gzip", [gzip.compress(b"x"), b"tail"])
