"""Python: the vendor's SDK of each protocol, the key from the environment, one auth header.

SDKs choose the header themselves and change it between versions (anthropic sends ``X-Api-Key`` before 2.0 and a
bearer token since), so wherever a profile's header is not certain to be theirs it is set, and theirs left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.protocols.urls import root

from .base import AUTH_LINES, PROMPT, Order, Snippet

_NO_KEY = '"unused"'  # SDKs insist on one
_OMIT = "Omit()"
_MAX_TOKENS = 256  # Anthropic's protocol demands a limit


def snippet(order: Order) -> Snippet:
    """One non-streaming chat with the SDK of the target's protocol.

    Raises Problem (config) where that SDK cannot send the profile's auth header.
    """
    title, write = _SDKS[order.target.protocol]
    return Snippet(f"Python, {title}", "python", "\n".join(write(order)))


def _openai_chat(order: Order) -> list[str]:
    call = [
        "answer = client.chat.completions.create(",
        f"    model={_text(order.model)},",
        f'    messages=[{{"role": "user", "content": {_text(PROMPT)}}}],',
    ]
    return [*_openai(order, call), "print(answer.choices[0].message.content)"]


def _openai_responses(order: Order) -> list[str]:
    call = ["answer = client.responses.create(", f"    model={_text(order.model)},", f"    input={_text(PROMPT)},"]
    return [*_openai(order, call), "print(answer.output_text)"]


def _openai(order: Order, call: list[str]) -> list[str]:
    own = {} if order.auth is AuthHeader.BEARER else {"Authorization": _OMIT} | _auth(order)
    return [*_client(order, "openai", "OpenAI", order.target.profile.base_url, own), *call, *_sent(own), ")"]


def _anthropic(order: Order) -> list[str]:
    own = {"X-Api-Key": _OMIT, "Authorization": _OMIT} | _auth(order)
    return [
        *_client(order, "anthropic", "Anthropic", root(order.target.profile.base_url), own),
        "answer = client.messages.create(",
        f"    model={_text(order.model)},",
        f"    max_tokens={_MAX_TOKENS},",
        f'    messages=[{{"role": "user", "content": {_text(PROMPT)}}}],',
        *_sent(own),
        ")",
        'print("".join(block.text for block in answer.content if block.type == "text"))',
    ]


def _gemini(order: Order) -> list[str]:
    if order.auth not in (AuthHeader.X_GOOG_API_KEY, AuthHeader.NONE):
        raise Problem(
            FailureClass.CONFIG,
            "The google-genai SDK always sends x-goog-api-key, and this profile forces another auth header.",
            "Use curl, or set the profile's auth_header to auto.",
        )
    options = {"base_url": _text(root(order.target.profile.base_url)), "api_version": '"v1beta"'}
    options |= {"headers": _dict(_headers(order))} if order.headers else {}
    return [
        *_environment(_key(order), *options.values()),
        "from google import genai",
        "",
        f"client = genai.Client(api_key={_key(order)}, http_options={_dict(options)})",
        "answer = client.models.generate_content(",
        f"    model={_text(order.model)},",
        f"    contents={_text(PROMPT)},",
        ")",
        "print(answer.text)",
    ]


def _client(order: Order, package: str, name: str, base_url: str, own: Mapping[str, str]) -> list[str]:
    """The lines that import the SDK and make its client."""
    extra = f", default_headers={_dict(_headers(order))}" if order.headers else ""
    omit = ", Omit" if _OMIT in own.values() else ""
    return [
        *_environment(_key(order), extra),
        f"from {package} import {name}{omit}",
        "",
        f"client = {name}(base_url={_text(base_url)}, api_key={_key(order)}{extra})",
    ]


def _environment(*used: str) -> list[str]:
    return ["import os", ""] if any("os.environ" in text for text in used) else []


def _sent(own: Mapping[str, str]) -> list[str]:
    return [f"    extra_headers={_dict(own)},"] if own else []


def _key(order: Order) -> str:
    return _NO_KEY if order.auth is AuthHeader.NONE else _variable(order.variable)


def _auth(order: Order) -> dict[str, str]:
    """The header that carries the key, as Python; SDKs know ``X-Api-Key`` in this spelling."""
    if order.auth not in AUTH_LINES:
        return {}
    name, prefix = AUTH_LINES[order.auth]
    value = _variable(order.variable)
    return {"X-Api-Key" if name == "x-api-key" else name: f"{_text(prefix)} + {value}" if prefix else value}


def _headers(order: Order) -> dict[str, str]:
    return {name: _variable(value) if from_variable else _text(value) for name, value, from_variable in order.headers}


def _dict(items: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_text(name)}: {code}" for name, code in items.items()) + "}"


def _variable(name: str) -> str:
    return f"os.environ[{_text(name)}]"


def _text(text: str) -> str:
    """The text as a Python literal that a terminal shows as text, in double quotes where that needs no escape."""
    plain = text.isprintable() and not {'"', "\\"} & set(text)
    return f'"{text}"' if plain else ascii(text)


_SDKS: Mapping[Protocol, tuple[str, Callable[[Order], list[str]]]] = MappingProxyType(
    {
        Protocol.OPENAI_CHAT: ("openai", _openai_chat),
        Protocol.OPENAI_RESPONSES: ("openai", _openai_responses),
        Protocol.ANTHROPIC: ("anthropic", _anthropic),
        Protocol.GEMINI: ("google-genai", _gemini),
    }
)
