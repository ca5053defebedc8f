from __future__ import annotations

from gatewaytui.diagnosis.sight import look
from gatewaytui.diagnosis.signals import SIGNAL_NAMES, signals
from gatewaytui.diagnosis.vocabulary import Topic
from gatewaytui.protocols.reading import read_exchange

from .scenario import Case, exchange_of, load


def seen(case: Case) -> dict[str, object]:
    exchange = exchange_of(case)
    return {signal.name: signal.value for signal in signals(look(exchange, read_exchange(exchange)))}


def test_every_signal_of_every_scenario_is_documented() -> None:
    names = {name for case in load() for name in seen(case)}
    assert names <= set(SIGNAL_NAMES)
    assert set(SIGNAL_NAMES) - names == set(), "a documented signal that no scenario shows"


def test_signal_values_are_flat_and_short() -> None:
    values = [value for case in load() for value in seen(case).values()]
    assert all(isinstance(value, str | int | float | bool) for value in values)
    assert all(len(value) <= 128 for value in values if isinstance(value, str))


def test_model_ids_are_shown_only_where_they_are_ids() -> None:
    body = {"model": "sk-live-ABCDEFGHIJKLMNOPQRSTUVWXYZ123456", "choices": [{"message": {"content": "hi"}}]}
    shown = seen({"status": 200, "model": "a\x1b]52;c;x\x07", "body": body})
    assert "asked_model" not in shown
    assert "served_model" not in shown


def test_the_asked_models_name_speaks_of_nothing() -> None:
    body = {"error": {"message": "Cannot serve rate-limit-overloaded-2 now"}}
    sight = look(
        exchange := exchange_of({"status": 500, "model": "rate-limit-overloaded-2", "body": body}),
        read_exchange(exchange),
    )
    assert not sight.words & {Topic.RATE, Topic.OVERLOAD}


def test_addresses_in_a_message_speak_of_nothing() -> None:
    body = {"error": {"message": "See https://docs.test/rate-limits/insufficient-balance for more"}}
    sight = look(exchange := exchange_of({"status": 500, "body": body}), read_exchange(exchange))
    assert sight.words == frozenset()
