"""Targets and deadlines."""

from __future__ import annotations

import pytest

from gatewaytui.domain.profile import FROM_PROMPT, Group, Profile, Protocol, Target, Timeouts


@pytest.mark.parametrize("total", [0.5, 5.0, 20.0, 600.0])
def test_one_overall_time_bounds_every_deadline(total: float) -> None:
    timeouts = Timeouts.within(total)
    assert timeouts.total == total
    assert max(timeouts.connect, timeouts.first_byte) <= total
    assert timeouts.stall < total


def test_a_group_brings_its_own_key_and_protocol() -> None:
    group = Group("claude", FROM_PROMPT, (Protocol.ANTHROPIC,))
    profile = Profile("tokone", "https://api.tokone.ai/v1", groups=(group,))
    assert Target(profile).protocol is Protocol.OPENAI_CHAT
    assert Target(profile, "claude").protocol is Protocol.ANTHROPIC
    assert Target(profile, "claude").key == FROM_PROMPT
    assert Target(profile, "claude", protocol_override=Protocol.GEMINI).protocol is Protocol.GEMINI
    assert (Target(profile).label, Target(profile, "claude").label) == ("tokone", "tokone/claude")
