"""The lists of the Models pane: fetched, kept for another day, held side by side; made ready beside the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec.structs import replace

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import ModelsArrived, ModelsJob
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.storage.catalogues import KeptList
from gatewaytui.tui.screens.pick_target import PickTargetScreen
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.status_line import StatusLine

from .base import Pane
from .model_index import ModelIndex
from .model_tables import Fetched, Place, Shelf, place_of

Placing = Callable[[Shelf, Fetched], Shelf]
_ITSELF = "That is the list shown here: choose another profile or group."
_NO_LIST = "Fetch the list of this target first: r asks for it."
_NOTHING_EARLIER = "No other list of this target was seen before this one."


class ModelDesk:
    """Works for a pane: ``send`` starts a job, ``show`` takes what is looked through and its heading."""

    def __init__(
        self, pane: Pane, send: Callable[[ModelsJob], None], show: Callable[[ModelIndex, str], None]
    ) -> None:
        self._pane, self._send, self._show = pane, send, show
        self._placing: Placing = Shelf.having
        self.shelf = Shelf()
        self._home: Place | None = None
        self.asked: Target | None = None
        self._taking = asyncio.Lock()

    def holds(self, target: Target) -> bool:
        """Whether the list of this target was loaded, or is here beside it."""
        return self._home == place_of(target) or self.shelf.has(place_of(target))

    def load(self, target: Target) -> None:
        """Fetch the list of this target; every other one goes."""
        self._home, self.shelf = place_of(target), Shelf()
        self._show(ModelIndex.of(()), "")
        self._ask(target, Shelf.having)

    def add(self) -> None:
        """Look through the list of another target too, which the person chooses."""
        self._pick("Look through another list as well", Shelf.having)

    def diff(self) -> None:
        """Hold the list against another, which the person chooses; again, against nothing."""
        if self.shelf.against is not None:
            self._put(replace(self.shelf, against=None))
        else:
            self._pick("Hold this list against", lambda shelf, fetched: replace(shelf, against=fetched))

    async def earlier(self) -> None:
        """Hold the list against its last other one, then one before that, at last against nothing."""
        async with self._taking:  # those before a list are known when it is kept, a moment after it is shown
            pass
        if self.shelf.earlier:
            self._put(self.shelf.a_day_earlier())
        else:
            self._say(_NOTHING_EARLIER if self.shelf.lists else _NO_LIST)

    def back_out(self) -> None:
        """One step back: against nothing, then the first list alone."""
        self._put(self.shelf.backed_out)

    def take(self, arrived: ModelsArrived) -> None:
        """The list that was asked for came."""
        if self.asked is not None:
            self._pane.run_worker(self._take(Fetched(self.asked, arrived.models), self._placing), group="index")

    def _ask(self, target: Target, placing: Placing) -> None:
        self.asked, self._placing = target, placing
        self._send(ModelsJob((target,)))

    def _pick(self, title: str, placing: Placing) -> None:
        """Let the person choose a target, and fetch its list where it is not here yet."""
        if self._pane.book is None or not self.shelf.lists:
            self._say(_NO_LIST)
            return

        def picked(target: Target | None) -> None:
            if target is None:
                return
            known = [fetched for fetched in self.shelf.lists if fetched.place == place_of(target)]
            if not known:
                self._ask(target, placing)
            elif known[0] is self.shelf.lists[0]:
                self._say(_ITSELF)
            else:
                self._put(placing(self.shelf, known[0]))

        self._pane.app.push_screen(PickTargetScreen(self._pane.book, title), picked)

    async def _take(self, fetched: Fetched, placing: Placing) -> None:
        """Show the list, then keep it: to keep ten thousand models takes several times as long as to show them."""
        async with self._taking:
            await self._put_ready(placing(self.shelf, fetched))
            earlier = await self._kept(fetched)
            if self.shelf.lists and self.shelf.lists[0] is fetched:
                self.shelf = replace(self.shelf, earlier=earlier)

    async def _kept(self, fetched: Fetched) -> tuple[KeptList, ...]:
        """Keep the list for another day; those before it that were different."""
        kept = self._pane.services.catalogues
        if kept is None:
            return ()
        try:
            return await off_loop(lambda: kept.keep(fetched.target, fetched.models, datetime.now(UTC)))
        except Problem as problem:
            self._pane.notify(f"{problem.sentence} {problem.next_step}", severity="warning", markup=False)
            return ()

    def _say(self, sentence: str) -> None:
        self._pane.query_one(StatusLine).say(sentence, Ink.WARNED)

    def _put(self, shelf: Shelf) -> None:
        if shelf != self.shelf:
            self._pane.run_worker(self._put_ready(shelf), exclusive=True, group="shelf")

    async def _put_ready(self, shelf: Shelf) -> None:
        self.shelf = shelf

        def made() -> tuple[ModelIndex, str]:
            index, heading = shelf.index()
            return index.searchable().laid_out(), heading

        index, heading = await off_loop(made)
        if self._pane.is_attached and self.shelf.lists is shelf.lists and self.shelf.against is shelf.against:
            self._show(index, heading)


class DeskPane(Pane):
    """A pane over a desk, with the commands that say which lists are in view."""

    desk: ModelDesk

    def action_add(self) -> None:
        """Look through another list as well."""
        self.desk.add()

    def action_diff(self) -> None:
        """Hold the list against another profile's; again, against nothing."""
        self.desk.diff()

    async def action_earlier(self) -> None:
        """Hold the list against its own of an earlier time."""
        await self.desk.earlier()

    def action_reload(self) -> None:
        """Fetch the list again, alone."""
        if self.target is not None:
            self.desk.load(self.target)
