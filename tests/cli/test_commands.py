"""Each command as a person or a program uses it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from gatewaytui.demo.launch import Gateways
from tests.conftest import Cli

from .support import persona

CANARY_KEY = "sk-canaryKEY0123456789abcdefABCDEF0123456789abcdef"
CANARY_PROMPT = "Summarise the secret merger of Nordwind and Suedwind"


def test_smoke_prints_markdown_evidence_by_default(cli: Cli, gateways: Gateways) -> None:
    url, key = persona(gateways, "tken")
    done = cli("smoke", TKEN_BASE_URL=url, TKEN_API_KEY=key)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("#") and url in done.stdout
    assert key not in done.stdout + done.stderr
    assert cli("verify", "-", stdin=done.stdout).returncode == 0


def test_smoke_says_which_model_it_took(cli: Cli, gateways: Gateways) -> None:
    url, key = persona(gateways, "healthy")
    document = json.loads(cli("smoke", "--json", TKEN_BASE_URL=url, TKEN_API_KEY=key).stdout)
    assert document["target"]["requested_model"] in (None, "")
    assert document["target"]["selected_model"]
    assert "took the first" in json.dumps(document["checks"][1])


def test_skip_chat_stops_after_the_list(cli: Cli, gateways: Gateways) -> None:
    url, key = persona(gateways, "healthy")
    document = json.loads(cli("smoke", "--json", "--skip-chat", TKEN_BASE_URL=url, TKEN_API_KEY=key).stdout)
    assert [check["name"] for check in document["checks"]] == ["models"]


def test_models_lists_filters_and_tells_apart(cli: Cli, gateways: Gateways) -> None:
    url, key = persona(gateways, "tokmodel")
    done = cli("models", "--base-url", url, "--api-key-env", "K", "--filter", "claude", "--format", "jsonl", K=key)
    ids = [json.loads(line)["id"] for line in done.stdout.splitlines()]
    assert ids and all("claude" in id for id in ids)
    assert "v1beta" in done.stderr


def test_chat_streams_data_to_stdout_and_measures_to_stderr(cli: Cli, gateways: Gateways) -> None:
    url, key = persona(gateways, "healthy")
    done = cli("chat", "--base-url", url, "--api-key-env", "K", "--max-tokens", "24", "Hello there", K=key)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() and "TTFT" in done.stderr and "TTFT" not in done.stdout


def test_raw_prints_every_event_with_its_time_and_gap(cli: Cli, gateways: Gateways) -> None:
    url, key = persona(gateways, "healthy")
    done = cli("chat", "--base-url", url, "--api-key-env", "K", "--max-tokens", "8", "--raw", "Hello", K=key)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(events) > 3 and all({"at_ms", "gap_ms", "event", "data"} == set(event) for event in events)


def test_explain_reads_curl_output(cli: Cli) -> None:
    text = (
        "HTTP/1.1 402 Payment Required\r\ncontent-type: application/json\r\n\r\n"
        '{"error":{"message":"Insufficient account credits","code":402}}'
    )
    done = cli("explain", "-", "--format", "json", stdin=text)
    assert json.loads(done.stdout)["exchanges"][0]["failure"]["class"] == "billing_quota"
    assert done.returncode == 14


def test_explain_says_when_nothing_is_recognised(cli: Cli) -> None:
    done = cli("explain", "-", stdin="")
    assert done.returncode == 22 and "HAR" in done.stderr


def test_redact_keeps_the_shape_of_json_lines(cli: Cli) -> None:
    line = json.dumps({"k": [CANARY_KEY, 1, None], "plain": "model gpt-5.5"})
    done = cli("redact", "--jsonl", stdin=line + "\n")
    value = json.loads(done.stdout)
    assert CANARY_KEY not in done.stdout
    assert (value["plain"], value["k"][1:]) == ("model gpt-5.5", [1, None])


def test_the_tour_shows_every_gateway_and_one_evidence_sample(cli: Cli) -> None:
    done = cli("demo")
    assert done.returncode == 0, done.stderr
    for name in ("healthy", "no-credit", "wrong-route", "stalls", "wrong-model"):
        assert name in done.stdout
    assert "billing_quota" in done.stdout and "# " in done.stdout


def test_served_gateways_print_their_urls_and_end_with_sigterm(cli: Cli) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "gatewaytui", "demo", "--headless", "--persona", "healthy"],
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert process.stdout is not None
    served = json.loads(process.stdout.readline())
    assert set(served) == {"persona", "base_url", "api_key", "protocols", "shows", "family", "model"}
    done = cli("smoke", "--base-url", served["base_url"], "--api-key-env", "K", "--json", K=served["api_key"])
    process.send_signal(signal.SIGTERM)
    process.stdout.close()
    assert (done.returncode, process.wait(timeout=10)) == (0, 0)


def test_profiles_are_added_shown_edited_and_removed(cli: Cli) -> None:
    assert cli("profiles", "add", "tokone").returncode == 0
    assert cli("profiles", "edit", "tokone", "--default-model", "gpt-5.5").returncode == 0
    shown = cli("profiles", "show", "tokone").stdout
    assert "gpt-5.5" in shown and "https://api.tokone.ai/v1" in shown and "group" in shown
    assert cli("profiles", "remove", "tokone", "--yes").returncode == 0
    assert cli("profiles", "list").stdout == ""


def test_a_key_and_a_prompt_are_found_nowhere_afterwards(cli: Cli, gateways: Gateways, home: Path) -> None:
    url, _ = persona(gateways, "no-credit")
    outs = [
        cli("smoke", "--base-url", url, "--api-key-env", "K", "--prompt", CANARY_PROMPT, "--json", K=CANARY_KEY),
        cli("chat", "--base-url", url, "--api-key-env", "K", "--model", "m", CANARY_PROMPT, K=CANARY_KEY),
        cli("history"),
    ]
    said = "".join(done.stdout + done.stderr for done in outs)
    files = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    for canary in (CANARY_KEY, CANARY_PROMPT):
        assert canary not in said
        assert canary.encode() not in files
    assert len(files) > 0
