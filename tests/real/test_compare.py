"""``compare`` against aimock and llama.cpp: its claims held against curl's own times and the servers' own logs."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import Cli

from .curl import Curled, curled, installed

pytestmark = pytest.mark.real_server
KEYS = {"AIMOCK_KEY": "sk-aimock-0001", "LLAMA_KEY": "sk-llama-local-0001"}
RUNS, LONGEST = 8, 24


@pytest.fixture(scope="module", autouse=True)
def curl_is_there() -> None:
    if not installed():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("curl is not installed: run .ci/real-servers")


@pytest.fixture
def targets(cli: Cli, aimock: str, llama: str) -> tuple[str, str]:
    """Both servers as profiles; how ``compare`` names them."""
    for name, url in (("aimock", aimock), ("llama", llama)):
        argv = ("profiles", "add", name, "--base-url", url, "--key", f"env:{name.upper()}_KEY")
        assert cli(*argv, **KEYS).returncode == 0
    return "aimock,model=gpt-5.5", "llama,model=tiny-random"


def _compared(cli: Cli, targets: Sequence[str], prompt: str, *more: str) -> dict[str, Any]:
    argv = ("--prompt", prompt, "--max-tokens", str(LONGEST), "--temperature", "0", "--format", "json", *more)
    done = cli("compare", *targets, *argv, **KEYS)
    assert done.returncode == 0, done.stderr
    assert prompt not in done.stdout + done.stderr
    assert cli("verify", "-", stdin=done.stdout).returncode == 0
    document = json.loads(done.stdout)
    assert isinstance(document, dict)
    return document


def _measured(document: dict[str, Any], target: int) -> list[dict[str, Any]]:
    return [c for c in document["checks"] if c["target"] == target and not c["slot"]["warm_up"]]


def _body(model: str, prompt: str) -> dict[str, Any]:
    return {
        "model": model,
        "messages": [{"role": "user", "content": prompt}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": LONGEST,
        "temperature": 0,
    }


def test_aimock_journals_the_requests_that_are_claimed(cli: Cli, targets: tuple[str, str], aimock: str) -> None:
    prompt = f"hello {uuid4()}"
    document = _compared(cli, targets[:1], prompt, "--runs", "7", "--warm-up", "2", "--concurrency", "3")
    request = urllib.request.Request(f"{aimock.removesuffix('/v1')}/__aimock/journal")
    request.add_header("Authorization", f"Bearer {KEYS['AIMOCK_KEY']}")
    with urllib.request.urlopen(request, timeout=10) as answer:
        ours = [entry for entry in json.load(answer) if prompt in json.dumps(entry["body"])]
    assert len(ours) == document["spending"]["requests"] == len(document["checks"]) == 9
    assert {entry["response"]["status"] for entry in ours} == {check["status"] for check in document["checks"]}
    assert document["comparison"]["columns"][0]["runs"] == 7


def test_llama_logs_the_tokens_that_are_claimed(cli: Cli, targets: tuple[str, str], llama_log: Path) -> None:
    before = llama_log.stat().st_size
    document = _compared(cli, targets[1:], "Write a poem.", "--runs", str(RUNS))
    log = llama_log.read_text("latin-1")[before:]
    answers = [int(count) for count in re.findall(r" eval time = .*?/ +(\d+) tokens", log.replace("prompt eval", ""))]
    totals = [float(took) for took in re.findall(r"total time = +([\d.]+) ms", log)]
    checks = _measured(document, 0)
    assert answers == [check["usage"]["output_tokens"] for check in checks] == [LONGEST] * RUNS
    for check, took in zip(checks, totals, strict=True):  # what the server itself took is part of what we waited
        assert check["e2e_ms"] + check["uncertainty"]["e2e_ms"] >= took


@pytest.mark.parametrize("server", ["aimock", "llama"])
def test_times_and_usage_are_those_of_curl(
    cli: Cli, targets: tuple[str, str], aimock: str, llama: str, server: str, tmp_path: Path
) -> None:
    at = ("aimock", "llama").index(server)
    model, prompt = targets[at].partition("=")[2], "hello"
    url, key = (aimock, llama)[at], KEYS[f"{server.upper()}_KEY"]
    with ThreadPoolExecutor(1) as beside:  # side by side, so that both meet the machine in the same mood
        running = beside.submit(
            _compared, cli, [targets[at]], prompt, "--runs", str(RUNS), "--warm-up", "1", "--interval", "0.4"
        )
        theirs = [curled(url, key, _body(model, prompt), tmp_path)]
        while not running.done() or len(theirs) <= RUNS:
            theirs.append(curled(url, key, _body(model, prompt), tmp_path))
        document = running.result()
    ours, column = _measured(document, 0), document["comparison"]["columns"][0]
    assert all(check["uncertainty"] and check["stamps"]["reads"] for check in ours)
    for check in ours:
        assert check["usage"]["input_tokens"] == theirs[0].usage["prompt_tokens"]
        assert check["usage"]["output_tokens"] == theirs[0].usage["completion_tokens"]
    _same([check["timings"]["first_byte_ms"] for check in ours], [one.first_byte_ms for one in theirs], 0.0)
    for name, seen in (("ttft_ms", _first), ("e2e_ms", _last)):
        figures = column["metrics"][name]
        assert figures["low"] <= figures["p50"] <= figures["high"] and figures["n"] == RUNS
        _same([check[name] for check in ours], [seen(one) for one in theirs], figures["uncertainty"])


def _first(one: Curled) -> float:
    return one.first_token_ms


def _last(one: Curled) -> float:
    return one.last_token_ms


def _same(ours: Sequence[float], theirs: Sequence[float], uncertainty: float) -> None:
    """Two samples of one and the same time: their ranges meet, give or take what ours says of itself."""
    assert min(ours) - uncertainty <= max(theirs), (ours, theirs)
    assert max(ours) + uncertainty >= min(theirs), (ours, theirs)


def test_both_beside_each_other_are_each_told_as_they_are(cli: Cli, targets: tuple[str, str]) -> None:
    document = _compared(cli, targets, "hello", "--runs", "6", "--concurrency", "2")
    aimock, llama = document["comparison"]["columns"]
    assert (aimock["answered"], llama["answered"]) == (6, 6)
    assert (aimock["served_models"], llama["served_models"]) == (["gpt-5.5"], ["tiny-random"])
    assert len(aimock["texts"]) == len(llama["texts"]) == 1 and aimock["texts"] != llama["texts"]
    assert document["comparison"]["same_text"] is False
    assert any("different models" in note for note in document["comparison"]["notes"])
    assert all(spread["p99"] is None and spread["p90"] is None for spread in aimock["metrics"].values())


def test_a_slower_server_than_the_baseline_is_a_regression(cli: Cli, targets: tuple[str, str]) -> None:
    argv = ("compare", targets[0], "--runs", "8", "--warm-up", "1")
    assert cli(*argv, "--prompt", "hello", "--save", "main", **KEYS).returncode == 0
    slower = cli(*argv, "--prompt", "SLOW", "--baseline", "main", **KEYS)
    assert slower.returncode == 23, slower.stderr
    assert "worse: aimock" in slower.stdout
