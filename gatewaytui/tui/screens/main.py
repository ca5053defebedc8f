"""The main screen: header, tabs, the pane in front, footer. It holds the state and routes; panes do the work."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import KeySource, Target
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.storage.profiles import ProfileBook
from gatewaytui.storage.settings import Settings
from gatewaytui.storage.target import parse_target
from gatewaytui.tui import messages, styles
from gatewaytui.tui.commands import Command
from gatewaytui.tui.panes.base import NO_TAILS, Pane, PaneHelp, Tails
from gatewaytui.tui.panes.profile_rows import key_words
from gatewaytui.tui.panes.table import PANES, PaneRow, pane_row
from gatewaytui.tui.services import Services
from gatewaytui.tui.widgets.footer import Footer
from gatewaytui.tui.widgets.header import Header
from gatewaytui.tui.widgets.tabstrip import TabStrip

if TYPE_CHECKING:
    from gatewaytui.domain.run import Run

_READ_AGAIN = (KeySource.KEYRING, KeySource.ENV, KeySource.PROMPT)
"""Sources whose key may be read a second time, for its last four characters; a command would run again."""


class MainScreen(Screen[None]):
    """State: the target, the profile book, the tails of keys that were read. It flows down to every pane."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(row.key, f"go('{row.id}')", row.title, show=False, id=f"pane.{row.id}") for row in PANES
    ]

    target: reactive[Target | None] = reactive[Target | None](None)
    book: reactive[ProfileBook | None] = reactive[ProfileBook | None](None)
    tails: reactive[Tails] = reactive[Tails](NO_TAILS)

    def __init__(self, services: Services, settings: Settings) -> None:
        super().__init__()
        self._services = services
        self._first = pane_row(settings.last_pane) or PANES[0]
        self._settings = replace(settings, last_pane=self._first.id)
        self._resumed = False

    def compose(self) -> ComposeResult:
        """The frame, the profiles and the pane of last time in one paint; other panes come when they are first shown.

        The file is read here as the settings were: it is short, and a screen without it is painted for nothing.
        """
        self._know(self._loaded())
        yield Header(demo=self._services.demo, id="header")
        yield TabStrip([(row.id, row.key, row.title) for row in PANES], id="tabs")
        yield self._made(self._first)
        yield Footer(self._settings.keymap, id="footer")

    def on_mount(self) -> None:
        """Bring the pane of last time to the front; who has no profile yet is led by the hand."""
        self.post_message(messages.PaneWanted(self._first.id))
        self._name_target()
        if self.book is not None and not self.book.profiles and not self.book.broken:
            self.post_message(messages.WalkthroughWanted())

    async def on_resize(self, event: events.Resize) -> None:
        """Where there is too little room, a notice lies over everything until there is more."""
        too_small = event.size.width < styles.LEAST_WIDTH or event.size.height < styles.LEAST_HEIGHT
        if too_small and not self.query("#too-small"):
            from gatewaytui.tui.widgets.too_small import TooSmall

            styles.complete(self.app)
            await self.mount(TooSmall(id="too-small"))

    @property
    def front(self) -> Pane | None:
        """The pane in front, or None before the first is there."""
        return next((pane for pane in self.query(Pane) if pane.display), None)

    @property
    def help_subject(self) -> tuple[PaneHelp, str]:
        """What ``?`` explains here: the pane in front and its commands."""
        front = self.front
        return (front.help_text, front.id or "") if front else (PaneHelp("gatewaytui", ""), "")

    def action_go(self, pane: str) -> None:
        """Bring a pane to the front."""
        self.post_message(messages.PaneWanted(pane))

    def action_zoom(self) -> None:
        """Give the pane the whole screen, or not."""
        self.toggle_class("-zoomed")

    async def carry_out(self, command: Command) -> None:
        """Carry out a pane's command, wherever the person was: its pane comes to the front first."""
        self.post_message(messages.PaneWanted(command.scope, command.action))

    async def on_pane_wanted(self, message: messages.PaneWanted) -> None:
        """Mount the pane where it is new, show it, and carry out what is wanted of it."""
        await self._show(message.pane)
        if message.action and self.front is not None:
            await self.front.run_action(message.action)

    def on_tab_strip_chosen(self, message: TabStrip.Chosen) -> None:
        """A tab was clicked."""
        self.post_message(messages.PaneWanted(message.tab))

    def on_target_chosen(self, message: messages.TargetChosen) -> None:
        """Point everything at this target, and begin there next time."""
        self.target = message.target
        self._remember(last_profile=message.target.label)

    def on_model_chosen(self, message: messages.ModelChosen) -> None:
        """The target is asked with this model from now on."""
        if self.target is not None:
            self.target = replace(self.target, model=message.model)
        if message.go_to_chat:
            self.post_message(messages.PaneWanted("chat"))

    def on_profiles_changed(self, message: messages.ProfilesChanged) -> None:
        """Read the profile file again."""
        message.stop()
        self.run_worker(self._read_book(), exclusive=True, group="book")

    def on_run_recorded(self, message: messages.RunRecorded) -> None:
        """Keep the run, then tell the panes that count runs."""
        message.stop()
        self.run_worker(self._keep(message.run))

    def on_key_read(self, message: messages.KeyRead) -> None:
        """Its last characters may be shown from now on."""
        message.stop()
        self.tails = {**self.tails, (message.profile, message.group): message.tail}

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """The first time its styles are new: they need not be found again before the first paint."""
        event.refresh_styles, self._resumed = self._resumed, True

    def on_screen_suspend(self) -> None:
        """Another screen comes to the front: it may be wanted before everything is styled."""
        styles.complete(self.app)

    def on_walkthrough_wanted(self) -> None:
        """Open the walkthrough."""
        from .walkthrough import WalkthroughScreen

        here = self.target.profile.name if self.target else ""
        profiles = sorted(self.book.profiles if self.book else (), key=lambda profile: profile.name != here)
        self.app.push_screen(
            WalkthroughScreen(self._settings.keymap, profiles, ready=self._services.demo), self._walked
        )

    def watch_target(self) -> None:
        """The header names it."""
        if self.is_mounted:
            self._name_target()

    def watch_tails(self) -> None:
        """The header shows the key's last characters."""
        if self.is_mounted:
            self._name_target()

    def _name_target(self) -> None:
        header, target = self.query_one(Header), self.target
        header.target = target
        if target is not None:
            header.key = key_words(target, self._services.keys.describe, self.tails)

    async def _read_book(self) -> None:
        self._know(await off_loop(self._loaded))

    def _loaded(self) -> ProfileBook:
        try:
            return self._services.profiles.load()
        except Problem as problem:
            return ProfileBook(notice=f"{problem.sentence} {problem.next_step}", read_only=True)

    def _know(self, book: ProfileBook) -> None:
        self.target = _same_target(self.target, book) or _first_target(self._settings.last_profile, book)
        self.book = book

    async def _show(self, id: str) -> None:
        row = pane_row(id)
        if row is None:
            return
        if not self.query(f"#{id}"):
            await self.mount(self._made(row), before=self.query_one(Footer))
        with self.app.batch_update():
            for other in self.query(Pane):
                other.display = other.id == id
        self.query_one(TabStrip).current = id
        pane = self.query_one(f"#{id}", Pane)
        self.query_one(Footer).follow(pane, id)
        pane.shown()
        if self._settings.last_pane != id:
            self._settings = replace(self._settings, last_pane=id)
            self._remember(last_pane=id)

    def _made(self, row: PaneRow) -> Pane:
        if row is not PANES[0]:
            styles.complete(self.app)
        return row.make().data_bind(MainScreen.target, MainScreen.book, MainScreen.tails)

    def _remember(self, **changed: Any) -> None:
        def change() -> None:
            with contextlib.suppress(Problem):  # a start elsewhere next time is no reason to interrupt anybody
                self._services.settings.change(lambda settings: replace(settings, **changed))

        self.run_worker(off_loop(change))

    async def _keep(self, run: Run) -> None:
        from gatewaytui.evidence.record import build  # late: it is not needed for the first paint

        try:
            await off_loop(lambda: self._services.history.append(build(run, now=run.started_at)))
        except Problem as problem:
            self.notify(f"{problem.sentence} {problem.next_step}", severity="warning", markup=False)
        for pane in self.query(Pane):
            pane.recorded()
        for facts in run.targets:
            await self._read_tail(facts.profile, facts.group)

    async def _read_tail(self, name: str, group: str) -> None:
        profile = self.book.get(name) if self.book else None
        if profile is None or (name, group) in self.tails:
            return
        target = Target(profile, group)
        if target.key.source not in _READ_AGAIN:
            return
        with contextlib.suppress(Problem):  # the run itself said what is wrong with the key
            secret = await off_loop(lambda: self._services.keys.read(target))
            self.post_message(messages.KeyRead(name, group, (secret.tail if secret else None) or ""))

    def _walked(self, target: Target | None) -> None:
        self.post_message(messages.ProfilesChanged())
        if target is not None:
            self.post_message(messages.TargetChosen(target))
        front = self.front
        if front is not None:
            front.shown()


def _same_target(target: Target | None, book: ProfileBook) -> Target | None:
    """The target as its profile is now, or None where it is gone."""
    profile = book.get(target.profile.name) if target else None
    if target is None or profile is None:
        return None
    return replace(target, profile=profile, group=target.group if profile.group(target.group) else "")


def _first_target(remembered: str, book: ProfileBook) -> Target | None:
    """The target of last time, else the book's own first."""
    for text in filter(None, (remembered, book.current)):
        with contextlib.suppress(Problem):  # it was renamed or removed since
            return parse_target(text, book)
    return None
