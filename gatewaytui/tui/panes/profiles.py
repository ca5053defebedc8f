"""The Profiles pane: endpoints with their address, protocol, key and last verdict, and what can be done with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target
from gatewaytui.domain.text import safe_line
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.tui.commands import bindings_for
from gatewaytui.tui.messages import PaneWanted, TargetChosen, WalkthroughWanted
from gatewaytui.tui.once import once
from gatewaytui.tui.services import FLUSHED_S
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.row_list import RowList
from gatewaytui.tui.widgets.sheet_view import SheetView

from .base import Pane, PaneHelp
from .profile_rows import detail_lines, key_words, needs_group, past_verdicts, targets
from .profile_table import ProfileTable

if TYPE_CHECKING:
    from gatewaytui.tui.widgets.sheet import Sheet

    from .check_view import CheckView

_PAST_RUNS = 200
_NONE_YET = "There is no profile yet: a adds one, w walks you through."


class ProfilesPane(Pane):
    """A row a profile and a row a group; Enter points the whole console at one."""

    help_text: ClassVar[PaneHelp] = PaneHelp(
        "Profiles",
        "Where the gateways are and where their keys come from. A profile with groups has a key for each: stand on "
        "the group to use it, check it or set its key. A check lists the models, then sends one tiny chat. Keys are "
        "kept by the operating system or read when needed, never written to a file of ours.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("profiles")]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._detail: SheetView | Sheet = SheetView(id="profiles-detail")
        self._described: Target | None = None
        self._check_view: CheckView | None = None
        self._checked = ""

    def compose(self) -> ComposeResult:
        """The list and what its row says; a sentence and the check of a row come with the first."""
        yield ProfileTable(id="profiles-table")
        yield self._detail

    def on_mount(self) -> None:
        """Read the last verdicts, once the first paint is done: what reads them takes a while to import."""
        self.watch_book()
        once(self, FLUSHED_S, self.recorded)

    def shown(self) -> None:
        """The list takes the focus."""
        self.query_one(ProfileTable).focus()

    def recorded(self) -> None:
        """A run was kept: its verdict may be newer."""
        self.run_worker(self._told(self._read_verdicts), exclusive=True, group="verdicts")

    def watch_book(self) -> None:
        """Other profiles: other rows."""
        if not self.is_mounted or self.book is None:
            return
        if self._checked and self.book.get(self._checked) is None:
            self._forget_check()
        self.query_one(ProfileTable).show_targets(targets(self.book), self.target)
        self._paint_detail()
        if self.book.notice:
            self._say(self.book.notice, Ink.WARNED)

    def watch_target(self) -> None:
        """The chosen row is marked."""
        self.watch_book()

    def watch_tails(self) -> None:
        """A key was read: its last characters show."""
        if self.is_mounted:
            self.query_one(ProfileTable).show_tails(self.tails)
            self._paint_detail()

    def cancel(self) -> bool:
        """Stop the check that runs, and keep what it found."""
        return self._check_view is not None and self._check_view.stop()

    def on_row_list_moved(self) -> None:
        """Another row: another description."""
        self._paint_detail()

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        """A second click uses the row."""
        event.stop()
        self.action_use()

    def action_use(self) -> None:
        """Point the console at the row."""
        if (target := self._chosen()) is not None:
            self._begin(lambda: self._use(target))

    def action_check(self) -> None:
        """Prove the row with a model list and one chat."""
        if (target := self._chosen()) is not None:
            self._begin(lambda: self._check(target))

    def action_doctor(self) -> None:
        """Run the doctor on the row."""
        if (target := self._chosen()) is not None:
            self._begin(lambda: self._examine(target))

    def action_stop(self) -> None:
        """Esc."""
        self.cancel()

    def action_walkthrough(self) -> None:
        """Open the walkthrough."""
        self.post_message(WalkthroughWanted())

    def action_evidence(self) -> None:
        """Preview the evidence of the last check."""
        run = self._check_view.state.run if self._check_view else None
        if run is None:
            self._say("Nothing was checked yet: c checks the row.", Ink.WARNED)
            return
        from gatewaytui.evidence.record import build
        from gatewaytui.tui.screens.export import ExportScreen

        self.app.push_screen(ExportScreen(build(run), run))

    def action_add(self) -> None:
        """Add a profile."""
        from . import profile_changes

        self._begin(lambda: self._change(profile_changes.add(self)))

    def action_edit(self) -> None:
        """Change the profile of the row."""
        from . import profile_changes

        if (row := self._row()) is not None:
            self._begin(lambda: self._change(profile_changes.edit(self, row.profile)))

    def action_duplicate(self) -> None:
        """Add a copy under another name."""
        from . import profile_changes

        if (row := self._row()) is not None:
            self._begin(lambda: self._change(profile_changes.duplicate(self, row.profile)))

    def action_key(self) -> None:
        """Give the row's key."""
        from . import profile_changes

        if (target := self._chosen()) is not None:
            self._begin(lambda: self._change(profile_changes.give_key(self, target)))

    def action_remove(self) -> None:
        """Remove the profile of the row, after a question."""
        from . import profile_changes

        if (row := self._row()) is not None:
            self._begin(lambda: self._change(profile_changes.remove(self, row.profile)))

    def _row(self) -> Target | None:
        row = self.query_one(ProfileTable).row
        if row is None:
            self._say(_NONE_YET, Ink.WARNED)
        return row

    def _chosen(self) -> Target | None:
        """The row as a target; a profile of groups alone names them instead."""
        row = self._row()
        if row is not None and needs_group(row):
            self._say(f"{row.profile.name} has a key for each group: go to one of its groups below.", Ink.WARNED)
            return None
        return row

    def _begin(self, work: Callable[[], Awaitable[None]]) -> None:
        self.run_worker(self._told(work), exclusive=True, group="work")

    async def _told(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work; a Problem becomes a sentence with its next step."""
        try:
            await work()
        except Problem as problem:
            self._say(f"✗ {problem.sentence} {problem.next_step}", Ink.FAILED)

    async def _use(self, target: Target) -> None:
        from gatewaytui.tui.screens.consent import agreed

        if await agreed(self.app, self.services, target):
            self.post_message(TargetChosen(target))
            said = f"The console now points at {safe_line(target.label)}: 2 examines it, 3 lists its models, 4 chats."
            self._say(said, Ink.MUTED)

    async def _check(self, target: Target) -> None:
        from gatewaytui.domain.progress import SmokeJob
        from gatewaytui.tui.screens.consent import agreed

        from .check_state import PROBE
        from .check_view import CheckView

        if await agreed(self.app, self.services, target):
            self._say("")
            if self._check_view is None:
                self._check_view = CheckView(id="profiles-check")
                await self._make_room(self._check_view)
            head = Content.assemble(("check of ", Ink.MUTED), (safe_line(target.label), Ink.STRONG))
            self.query_one("#profiles-checked", Static).update(head)
            self._checked = target.profile.name
            self._check_view.start(SmokeJob(target, PROBE))

    async def _make_room(self, check: CheckView) -> None:
        """From the first check on, it and the description share one place that scrolls."""
        from textual.containers import VerticalScroll

        from gatewaytui.tui.widgets.sheet import Sheet

        alone, self._detail = self._detail, Sheet(id="profiles-described")
        parts = self._detail, Static(id="profiles-checked"), check
        await alone.remove()
        await self.mount(
            VerticalScroll(*parts, id="profiles-below", can_focus=False), after=self.query_one(ProfileTable)
        )
        self._paint_detail()

    def _forget_check(self) -> None:
        """The profile that was checked is gone or renamed: the check is stopped, and what it showed goes."""
        self.cancel()
        self.query("#profiles-below").remove()
        self._detail = SheetView(id="profiles-detail")
        self.mount(self._detail, after="#profiles-table")
        self._check_view, self._checked = None, ""

    async def _examine(self, target: Target) -> None:
        from gatewaytui.tui.screens.consent import agreed

        if await agreed(self.app, self.services, target):
            self.post_message(TargetChosen(target))
            self.post_message(PaneWanted("doctor", "run"))

    async def _change(self, change: Awaitable[str]) -> None:
        if said := await change:
            self._say(said, Ink.MUTED)

    async def _read_verdicts(self) -> None:
        rows = await off_loop(lambda: self.services.history.runs(limit=_PAST_RUNS))
        for table in self.query(ProfileTable):  # none any more where the console ended meanwhile
            table.show_verdicts(past_verdicts(rows))

    def _paint_detail(self) -> None:
        row = self.query_one(ProfileTable).row
        if row is None:
            self._detail.show(lambda _: ())
            return
        key = key_words(row, self.services.keys.describe, self.tails)
        self._detail.show(lambda width: detail_lines(row, key, width))
        if row != self._described and isinstance(self._detail, SheetView):
            self._detail.scroll_to_line(0)
        self._described = row

    def _say(self, sentence: str, ink: Ink = Ink.PLAIN) -> None:
        said = Content.styled(sentence, ink)
        if notice := self.query("#profiles-notice"):
            notice.only_one(Static).update(said)
        elif sentence:
            self.add_class("-said")
            self.mount(Static(said, id="profiles-notice"))
