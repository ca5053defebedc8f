"""A key and a prompt nobody else has, made anew for each run, and every form they could be found in afterwards."""

from __future__ import annotations

import base64
import json
import secrets
from html import escape
from urllib.parse import quote

import msgspec


class Canary(msgspec.Struct, frozen=True):
    """What must be found nowhere."""

    key: str = msgspec.field(default_factory=lambda: f"sk-{secrets.token_hex(4)}QxZ9{secrets.token_urlsafe(24)}")
    prompt: str = msgspec.field(default_factory=lambda: f"Zanzibar <marmalade> & quorum {secrets.token_hex(6)}")

    def found_in(self, content: bytes) -> list[str]:
        """Which of the two stand in these bytes, in whatever form."""
        texts = {"key": self.key, "prompt": self.prompt}
        return [name for name, text in texts.items() if any(form in content for form in _forms(text))]


def _forms(text: str) -> set[bytes]:
    """Raw, JSON, URL, HTML, hex, UTF-16, and base64 at each of its three offsets; its middle alone is enough."""
    raw = text.encode()
    return {
        text[3:-3].encode(),
        json.dumps(text).strip('"').encode(),
        quote(text, safe="").encode(),
        escape(text).encode(),
        raw.hex().encode(),
        raw.hex().upper().encode(),
        text.encode("utf-16-le"),
        *(base64.b64encode(b"\0" * lead + raw)[4 if lead else 0 : -4] for lead in range(3)),
    }
