"""The evidence as JUnit XML, read back by an XML parser."""

from __future__ import annotations

from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import CheckResult, Outcome, Run
from gatewaytui.domain.secret import Secret
from gatewaytui.evidence import junit
from gatewaytui.evidence.document import Evidence
from gatewaytui.evidence.gate import GateRefused, guard, leaks
from gatewaytui.evidence.known import Known
from gatewaytui.evidence.verify import verify

from .builders import ENCODINGS, FAILED, NOW, PASSED, REQUEST_ID, RUN, TARGET, evidence, finding

WARNED = replace(PASSED, outcome=Outcome.WARNED, finding=finding(FailureClass.MODEL_MISMATCH))
SKIPPED = CheckResult("stream", Outcome.SKIPPED, note="The chat failed, so no stream was asked for.")
KEY = "canary_4f9dKq2Lw8ZrT6vB1nXs7Hj3"


def parsed(document: Evidence) -> ElementTree.Element:
    content = junit.render(document)
    assert content.isascii()
    return ElementTree.fromstring(content)


def of(*checks: CheckResult) -> ElementTree.Element:
    return parsed(evidence(Run("doctor", NOW, (TARGET,), checks)))


def properties(suite: ElementTree.Element) -> dict[str | None, str | None]:
    return {one.get("name"): one.get("value") for one in suite.iter("property")}


def test_a_suite_for_each_target_and_a_case_for_each_check() -> None:
    other = replace(TARGET, profile="spare", group="")
    run = Run("compare", NOW, (TARGET, other), (PASSED, replace(FAILED, target=1)))
    root = parsed(evidence(run))
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == ("testsuites", "2", "1", "0")
    first, second = root.findall("testsuite")
    assert (first.get("name"), second.get("name")) == ("work/default", "spare")
    assert [case.get("name") for case in first.iter("testcase")] == ["models"]
    assert (second.get("tests"), second.get("failures"), second.get("timestamp")) == (
        "1",
        "1",
        "2026-05-07T12:34:56Z",
    )
    assert properties(second)["base_url"] == "https://gateway.example/v1"
    assert properties(second)["api_key_stored"] == "no"


def test_a_failure_has_its_class_and_family_as_type_and_our_sentence_as_message() -> None:
    (failure,) = of(PASSED, FAILED).iter("failure")
    meaning = FailureClass.RATE_LIMIT.meaning
    assert failure.get("type") == "rate_limit/rate_or_quota"
    assert failure.get("message") == meaning.title
    said = (failure.text or "").split("\n")
    assert f"whose: {meaning.whose}" in said and f"next: {meaning.next_step}" in said
    assert "retry: after 30 s" in said and "signal status: 429" in said


def test_a_warning_passes_and_is_said() -> None:
    root = of(WARNED)
    assert root.get("failures") == "0" and not list(root.iter("failure"))
    (said,) = root.iter("system-out")
    assert "warning: model_mismatch/response_shape" in (said.text or "")
    assert FailureClass.MODEL_MISMATCH.meaning.title in (said.text or "")


def test_a_skipped_check_is_skipped_and_says_why() -> None:
    root = of(SKIPPED)
    (skipped,) = root.iter("skipped")
    assert (root.get("skipped"), skipped.get("message")) == ("1", SKIPPED.note)


def test_no_two_cases_of_a_suite_have_one_name() -> None:
    cell = PASSED.cell
    assert cell is not None
    other = replace(PASSED, cell=replace(cell, endpoint="embeddings"))
    names = [case.get("name") for case in of(PASSED, other, FAILED, FAILED).iter("testcase")]
    assert names == ["models models bearer own", "models embeddings bearer own", "chat", "chat (2)"]


def test_times_are_seconds_and_what_was_not_measured_has_none() -> None:
    root = of(PASSED, SKIPPED)
    times = [case.get("time") for case in root.iter("testcase")]
    assert times == ["0.012", None]
    assert of(SKIPPED).get("time") is None


def test_a_failed_check_without_a_finding_is_still_a_failure() -> None:
    (failure,) = of(replace(FAILED, finding=None)).iter("failure")
    assert failure.get("type") == "unclassified"


HOSTILE = (
    '"/><failure type="forged"/>',
    "]]></system-out><testcase name='x'>",
    "<!DOCTYPE x [<!ENTITY e 'x'>]>&e;",
    "a\nb\r\n\x00\x1b]52;c;QQ==\x07\ud800\uffff",
    "名前 & mehr",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_an_element_or_breaks_its_line(text: str) -> None:
    plain, part = evidence(), evidence().targets[0]
    target = msgspec.structs.replace(part, profile=text)
    check = msgspec.structs.replace(plain.checks[0], note=text, served_model=text)
    document = msgspec.structs.replace(plain, target=target, targets=(target,), checks=(check, plain.checks[1]))
    same = msgspec.structs.replace(document, checks=(msgspec.structs.replace(check, note="n", served_model="s"),
                                                     plain.checks[1]))  # fmt: skip
    assert [one.tag for one in parsed(document).iter()] == [one.tag for one in parsed(same).iter()]
    assert len(junit.render(document).splitlines()) == len(junit.render(same).splitlines())


@given(st.text(max_size=80))
def test_any_text_can_be_read_back_as_far_as_xml_allows(text: str) -> None:
    part = msgspec.structs.replace(evidence().targets[0], profile=text)
    root = parsed(msgspec.structs.replace(evidence(), target=part, targets=(part,)))
    found = properties(root.findall("testsuite")[0])["profile"]
    kept = "".join(one for one in text if one.isprintable() and one not in "\ufffe\uffff")
    assert "".join(one for one in found or "" if one.isprintable() and one != " ") == kept.replace(" ", "")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_gate_finds_a_canary_in_the_report(encoding: str) -> None:
    canary = ENCODINGS[encoding](KEY)
    plain = evidence()
    for document in (
        msgspec.structs.replace(plain, targets=(msgspec.structs.replace(plain.targets[0], profile=canary),)),
        msgspec.structs.replace(plain, checks=(msgspec.structs.replace(plain.checks[0], note=canary),)),
    ):
        with pytest.raises(GateRefused):
            guard(junit.render(document), Known(keys=(Secret(KEY),)))


@pytest.mark.parametrize("asked", [True, False])
def test_what_was_typed_or_asked_for_passes_the_gate_in_its_own_place_only(asked: bool) -> None:
    local = replace(RUN, targets=(replace(TARGET, base_url="http://10.1.2.3:8000/v1"),))
    content = junit.render(evidence(local, with_request_id=asked))
    assert guard(content, Known()) is content
    assert verify(content) == ()
    assert leaks(content.replace(b'value="work"', b'value="10.1.2.3"'), Known())
    assert leaks(content.replace(b"note: ", b"note: " + REQUEST_ID.encode()), Known())
