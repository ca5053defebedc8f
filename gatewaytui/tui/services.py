"""What the console works with: handed to the app once, read by screens and panes, never global."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from textual.app import App

from gatewaytui.engine.contract import EngineContract
from gatewaytui.engine.remote import RemoteEngine
from gatewaytui.storage.baselines import Baselines
from gatewaytui.storage.catalogues import Catalogues
from gatewaytui.storage.history import History
from gatewaytui.storage.keys import KeyStore
from gatewaytui.storage.locations import Locations
from gatewaytui.storage.profiles import ProfileStore
from gatewaytui.storage.settings import SettingsStore

if TYPE_CHECKING:
    from gatewaytui.demo.launch import Gateways


def _nothing() -> None:
    """Nothing to let go of."""


async def _ready() -> None:
    """Nothing to get ready."""


@dataclass(frozen=True, slots=True)
class Services:
    """The doors a face may knock at. All but the engine block: call them in a worker thread.

    ``demo`` is True on the embedded gateways: files then live in a folder of this session only and keys need no
    keyring. ``warm_up`` is awaited once, after the first paint, so that the first job need not wait for the engine.
    ``close`` is called once, after the console has ended. ``catalogues`` is None where lists are not kept,
    ``baselines`` where comparisons are not.
    """

    engine: EngineContract
    profiles: ProfileStore
    keys: KeyStore
    history: History
    settings: SettingsStore
    demo: bool = False
    close: Callable[[], None] = _nothing
    warm_up: Callable[[], Awaitable[None]] = _ready
    catalogues: Catalogues | None = None
    baselines: Baselines | None = None


class HasServices(Protocol):
    """The app, as far as screens and panes know it."""

    services: Services


def services_of(app: App[object]) -> Services:
    """The doors of the console that this app was given."""
    return cast(HasServices, app).services


def own_services() -> Services:
    """This machine's profiles, keys and history."""
    locations = Locations.find(os.environ)
    return _services(RemoteEngine(), locations, KeyStore(locations), demo=False, close=_nothing)


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
    return _services(RemoteEngine(secrets), locations, keys, demo=True, close=stack.close)


def _services(
    engine: RemoteEngine, locations: Locations, keys: KeyStore, demo: bool, close: Callable[[], None]
) -> Services:
    store = ProfileStore(locations)
    history, settings, catalogues = History(locations), SettingsStore(locations), Catalogues(locations)
    baselines = Baselines(locations)
    return Services(engine, store, keys, history, settings, demo, close, engine.start, catalogues, baselines)
