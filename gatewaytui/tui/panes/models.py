"""The Models pane: every model the chosen target lists, narrowed as you type, one of them taken to Chat."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.progress import ModelsArrived, ModelsJob
from gatewaytui.domain.run import CheckResult
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.commands import bindings_for
from gatewaytui.tui.messages import ModelChosen, TargetChosen
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.model_list import ModelList
from gatewaytui.tui.widgets.passages import Passage, passage_lines
from gatewaytui.tui.widgets.row_list import RowList
from gatewaytui.tui.widgets.sheet import Sheet
from gatewaytui.tui.widgets.status_line import StatusLine

from .base import PaneHelp
from .check_view import CheckView
from .model_desk import DeskPane, ModelDesk
from .model_field import Asking, ModelField
from .model_index import ModelIndex, Sort
from .model_tables import place_of

_NO_CATALOGUE = (
    FailureClass.ROUTE_NOT_FOUND,
    FailureClass.MODELS_UNSUPPORTED,
    FailureClass.ENDPOINT_UNSUPPORTED,
    FailureClass.MODELS_EMPTY,
)
_NO_LIST = "A gateway without a list can still answer: i takes a model id typed by hand."


class ModelsPane(DeskPane):
    """Fetches the list of the chosen target when it is first shown for it."""

    help_text: ClassVar[PaneHelp] = PaneHelp(
        "Models",
        "The list the gateway gives for this key, with the columns it has something for. Type after / to narrow: "
        "every word must occur in the id, name, provider or endpoint types. Ids are often specific to the account, "
        "so take one from the list rather than from a document. Where there is no list, type the id by hand. "
        "a looks through several profiles at once; d says what differs between two, t since an earlier time: filter "
        "for a word of it, such as differs, only or look-alike.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for("models"),
        Binding("up", "move(-1)", "Up", show=False),  # from the filter; the rows have their own
        Binding("down", "move(1)", "Down", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.desk = ModelDesk(self, self._start, self._show)
        self._heading = ""
        self._check: CheckResult | None = None

    def compose(self) -> ComposeResult:
        """The request while it runs or failed, the list, a row too long for it, the field, the count."""
        yield CheckView(id="models-check")
        yield ModelList(id="models-list")
        yield Sheet(id="models-row")
        yield ModelField(id="models-field-row")
        yield StatusLine(id="models-status")

    def shown(self) -> None:
        """Fetch the list where it is another target's, and take the focus."""
        self.query_one(ModelList).focus()
        if self.target is not None and not self.desk.holds(self.target):
            self.desk.load(self.target)
        self._paint()

    def watch_target(self) -> None:
        """Another target: its list, where the pane is in front. Another model of it: another mark."""
        if not self.is_mounted or self.target is None:
            return
        self.query_one(ModelList).mark(self.target.model)
        if self.display and not self.desk.holds(self.target):
            self.desk.load(self.target)
        self._paint()

    def cancel(self) -> bool:
        """Stop the request that runs."""
        return self.query_one(CheckView).stop()

    def on_check_view_heard(self, message: CheckView.Heard) -> None:
        """The list came."""
        message.stop()
        for event in message.events:
            if isinstance(event, ModelsArrived):
                self.desk.take(event)

    def on_check_view_ended(self, message: CheckView.Ended) -> None:
        """The request ended: a failure stays in view, a list that came needs the room."""
        message.stop()
        self._check = message.run.checks[0] if message.run and message.run.checks else None
        self.set_class(message.run is not None and message.run.ok and not message.run.warned, "-listed")
        self._paint()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow as it is typed."""
        if self.query_one(ModelField).asking is Asking.FILTER:
            self.query_one(ModelList).narrow(event.value)
            self._paint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the model under the cursor to Chat, or the id that was typed."""
        event.stop()
        if self.query_one(ModelField).asking is Asking.FILTER:
            self.action_chat()
        elif event.value.strip():
            self._close_field()
            self.post_message(ModelChosen(event.value.strip()))

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """Another row: in full below the list where its columns cut what is said of a difference."""
        event.stop()
        self._paint_row()

    def on_resize(self) -> None:
        """The columns follow the width."""
        self.call_after_refresh(self._paint_row)

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        """A second click takes the model to Chat."""
        event.stop()
        self.action_chat()

    def action_chat(self) -> None:
        """Take the model under the cursor to Chat; one of another profile takes that along."""
        models = self.query_one(ModelList)
        model, target = models.model, self.desk.shelf.target_of(models.source)
        if model is None:
            return
        if target is not None and self.target is not None and place_of(target) != place_of(self.target):
            self.post_message(TargetChosen(target))
        self.post_message(ModelChosen(model.id))

    def action_move(self, by: int) -> None:
        """Move the cursor while the filter has the focus."""
        self.query_one(RowList).move(by)

    def action_filter(self) -> None:
        """Type to narrow."""
        self.query_one(ModelField).open(Asking.FILTER)

    def action_type(self) -> None:
        """Type an id by hand."""
        self.query_one(ModelField).open(Asking.ID)

    def action_group(self) -> None:
        """Group by provider, or not."""
        models = self.query_one(ModelList)
        models.put_in_order(models.sort, not models.by_provider)
        self._paint()

    def action_sort(self) -> None:
        """The next order of the list."""
        models = self.query_one(ModelList)
        models.put_in_order(models.sort.after, models.by_provider)
        self._paint()

    def action_copy(self) -> None:
        """Copy the id under the cursor."""
        model = self.query_one(ModelList).model
        if model is not None:
            self.app.copy_to_clipboard(safe_line(model.id))
            self.query_one(StatusLine).say(
                f"Copied {safe_line(model.id, 80)} through the terminal (OSC 52).", Ink.MUTED
            )

    def action_stop(self) -> None:
        """Stop the request; else close the field, then leave what the list was held against and beside."""
        if self.cancel():
            self._paint()
            return
        if self.query_one(ModelField).is_open:
            self._close_field()
        else:
            self.desk.back_out()

    def _start(self, job: ModelsJob) -> None:
        self._check = None
        self.remove_class("-listed")
        self.query_one(CheckView).start(job)
        self._paint()

    def _show(self, index: ModelIndex, heading: str) -> None:
        self._heading = heading
        self.query_one(ModelList).show_index(index)
        self._paint()

    def _close_field(self) -> None:
        self.query_one(ModelField).close()
        self.query_one(ModelList).focus()

    def _paint(self) -> None:
        status = self.query_one(StatusLine)
        status.stand(*self._words())
        status.take_back()
        self.call_after_refresh(self._paint_row)

    def _paint_row(self) -> None:
        words = self.query_one(ModelList).cut if self._heading else ""
        passages = (Passage(words, Ink.PLAIN),) if words else ()
        self.query_one("#models-row", Sheet).show(lambda width: passage_lines(passages, width))

    def _words(self) -> tuple[str, Ink]:
        """How things stand, or what to press."""
        models = self.query_one(ModelList)
        if self.target is None:
            return "No target yet: press 1 and choose a profile.", Ink.WARNED
        if self.query_one(CheckView).running:
            asked = self.desk.asked or self.target
            return f"Asking {safe_line(asked.label)} for its models. Esc stops.", Ink.MUTED
        if models.total and not models.matching:
            return "Nothing matches: Esc clears the filter.", Ink.WARNED
        if models.total:
            return _count_words(models, self._heading, self.desk.shelf.truncated, self._check), Ink.MUTED
        found = self._check.finding if self._check else None
        if found is None:
            return "r asks for the list; i takes a model id typed by hand.", Ink.MUTED
        without = found.failure_class in _NO_CATALOGUE
        return _NO_LIST if without else "r asks again; i takes a model id typed by hand.", Ink.MUTED


def _count_words(models: ModelList, heading: str, truncated: bool, check: CheckResult | None) -> str:
    total = figures.plural(models.total, "row" if heading else "model")
    parts = [heading] if heading else []
    parts += [total if models.matching == models.total else f"{figures.grouped(models.matching)} of {total}"]
    parts += [models.sort.value] if models.sort is not Sort.LISTED else []
    parts += ["under providers" if models.sort is Sort.PROVIDER else "by provider"] if models.by_provider else []
    parts += ["cut there: the list is longer than is read"] if truncated else []
    parts += [figures.milliseconds(check.elapsed_ms)] if check and check.elapsed_ms is not None else []
    return " · ".join(parts)
