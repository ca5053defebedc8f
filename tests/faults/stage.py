"""A scenario on its stage: the server that misbehaves, the profile that leads to it, the job that meets it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import msgspec
import trustme

from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.profile import KeyReference, KeySource, Profile, Protocol, Target, Timeouts
from gatewaytui.domain.progress import ChatJob, Job, ModelsJob
from tests.servers.fault_server import Ending, FaultServer, Reading, Script, blackhole, free_port, serving

from .canary import Canary
from .pieces import piece
from .scenario import Scenario, Table

KEY_VARIABLE = "KEY_OF_THE_SCENARIO"
MODEL = "gpt-5.5"
PATIENT = Timeouts(connect=10, first_byte=10, stall=10, total=20)
_GATEWAY = "gateway.test"
_LONG_AGO = (datetime(2001, 1, 1, tzinfo=UTC), datetime(2002, 1, 1, tzinfo=UTC))


class Stage(msgspec.Struct, frozen=True):
    """What was set up: the server (None where there is none), another that nothing must reach, the job."""

    server: FaultServer | None
    elsewhere: FaultServer
    job: Job


class Certificates:
    """An authority of the test run's own, what it signs, and what it does not."""

    def __init__(self, folder: Path) -> None:
        self._authority, self._stranger = trustme.CA(), trustme.CA()
        self._files = {"authority": folder / "ca.pem", "damaged": folder / "damaged.pem", "missing": folder / "none"}
        self._authority.cert_pem.write_to_path(self._files["authority"])
        self._files["damaged"].write_text("-----BEGIN CERTIFICATE-----\nnot one\n")

    def ca_file(self, name: str) -> str:
        """The path of a CA file of this name; "" for none."""
        return str(self._files[name]) if name else ""

    def context(self, certificate: str) -> ssl.SSLContext:
        """What a TLS server needs to show this certificate."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if certificate == "self_signed":
            with self._stranger.cert_pem.tempfile() as public, self._stranger.private_key_pem.tempfile() as private:
                made.load_cert_chain(public, private)
            return made
        signer = self._stranger if certificate == "unknown_issuer" else self._authority
        name = "other.example" if certificate == "wrong_name" else "127.0.0.1"
        before, after = _LONG_AGO if certificate == "expired" else (None, None)
        signer.issue_cert(name, not_before=before, not_after=after).configure_cert(made)
        return made


@asynccontextmanager
async def staged(scenario: Scenario, canary: Canary, certificates: Certificates) -> AsyncIterator[Stage]:
    """Everything of the scenario up and listening."""
    kind = scenario.server.get("kind", "plain")
    async with AsyncExitStack() as up:
        elsewhere = await up.enter_async_context(serving(Script()))
        server: FaultServer | None = None
        if kind in ("none", "blackhole"):
            port = free_port() if kind == "none" else await up.enter_async_context(blackhole())
        else:
            tls = certificates.context(scenario.server.get("certificate", "good")) if kind == "tls" else None
            server = await up.enter_async_context(serving((), tls))
            port = server.port
            server.scripts = tuple(
                _script(answer, _tokens(canary, server.url, elsewhere)) for answer in scenario.answers
            )
        yield Stage(server, elsewhere, _job(scenario, canary, certificates, port))


def _tokens(canary: Canary, here: str, elsewhere: FaultServer) -> Mapping[str, str]:
    other = f"http://localhost:{elsewhere.port}"
    return {"%KEY%": canary.key, "%PROMPT%": canary.prompt, "%HERE%": here, "%ELSEWHERE%": other}


def _script(answer: Table, tokens: Mapping[str, str]) -> Script:
    return Script(
        sends=tuple(piece(what, tokens) for what in answer.get("sends", ())),
        ending=Ending[answer.get("ending", "close").upper()],
        pause=answer.get("pause", 0.0),
        endless=answer.get("endless", False),
        reads=Reading[answer.get("reads", "request").upper()],
    )


def _job(scenario: Scenario, canary: Canary, certificates: Certificates, port: int) -> Job:
    settings, kind = scenario.profile, scenario.server.get("kind", "plain")
    scheme = scenario.server.get("scheme", "https" if kind == "tls" else "http")
    place = f"127.0.0.1:{port}" if kind != "proxy" and "resolver" not in scenario.server else _GATEWAY
    profile = Profile(
        name="faulty",
        base_url=f"{scheme}://{settings.get('host', place)}/v1",
        key=KeyReference(KeySource.ENV, name=KEY_VARIABLE),
        protocol=Protocol(settings.get("protocol", "openai-chat")),
        timeouts=Timeouts(**settings["timeouts"]) if "timeouts" in settings else PATIENT,
        proxy=settings.get("proxy", f"http://127.0.0.1:{port}" if kind == "proxy" else ""),
        ca_file=certificates.ca_file(settings.get("ca_file", "authority" if scheme == "https" else "")),
        default_model=MODEL,
    )
    return _JOBS[scenario.ask](Target(profile), canary)


def _chat(target: Target, canary: Canary, stream: bool) -> Job:
    return ChatJob((target,), ChatRequest(MODEL, (Message(Role.USER, canary.prompt),), stream=stream, max_tokens=16))


_JOBS = MappingProxyType(
    {
        "models": lambda target, _: ModelsJob((target,)),
        "chat": lambda target, canary: _chat(target, canary, stream=False),
        "stream": lambda target, canary: _chat(target, canary, stream=True),
    }
)
