"""One key and one prompt nobody else has: afterwards they are found nowhere they must not be, in any form."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote

import pytest

from .desk import Desk
from .terminal import Terminal

pytestmark = pytest.mark.pty
KEY = "sk-9fQ2xT7bLmZ4wK8vR3nYc6HdJ5gP1sAe"
PROMPT = "Zanzibar marmalade quorum 7741"
_CLIPBOARD = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)")


def forms(text: str) -> set[bytes]:
    """The text as it could stand in a file: raw, JSON, URL, hex, UTF-16, and base64 at each of its three offsets."""
    raw = text.encode()
    offset = {base64.b64encode(b"\0" * lead + raw)[4 if lead else 0 : -4] for lead in range(3)}
    return {
        raw,
        json.dumps(text).strip('"').encode(),
        quote(text, safe="").encode(),
        raw.hex().encode(),
        raw.hex().upper().encode(),
        text.encode("utf-16-le"),
        *offset,
    }


def holds(content: bytes, text: str) -> bool:
    return any(form in content for form in forms(text))


def clipboard(window: Terminal) -> bytes:
    """Everything that was copied through the terminal."""
    return b"\n".join(map(base64.b64decode, _CLIPBOARD.findall(window.written)))


def copied(window: Terminal, key: str, words: str) -> None:
    window.type(key)
    window.wait_for(words)


def saved(window: Terminal) -> None:
    window.type("e")
    window.wait_for("These are the exact bytes.")
    window.type("s")
    window.wait_for("Saved")
    window.type("\x1b")
    window.wait_until_gone("Saved")


def asked(window: Terminal, *words: str) -> None:
    """Ask, see the words, leave the prompt for the keys."""
    window.wait_for("› a prompt", "F1 help")
    window.type(PROMPT + "\r")
    window.wait_for(*words)
    window.wait_until_gone("Esc stops")
    window.type("\x1b")
    window.wait_for("c copy as curl")


def test_key_and_prompt_are_found_nowhere_afterwards(desk: Desk) -> None:
    healthy = desk.persona("healthy")
    desk.add("wrong", healthy.base_url, KEY, healthy.model)
    desk.add_gateways("healthy")
    with desk.console("wrong", "chat") as refused:
        asked(refused, "Whose", "auth ·")
        refused.type("m")
        copied(refused, "c", "Copied as curl")
        saved(refused)
        refused.type("1")
        refused.wait_for("base URL", "wrong", "healthy")
        refused.type("c")
        refused.wait_for("✗ auth")
        refused.type("\x11")
        assert refused.wait() == 0
    with desk.console("healthy", "chat") as answered:
        asked(answered, "complete ·")
        copied(answered, "c", "Copied as curl")
        saved(answered)
        answered.type("w")
        answered.settle()
        answer = next(line[3:40].strip() for line in answered.lines[9:20] if len(line[3:40].strip()) > 20)
        answered.type("\x11")
        assert answered.wait() == 0
    screens = [bytes(window.written) for window in (refused, answered)]
    assert PROMPT.encode() in screens[0] and PROMPT.encode() in clipboard(
        refused
    )  # what is searched for can be found
    for key in (KEY, healthy.api_key):
        for content in (*screens, clipboard(refused), clipboard(answered)):
            assert not holds(content, key[6:-4]), "a key is on the screen or in the clipboard"
    files = {path: path.read_bytes() for path in desk.files()}
    assert sum(path.suffix == ".md" for path in files) == 2
    assert any(b"healthy" in content for path, content in files.items() if "history" in path.name)
    for path, content in files.items():
        for text in (KEY[6:-4], healthy.api_key[6:-4], PROMPT, answer):
            assert not holds(content, text), f"{text} is in {path}"
