"""Next steps sharper than a class's own, where the exchange shows more. "" keeps the class's sentence.

Sentences are ours. The only foreign thing in them is a model id that passed ``valid_model_id``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gatewaytui.domain.exchange import FaultDetail, Phase
from gatewaytui.domain.pattern import Pattern
from gatewaytui.domain.text import valid_model_id

from .retry import QUOTA_WINDOW
from .sight import Sight
from .words import prepared

_DOUBLED = Pattern(r"/(v1|v1beta)/\1(/|$)")
_VERSION = Pattern(r"/v\d")


def duration(seconds: float) -> str:
    """A wait as a person says it: ``12 s``, ``4 min``, ``2 h``."""
    if seconds < 120:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 7200 else f"{round(seconds / 3600)} h"


def wait(sight: Sight) -> str:
    """How long to wait, and that a long wait means a quota window."""
    seconds = sight.retry_after
    if seconds is None:
        return ""
    if seconds > QUOTA_WINDOW:
        return f"This is a quota window: it opens again in about {duration(seconds)}. Use another key until then."
    return f"Wait {duration(seconds)} and try again."


def later(sight: Sight) -> str:
    """How long a server that failed asks to wait."""
    if sight.retry_after is None:
        return ""
    return f"Wait {duration(sight.retry_after)}, as the server asks, and try again; then report it to the operator."


def address(sight: Sight) -> str:
    """What is wrong with the path, where the path shows it."""
    if _DOUBLED.search(sight.path):
        return "The path holds the version twice: remove one /v1 from the end of the base URL."
    if sight.path and not _VERSION.search(sight.path):
        return "The path has no /v1: add it to the end of the base URL."
    return ""


_ANOTHER_ADDRESS = (
    "A website answers, though the path has its version: take the API's own address from the gateway's "
    "documentation; the doctor tries the usual ones."
)


def website(sight: Sight) -> str:
    """The same where a web page answered; a path that has its version already is wrong in another way."""
    return address(sight) or (_ANOTHER_ADDRESS if sight.path else "")


_REDIRECTS: Mapping[str, str] = MappingProxyType(
    {
        "same_host": "The server wants another address on the same host: check https, the port and a trailing slash.",
        "https": "It points to https on the same host: put https:// into the base URL.",
        "login": "It points at a login page: this is a website's address. The documentation names the API's own.",
        "other_host": "It points at another host, where the key must not travel: find out which host serves the API.",
        "downgrade": "It points from https to http, which would show the key to the network: do not follow it.",
    }
)


def redirect(sight: Sight) -> str:
    """What to do about a redirect, by where it points."""
    return _REDIRECTS.get(sight.redirect_to, "")


_EXPIRED = Pattern(r"expired|expiry|has ended|no longer valid|过期|已到期|到期")
_NO_KEY = Pattern(
    r"\bno (api[ _-]?|access |auth\w* )?(keys?|tokens?|credentials?)\b|(key|token|credentials?|header)s? (is |was )?"
    r"(missing|absent|required|empty|not (found|provided|supplied|sent|given))|(missing|without|requires?|provide"
    r"|lacks?) (an? |the |any |your )?(\w+ )?([\w-]*key|token|credentials?|authorization)"
    r"|(未|没有)(提供|携带|传入|收到)|缺少"
)


def key(sight: Sight) -> str:
    """What the words say of a refused key: that it has ended, or that none was found."""
    said = prepared(sight.error.message) if sight.error else ""
    if _EXPIRED.search(said):
        return "Make a new key, or extend this one, in the gateway's console: it says that this one has expired."
    if _NO_KEY.search(said):
        return (
            "The gateway says that it found no key: look up in its documentation which header it reads, set the "
            "header mode to that one (--auth-header bearer, x-api-key or api-key), then check the key."
        )
    return ""


def sign_in(_: Sight) -> str:
    """A network's own sign-in page."""
    return "Open any web page in a browser, sign in to this network there, and run again."


def too_large(sight: Sight) -> str:
    """Which part of the answer was too large."""
    if sight.fault is None or sight.fault.phase is Phase.BODY:
        return ""
    return "The headers of the answer pass every reasonable size: report it to the gateway's operator."


def model(sight: Sight) -> str:
    """Names the model id that was asked."""
    if not valid_model_id(sight.ask.model):
        return ""
    return (
        f"{sight.ask.model} is not an id of this gateway and key: choose one from its model list, written as listed."
    )


def mismatch(sight: Sight) -> str:
    """Names both model ids."""
    answer, asked = sight.answer, sight.ask.model
    if answer is None or not (valid_model_id(asked) and valid_model_id(answer.served_model)):
        return ""
    return f"{asked} was asked and {answer.served_model} answered: ask the operator about model mapping."


def no_stream(_: Sight) -> str:
    """A stream was asked for and a whole body came."""
    return "A stream was asked for and the whole answer came at once: turn streaming off, or ask for streaming here."


def unasked_stream(_: Sight) -> str:
    """A whole body was asked for and a stream came."""
    return "A stream came although none was asked for: turn streaming on, or have the gateway honour stream=false."


def no_route(_: Sight) -> str:
    """The network knows no way to the host."""
    return "There is no route to this host: check the network, the VPN, and IPv4 against IPv6."


def plain_http(_: Sight) -> str:
    """http was spoken to an https port."""
    return _FAULTS[FaultDetail.TLS_PORT]


_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        FaultDetail.SELF_SIGNED: "The certificate is self-signed: add its CA file to the profile if you trust it.",
        FaultDetail.UNKNOWN_ISSUER: "Nobody known signed the certificate: add the issuer's CA file to the profile.",
        FaultDetail.EXPIRED: "The certificate has expired, or this machine's clock is wrong.",
        FaultDetail.WRONG_HOST: "The certificate is for another host name: check the host in the base URL.",
        FaultDetail.NOT_TLS: "This port does not speak TLS: check the port, or use http:// for a server of your own.",
        FaultDetail.TLS_PORT: "This port speaks https: put https:// into the base URL.",
        FaultDetail.VERSION: "The server offers no TLS version this machine accepts: its operator must update it.",
        FaultDetail.SOCKS_PROXY: "SOCKS proxies are not supported: set an http:// proxy in the profile.",
        FaultDetail.PROXY_AUTH: "The proxy wants a user name and password: put them into the proxy's URL.",
        FaultDetail.PROXY_URL: "The proxy's URL cannot be read: correct it in the profile or in HTTPS_PROXY.",
        FaultDetail.CA_FILE: "The CA file cannot be read: correct its path in the profile or in SSL_CERT_FILE.",
        FaultDetail.KEY_CHARACTERS: "The key holds characters that no header may carry: copy it again.",
        FaultDetail.HEADER: "An extra header of the profile cannot be sent: correct its name or value.",
        FaultDetail.URL: "The base URL cannot be used: it must be absolute, like https://host/v1.",
        FaultDetail.USER_INFO: "The base URL holds a user name or password, which would replace the key: remove it.",
    }
)


def misdirected(_: Sight) -> str:
    """The server is not the one for this host name."""
    return (
        "Check the host name and the port of the base URL; where they are right, a proxy or an edge leads this name "
        "to the wrong server: tell its operator."
    )


_UPGRADES: tuple[tuple[Pattern[str], str], ...] = (
    (Pattern(r"\btls\b"), "The server wants TLS here: put https:// into the base URL."),
    (Pattern(r"\bwebsocket\b"), "A WebSocket is at this address: take the API's own from the documentation."),
    (
        Pattern(r"\bh2c?\b|\bhttp/2|\bhttp/3|\bh3\b"),
        "The server wants a newer HTTP here: ask its operator to allow HTTP/1.1, which every client speaks.",
    ),
)


def upgrade(sight: Sight) -> str:
    """Which protocol the server asks for in its header Upgrade."""
    wanted = sight.response.header("upgrade").lower()[:200] if sight.response else ""
    asked = (step for pattern, step in _UPGRADES if pattern.search(wanted))
    return next(asked, "Check the scheme (https) and the port of the base URL, then ask the operator for the API's.")


def no_handshake(sight: Sight) -> str:
    """The time for connecting ran out in a handshake that the other side never took up."""
    if sight.fault is None or sight.fault.phase is not Phase.TLS:
        return ""
    return "The port is open but answers no TLS: check the port, or use http:// for a server of your own."


def fault(sight: Sight) -> str:
    """What to do about a transport fault, by what the transport saw besides its kind."""
    return _FAULTS.get(sight.fault.detail, "") if sight.fault else ""
