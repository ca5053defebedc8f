"""The door to the operating system's keyring. Only real OS stores pass; every bad case has its own two sentences.

What goes wrong there was tried out one by one (design/safety.md, keys at rest). Calls block, an unlock window even
for minutes: call them in a thread with a timeout. ``keyring`` is imported late, it costs 84 ms.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "gatewaytui"
LONGEST_ON_WINDOWS = 1280

Result = TypeVar("Result")

_STORES = frozenset(
    {
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
        "keyring.backends.macOS",
        "keyring.backends.Windows",
    }
)
_WINDOWS = "keyring.backends.Windows"
_WAYS = (
    "from a variable (gatewaytui profiles edit PROFILE --key env:NAME), from a command (--key cmd:[...]) "
    "or typed in each session (--key prompt)."
)
_ELSEWHERE = "Read the key " + _WAYS
_OR = " Or read the key " + _WAYS

_REFUSED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "keyring.backends.fail": (
            "There is no keyring here: no D-Bus session with a Secret Service, as on most servers and in containers.",
            _ELSEWHERE,
        ),
        "keyring.backends.null": (
            "The keyring is switched off (its null backend keeps nothing).",
            "Remove default-keyring from keyringrc.cfg or PYTHON_KEYRING_BACKEND." + _OR,
        ),
        "keyring.backends.chainer": ("None of the keyrings here is the operating system's own.", _ELSEWHERE),
        "keyrings.alt": (
            "The only keyring here is a file of the package keyrings.alt, which does not protect keys.",
            "Uninstall keyrings.alt or start the system's keyring." + _OR,
        ),
    }
)
_FOREIGN = (
    "The keyring that is set here is not the operating system's own, so keys are not given to it.",
    "Unset PYTHON_KEYRING_BACKEND and default-keyring in keyringrc.cfg." + _OR,
)
_LOCKED = (
    "The keyring is locked and was not unlocked.",
    "Unlock it (log in to the desktop, or open its window), then run again." + _OR,
)
_RAISED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "NoKeyringError": _REFUSED["keyring.backends.fail"],
        "SecretServiceNotAvailableException": _REFUSED["keyring.backends.fail"],
        "KeyringLocked": _LOCKED,
        "LockedException": _LOCKED,
        "PromptDismissedException": _LOCKED,
        "InitError": (
            "The keyring of this session was never unlocked or set up.",
            "Unlock it once with your login password, then run again." + _OR,
        ),
        "PasswordSetError": ("The keyring did not take the key.", "Unlock it and try again." + _OR),
        "PasswordDeleteError": ("The keyring did not give up the key.", "Remove it in the keyring's own window."),
    }
)
_DEAD_BUS = (
    "The D-Bus session that DBUS_SESSION_BUS_ADDRESS names does not answer.",
    "Start a session (dbus-run-session) or unset the variable." + _OR,
)
_NOT_LOADED = (
    "The keyring that PYTHON_KEYRING_BACKEND or keyringrc.cfg names cannot be loaded.",
    "Unset the variable or install that keyring." + _OR,
)
_UNKNOWN = ("The keyring failed in a way that is not known.", "Try once more." + _OR)
_CHANGED = (
    "The keyring did not keep the key: reading it back gave something else.",
    _ELSEWHERE,
)
_TOO_LONG = (
    f"The key is longer than the {LONGEST_ON_WINDOWS} characters the Windows keyring takes.",
    _ELSEWHERE,
)


def get(account: str) -> str | None:
    """The key text kept for this account, or None. Raises Problem (keystore)."""
    return _at_the_door(lambda: _store().get_password(SERVICE, account))


def put(account: str, text: str) -> None:
    """Keep the key text and make sure that it was kept. Raises Problem (keystore)."""
    store = _at_the_door(_store)
    if _comes_from(store, _WINDOWS) and len(text) > LONGEST_ON_WINDOWS:
        raise _problem(_TOO_LONG)
    _at_the_door(lambda: store.set_password(SERVICE, account, text))
    if _at_the_door(lambda: store.get_password(SERVICE, account)) != text:
        with suppress(Problem):
            _at_the_door(lambda: store.delete_password(SERVICE, account))
        raise _problem(_CHANGED)


def delete(account: str) -> None:
    """Forget the key of this account; nothing happens where there is none. Raises Problem (keystore)."""
    store = _at_the_door(_store)
    if _at_the_door(lambda: store.get_password(SERVICE, account)) is not None:
        _at_the_door(lambda: store.delete_password(SERVICE, account))


def _chosen() -> KeyringBackend:
    from keyring import get_keyring

    return get_keyring()


def _store() -> KeyringBackend:
    """The operating system's store: the chosen backend, or the best of a chain that is one. Raises Problem."""
    chosen = _at_the_door(_chosen, _NOT_LOADED)
    chain: tuple[KeyringBackend, ...] = (chosen, *getattr(chosen, "backends", ()))
    for backend in chain:
        if any(_comes_from(backend, module) for module in _STORES):
            return backend
    refused = (words for module, words in _REFUSED.items() if _comes_from(chosen, module))
    raise _problem(next(refused, _FOREIGN))


def _comes_from(backend: object, module: str) -> bool:
    return any(f"{kind.__module__}.".startswith(f"{module}.") for kind in type(backend).__mro__)


def _at_the_door(work: Callable[[], Result], otherwise: tuple[str, str] = _UNKNOWN) -> Result:
    try:
        return work()
    except Problem:
        raise
    except Exception as error:  # noqa: BLE001  (a door: backends raise what their libraries raise)
        raise _problem(_words(error, otherwise)) from None


def _words(error: Exception, otherwise: tuple[str, str]) -> tuple[str, str]:
    """Two sentences for what a backend raised, by its type; its text may hold the key and is never read."""
    for kind in type(error).__mro__:
        if kind.__name__ in _RAISED and kind.__module__.startswith(("keyring.", "secretstorage.")):
            return _RAISED[kind.__name__]
    if isinstance(error, OSError) and os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return _DEAD_BUS
    return otherwise


def _problem(words: tuple[str, str]) -> Problem:
    return Problem(FailureClass.KEYSTORE, *words)
