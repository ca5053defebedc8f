from __future__ import annotations

import json
import pickle
import string

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gatewaytui.domain.failure import MEANINGS
from gatewaytui.domain.secret import Secret
from gatewaytui.evidence import gate, schema
from gatewaytui.evidence import json as json_format
from gatewaytui.evidence import markdown as markdown_format
from gatewaytui.evidence.gate import GateRefused, Leak, guard, leaks
from gatewaytui.evidence.known import Known

from .builders import ENCODINGS, FAILED, REQUEST_ID, RUN, evidence, planted, strings

KEY = "canary_4f9dKq2Lw8ZrT6vB1nXs7Hj3"
PROMPT = 'Tell me "why" the canary & the miner left the pit <early> on the 3rd.'
KNOWN = Known(keys=(Secret(KEY),), prompts=(PROMPT,))
DOCUMENT = json.loads(json_format.render(evidence(with_request_id=True)))
REPORT = markdown_format.render(evidence(with_request_id=True)).decode()


def schema_strings(node: dict[str, object], root: dict[str, object], pointer: str) -> set[str]:
    """Every place where the published schema allows a text, ``*`` for any index or free member name."""
    found: set[str] = set()
    if "$ref" in node:
        return schema_strings(root["$defs"][str(node["$ref"]).rpartition("/")[2]], root, pointer)  # type: ignore[index]
    for option in node.get("oneOf", []):  # type: ignore[attr-defined]
        found |= schema_strings(option, root, pointer)
    kinds = node.get("type", [])
    texts = [*node.get("enum", []), node.get("const")]  # type: ignore[misc]
    if "string" in ([kinds] if isinstance(kinds, str) else kinds) or any(isinstance(text, str) for text in texts):
        found.add(pointer)
    for name, member in node.get("properties", {}).items():  # type: ignore[attr-defined]
        found |= schema_strings(member, root, f"{pointer}/{name}")
    for member in node.get("patternProperties", {}).values():  # type: ignore[attr-defined]
        found |= schema_strings(member, root, f"{pointer}/*")
    if "items" in node:
        found |= schema_strings(node["items"], root, f"{pointer}/*")  # type: ignore[arg-type]
    return found


def general(pointer: str) -> str:
    steps = ["*" if step.isdigit() else step for step in pointer.split("/")]
    if "signals" in steps:
        steps[-1] = "*"
    return "/".join(steps)


FIELDS = sorted(strings(DOCUMENT))


def test_the_document_under_test_fills_every_string_field_of_the_schema() -> None:
    published = json.loads(schema.text())
    unfilled = schema_strings(published, published, "") - {general(field) for field in FIELDS}
    assert unfilled == {"/checks/*/request_id_hash", "/summary/warnings/*"}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("canary", [KEY, PROMPT], ids=["key", "prompt"])
def test_a_canary_is_found_in_every_string_field_in_every_encoding(canary: str, encoding: str) -> None:
    encoded = ENCODINGS[encoding](canary)
    for field in [*FIELDS, "/checks/1/request_id_hash"]:
        with pytest.raises(GateRefused) as refused:
            guard(planted(DOCUMENT, field, encoded), KNOWN)
        assert field in {leak.field for leak in refused.value.leaks}
        assert canary not in str(refused.value) and encoded not in str(refused.value)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("canary", [KEY, PROMPT], ids=["key", "prompt"])
def test_a_canary_is_found_in_every_line_of_the_report(canary: str, encoding: str) -> None:
    encoded = ENCODINGS[encoding](canary)
    lines = REPORT.splitlines()[:: 1 if encoding == "raw" else 9]
    for number in range(len(lines)):
        content = "\n".join([*lines[:number], lines[number] + encoded, *lines[number + 1 :]])
        assert leaks(content.encode(), KNOWN), lines[number]


@given(st.text(alphabet=string.ascii_letters + string.digits + "-_+/=.~!$%&", min_size=16, max_size=60), st.data())
@example("AAAAAAAAAAAAAAAA%%%%", None)
def test_any_key_is_found_in_any_encoding(key: str, data: st.DataObject | None) -> None:
    encoding = data.draw(st.sampled_from(sorted(ENCODINGS))) if data else "percent"
    content = planted(DOCUMENT, "/checks/0/note", ENCODINGS[encoding](key))
    assert Leak("/checks/0/note", "key") in leaks(content, Known(keys=(Secret(key),)))


def test_a_canary_in_a_member_name_is_found() -> None:
    assert leaks(planted(DOCUMENT, f"/checks/1/failure/signals/{KEY}", "x"), KNOWN)


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-4f9dKq2Lw8ZrT6vB1nXs7Hj3",
        "Bearer abc123def456",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLWhlcmU",
        "https://user:hunter2@gateway.example/v1",
        "UzrYEfupAfilNT7AkY6H5xwyy1IPHgJP",
        "jane.doe@example.org",
        "AKIAIOSFODNN7EXAMPLE",
        "%73%6B%2D%34%66%39%64%4B%71%32%4C%77%38%5A%72%54%36%76%42%31%6E%58%73",
    ],
)
def test_what_looks_like_a_secret_is_found_without_knowing_it(secret: str) -> None:
    for field in FIELDS:
        if not field.endswith("/request_id"):
            assert field in {leak.field for leak in leaks(planted(DOCUMENT, field, secret), Known())}
    assert leaks(REPORT.replace("`work`", f"`{secret}`").encode(), Known())


def test_clean_evidence_passes_unchanged() -> None:
    for asked in (True, False):
        for render in (json_format.render, markdown_format.render):
            content = render(evidence(with_request_id=asked))
            assert guard(content, KNOWN) is content


def test_a_typed_address_passes_only_where_the_target_stands() -> None:
    address = "http://10.1.2.3:8000/v1"
    assert not leaks(planted(DOCUMENT, "/target/base_url", address), Known())
    assert leaks(planted(DOCUMENT, "/checks/0/note", address), Known())
    line = f"| Base URL | `{address}` |"
    assert not leaks(line.encode(), Known())
    assert leaks(f"Dialled {address}".encode(), Known())


def test_a_request_id_passes_only_where_it_was_asked_for() -> None:
    assert not leaks(planted(DOCUMENT, "/checks/1/request_id", REQUEST_ID), Known())
    assert leaks(planted(DOCUMENT, "/checks/0/note", REQUEST_ID), Known())
    assert leaks(planted(DOCUMENT, "/checks/1/request_id", "sk-proj-4f9dKq2Lw8ZrT6vB1nXs7Hj3"), Known())


@pytest.mark.parametrize("text", ["OK", "hello", "pong", "yes", "200", "stop", "passed"])
def test_short_prompts_and_answers_are_not_looked_for(text: str) -> None:
    assert not leaks(json_format.render(evidence()), Known(prompts=(text,), responses=(text,)))


def test_a_prompt_is_found_when_echoed_but_its_words_alone_are_not() -> None:
    known = Known(prompts=("Reply with OK",))
    assert not leaks(planted(DOCUMENT, "/checks/0/note", "Reply came: OK"), known)
    assert leaks(planted(DOCUMENT, "/checks/0/note", "input: reply  with ok"), known)


@pytest.mark.parametrize(
    "text", ["response_shape", "First byte", *(row.title for row in list(MEANINGS.values())[:3])]
)
def test_a_prompt_that_says_what_our_own_sentences_say_is_no_leak(text: str) -> None:
    content = planted(DOCUMENT, "/checks/0/note", f"{text} {FAILED.finding.next_step if FAILED.finding else ''}")
    assert not leaks(content, Known(prompts=(text,)))


def test_placeholder_keys_of_local_servers_are_not_looked_for() -> None:
    content = planted(DOCUMENT, "/target/profile", "ollama")
    assert not leaks(content, Known(keys=(Secret("ollama"),)))


def test_part_of_a_long_prompt_is_an_echo() -> None:
    prompt = "Summarise the minutes of the board meeting held in the old mill on the fourth of May"
    content = planted(DOCUMENT, "/checks/0/note", "... minutes of the board meeting held in ...")
    assert [leak.kind for leak in leaks(content, Known(prompts=(prompt,)))] == ["prompt"]


def test_a_canary_in_a_member_that_a_later_one_hides_is_found() -> None:
    assert leaks(json.dumps({"note": KEY}).replace("}", ', "note": "x"}').encode(), KNOWN)


def test_a_key_across_two_fields_is_found_and_words_of_a_prompt_there_are_not() -> None:
    half = len(KEY) // 2
    assert leaks(json.dumps([KEY[:half], KEY[half:]]).encode(), KNOWN)
    assert not leaks(json.dumps(["Tell me the", "whole story"]).encode(), Known(prompts=("Tell me the whole story",)))


def test_a_key_broken_across_lines_is_found_in_what_is_no_document() -> None:
    half = len(KEY) // 2
    content = f'["{KEY[:half]}\\u200b\n'.encode() + KEY[half:].encode()
    assert leaks(content, KNOWN)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[" * 100_000, b'{"a": NaN}', b"{"])
def test_any_bytes_can_be_looked_at(content: bytes) -> None:
    assert leaks(content, KNOWN) == ()


def test_the_refusal_crosses_a_process_boundary_as_its_leaks() -> None:
    with pytest.raises(GateRefused) as refused:
        guard(planted(DOCUMENT, "/target/profile", KEY), KNOWN)
    assert pickle.loads(pickle.dumps(refused.value.leaks)) == refused.value.leaks
    assert Leak("/target/profile", "key") in refused.value.leaks


def test_known_hides_its_values() -> None:
    assert KEY not in repr(KNOWN) and PROMPT not in repr(KNOWN)


def test_markers_are_no_leaks() -> None:
    run = msgspec.structs.replace(evidence(RUN, mask_host=True))
    assert not leaks(json_format.render(run), Known(prompts=("host withheld",)))
    assert gate.MARKER.search(json_format.render(run).decode())


@pytest.mark.parametrize("content", [json_format.render(evidence()), markdown_format.render(evidence())])
def test_an_answer_that_names_the_models_id_keeps_no_evidence_back(content: bytes) -> None:
    long_id = "claude-3-5-sonnet-20241022-v2"
    named = content.replace(b"vendor/model-7b", long_id.encode())
    assert named != content
    assert leaks(named, Known(responses=(f"I am {long_id}, made by a company.",))) == ()
    assert leaks(named, Known(prompts=(f"Are you {long_id}, or another one?",)))
    assert leaks(named, Known(keys=(Secret(long_id),)))
    said = named.replace(long_id.encode(), b"a company of miners left the pit early")
    assert leaks(said, Known(responses=("We are a company of miners left the pit early today.",)))
