"""What the commands that ask a gateway say and measure: chat, compare, models, smoke, history."""

from __future__ import annotations

import json
import socket

import pytest

from gatewaytui.demo.launch import Gateways
from tests.conftest import Cli

from .conftest import Quick
from .support import persona


def _ad_hoc(gateways: Gateways, name: str) -> tuple[tuple[str, ...], dict[str, str]]:
    url, key = persona(gateways, name)
    return ("--base-url", url, "--api-key-env", "K"), {"K": key}


def test_chat_says_tokens_phases_finish_and_request_id(cli: Cli, gateways: Gateways) -> None:
    argv, key = _ad_hoc(gateways, "healthy")
    done = cli("chat", *argv, "--model", "gpt-5.5", "--max-tokens", "6", "Hello", **key)
    for words in ("output tokens 6", "first byte at", "TTFT", "finish length, model gpt-5.5", "request id "):
        assert words in done.stderr


def test_the_servers_own_words_are_said_only_when_asked_for(cli: Cli, gateways: Gateways) -> None:
    argv, key = _ad_hoc(gateways, "no-credit")
    for command in (("smoke",), ("chat", "hello")):
        quiet = cli(command[0], *argv, "--model", "gpt-5.5", *command[1:], **key)
        asked = cli(command[0], *argv, "--model", "gpt-5.5", "--show-error", *command[1:], **key)
        assert (quiet.returncode, asked.returncode) == (14, 14)
        assert "the server said" not in quiet.stderr and "the server said" in asked.stderr


@pytest.mark.parametrize(
    "argv",
    [
        ("chat", "--base-url", "https://g.example/v1", " "),
        ("chat", "--base-url", "https://g.example/v1", "-"),
        ("chat", "--base-url", "https://g.example/v1"),
        ("chat", "--base-url", "https://g.example/v1", "--prompt-file", "x", "and words"),
        ("chat", "--base-url", "https://g.example/v1", "--temperature", "nan", "hi"),
        ("smoke", "--base-url", "https://g.example/v1", "--prompt", ""),
        ("smoke", "--base-url", "https://g.example/v1", "--timeout", "nan"),
        ("smoke", "--base-url", "https://g.example/v1", "--timeout", "inf"),
        ("compare", "a", "--prompt", ""),
        ("history", "--family", "nope"),
    ],
    ids=" ".join,
)
def test_what_makes_no_request_is_a_usage_error(quick: Quick, argv: tuple[str, ...]) -> None:
    done = quick(*argv)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("gatewaytui: ") and f"next: Read gatewaytui {argv[0]} --help" in done.stderr


def test_compare_tells_each_target_that_is_not_well_and_exits_as_the_first(cli: Cli, gateways: Gateways) -> None:
    (_, url, *_), key = _ad_hoc(gateways, "healthy")
    cli("profiles", "add", "here", "--base-url", url, "--key", "env:K")
    done = cli("compare", "here", "here,model=nonesuch", "--model", "gpt-5.5", "--max-tokens", "4", **key)
    assert done.returncode == 12
    well, unwell = done.stdout.splitlines()[1:3]
    assert well.startswith("✓") and "1/1 100%" in well and "model_not_found" not in well
    assert unwell.startswith("✗") and "0/1 0%" in unwell and unwell.endswith("model_not_found")
    assert "next:" in done.stderr and done.stderr.count("here (nonesuch), 1 of 1 runs: stream") == 1


def test_a_comparison_is_evidence_of_every_target(cli: Cli, gateways: Gateways) -> None:
    (_, url, *_), key = _ad_hoc(gateways, "healthy")
    cli("profiles", "add", "here", "--base-url", url, "--key", "env:K")
    done = cli("compare", "here", "here", "--max-tokens", "4", "--format", "json", **key)
    document = json.loads(done.stdout)
    assert (len(document["targets"]), [check["target"] for check in document["checks"]]) == (2, [0, 1])
    assert cli("verify", "-", stdin=done.stdout).returncode == 0
    assert cli("history", "--format", "jsonl").stdout.count('"compare"') == 1


def test_models_say_when_a_filter_or_a_diff_finds_nothing(cli: Cli, gateways: Gateways) -> None:
    (_, url, *_), key = _ad_hoc(gateways, "healthy")
    cli("profiles", "add", "here", "--base-url", url, "--key", "env:K")
    none = cli("models", "here", "--filter", "zzz", **key)
    assert (none.returncode, none.stdout, "zzz" in none.stderr) == (0, "", True)
    same = cli("models", "here", "here", "--diff", **key)
    assert (same.returncode, same.stdout, "same" in same.stderr) == (0, "", True)


def test_a_warning_counts_only_where_it_is_asked_to(cli: Cli, gateways: Gateways) -> None:
    argv, key = _ad_hoc(gateways, "wrong-model")
    lenient = cli("smoke", *argv, "--json", **key)
    assert (lenient.returncode, json.loads(lenient.stdout)["summary"]["warnings"]) == (0, ["model_mismatch"])
    assert cli("smoke", *argv, "--fail-on", "warning", **key).returncode == 17


def test_the_time_of_the_seeds_runner_bounds_a_server_that_says_nothing(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        done = cli("smoke", "--base-url", url, "--timeout-ms", "300", "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["summary"]["failure_family"]) == (15, "timeout")


def test_evidence_has_what_other_programs_rely_on(cli: Cli) -> None:
    document = json.loads(cli("smoke", "--sample", "--json").stdout)
    assert {"schema", "tool", "generated_at", "target", "safety", "checks", "summary"} <= set(document)
    assert document["checks"][0]["model_count"] == 3 and document["checks"][1]["usage"]["total_tokens"] == 11
    assert cli("smoke", "--sample", "--skip-chat").stdout.endswith("\n")
