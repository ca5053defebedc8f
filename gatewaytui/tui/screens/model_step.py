"""The third step of the walkthrough: a model out of the list, or an id by hand where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from gatewaytui.checks.models import first_chat_model
from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.tui.panes.model_index import ModelIndex
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.model_list import ModelList


class ModelStep(Vertical):
    """A field that narrows the list above it; without a list it takes the id itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
    ]

    def compose(self) -> ComposeResult:
        """The list, the field, the count."""
        yield ModelList(id="step-models")
        with Horizontal(classes="form-row"):
            yield Static(classes="form-label", id="step-label")
            yield Input(id="step-field", compact=True, select_on_focus=False)
        yield Static(id="step-count")

    @property
    def model(self) -> str:
        """The id that is chosen or typed, or ""."""
        models = self.query_one(ModelList)
        if not models.total:
            return self.query_one("#step-field", Input).value.strip()
        return models.model.id if models.model else ""

    def show(self, listed: Sequence[ModelInfo] | None) -> None:
        """Offer these, beginning at the first that can chat; or ask for an id."""
        models, field = self.query_one(ModelList), self.query_one("#step-field", Input)
        models.show_index(ModelIndex.of(listed or ()))
        models.display = bool(listed)
        field.value = ""
        field.placeholder = "type to narrow" if listed else "a model id, as the gateway writes it"
        self.query_one("#step-label", Static).update(Content.styled("filter" if listed else "model id", Ink.MUTED))
        if listed:
            ids = [model.id for model in listed]
            first = first_chat_model(ids)
            models.move(ids.index(first) if first in ids else 0)
        self._count()
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow as it is typed."""
        models = self.query_one(ModelList)
        if models.total:
            event.stop()
            models.narrow(event.value)
            self._count()

    def action_move(self, by: int) -> None:
        """Move the cursor while the field has the focus."""
        self.query_one(ModelList).move(by)

    def _count(self) -> None:
        models = self.query_one(ModelList)
        words = f"{figures.grouped(models.matching)} of {figures.plural(models.total, 'model')} · ↑ ↓ choose"
        self.query_one("#step-count", Static).update(Content.styled(words if models.total else "", Ink.MUTED))
