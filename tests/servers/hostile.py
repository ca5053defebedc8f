"""A server that means harm: control sequences, markup and invisible characters in everything it says."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CLIPBOARD = "\x1b]52;c;SE9TVElMRQ==\x07"
TITLE = "\x1b]0;HOSTILE\x07"
MOVE = "\x1b[7777;7777H"
QUERY = "\x1b[>7777c"
C1 = "\x9b7777H\x9d0;HOSTILE\x9c\x90q\x85"
CONTROLS = "\x00\x07\x08\x0b\x0c\x7f\x1b"
BIDI = "\u202egnp.exe\u2066\u2069\u200e\u061c"
INVISIBLE = "\u200b\u2060\ufeff\u2028\u2029"
MARKUP = "[@click=app.quit]press[/] x[/foo] [bold red]RED[/] [/]"
_ACTING = f"{CLIPBOARD}{TITLE}{MOVE}{QUERY}{C1}{CONTROLS}{BIDI}"
VENOM = _ACTING + INVISIBLE
SAID = f"{MARKUP} {VENOM}"
PROSE = f"{MARKUP} {_ACTING}"
"""What an answer says: in prose, zero-width characters have their use and stay."""

_IDS = (
    "plain-model",
    f"evil-{VENOM}-model",
    "x[/foo]",
    "[@click=app.quit]press[/]",
    f"{MARKUP}{CLIPBOARD}",
    "../../etc/passwd",
    "a\nb\tc\r\nd",
    "‮reversed",
    "\ud800surrogate",
    "L" * 5_000,
)
_OBS_TEXT = BIDI.encode() + C1.encode()
"""What an HTTP client still takes as a header's value: bytes above 127."""


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _reply(status: str, body: bytes, media_type: bytes = b"application/json", headers: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\nConnection: close\r\n" % (
        status.encode(),
        media_type,
        len(body),
    )
    return head + b"x-request-id: req-" + _OBS_TEXT + b"\r\nserver: " + _OBS_TEXT + b"\r\n" + headers + b"\r\n" + body


def _models() -> bytes:
    entries = [
        {"id": id, "object": "model", "owned_by": SAID, "name": SAID, "supported_endpoint_types": [SAID]}
        for id in _IDS
    ]
    return _reply("200 OK", _json({"object": "list", "data": entries}))


def _chunk(delta: object, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    event = {
        "id": f"chat-{SAID}",
        "object": "chat.completion.chunk",
        "model": f"plain-model{VENOM}",
        "choices": [choice],
    }
    return (
        b"event: " + SAID.replace("\x00", "").replace("\n", "").encode("utf-8") + b"\ndata: " + _json(event) + b"\n\n"
    )


def _answer() -> bytes:
    tool = {
        "index": 0,
        "id": SAID,
        "type": "function",
        "function": {"name": f"tool{SAID}", "arguments": _json(SAID).decode()},
    }
    pieces = [
        b": comment " + CLIPBOARD.encode() + C1.encode() + b"\n\n",
        _chunk({"role": "assistant", "reasoning_content": f"I think {PROSE}"}),
        *(_chunk({"content": character}) for character in f"ANSWER {PROSE} "),
        _chunk({"content": f"\n```\n{PROSE}\n```\n# HEADING {PROSE}\nEND-OF-ANSWER"}),
        _chunk({"tool_calls": [tool]}),
        _chunk({}, f"stop{SAID}"),
        b"data: raw \x9b7777H \xff\xfe " + CLIPBOARD.encode() + b"\n\n",
        b"data: [DONE]\n\n",
    ]
    return _reply("200 OK", b"".join(pieces), b"text/event-stream; charset=x[/foo]")


def _refusal() -> bytes:
    error = {"message": f"REFUSED {SAID}", "type": SAID, "code": f"invalid_api_key{SAID}", "param": SAID}
    return _reply("401 Unauthorized", _json({"error": error}), headers=b"retry-after: " + _OBS_TEXT + b"\r\n")


def _raw_controls() -> bytes:
    return b"HTTP/1.1 200 " + SAID.encode() + b"\r\nX-Evil: " + SAID.encode() + b"\r\n\r\n" + SAID.encode()


def _page() -> bytes:
    body = b"<html><title>" + SAID.encode() + b"</title>" + SAID.encode() + b"\x9b7777H</html>"
    return _reply("502 Bad Gateway", body, b"text/html")


_REPLIES = {
    "/v1/models": _models,
    "/v1/chat/completions": _answer,
    "/refuses/v1/chat/completions": _refusal,
    "/breaks/v1/chat/completions": _raw_controls,
    "/pages/v1/chat/completions": _page,
}
PLACES = ("", "/refuses", "/breaks", "/pages")
"""Prefixes of the base URLs: it answers, refuses, breaks HTTP, or sends a page."""


class _Handler(socketserver.StreamRequestHandler):
    timeout = 30

    def handle(self) -> None:
        path, length = self.rfile.readline().split(b" ")[1].decode(), 0
        while line := self.rfile.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        self.rfile.read(length)
        self.wfile.write(_REPLIES.get(path, _refusal)())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def hostile_server() -> Iterator[str]:
    """The server's origin while it runs."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
