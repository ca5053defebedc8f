from __future__ import annotations

import pytest

from gatewaytui.diagnosis.advice import duration
from gatewaytui.domain.exchange import FaultDetail

from .scenario import finding_of

WITHOUT_ADVICE = {FaultDetail.HANDSHAKE, FaultDetail.CLOSED, FaultDetail.FRAMING}


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "1 s"), (0.4, "1 s"), (59.6, "60 s"), (240, "4 min"), (7199, "120 min"), (7200, "2 h")]
)
def test_durations_as_a_person_says_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize("detail", sorted(set(FaultDetail) - WITHOUT_ADVICE))
def test_what_the_transport_saw_sharpens_the_next_step(detail: FaultDetail) -> None:
    kinds = {"tls": "tls", "config": "config", "proxy": "proxy", "protocol": "wait"}
    steps = set()
    for kind, phase in kinds.items():
        finding = finding_of({"fault": [kind, phase, detail]})
        assert finding is not None
        assert finding.next_step != finding.failure_class.meaning.next_step
        steps.add(finding.next_step)
    assert len(steps) == 1


def test_without_a_detail_the_class_speaks() -> None:
    finding = finding_of({"fault": ["tls", "tls"]})
    assert finding is not None
    assert finding.next_step == finding.failure_class.meaning.next_step


def test_a_handshake_that_is_never_answered_names_the_port() -> None:
    steps = {}
    for phase in ("tcp", "tls"):
        finding = finding_of({"fault": ["connect_timeout", phase]})
        assert finding is not None
        steps[phase] = finding.next_step
    assert "TLS" in steps["tls"] and "http://" in steps["tls"] and "TLS" not in steps["tcp"]
