"""JSON of strangers: decoded leniently, and looked into without trusting any type.

Servers send numbers as strings, null where a list was due, ``NaN``, lone surrogates and nesting without end.
Nothing here raises for what a server sent, except :func:`decode`, which raises :class:`Malformed` alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import msgspec

Object = dict[str, object]

BOM = b"\xef\xbb\xbf"
LARGEST_COUNT = 2**53
"""Up to here every JSON reader takes a whole number as it is (RFC 8259 section 6); more tokens there are not."""
_decode = msgspec.json.Decoder().decode


class Malformed(ValueError):
    """The text is no JSON, or none that can be read safely (nested too deep, a number of thousands of digits)."""


def decode(text: str | bytes) -> object:
    """The JSON value of this text, as plain dicts, lists, strings, numbers and None.

    Strict JSON goes the fast way. What is not is tried once more the way the SDKs in Python read it, which
    lets ``NaN`` (read as None), lone surrogates and invalid UTF-8 (replaced) pass. Raises :class:`Malformed`.
    """
    try:
        return _decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        pass
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig", "replace")
    try:
        return json.loads(text, parse_constant=_not_a_number)
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None


def decoded(text: str | bytes) -> object:
    """The JSON value of this text, or None where it is no JSON."""
    try:
        return decode(text)
    except Malformed:
        return None


def encode(value: object) -> str:
    """The JSON text of a decoded value; "" where it cannot be written (nested too deep)."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""


def as_object(value: object) -> Object:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: object) -> Iterator[Object]:
    """The objects of a list, whatever else is in it."""
    return (item for item in as_list(value) if isinstance(item, dict))


def as_text(value: object) -> str:
    """The value if it is a string, else ""."""
    return value if isinstance(value, str) else ""


def as_count(value: object) -> int | None:
    """A whole number up to `LARGEST_COUNT` (tokens, milliseconds), also as a string or a float, else None."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value <= LARGEST_COUNT else None


def as_number(value: object) -> float | None:
    """A finite number, also as a string, else None. Booleans are no numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def as_code(value: object) -> str:
    """An error code as a string, whether the server sent a string, a number or a numeric string.

    Python servers send the word ``None`` for nothing; a boolean is no code.
    """
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    return "" if text.lower() in ("none", "null") else text


def first_text(value: Object, *names: str) -> str:
    """The first of these members that is a non-empty string, or ""."""
    return next((text for name in names if (text := as_text(value.get(name)))), "")


def first_count(value: Object, *names: str) -> int | None:
    """The first of these members that is a count, or None."""
    return next((count for name in names if (count := as_count(value.get(name))) is not None), None)


def repaired(text: str) -> str:
    """The text without lone surrogates: halves that two chunks kept apart are joined, others become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _not_a_number(_word: str) -> None:
    return None
