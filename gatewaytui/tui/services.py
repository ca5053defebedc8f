"""What the console works with: handed to the app once, read by screens and panes, never global."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import msgspec
from textual.app import App

from gatewaytui.storage.keys import KeyStore
from gatewaytui.storage.locations import Locations
from gatewaytui.storage.profiles import ProfileStore
from gatewaytui.storage.settings import SettingsStore

if TYPE_CHECKING:
    from gatewaytui.demo.launch import Gateways
    from gatewaytui.domain.secret import Secret
    from gatewaytui.engine.contract import EngineContract
    from gatewaytui.engine.remote import RemoteEngine
    from gatewaytui.storage.baselines import Baselines
    from gatewaytui.storage.catalogues import Catalogues
    from gatewaytui.storage.history import History

FLUSHED_S = 0.05
"""Seconds after which a paint has reached the terminal: what is wanted later begins then, and delays no paint."""


def _nothing() -> None:
    """Nothing to let go of."""


async def _ready() -> None:
    """Nothing to get ready."""


def _no_door() -> None:
    """What is not kept."""


class Services(msgspec.Struct, frozen=True, dict=True):
    """The doors a face may knock at. All but the engine block: call them in a worker thread.

    ``demo`` is True on the embedded gateways: files then live in a folder of this session only and keys need no
    keyring. Engine, history, lists and comparisons are opened when they are first used: the first paint needs none
    of them, and their modules take a while to import. ``warm_up`` is awaited once, after the first paint, so that the
    first job need not wait for the engine. ``close`` is called once, after the console has ended. ``catalogues`` is
    None where lists are not kept, ``baselines`` where comparisons are not.
    """

    open_engine: Callable[[], EngineContract]
    profiles: ProfileStore
    keys: KeyStore
    open_history: Callable[[], History]
    settings: SettingsStore
    demo: bool = False
    close: Callable[[], None] = _nothing
    warm_up: Callable[[], Awaitable[None]] = _ready
    open_catalogues: Callable[[], Catalogues | None] = _no_door
    open_baselines: Callable[[], Baselines | None] = _no_door

    @cached_property
    def engine(self) -> EngineContract:
        """What runs every job."""
        return self.open_engine()

    @cached_property
    def history(self) -> History:
        """Past runs."""
        return self.open_history()

    @cached_property
    def catalogues(self) -> Catalogues | None:
        """The model lists of past runs."""
        return self.open_catalogues()

    @cached_property
    def baselines(self) -> Baselines | None:
        """The comparisons that were kept."""
        return self.open_baselines()


class HasServices(Protocol):
    """The app, as far as screens and panes know it."""

    services: Services


def services_of(app: App[object]) -> Services:
    """The doors of the console that this app was given."""
    return cast(HasServices, app).services


def own_services() -> Services:
    """This machine's profiles, keys and history."""
    locations = Locations.find(os.environ)
    return _services({}, locations, KeyStore(locations), demo=False, close=_nothing)


def demo_services(gateways: Gateways) -> Services:
    """The embedded gateways and the troubles of this machine as profiles, in a folder that goes with the session."""
    from gatewaytui.demo.launch import local_profiles, profile_for

    stack = ExitStack()
    folder = Path(
        stack.enter_context(tempfile.TemporaryDirectory(prefix="gatewaytui-demo-", ignore_cleanup_errors=True))
    )
    locations = Locations(folder / "config", folder / "state")
    store, keys = ProfileStore(locations), KeyStore(locations)
    secrets = {}
    for info in gateways.personas:
        store.put(profile_for(info))
        for group, secret in info.keys.items():
            keys.remember(info.name, group, secret)
            secrets[info.name, group] = secret
    for profile, _ in local_profiles(gateways):
        store.put(profile)
    return _services(secrets, locations, keys, demo=True, close=stack.close)


def _services(
    session_keys: Mapping[tuple[str, str], Secret],
    locations: Locations,
    keys: KeyStore,
    demo: bool,
    close: Callable[[], None],
) -> Services:
    @cache
    def engine() -> RemoteEngine:
        from gatewaytui.engine.remote import RemoteEngine

        return RemoteEngine(session_keys)

    def history() -> History:
        from gatewaytui.storage.history import History

        return History(locations)

    def catalogues() -> Catalogues:
        from gatewaytui.storage.catalogues import Catalogues

        return Catalogues(locations)

    def baselines() -> Baselines:
        from gatewaytui.storage.baselines import Baselines

        return Baselines(locations)

    async def warm_up() -> None:
        await engine().start()

    store, settings = ProfileStore(locations), SettingsStore(locations)
    return Services(engine, store, keys, history, settings, demo, close, warm_up, catalogues, baselines)
