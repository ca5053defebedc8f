"""A hostile server says what it likes: none of it acts on the terminal, and the console stands."""

from __future__ import annotations

import re

import pytest

from tests.servers import hostile

from .desk import Desk
from .terminal import Terminal, terminal

pytestmark = pytest.mark.pty
_OWN = re.compile(rb"\x1b\[[?<>]?[\d;:]*\$?[A-Za-z]|\x1b\]22;[a-z-]*\x07")
"""Control sequences, and OSC 22, the shape of the mouse pointer."""
_CONTROLS = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)


def venom(written: bytes) -> set[str]:
    """Control, bidi and invisible characters among what is no sequence of the console's own kind, and sequences
    that bear the mark of the server's."""
    text = _OWN.sub(b"", written).decode("utf-8", "replace")
    marked = {found.decode() for found in _OWN.findall(written) if b"7777" in found}
    return {repr(found) for found in _CONTROLS.findall(text)} | marked


def shown(window: Terminal, key: str, *words: str) -> None:
    window.type(key)
    window.wait_for(*words)


def test_the_search_finds_what_it_searches_for() -> None:
    for part in (hostile.CLIPBOARD, hostile.TITLE, hostile.MOVE, hostile.QUERY, hostile.C1, hostile.BIDI):
        assert venom(f"\x1b[1;1Hmodels {part}".encode())
    for part in (*hostile.CONTROLS, *hostile.INVISIBLE):
        assert venom(f"models {part}".encode()), repr(part)


def test_nothing_a_server_says_reaches_the_terminal_raw(desk: Desk) -> None:
    with hostile.hostile_server() as origin:
        for place in hostile.PLACES:
            desk.add(place.strip("/") or "answers", f"{origin}{place}/v1", "sk-0123456789abcdef", "plain-model")
        with desk.console("answers", "models", columns=160, rows=60) as window:
            window.wait_for("10 models", "plain-model", "[@click=app.quit]press[/]", "x[/foo]")
            shown(window, "p", "by provider")
            shown(window, "/", "F1 help")
            shown(window, "evil", "1 of 10 models")
            shown(window, "\r", "› a prompt", "F1 help")
            shown(window, "Hello\r", "END-OF-ANSWER", "[@click=app.quit]press[/]")
            window.wait_until_gone("Esc stops")
            shown(window, "\x1b", "w wire")
            for key in "wo":
                window.type(key)
                window.settle()
            window.type("\x1b[5~\x1b[5~")
            window.settle()
            window.type("5")
            window.wait_for("4 targets")
            shown(window, "r", "END-OF-ANSWER")
            window.wait_until_gone("Esc stops")
            window.wait_for("✗ auth")
            window.type("6")
            window.wait_for("findings", "refuses", "breaks", "pages")
            shown(window, "\r", "Esc back")
            window.type("\x1b")
            window.wait_until_gone("Esc back")
            shown(window, "e", "These are the exact bytes.")
            window.type("\x1b")
            window.wait_until_gone("These are the exact bytes.")
            window.type("\x11")
            assert window.wait() == 0
        assert venom(bytes(window.written)) == set()


def test_a_hostile_error_message_is_shown_harmless(desk: Desk) -> None:
    with hostile.hostile_server() as origin:
        desk.add("refuses", f"{origin}/refuses/v1", "sk-0123456789abcdef", "plain-model")
        with desk.console("refuses", "chat") as window:
            window.wait_for("› a prompt", "F1 help")
            shown(window, "Hello\r", "Whose", "auth ·")
            shown(window, "\x1b", "w wire")
            shown(window, "m", "REFUSED [@click=app.quit]press[/] x[/foo]")
            window.type("\x11")
            assert window.wait() == 0
        assert venom(bytes(window.written)) == set()


def test_the_console_alone_writes_only_what_the_search_lets_pass() -> None:
    with terminal("demo") as window:
        window.wait_for("tokmodel", "^p commands")
        window.type("\x11")
        assert window.wait() == 0
        assert venom(bytes(window.written)) == set()
