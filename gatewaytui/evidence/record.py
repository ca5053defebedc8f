"""A finished run becomes evidence: field by field, through the allow-list."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import gatewaytui
from gatewaytui.domain.chat import Usage
from gatewaytui.domain.exchange import Timings
from gatewaytui.domain.failure import Finding
from gatewaytui.domain.run import CheckResult, GapFacts, Run, StreamFacts, TargetFacts

from . import allow
from .columns import comparison_part, slot_part, stamps_part, uncertainty_part
from .document import (
    SCHEMA,
    CheckPart,
    Evidence,
    FailurePart,
    Gaps,
    Phases,
    RetryPart,
    Safety,
    Summary,
    TargetPart,
    Tokens,
    Tool,
)
from .run_log import cell_part, connection_part, gateway_part, request_part, spending_part

__all__ = ["Evidence", "build"]

_NO_STREAM = StreamFacts()


def build(
    run: Run, *, now: datetime | None = None, mask_host: bool = False, with_request_id: bool = False
) -> Evidence:
    """The evidence of a run. ``now`` is its time of writing (UTC now where None).

    ``mask_host`` hides every host but loopback; ``with_request_id`` keeps the server's request ids, which support
    needs, instead of a short hash. Raises ValueError for a run without a target.
    """
    if not run.targets:
        raise ValueError("A run without a target has no evidence.")
    now = (now or datetime.now(UTC)).astimezone(UTC)
    targets = tuple(_target(facts, mask_host) for facts in run.targets)
    return Evidence(
        schema=SCHEMA,
        tool=Tool(name="gatewaytui", version=gatewaytui.__version__),
        generated_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        kind=allow.word(run.kind),
        target=targets[0],
        targets=targets,
        safety=Safety(request_ids_stored=with_request_id, host_masked=mask_host),
        checks=tuple(map(partial(_check, now=now, with_request_id=with_request_id, mask_host=mask_host), run.checks)),
        summary=_summary(run),
        requests=tuple(request_part(sent, mask_host) for sent in run.requests) if run.logged else None,
        spending=spending_part(run.spending),
        gateway=gateway_part(run.gateway),
        comparison=comparison_part(run.comparison),
    )


def _target(facts: TargetFacts, mask_host: bool) -> TargetPart:
    return TargetPart(
        profile=allow.name(facts.profile),
        group=allow.name(facts.group),
        base_url=allow.base_url(facts.base_url, mask_host=mask_host),
        auth_header=facts.auth_header,
        protocol=facts.protocol,
        requested_model=allow.model(facts.requested_model),
        selected_model=allow.model(facts.selected_model),
    )


def _check(check: CheckResult, *, now: datetime, with_request_id: bool, mask_host: bool) -> CheckPart:
    catalogue, answer, stream = check.catalogue, check.answer, check.stream or _NO_STREAM
    return CheckPart(
        name=allow.word(check.name),
        target=check.target,
        method=allow.method(check.method),
        path=allow.path(check.path),
        outcome=check.outcome,
        status=allow.status(check.status),
        elapsed_ms=allow.figure(check.elapsed_ms),
        failure=_failure(check.finding, mask_host),
        model_count=allow.count(catalogue.model_count) if catalogue else None,
        sample_model_ids=tuple(filter(None, map(allow.model, catalogue.sample_model_ids))) if catalogue else None,
        choice_count=allow.count(answer.choice_count) if answer else None,
        finish_reason=allow.finish_reason(answer.finish_reason) if answer else None,
        usage=_usage(answer.usage) if answer else None,
        served_model=allow.model(answer.served_model) if answer else None,
        refused=answer.refused if answer else None,
        tool_calls=allow.count(answer.tool_calls) if answer else None,
        ttft_ms=allow.figure(stream.ttft_ms),
        ttfat_ms=allow.figure(stream.ttfat_ms),
        itl_ms=allow.figure(stream.itl_ms),
        e2e_ms=allow.figure(stream.e2e_ms),
        chunk_gap_ms=_gaps(stream.chunk_gap) if check.stream else None,
        tokens_per_second=allow.figure(stream.tokens_per_second),
        token_source=stream.token_source,
        chunk_count=allow.count(stream.chunk_count) if check.stream else None,
        stream_end=stream.stream_end,
        timings=_phases(check.timings),
        request_id=allow.request_id(check.request_id) if with_request_id else None,
        request_id_hash=None if with_request_id else allow.request_id_hash(check.request_id),
        note=allow.sentence(check.note, mask_host=mask_host) or None,
        connection=connection_part(check.connection, now),
        cell=cell_part(check.cell),
        slot=slot_part(check.slot),
        uncertainty=uncertainty_part(check.stream),
        stamps=stamps_part(stream.stamps),
    )


def _failure(finding: Finding | None, mask_host: bool) -> FailurePart | None:
    if finding is None:
        return None
    return FailurePart(
        class_=finding.failure_class,
        family=finding.family,
        origin=finding.origin,
        confidence=finding.confidence,
        rule=allow.rule(finding.rule),
        whose=allow.sentence(finding.whose, mask_host=mask_host),
        next_step=allow.sentence(finding.next_step, mask_host=mask_host),
        retry=RetryPart(when=finding.retry.when, seconds=allow.figure(finding.retry.seconds)),
        signals=allow.signals(finding.signals),
    )


def _usage(usage: Usage | None) -> Tokens | None:
    if usage is None:
        return None
    return Tokens(
        input_tokens=allow.count(usage.input_tokens),
        output_tokens=allow.count(usage.output_tokens),
        total_tokens=allow.count(usage.total_tokens),
        cached_tokens=allow.count(usage.cached_tokens),
        reasoning_tokens=allow.count(usage.reasoning_tokens),
    )


def _gaps(gaps: GapFacts) -> Gaps:
    return Gaps(n=gaps.n, p50=allow.figure(gaps.p50), p95=allow.figure(gaps.p95), p99=allow.figure(gaps.p99))


def _phases(timings: Timings | None) -> Phases | None:
    if timings is None:
        return None
    return Phases(
        connection="warm" if timings.warm else "cold",
        dns_ms=allow.milliseconds(timings.dns_ns),
        tcp_ms=allow.milliseconds(timings.tcp_ns),
        tls_ms=allow.milliseconds(timings.tls_ns),
        send_ms=allow.milliseconds(timings.send_ns),
        first_byte_ms=allow.milliseconds(timings.first_byte_ns),
        headers_ms=allow.milliseconds(timings.headers_ns),
        done_ms=allow.milliseconds(timings.done_ns),
    )


def _summary(run: Run) -> Summary:
    finding = run.failed.finding if run.failed else None
    warnings = dict.fromkeys(check.finding.failure_class for check in run.warned if check.finding)
    return Summary(
        ok=run.ok,
        failure_class=finding.failure_class if finding else None,
        failure_family=finding.family if finding else None,
        warnings=tuple(warnings),
    )
