from __future__ import annotations

import json
import pickle
from datetime import datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gatewaytui.domain.chat import Usage
from gatewaytui.domain.exchange import Timings
from gatewaytui.domain.failure import FailureClass, Signal
from gatewaytui.domain.run import AnswerFacts, CatalogueFacts, CheckResult, Outcome, Run, TargetFacts
from gatewaytui.evidence import json as json_format
from gatewaytui.evidence import schema
from gatewaytui.evidence.document import Evidence
from gatewaytui.evidence.record import build

from .builders import FAILED, NOW, PASSED, REQUEST_ID, RUN, TARGET, evidence, finding

KEY = "sk-proj-4f9dKq2Lw8ZrT6vB1nXs7Hj3"


def run_of(*checks: CheckResult, target: TargetFacts = TARGET) -> Run:
    return Run("smoke", NOW, (target,), checks)


def test_a_run_becomes_a_document_that_fits_the_schema() -> None:
    document = json.loads(json_format.render(evidence()))
    assert schema.problems(document) == ()
    assert document["schema"] == "gatewaytui-evidence/v1"
    assert document["generated_at"] == "2026-05-07T12:34:56Z"
    assert document["target"] == document["targets"][0]
    assert [check["name"] for check in document["checks"]] == ["models", "chat"]
    assert document["summary"] == {
        "ok": False,
        "failure_class": "rate_limit",
        "failure_family": "rate_or_quota",
        "warnings": [],
    }
    assert document["checks"][1]["failure"]["retry"] == {"when": "after", "seconds": 30.0}
    assert document["checks"][1]["failure"]["signals"] == {"status": 429, "code": "rate_limit_exceeded"}


def test_what_was_not_measured_is_null() -> None:
    models, chat = evidence().checks
    assert models.ttft_ms is None and models.usage is None and models.chunk_count is None
    assert chat.usage is not None and chat.usage.total_tokens is None
    assert chat.ttfat_ms is None and chat.chunk_gap_ms is not None and chat.chunk_gap_ms.p99 is None
    assert models.timings is not None and models.timings.tls_ms is None and models.timings.dns_ms == 1.0


def test_figures_that_are_no_figures_are_null() -> None:
    odd = replace(
        PASSED,
        elapsed_ms=float("nan"),
        status=7,
        answer=AnswerFacts(1, usage=Usage(-1, 10**30, 5)),
        catalogue=CatalogueFacts(-2),
        timings=Timings(dns_ns=-5),
    )
    check = evidence(run_of(odd)).checks[0]
    assert check.elapsed_ms is None and check.status is None and check.model_count is None
    assert check.usage is not None and (check.usage.input_tokens, check.usage.output_tokens) == (None, None)
    assert check.usage.total_tokens == 5
    assert check.timings is not None and check.timings.dns_ms is None


def test_compare_has_targets_and_the_first_as_target() -> None:
    other = replace(TARGET, profile="home", base_url="http://127.0.0.1:8000/v1")
    run = Run("compare", NOW, (TARGET, other), (PASSED, replace(PASSED, target=1)))
    document = json.loads(json_format.render(evidence(run)))
    assert schema.problems(document) == ()
    assert [target["profile"] for target in document["targets"]] == ["work", "home"]
    assert document["target"]["profile"] == "work"
    assert [check["target"] for check in document["checks"]] == [0, 1]


def test_a_warning_is_named_and_the_run_is_ok() -> None:
    warned = replace(PASSED, outcome=Outcome.WARNED, finding=finding(FailureClass.MODELS_UNSUPPORTED))
    summary = evidence(run_of(warned, warned)).summary
    assert summary.ok and summary.failure_class is None
    assert summary.warnings == (FailureClass.MODELS_UNSUPPORTED,)


def test_a_run_without_a_target_is_refused() -> None:
    with pytest.raises(ValueError, match="target"):
        build(Run("smoke", NOW, (), ()))


def test_time_is_utc() -> None:
    here = datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=2)))
    assert build(RUN, now=here).generated_at == "2025-12-31T23:00:00Z"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("https://gateway.example/v1", "https://gateway.example/v1"),
        ("https://user:hunter2@gateway.example/v1?key=abc#x", "https://gateway.example/v1"),
        ("http://192.168.1.5:8000/v1", "http://192.168.1.5:8000/v1"),
        ("http://[2001:db8::1]:8000/v1", "http://[2001:db8::1]:8000/v1"),
        (f"https://gateway.example/{KEY}/v1", "https://gateway.example/[path withheld]"),
        (f"https://{KEY.lower()}.example/v1", "https://[host withheld]/v1"),
        ("https://b\u00fccher.example/v1", "https://xn--bcher-kva.example/v1"),
        ("ftp://gateway.example", "[address withheld]"),
        ("https://gateway.example:99999/v1", "[address withheld]"),
        ("https://[::1/v1", "[address withheld]"),
        ("not a url", "[address withheld]"),
        ("https://gateway.example/v1/`x`|", "https://gateway.example/[path withheld]"),
    ],
)
def test_base_url(typed: str, shown: str) -> None:
    run = run_of(PASSED, target=replace(TARGET, base_url=typed))
    document = json.loads(json_format.render(evidence(run)))
    assert document["target"]["base_url"] == shown
    assert schema.problems(document) == ()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("https://gateway.example:8443/v1", "https://[host withheld]:8443/v1"),
        ("http://10.1.2.3/v1", "http://[host withheld]/v1"),
        ("http://localhost:8000/v1", "http://localhost:8000/v1"),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
    ],
)
def test_mask_host_hides_all_but_loopback(typed: str, shown: str) -> None:
    run = run_of(PASSED, target=replace(TARGET, base_url=typed))
    masked = evidence(run, mask_host=True)
    assert masked.target.base_url == shown and masked.safety.host_masked
    assert schema.problems(json.loads(json_format.render(masked))) == ()


def test_request_ids_only_where_asked_for() -> None:
    plain, asked = evidence().checks[1], evidence(with_request_id=True).checks[1]
    assert plain.request_id is None and plain.request_id_hash is not None and len(plain.request_id_hash) == 12
    assert asked.request_id == REQUEST_ID and asked.request_id_hash is None
    key_as_id = replace(FAILED, request_id=KEY)
    assert evidence(run_of(key_as_id), with_request_id=True).checks[0].request_id is None


HOSTILE = replace(
    FAILED,
    path=f"/v1/{KEY}?key=1",
    note=f"The server said {KEY} to jane@example.org.",
    catalogue=CatalogueFacts(2, (KEY, "vendor/model-7b")),
    answer=AnswerFacts(1, "whatever the server likes", served_model="a | b\n# c"),
    finding=finding(FailureClass.AUTH, Signal("code", KEY), Signal("Bad Name", "x"), Signal("model", "gpt-4o")),
)


def test_hostile_texts_are_withheld() -> None:
    target = replace(TARGET, profile=KEY, group="a\u202eb", requested_model=KEY, selected_model="x y")
    document = json.loads(json_format.render(evidence(run_of(HOSTILE, target=target))))
    assert schema.problems(document) == ()
    check, shown = document["checks"][0], document["target"]
    assert check["path"] == "/[path withheld]"
    assert check["note"] == "The server said [key withheld] to [e-mail withheld]."
    assert check["sample_model_ids"] == ["[model withheld]", "vendor/model-7b"]
    assert (check["finish_reason"], check["served_model"]) == ("other", "[model withheld]")
    assert check["failure"]["signals"] == {"code": "[model withheld]", "model": "gpt-4o"}
    assert (shown["profile"], shown["group"]) == ("[name withheld]", "[name withheld]")
    assert (shown["requested_model"], shown["selected_model"]) == ("[model withheld]", "[model withheld]")


TEXT = st.text(max_size=40) | st.just(KEY)


@given(TEXT, TEXT, TEXT, TEXT, st.floats(), st.integers(), st.booleans())
def test_whatever_a_run_holds_its_evidence_fits_the_schema(
    name: str, path: str, model: str, sentence: str, figure: float, count: int, flag: bool
) -> None:
    target = TargetFacts(name, sentence, path, TARGET.auth_header, TARGET.protocol, model, model)
    check = CheckResult(
        name=name,
        outcome=Outcome.FAILED,
        method=name,
        path=path,
        status=count,
        elapsed_ms=figure,
        finding=replace(
            finding(FailureClass.AUTH, Signal(name, sentence), Signal("n", figure)), rule=name, whose=f"W {sentence}"
        ),
        catalogue=CatalogueFacts(count, (model,)),
        answer=AnswerFacts(count, sentence, Usage(count), model),
        request_id=name,
        note=sentence,
    )
    run = Run(name, NOW, (target,), (check,))
    content = json_format.render(evidence(run, mask_host=flag, with_request_id=flag))
    assert schema.problems(json.loads(content)) == ()
    assert KEY.encode() not in content


def test_the_json_is_ascii_stable_and_reads_back() -> None:
    content = json_format.render(evidence())
    assert content.isascii() and content.endswith(b"}\n") and b'\n  "schema"' in content
    assert content == json_format.render(evidence())
    assert msgspec.json.decode(content, type=Evidence) == evidence()
    assert pickle.loads(pickle.dumps(evidence())) == evidence()
