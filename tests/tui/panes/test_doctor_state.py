"""The doctor's run folded into a snapshot, and the lines that show it: pure, on frozen events."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from gatewaytui.domain.connection import TlsFacts
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.progress import CheckFinished, CheckStarted
from gatewaytui.domain.run import Outcome, Rung
from gatewaytui.tui.panes.doctor_facts import fact_lines
from gatewaytui.tui.panes.doctor_lines import ladder_lines, verdict_lines
from gatewaytui.tui.panes.doctor_state import LADDER, Examination
from gatewaytui.tui.widgets.ink import Ink, Line
from tests.tui.climbs import (
    BROKEN,
    CERTIFICATE,
    CHAT,
    CONNECTION,
    LIST,
    SAID,
    TARGET,
    broken,
    climbing,
    healthy,
    sent,
    telling,
)
from tests.tui.scripted import NOON, finding

S = 1_000_000_000
BEGUN = Examination().begun_with(TARGET, NOON)
DONE = BEGUN.hearing(broken())


def text(lines: tuple[Line, ...]) -> str:
    return "\n".join("".join(part for part, _ in line) for line in lines)


def row(state: Examination, rung: Rung, width: int = 90, now_ns: int = 0) -> str:
    return text(ladder_lines(state, now_ns, width)).splitlines()[LADDER.index(rung)]


def test_all_rungs_are_always_listed_each_in_exactly_the_width() -> None:
    for state in (Examination(), BEGUN.hearing(climbing(Rung.MODELS)), DONE, BEGUN.hearing(healthy())):
        for width in (40, 74, 116):
            lines = ladder_lines(state, S, width)
            assert len(lines) == len(Rung)
            assert {sum(cell_len(part) for part, _ in line) for line in lines} == {width}


def test_a_rung_under_way_tells_how_long_and_those_after_it_wait() -> None:
    state = BEGUN.hearing(climbing(Rung.MODELS), now_ns=2 * S)
    assert row(state, Rung.MODELS, now_ns=5 * S).endswith("3.0 s")
    assert "Waits for models." in row(state, Rung.CHAT)
    assert "?" in row(Examination(), Rung.CHAT), "before the first run each rung says what it asks"


def test_a_broken_rung_shows_status_and_class_in_the_ink_of_failure() -> None:
    line = ladder_lines(DONE, 0, 90)[LADDER.index(Rung.CHAT)]
    assert ("403 · group_or_model_access", Ink.FAILED) in line
    assert line[0] == ("✗", Ink.FAILED)
    assert "".join(part for part, _ in line).endswith("96 ms")


def test_a_sentence_too_long_is_cut_with_an_ellipsis_at_the_column() -> None:
    short = row(DONE, Rung.DNS, width=50)
    assert short.endswith("…     4.4 ms") and len(short) == 50
    assert row(DONE, Rung.PROXY, width=50).rstrip().endswith("No proxy is set.")


def test_the_first_broken_rung_is_in_focus_else_the_one_under_way_else_a_warning() -> None:
    assert Examination().in_focus is None
    assert BEGUN.hearing(climbing(Rung.TLS)).in_focus is Rung.TLS
    assert DONE.in_focus is Rung.CHAT
    assert BEGUN.hearing(healthy()).in_focus is Rung.CHAT
    warned = replace(BROKEN, name=Rung.TLS, outcome=Outcome.WARNED)
    well = BEGUN.hearing(healthy())
    assert replace(well, checks=(*well.checks[:4], warned, *well.checks[5:])).in_focus is Rung.TLS


def test_a_rung_told_again_replaces_its_verdict() -> None:
    sharper = replace(BROKEN, finding=finding(FailureClass.AUTH))
    state = DONE.hearing([CheckFinished(0, sharper)])
    assert len(state.checks) == len(Rung)
    assert state.broken == sharper


def test_what_was_tried_stands_with_its_status_time_and_cost() -> None:
    shown = text(verdict_lines(DONE, Rung.CHAT, False, 80))
    assert "Whose" in shown and "Next" in shown and "Retry" in shown
    tried = shown[shown.index("Tried to be sure") :].splitlines()
    assert tried[0].endswith("6 of 24 requests, 96 of 2\u00a0000 tokens")
    assert [line.split("  ")[1].strip() for line in tried[1:]] == [
        "✓",
        "✓",
        "✗",
    ]
    assert "model claude-opus-4-6" in tried[1] and "200" in tried[1] and tried[1].rstrip().endswith("341 ms")
    assert len({line.index(" ms") for line in tried[1:]}) == 1, "the times stand under each other"


def test_the_server_s_own_words_show_only_where_asked_and_with_the_right_rung() -> None:
    assert SAID not in text(verdict_lines(DONE, Rung.CHAT, False, 80))
    assert SAID in text(verdict_lines(DONE, Rung.CHAT, True, 80))
    assert SAID not in text(verdict_lines(DONE, Rung.MODELS, True, 80))
    assert "invalid token" not in text(verdict_lines(DONE, Rung.AUTH, True, 80)), (
        "a wrong key's refusal is no verdict"
    )


def test_another_group_s_key_that_answers_is_offered_and_no_other_change() -> None:
    assert DONE.group_that_answers == "claude"
    assert DONE.proposal is None, "another protocol brings its own header: that is no proposal"
    assert "switch to the key of group claude" in text(verdict_lines(DONE, Rung.CHAT, False, 80))
    assert "switch to the key" not in text(verdict_lines(DONE, Rung.MODELS, False, 80))


@pytest.mark.parametrize(
    ("variant", "status", "expected"),
    [
        ({"base_url": "https://tokone.example/api/v1"}, 200, ("https://tokone.example/api/v1", AuthHeader.AUTO)),
        ({"auth_header": AuthHeader.X_API_KEY}, 200, (TARGET.profile.base_url, AuthHeader.X_API_KEY)),
        ({"auth_header": AuthHeader.X_API_KEY}, 401, None),
        ({"model": "claude-opus-4-6"}, 200, None),
    ],
)
def test_an_address_or_header_that_answered_is_proposed_and_nothing_is_changed(
    variant: dict[str, object], status: int, expected: tuple[str, AuthHeader] | None
) -> None:
    own = replace(LIST, status=401, outcome=Outcome.FAILED)
    state = BEGUN.hearing(telling((own, sent(Rung.AUTH, status, 50.0, "changed", **variant))))
    proposal = state.proposal
    assert (proposal and (proposal.profile.base_url, proposal.profile.auth_header)) == expected
    assert state.target == TARGET


def test_the_facts_name_address_families_certificate_clock_and_software() -> None:
    shown = text(fact_lines(DONE, Rung.CHAT, NOON, 60))
    for words in (
        "IPv6     1 address, unreachable",
        "IPv4     2 addresses, connected, 11 ms",
        "TLS 1.3",
        "Let's Encrypt R11",
        "61 days left, until 02 Apr 2026",
        "agrees with the server's",
        "new-api, certain",
        "header x-oneapi-request-id",
        "nginx",
    ):
        assert words in shown


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"not_after": NOON - timedelta(days=3)}, "expired on 28 Jan 2026"),
        ({"not_before": NOON + timedelta(days=3)}, "only from 03 Feb 2026"),
        ({"matches": False}, "not this host"),
        ({"self_signed": True}, "by itself"),
    ],
)
def test_a_certificate_s_trouble_is_told(change: dict[str, object], words: str) -> None:
    certificate = replace(CERTIFICATE, **change)  # type: ignore[arg-type]
    facts = replace(CONNECTION, tls=TlsFacts("TLSv1.3", certificate))
    tls = DONE.check(Rung.TLS)
    assert tls is not None
    state = DONE.hearing([CheckFinished(0, replace(tls, connection=facts))])
    assert words in text(fact_lines(state, Rung.TLS, NOON, 80))


def test_a_hostile_certificate_cannot_write_to_the_terminal() -> None:
    certificate = replace(CERTIFICATE, issuer="Evil\x1b[31m\nCA", names=("a\x07b",))
    facts = replace(CONNECTION, tls=TlsFacts("TLSv1.3", certificate))
    tls = DONE.check(Rung.TLS)
    assert tls is not None
    state = DONE.hearing([CheckFinished(0, replace(tls, connection=facts))])
    shown = text(fact_lines(state, Rung.TLS, NOON, 80))
    assert "\x1b" not in shown and "\x07" not in shown


def test_the_own_request_of_a_rung_stands_apart_from_what_was_tried() -> None:
    shown = text(fact_lines(DONE, Rung.CHAT, NOON, 80))
    assert shown.startswith("Requests\n  ✗  POST /v1/chat/completions")
    assert DONE.requests_of(Rung.AUTH)[0] == (0, LIST), "the list with the own key is what auth rests on"
    assert next(one for _, one in DONE.requests_of(Rung.CHAT)) == CHAT


def test_stopped_or_troubled_it_keeps_what_it_found() -> None:
    half = BEGUN.hearing(climbing(Rung.MODELS))
    assert half.stopped_by_person().checks == half.checks
    assert "Not tried." in row(half.stopped_by_person(), Rung.STREAM)
    record = half.stopped_by_person().record
    assert half.record is None and record is not None and record.failed is not None and record.failed.finding
    assert (record.failed.name, record.failed.finding.failure_class) == (Rung.MODELS, FailureClass.CANCELLED)
    assert [check.name for check in record.checks] == list(LADDER)
    problem = Problem(FailureClass.STORAGE, "The engine is gone.", "Start again.")
    troubled = half.troubled(problem)
    assert "The engine is gone." in text(verdict_lines(troubled, Rung.CHAT, False, 80))
    assert troubled.ended and not half.ended


def test_an_unknown_step_changes_nothing_but_what_runs() -> None:
    again = DONE.hearing([CheckStarted(0, Rung.ADDRESS, "", "")])
    assert again.checks == DONE.checks and again.running is Rung.ADDRESS
