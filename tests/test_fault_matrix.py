"""The fault matrix: every fault the console must survive, made by a real socket where a socket can make it.

One file a fault in ``scenarios/faults``; ``INDEX.toml`` there holds the list of the design and which files make it.
"""

from __future__ import annotations

import ast
import asyncio
import logging
import re
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass, Retry
from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import (
    AnswerArrived,
    ChatJob,
    CheckFinished,
    Job,
    ModelsArrived,
    ModelsJob,
    Progress,
    RunFinished,
    ServerSaid,
    Streamed,
)
from gatewaytui.domain.run import CheckResult, Run
from gatewaytui.engine.engine import Engine
from gatewaytui.evidence.record import build
from gatewaytui.storage.keys import KeyStore
from gatewaytui.storage.locations import Locations

from .faults.canary import Canary
from .faults.scenario import FOLDER, Scenario, load, phrases
from .faults.stage import KEY_VARIABLE, Certificates, Stage, staged

SCENARIOS = load()
OF_THE_WIRE = [scenario for scenario in SCENARIOS if scenario.of_the_wire]
OF_THIS_MACHINE = [scenario for scenario in SCENARIOS if not scenario.of_the_wire]
FAULTS_LISTED = 52
HANG_S = 30.0
TESTS = Path(__file__).parent
_FOR_THE_SCREEN = (Streamed, AnswerArrived, ServerSaid, ModelsArrived)
"""Events that carry a server's own words to the screen: what it echoes is in them by nature, as the names that it
gives the model and the finish are in the facts of an answer."""


@dataclass
class Told:
    """What a scenario came to."""

    events: list[Progress] = field(default_factory=list)
    exported: list[bytes] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    strays: int = 0
    unhandled: list[dict[str, Any]] = field(default_factory=list)
    closed: bool = False

    @property
    def run(self) -> Run:
        """The finished run."""
        assert isinstance(self.events[-1], RunFinished)
        return self.events[-1].run

    @property
    def check(self) -> CheckResult:
        """The one check of the run."""
        (check,) = self.run.checks
        return check


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def canary() -> Canary:
    return Canary()


@contextmanager
def _resolver(kind: str) -> Iterator[None]:
    """The system's resolver, which no socket of ours can be, as it fails or hangs for the gateway's name."""
    real, released = socket.getaddrinfo, threading.Event()

    def answer(host: Any, *rest: Any, **more: Any) -> Any:
        if host not in (b"gateway.test", "gateway.test"):
            return real(host, *rest, **more)
        if kind == "hangs" and not more.get("flags"):
            released.wait(HANG_S)
        raise socket.gaierror(socket.EAI_NONAME, "gateway.test is not known")

    with pytest.MonkeyPatch.context() as patch:
        if kind:
            patch.setattr(socket, "getaddrinfo", answer)
        try:
            yield
        finally:
            released.set()


def _targets(job: Job) -> tuple[Target, ...]:
    assert isinstance(job, ModelsJob | ChatJob)
    return job.targets


async def _meet(engine: Engine, stage: Stage, scenario: Scenario, told: Told) -> None:
    """The job to its end, or to the event at which the person stops it."""
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.unhandled.append(context))
    async with asyncio.timeout(HANG_S):
        async with aclosing(engine.run(stage.job)) as events:
            async for event in events:
                told.events.append(event)
                if scenario.stop and type(event).__name__ == scenario.stop:
                    break
        if scenario.stop and stage.server is not None:
            await stage.server.left.acquire()
            told.closed = True
        if isinstance(told.events[-1], RunFinished):
            evidence = build(told.run)
            told.exported = [await engine.export(evidence, format) for format in ("markdown", "json")]
    told.requests = stage.server.requests if stage.server is not None else []
    told.strays = stage.elsewhere.connections


@pytest.fixture
def play(
    tmp_path: Path, certificates: Certificates, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Scenario], Told]:
    """A scenario from its stage to its end, through the engine, the key store and everything below."""

    def played(scenario: Scenario) -> Told:
        told = Told()
        key = scenario.profile.get("key", "%KEY%").replace("%KEY%", canary.key)
        keys = KeyStore(Locations.below(tmp_path / "home"), environ={KEY_VARIABLE: key})
        for name, value in scenario.environ.items():
            monkeypatch.setenv(name, value)

        async def whole() -> None:
            async with staged(scenario, canary, certificates) as stage:
                for target in _targets(stage.job):
                    keys.allow_in_clear(target.profile)
                await _meet(Engine(keys), stage, scenario, told)

        with _resolver(scenario.server.get("resolver", "")):
            asyncio.run(whole())
        return told

    return played


def _came_to(check: CheckResult, expected: dict[str, Any]) -> dict[str, Any]:
    """What the check says of everything that is expected."""
    finding, stream = check.finding, check.stream
    signals = {signal.name: signal.value for signal in finding.signals} if finding else {}
    told = {
        "outcome": check.outcome.value,
        "class": finding.failure_class.value if finding else None,
        "family": finding.family.value if finding else None,
        "origin": finding.origin.value if finding else None,
        "stream_end": stream.stream_end.value if stream and stream.stream_end else signals.get("stream_end"),
        "status": check.status,
        "models": check.catalogue.model_count if check.catalogue else None,
        "signals": {name: signals.get(name) for name in expected.get("signals", {})},
        "retry": _retry(finding.retry) if finding else None,
    }
    return {name: told[name] for name in ("class", "family", "origin", *(expected.keys() & told.keys()))}


def _our_own(events: list[Progress]) -> list[object]:
    """What of the events is ours to say, where a server says the key back."""
    checks = [event.check for event in events if isinstance(event, CheckFinished)]
    checks += [check for event in events if isinstance(event, RunFinished) for check in event.run.checks]
    ours = [event for event in events if not isinstance(event, (*_FOR_THE_SCREEN, CheckFinished, RunFinished))]
    return [*ours, *(replace(check, answer=None) for check in checks)]


def _retry(retry: Retry) -> dict[str, Any]:
    """As a scenario writes it: TOML has no null, so a wait that is not known is left out."""
    return {"when": retry.when.value} | ({} if retry.seconds is None else {"seconds": retry.seconds})


@pytest.mark.parametrize("scenario", OF_THE_WIRE, ids=lambda scenario: scenario.name)
def test_a_fault_is_survived_and_named(
    scenario: Scenario,
    play: Callable[[Scenario], Told],
    canary: Canary,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    if scenario.only_on and not sys.platform.startswith(scenario.only_on):
        pytest.skip(f"only {scenario.only_on} can make it")
    caplog.set_level(logging.NOTSET)
    told = play(scenario)
    expected = dict(scenario.expect)
    if scenario.stop:
        assert told.closed and not any(isinstance(event, RunFinished) for event in told.events)
    else:
        plain = {"class": None, "family": None, "origin": None}
        seen = _came_to(told.check, expected)
        assert seen == {**plain, **{name: value for name, value in expected.items() if name in seen}}
    assert len(told.requests) == expected.get("requests", len(told.requests))
    assert all(re.search(re.escape(line.replace("%KEY%", canary.key)).encode(), b"".join(told.requests), re.I)
               for line in expected.get("sent", ()))  # fmt: skip
    assert told.strays == 0, "the request went to another server"
    assert told.unhandled == []
    shown = _our_own(told.events) if scenario.echoes else told.events
    said = capfd.readouterr()
    places = {
        "evidence": b"\n".join(told.exported),
        "events": repr(shown).encode(),
        "logs": caplog.text.encode(),
        "streams": f"{said.out}{said.err}".encode(),
        **{path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()},
    }
    assert {name: found for name, content in places.items() if (found := canary.found_in(content))} == {}
    assert scenario.stop or len(told.exported) == 2


def test_what_is_searched_for_can_be_found(play: Callable[[Scenario], Told], canary: Canary) -> None:
    """The server saw key and prompt: the search that finds them nowhere else does find them."""
    scenario = next(scenario for scenario in OF_THE_WIRE if scenario.name == "status_500")
    told = play(scenario)
    (request,) = told.requests
    assert canary.found_in(request) == ["key", "prompt"]
    assert canary.found_in(repr(told.events).encode()) == [], "what the server says of the key is taken out at once"


@pytest.mark.parametrize("scenario", OF_THE_WIRE, ids=lambda scenario: scenario.name)
def test_a_scenario_says_what_is_expected(scenario: Scenario) -> None:
    expected = scenario.expect
    assert scenario.about.endswith(".") and scenario.ask in ("models", "chat", "stream")
    assert bool(scenario.only_on) == bool(scenario.reason)
    if not scenario.stop and expected["outcome"] != "passed":
        failure = FailureClass(expected["class"])
        assert failure.family.value == expected["family"] and expected["origin"]
        assert (expected["outcome"] == "warned") == failure.meaning.only_warns


@pytest.mark.parametrize("scenario", OF_THIS_MACHINE, ids=lambda scenario: scenario.name)
def test_a_fault_of_this_machine_is_proved_by_a_test_that_exists(scenario: Scenario) -> None:
    assert scenario.about.endswith(".") and not scenario.expect and not scenario.server
    for proof in scenario.proved_by:
        path, _, name = proof.partition("::")
        assert path.startswith("tests/"), proof
        tree = ast.parse((TESTS.parent / path).read_text(encoding="utf-8"))
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert name in functions, f"{proof} is not there"


def test_no_fault_of_the_list_is_missing() -> None:
    paragraph, listed = phrases()
    assert list(listed) == [phrase.strip() for phrase in paragraph.split("·")]
    assert len(listed) == FAULTS_LISTED
    named = [name for names in listed.values() for name in names]
    assert sorted(named) == sorted(scenario.name for scenario in SCENARIOS)
    assert {path.suffix for path in FOLDER.iterdir()} == {".toml"}


@pytest.mark.parametrize(("phrase", "names"), phrases()[1].items(), ids=phrases()[1].keys())
def test_every_part_of_a_phrase_has_its_file(phrase: str, names: list[str]) -> None:
    assert len(names) > phrase.count(", ")
    if re.match(r"\d{3},? \d{3}", phrase):
        spans = re.findall(r"(\d{3})(?:-(\d{3}))?", phrase)
        statuses = {status for first, last in spans for status in range(int(first), int(last or first) + 1)}
        assert {f"status_{status}" for status in statuses} <= set(names)
