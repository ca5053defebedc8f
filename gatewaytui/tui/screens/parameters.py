"""The parameters of a chat as a small form over the pane: what is left empty is left out of the request."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from gatewaytui.domain.profile import Protocol
from gatewaytui.tui.panes.chat_state import Parameters
from gatewaytui.tui.widgets.choice import Choice
from gatewaytui.tui.widgets.ink import Ink

from .dialog import Dialog
from .form import field, hint, notice, row

_OWN = "as the profile says"
_DEFAULT = "the server's default"
_HOTTEST = 2.0


class ParametersChosen(msgspec.Struct, frozen=True):
    """What the form gives: the parameters, and a file to take the prompt from ("" for none)."""

    parameters: Parameters
    prompt_file: str


class ParametersScreen(Dialog["ParametersChosen | None"]):
    """Dismissed with :class:`ParametersChosen`, or None where the person backed out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        Binding("enter", "keep", "Keep", show=False),
    ]

    def __init__(self, parameters: Parameters) -> None:
        super().__init__()
        self._before = parameters

    def compose(self) -> ComposeResult:
        """A field a row."""
        before = self._before
        protocols = (_OWN, *Protocol)
        with Vertical(id="parameters", classes="dialog"):
            yield Static(Content.styled("Parameters", Ink.STRONG), classes="form-title")
            yield from row("protocol", Choice(protocols, _index(before.protocol), id="protocol"))
            yield from row("stream", Choice(("on", "off"), 0 if before.stream else 1, id="stream"))
            yield from row("max tokens", field("max-tokens", _text(before.max_tokens), _DEFAULT))
            yield from row("temperature", field("temperature", _text(before.temperature), _DEFAULT))
            yield from row("system prompt", field("system", before.system, "none"))
            yield from row("prompt file", field("prompt-file", placeholder="a path, read once"))
            yield Static(id="parameters-notice", classes="form-notice")
            yield hint(("Enter", "keeps"), ("Esc", "leaves as it was"), ("← →", "choose"), ("Tab", "next field"))

    def on_input_submitted(self) -> None:
        """Enter in a field keeps the form."""
        self.action_keep()

    def action_back(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)

    def action_keep(self) -> None:
        """Keep the form, or say which field cannot be."""
        tokens, temperature = self._number("max-tokens", int), self._number("temperature", float)
        if tokens is not None and tokens < 1:
            self._say("Max tokens is a whole number of at least 1.")
        elif temperature is not None and not 0 <= temperature <= _HOTTEST:
            self._say("Temperature is a number from 0 to 2.")
        else:
            chosen = self.query_one("#protocol", Choice).chosen
            parameters = Parameters(
                protocol=list(Protocol)[chosen - 1] if chosen else None,
                stream=self.query_one("#stream", Choice).chosen == 0,
                max_tokens=None if tokens is None else int(tokens),
                temperature=temperature,
                system=self.query_one("#system", Input).value,
            )
            self.dismiss(ParametersChosen(parameters, self.query_one("#prompt-file", Input).value.strip()))

    def _number(self, id: str, kind: Callable[[str], float]) -> float | None:
        text = self.query_one(f"#{id}", Input).value.strip()
        try:
            return kind(text) if text else None
        except ValueError:
            return -1.0

    def _say(self, sentence: str) -> None:
        self.query_one("#parameters-notice", Static).update(notice(sentence))


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _index(protocol: Protocol | None) -> int:
    return 0 if protocol is None else list(Protocol).index(protocol) + 1
