"""A finding opened: what is broken, whose problem it is, what to do next, and everything it rests on."""

from __future__ import annotations

from datetime import tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from gatewaytui.diagnosis.trends import Trend
from gatewaytui.domain.failure import Finding
from gatewaytui.domain.run import Outcome
from gatewaytui.domain.text import safe_line
from gatewaytui.evidence.document import CheckPart, Evidence, TargetPart
from gatewaytui.storage.historychanges import SinceGood
from gatewaytui.storage.historyrows import FindingRow
from gatewaytui.tui.commands import bindings_for
from gatewaytui.tui.panes.failures_trend import full_time, trend_facts
from gatewaytui.tui.panes.stored import stored_check
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.finding_card import certainty_words, finding_passages
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.passages import Passage
from gatewaytui.tui.widgets.stream_view import StreamView

from .dialog import Dialog
from .form import hint

_LABEL = 18


class FindingScreen(Dialog[None]):
    """One finding of a past run over the pane."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("finding")]

    def __init__(
        self,
        row: FindingRow,
        evidence: Evidence,
        since: SinceGood | None,
        trend: Trend | None,
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__()
        self._evidence = evidence
        self._passages = finding_page(row, evidence, since, trend, zone)

    def compose(self) -> ComposeResult:
        """The card and its facts, scrollable."""
        with Vertical(classes="page"):
            yield StreamView(id="finding-text")
            yield hint(("Esc", "back"), ("e", "evidence"), ("↑ ↓", "scroll"))

    def on_mount(self) -> None:
        """Begin at the top."""
        view = self.query_one(StreamView)
        view.following = False
        view.show(self._passages)
        view.focus()

    def action_back(self) -> None:
        """Back to the list."""
        self.dismiss(None)

    def action_evidence(self) -> None:
        """Preview the evidence of this run."""
        from .export import ExportScreen

        self.app.push_screen(ExportScreen(self._evidence))


def finding_page(
    row: FindingRow, evidence: Evidence, since: SinceGood | None, trend: Trend | None, zone: tzinfo | None
) -> tuple[Passage, ...]:
    """The card, what changed since all was well, when and where it was seen, how it was reached, every signal."""
    part = next((part for part in evidence.checks if _is(part, row)), None)
    if part is None or part.failure is None:
        return (Passage("The evidence of this run does not hold this finding any more.", Ink.WARNED),)
    check = stored_check(part)
    finding = check.finding
    if finding is None:
        return ()
    facts = (*_where(row, evidence.targets[part.target], zone), *_how(finding))
    signals = tuple((signal.name.replace("_", " "), str(signal.value)) for signal in finding.signals)
    return (
        *finding_passages(finding, check),
        Passage(""),
        *_since(since, zone),
        Passage(""),
        *(_fact(label, text) for label, text in (trend_facts(trend, zone) if trend else ())),
        *(_fact(label, text) for label, text in facts if text),
        Passage(""),
        Passage("Signals", Ink.MUTED) if signals else Passage("No signals were kept.", Ink.MUTED),
        *(_fact(label, text) for label, text in signals),
        Passage(""),
        *(_fact(label, text) for label, text in _measured(part) if text),
    )


def _since(since: SinceGood | None, zone: tzinfo | None) -> tuple[Passage, ...]:
    if since is None:
        sentence = "No good run of this profile is kept: there is nothing to compare with."
        return (Passage("Since the last good run", Ink.MUTED), Passage(sentence, Ink.PLAIN, "  "))
    title = Passage(f"Since the last good run ({full_time(since.at, zone)}, run {since.run_id})", Ink.MUTED)
    if not since.changes:
        return (title, Passage("The evidence shows no difference.", Ink.PLAIN, "  "))
    return (title, *(_fact(change.what, f"{change.was} → {change.now}") for change in since.changes))


def _is(part: CheckPart, row: FindingRow) -> bool:
    same = (part.name, part.target, part.outcome) == (row.check, row.target, Outcome(row.outcome))
    return same and part.failure is not None and part.failure.class_ is row.failure_class


def _where(row: FindingRow, target: TargetPart, zone: tzinfo | None) -> tuple[tuple[str, str], ...]:
    return (
        ("this one", f"{full_time(row.at, zone)} · run {row.run_id}"),
        ("profile", " / ".join(filter(None, (target.profile, target.group)))),
        ("base URL", target.base_url),
        ("protocol", f"{target.protocol} · {target.auth_header}"),
        ("model", target.selected_model or target.requested_model or ""),
    )


def _how(finding: Finding) -> tuple[tuple[str, str], ...]:
    return (
        ("family", f"{finding.family} · exit code {finding.family.exit_code}"),
        ("rule", finding.rule),
        ("origin", str(finding.origin)),
        ("confidence", certainty_words(finding.confidence)),
    )


def _measured(part: CheckPart) -> tuple[tuple[str, str], ...]:
    times = (("TTFT", part.ttft_ms), ("e2e", part.e2e_ms), ("elapsed", part.elapsed_ms))
    measured = tuple((label, figures.milliseconds(value)) for label, value in times if value is not None)
    return (*measured, ("stream end", str(part.stream_end or "")), ("request id hash", part.request_id_hash or ""))


def _fact(label: str, text: str) -> Passage:
    return Passage(safe_line(text), Ink.PLAIN, f"  {label:<{_LABEL}}")
