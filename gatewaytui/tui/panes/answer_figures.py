"""What was measured of one answer, as lines: the bars of the waterfall and the block of figures beside the text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gatewaytui.diagnosis.models import same_model
from gatewaytui.domain.exchange import Phase
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import StreamFacts, TokenSource
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import SIGNS, Ink, Line
from gatewaytui.tui.widgets.sparkline import sparkline
from gatewaytui.tui.widgets.waterfall import Bar

from .answer_state import AnswerState

LABEL = 8
_FIGURE = 11
_CHARACTERS_A_TOKEN = 4
_SILENT_NS = 2_000_000_000
_PHASES: Mapping[Phase, str] = MappingProxyType(
    {
        Phase.PROXY: "proxy",
        Phase.DNS: "dns",
        Phase.TCP: "tcp",
        Phase.TLS: "tls",
        Phase.SEND: "request",
        Phase.WAIT: "first byte",
    }
)


def bars(state: AnswerState, now_ns: int) -> tuple[Bar, ...]:
    """The phases so far, each from the end of the one before; the one that lasts ends now.

    A byte may be stamped before we came to note that the request was sent: no phase ends before it begins.
    """
    drawn: list[Bar] = []
    at = 0
    for phase, reached in state.phases:
        if phase in _PHASES:
            reached = max(at, reached)
            drawn.append(Bar(_PHASES[phase], at, reached, Ink.ACCENT if phase is Phase.WAIT else Ink.MUTED))
            at = reached
    if state.first_ns is not None and state.first_ns > at:
        drawn.append(Bar("first token", at, state.first_ns, Ink.ACCENT))
    going = not state.ended and state.result is None
    end = max(now_ns, state.last_ns or 0) if going else state.last_ns or 0
    if state.thinking_from_ns is not None:
        answered = state.answer_from_ns
        drawn.append(
            _model_bar("thinking", state.thinking_from_ns, end if answered is None else answered, Ink.THINKING)
        )
    if state.answer_from_ns is not None:
        drawn.append(_model_bar("answer", state.answer_from_ns, end, Ink.ANSWER))
    if going and state.check and state.first_ns is None:
        drawn.append(Bar("waiting", at, max(now_ns, at), Ink.ACCENT, open=True))
    return tuple(drawn)


def _model_bar(label: str, start_ns: int, end_ns: int, ink: Ink) -> Bar:
    return Bar(label, start_ns, max(start_ns, end_ns), ink)


def figure_lines(state: AnswerState, asked: str, width: int) -> tuple[Line, ...]:
    """The block of figures: what was not measured shows a dash, so that the block never jumps."""
    facts = state.result.stream if state.result and state.result.stream else live_facts(state)
    return (
        _pair(("TTFT", figures.milliseconds(facts.ttft_ms)), ("TTFAT", figures.milliseconds(facts.ttfat_ms)), width),
        _pair(("ITL", figures.milliseconds(facts.itl_ms)), ("e2e", figures.milliseconds(e2e_ms(state))), width),
        _rate(state, facts, width),
        _labelled("tokens", usage_words(state), width),
        _labelled("finish", finish_words(state), width),
        _served(state, asked, width),
        _labelled("stream", stream_words(state), width),
        _labelled("id", request_id(state), width, Ink.MUTED),
    )


def live_facts(state: AnswerState) -> StreamFacts:
    """The figures while it streams, by the stamps of the events; the verdict's own replace them at the end."""
    first, last = state.first_ns, state.last_ns
    if first is None or last is None:
        return StreamFacts()
    tokens = sum(state.pace.counts) / _CHARACTERS_A_TOKEN
    return StreamFacts(
        ttft_ms=first / 1e6,
        ttfat_ms=None if state.answer_from_ns is None else state.answer_from_ns / 1e6,
        tokens_per_second=tokens / (last - first) * 1e9 if last > first else None,
        token_source=TokenSource.ESTIMATED,
    )


def usage_words(state: AnswerState) -> str:
    """``38 in · 131 out · 84 thinking``, as the server counted."""
    usage = state.usage
    if usage is None:
        return figures.NOT_MEASURED
    parts = (
        (usage.input_tokens, "in"),
        (usage.cached_tokens or None, "cached"),
        (usage.output_tokens, "out"),
        (usage.reasoning_tokens or None, "thinking"),
    )
    return " · ".join(f"{figures.grouped(number)} {word}" for number, word in parts if number is not None)


def stream_words(state: AnswerState) -> str:
    """How the stream stands or ended, with the number and size of its events."""
    amount = f"{figures.plural(state.events, 'event')} · {figures.size(state.wire_bytes)}"
    if state.stopped:
        return f"stopped by you · {amount}"
    if state.trouble is not None and state.events:
        return f"ended on this machine · {amount}"
    end = state.result.stream.stream_end if state.result and state.result.stream else None
    if end is not None:
        return f"{end.value.replace('_', ' ')} · {amount}"
    if not state.events:
        return figures.NOT_MEASURED
    return f"open · {amount}" if state.result is None else amount


def finish_words(state: AnswerState) -> str:
    """Why the model stopped, the status, and whether the connection was made for this request."""
    result = state.result
    parts = [state.finish]
    if result is not None and result.status is not None:
        parts.append(f"HTTP {result.status}")
        parts.append("" if result.timings is None else "warm" if result.timings.warm else "cold")
    return " · ".join(filter(None, parts)) or figures.NOT_MEASURED


def request_id(state: AnswerState) -> str:
    """The server's id of the request, which its support asks for."""
    sent = state.result.request_id if state.result else ""
    return safe_line(sent, 80) if sent else figures.NOT_MEASURED


def e2e_ms(state: AnswerState) -> float | None:
    """To the last piece of a stream, else to the end of the answer; None before either."""
    stream = state.result.stream if state.result else None
    if stream is not None and stream.e2e_ms is not None:
        return stream.e2e_ms
    if state.result is not None:
        return state.result.elapsed_ms
    return None if state.last_ns is None else state.last_ns / 1e6


def _pair(left: tuple[str, str], right: tuple[str, str], width: int) -> Line:
    room = max(width // 2, LABEL + _FIGURE)
    return (
        (f"{left[0]:<{LABEL}}", Ink.MUTED),
        (figures.padded(left[1], room - LABEL), _ink(left[1], Ink.STRONG)),
        (f"{right[0]:<7}", Ink.MUTED),
        (right[1], _ink(right[1], Ink.STRONG)),
    )


def _rate(state: AnswerState, facts: StreamFacts, width: int) -> Line:
    text = figures.rate(facts.tokens_per_second)
    source = f" {facts.token_source}" if facts.token_source and facts.tokens_per_second is not None else ""
    room = width - LABEL - len(text) - len(source) - 2
    return (
        ("rate".ljust(LABEL), Ink.MUTED),
        (text, _ink(text, Ink.STRONG)),
        (source, Ink.MUTED),
        ("  " + sparkline(state.pace.counts, room), Ink.ACCENT),
    )


def _labelled(label: str, text: str, width: int, ink: Ink = Ink.PLAIN) -> Line:
    shown = figures.clipped(text, max(width - LABEL, 1))
    return ((f"{label:<{LABEL}}", Ink.MUTED), (shown, _ink(text, ink)))


def _ink(text: str, ink: Ink) -> Ink:
    return Ink.MUTED if text == figures.NOT_MEASURED else ink


def _served(state: AnswerState, asked: str, width: int) -> Line:
    if not state.served_model:
        return _labelled("served", figures.NOT_MEASURED, width)
    line = _labelled("served", state.served_model, width)
    if not asked:
        return line
    if same_model(asked, state.served_model):
        return (*line, ("  as asked", Ink.MUTED))
    return (*line, (f"  ! not {safe_line(asked, 40)}", Ink.WARNED))


def verdict(state: AnswerState, now_ns: int = 0) -> tuple[str, Ink]:
    """Sign, word and class in a few words, for a column or a table. ``now_ns`` lets it tell how long it is silent."""
    if state.stopped:
        return "· stopped by you", Ink.MUTED
    if state.trouble is not None:
        known = state.trouble.failure_class is not FailureClass.UNCLASSIFIED
        return f"✗ {state.trouble.failure_class if known else 'ended on this machine'}", Ink.FAILED
    if state.result is None:
        return going_words(state, now_ns), Ink.ACCENT
    sign = SIGNS[state.result.outcome]
    finding = state.result.finding
    return f"{sign.sign} {finding.failure_class if finding else sign.word}", sign.ink


def going_words(state: AnswerState, now_ns: int) -> str:
    """What it is doing, and since when nothing came where that is over two seconds; "" before it began."""
    if not state.check:
        return ""
    silent = now_ns - state.seen_ns
    if not state.events:
        return f"… waiting {figures.seconds(now_ns)}" if now_ns else "… waiting"
    return f"… silent {figures.seconds(silent)}" if silent > _SILENT_NS else "… streaming"
