"""The evidence as JUnit XML, for CI: a test suite for each target, a test case for each check.

A failed check is a failure of type ``class/family``; one that only warned passes and says so in its output. ASCII,
times in seconds and left out where they were not measured. Each value stands on a line of its own, so that the gate
can name the line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gatewaytui.domain.comparison import Verdict
from gatewaytui.domain.run import Outcome

from .document import CheckPart, Evidence, FailurePart, TargetPart
from .parts import ChangePart

HEAD = '<?xml version="1.0" encoding="US-ASCII"?>\n<testsuites name="gatewaytui'
TAIL = "</testsuites>\n"
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")
"""What XML 1.0 does not allow, even escaped, and what would break the line."""
_FACTS = (
    "method",
    "path",
    "status",
    "model_count",
    "choice_count",
    "finish_reason",
    "served_model",
    "ttft_ms",
    "itl_ms",
    "e2e_ms",
    "tokens_per_second",
    "token_source",
    "stream_end",
    "request_id",
    "request_id_hash",
    "note",
)


def render(evidence: Evidence) -> bytes:
    """The bytes of the report, as ``--format junit`` prints them."""
    return "\n".join(_lines(evidence)).encode("ascii", "xmlcharrefreplace")


def _lines(evidence: Evidence) -> Iterator[str]:
    checks = evidence.checks
    changes = evidence.comparison.changes or () if evidence.comparison else ()
    yield f'{HEAD} {_inside(evidence.kind)}" {_counts(checks, changes)}>'
    for index, target in enumerate(evidence.targets):
        yield from _suite(evidence, target, index, [check for check in checks if check.target == index])
    if changes:
        yield from _baseline(evidence, changes)
    yield TAIL


def _suite(evidence: Evidence, target: TargetPart, index: int, checks: Sequence[CheckPart]) -> Iterator[str]:
    name, stamp = _label(target, index), evidence.generated_at
    yield f'  <testsuite name={_value(name)} id="{index}" timestamp={_value(stamp)} {_counts(checks)}>'
    yield "    <properties>"
    yield from _property("tool", f"{evidence.tool.name} {evidence.tool.version}")
    yield from _property("kind", evidence.kind)
    for field, value in msgspec.structs.asdict(target).items():
        yield from _property(field, value)
    for field, value in msgspec.structs.asdict(evidence.safety).items():
        yield from _property(field, value)
    yield "    </properties>"
    for case, check in zip(_names(checks), checks, strict=True):
        yield from _case(case, f"gatewaytui.{evidence.kind}.{name}", check)
    yield "  </testsuite>"


def _baseline(evidence: Evidence, changes: Sequence[ChangePart]) -> Iterator[str]:
    """A suite of what a comparison says of its baseline: each figure of each target is a case, a worse one fails."""
    stamp, last = evidence.generated_at, len(evidence.targets)
    yield f'  <testsuite name="baseline" id="{last}" timestamp={_value(stamp)} {_counts((), changes)}>'
    for change in changes:
        name = f"{_label(evidence.targets[change.target], change.target)} {change.target}: {change.metric}"
        yield f'    <testcase name={_value(name)} classname="gatewaytui.{_inside(evidence.kind)}.baseline">'
        if change.verdict is Verdict.WORSE:
            yield '      <failure type="regression" message="Worse than in the baseline.">'
            yield from _said(msgspec.structs.asdict(change).items())
            yield "      </failure>"
        else:
            yield "      <system-out>"
            yield from _said(msgspec.structs.asdict(change).items())
            yield "      </system-out>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _case(name: str, group: str, check: CheckPart) -> Iterator[str]:
    yield f"    <testcase name={_value(name)} classname={_value(group)}{_time([check])}>"
    if check.outcome is Outcome.SKIPPED:
        yield f"      <skipped message={_value(check.note or 'skipped')}/>"
    if check.outcome is Outcome.FAILED:
        yield from _failure(check.failure)
    usage = msgspec.structs.asdict(check.usage).items() if check.usage else ()
    said = list(_said([*((field, getattr(check, field)) for field in _FACTS), *usage]))
    if check.outcome is Outcome.WARNED and check.failure:
        said = [*_warning(check.failure), *said]
    if said:
        yield "      <system-out>"
        yield from said
        yield "      </system-out>"
    yield "    </testcase>"


def _names(checks: Sequence[CheckPart]) -> Iterator[str]:
    """A name of its own for each case of a suite: the check, its place in the endpoint matrix, else a number."""
    plain = Counter(check.name for check in checks)
    named = [check.name if plain[check.name] == 1 else _in_full(check) for check in checks]
    given: Counter[str] = Counter()
    for name in named:
        given[name] += 1
        yield name if given[name] == 1 else f"{name} ({given[name]})"


def _in_full(check: CheckPart) -> str:
    cell = check.cell
    return " ".join(filter(None, (check.name, cell.endpoint, cell.auth_header, cell.key))) if cell else check.name


def _failure(failure: FailurePart | None) -> Iterator[str]:
    """JUnit has one element for what failed; a failed check without a finding still is one."""
    if failure is None:
        yield '      <failure type="unclassified" message="The check failed."/>'
        return
    kind = f"{failure.class_}/{failure.family}"
    yield f"      <failure type={_value(kind)} message={_value(failure.class_.meaning.title)}>"
    yield from _said(_advice(failure))
    yield "      </failure>"


def _warning(failure: FailurePart) -> Iterator[str]:
    title = failure.class_.meaning.titled(warned=True)
    yield from _said([("warning", f"{failure.class_}/{failure.family}"), ("what", title), *_advice(failure)])


def _advice(failure: FailurePart) -> list[tuple[str, object]]:
    retry = failure.retry.when if failure.retry.seconds is None else f"after {failure.retry.seconds:g} s"
    return [
        ("whose", failure.whose),
        ("next", failure.next_step),
        ("retry", retry),
        ("origin", failure.origin),
        ("confidence", failure.confidence),
        ("rule", failure.rule),
        *((f"signal {name}", value) for name, value in failure.signals.items()),
    ]


def _said(rows: Iterable[tuple[str, object]]) -> Iterator[str]:
    """``name: value`` lines of an element's text."""
    return (f"{_inside(name)}: {_inside(_plain(value))}" for name, value in rows if value is not None)


def _property(name: str, value: object) -> Iterator[str]:
    if value is not None:
        yield f"      <property name={_value(name)} value={_value(_plain(value))}/>"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) and value < 1e6 else str(value)


def _counts(checks: Sequence[CheckPart], changes: Sequence[ChangePart] = ()) -> str:
    """``errors`` is a broken test in JUnit, and there is none: what a check finds is a failure."""
    failed = sum(check.outcome is Outcome.FAILED for check in checks)
    failed += sum(change.verdict is Verdict.WORSE for change in changes)
    skipped = sum(check.outcome is Outcome.SKIPPED for check in checks)
    return f'tests="{len(checks) + len(changes)}" failures="{failed}" errors="0" skipped="{skipped}"{_time(checks)}'


def _time(checks: Sequence[CheckPart]) -> str:
    measured = [check.elapsed_ms for check in checks if check.elapsed_ms is not None]
    return f' time="{sum(measured) / 1000:.3f}"' if measured else ""


def _label(target: TargetPart, index: int) -> str:
    return "/".join(filter(None, (target.profile, target.group))) or f"target {index}"


def _value(text: str) -> str:
    """An attribute's value in quotes."""
    from xml.sax.saxutils import quoteattr  # late: it loads an HTTP client of its own

    return quoteattr(_UNPRINTABLE.sub(" ", text), {'"': "&quot;"})


def _inside(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(_UNPRINTABLE.sub(" ", text), {'"': "&quot;"})
