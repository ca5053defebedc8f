"""A stream measured: time to first token, gaps, speed (design/measuring.md has the definitions)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from gatewaytui.domain.chat import (
    Answer,
    Frame,
    OtherContent,
    ReasoningDelta,
    RefusalDelta,
    StreamEvent,
    TextDelta,
    ToolDelta,
    Usage,
)
from gatewaytui.domain.comparison import Metric
from gatewaytui.domain.exchange import StampSource
from gatewaytui.domain.reading import StreamEnd
from gatewaytui.domain.run import GapFacts, StreamFacts, TokenSource

from .stamping import StampBook, uncertainty

FEWEST_FOR_P99 = 100
FEWEST_FOR_P95 = 20
OTHER_LENGTH, OTHER_RATE = 1.1, 1.02
_CHARS_A_TOKEN = 4
_MOST_A_CHARACTER = 8  # a character has at most 4 bytes, and a token is at least one
_MOST_WITHOUT_TEXT = 32  # what templates add around a text, above all around a tool call
_LEAST_OF_ESTIMATE = 1 / 20
_FIRST_WIDE = 0x2E80


def percentile(values: Sequence[float], q: float) -> float | None:
    """The ``q``-th percentile (0 to 100) by linear interpolation between neighbours, None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * q / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def gap_facts(gaps_ms: Sequence[float]) -> GapFacts:
    """Percentiles of gaps, each only where there are enough of them to mean it."""
    n = len(gaps_ms)
    return GapFacts(
        n=n,
        p50=percentile(gaps_ms, 50),
        p95=percentile(gaps_ms, 95) if n >= FEWEST_FOR_P95 else None,
        p99=percentile(gaps_ms, 99) if n >= FEWEST_FOR_P99 else None,
    )


def estimated_tokens(text: str) -> float:
    """About how many tokens a text is: one each for East Asian characters, a quarter for others."""
    return _estimate(len(text), _wide(text))


def _wide(text: str) -> int:
    """How many characters of the text are East Asian ones."""
    return 0 if text.isascii() else sum(1 for character in text if ord(character) >= _FIRST_WIDE)


def _estimate(characters: int, wide: int) -> float:
    return wide + (characters - wide) / _CHARS_A_TOKEN


def common_source(sources: Iterable[TokenSource | None]) -> TokenSource | None:
    """Whose count most streams go by, the server's where it is even; None where none has one.

    Figures of the two are not comparable: an estimate is easily off by a third.
    """
    counted = Counter(source for source in sources if source is not None)
    return max(TokenSource, key=lambda source: counted[source]) if counted else None


def can_be(tokens: int, characters: int, estimate: float, summed_up: int = 0) -> bool:
    """Whether a text of so many characters can be so many tokens: there are servers that send wild counts.

    ``summed_up`` are tokens of reasoning, of which a server may stream no more than a summary.
    """
    most = characters * _MOST_A_CHARACTER + _MOST_WITHOUT_TEXT + summed_up
    return estimate * _LEAST_OF_ESTIMATE <= tokens <= most


def about_as_long(counts: Sequence[float]) -> bool:
    """Whether answers of so many tokens are about as long as each other; those without a count are not among them."""
    return not counts or max(counts) <= OTHER_LENGTH * min(counts)


def alike_in_rate(counts: Sequence[float]) -> bool:
    """Whether the rate favours none of the answers of so many tokens: it counts n over n - 1 gaps (measuring.md)."""
    gaps = [(count - 1) / count for count in counts]
    return not gaps or max(gaps) <= OTHER_RATE * min(gaps)


_BY_LENGTH: Mapping[Metric, Callable[[Sequence[float]], bool]] = MappingProxyType(
    {Metric.E2E: about_as_long, Metric.TOKENS_PER_SECOND: alike_in_rate}
)


def length_decides(metric: Metric, counts: Sequence[float]) -> bool:
    """Whether the metric of answers of so many tokens differs for their length alone."""
    alike = _BY_LENGTH.get(metric)
    return alike is not None and not alike(counts)


class StreamMeter:
    """Frames with their stamps in, figures out. Feed it every frame of one stream, in order.

    A token is a non-empty piece of content, reasoning, refusal, tool call or other content; comments, pings and
    role-only or empty pieces are none. Frames of one read carry one stamp, so gaps are between reads.
    """

    __slots__ = (
        "_answered_ns",
        "_characters",
        "_chunks",
        "_first_ns",
        "_gaps_ms",
        "_last_ns",
        "_reasoning_seen",
        "_stamps",
        "_textless",
        "_wide",
    )

    def __init__(self) -> None:
        self._first_ns: int | None = None
        self._answered_ns: int | None = None
        self._last_ns: int | None = None
        self._gaps_ms: list[float] = []
        self._chunks = 0
        self._characters = 0
        self._textless = False
        self._wide = 0
        self._reasoning_seen = False
        self._stamps = StampBook()

    def read(self, at_ns: int, lag_ns: int, source: StampSource, unseen_ns: int = 0) -> None:
        """A read whose frames follow: when its bytes came, how long they lay unread, and who says so.

        ``unseen_ns`` is for how long before it nobody may have looked.
        """
        self._stamps.read(at_ns, lag_ns, source, unseen_ns)

    def saw(self, at_ns: int, frame: Frame) -> None:
        """Take a frame that arrived ``at_ns`` after the request was handed to the transport."""
        token = False
        for event in frame.events:
            if (piece := _piece(event)) is None:
                continue
            token, (answers, text) = True, piece
            self._wide += _wide(text)
            self._characters += len(text)
            self._textless |= not text
            if not answers:
                self._reasoning_seen = True
            elif self._answered_ns is None:
                self._answered_ns = at_ns
        self._stamps.frame(token=token)
        if not token:
            return
        self._chunks += 1
        if self._last_ns is None:
            self._first_ns = self._last_ns = at_ns
        elif at_ns > self._last_ns:
            self._gaps_ms.append((at_ns - self._last_ns) / 1e6)
            self._last_ns = at_ns

    def facts(self, answer: Answer | None, end: StreamEnd | None) -> StreamFacts:
        """The figures so far. What was not measured is None, never 0."""
        tokens, source = self._tokens(answer.usage if answer else None)
        spread_ms = (
            None if self._first_ns is None or self._last_ns is None else (self._last_ns - self._first_ns) / 1e6
        )
        return StreamFacts(
            ttft_ms=_milliseconds(self._first_ns),
            ttfat_ms=_milliseconds(self._answered_ns),
            itl_ms=spread_ms / (tokens - 1) if spread_ms and tokens and tokens > 1 else None,
            e2e_ms=_milliseconds(self._last_ns),
            chunk_gap=gap_facts(self._gaps_ms),
            tokens_per_second=tokens / spread_ms * 1000 if spread_ms and tokens else None,
            token_source=source,
            chunk_count=self._chunks,
            stream_end=end,
            uncertainty=uncertainty(self._stamps, self._first_ns, self._answered_ns, self._last_ns, tokens),
            stamps=self._stamps.facts(),
        )

    def _tokens(self, usage: Usage | None) -> tuple[float | None, TokenSource | None]:
        """Streamed tokens and where the number is from.

        The server's count stands unless it holds reasoning that was never streamed, which would make the stream look
        faster than it was, or cannot be what was streamed; then, and without a count, the streamed text is estimated.
        """
        if not self._chunks:
            return None, None
        if usage is not None and usage.output_tokens and not self._hides_reasoning(usage) and self._fits(usage):
            return usage.output_tokens, TokenSource.USAGE
        return max(_estimate(self._characters, self._wide), 1.0), TokenSource.ESTIMATED

    def _fits(self, usage: Usage) -> bool:
        tokens, reasoning = usage.output_tokens or 0, usage.reasoning_tokens or 0
        return self._textless or can_be(tokens, self._characters, _estimate(self._characters, self._wide), reasoning)

    def _hides_reasoning(self, usage: Usage) -> bool:
        if not usage.reasoning_tokens or self._reasoning_seen:
            return False
        apart = (usage.input_tokens or 0) + (usage.output_tokens or 0) + usage.reasoning_tokens
        return usage.total_tokens != apart


def _piece(event: StreamEvent) -> tuple[bool, str] | None:
    """(is it an answer rather than thinking, its text) of a token-bearing event, else None."""
    match event:
        case TextDelta() | RefusalDelta():
            return (True, event.text) if event.text else None
        case ReasoningDelta(text) if text:
            return False, text
        case ToolDelta() if event.name or event.arguments:
            return True, event.name + event.arguments
        case OtherContent():
            return True, ""
        case _:
            return None


def _milliseconds(ns: int | None) -> float | None:
    return None if ns is None else ns / 1e6
