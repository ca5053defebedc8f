from __future__ import annotations

import msgspec
import pytest

from gatewaytui.protocols.model_entries import Entry, model_info
from gatewaytui.protocols.model_lists import read_model_list


@pytest.mark.parametrize(
    ("price", "dollars"),
    [
        ("0.00000003", 0.03),
        (0.0000025, 2.5),
        (3, 3.0),
        ("15", 15.0),
        (0, 0.0),
        (-1, None),
        ("free", None),
        (True, None),
    ],
)
def test_prices_are_dollars_a_million_tokens(price: object, dollars: float | None) -> None:
    info = model_info(Entry(id="m", pricing={"prompt": price}))
    assert info is not None and info.input_price == dollars


@pytest.mark.parametrize(
    ("created_at", "seconds"),
    [("1970-01-02T00:00:00Z", 86_400), ("1970-01-02T00:00:00", 86_400), ("not a date", None), (5, 5), ("", None)],
)
def test_created_at_is_seconds_since_the_epoch(created_at: object, seconds: int | None) -> None:
    info = model_info(Entry(id="m", created_at=created_at))
    assert info is not None and info.created == seconds


def test_the_provider_is_the_owner_else_the_prefix_of_the_id() -> None:
    owned, prefixed, bare = Entry(id="a/b", owned_by="o"), Entry(id="a/b"), Entry(id="b")
    assert [info.provider for entry in (owned, prefixed, bare) if (info := model_info(entry))] == ["o", "a", ""]


def test_an_entry_without_an_id_is_none() -> None:
    assert model_info(Entry(id=5)) is None


@pytest.mark.parametrize(
    ("listed", "dollars"),
    [
        ({"prompt": "0.0006", "completion": "0.0018"}, (600.0, 1800.0)),
        ({"prompt": "0", "completion": "0.0018"}, (0.0, 0.0018)),
        ({"prompt": 0, "completion": 0.9}, (0, 0.9)),
        ({"input": 0.2, "output": 0.6}, (0.2, 0.6)),
        ({"prompt": "0.000001", "completion": 2.5}, (1.0, 2.5)),
        ({"prompt": "-1", "completion": "0.00002"}, (None, 20.0)),
    ],
)
def test_both_prices_of_an_entry_have_one_unit(listed: dict[str, object], dollars: tuple[object, object]) -> None:
    entry = {"id": "m", "pricing": listed}
    general = model_info(Entry(id="m", pricing=listed))
    assert general is not None and (general.input_price, general.output_price) == dollars
    found = read_model_list(msgspec.json.encode({"object": "list", "data": [entry]}))
    assert found is not None and (found.models[0].input_price, found.models[0].output_price) == dollars
