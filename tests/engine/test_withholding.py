"""A server that says the caller's keys back, in every place and spelling: none of it is told, kept or exported."""

from __future__ import annotations

import asyncio
import base64
import json
import pickle
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from gatewaytui.domain.catalogue import ListShape, ModelInfo, ModelList, ModelTable
from gatewaytui.domain.chat import ChatRequest, Frame, Message, Role, TextDelta
from gatewaytui.domain.profile import KeyReference, KeySource, Target
from gatewaytui.domain.progress import ChatJob, DoctorJob, Job, ModelsArrived, ModelsJob, Progress
from gatewaytui.domain.run import Run
from gatewaytui.domain.secret import Secret
from gatewaytui.engine.desk import REMEMBERED, AttentiveKeys, Confidences
from gatewaytui.engine.engine import Engine
from gatewaytui.engine.withholding import Withholding
from gatewaytui.evidence.markers import Withheld
from gatewaytui.evidence.record import build

from .plain_server import Reply, serving
from .support import Keys, finish, target

KEY, HEADER = "marmalade-quorum-velvet-harbour", "anchor-thimble-cobalt-meadow"
"""Not shaped like keys: nothing but knowing them tells that they are."""


def spellings(text: str) -> tuple[str, ...]:
    raw = text.encode()
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in text)
    return text, raw.hex(), base64.b64encode(raw).decode(), "".join(f"%{byte:02X}" for byte in raw), escaped


SAID = (*spellings(KEY), *spellings(HEADER))


class KeysWithHeader(Keys):
    """A key, and an extra header whose value is a secret too."""

    def headers(self, target: Target) -> tuple[tuple[str, Secret | str], ...]:
        return (("X-Team", Secret(HEADER)), ("X-Title", "plain-title"))


def aim(base_url: str, model: str) -> tuple[Target, Engine]:
    plain = target(base_url, model)
    profile = replace(plain.profile, key=KeyReference(KeySource.PROMPT))
    return replace(plain, profile=profile), Engine(KeysWithHeader(("plain", "", Secret(KEY))))


LIST = json.dumps(
    {
        "data": [{"id": "gpt-5.5", "owned_by": "x"}]
        + [{"id": said, "owned_by": said, "supported_endpoint_types": [said]} for said in SAID]
    }
).encode()


def chat_body(said: str) -> bytes:
    call = {"index": 0, "id": said, "type": "function", "function": {"name": said, "arguments": said}}
    delta = {"content": said, "reasoning_content": said, "tool_calls": [call]}
    event = {"id": said, "model": said, "choices": [{"index": 0, "delta": delta, "finish_reason": said}]}
    return f": {said}\n\nevent: {said}\ndata: {json.dumps(event)}\n\ndata: [DONE]\n\n".encode()


def error_body(said: str) -> bytes:
    return json.dumps({"error": {"message": f"no: {said}", "code": said, "type": said, "param": said}}).encode()


def told_by(job: str, models: Reply, chat: Reply) -> tuple[Run, list[Progress], bytes]:
    """The run, all that was told, and the evidence after the gate."""

    async def scenario() -> tuple[Run, list[Progress], bytes]:
        async with serving(models=models, chat=chat) as server:
            aimed, engine = aim(server.base_url, "gpt-5.5")
            asked = ChatRequest("gpt-5.5", (Message(Role.USER, "a prompt"),), stream=job == "stream")
            jobs: dict[str, Job] = {"models": ModelsJob((aimed,)), "doctor": DoctorJob(aimed)}
            run, told = await finish(engine, jobs.get(job, ChatJob((aimed,), asked)))
            return run, told, await engine.export(build(run, with_request_id=True), "json")

    return asyncio.run(scenario())


def assert_clean(content: bytes) -> None:
    for secret in (KEY, HEADER):
        for form in (*spellings(secret), quote(secret, safe=""), secret[:16]):
            assert form.encode() not in content, form


@pytest.mark.parametrize("job", ["models", "chat", "stream", "doctor"])
@pytest.mark.parametrize("said", SAID)
def test_what_a_server_says_back_is_told_and_exported_without_the_keys(job: str, said: str) -> None:
    heads = (("x-request-id", f"req-{said}"), ("server", said), ("retry-after", said), ("location", said))
    answer = Reply(body=chat_body(said), content_type="text/event-stream", headers=heads)
    refusal = Reply(401, body=error_body(said), headers=heads)
    for chat in (answer, refusal):
        run, told, evidence = told_by(job, Reply(body=LIST, headers=heads), chat)
        assert run.checks
        assert_clean(pickle.dumps(told))
        assert_clean(evidence)


def test_a_marker_stands_in_the_place_of_a_key_and_the_rest_is_kept() -> None:
    _, told, _ = told_by("models", Reply(body=LIST), Reply())
    (arrived,) = [event for event in told if isinstance(event, ModelsArrived)]
    ids = [model.id for model in arrived.models.models]
    assert ids[0] == "gpt-5.5" and len(ids) == 1 + len(SAID)
    assert all(Withheld.KEY.marker in id for id in ids[1:])


def withholding(*keys: str) -> Withholding:
    kept = Withholding()
    kept.keep(map(Secret, keys))
    return kept


def a_list(*ids: str) -> ModelList:
    return ModelList(ListShape.OPENAI, tuple(ModelInfo(id, aliases=(id,)) for id in ids))


def test_an_answer_without_the_key_is_the_same_object() -> None:
    said = a_list("gpt-5.5", "lone \ud800 surrogate")
    assert withholding(KEY).of(said) is said
    assert Withholding().of(said) is said


def test_a_table_of_models_loses_the_key_in_every_column_of_words_and_no_number() -> None:
    infos = (
        ModelInfo("gpt-5.5", context=7),
        ModelInfo(f"x-{KEY}", KEY, KEY, 8, endpoint_types=("a", KEY), capabilities=(KEY,), aliases=(KEY, "b")),
    )
    table = ModelList(ListShape.OPENAI, ModelTable.of(infos))
    clean = withholding(KEY).of(table)
    marker = Withheld.KEY.marker
    said = ModelInfo(f"x-{marker}", marker, marker, 8, endpoint_types=("a", marker), capabilities=(marker,))
    assert tuple(clean.models) == (infos[0], replace(said, aliases=(marker, "b")))
    assert_clean(pickle.dumps(clean))
    assert withholding("another-key-0815-4711").of(table) is table


def test_of_the_events_of_one_read_those_that_say_a_key_are_changed() -> None:
    """Escapes of other alphabets beside it neither hide it nor make the others suspicious."""
    plain = [Frame("", f'{{"content":"caf\\u00e9 {number}"}}', 30) for number in range(3)]
    kept = withholding(KEY)
    assert kept.of_frames(plain) is plain
    for said in spellings(KEY):
        clean = kept.of_frames(
            [plain[0], Frame("", f"\\u00e9{said}\\u4e2d", 40, (TextDelta(f"\u00e9{KEY}"),)), plain[2]]
        )
        assert (clean[0], clean[2]) == (plain[0], plain[2])
        assert Withheld.KEY.marker in clean[1].data and said not in clean[1].data
        assert clean[1].events == (TextDelta(f"\u00e9{Withheld.KEY.marker}"),)


def test_a_lone_surrogate_hides_no_key() -> None:
    said = withholding(KEY).of(a_list(f"\ud800 {KEY}"))
    assert said.models[0].id == f"\ud800 {Withheld.KEY.marker}" == said.models[0].aliases[0]


def test_a_word_that_a_local_server_takes_for_a_key_may_stand_in_an_id() -> None:
    said = a_list("mistral-7b", "openai/gpt-5.5")
    assert withholding("mistral", "openai").of(said) is said
    assert withholding("mistral7").of(a_list("mistral7-7b")).models[0].id == f"{Withheld.KEY.marker}-7b"


def test_the_gate_knows_every_secret_that_a_source_gave_out() -> None:
    secrets = Confidences()
    keys = AttentiveKeys(KeysWithHeader(("plain", "", Secret(KEY))), secrets)
    aimed, _ = aim("http://127.0.0.1:9/v1", "")
    keys.read(aimed)
    keys.headers(aimed)
    assert {span.kind for span in secrets.known().find(HEADER)} == {Withheld.KEY}
    for number in range(2 * REMEMBERED):
        keys.remember(f"profile-{number}", "", Secret(f"another-key-{number:04}"))
    assert secrets.known().find(KEY) and secrets.known().find(HEADER)
    assert not secrets.known().find("plain-title")
