"""Baselines: comparisons kept by name as evidence files, for later ones to be held against."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from statistics import median

import msgspec

from gatewaytui.diagnosis.regression import Sampled
from gatewaytui.diagnosis.statistics import common_source
from gatewaytui.domain.comparison import Metric
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.keyshape import looks_like_key
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.run import Outcome
from gatewaytui.evidence import json as evidence_json
from gatewaytui.evidence.document import SCHEMA, CheckPart, Evidence, TargetPart
from gatewaytui.evidence.markers import MARKER
from gatewaytui.evidence.parts import ComparisonPart

from .atomic import replace_file, sweep
from .locations import Locations

_FOLDER = "baselines"
_SUFFIX = ".json"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}[a-z0-9]|[a-z0-9]")
_OURS = SCHEMA.partition("/")[0] + "/"
_SAVE_ONE = "Save one with `gatewaytui compare TARGET... --save NAME`."
_LARGEST_FILE = 256 * 1024 * 1024
_ANSWERED = frozenset((Outcome.PASSED, Outcome.WARNED))
_FROM_PLAN = frozenset((Metric.TTFT, Metric.TTFAT, Metric.E2E))


class BaselineRow(msgspec.Struct, frozen=True):
    """A kept baseline in a list; ``evidence`` is None where its file cannot be read."""

    name: str
    evidence: Evidence | None


class Baselines:
    """Files of one directory, each whole or not there, readable by their owner. Blocks. Raises Problem."""

    def __init__(self, locations: Locations) -> None:
        self._folder = locations.state_dir / _FOLDER

    def save(self, name: str, evidence: Evidence) -> None:
        """Keep a comparison under this name, in the place of an earlier one; what it holds has passed the leak gate.

        Raises Problem (config) for a name or a comparison that cannot be one, and Problem (storage).
        """
        path = self._path(name)
        _must_be_usable(evidence)
        try:
            sweep(path)
            replace_file(path, evidence_json.render(evidence))
        except OSError as error:
            raise _storage(f"The baseline {name} could not be kept: {_reason(error)}.") from None

    def load(self, name: str) -> Evidence:
        """The comparison kept under this name. Raises Problem (config) where there is none."""
        path = self._path(name)
        if not path.exists():
            raise Problem(
                FailureClass.CONFIG,
                f"There is no baseline {name}.",
                f"Save one with `gatewaytui compare TARGET... --save {name}`, or see `gatewaytui baselines list`.",
            )
        drop = f"Drop it with `gatewaytui baselines remove {name}` and save a new one."
        return read_baseline(path, f"the baseline {name}", drop)

    def remove(self, name: str) -> None:
        """Forget a baseline. Raises Problem (config) where there is none."""
        try:
            self._path(name).unlink()
        except FileNotFoundError:
            raise Problem(
                FailureClass.CONFIG, f"There is no baseline {name}.", "`gatewaytui baselines list` shows them."
            ) from None
        except OSError as error:
            raise _storage(f"The baseline {name} could not be removed: {_reason(error)}.") from None

    def rows(self) -> tuple[BaselineRow, ...]:
        """All of them by name, those that cannot be read included."""
        try:
            names = sorted(path.stem for path in self._folder.glob(f"*{_SUFFIX}") if _NAME.fullmatch(path.stem))
        except OSError as error:
            raise _storage(f"The baselines could not be listed: {_reason(error)}.") from None
        found = []
        for name in names:
            evidence = None
            with suppress(Problem):
                evidence = self.load(name)
            found.append(BaselineRow(name, evidence))
        return tuple(found)

    def _path(self, name: str) -> Path:
        check_name(name)
        return self._folder / f"{name}{_SUFFIX}"


def check_name(name: str) -> None:
    """Raises Problem (config) for what cannot be a baseline's name."""
    if _NAME.fullmatch(name) is None or looks_like_key(name):
        raise Problem(
            FailureClass.CONFIG,
            "A baseline's name is 1 to 64 lower-case letters, digits, dots, dashes and underscores.",
            "Choose another name, for example main or 2026-01.",
        )


def read_baseline(path: Path, what: str, instead: str) -> Evidence:
    """The comparison of an evidence file. ``what`` says to a person which it is, ``instead`` what to do without it.

    Raises Problem: not there, newer than this version, damaged, or something else than a comparison's evidence.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise _storage(f"{_first(what)} is too large.", instead)
        content = path.read_bytes()
    except FileNotFoundError:
        raise Problem(FailureClass.CONFIG, f"There is no {what.removeprefix('the ')}.", instead) from None
    except OSError as error:
        raise _storage(f"{_first(what)} could not be read: {_reason(error)}.", instead) from None
    try:
        evidence = msgspec.json.decode(content, type=Evidence)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise _unreadable(content, what, instead) from None
    if evidence.schema != SCHEMA:
        raise _newer(what)
    _must_be_usable(evidence, what, instead)
    return evidence


class _Head(msgspec.Struct):
    schema: str = ""


def _unreadable(content: bytes, what: str, instead: str) -> Problem:
    """What a file that could not be read as evidence is."""
    with suppress(msgspec.MsgspecError, ValueError, RecursionError):
        schema = msgspec.json.decode(content, type=_Head).schema
        if not schema.startswith(_OURS):
            return _storage(f"{_first(what)} is not evidence of gatewaytui.", instead)
        if schema != SCHEMA:
            return _newer(what)
    return _storage(f"{_first(what)} is damaged and cannot be read.", instead)


def _newer(what: str) -> Problem:
    return _storage(
        f"{_first(what)} was written by another version of gatewaytui.", "Use that version, or save a new one."
    )


def _must_be_usable(evidence: Evidence, what: str = "this run", instead: str = _SAVE_ONE) -> None:
    """A comparison with at least one answer, and checks that point at its targets."""
    count = len(evidence.targets)
    sound = evidence.comparison is not None and all(0 <= check.target < count for check in evidence.checks)
    if not sound:
        raise Problem(
            FailureClass.CONFIG,
            f"{_first(what)} is not the evidence of a comparison.",
            instead,
        )
    if not any(check.outcome in _ANSWERED for check in _measured(evidence)):
        raise Problem(
            FailureClass.CONFIG,
            f"{_first(what)} holds no answer, so nothing can be held against it.",
            "Find what is broken with `gatewaytui doctor`, then compare again.",
        )


def sampled(evidence: Evidence) -> tuple[Sampled, ...]:
    """Each column's values, in the order of the targets; () where the evidence is not a comparison's."""
    if evidence.comparison is None:
        return ()
    checks = _measured(evidence)
    return tuple(
        _sampled(target, [check for check in checks if check.target == index], _doubts(evidence.comparison, index))
        for index, target in enumerate(evidence.targets)
    )


def _doubts(comparison: ComparisonPart, target: int) -> dict[Metric, float]:
    """What the stamps leave uncertain of the column's medians."""
    return {
        metric: spread.uncertainty
        for column in comparison.columns
        if column.target == target
        for metric in Metric
        if (spread := column.metrics.get(metric.value)) is not None and spread.uncertainty is not None
    }


def _measured(evidence: Evidence) -> list[CheckPart]:
    """What was sent, without warm-ups."""
    return [
        check
        for check in evidence.checks
        if check.slot is not None and not check.slot.warm_up and check.outcome is not Outcome.SKIPPED
    ]


def _sampled(target: TargetPart, checks: list[CheckPart], doubts: dict[Metric, float]) -> Sampled:
    good = [check for check in checks if check.outcome in _ANSWERED]
    source = common_source(check.token_source for check in good)
    counted = [check for check in good if check.token_source in (source, None)]
    found = {
        metric: tuple(
            value
            for check in (counted if metric.counts_tokens else good)
            if (value := _value(check, metric)) is not None
        )
        for metric in Metric
    }
    return Sampled(
        label="/".join(filter(None, (target.profile, target.group))),
        model=target.selected_model or "",
        protocol=target.protocol.value,
        runs=len(checks),
        answered=len(good),
        values=found,
        uncertainty=doubts,
        token_source=source,
        base_url="" if MARKER.search(target.base_url) else target.base_url,
        input_tokens=_middle(check.usage.input_tokens for check in good if check.usage),
        output_tokens=_middle(check.usage.output_tokens for check in good if check.usage),
    )


def _middle(counts: Iterable[int | None]) -> float | None:
    known = [count for count in counts if count]
    return median(known) if known else None


def _value(check: CheckPart, metric: Metric) -> float | None:
    if metric is Metric.TTFT_CONNECTED:
        return _connected(check)
    whole = metric is Metric.E2E and check.stream_end is None  # a whole answer: to its last byte
    value: float | None = check.elapsed_ms if whole else getattr(check, metric.value)
    return None if value is None else value + (_waited(check) if metric in _FROM_PLAN else 0.0)


def _waited(check: CheckPart) -> float:
    """What the request waited for its turn here: times to a token and in total count from the planned start."""
    slot = check.slot
    if slot is None or slot.started_ms is None or slot.planned_ms is None:
        return 0.0
    return max(0.0, slot.started_ms - slot.planned_ms)


def _connected(check: CheckPart) -> float | None:
    """TTFT counted from the moment the connection stood."""
    if check.ttft_ms is None or check.timings is None:
        return None
    timings = check.timings
    return max(0.0, check.ttft_ms - sum(filter(None, (timings.dns_ms, timings.tcp_ms, timings.tls_ms))))


def _first(what: str) -> str:
    """As a sentence begins; a file's name keeps its letters."""
    return what[:1].upper() + what[1:]


def _reason(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else "the system refused"


def _storage(sentence: str, next_step: str = "Make room where `gatewaytui config path` points.") -> Problem:
    return Problem(FailureClass.STORAGE, sentence, next_step)
