"""The last good run of a finding, what changed since, and the trends of what is kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from msgspec.structs import replace as replaced

from gatewaytui.diagnosis.trends import Course
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.run import CatalogueFacts, CellFacts, CheckResult, KeyUsed, Outcome
from gatewaytui.storage.history import History
from gatewaytui.storage.historychanges import since_good
from gatewaytui.storage.historyrows import FindingFilter, FindingRow, RunFilter
from gatewaytui.storage.locations import Locations

from .test_history import CHATTED, NOW, PASSED, TKEN, TOKONE, evidence, failed

AUTH, MISMATCH = FailureClass.AUTH, FailureClass.MODEL_MISMATCH


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(Locations.below(tmp_path))


def finding(history: History, run_id: int) -> FindingRow:
    return history.findings(FindingFilter(run_id=run_id))[0]


def good_run(history: History, run_id: int) -> int | None:
    found = history.last_good(finding(history, run_id))
    return found.run_id if found else None


def listed(count: int) -> CheckResult:
    return replace(PASSED, catalogue=CatalogueFacts(count))


def test_the_newest_earlier_run_of_the_same_place_without_a_failure(history: History) -> None:
    history.append(evidence())
    wanted = history.append(evidence())
    history.append(evidence(failed(FailureClass.DNS)))
    history.append(evidence(targets=(TOKONE,)))
    history.append(evidence(targets=(replace(TKEN, group="claude"),)))
    bad = history.append(evidence(PASSED, failed(AUTH)))
    history.append(evidence())
    assert good_run(history, bad) == wanted


def test_a_run_that_asked_the_same_check_comes_before_a_newer_one_that_did_not(history: History) -> None:
    wanted = history.append(evidence())
    history.append(evidence(PASSED))
    assert good_run(history, history.append(evidence(failed(AUTH)))) == wanted
    assert good_run(history, history.append(evidence(failed(AUTH, name="stream")))) == wanted + 1


def test_of_runs_that_asked_the_same_check_one_of_the_same_kind_comes_first(history: History) -> None:
    wanted = history.append(replaced(evidence(), kind="doctor"))
    smoke = history.append(evidence())
    assert good_run(history, history.append(replaced(evidence(failed(AUTH)), kind="doctor"))) == wanted
    assert good_run(history, history.append(evidence(failed(AUTH)))) == smoke


def test_a_run_with_nothing_but_skipped_checks_is_not_good(history: History) -> None:
    history.append(evidence(CheckResult("chat", Outcome.SKIPPED)))
    bad = history.append(evidence(failed(AUTH)))
    assert history.last_good(finding(history, bad)) is None
    assert since_good(history, finding(history, bad)) is None


def test_for_a_warning_good_is_a_run_without_it(history: History) -> None:
    wanted = history.append(evidence())
    history.append(evidence(PASSED, failed(MISMATCH)))
    assert good_run(history, history.append(evidence(PASSED, failed(MISMATCH)))) == wanted
    other = history.append(evidence(PASSED, failed(AUTH)))
    assert good_run(history, other) == other - 1


def test_only_the_target_in_question_must_have_been_good(history: History) -> None:
    checks = (CHATTED, failed(AUTH, target=1))
    history.append(evidence(*checks, targets=(TOKONE, TKEN)))
    wanted = history.append(evidence(failed(AUTH), replace(CHATTED, target=1), targets=(TOKONE, TKEN)))
    bad = history.append(evidence(failed(AUTH)))
    found = history.last_good(finding(history, bad))
    assert found is not None and (found.run_id, found.target) == (wanted, 1)


def test_what_changed_is_read_from_both_documents(history: History) -> None:
    before = NOW - timedelta(days=2)
    good = history.append(evidence(listed(41), replace(CHATTED, status=200), at=before))
    moved = replace(TKEN, base_url="https://www.tken.shop", auth_header=AuthHeader.X_API_KEY)
    bad = history.append(evidence(listed(38), failed(AUTH), targets=(moved,)))
    since = since_good(history, finding(history, bad))
    assert since is not None
    assert (since.run_id, since.at) == (good, before.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert [(one.what, one.was, one.now) for one in since.changes] == [
        ("base URL", "https://www.tken.shop/v1", "https://www.tken.shop"),
        ("auth header", "bearer", "x-api-key"),
        ("models: models listed", "41", "38"),
        ("chat", "passed", "failed: auth"),
        ("chat: status", "200", "500"),
    ]


def cell(endpoint: str, failure: FailureClass | None = None, *, required: bool = False) -> CheckResult:
    place = CellFacts(endpoint, AuthHeader.BEARER, KeyUsed.OWN, required=required)
    return replace(failed(failure, name="families") if failure else PASSED, name="families", cell=place)


def test_checks_that_share_a_name_are_told_apart_by_their_place_in_the_matrix(history: History) -> None:
    history.append(evidence(cell("chat"), cell("rerank")))
    bad = history.append(evidence(cell("chat"), cell("rerank", AUTH)))
    since = since_good(history, finding(history, bad))
    assert since is not None
    assert [one.what for one in since.changes if "failed" in one.now] == ["families rerank bearer own"]
    assert not any("chat" in one.what for one in since.changes)


@pytest.mark.parametrize("absent", [FailureClass.ROUTE_NOT_FOUND, FailureClass.ENDPOINT_UNSUPPORTED])
def test_an_endpoint_that_a_gateway_never_had_is_no_finding(history: History, absent: FailureClass) -> None:
    for _ in range(2):
        history.append(evidence(cell("chat"), cell("rerank", absent)))
    assert history.findings() == () and history.heat(NOW - timedelta(days=1)) == ()


def test_an_endpoint_that_is_gone_is_a_finding(history: History) -> None:
    gone = FailureClass.ROUTE_NOT_FOUND
    history.append(evidence(cell("chat"), cell("rerank")))
    bad = history.append(evidence(cell("chat"), cell("rerank", gone), cell("embeddings", gone)))
    assert [(row.run_id, row.failure_class) for row in history.findings()] == [(bad, gone)]


def test_an_endpoint_that_another_gateway_had_is_none_that_is_gone(history: History) -> None:
    history.append(evidence(cell("chat"), cell("rerank")))
    moved = replace(TKEN, base_url="https://elsewhere.test/v1")
    history.append(evidence(cell("chat"), cell("rerank", FailureClass.ROUTE_NOT_FOUND), targets=(moved,)))
    assert history.findings() == ()


@pytest.mark.parametrize("beside", [FailureClass.RATE_LIMIT, FailureClass.ROUTE_NOT_FOUND])
def test_an_endpoint_that_was_asked_for_is_a_finding_where_it_is_absent(
    history: History, beside: FailureClass
) -> None:
    absent = FailureClass.ROUTE_NOT_FOUND
    history.append(evidence(cell("chat", beside, required=True), cell("rerank", absent, required=True)))
    history.append(evidence(cell("chat", beside, required=True), cell("embeddings", absent)))
    assert [row.failure_class for row in history.findings()] == [beside, beside, absent]


def test_another_failure_in_the_matrix_is_a_finding(history: History) -> None:
    history.append(evidence(cell("chat"), cell("rerank", FailureClass.BASE_URL)))
    assert [row.failure_class for row in history.findings()] == [FailureClass.BASE_URL]


def test_trends_come_from_all_that_is_kept(history: History) -> None:
    for days in (9, 3, 2, 1):
        history.append(evidence(PASSED, failed(AUTH), at=NOW - timedelta(days=days)))
        history.append(evidence(at=NOW - timedelta(days=days, hours=-1)))
    history.append(evidence(failed(FailureClass.DNS), targets=(TOKONE,)))
    auth, dns = history.trends(7, NOW.date())
    assert (auth.place, auth.count, auth.flapping) == (("tken", "", AUTH), 3, True)
    assert auth.first_at == (NOW - timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert auth.per_day == (0, 0, 0, 1, 1, 1, 0)
    assert (dns.place, dns.course, dns.flapping) == (("tokone", "gemini", FailureClass.DNS), Course.NEW, False)


def test_two_models_side_by_side_do_not_flap(history: History) -> None:
    for _ in range(4):
        history.append(evidence())
        history.append(evidence(failed(AUTH), targets=(replace(TKEN, selected_model="other"),)))
    (trend,) = history.trends(7, NOW.date())
    assert (trend.count, trend.changes) == (4, 0)


def test_an_empty_history_has_no_trend_and_no_file(history: History, tmp_path: Path) -> None:
    assert history.trends(7, NOW.date()) == ()
    assert list(tmp_path.rglob("*.sqlite3")) == []


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (RunFilter(), [4, 3, 2, 1]),
        (RunFilter(profile="tken"), [3, 2, 1]),
        (RunFilter(profile="tokone", group="gemini"), [4, 3]),
        (RunFilter(profile="tokone", group=""), []),
        (RunFilter(failure_class=MISMATCH), [2]),
        (RunFilter(profile="tken", failure_class=AUTH), []),
        (RunFilter(failure_class=AUTH), [3]),
        (RunFilter(since=NOW), [4, 3, 2]),
        (RunFilter(ids=(2, 3)), [3, 2]),
        (RunFilter(ids=(2, 3), profile="tokone"), [3]),
    ],
)
def test_runs_are_found_by_what_any_of_their_checks_was(history: History, wanted: RunFilter, ids: list[int]) -> None:
    history.append(evidence(at=NOW - timedelta(hours=1)))
    history.append(evidence(PASSED, failed(MISMATCH)))
    history.append(evidence(CHATTED, failed(AUTH, target=1), targets=(TKEN, TOKONE)))
    history.append(evidence(targets=(TOKONE,)))
    assert [row.id for row in history.runs(wanted)] == ids
