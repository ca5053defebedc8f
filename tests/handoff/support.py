"""What the tests of this room share."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from gatewaytui.domain.profile import AuthHeader, Group, KeyReference, KeySource, Profile, Protocol, Target

BASE = "https://api.example.com/v1"
ENV = KeyReference(KeySource.ENV, name="LAB_KEY")
hostile = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "'; rm -rf ~; '",
            "$(id)",
            "`id`",
            '"""\nimport os\n"""',
            "a\\",
            "\x1b]52;c;x\x07",
            "a\u202eb",
            "{x}",
            "\ud800",
        ]
    ),
    st.text(alphabet="'\"`$\\{}()\n\r\t #;&|", max_size=12),
)


def target(
    protocol: Protocol = Protocol.OPENAI_CHAT,
    auth: AuthHeader = AuthHeader.AUTO,
    key: KeyReference = ENV,
    headers: tuple[tuple[str, str | KeyReference], ...] = (),
    groups: tuple[Group, ...] = (),
) -> Target:
    return Target(Profile("lab", BASE, key, protocol, (protocol,), auth, extra_headers=headers, groups=groups))


@dataclass
class Command:
    """A curl command as a shell with ``LAB_KEY=K`` and ``ORG=O`` would pass it on."""

    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    flags: list[str] = field(default_factory=list)


def read(text: str) -> Command:
    """Parse the command as a shell does, then as curl does; fails on anything that is not one plain command."""
    tokens = shlex.shlex(text.replace("\\\n", " "), posix=True, punctuation_chars=True)
    tokens.whitespace_split = True
    words = list(tokens)
    assert words.pop(0) == "curl"
    command = Command()
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).replace("$LAB_KEY", "K").replace("$ORG", "O").partition(": ")
            assert name.lower() not in map(str.lower, command.headers)
            command.headers[name] = value
        elif word == "--data-raw":
            command.body = json.loads(words.pop(0))
        elif word == "-X":
            command.flags.append(f"-X {words.pop(0)}")
        elif word.startswith("-"):
            command.flags.append(word)
        else:
            assert not command.url
            command.url = word
    return command
