"""A key that cannot be shown by accident, and how a pasted key is cleaned."""

from __future__ import annotations

import msgspec

_QUOTES = "\"'`\u201c\u201d\u2018\u2019"
_BLANKS = "\ufeff\u200b\u2060\u00a0"
SHOWN_TAIL = 4
SHORTEST_WITH_TAIL = 20
_WRONG = "sk-gatewaytui-deliberately-wrong-0000000000"


class Secret:
    """A key's text. ``repr``, ``str`` and formatting never show it; :meth:`reveal` is the only way out.

    It pickles (the engine may run in a child process) but compares only to another Secret.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The key itself, for the transport door and the leak gate only."""
        return self._text

    @property
    def tail(self) -> str | None:
        """The last four characters, or None for keys under 20 characters (rules.md, key text)."""
        return self._text[-SHOWN_TAIL:] if len(self._text) >= SHORTEST_WITH_TAIL else None

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return "Secret(hidden)"

    __str__ = __repr__


def wrong_key() -> Secret:
    """A key that no gateway has given to anyone, and that says so: a gateway that takes it checks no keys."""
    return Secret(_WRONG)


class KeyTextError(ValueError):
    """The text cannot be an API key. Its message names the reason and never the text."""


class CleanedKey(msgspec.Struct, frozen=True):
    """A normalised key and the plain words for what was stripped from around it."""

    secret: Secret
    stripped: tuple[str, ...]


def clean_key(text: str) -> CleanedKey:
    """Strip what people paste around a key: blanks, BOM, quotes, ``Bearer``, ``export NAME=``.

    Raises :class:`KeyTextError` for an empty key or one with anything but printable ASCII inside, because
    such a header value makes HTTP clients raise exceptions whose text contains the key.
    """
    stripped: list[str] = []

    def took(now: str, word: str) -> str:
        if now != key and word not in stripped:
            stripped.append(word)
        return now

    key, before = text, None
    while key != before:
        before = key
        key = took(key.strip(_BLANKS), "invisible characters")
        key = took(key.strip(), "blanks")
        key = took(key.strip(_QUOTES), "quotes")
        key = took(_without_assignment(key), "a variable assignment")
        key = took(_without_scheme(key), "the word Bearer")
    if not key:
        raise KeyTextError("The key is empty.")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise KeyTextError("The key contains a blank, a line break or a character outside ASCII.")
    return CleanedKey(Secret(key), tuple(stripped))


def repr_without(noun: msgspec.Struct, *hidden: str) -> str:
    """The repr of a struct, without the members that no log, test report or traceback may show."""
    shown = (f"{name}={getattr(noun, name)!r}" for name in noun.__struct_fields__ if name not in hidden)
    return f"{type(noun).__name__}({', '.join(shown)})"


def _without_assignment(key: str) -> str:
    name, equals, value = key.partition("=")
    words = name.split()
    is_name = bool(words) and words[-1].isidentifier() and words[-1].isupper() and len(words) <= 2
    return value if equals and value.strip("= ") and is_name and words[0] in ("export", "set", words[-1]) else key


def _without_scheme(key: str) -> str:
    head, _, rest = key.partition(" ")
    return rest if head.rstrip(":").lower() in ("bearer", "authorization", "x-api-key") else key
