"""Starting the embedded gateways in a process of their own, and what is known of each.

Nothing here loads a server: that happens in the child (:mod:`gatewaytui.demo.serve`).
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType, TracebackType

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import FROM_PROMPT, AuthHeader, Group, Profile, Protocol
from gatewaytui.domain.secret import Secret

from .persona import Persona, load_personas

HOST = "127.0.0.1"
PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class PersonaInfo:
    """One served gateway. ``shows`` is the failure class it is made to show, or None.

    ``keys`` are by group name, "" being the profile's own; none of them opens anything but this process.
    """

    name: str
    title: str
    about: str
    base_url: str
    api_key: str = field(repr=False)
    keys: Mapping[str, Secret]
    models_path: str
    auth_header: AuthHeader
    protocols: tuple[Protocol, ...]
    groups: tuple[Group, ...]
    model: str
    shows: str | None


class Gateways:
    """The running gateways. Stop them, or leave them to end with this process; also a context manager."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, personas: tuple[PersonaInfo, ...]) -> None:
        self._process = process
        self.port = port
        self.personas = personas

    @property
    def running(self) -> bool:
        """False once the process has ended, for whatever reason."""
        return self._process.poll() is None

    @property
    def state_url(self) -> str:
        """Where the counters of answers started, finished and aborted are, as JSON by persona."""
        return f"http://{HOST}:{self.port}/_state"

    def stop(self) -> None:
        """End the process and wait for it. Safe to call again."""
        _end(self._process)

    def __enter__(self) -> Gateways:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(port: int = 0, personas: Iterable[str] | None = None, pace: float = 1.0) -> Gateways:
    """Serve these personas (all by default) on one loopback port, 0 for a free one; return when they listen.

    ``pace`` stretches every wait of theirs: 0 answers without waiting. Raises Problem (config) for an unknown
    name or a port that cannot be had.
    """
    known = load_personas()
    chosen = _chosen(known, personas)
    process = subprocess.Popen(  # noqa: S603  (our own interpreter and module, names from our own table)
        [sys.executable, "-m", "gatewaytui.demo.serve", "--port", str(port), "--pace", str(pace), *chosen],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        listening = _listening(process, port)
    except BaseException:
        _end(process)
        raise
    return Gateways(process, listening, tuple(_info(known[name], listening) for name in chosen))


def profile_for(info: PersonaInfo) -> Profile:
    """A profile of that gateway; its keys are handed over for this session only."""
    return Profile(
        name=info.name,
        base_url=info.base_url,
        key=FROM_PROMPT,
        protocol=info.protocols[0],
        protocols=info.protocols,
        auth_header=info.auth_header,
        models_path=info.models_path,
        groups=info.groups,
    )


def _chosen(known: Mapping[str, Persona], names: Iterable[str] | None) -> tuple[str, ...]:
    chosen = tuple(known) if names is None else tuple(dict.fromkeys(names))
    if not chosen or any(name not in known for name in chosen):
        listed = ", ".join(known)
        raise Problem(FailureClass.CONFIG, "There is no embedded gateway of that name.", f"Choose one of: {listed}")
    return chosen


def _listening(process: subprocess.Popen[bytes], port: int) -> int:
    """The port the child says it listens on. Raises Problem (config)."""
    line = process.stdout.readline() if process.stdout else b""
    said: dict[str, int] = json.loads(line) if line.strip() else {}
    if "port" in said:
        return said["port"]
    if "refused" in said and port:
        raise Problem(
            FailureClass.CONFIG,
            f"Port {port} of this machine is taken or not allowed.",
            "Choose another port, or leave --port out to take a free one.",
        )
    raise Problem(
        FailureClass.CONFIG,
        "The embedded gateways could not be started.",
        "Check that this machine lets programs listen on 127.0.0.1, and install gatewaytui again if it does.",
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _info(persona: Persona, port: int) -> PersonaInfo:
    own = persona.key(next(iter(persona.key_groups)))
    named = {name: Secret(persona.key(name)) for name in persona.groups}
    return PersonaInfo(
        name=persona.name,
        title=persona.title,
        about=persona.about,
        base_url=f"http://{HOST}:{port}/{persona.name}/v1",
        api_key=own,
        keys=MappingProxyType({"": Secret(own), **named}),
        models_path=persona.models_path,
        auth_header=persona.auth_header,
        protocols=persona.protocols,
        groups=tuple(Group(name, FROM_PROMPT, group.protocols) for name, group in persona.groups.items()),
        model=persona.model,
        shows=persona.shows or None,
    )
