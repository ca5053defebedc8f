"""``endpoints`` as a person or a program uses it."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from gatewaytui.demo.launch import Gateways, profile_for
from gatewaytui.domain.profile import FROM_KEYRING, KeyReference, KeySource
from gatewaytui.storage.locations import Locations
from gatewaytui.storage.profiles import ProfileStore
from tests.conftest import Cli
from tests.engine.strict_gateway import KEY, Strict, strict_gateway

from .support import COMMAND, persona


@pytest.fixture
def strict() -> Iterator[Strict]:
    """A strict gateway in a thread of its own."""
    state, ready, over = Strict(), threading.Event(), threading.Event()

    async def serve() -> None:
        async with strict_gateway(state):
            ready.set()
            while not over.is_set():
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    yield state
    over.set()
    thread.join(10)


def _at(url: str, *more: str) -> tuple[str, ...]:
    return ("endpoints", "--base-url", url, "--api-key-env", "K", *more)


def test_four_tables_and_what_was_spent(cli: Cli, gateways: Gateways) -> None:
    url, key = persona(gateways, "tken")
    done = cli(*_at(url), K=key)
    assert done.returncode == 0, done.stderr
    assert key not in done.stdout + done.stderr
    for word in ("endpoint ", "auth header", "capability", "not offered", "generate_content", "x-goog-api-key"):
        assert word in done.stdout
    assert "requests, " in done.stderr and "Skipped without --yes" in done.stderr
    row = next(line for line in done.stdout.splitlines() if " embeddings " in line)
    assert row.startswith("✗") and "route_not_found" in row and "404" in row


def test_evidence_is_one_valid_document(cli: Cli, gateways: Gateways) -> None:
    url, key = persona(gateways, "tokmodel")
    done = cli(*_at(url, "--no-capabilities", "--format", "json"), K=key)
    document = json.loads(done.stdout)
    assert document["kind"] == "endpoints" and document["summary"]["ok"] is True
    cells = {check["name"]: check["cell"] for check in document["checks"] if check["cell"]}
    assert cells["chat"]["model"] and cells["chat"]["protocol"] == "openai-chat"
    assert document["spending"]["requests"] == len(document["requests"])
    assert cli("verify", "-", stdin=done.stdout).returncode == 0


def test_markdown_passes_the_gate_too(cli: Cli, gateways: Gateways) -> None:
    url, key = persona(gateways, "tokmodel")
    done = cli(*_at(url, "--family", "chat", "--format", "markdown"), K=key)
    assert done.stdout.startswith("#") and cli("verify", "-", stdin=done.stdout).returncode == 0


def test_a_line_for_each_check(cli: Cli, strict: Strict) -> None:
    done = cli(*_at(strict.base_url, "--family", "embeddings", "--family", "rerank", "--format", "jsonl"), K=KEY)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["name"] for row in rows] == ["models", "embeddings", "rerank"]
    assert all(row["outcome"] == "passed" for row in rows)


@pytest.mark.parametrize(
    ("families", "code"), [((), 0), (("chat",), 0), (("embeddings",), 11), (("chat", "rerank"), 11)]
)
def test_only_what_was_asked_for_by_name_fails(
    cli: Cli, gateways: Gateways, families: tuple[str, ...], code: int
) -> None:
    url, key = persona(gateways, "tken")
    named = [word for family in families for word in ("--family", family)]
    done = cli(*_at(url, "--no-headers", "--no-capabilities", *named), K=key)
    assert done.returncode == code, done.stdout + done.stderr


def test_the_targets_own_chat_fails_the_run(cli: Cli, gateways: Gateways) -> None:
    url, key = persona(gateways, "no-credit")
    done = cli(*_at(url, "--no-headers", "--no-capabilities"), K=key)
    assert done.returncode == 14 and "billing_quota" in done.stderr


def test_a_wrong_key_is_an_auth_failure(cli: Cli, gateways: Gateways) -> None:
    url, _ = persona(gateways, "tken")
    assert cli(*_at(url, "--family", "chat"), K="sk-wrong-0000000000000000").returncode == 10


def test_without_a_terminal_what_costs_more_is_sent_only_with_yes(cli: Cli, strict: Strict) -> None:
    named = ("--family", "images_generations", "--family", "audio_transcriptions")
    skipped = cli(*_at(strict.base_url, *named), K=KEY)
    assert "images_generations" in skipped.stderr and "--yes" in skipped.stderr and "$0.1694" in skipped.stdout
    assert strict.paths() == ["/v1/models"]
    sent = cli(*_at(strict.base_url, *named, "--yes"), K=KEY)
    assert sent.returncode == 0, sent.stdout
    assert "/v1/images/generations" in strict.paths() and "/v1/audio/transcriptions" in strict.paths()


@pytest.mark.parametrize("word", ["y", "n"])
def test_at_a_terminal_a_person_is_asked_once_with_the_prices(strict: Strict, word: str) -> None:
    person, terminal = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *_at(strict.base_url, "--family", "images_generations", "--family", "audio_speech")],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        env={**os.environ, "K": KEY},
    )
    os.close(terminal)
    try:
        os.write(person, f"{word}\n".encode())
        out, _ = process.communicate(timeout=60)
        said = os.read(person, 65_536).decode()
    finally:
        process.kill()
        os.close(person)
    assert "up to $0.1694" in said and "price not listed" in said and said.count("Send them?") == 1
    assert process.returncode == 0
    assert ("/v1/images/generations" in strict.paths()) == (word == "y")
    assert out.decode().count("passed") == (2 if word == "y" else 0)


def test_no_more_requests_than_a_person_allows(cli: Cli, strict: Strict) -> None:
    done = cli(*_at(strict.base_url, "--max-requests", "3"), K=KEY)
    assert len(strict.visits) <= 3 and "not tried for want of budget" in done.stderr


def test_an_unknown_family_is_a_usage_error(cli: Cli) -> None:
    done = cli("endpoints", "--base-url", "https://g.example/v1", "--family", "video")
    assert done.returncode == 2 and "images_generations" in done.stderr


def test_the_help_tells_the_exit_code_and_the_families(cli: Cli) -> None:
    said = cli("endpoints", "--help").stdout
    assert "Exit code" in said and "audio_translations" in said and "--yes" in said


def test_the_servers_words_only_where_a_person_asks(cli: Cli, gateways: Gateways) -> None:
    url, key = persona(gateways, "tken")
    assert "the server said" not in cli(*_at(url, "--family", "rerank"), K=key).stderr
    assert "the server said" in cli(*_at(url, "--family", "rerank", "--show-error"), K=key).stderr


def _profile_of_groups(gateways: Gateways, home: Path) -> dict[str, str]:
    """A profile ``mine`` of the gateway with three groups, without a key of its own; the variables of their keys."""
    info = next(info for info in gateways.personas if info.name == "tokone")
    keys = {name: secret.reveal() for name, secret in info.keys.items() if name}
    store = ProfileStore(Locations.below(home))
    groups = tuple(
        replace(group, key=KeyReference(KeySource.ENV, f"K_{group.name.upper()}")) for group in info.groups
    )
    store.put(replace(profile_for(info), name="mine", key=FROM_KEYRING, groups=groups))
    return {"GATEWAYTUI_HOME": str(home), **{f"K_{name.upper()}": key for name, key in keys.items()}}


def test_groups_and_the_right_key(cli: Cli, gateways: Gateways, tmp_path: Path) -> None:
    variables = _profile_of_groups(gateways, tmp_path)
    done = cli("endpoints", "mine", "--no-headers", "--no-capabilities", **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith(("✓", "✗"))]
    assert ["✓", "anthropic", "anthropic", "passed"] in [row[:4] for row in rows]
    assert ["✗", "openai", "gemini", "failed"] in [row[:4] for row in rows]
    assert "key of group openai use the key of group gemini" in done.stdout
    assert not any(key in done.stdout + done.stderr for name, key in variables.items() if name.startswith("K_"))
    one = cli("endpoints", "mine/anthropic", "--no-headers", "--no-capabilities", "--format", "json", **variables)
    assert one.returncode == 0
    assert {check["cell"]["group"] for check in json.loads(one.stdout)["checks"] if check["cell"]} == {"anthropic"}
