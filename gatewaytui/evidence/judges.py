"""Second looks: is the value an expression found really a secret, or a word, a version, a placeholder?"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re

from gatewaytui.domain.keyshape import KEY_PREFIX, has_vendor_prefix, is_random, looks_like_key
from gatewaytui.domain.pattern import Pattern

_STAND_INS = frozenset(
    {"null", "none", "true", "false", "undefined", "missing", "required", "invalid"}
    | {"redacted", "hidden", "masked", "test", "string"}
)
_OPENING = tuple("<{[*.\u2026\u2022")
_NOBODYS = ("your", "my", "the", "some", "replace", "insert", "example")
_NOBODYS_KEY = Pattern(rf"(?:{'|'.join(_NOBODYS)})(?:[-_][a-z]+){{0,4}}[-_](?:key|token|secret|password|here|value)")
_VARIABLE = Pattern(r"\$[{(A-Z_]|%[A-Z_]+%")
_CONSTANT = Pattern(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_WORDS = Pattern(r"[A-Za-z]?[a-z]*(?:[_\-.][a-z]+)*[:.,]?")
_VERSION = Pattern(r"v?[0-9]+(?:[.\-:/T][0-9]+)*[A-Za-z]?")
_FILLER = Pattern(r"[*\u2022\u25cf\u2026#.]+|[xX]{4,}")
_SAFE_ADDRESSES = frozenset({"127.0.0.1", "0.0.0.0", "::1", "::"})  # noqa: S104  (nothing is bound here)
_SAFE_HOSTS = frozenset({"localhost", "localhost.localdomain", "host.docker.internal"})
_ROLES = frozenset(
    {"system", "assistant", "user", "tool", "developer", "admin", "root", "anonymous", "message", "role"}
)
_ID_TAIL = Pattern(
    r"[0-9]{5,}|(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,}|(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{16,}"
)
_MAC = Pattern(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5,}")
_CODE_HOSTS = Pattern(r"(?:[a-z_]+\.)*_?[a-z]+(?:\.(?:py|js|ts|go|rs|toml|json|yaml|conf|env))")


def not_placeholder(value: str) -> bool:
    """True unless the value stands for a secret instead of being one (``$VAR``, ``<key>``, ``YOUR_API_KEY``)."""
    lower = value.lower()
    return not (
        lower in _STAND_INS
        or value.startswith(_OPENING)
        or not value.strip("xX*.-_")
        or (value[0] in "$%" and _VARIABLE.match(value))
        or ("_" in value and value.isupper() and _CONSTANT.fullmatch(value))
        or (lower.startswith(_NOBODYS) and _NOBODYS_KEY.fullmatch(lower))
    )


def credible(value: str) -> bool:
    """A value after ``api_key=`` or ``Bearer``: letters with digits, or too long and mixed for a word."""
    value = value.rstrip(".:")
    if not not_placeholder(value) or _VERSION.fullmatch(value):
        return False
    if looks_like_key(value):
        return True
    if _WORDS.fullmatch(value):
        return len(value) >= 24 and not re.search(r"[_\-.]", value)
    digits = sum(map(str.isdigit, value))
    return (digits > 0 and digits < len(value)) or len(value) >= 16 or digits >= 16


def random_in_context(value: str) -> bool:
    """A value in prose after "key" or "token": ten random characters or more."""
    return not_placeholder(value) and (looks_like_key(value) or (len(value) >= 10 and is_random(value)))


def basic_credentials(value: str) -> bool:
    """True if the value decodes to ``user:password``, or is random."""
    try:
        decoded = base64.b64decode(
            value + "=" * (-len(value) % 4), altchars=b"-_" if re.search("[-_]", value) else None
        )
    except (ValueError, binascii.Error):
        return looks_like_key(value)
    return b":" in decoded or value.endswith("=") or looks_like_key(value)


def masked(value: str) -> bool:
    """A key echoed in part: something of it stands beside the asterisks, dots or Xs."""
    if value.strip("*").isalpha() and value.startswith("*") and value.endswith("*"):
        return False
    rest = _FILLER.sub(" ", value)
    prefix = KEY_PREFIX.match(rest)
    if prefix:
        rest = rest[prefix.end() :]
    return any(len(piece) >= 2 for piece in re.findall(r"[A-Za-z0-9]+", rest))


def after_sk(value: str) -> bool:
    """What follows ``sk-``: one piece with digits (``sk-1234``), or a random tail; not a model's name."""
    short = value.isalnum() and not value.isalpha()
    return short or has_vendor_prefix(f"sk-{value}")


def web_token(value: str) -> bool:
    """True for base64 of ``{"``, with which every JSON web token begins."""
    return value.startswith("eyJ")


def machine_name(value: str) -> bool:
    """True for the names Windows makes up: capitals and digits."""
    return value.isupper() and not value.isalpha()


def fragment(value: str) -> bool:
    """The first or last characters of a key: not a plain word."""
    return not value.islower() and not value.endswith(("-", "_"))


def identifier(value: str) -> bool:
    """A value after ``account_id=`` and kin: with digits, and not a word of a vocabulary."""
    value = value.rstrip(".:")
    return not_placeholder(value) and sum(map(str.isdigit, value)) >= 3 and (len(value) >= 5)


def id_tail(value: str) -> bool:
    """What follows ``org-`` or ``user_``: five digits or more, eight hex digits, or random letters and digits."""
    first = re.split(r"[_\-]", value)[0]
    return _ID_TAIL.fullmatch(first) is not None or looks_like_key(value) or is_random(value)


def email(value: str) -> bool:
    """True unless the domain's last label is no word (``model@2024.05``)."""
    return value.rpartition(".")[2].rstrip("-_").isalpha()


def ipv4(value: str) -> bool:
    """A valid address but the loopback one."""
    return value not in _SAFE_ADDRESSES and all(int(part) <= 255 for part in value.split("."))


def ipv6_or_mac(value: str) -> bool:
    """A valid IPv6 address but the loopback one, or six or more hex pairs with colons."""
    if _MAC.fullmatch(value):
        return True
    if value in _SAFE_ADDRESSES or not any(map(str.isalnum, value)):
        return False
    try:
        ipaddress.IPv6Address(value)
    except ValueError:
        return False
    return any(map(str.isdigit, value))


def private_host(value: str) -> bool:
    """A host name that is not everybody's own."""
    return value not in _SAFE_HOSTS and _CODE_HOSTS.fullmatch(value) is None


def user_name(value: str) -> bool:
    """A name after ``user=``: not a role or a placeholder."""
    return not_placeholder(value) and value.lower() not in _ROLES
