from __future__ import annotations

from typing import Any

import pytest

from gatewaytui.domain.chat import ToolDelta
from gatewaytui.protocols.tool_pieces import ToolPieces


def _piece(index: int | None = None, call_id: str | None = None, name: str | None = None, text: str = "") -> Any:
    piece: dict[str, Any] = {"function": {"name": name, "arguments": text}}
    return piece | ({} if index is None else {"index": index}) | ({} if call_id is None else {"id": call_id})


@pytest.mark.parametrize(
    ("pieces", "numbers"),
    [
        (
            [_piece(0, "a", "f"), _piece(0, None, None, "x"), _piece(1, "b", "g"), _piece(0, None, None, "y")],
            [0, 0, 1, 0],
        ),
        ([_piece(None, "a", "f", "1"), _piece(None, "b", "f", "2")], [0, 1]),
        ([_piece(None, "a", "f", "1"), _piece(None, "a", None, "2"), _piece(None, "", "", "3")], [0, 0, 0]),
        ([_piece(None, "", "f", "1"), _piece(None, "", "f", "2")], [0, 1]),
        ([_piece(0, "a", "f"), _piece(0, "b", "g"), _piece(0, "", "", "x")], [0, 1, 1]),
        ([_piece(0, "a", "f"), _piece(0, "a", "f", "x")], [0, 0]),
        ([_piece(0, "a", "f"), _piece(0, "other", None, "x")], [0, 0]),
        ([_piece(3, "a", "f"), _piece(1, "b", "g"), _piece(3, None, None, "x")], [0, 1, 0]),
        ([_piece(0, "null", "f", "1"), _piece(None, "null", "f", "2")], [0, 1]),
        ([_piece(0, "a", None), _piece(0, None, "f"), _piece(0, None, None, "x")], [0, 0, 0]),
        ([_piece(0, "a", "f"), _piece(1, "a", "f")], [0, 1]),
    ],
)
def test_pieces_find_their_call(pieces: list[Any], numbers: list[int]) -> None:
    reader = ToolPieces()
    found = [delta for piece in pieces for delta in reader.read([piece], 0) if isinstance(delta, ToolDelta)]
    assert [delta.index for delta in found] == numbers


def test_a_piece_that_says_nothing_is_none() -> None:
    assert ToolPieces().read([{}, {"function": None, "index": 0}], 0) == []
