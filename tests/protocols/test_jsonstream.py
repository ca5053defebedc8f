from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.protocols import jsonstream
from gatewaytui.protocols.jsonstream import JsonSplitter

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)
_OBJECTS = st.lists(st.dictionaries(st.text(max_size=4), _JSON, max_size=3), max_size=4)


def _split(body: bytes, step: int) -> list[bytes]:
    splitter = JsonSplitter()
    found: list[bytes] = []
    for at in range(0, len(body), step):
        found += splitter.feed(body[at : at + step])
    return found


@given(_OBJECTS, st.integers(1, 40), st.sampled_from([None, 2]), st.booleans())
def test_the_elements_of_an_array_come_out_whatever_the_cuts(
    items: list[object], step: int, indent: int | None, ascii_only: bool
) -> None:
    body = json.dumps(items, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert [json.loads(value) for value in _split(body, step)] == items


@given(_OBJECTS, st.integers(1, 40))
def test_objects_in_a_row_come_out_whatever_the_cuts(items: list[object], step: int) -> None:
    body = "\n".join(json.dumps(item) for item in items).encode()
    assert [json.loads(value) for value in _split(body, step)] == items


def test_a_value_comes_with_its_last_byte() -> None:
    splitter = JsonSplitter()
    assert splitter.feed(b'[{"a": "]}\\"') == []
    assert splitter.feed(b'"}') == [b'{"a": "]}\\""}']
    assert splitter.array and splitter.open and not splitter.ended
    assert splitter.feed(b"\n]") == []
    assert splitter.ended and not splitter.open


def test_scalars_and_stray_brackets_are_passed_over() -> None:
    assert _split(b'["{", 7, {"a":1}, ]}}]', 3) == [b'{"a":1}']


@given(st.binary(max_size=200), st.integers(1, 20))
def test_no_bytes_make_it_raise(body: bytes, step: int) -> None:
    assert _split(body, step) == _split(body, len(body) + 1)


def test_a_value_beyond_the_cap_is_dropped_and_the_next_one_read() -> None:
    splitter = JsonSplitter()
    splitter.feed(b'{"a":"')
    for _ in range(jsonstream.LARGEST_VALUE // 4_000_000 + 1):
        splitter.feed(b"x" * 4_000_000)
    assert splitter.feed(b'"}{"b":1}') == [b'{"b":1}']
