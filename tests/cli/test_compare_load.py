"""What a running comparison shows of its spending, and what it says in the end."""

from __future__ import annotations

import io
import re
import sys

import pytest
from msgspec.structs import replace

from gatewaytui.cli.compare_load import Heard
from gatewaytui.domain.chat import ChatRequest, Message, Role, Usage
from gatewaytui.domain.comparison import Slot
from gatewaytui.domain.profile import Profile, Target
from gatewaytui.domain.progress import CheckFinished, CompareJob, SpendPlanned
from gatewaytui.domain.run import AnswerFacts, Budget, CheckResult, Outcome, Spending

AIM = Target(Profile("here", "https://g.example/v1"))
PRICED = (1000.0, 2000.0)
NO_PRICE = (None, None)
COUNTED = CheckResult(
    "stream", Outcome.PASSED, answer=AnswerFacts(1, usage=Usage(10, 10, 20)), slot=Slot(1, 0.0, 0.0)
)
UNCOUNTED = replace(COUNTED, answer=AnswerFacts(1))


def heard(*prices: tuple[float | None, float | None]) -> Heard:
    request = ChatRequest("m1", (Message(Role.USER, "Hi"),), max_tokens=256)
    return Heard(CompareJob((AIM,) * len(prices), request, 4, prices=prices), ("m1",) * len(prices))


def planned(requests: int, tokens: int) -> SpendPlanned:
    return SpendPlanned(4, 1_136, 0.01, 0, Spending(Budget(4, 1_136), requests, tokens))


class Terminal(io.StringIO):
    """Takes what is drawn."""

    def isatty(self) -> bool:
        return True


def test_while_it_runs_only_what_was_counted_is_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    one = heard(PRICED)
    for requests, tokens in ((3, 872), (3, 608), (3, 344), (4, 80)):  # with what is set aside
        one(planned(requests, tokens))
        one(CheckFinished(0, COUNTED))
    drawn = re.findall(r"([\d,]+) of at most ([\d,]+) tokens", terminal.getvalue())
    assert [int(tokens) for tokens, _ in drawn] == [0, 20, 20, 40, 40, 60, 60, 80]
    assert {most for _, most in drawn} == {"1,136"}
    assert terminal.getvalue().endswith("4 of 4 requests, 80 of at most 1,136 tokens, $0.1200 so far")


@pytest.mark.parametrize(
    ("prices", "checks", "tokens", "said"),
    [
        ((PRICED,), (COUNTED,), 20, "1 request, 20 tokens, $0.0300."),
        ((NO_PRICE,), (COUNTED,), 20, "1 request, 20 tokens."),
        ((PRICED, NO_PRICE), (COUNTED,), 20, "1 request, 20 tokens, $0.0300 (1 target without price)."),
        (((0.0, 0.0),), (COUNTED,), 20, "1 request, 20 tokens, at no cost."),
        (((0.1, 0.1),), (COUNTED,), 20, "1 request, 20 tokens, less than $0.0001."),
        ((PRICED,), (UNCOUNTED,), 284, "1 request, at most 284 tokens."),
        ((PRICED,), (COUNTED, UNCOUNTED), 304, "2 requests, at most 304 tokens, at least $0.0300."),
        ((NO_PRICE,), (), 0, "0 requests, 0 tokens."),
    ],
)
def test_in_the_end_the_most_is_not_told_as_a_fact(
    prices: tuple[tuple[float | None, float | None], ...], checks: tuple[CheckResult, ...], tokens: int, said: str
) -> None:
    one = heard(*prices)
    for check in checks:
        one(CheckFinished(0, check))
    assert one.spent_line(Spending(Budget(9, 9_999), len(checks), tokens)) == said


def test_what_was_not_sent_is_counted() -> None:
    said = heard(NO_PRICE).spent_line(Spending(Budget(9, 9_999), 0, 0, skipped=2))
    assert said == "0 requests, 0 tokens, 2 not sent for want of budget."
