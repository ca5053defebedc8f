"""Giving a key to a profile or a group; a problem of the keyring is answered with its sentence and the other ways."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import KeySource, Target
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.panes.profile_desk import Kept
from gatewaytui.tui.services import services_of
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.key_fields import KeyFields

from .dialog import Dialog
from .form import hint, notice

_OTHER_WAYS = "Or choose another way above with ← →: this session, a variable, a command."


class KeyForm(Dialog[Kept | None]):
    """Dismissed with what was kept, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        Binding("enter", "keep", "Keep", show=False),
    ]

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target

    def compose(self) -> ComposeResult:
        """Whose key, the fields, a sentence, the keys."""
        with Vertical(classes="dialog compact"):
            yield Static(Content.styled(f"Key for {safe_line(self._target.label)}", Ink.STRONG), classes="form-title")
            yield KeyFields(self._first(), self._target.key.name, id="key-fields")
            yield Static(id="notice", classes="form-notice")
            yield hint(("Enter", "keeps"), ("Esc", "leaves"), ("Tab", "next field"), ("← →", "choose"))

    def on_mount(self) -> None:
        """Begin at the key."""
        field = self.query_one("#key-text", Input)
        (field if field.display and field.parent and field.parent.display else self.query_one("#key-from")).focus()

    def on_key_fields_changed(self) -> None:
        """What was said of another way is over."""
        self._say("")

    def on_input_submitted(self) -> None:
        """Enter in the field keeps."""
        self.action_keep()

    def action_back(self) -> None:
        """Leave everything as it was; a keyring that is being asked is no longer waited for."""
        self.workers.cancel_group(self, "keep")
        self.dismiss(None)

    def action_keep(self) -> None:
        """Keep the key beside the screen: an unlock window may take its time."""
        self._say("Keeping the key. An unlock window of the keyring may have opened; Esc stops waiting.", Ink.ACCENT)
        self.run_worker(self._keep(), exclusive=True, group="keep")

    async def _keep(self) -> None:
        fields = self.query_one(KeyFields)
        try:
            kept = await fields.keep(services_of(self.app), self._target.profile, self._target.group)
        except Problem as problem:
            ways = f"\n{_OTHER_WAYS}" if problem.failure_class is FailureClass.KEYSTORE else ""
            self._say(f"{problem.sentence}\n{problem.next_step}{ways}")
        else:
            self.dismiss(kept)

    def _first(self) -> KeySource:
        source = self._target.key.source
        return KeySource.KEYRING if source is KeySource.NONE else source

    def _say(self, sentence: str, ink: Ink = Ink.WARNED) -> None:
        self.query_one("#notice", Static).update(notice(sentence, ink))
