"""One fault, one file: what the server does, how the profile is set, and what must come of it.

A scenario of the wire has ``about``, ``ask`` (models, chat, stream), ``[server]``, ``[profile]`` and ``[expect]``.

``[server]``: ``kind`` (plain, tls, proxy, none: a closed port, blackhole), ``certificate`` of a TLS server (good,
self_signed, unknown_issuer, wrong_name, expired), ``scheme`` where another one than the server's is spoken to it,
``resolver`` (fails, hangs), and the answers: ``sends`` (see ``pieces``), ``pause`` between them in seconds,
``ending`` (close, reset, hang, next), ``endless`` (the last piece again and again), ``reads`` (request, something,
nothing). Where the n-th request gets an answer of its own these stand in ``[[server.answers]]``; the last is
repeated. ``%KEY%``, ``%PROMPT%``, ``%HERE%`` and ``%ELSEWHERE%`` (this server and another one) are replaced.

``[profile]``: ``timeouts`` (generous where nothing waits for one), ``key`` as it stands in its variable,
``protocol``, ``proxy``, ``ca_file`` (authority, missing, damaged or none), ``host``. ``[environ]``: variables.

``[expect]``: ``outcome``; ``class``, ``family``, ``origin`` unless it passed; and where they matter ``stream_end``,
``status``, ``retry`` (when, seconds), ``signals`` (those that matter), ``requests`` (how many the server saw),
``models`` (how many were listed), ``sent`` (what a request held).

A fault of this machine that a test of its own proves has ``about`` and ``proved_by`` (``file::test``) instead.
``only_on`` names the one system that can make the fault, with ``reason`` why; ``stop`` the event at which the person
stops it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parents[1] / "scenarios" / "faults"
INDEX = FOLDER / "INDEX.toml"
_FIELDS = {
    "scenario": {"about", "ask", "server", "profile", "environ", "expect", "proved_by", "only_on", "reason", "stop"},
    "server": {"kind", "certificate", "scheme", "resolver", "answers"},
    "answer": {"sends", "pause", "ending", "endless", "reads"},
    "profile": {"timeouts", "key", "protocol", "proxy", "ca_file", "host"},
    "expect": {
        "outcome", "class", "family", "origin", "stream_end", "status", "retry", "signals", "requests", "models",
        "sent",
    },
}  # fmt: skip

Table = dict[str, Any]


class Scenario(msgspec.Struct, frozen=True):
    """A file of the folder, its fields known to be no others than these."""

    name: str
    about: str
    proved_by: tuple[str, ...] = ()
    ask: str = ""
    server: Table = msgspec.field(default_factory=dict)
    answers: tuple[Table, ...] = ()
    profile: Table = msgspec.field(default_factory=dict)
    environ: Table = msgspec.field(default_factory=dict)
    expect: Table = msgspec.field(default_factory=dict)
    only_on: str = ""
    reason: str = ""
    stop: str = ""

    @property
    def of_the_wire(self) -> bool:
        """Whether it is played here, over a socket."""
        return not self.proved_by

    @property
    def echoes(self) -> bool:
        """Whether the server says the key or the prompt back."""
        return any(token in str((self.server, self.answers)) for token in ("%KEY%", "%PROMPT%"))


def load() -> list[Scenario]:
    """Every scenario of the folder, by name."""
    return [_scenario(path) for path in sorted(FOLDER.glob("*.toml")) if path != INDEX]


def phrases() -> tuple[str, dict[str, list[str]]]:
    """The paragraph of the design that lists the faults, and for each of its phrases the files that make it."""
    index = tomllib.loads(INDEX.read_text(encoding="utf-8"))
    return " ".join(index["paragraph"].split()), index["faults"]


def _scenario(path: Path) -> Scenario:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    server = data.get("server", {})
    answers = server.get("answers", [{name: server[name] for name in _FIELDS["answer"] & server.keys()}])
    for kind, table, more in (
        ("scenario", data, ()),
        ("server", server, () if "answers" in server else _FIELDS["answer"]),
        ("profile", data.get("profile", {}), ()),
        ("expect", data.get("expect", {}), ()),
        *(("answer", answer, ()) for answer in answers),
    ):
        unknown = table.keys() - _FIELDS[kind] - set(more)
        assert not unknown, f"{path.name}: no such field of a {kind}: {unknown}"
    return Scenario(
        name=path.stem,
        about=data["about"],
        proved_by=tuple(data.get("proved_by", ())),
        ask=data.get("ask", ""),
        server=server,
        answers=tuple(answers),
        profile=data.get("profile", {}),
        environ=data.get("environ", {}),
        expect=data.get("expect", {}),
        only_on=data.get("only_on", ""),
        reason=data.get("reason", ""),
        stop=data.get("stop", ""),
    )
