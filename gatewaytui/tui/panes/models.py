"""The Models pane: every model the chosen target lists, narrowed as you type, one of them taken to Chat."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from gatewaytui.domain.catalogue import ModelList as Catalogue
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import Protocol, Target
from gatewaytui.domain.progress import ModelsArrived, ModelsJob
from gatewaytui.domain.run import CheckResult
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.commands import bindings_for
from gatewaytui.tui.messages import ModelChosen
from gatewaytui.tui.off_loop import off_loop
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.model_list import ModelList
from gatewaytui.tui.widgets.row_list import RowList

from .base import Pane, PaneHelp
from .check_view import CheckView
from .model_index import ModelIndex

Place = tuple[str, str, Protocol, str]
_NO_CATALOGUE = (
    FailureClass.ROUTE_NOT_FOUND,
    FailureClass.MODELS_UNSUPPORTED,
    FailureClass.ENDPOINT_UNSUPPORTED,
    FailureClass.MODELS_EMPTY,
)
_NO_LIST = "A gateway without a list can still answer: i takes a model id typed by hand."


class Asking(Enum):
    """What the field at the foot is for."""

    FILTER = "/ "
    ID = "model id "


class ModelsPane(Pane):
    """Fetches the list of the chosen target when it is first shown for it."""

    help_text: ClassVar[PaneHelp] = PaneHelp(
        "Models",
        "The list the gateway gives for this key, with the columns it has something for. Type after / to narrow: "
        "every word must occur in the id, name, provider or endpoint types. Ids are often specific to the account, "
        "so take one from the list rather than from a document. Where there is no list, type the id by hand.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for("models"),
        Binding("up", "move(-1)", "Up", show=False),  # from the filter; the rows have their own
        Binding("down", "move(1)", "Down", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._loaded: Place | None = None
        self._asking = Asking.FILTER
        self._check: CheckResult | None = None
        self._truncated = False

    def compose(self) -> ComposeResult:
        """The request while it runs or failed, the list, the field, the count."""
        yield CheckView(id="models-check")
        yield ModelList(id="models-list")
        with Horizontal(id="models-field-row"):
            yield Static(id="models-field-sign")
            yield Input(id="models-field", compact=True, select_on_focus=False)
        yield Static(id="models-status")

    def shown(self) -> None:
        """Fetch the list where it is another target's, and take the focus."""
        self.query_one(ModelList).focus_rows()
        if self.target is not None and _place(self.target) != self._loaded:
            self._load(self.target)
        self._paint()

    def watch_target(self) -> None:
        """Another target: its list, where the pane is in front. Another model of it: another mark."""
        if not self.is_mounted or self.target is None:
            return
        self.query_one(ModelList).mark(self.target.model)
        if self.display and _place(self.target) != self._loaded:
            self._load(self.target)
        self._paint()

    def cancel(self) -> bool:
        """Stop the request that runs."""
        return self.query_one(CheckView).stop()

    def on_check_view_heard(self, message: CheckView.Heard) -> None:
        """The list came."""
        message.stop()
        for event in message.events:
            if isinstance(event, ModelsArrived):
                self.run_worker(self._take(event.models), exclusive=True, group="index")

    def on_check_view_ended(self, message: CheckView.Ended) -> None:
        """The request ended: a failure stays in view, a list that came needs the room."""
        message.stop()
        self._check = message.run.checks[0] if message.run and message.run.checks else None
        self.set_class(message.run is not None and message.run.ok and not message.run.warned, "-listed")
        self._paint()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow as it is typed."""
        if self._asking is Asking.FILTER:
            self.query_one(ModelList).narrow(event.value)
            self._paint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the model under the cursor to Chat, or the id that was typed."""
        event.stop()
        if self._asking is Asking.FILTER:
            self.action_chat()
        elif event.value.strip():
            self._close_field()
            self.post_message(ModelChosen(event.value.strip()))

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        """A second click takes the model to Chat."""
        event.stop()
        self.action_chat()

    def action_chat(self) -> None:
        """Take the model under the cursor to Chat."""
        model = self.query_one(ModelList).model
        if model is not None:
            self.post_message(ModelChosen(model.id))

    def action_move(self, by: int) -> None:
        """Move the cursor while the filter has the focus."""
        self.query_one(RowList).move(by)

    def action_filter(self) -> None:
        """Type to narrow."""
        self._open_field(Asking.FILTER)

    def action_type(self) -> None:
        """Type an id by hand."""
        self._open_field(Asking.ID)

    def action_group(self) -> None:
        """Group by provider, or not."""
        models = self.query_one(ModelList)
        models.group(not models.by_provider)

    def action_copy(self) -> None:
        """Copy the id under the cursor."""
        model = self.query_one(ModelList).model
        if model is not None:
            self.app.copy_to_clipboard(safe_line(model.id))
            self._say(f"Copied {safe_line(model.id, 80)} through the terminal (OSC 52).")

    def action_reload(self) -> None:
        """Fetch the list again."""
        if self.target is not None:
            self._load(self.target)

    def action_stop(self) -> None:
        """Stop the request; else close the field and show everything again."""
        if not self.cancel():
            self._close_field()

    def _load(self, target: Target) -> None:
        self._loaded, self._check, self._truncated = _place(target), None, False
        self.remove_class("-listed")
        self._close_field()
        self.query_one(ModelList).show_index(ModelIndex.of(()))
        self.query_one(CheckView).start(ModelsJob((target,)))

    async def _take(self, catalogue: Catalogue) -> None:
        index = await off_loop(lambda: ModelIndex.of(catalogue.models))
        if not self.is_attached:
            return
        self._truncated = catalogue.truncated
        self.query_one(ModelList).show_index(index)
        self._paint()

    def _open_field(self, asking: Asking) -> None:
        self._asking = asking
        self.add_class("-asking")
        self.query_one("#models-field-sign", Static).update(Content.styled(asking.value, Ink.ACCENT))
        self.query_one("#models-field", Input).focus()

    def _close_field(self) -> None:
        self.remove_class("-asking")
        self.query_one("#models-field", Input).value = ""
        self.query_one(ModelList).focus_rows()

    def _paint(self) -> None:
        models, view = self.query_one(ModelList), self.query_one(CheckView)
        if self.target is None:
            self._say("No target yet: press 1 and choose a profile.", Ink.WARNED)
        elif view.running:
            self._say(f"Asking {safe_line(self.target.label)} for its models. Esc stops.")
        elif models.total:
            self._say(_count_words(models, self._truncated, self._check))
        elif self._check is not None and self._check.finding is not None:
            without = self._check.finding.failure_class in _NO_CATALOGUE
            self._say(_NO_LIST if without else "r asks again; i takes a model id typed by hand.")
        else:
            self._say("r asks for the list; i takes a model id typed by hand.")

    def _say(self, sentence: str, ink: Ink = Ink.MUTED) -> None:
        self.query_one("#models-status", Static).update(Content.styled(sentence, ink))


def _place(target: Target) -> Place:
    """What a list belongs to: another model of the same place is no reason to ask again."""
    return target.profile.name, target.group, target.protocol, target.profile.base_url


def _count_words(models: ModelList, truncated: bool, check: CheckResult | None) -> str:
    total = figures.plural(models.total, "model")
    parts = [total if models.matching == models.total else f"{figures.grouped(models.matching)} of {total}"]
    parts += ["by provider"] if models.by_provider else []
    parts += ["cut there: the list is longer than is read"] if truncated else []
    parts += [figures.milliseconds(check.elapsed_ms)] if check and check.elapsed_ms is not None else []
    return " · ".join(parts)
