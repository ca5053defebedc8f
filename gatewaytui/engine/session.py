"""A session: one target with its key and its connection. Requests go out, exchanges and their verdicts come back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol as Contract
from typing import TypeVar

import msgspec

from gatewaytui.diagnosis.classify import classify
from gatewaytui.domain.chat import Answer
from gatewaytui.domain.exchange import Exchange, WireRequest
from gatewaytui.domain.failure import FailureClass, Finding
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import KeySource, Profile, Target
from gatewaytui.domain.reading import Reading
from gatewaytui.domain.secret import Secret
from gatewaytui.protocols.reading import read_exchange
from gatewaytui.transport.client import Client, Connection, Hear, hear_nothing
from gatewaytui.transport.pulse import Pulse

from .off_loop import off_loop
from .withholding import Withholding

KEY_SOURCE_PATIENCE_S = 45.0  # an unlock window of the keyring waits for a person

Result = TypeVar("Result")


class KeySourceContract(Contract):
    """Where a session gets its key: the KeyStore of `storage`."""

    def read(self, target: Target) -> Secret | None:
        """The target's key; None where it has none. Blocks; raises Problem."""
        ...

    def headers(self, target: Target) -> tuple[tuple[str, Secret | str], ...]:
        """The profile's extra headers with their key references resolved. Blocks; raises Problem."""
        ...

    def remember(self, profile: str, group: str, secret: Secret) -> None:
        """Keep a key for this session only."""
        ...

    def must_ask_in_clear(self, profile: Profile) -> bool:
        """True where the key would travel unencrypted and nobody agreed to that. Blocks."""
        ...


class Judged(msgspec.Struct, frozen=True):
    """An exchange with what its protocol read in it and what that means."""

    exchange: Exchange
    reading: Reading | None
    finding: Finding | None


class Session:
    """Sends this target's requests with this target's key over this target's connection.

    ``withholding`` takes out of the answers what was sent as a secret.
    """

    def __init__(
        self,
        client: Client,
        secret: Secret | None,
        headers: tuple[tuple[str, Secret | str], ...],
        withholding: Withholding,
    ) -> None:
        self._client = client
        self._secret = secret
        self._headers = headers
        self.withholding = withholding
        withholding.keep((secret, *(value for _, value in headers)))

    @property
    def reuses(self) -> bool:
        """True where a GET may travel on a connection that was used before, and be sent again if that was lost."""
        return self._client.reuse

    def halt(self) -> None:
        """End what is under way as cancelled, with what came of it kept; nothing more is sent."""
        self._client.halt()

    def keyed(self, secret: Secret | None) -> Session:
        """The same connections with another key, or with none; the extra headers stay."""
        return Session(self._client, secret, self._headers, self.withholding)

    async def send(self, request: WireRequest, hear: Hear = hear_nothing) -> Exchange:
        """The request to its end, told as it happens; cancelling closes the socket."""
        return await self._client.exchange(request, self._secret, self._headers, hear)

    async def exchange(self, request: WireRequest) -> Judged:
        """The request to its end, read and judged."""
        return self.judged(await self.send(request))

    def judged(self, exchange: Exchange, streamed: Answer | None = None) -> Judged:
        """Read the exchange through its protocol, without the keys it says back, and diagnose it.

        ``streamed`` is the answer as its decoder read it while it came.
        """
        exchange = self.withholding.of_exchange(exchange)
        answered = exchange.response is not None
        reading = self.withholding.of(read_exchange(exchange, streamed)) if answered else None
        return Judged(exchange, reading, classify(exchange, reading))


def open_session(
    target: Target, keys: KeySourceContract, *, reuse: bool = True, pulse: Pulse | None = None
) -> AbstractAsyncContextManager[tuple[Session, Secret | None]]:
    """A session for this target and the key it uses. Raises Problem where the key cannot be read.

    Without ``reuse`` every request has a connection of its own. Sessions on one loop may share a ``pulse``.
    """

    @asynccontextmanager
    async def opened() -> AsyncIterator[tuple[Session, Secret | None]]:
        secret, headers = await from_source(lambda: (key_for(target, keys), keys.headers(target)))
        profile = target.profile
        connection = Connection(proxy=profile.proxy, ca_file=profile.ca_file, timeouts=profile.timeouts)
        async with Client(connection, reuse=reuse, pulse=pulse) as client:
            yield Session(client, secret, headers, Withholding()), secret

    return opened()


def key_for(target: Target, keys: KeySourceContract) -> Secret | None:
    """The key, unless it would travel unencrypted to another machine without a person's word (design/safety.md)."""
    if target.key.source is not KeySource.NONE and keys.must_ask_in_clear(target.profile):
        raise Problem(
            FailureClass.CONFIG,
            f"The base URL of {target.profile.name} is http: the key would travel unencrypted.",
            "Use https, or agree once: with --allow-http on the command line, or in the console when it asks.",
        )
    return keys.read(target)


async def from_source(work: Callable[[], Result], patience_s: float = KEY_SOURCE_PATIENCE_S) -> Result:
    """What a key source returns, off the loop. Raises Problem, also where it does not answer in time."""
    return await off_loop(work, patience_s, "The key's source")
