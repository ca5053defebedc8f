"""The contract of a pane: one tab of the console, owning its own behaviour and its own style file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import msgspec
from textual.containers import Container
from textual.reactive import reactive

from gatewaytui.domain.profile import Target
from gatewaytui.storage.profiles import ProfileBook
from gatewaytui.tui.services import Services, services_of

Tails = Mapping[tuple[str, str], str]
NO_TAILS: Tails = MappingProxyType({})


class PaneHelp(msgspec.Struct, frozen=True):
    """What ``?`` shows for a pane: what it is for, and its keys come from the command table."""

    title: str
    text: str


class Pane(Container):
    """Base of every pane. ``target``, ``book`` and ``tails`` flow down from the screen; messages go up.

    ``tails`` are the last four characters of keys that were read in this run, by (profile, group).
    """

    help_text: ClassVar[PaneHelp]

    target: reactive[Target | None] = reactive[Target | None](None)
    book: reactive[ProfileBook | None] = reactive[ProfileBook | None](None)
    tails: reactive[Tails] = reactive[Tails](NO_TAILS)

    @property
    def services(self) -> Services:
        """The doors of the console."""
        return services_of(self.app)

    def shown(self) -> None:
        """Called each time the pane becomes the visible one: set the focus, refresh what may be stale."""

    def recorded(self) -> None:
        """A run was added to the history: what is shown of it may be stale."""

    def cancel(self) -> bool:
        """Stop what runs here (Esc). True if something was stopped."""
        return False
