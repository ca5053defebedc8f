"""Starting the embedded gateways in a process of their own, and what is known of each.

Nothing here loads a server: that happens in the child (:mod:`gatewaytui.demo.serve`).
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from string import Template
from types import MappingProxyType, TracebackType
from typing import Any

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass, FailureFamily
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import (
    FROM_PROMPT,
    NO_KEY,
    AuthHeader,
    Group,
    KeyReference,
    KeySource,
    Profile,
    Protocol,
    Timeouts,
)
from gatewaytui.domain.secret import Secret, repr_without

from .persona import Patience, Persona, load_personas

HOST = "127.0.0.1"
PATIENCE = 5.0
_HEALTHY = "healthy"
_UNSET_VARIABLE = "GATEWAYTUI_DEMO_NO_KEY"


class PersonaInfo(msgspec.Struct, frozen=True):
    """One served gateway. ``shows`` is the failure class it is made to show, or None.

    ``keys`` are by group name, "" being the profile's own; none of them opens anything but this process. ``model``
    is an id that it serves; ``offers_models`` is False where no list names it. ``timeouts`` show a fault that waits
    soon. ``tour`` is True for the ones of the quick tour.
    """

    name: str
    title: str
    about: str
    base_url: str
    api_key: str
    keys: Mapping[str, Secret]
    models_path: str
    auth_header: AuthHeader
    protocols: tuple[Protocol, ...]
    groups: tuple[Group, ...]
    model: str
    shows: FailureClass | None
    offers_models: bool = True
    timeouts: Timeouts = msgspec.field(default_factory=Timeouts)
    tour: bool = True

    @property
    def family(self) -> FailureFamily | None:
        """The family of what it shows."""
        return self.shows.family if self.shows else None

    def __repr__(self) -> str:
        return repr_without(self, "api_key")


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
    name, a port that cannot be had, or a gateway that this machine cannot show; among several such are left out.
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
        listening, doors = _listening(process, port)
        served = tuple(known[name] for name in chosen if not known[name].door or name in doors)
        if not served:
            raise Problem(
                FailureClass.CONFIG,
                f"This machine cannot show {chosen[0]}.",
                "Choose another embedded gateway: gatewaytui demo --headless prints what it has.",
            )
    except BaseException:
        _end(process)
        raise
    infos = tuple(_info(persona, doors.get(persona.name, listening)) for persona in served)
    return Gateways(process, listening, infos)


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
        timeouts=info.timeouts,
        default_model="" if info.offers_models else info.model,
    )


def local_profiles(gateways: Gateways) -> tuple[tuple[Profile, FailureClass], ...]:
    """What no gateway can show, because it is on this machine: profiles with what each shows.

    They point at the healthy gateway; without it there are none.
    """
    healthy = next((profile_for(info) for info in gateways.personas if info.name == _HEALTHY), None)
    if healthy is None:
        return ()
    without_key = KeyReference(KeySource.ENV, _UNSET_VARIABLE)
    return (
        (replace(healthy, name="socks-proxy", key=NO_KEY, proxy=f"socks5://{HOST}:1080"), FailureClass.CONFIG),
        (replace(healthy, name="unset-variable", key=without_key), FailureClass.KEYSTORE),
    )


def _chosen(known: Mapping[str, Persona], names: Iterable[str] | None) -> tuple[str, ...]:
    chosen = tuple(known) if names is None else tuple(dict.fromkeys(names))
    if not chosen or any(name not in known for name in chosen):
        listed = ", ".join(known)
        raise Problem(FailureClass.CONFIG, "There is no embedded gateway of that name.", f"Choose one of: {listed}")
    return chosen


def _listening(process: subprocess.Popen[bytes], port: int) -> tuple[int, Mapping[str, int]]:
    """The port the child says it listens on, and those of the doors by persona. Raises Problem (config)."""
    line = process.stdout.readline() if process.stdout else b""
    said: dict[str, Any] = json.loads(line) if line.strip() else {}
    if "port" in said:
        return said["port"], said["doors"]
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
        base_url=Template(persona.base_url).substitute(host=HOST, port=port, name=persona.name),
        api_key=own,
        keys=MappingProxyType({"": Secret(own), **named}),
        models_path=persona.models_path,
        auth_header=persona.auth_header,
        protocols=persona.protocols,
        groups=tuple(Group(name, FROM_PROMPT, group.protocols) for name, group in persona.groups.items()),
        model=persona.model,
        shows=persona.shows,
        offers_models=bool(persona.lists),
        timeouts=_timeouts(persona.patience),
        tour=persona.tour,
    )


def _timeouts(patience: Patience) -> Timeouts:
    """The usual limits, but for those the persona wants shorter."""
    return replace(Timeouts(), **{name: limit for name, limit in msgspec.structs.asdict(patience).items() if limit})
