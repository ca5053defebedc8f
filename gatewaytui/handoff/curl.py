"""curl: the request exactly as this program sends it, with the key as ``$VARIABLE``, quoted for a POSIX shell."""

from __future__ import annotations

import shlex

from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.protocols.table import PROTOCOLS

from .base import AUTH_LINES, PROMPT, Order, Snippet

_OWN = frozenset({"user-agent", "accept-encoding", "host", "content-length"})  # curl speaks for itself here
_GLOB = frozenset("[]{}")


def snippet(order: Order) -> Snippet:
    """One non-streaming chat in the target's protocol."""
    target = order.target
    request = ChatRequest(order.model, (Message(Role.USER, PROMPT),), stream=False)
    wire = PROTOCOLS[target.protocol].chat_request(target.profile.base_url, request, order.auth)
    return Snippet(f"curl, {target.protocol}", "bash", curl_for(wire, order.variable, order.headers))


def curl_for(request: WireRequest, variable: str, extra: tuple[tuple[str, str, bool], ...] = ()) -> str:
    """A command that sends this request again. ``extra`` are further headers: name, value, or True for a variable."""
    parts = ["curl -sS" + (" -N" if request.ask.streaming else "") + (" -g" if _GLOB & set(request.url) else "")]
    if request.method != ("GET" if request.body is None else "POST"):
        parts[0] += f" -X {shlex.quote(request.method)}"
    parts[0] += f" {_quoted(request.url)}"
    if request.auth_header in AUTH_LINES:
        name, prefix = AUTH_LINES[request.auth_header]
        parts.append(f'-H "{name}: {prefix}${variable}"')
    parts += [f"-H {_quoted(f'{name}: {value}')}" for name, value in request.headers if name.lower() not in _OWN]
    parts += [f"-H {_header(name, value, from_variable)}" for name, value, from_variable in extra]
    if request.body is not None:
        parts.append(f"--data-raw {_quoted(_shown(request.body.decode('utf-8', 'replace')))}")
    return " \\\n  ".join(parts)


def _header(name: str, value: str, from_variable: bool) -> str:
    return f'{_quoted(f"{name}: ")}"${value}"' if from_variable else _quoted(f"{name}: {value}")


def _quoted(text: str) -> str:
    return shlex.quote(text)


def _shown(body: str) -> str:
    """JSON in which all that a terminal would not show as text is written ``\\uXXXX``: the same value, harmless."""
    return "".join(character if character.isprintable() else _escaped(character) for character in body)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
