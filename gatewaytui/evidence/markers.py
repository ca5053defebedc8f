"""What stands where something was withheld, so that a reader and a preview can see that it was, and of what kind."""

from __future__ import annotations

import re
from enum import StrEnum


class Withheld(StrEnum):
    """The kinds of things that never leave the machine; ``marker`` is the text left in their place."""

    KEY = "key"
    OPAQUE = "secret"
    PROMPT = "prompt"
    RESPONSE = "response"
    ID = "id"
    EMAIL = "e-mail"
    ADDRESS = "address"
    HOST = "host"
    USER = "user"
    COOKIE = "cookie"
    PHONE = "phone"
    MODEL = "model"
    NAME = "name"
    PATH = "path"
    TEXT = "text"

    @property
    def marker(self) -> str:
        """``[key withheld]`` and kin."""
        return f"[{self.value} withheld]"


MARKER = re.compile(rf"\[(?:{'|'.join(map(re.escape, Withheld))}) withheld\]")
"""Finds every marker in a rendered text, for a preview that highlights them."""
