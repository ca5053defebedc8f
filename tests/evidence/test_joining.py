"""Several runs as one document."""

from __future__ import annotations

import json

import msgspec
import pytest
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass
from gatewaytui.evidence import json as evidence_json
from gatewaytui.evidence.document import Evidence
from gatewaytui.evidence.joining import MOST_TARGETS, TooManyTargets, together
from gatewaytui.evidence.schema import problems

from .builders import FAILED, NOW, PASSED, RUN, TARGET, evidence, finding


def run_at(profile: str, *, failed: bool = False) -> Evidence:
    check = replace(FAILED, finding=finding(FailureClass.AUTH)) if failed else PASSED
    target = replace(TARGET, profile=profile)
    return evidence(replace(RUN, targets=(target,), checks=(check,)))


def fits(document: Evidence) -> bool:
    return problems(json.loads(evidence_json.render(document))) == ()


def test_several_runs_become_one_document_that_fits_the_schema() -> None:
    both = together((run_at("a"), run_at("b", failed=True), evidence()))
    assert [check.target for check in both.checks] == [0, 1, 2, 2]
    assert [target.profile for target in both.targets] == ["a", "b", "work"]
    assert both.target == both.targets[0]
    assert (both.summary.ok, both.summary.failure_class) == (False, FailureClass.AUTH)
    assert fits(both)


def test_a_run_of_two_targets_keeps_its_checks_with_them() -> None:
    two = replace(RUN, targets=(TARGET, TARGET), checks=(PASSED, replace(FAILED, target=1)))
    both = together((run_at("a"), evidence(two)))
    assert [check.target for check in both.checks] == [0, 1, 2]


def test_what_belongs_to_one_run_alone_is_not_told_of_all() -> None:
    first = msgspec.structs.replace(evidence(), gateway=None)
    both = together((first, run_at("a")))
    assert (both.spending, both.gateway) == (None, None)


def test_many_runs_against_few_targets_share_them() -> None:
    many = together([run_at(f"p{number % 3}") for number in range(200)])
    assert (len(many.targets), len(many.checks)) == (3, 200)
    assert {check.target for check in many.checks} == {0, 1, 2}
    assert fits(many)


def test_more_targets_than_the_schema_allows_are_refused() -> None:
    with pytest.raises(TooManyTargets, match=str(MOST_TARGETS)):
        together([run_at(f"p{number}") for number in range(MOST_TARGETS + 1)])


def test_the_newest_time_is_the_documents() -> None:
    later = msgspec.structs.replace(run_at("b"), generated_at="2027-01-01T00:00:00Z")
    assert together((later, run_at("a"))).generated_at == "2027-01-01T00:00:00Z"
    assert evidence().generated_at == NOW.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_one_run_stays_as_it_is_and_none_is_refused() -> None:
    one = run_at("a")
    assert together((one,)) is one
    with pytest.raises(ValueError, match="no run"):
        together(())
