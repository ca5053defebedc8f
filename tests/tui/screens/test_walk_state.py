"""The walkthrough as data: what counts as proven, and what a step will send."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gatewaytui.domain.profile import Protocol, Target
from gatewaytui.domain.run import Run
from gatewaytui.tui.screens.walk_state import WORDS, Step, WalkState, path_line, request_text
from tests.tui.scripted import BAD_KEY, CATALOGUE, CHAT_PASSED, KEY, MODELS_PASSED, NOON, facts, gateway

TARGET = Target(gateway(), model="gpt-5.5")


def run(kind: str, *checks: object) -> Run:
    return Run(kind, NOON, (facts(TARGET),), checks)  # type: ignore[arg-type]


WALKED = WalkState(
    Step.EVIDENCE, TARGET, CATALOGUE, run("models", MODELS_PASSED), run("chat", CHAT_PASSED), evidence_seen=True
)


def test_every_step_has_its_words() -> None:
    assert set(WORDS) == set(Step)
    assert [step.number for step in Step] == [1, 2, 3, 4, 5, 6]


def test_a_step_is_proven_by_what_came_back_and_not_by_having_been_asked() -> None:
    assert all(WALKED.proven(step) for step in Step if step is not Step.HANDOFF)
    assert not replace(WALKED, list_run=run("models", BAD_KEY)).proven(Step.LIST)
    assert not any(WalkState().proven(step) for step in Step)


def test_another_model_keeps_the_list_and_another_address_keeps_nothing() -> None:
    other_model = WALKED.pointed(replace(TARGET, model="other"))
    assert other_model.proven(Step.LIST) and not other_model.proven(Step.CHAT)
    other_address = WALKED.pointed(Target(gateway(base_url="https://other.example/v1")))
    assert not other_address.proven(Step.LIST) and other_address.listed is None
    assert WALKED.pointed(TARGET).proven(Step.CHAT)


def test_the_evidence_is_of_the_whole_walk() -> None:
    walked = WALKED.run
    assert walked is not None and [check.name for check in walked.checks] == ["models", "chat"]
    assert WalkState().run is None


@pytest.mark.parametrize("protocol", list(Protocol))
def test_what_will_be_sent_is_shown_with_the_key_as_a_variable(protocol: Protocol) -> None:
    target = Target(gateway(protocol=protocol, protocols=(protocol,)), model="some-model")
    for step, word in ((Step.LIST, "models"), (Step.CHAT, "some-model")):
        text = request_text(WalkState(step, target))
        assert text.startswith("curl ") and word in text and "$SCRIPTED_KEY" in text and KEY not in text
    assert request_text(WalkState(Step.MODEL, target)) == ""


def test_the_way_fits_the_narrowest_screen_and_tells_done_from_to_come_without_colour() -> None:
    text = "".join(part for part, _ in path_line(replace(WALKED, step=Step.CHAT, chat_run=None, evidence_seen=False)))
    assert len(text.rstrip()) <= 74
    assert text.startswith("✓ base URL  ✓ model list  ✓ model  ● one chat  · evidence")
