"""The evidence as a report a person pastes into an issue: headings, tables, what to do next, what was not stored.

Every value stands in a code span whose fence is longer than any run of backticks inside, so that no text can become
a link, a mention, a picture or a heading of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from .cells import cell, code, table
from .document import CheckPart, Evidence, FailurePart, RequestPart, TargetPart

TITLE = "# Gateway evidence"
HEADINGS = ("\n## Target", "\n## Checks\n", "\n## Safety\n", "\n## Summary\n")
_FIGURES = (
    ("model_count", "models"),
    ("choice_count", "choices"),
    ("finish_reason", "finish"),
    ("served_model", "served model"),
    ("refused", "refused"),
    ("tool_calls", "tool calls"),
    ("ttft_ms", "TTFT ms"),
    ("ttfat_ms", "TTFAT ms"),
    ("itl_ms", "ITL ms"),
    ("e2e_ms", "end to end ms"),
    ("tokens_per_second", "tokens/s"),
    ("token_source", "token source"),
    ("chunk_count", "chunks"),
    ("stream_end", "stream end"),
    ("request_id", "request id"),
    ("request_id_hash", "request id hash"),
)


def render(evidence: Evidence) -> bytes:
    """The report as UTF-8, as ``--format markdown`` prints it."""
    return ("\n".join(_lines(evidence)) + "\n").encode("utf-8", "replace")


def _lines(evidence: Evidence) -> Iterator[str]:
    yield TITLE
    yield ""
    yield from table(
        ("field", "value"),
        (
            ("Result", code("OK" if evidence.summary.ok else "FAILED")),
            ("Failure class", cell(evidence.summary.failure_class)),
            ("Failure family", cell(evidence.summary.failure_family)),
            ("Kind", code(evidence.kind)),
            ("Generated at", code(evidence.generated_at)),
            ("Tool", code(f"{evidence.tool.name} {evidence.tool.version}")),
            ("Schema", code(evidence.schema)),
            *_gateway(evidence),
        ),
    )
    yield from _targets(evidence.targets)
    yield from _checks(evidence)
    yield from _figures(evidence.checks)
    for check in evidence.checks:
        if check.failure:
            yield from _failure(check, check.failure)
    if evidence.comparison is not None:
        from .comparison_report import comparison_lines  # late: most runs compare nothing

        yield from comparison_lines(evidence.comparison, evidence.targets)
    yield from _requests(evidence)
    yield from _safety(evidence)
    yield from _summary(evidence)


def _gateway(evidence: Evidence) -> Iterator[tuple[str, str]]:
    gateway = evidence.gateway
    if gateway is None:
        return
    if gateway.software:
        signs = ", ".join(map(code, gateway.signs))
        yield (
            "Gateway software",
            f"{code(gateway.software)} ({code(gateway.confidence)}{f', by {signs}' if signs else ''})",
        )
    if gateway.edge:
        yield "In front of it", code(gateway.edge)


def _targets(targets: tuple[TargetPart, ...]) -> Iterator[str]:
    for index, target in enumerate(targets):
        yield ""
        yield "## Target" if len(targets) == 1 else f"## Target {index}"
        yield ""
        rows = (
            ("Profile", target.profile),
            ("Group", target.group),
            ("Base URL", target.base_url),
            ("Auth header", target.auth_header),
            ("Protocol", target.protocol),
            ("Requested model", target.requested_model),
            ("Selected model", target.selected_model),
        )
        yield from table(("field", "value"), ((label, cell(value)) for label, value in rows))


def _checks(evidence: Evidence) -> Iterator[str]:
    yield ""
    yield "## Checks"
    yield ""
    several = len(evidence.targets) > 1
    heads = ("check", "request", "outcome", "status", "ms", "failure class")
    yield from table(
        ("target", *heads) if several else heads,
        ((cell(check.target), *_check_row(check)) if several else _check_row(check) for check in evidence.checks),
    )


def _check_row(check: CheckPart) -> tuple[str, ...]:
    request = " ".join(filter(None, (check.method, check.path)))
    return (
        code(check.name),
        code(request),
        code(check.outcome),
        cell(check.status),
        cell(check.elapsed_ms),
        cell(check.failure.class_ if check.failure else None),
    )


def _figures(checks: tuple[CheckPart, ...]) -> Iterator[str]:
    rows = [row for check in checks for row in _figure_rows(check)]
    if rows:
        yield ""
        yield "## What was seen"
        yield ""
        yield from table(("check", "what", "value"), rows)


def _figure_rows(check: CheckPart) -> Iterator[tuple[str, str, str]]:
    for field, label in _FIGURES:
        value = getattr(check, field)
        if value is not None and value is not False:
            yield code(check.name), label, cell(value)
    if check.sample_model_ids:
        yield code(check.name), "sample ids", ", ".join(map(code, check.sample_model_ids))
    parts: tuple[tuple[str, msgspec.Struct | None], ...] = (
        ("", check.usage),
        ("chunk gap ms: ", check.chunk_gap_ms),
        ("uncertainty: ", check.uncertainty),
        ("stamps: ", check.stamps),
        ("", check.timings),
        ("", check.connection),
        ("", check.cell),
    )
    for lead, part in parts:
        for label, value in (msgspec.structs.asdict(part) if part else {}).items():
            if value is not None and not isinstance(value, tuple):
                yield code(check.name), lead + label.replace("_", " "), cell(value)
    for family in check.connection.families if check.connection else ():
        fared = {True: "connected", False: family.fault or "failed", None: "not tried"}[family.connected]
        addresses = "1 address" if family.addresses == 1 else f"{family.addresses} addresses"
        yield code(check.name), family.family, code(f"{addresses}, {fared}")
    if check.note:
        yield code(check.name), "note", code(check.note)


def _failure(check: CheckPart, failure: FailurePart) -> Iterator[str]:
    yield ""
    yield f"## {'Warning' if check.outcome == 'warned' else 'Failure'}: {code(failure.class_)} in {code(check.name)}"
    yield ""
    retry = failure.retry.when if failure.retry.seconds is None else f"after {failure.retry.seconds:g} s"
    rows = [
        ("Family", failure.family),
        ("Whose problem", failure.whose),
        ("Next step", failure.next_step),
        ("Retry", retry),
        ("Origin", failure.origin),
        ("Confidence", failure.confidence),
        ("Rule", failure.rule),
        *((f"Signal {code(name)}", value) for name, value in failure.signals.items()),
    ]
    yield from table(("field", "value"), ((label, cell(value)) for label, value in rows))


def _requests(evidence: Evidence) -> Iterator[str]:
    """Every request of the run, as the gateway's own log has it."""
    spent = evidence.spending
    if spent is None:
        return
    yield ""
    yield "## Requests"
    yield ""
    of_tokens = f"{spent.tokens} of at most {spent.token_limit} tokens"
    yield f"{spent.requests} of at most {spent.request_limit} requests, {of_tokens}."
    if evidence.requests:
        yield ""
        heads = (
            "check",
            "tried",
            "request",
            "auth header",
            "key",
            "model",
            "status",
            "ms",
            "outcome",
            "failure class",
        )
        yield from table(heads, map(_request_row, evidence.requests))


def _request_row(sent: RequestPart) -> tuple[str, ...]:
    key = f"{sent.key} {sent.group}" if sent.group else sent.key
    where = f"{sent.method} {sent.path or ''}" + (f" at {sent.base_url}" if sent.base_url else "")
    return (
        code(sent.check),
        cell(sent.variant),
        code(where),
        code(sent.auth_header),
        code(key),
        cell(sent.model),
        cell(sent.status),
        cell(sent.elapsed_ms),
        code(sent.outcome),
        cell(sent.failure_class),
    )


def _safety(evidence: Evidence) -> Iterator[str]:
    yield ""
    yield "## Safety"
    yield ""
    for field, value in msgspec.structs.asdict(evidence.safety).items():
        yield f"- {field.replace('_', ' ')}: {code('yes' if value else 'no')}"


def _summary(evidence: Evidence) -> Iterator[str]:
    summary = evidence.summary
    yield ""
    yield "## Summary"
    yield ""
    verdict = "every check passed" if summary.ok else f"failed with {code(summary.failure_class)}"
    warnings = ", ".join(map(code, summary.warnings))
    yield f"{verdict.capitalize()}{f'; warnings: {warnings}' if warnings else ''}."
