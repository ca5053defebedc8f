"""The doctor's ladder and what it says of one rung, as lines: pure functions of the examination and a width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from rich.cells import cell_len

from gatewaytui.domain.profile import Protocol
from gatewaytui.domain.progress import DOCTOR_BUDGET
from gatewaytui.domain.run import CheckResult, Outcome, Rung, Sent, Spending
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell, Column, aligned, widths
from gatewaytui.tui.widgets.finding_card import finding_passages
from gatewaytui.tui.widgets.ink import SIGNS, Ink, Line
from gatewaytui.tui.widgets.passages import Passage, passage_lines

from .doctor_state import LADDER, Examination

ASKS: Mapping[Rung, str] = MappingProxyType(
    {
        Rung.ADDRESS: "Is the base URL well formed, and does it end as this protocol wants it?",
        Rung.PROXY: "Does a proxy stand between, and does it let us through?",
        Rung.DNS: "Does the name resolve, in IPv4 and IPv6?",
        Rung.TCP: "Does the host take a connection?",
        Rung.TLS: "Is the certificate valid, for this host, and for how long?",
        Rung.AUTH: "Is the key accepted, and a wrong one refused?",
        Rung.MODELS: "Is there a model list, and in which shape?",
        Rung.MODEL: "Is the model listed, and if not, which ids are near?",
        Rung.CHAT: "Is one small chat answered, by the model that was asked?",
        Rung.STREAM: "Does the same chat stream to its proper end?",
        Rung.FAMILIES: "Do the profile's other protocols answer too?",
    }
)
"""What each rung is there to find out."""

_PROTOCOLS: Mapping[Protocol, str] = MappingProxyType(
    {
        Protocol.OPENAI_CHAT: "OpenAI chat",
        Protocol.OPENAI_RESPONSES: "OpenAI Responses",
        Protocol.ANTHROPIC: "Anthropic Messages",
        Protocol.GEMINI: "Gemini",
    }
)
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_TURN_NS = 100_000_000
_FIRST = ("Whose", "Next")  # of a finding, where there is little room
_SIGN, _TIME, _GAP = 1, 9, 2
_ENDLESS = 10_000
_NAME = max(len(rung) for rung in LADDER)
_DETAILED = frozenset((Outcome.FAILED, Outcome.WARNED))
_TRIED = (
    Column(""),
    Column("tried", gives=True, rank=9),
    Column("HTTP", right=True, rank=8),
    Column("time", right=True, rank=7),
    Column("class", rank=1),
)


def ladder_lines(state: Examination, now_ns: int, width: int) -> tuple[Line, ...]:
    """All rungs, each in exactly ``width`` cells: sign, name, sentence, time."""
    return tuple(_rung_line(state, rung, now_ns, width) for rung in LADDER)


def _rung_line(state: Examination, rung: Rung, now_ns: int, width: int) -> Line:
    check = state.check(rung)
    if check is None:
        sign, name_ink, words, time = _unsettled(state, rung, now_ns)
    else:
        look = SIGNS[check.outcome]
        sign = (look.sign, look.ink)
        name_ink = _NAME_INKS.get(check.outcome, Ink.PLAIN)
        words = _verdict(check)
        time = ("" if check.elapsed_ms is None else figures.milliseconds(check.elapsed_ms), Ink.MUTED)
    room = max(width - _SIGN - _NAME - 2 * _GAP, 1)
    gap = (" " * _GAP, Ink.PLAIN)
    head = (sign, gap, (f"{rung:<{_NAME}}", name_ink), gap)
    if not time[0]:
        return (*head, *_fitted(words, room))
    timed = (gap, (figures.padded(time[0], _TIME, right=True), time[1]))
    return (*head, *_fitted(words, max(room - _TIME - _GAP, 1)), *timed)


_NAME_INKS: Mapping[Outcome, Ink] = MappingProxyType({Outcome.FAILED: Ink.STRONG, Outcome.SKIPPED: Ink.MUTED})


def _unsettled(state: Examination, rung: Rung, now_ns: int) -> tuple[Cell, Ink, tuple[Cell, ...], Cell]:
    """A rung without a verdict: under way, waiting, or never reached."""
    if state.running is rung:
        lasted = max(now_ns - state.since_ns, 0)
        spin = _SPINNER[lasted // _TURN_NS % len(_SPINNER)]
        return (spin, Ink.ACCENT), Ink.STRONG, ((ASKS[rung], Ink.ACCENT),), (figures.seconds(lasted), Ink.ACCENT)
    waits = state.waits_for(rung)
    words = ASKS[rung] if not state.begun else _unsettled_words(state, rung, waits)
    return ("·", Ink.MUTED), Ink.MUTED, ((words, Ink.MUTED),), ("", Ink.MUTED)


def _unsettled_words(state: Examination, rung: Rung, waits: Rung | None) -> str:
    if state.halted is rung:
        return "Stopped by you in the middle."
    return "Not tried." if waits is None else f"Waits for {waits}."


def _verdict(check: CheckResult) -> tuple[Cell, ...]:
    """Status and class in the ink of the outcome, then what it means; a sentence where all is well."""
    if check.finding is None:
        ink = Ink.MUTED if check.outcome is Outcome.SKIPPED else Ink.PLAIN
        return ((check.note or SIGNS[check.outcome].word, ink),)
    status = "" if check.status is None else f"{check.status} · "
    return (
        (f"{status}{check.finding.failure_class}", SIGNS[check.outcome].ink),
        ("  ", Ink.PLAIN),
        (check.finding.failure_class.meaning.titled(check.outcome is Outcome.WARNED), Ink.PLAIN),
    )


def _fitted(words: tuple[Cell, ...], width: int) -> Iterator[Cell]:
    """The words in exactly that width, cut with an ellipsis."""
    left = width
    for text, ink in words:
        shown = figures.clipped(text, left)
        left -= cell_len(shown)
        yield shown, ink
        if shown != text:
            break
    yield " " * left, Ink.PLAIN


def verdict_lines(
    state: Examination, rung: Rung, with_message: bool, width: int, *, short: bool = False
) -> tuple[Line, ...]:
    """What the chosen rung found, what a key would do about it, and what was tried to be sure.

    On a ``short`` screen whose problem it is and the next step come before what the ladder's line says already.
    """
    check = state.check(rung)
    said = state.said_of(rung) if with_message else ""
    explained = _explained(state, rung, check, said)
    if short and check is not None and check.finding is not None:
        head, *rest = explained
        explained = (head, *sorted(rest, key=lambda passage: passage.label.strip() not in _FIRST))
    lines = [*passage_lines(explained, width), *_offers(state, check, width)]
    tried = [sent for _, sent in state.requests_of(rung) if sent.variant]
    if tried:
        lines += [(), _across("  Tried to be sure", _spent(state.spending), width), *_table(tried, width)]
    return tuple(lines)


def _explained(state: Examination, rung: Rung, check: CheckResult | None, said: str) -> tuple[Passage, ...]:
    if state.trouble is not None and check is None:
        return (
            Passage(state.trouble.sentence, Ink.TITLE_FAILED, "✗ ", Ink.FAILED),
            Passage(state.trouble.next_step, Ink.STRONG, "  Next    "),
        )
    if check is None:
        waits = state.waits_for(rung)
        words = "Under way." if state.running is rung else _unsettled_words(state, rung, waits)
        return (Passage(f"{rung}  {words}", Ink.STRONG, "  "), Passage(ASKS[rung], Ink.MUTED, "  "))
    if check.finding is not None:
        return finding_passages(check.finding, check, said, with_seen=False)
    look = SIGNS[check.outcome]
    request = " ".join(filter(None, (check.method, check.path)))
    rows = (
        ("Asks", ASKS[rung], Ink.MUTED),
        ("Found", check.note, Ink.PLAIN),
        ("Sent", request, Ink.MUTED),
        ("Said", safe_line(said), Ink.MUTED),
    )
    return (
        Passage(f"{rung} {look.word}", Ink.STRONG, f"{look.sign} ", look.ink),
        *(Passage(text, ink, f"  {label:<8}") for label, text, ink in rows if text),
    )


def _offers(state: Examination, check: CheckResult | None, width: int) -> tuple[Line, ...]:
    """The keys that would do something about a broken rung."""
    if check is None or check.outcome not in _DETAILED:
        return ()
    group, proposal = state.group_that_answers, state.proposal
    offers = (
        ("g", f"switch to the key of group {safe_line(group)}: it answers" if group else ""),
        ("u", f"take over {proposal.words}" if proposal else ""),
    )
    passages = [Passage(words, Ink.PLAIN, f"  {key:<8}", Ink.ACCENT) for key, words in offers if words]
    return ((), *passage_lines(passages, width)) if passages else ()


def _spent(spending: Spending | None) -> str:
    limit = spending.limit if spending else DOCTOR_BUDGET
    spent = spending or Spending(limit)
    return (
        f"{spent.requests} of {limit.requests} requests, "
        f"{figures.grouped(spent.tokens)} of {figures.grouped(limit.tokens)} tokens"
    )


def spent_words(spending: Spending | None) -> str:
    """What the run has spent of what it may."""
    left_out = f", {spending.skipped} left out" if spending and spending.skipped else ""
    return _spent(spending) + left_out


def _across(left: str, right: str, width: int) -> Line:
    """Two texts at the ends of a line; only the left one where both do not fit."""
    room = width - cell_len(left) - cell_len(right)
    if room < _GAP:
        return ((figures.padded(left, width), Ink.MUTED),)
    return ((left + " " * room + right, Ink.MUTED),)


def _table(requests: list[Sent], width: int) -> Iterator[Line]:
    """A line a request over the whole width, its label taking what the figures leave; its class if that fits."""
    rows = [_request_cells(sent) for sent in requests]
    room = width - _GAP
    whole = sum(widths(_TRIED, rows, _ENDLESS)) + _GAP * (len(_TRIED) - 1)
    kept = len(_TRIED) if whole <= room else len(_TRIED) - 1
    columns, rows = _TRIED[:kept], [row[:kept] for row in rows]
    cells = list(widths(columns, rows, room))
    gaps = _GAP * (sum(1 for cell in cells if cell) - 1)
    cells[1] += max(room - sum(cells) - gaps, 0)
    for row in rows:
        yield ((" " * _GAP, Ink.PLAIN), *aligned(columns, row, cells))


def _request_cells(sent: Sent) -> tuple[Cell, ...]:
    look = SIGNS[sent.outcome]
    failed = str(sent.failure_class) if sent.failure_class else ""
    return (
        (look.sign, look.ink),
        (_what(sent), Ink.PLAIN),
        (figures.NOT_MEASURED if sent.status is None else str(sent.status), Ink.PLAIN),
        (figures.milliseconds(sent.elapsed_ms), Ink.MUTED),
        (failed, look.ink),
    )


def _what(sent: Sent) -> str:
    """What was changed on purpose; for a request as the profile has it, the protocol or the path."""
    if sent.variant:
        return safe_line(sent.variant, 80)
    if sent.check == Rung.FAMILIES and sent.protocol is not None:
        return _PROTOCOLS[sent.protocol]
    return f"{sent.method} {safe_line(sent.path, 80)}"


def requests_lines(state: Examination, rung: Rung, width: int) -> tuple[Line, ...]:
    """The requests that the rung sent as the profile has it."""
    own = [sent for _, sent in state.requests_of(rung) if not sent.variant]
    return (((("Requests"), Ink.MUTED),), *_table(own, width)) if own else ()
