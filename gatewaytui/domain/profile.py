"""Endpoint profiles: where a gateway is and how it is spoken to. A profile never holds a key, only a reference."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec.structs import replace


class Protocol(StrEnum):
    """The four wire protocols of the gateways. The values are public names (CLI, JSON, profile files)."""

    OPENAI_CHAT = "openai-chat"
    OPENAI_RESPONSES = "openai-responses"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"


class AuthHeader(StrEnum):
    """Which header carries the key. ``AUTO`` follows the protocol; exactly one is sent with a request."""

    AUTO = "auto"
    BEARER = "bearer"
    X_API_KEY = "x-api-key"
    X_GOOG_API_KEY = "x-goog-api-key"
    API_KEY = "api-key"
    NONE = "none"


class KeySource(StrEnum):
    """Where a key is read from when it is needed."""

    KEYRING = "keyring"
    ENV = "env"
    CMD = "cmd"
    PROMPT = "prompt"
    NONE = "none"


class KeyReference(msgspec.Struct, frozen=True):
    """Where a key is, never the key: ``keyring:``, ``env:NAME``, ``cmd:[argv...]``, ``prompt`` or none.

    ``name`` is the variable for ``env``; ``argv`` the command for ``cmd``; both are empty otherwise.
    """

    source: KeySource
    name: str = ""
    argv: tuple[str, ...] = ()


NO_KEY = KeyReference(KeySource.NONE)
FROM_KEYRING = KeyReference(KeySource.KEYRING)
FROM_PROMPT = KeyReference(KeySource.PROMPT)


class Group(msgspec.Struct, frozen=True):
    """One key group of a gateway: a key unlocks only this group's protocols and models (TokOne's rule)."""

    name: str
    key: KeyReference
    protocols: tuple[Protocol, ...] = ()


class Timeouts(msgspec.Struct, frozen=True):
    """Deadlines in seconds. ``first_byte`` bounds the wait for the answer, and for the first bytes of its body.

    ``stall`` is the longest silence between two reads of the body; ``total`` bounds everything.
    """

    connect: float = 10.0
    first_byte: float = 60.0
    stall: float = 30.0
    total: float = 300.0

    @classmethod
    def within(cls, total: float) -> Timeouts:
        """Every deadline bounded by one overall time, as ``--timeout`` means it.

        A silence of half that time within an answer ends it as stalled, so that a stall is told from a long answer.
        """
        default = cls()
        return cls(min(default.connect, total), min(default.first_byte, total), min(default.stall, total / 2), total)


class Profile(msgspec.Struct, frozen=True):
    """A named endpoint. ``base_url`` is stored in the OpenAI form, as typed (rules.md, addresses).

    ``extra_headers`` are (name, value) pairs; a value may be a key reference, resolved only when sent.
    ``proxy`` and ``ca_file`` are "" when unset; then the usual variables are looked up and shown.
    """

    name: str
    base_url: str
    key: KeyReference = FROM_KEYRING
    protocol: Protocol = Protocol.OPENAI_CHAT
    protocols: tuple[Protocol, ...] = (Protocol.OPENAI_CHAT,)
    auth_header: AuthHeader = AuthHeader.AUTO
    models_path: str = "/models"
    extra_headers: tuple[tuple[str, str | KeyReference], ...] = ()
    groups: tuple[Group, ...] = ()
    timeouts: Timeouts = msgspec.field(default_factory=Timeouts)
    proxy: str = ""
    ca_file: str = ""
    default_model: str = ""

    def group(self, name: str) -> Group | None:
        """The group of that name, or None."""
        return next((group for group in self.groups if group.name == name), None)


class Target(msgspec.Struct, frozen=True):
    """What one run is pointed at: a profile, and optionally a group, a model and a protocol of its own."""

    profile: Profile
    group: str = ""
    model: str = ""
    protocol_override: Protocol | None = None

    @property
    def protocol(self) -> Protocol:
        """The protocol of this run: asked for, else the group's first, else the profile's default."""
        if self.protocol_override is not None:
            return self.protocol_override
        group = self.profile.group(self.group)
        return group.protocols[0] if group and group.protocols else self.profile.protocol

    @property
    def key(self) -> KeyReference:
        """The group's key reference where a group is named, else the profile's."""
        group = self.profile.group(self.group)
        return group.key if group else self.profile.key

    def with_auth_header(self, header: AuthHeader) -> Target:
        """The same target with the key in this header."""
        return replace(self, profile=replace(self.profile, auth_header=header))

    @property
    def label(self) -> str:
        """``profile`` or ``profile/group``, as TARGET is typed."""
        return f"{self.profile.name}/{self.group}" if self.group else self.profile.name
