"""What one request of a comparison counts for each metric, and how uncertain that is (design/measuring.md). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gatewaytui.domain.comparison import Metric
from gatewaytui.domain.run import CheckResult

from .stamping import READ_DOUBT_NS


def figure(check: CheckResult, metric: Metric) -> float | None:
    """The metric of one request, None where it was not measured.

    Times to a token and in total are counted from the planned start: what a request waited for its turn in this
    client is part of them, or a slow answer would hide what it holds up (coordinated omission).
    """
    return _FIGURES[metric](check)


def doubt(check: CheckResult, metric: Metric) -> float | None:
    """By how much the figure may be off either way for its stamps; None where nobody knows."""
    if check.stream is None:
        return READ_DOUBT_NS / 1e6 if metric is Metric.E2E and check.elapsed_ms is not None else None
    found: float | None = getattr(check.stream.uncertainty, _STAMPED_AS.get(metric, metric).value)
    return found


_STAMPED_AS: Mapping[Metric, Metric] = MappingProxyType({Metric.TTFT_CONNECTED: Metric.TTFT})


def waited_ms(check: CheckResult) -> float:
    """What the request waited for its turn in this client."""
    slot = check.slot
    return 0.0 if slot is None or slot.started_ms is None else max(0.0, slot.started_ms - slot.planned_ms)


def _of_stream(name: str) -> Callable[[CheckResult], float | None]:
    """A figure of the stream by its field's name."""

    def value(check: CheckResult) -> float | None:
        found: float | None = getattr(check.stream, name, None)
        return found

    return value


def _from_plan(value: Callable[[CheckResult], float | None]) -> Callable[[CheckResult], float | None]:
    """The same moment, counted from the planned start."""

    def counted(check: CheckResult) -> float | None:
        found = value(check)
        return None if found is None else found + waited_ms(check)

    return counted


def _connected(check: CheckResult) -> float | None:
    """TTFT counted from the moment the connection stood."""
    stream, timings = check.stream, check.timings
    if stream is None or stream.ttft_ms is None or timings is None:
        return None
    return max(0.0, stream.ttft_ms - sum(filter(None, (timings.dns_ns, timings.tcp_ns, timings.tls_ns))) / 1e6)


def _end_to_end(check: CheckResult) -> float | None:
    """To the last token of a stream; to the last byte of a whole answer."""
    return check.elapsed_ms if check.stream is None else check.stream.e2e_ms


_FIGURES: Mapping[Metric, Callable[[CheckResult], float | None]] = MappingProxyType(
    {
        Metric.TTFT: _from_plan(_of_stream("ttft_ms")),
        Metric.TTFT_CONNECTED: _connected,
        Metric.TTFAT: _from_plan(_of_stream("ttfat_ms")),
        Metric.ITL: _of_stream("itl_ms"),
        Metric.E2E: _from_plan(_end_to_end),
        Metric.TOKENS_PER_SECOND: _of_stream("tokens_per_second"),
    }
)
