from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gatewaytui.domain.failure import Confidence, FailureClass, FailureFamily, Origin, RetryWhen
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.reading import StreamEnd
from gatewaytui.domain.run import Outcome, TokenSource
from gatewaytui.evidence import allow, schema
from gatewaytui.evidence import json as json_format
from gatewaytui.evidence.document import SCHEMA

from .builders import evidence

PUBLISHED = json.loads(schema.text())


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for member in value.values():
            yield from nodes(member)
    elif isinstance(value, list):
        for member in value:
            yield from nodes(member)


def test_it_is_a_schema_with_the_documents_name() -> None:
    Draft202012Validator.check_schema(PUBLISHED)
    assert PUBLISHED["$id"] == SCHEMA


def test_it_allows_no_field_it_does_not_name() -> None:
    objects = [node for node in nodes(PUBLISHED) if node.get("type") == "object"]
    assert objects and all(node["additionalProperties"] is False for node in objects)
    closed = [node for node in objects if "properties" in node]
    assert all(node["required"] == list(node["properties"]) for node in closed)


def test_every_text_is_bounded_by_a_pattern_and_a_length() -> None:
    texts = [node for node in nodes(PUBLISHED) if "string" in node.get("type", ())]
    assert texts and all("pattern" in node and "maxLength" in node for node in texts)


@pytest.mark.parametrize(
    ("place", "vocabulary"),
    [
        ("failure_class", FailureClass),
        ("failure_family", FailureFamily),
        ("target/properties/auth_header", AuthHeader),
        ("target/properties/protocol", Protocol),
        ("failure/properties/origin", Origin),
        ("failure/properties/confidence", Confidence),
        ("failure/properties/retry/properties/when", RetryWhen),
        ("check/properties/outcome", Outcome),
        ("check/properties/stream_end", StreamEnd),
        ("check/properties/token_source", TokenSource),
    ],
)
def test_its_vocabularies_are_the_domains(place: str, vocabulary: type[StrEnum]) -> None:
    node = PUBLISHED["$defs"]
    for step in place.split("/"):
        node = node[step]
    assert [word for word in node["enum"] if word is not None] == [member.value for member in vocabulary]


def test_its_finish_reasons_are_the_allowed_ones() -> None:
    words = PUBLISHED["$defs"]["check"]["properties"]["finish_reason"]["enum"]
    assert set(words) == {*allow.FINISH_REASONS, "other", None}


def test_problems_name_the_field_and_never_the_value() -> None:
    document = json.loads(json_format.render(evidence()))
    document["target"]["profile"] = "two\nlines of hunter2"
    document["extra"] = "hunter2"
    del document["summary"]
    found = schema.problems(document)
    assert any(problem.startswith("/target/profile ") for problem in found)
    assert "the document has fields that evidence does not have." in found
    assert "the document lacks summary." in found
    assert "hunter2" not in "".join(found)


@pytest.mark.parametrize("document", [None, [], "evidence", {}, {"schema": "gatewaytui-evidence/v2"}])
def test_anything_else_is_no_evidence(document: object) -> None:
    assert schema.problems(document)
