from __future__ import annotations

from collections import Counter

import pytest

from gatewaytui.diagnosis.rules import RULES
from gatewaytui.domain.failure import FailureClass, FailureFamily

from .scenario import Case, finding_of, load, name_of

SCENARIOS = load()

MADE_ELSEWHERE = {
    FailureClass.MODELS_UNSUPPORTED: "crosscheck: a missing list is no failure once the chat works",
    FailureClass.KEYSTORE: "storage: the key is read before any exchange",
    FailureClass.STORAGE: "storage: files on this machine",
}


@pytest.mark.parametrize("case", SCENARIOS, ids=name_of)
def test_scenario(case: Case) -> None:
    finding = finding_of(case)
    if case["class"] is None:
        assert finding is None, finding
        return
    assert finding is not None, "passed"
    assert finding.failure_class == case["class"], finding.rule
    if case.get("near_miss"):
        assert finding.rule != case["rule"]
    else:
        assert finding.rule == case["rule"]


def test_every_rule_has_three_scenarios_and_a_near_miss() -> None:
    hits = Counter(case["rule"] for case in SCENARIOS if not case.get("near_miss"))
    misses = Counter(case["rule"] for case in SCENARIOS if case.get("near_miss"))
    assert {rule.id: hits[rule.id] for rule in RULES if hits[rule.id] < 3} == {}
    assert [rule.id for rule in RULES if not misses[rule.id]] == []


def test_scenarios_name_rules_that_exist() -> None:
    assert {case["rule"] for case in SCENARIOS} <= {rule.id for rule in RULES}


def test_scenarios_are_told_apart() -> None:
    seen = Counter(
        str({key: value for key, value in case.items() if key not in ("file", "line", "near_miss", "rule")})
        for case in SCENARIOS
        if not case.get("near_miss")
    )
    assert [text for text, count in seen.items() if count > 1] == []


def test_rule_ids_are_unique_and_have_reasons() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert all(len(rule.reason) > 15 and rule.reason.endswith(".") for rule in RULES)


def test_every_class_has_a_rule_or_another_producer() -> None:
    made_here = {rule.failure_class for rule in RULES}
    assert set(FailureClass) - made_here == set(MADE_ELSEWHERE)


@pytest.mark.parametrize("failure_class", FailureClass)
def test_every_class_has_an_exit_code_and_a_next_step(failure_class: FailureClass) -> None:
    assert 10 <= failure_class.family.exit_code <= 22
    assert failure_class.meaning.next_step
    assert failure_class.meaning.whose
    assert isinstance(failure_class.family, FailureFamily)


def test_the_stages_stand_in_their_order() -> None:
    place = {rule.id: number for number, rule in enumerate(RULES)}
    in_order = (
        "fault.cancelled",
        "status.redirect",
        "page.blocked",
        "models.empty",
        "query_key.code",
        "billing.words",
        "access.words",
        "model.missing_words",
        "context.words",
        "filter.words",
        "feature.words",
        "rate.status",
        "overload.words",
        "billing.status",
        "auth.status",
        "permission.status",
        "route.status",
        "request.status",
        "gateway.status",
        "unclassified",
    )
    assert sorted(in_order, key=place.__getitem__) == list(in_order)
