"""``doctor`` as a person and as a program use it: the report, the evidence, the exit code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatewaytui.evidence.verify import verify
from tests.engine.answers import NO_ROUTE, PAGE, chat_answer, error, reply
from tests.engine.gateway import KEY, Usual
from tests.servers.fault_server import free_port
from tests.servers.recording import Answer, Asked, Behaviour, Gateway, recording

from .conftest import Done, Quick


@pytest.fixture
def well(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """A gateway that does everything right; ``K`` holds its key and ``BAD`` another."""
    monkeypatch.setenv("K", KEY)
    monkeypatch.setenv("BAD", "sk-not-the-right-one-000000000000")
    with recording(Usual()) as gateway:
        yield gateway


def _ask(quick: Quick, base_url: str, *more: str, key: str = "K") -> Done:
    done = quick("doctor", "--base-url", base_url, "--api-key-env", key, "--no-families", *more)
    assert KEY not in done.stdout + done.stderr
    return done


def test_the_report_names_every_rung_and_what_it_cost(quick: Quick, well: Gateway) -> None:
    done = _ask(quick, f"{well.url}/v1")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["adhoc", f"{well.url}/v1", "bearer", "openai-chat"]
    rungs = [line.split()[1] for line in lines[2:12]]
    assert rungs == ["address", "proxy", "dns", "tcp", "tls", "auth", "models", "model", "chat", "stream"]
    assert "Spent: 4 of 24 requests, 20 of 2,000 tokens" in lines
    assert lines[-1] == "Result: passed"
    assert len(well.asked) == 4


def test_a_failure_is_explained_with_what_was_tried(quick: Quick, well: Gateway) -> None:
    done = _ask(quick, f"{well.url}/v1", key="BAD")
    assert done.returncode == 10
    for words in (
        "The gateway does not accept this key.",
        "next   Copy the key again",
        "Tried to be sure",
        "key in x-api-key",
    ):
        assert words in done.stdout
    assert done.stdout.splitlines()[-1] == "Result: failed"


def only_chats(asked: Asked) -> Answer:
    """A chat and no list."""
    return chat_answer(asked) if asked.path == "/v1/chat/completions" else NO_ROUTE


def wants_other_limit(asked: Asked) -> Answer | None:
    """A model that takes no max_tokens: the chat is asked once more in the form that it names."""
    message = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
    if "max_tokens" in asked.body.decode():
        return reply(400, {"error": {"message": message, "param": "max_tokens", "code": "unsupported_parameter"}})
    return Usual()(asked)


@pytest.mark.parametrize(
    ("gateway", "more"),
    [
        (Usual(), ("--model", "gpt-5.5")),
        (Usual(keys=("another",)), ("--model", "gpt-5.5")),
        (only_chats, ("--model", "gpt-5.5")),
        (only_chats, ()),
        (wants_other_limit, ("--model", "gpt-5.5")),
        (lambda _: PAGE, ()),
    ],
    ids=("all is well", "another key", "no list", "no list, no model", "asked in another form", "a website"),
)
@pytest.mark.parametrize("families", [True, False])
def test_every_request_is_a_line_of_the_report(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, gateway: Behaviour, more: tuple[str, ...], families: bool
) -> None:
    monkeypatch.setenv("K", KEY)
    with recording(gateway) as server:
        rest = more if families else (*more, "--no-families")
        done = quick("doctor", "--base-url", f"{server.url}/v1", "--api-key-env", "K", *rest)
    shown = re.findall(r" (GET|POST) (/\S+) ", done.stdout)
    assert sorted(shown) == sorted((asked.method, asked.path) for asked in server.asked)
    assert f"Spent: {len(server.asked)} of 24 requests" in done.stdout


def test_a_key_that_comes_back_as_a_model_id_is_in_no_report(quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K", KEY)
    with recording(Usual(ids=(KEY,))) as hostile:
        for form in ("text", "markdown", "json", "junit"):
            done = quick("doctor", "--base-url", f"{hostile.url}/v1", "--api-key-env", "K", "--format", form)
            assert len(hostile.asked) > 3 and not any(KEY in asked.path for asked in hostile.asked)
            assert KEY not in done.stdout + done.stderr


def test_a_pasted_address_is_taken_and_mended_in_words(quick: Quick, well: Gateway) -> None:
    done = _ask(quick, f"{well.url}/v1/chat/completions")
    assert done.returncode == 11
    assert f"Set the base URL to {well.url}/v1:" in " ".join(done.stdout.split())
    assert [asked.path for asked in well.asked] == ["/v1/models"]


@pytest.mark.parametrize(
    "base_url", ["not a url", "gateway.example", "https://user:pw@gateway.example/v1", "ftp://x/v1"]
)
def test_an_address_that_cannot_work_is_not_asked(quick: Quick, well: Gateway, base_url: str) -> None:
    done = _ask(quick, base_url, "--format", "json")
    document = json.loads(done.stdout)
    assert (document["summary"]["failure_class"], done.returncode) == ("config", 21)
    assert document["requests"] == [] and document["checks"][0]["name"] == "address"
    assert "pw" not in done.stdout.replace("pwd", "")


def test_a_closed_port_is_the_tcp_rung_s(quick: Quick, well: Gateway) -> None:
    done = _ask(quick, f"http://127.0.0.1:{free_port()}/v1", "--format", "json")
    document = json.loads(done.stdout)
    failed = [check["name"] for check in document["checks"] if check["outcome"] == "failed"]
    assert (failed, document["summary"]["failure_class"], done.returncode) == (["tcp"], "connection_refused", 20)
    assert document["spending"]["requests"] == 0


@pytest.mark.parametrize("form", ["markdown", "json", "junit"])
def test_evidence_goes_to_stdout_and_the_ladder_to_stderr(quick: Quick, well: Gateway, form: str) -> None:
    done = _ask(quick, f"{well.url}/v1", "--format", form)
    assert verify(done.stdout.encode()) == ()
    assert "Result:" not in done.stdout and "auth" in done.stderr


def test_json_says_what_was_sent_and_spent(quick: Quick, well: Gateway) -> None:
    document = json.loads(_ask(quick, f"{well.url}/v1", "--format", "json").stdout)
    assert [(row["method"], row["path"], row["key"]) for row in document["requests"]] == [
        (asked.method, asked.path, key) for asked, key in zip(well.asked, ["own", "wrong", "own", "own"], strict=True)
    ]
    assert document["spending"]["requests"] == 4 and document["summary"]["ok"] is True
    skipped = [check for check in document["checks"] if check["outcome"] == "skipped"]
    assert skipped and all(check["elapsed_ms"] is None for check in skipped)


@pytest.mark.parametrize("form", ["text", "markdown", "json", "junit"])
def test_a_file_takes_the_whole_report(quick: Quick, well: Gateway, tmp_path: Path, form: str) -> None:
    place = tmp_path / "doctor.out"
    done = _ask(quick, f"{well.url}/v1", "--format", form, "--out", str(place))
    assert (done.returncode, done.stdout) == (0, "")
    content = place.read_text(encoding="utf-8")
    if form == "text":
        assert content.splitlines()[-1] == "Result: passed" and "✓ chat" in content
    else:
        assert verify(content.encode()) == ()


def test_the_budget_is_kept_and_said(quick: Quick, well: Gateway) -> None:
    done = _ask(quick, f"{well.url}/v1", "--max-requests", "1")
    assert len(well.asked) == 1
    assert "Spent: 1 of 1 requests" in done.stdout and "left out" in done.stdout
    assert done.stdout.splitlines()[-1] == "Result: passed as far as the budget went"
    _ask(quick, f"{well.url}/v1", "--max-tokens", "1")
    assert all(asked.method == "GET" for asked in well.asked)


@pytest.mark.parametrize(
    "flags",
    [
        ("--max-requests", "0"),
        ("--max-tokens", "-1"),
        ("--max-requests", "many"),
        ("--format", "xml"),
        ("--protocol", "soap"),
        ("--no-such-flag",),
        ("--timeout", "0"),
        ("extra", "arguments"),
    ],
)
def test_a_bad_flag_is_a_usage_error_and_asks_nobody(quick: Quick, well: Gateway, flags: tuple[str, ...]) -> None:
    done = _ask(quick, f"{well.url}/v1", *flags)
    assert (done.returncode, done.stdout) == (2, "")
    assert "next:" in done.stderr and well.asked == []


def test_without_a_target_it_says_what_to_name(quick: Quick) -> None:
    done = quick("doctor")
    assert done.returncode == 2 and "--base-url" in done.stderr


def test_a_variable_that_is_not_set_is_the_keystore_s(quick: Quick, well: Gateway) -> None:
    done = _ask(quick, f"{well.url}/v1", "--format", "json", key="NOT_SET_ANYWHERE")
    document = json.loads(done.stdout)
    assert (document["summary"]["failure_class"], done.returncode) == ("keystore", 21)
    assert well.asked == []


def test_a_masked_host_is_in_no_field_of_the_evidence(quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K", KEY)

    def elsewhere(asked: Asked) -> Answer | None:
        return Usual(at="/api")(asked) if asked.path.startswith("/api/") else PAGE

    with recording(elsewhere) as gateway:
        monkeypatch.setenv("HTTP_PROXY", gateway.url)  # the name exists for this proxy alone
        monkeypatch.delenv("NO_PROXY", raising=False)
        for form in ("json", "markdown", "junit"):
            done = _ask(quick, "http://hidden.example/v1", "--allow-http", "--format", form, "--mask-host")
            assert "/api/v1" in done.stdout and "base_url" in done.stdout
            assert "hidden" not in done.stdout, form


def test_a_warning_ends_well_unless_it_is_asked_to_count(quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K", KEY)
    with recording(Usual(routes={"/v1/models": lambda _: NO_ROUTE})) as gateway:
        asked = (f"{gateway.url}/v1", "--model", "gpt-5.5")
        done = _ask(quick, *asked)
        assert done.returncode == 0 and done.stdout.splitlines()[-1] == "Result: passed, 1 warning"
        assert _ask(quick, *asked, "--fail-on", "warning").returncode == 11


def test_a_key_that_nobody_looks_at_is_not_called_refused(quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K", KEY)
    with recording(Usual(keys=())) as gateway:
        done = _ask(quick, f"{gateway.url}/v1")
    assert "! The key is not proven: a wrong one is answered too." in done.stdout.splitlines()
    assert "does not accept" not in done.stdout and "retry" not in done.stdout


def test_the_server_s_words_are_shown_only_when_asked_for(quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K", KEY)
    broken = error(500, "The hamster \x1b]52;c;x\x07 is asleep")
    with recording(lambda _: broken) as gateway:
        silent = _ask(quick, f"{gateway.url}/v1")
        assert "hamster" not in silent.stdout + silent.stderr
        told = _ask(quick, f"{gateway.url}/v1", "--show-error")
        assert "hamster" in told.stderr and "hamster" not in told.stdout and "\x1b" not in told.stderr


def test_the_run_is_kept_in_the_history(quick: Quick, well: Gateway) -> None:
    _ask(quick, f"{well.url}/v1", key="BAD")
    done = quick("history", "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 1 and "auth" in done.stdout
