"""A finding as a person reads it: what is broken, whose problem it is, what to do next, what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from gatewaytui.domain.failure import Confidence, Finding, Retry, RetryWhen
from gatewaytui.domain.outcome import Outcome
from gatewaytui.domain.text import safe_line

from .figures import milliseconds
from .ink import SIGNS, Ink
from .passages import Passage, passage_lines
from .sheet import Sheet

if TYPE_CHECKING:
    from gatewaytui.domain.run import CheckResult

_LABEL = 8
_SURE: Mapping[Confidence, str] = MappingProxyType(
    {
        Confidence.CERTAIN: "certain: the server said so",
        Confidence.LIKELY: "likely: by its words or status",
        Confidence.POSSIBLE: "possible: by exclusion",
    }
)
_RETRY: Mapping[RetryWhen, str] = MappingProxyType(
    {
        RetryWhen.NO: "no: the same call fails again",
        RetryWhen.NOW: "at once may help",
        RetryWhen.AFTER: "later may help",
    }
)
_SUBJECT: Mapping[Outcome, Ink] = MappingProxyType({Outcome.WARNED: Ink.TITLE_WARNED})


def retry_words(retry: Retry) -> str:
    """The retry advice as words, with the seconds where the server named them."""
    if retry.when is RetryWhen.AFTER and retry.seconds is not None:
        return f"after {retry.seconds:g} s"
    return _RETRY[retry.when]


def finding_passages(
    finding: Finding, check: CheckResult | None = None, said: str = "", *, with_seen: bool = True
) -> tuple[Passage, ...]:
    """The card's passages. ``said`` is the server's own message where the person asked to see it (made safe here).

    Without ``with_seen`` what the finding rests on is left out, for a place that shows it beside the card.
    """
    outcome = check.outcome if check else Outcome.FAILED
    sign, warned = SIGNS[outcome], outcome is Outcome.WARNED
    rows = [
        ("Whose", finding.whose, Ink.PLAIN),
        ("Next", finding.next_step, Ink.STRONG),
        ("Retry", retry_words(finding.retry) if finding.retry.told(warned) else "", Ink.PLAIN),
        ("Seen", seen_words(finding, check) if with_seen else "", Ink.MUTED),
    ]
    if check is not None and check.note:
        rows.insert(0, ("Note", check.note, Ink.PLAIN))
    if said:
        rows.append(("Said", safe_line(said), Ink.MUTED))
    title = finding.failure_class.meaning.titled(warned)
    head = Passage(title, _SUBJECT.get(outcome, Ink.TITLE_FAILED), f"{sign.sign} ", sign.ink)
    kind = f"{finding.failure_class} · {finding.origin} · {finding.confidence}"
    return (
        head,
        Passage(kind, Ink.MUTED, "  "),
        *(Passage(text, ink, f"  {label:<{_LABEL}}") for label, text, ink in rows if text),
    )


def seen_words(finding: Finding, check: CheckResult | None = None) -> str:
    """What the finding rests on: the request, its status and time, and the signals."""
    parts = []
    if check is not None:
        parts += [" ".join(filter(None, (check.method, check.path)))]
        parts += [f"HTTP {check.status}"] if check.status is not None else []
        parts += [milliseconds(check.elapsed_ms)] if check.elapsed_ms is not None else []
    parts += [
        f"{signal.name.replace('_', ' ')} {safe_line(str(signal.value))}"
        for signal in finding.signals
        if signal.name != "status"
    ]
    return " · ".join(filter(None, parts))


def certainty_words(confidence: Confidence) -> str:
    """How sure the diagnosis is, and why."""
    return _SURE[confidence]


class FindingCard(Sheet):
    """The card as a widget, as high as its text; empty until it is given a finding."""

    def show_finding(self, finding: Finding, check: CheckResult | None = None, said: str = "") -> None:
        """Show this finding."""
        passages = finding_passages(finding, check, said)
        self.show(lambda width: passage_lines(passages, width))

    def show_nothing(self) -> None:
        """Show no finding."""
        self.show(lambda width: ())
