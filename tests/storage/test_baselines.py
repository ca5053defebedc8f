"""Baselines: kept whole and private, found again by name, refused in a sentence where they cannot be used."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from gatewaytui.diagnosis.regression import Sampled
from gatewaytui.domain.comparison import Metric, Slot
from gatewaytui.domain.exchange import Timings
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.reading import StreamEnd
from gatewaytui.domain.run import CheckResult, Outcome, StreamFacts, TokenSource
from gatewaytui.evidence import json as evidence_json
from gatewaytui.evidence.document import Evidence
from gatewaytui.evidence.record import build
from gatewaytui.storage.baselines import Baselines, read_baseline, sampled
from gatewaytui.storage.locations import Locations
from tests.evidence.builders import FAILED, RUN

STREAM = StreamFacts(ttft_ms=100.0, ttfat_ms=100.0, itl_ms=9.5, e2e_ms=800.0, stream_end=StreamEnd.COMPLETE)
PASSED = CheckResult("stream", Outcome.PASSED, elapsed_ms=850.0, stream=STREAM)


def comparison(**more: object) -> Evidence:
    """Two answers, a failure, a warm-up and a run that was not sent."""
    first = replace(PASSED, slot=Slot(1, 0.0, 0.5, text=1), timings=Timings(tcp_ns=1_000_000))
    checks = (
        first,
        replace(first, slot=Slot(2, 10.0, 10.5, text=1)),
        replace(FAILED, slot=Slot(3, 20.0, 20.5)),
        replace(first, slot=Slot(1, 0.0, 0.0, warm_up=True)),
        replace(first, outcome=Outcome.SKIPPED, slot=Slot(4, 30.0)),
    )
    return build(replace(RUN, kind="compare", checks=checks, **more))  # type: ignore[arg-type]


@pytest.fixture
def baselines(tmp_path: Path) -> Baselines:
    return Baselines(Locations.below(tmp_path))


def place(tmp_path: Path, name: str) -> Path:
    return tmp_path / "state" / "baselines" / f"{name}.json"


def test_what_was_saved_is_loaded(baselines: Baselines) -> None:
    evidence = comparison()
    baselines.save("main", evidence)
    assert baselines.load("main") == evidence
    assert [row.name for row in baselines.rows()] == ["main"]


def test_one_of_a_build_that_kept_less_is_loaded(baselines: Baselines, tmp_path: Path) -> None:
    baselines.save("main", comparison())
    path = place(tmp_path, "main")
    document = json.loads(path.read_bytes())
    del document["comparison"]["interval_s"], document["comparison"]["max_tokens"]
    for column in document["comparison"]["columns"]:
        del column["estimated"]
    path.write_text(json.dumps(document))
    settings = baselines.load("main").comparison
    assert settings is not None and settings.interval_s is None and settings.max_tokens is None


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_it_is_for_its_owner_only(baselines: Baselines, tmp_path: Path) -> None:
    baselines.save("main", comparison())
    path = place(tmp_path, "main")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["main.json"]


def test_a_later_one_of_the_name_takes_its_place(baselines: Baselines) -> None:
    baselines.save("main", comparison())
    second = comparison(spending=None)
    baselines.save("main", second)
    assert baselines.load("main") == second


def test_it_is_listed_by_name_and_removed(baselines: Baselines) -> None:
    for name in ("b", "a", "2026.01_x-1"):
        baselines.save(name, comparison())
    baselines.remove("b")
    assert [row.name for row in baselines.rows()] == ["2026.01_x-1", "a"]
    with pytest.raises(Problem, match="There is no baseline b"):
        baselines.remove("b")
    with pytest.raises(Problem, match="There is no baseline b"):
        baselines.load("b")


def test_without_any_the_list_is_empty_and_makes_no_folder(baselines: Baselines, tmp_path: Path) -> None:
    assert baselines.rows() == ()
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../main", "a/b", "Main", "a b", "-a", ".a", "a.", "a" * 65, "m\u00e4in", "sk-" + "a1B2" * 8],
)
def test_a_name_that_could_be_a_path_or_a_key_is_refused(baselines: Baselines, name: str) -> None:
    for call in (baselines.load, baselines.remove, lambda one: baselines.save(one, comparison())):
        with pytest.raises(Problem) as trouble:
            call(name)  # type: ignore[no-untyped-call]
        assert trouble.value.failure_class is FailureClass.CONFIG
        assert "name" in trouble.value.sentence and (not name or name not in trouble.value.sentence.split())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "damaged"),
        (b"{", "damaged"),
        (b"\xff\xfe", "damaged"),
        (b"[" * 5000, "damaged"),
        (b"[]", "damaged"),
        (b'{"schema": "gatewaytui-evidence/v1"}', "damaged"),
        (b'{"schema": "gatewaytui-evidence/v9", "more": 1}', "another version"),
        (b'{"schema": "of-another-program/v1"}', "not evidence of gatewaytui"),
        (b'{"a": 1}', "not evidence of gatewaytui"),
    ],
)
def test_a_file_that_cannot_be_used_says_so_and_what_to_do(
    baselines: Baselines, tmp_path: Path, content: bytes, said: str
) -> None:
    baselines.save("main", comparison())
    place(tmp_path, "main").write_bytes(content)
    with pytest.raises(Problem, match=said) as trouble:
        baselines.load("main")
    assert trouble.value.failure_class is FailureClass.STORAGE and "save a new one" in trouble.value.next_step
    assert [(row.name, row.evidence) for row in baselines.rows()] == [("main", None)]
    assert place(tmp_path, "main").read_bytes() == content  # nothing of a person's is thrown away


def test_a_whole_document_of_a_newer_version_is_told_apart(baselines: Baselines, tmp_path: Path) -> None:
    baselines.save("main", comparison())
    document = json.loads(place(tmp_path, "main").read_bytes())
    place(tmp_path, "main").write_text(json.dumps({**document, "schema": "gatewaytui-evidence/v2"}))
    with pytest.raises(Problem, match="another version"):
        baselines.load("main")


def test_evidence_of_something_else_is_no_baseline(baselines: Baselines) -> None:
    with pytest.raises(Problem, match="not the evidence of a comparison"):
        baselines.save("main", comparison(comparison=None))
    with pytest.raises(Problem, match="holds no answer"):
        baselines.save("main", build(replace(RUN, checks=(replace(FAILED, slot=Slot(1, 0.0)),))))
    assert baselines.rows() == ()


def test_checks_that_point_beside_the_targets_are_refused(baselines: Baselines, tmp_path: Path) -> None:
    baselines.save("main", comparison())
    document = json.loads(place(tmp_path, "main").read_bytes())
    document["checks"][0]["target"] = 7
    place(tmp_path, "main").write_text(json.dumps(document))
    with pytest.raises(Problem):
        baselines.load("main")


def test_a_file_of_another_place_is_read_too(tmp_path: Path, baselines: Baselines) -> None:
    baselines.save("main", comparison())
    assert read_baseline(place(tmp_path, "main"), "the file X.json", "Give another.") == comparison()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no file X.json."),
        (b"{", "The file X.json is damaged and cannot be read."),
        (b'{"a": 1}', "The file X.json is not evidence of gatewaytui."),
    ],
)
def test_without_a_file_the_next_step_is_the_one_of_a_file(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "X.json").write_bytes(content)
    with pytest.raises(Problem) as trouble:
        read_baseline(tmp_path / "X.json", "the file X.json", "Give another.")
    assert (trouble.value.sentence, trouble.value.next_step) == (said, "Give another.")


def test_evidence_of_something_else_in_a_file_is_told_with_the_next_step_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "X.json").write_bytes(evidence_json.render(comparison(comparison=None)))
    with pytest.raises(Problem, match="not the evidence of a comparison") as trouble:
        read_baseline(tmp_path / "X.json", "the file X.json", "Give another.")
    assert trouble.value.next_step == "Give another."


def test_what_cannot_be_written_is_said(baselines: Baselines, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(Problem, match="could not be kept") as trouble:
        baselines.save("main", comparison())
    assert trouble.value.failure_class is FailureClass.STORAGE


def test_samples_are_of_answered_runs_without_warm_ups() -> None:
    column = sampled(comparison())[0]
    assert (column.runs, column.answered) == (3, 2)
    assert column.values[Metric.TTFT] == (100.5, 100.5)  # the wait for a turn included
    assert column.values[Metric.TTFT_CONNECTED] == (99.0, 99.0)
    assert (column.values[Metric.E2E], column.values[Metric.TOKENS_PER_SECOND]) == ((800.5, 800.5), ())
    assert sampled(comparison(comparison=None)) == ()


def test_a_whole_answer_is_sampled_to_its_last_byte() -> None:
    whole = replace(PASSED, stream=None, name="chat", elapsed_ms=321.0, slot=Slot(1, 0.0, 0.0))
    column = sampled(build(replace(RUN, checks=(whole,))))[0]
    assert column.values[Metric.E2E] == (321.0,)
    assert column.values[Metric.TTFT] == ()


def test_the_samples_tell_whose_count_they_go_by_and_never_mix_two() -> None:
    def run(number: int, source: TokenSource, itl_ms: float) -> CheckResult:
        stream = replace(STREAM, token_source=source, itl_ms=itl_ms)
        return replace(PASSED, stream=stream, slot=Slot(number, 0.0, 0.0, text=1))

    def samples_of(checks: tuple[CheckResult, ...]) -> tuple[Sampled, ...]:
        return sampled(build(replace(RUN, kind="compare", checks=checks)))

    usage, estimated = TokenSource.USAGE, TokenSource.ESTIMATED
    mixed = (run(1, usage, 10.0), run(2, usage, 11.0), run(3, estimated, 7.0))
    (column, *_) = samples_of(mixed)
    assert column.token_source is usage and column.values[Metric.ITL] == (10.0, 11.0)
    assert len(column.values[Metric.TTFT]) == 3
    assert samples_of(mixed[2:])[0].token_source is estimated
