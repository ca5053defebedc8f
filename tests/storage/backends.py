"""Keyring backends that misbehave as real ones do, and one that behaves; named by PYTHON_KEYRING_BACKEND or set."""

from __future__ import annotations

from keyring.backend import KeyringBackend
from keyring.backends import SecretService
from keyring.backends.chainer import ChainerBackend
from keyring.errors import InitError, KeyringLocked, PasswordSetError


class Sound(SecretService.Keyring):
    """An operating system's store that works, kept in memory."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Raising(Sound):
    """Every call raises; the text holds the key, as a careless library's may."""

    error: Exception = RuntimeError("sk-canary-in-exception-0123456789")

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.error


class Locked(Raising):
    error = KeyringLocked("sk-canary-in-exception-0123456789")


class NeverUnlocked(Raising):
    error = InitError("sk-canary-in-exception-0123456789")


class Refusing(Sound):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError("sk-canary-in-exception-0123456789")


class DeadBus(Raising):
    error = FileNotFoundError("sk-canary-in-exception-0123456789")


class Forgetful(Sound):
    """Takes every key and gives back another one."""

    def get_password(self, service: str, username: str) -> str | None:
        kept = super().get_password(service, username)
        return kept and kept[:-1]


class Plain(KeyringBackend):
    """A plaintext file, as keyrings.alt has it: its class says so, whatever its priority."""

    priority = 9  # type: ignore[assignment]

    def get_password(self, service: str, username: str) -> str | None:
        raise AssertionError("a key must never be asked of a plaintext file")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("a key must never be given to a plaintext file")


Plain.__module__ = "keyrings.alt.file"


class Foreign(Plain):
    """Some other package's backend."""


Foreign.__module__ = "somebody.keyring"
Foreign.__bases__ = (KeyringBackend,)


class Chain(ChainerBackend):
    """A chain of backends, tried in order."""

    backends: tuple[KeyringBackend, ...] = ()  # type: ignore[assignment]

    def __init__(self, *links: KeyringBackend) -> None:
        super().__init__()
        self.backends = links


class Credentials(Sound):
    """The Windows store as far as its limit goes."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("a key that does not fit must not be tried")


Credentials.__module__ = "keyring.backends.Windows"
