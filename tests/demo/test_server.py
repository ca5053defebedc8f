"""One application for all gateways."""

from __future__ import annotations

from gatewaytui.demo.launch import Gateways, start
from tests.demo.support import Question, send


def test_a_prefix_nobody_has_is_not_found(swift: Gateways) -> None:
    answer = send(Question(f"http://127.0.0.1:{swift.port}/nobody/v1/models", {}))
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


def test_only_the_chosen_gateways_are_served() -> None:
    with start(personas=("tken", "slow"), pace=0) as some:
        assert [info.name for info in some.personas] == ["tken", "slow"]
        assert set(send(Question(some.state_url, {})).json()) == {"tken", "slow"}
        assert send(Question(f"http://127.0.0.1:{some.port}/healthy/v1/models", {})).status_code == 404
