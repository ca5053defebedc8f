"""How often and how a comparison asks, as a small form over the pane; what that takes is told as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from gatewaytui.tui.panes.compare_settings import HOTTEST, MOST_AT_ONCE, MOST_RUNS, MOST_WARM_UPS, RunSettings
from gatewaytui.tui.widgets.ink import Ink

from .dialog import Dialog
from .form import field, hint, notice, row

_DEFAULT = "the server's default"
_LARGEST_ANSWER = 1_000_000


class RunSettingsScreen(Dialog["RunSettings | None"]):
    """Dismissed with the settings, or None where the person backed out. ``takes`` says what settings will take."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        Binding("enter", "keep", "Keep", show=False),
    ]

    def __init__(self, before: RunSettings, takes: Callable[[RunSettings], str]) -> None:
        super().__init__()
        self._before = before
        self._takes = takes

    def compose(self) -> ComposeResult:
        """A field a row."""
        before = self._before
        with Vertical(id="run-settings", classes="dialog"):
            yield Static(Content.styled("Runs", Ink.STRONG), classes="form-title")
            yield from row("runs each", field("runs", str(before.runs), "1"))
            yield from row("warm-ups", field("warm-ups", str(before.warm_ups), "none"))
            yield from row("at once each", field("at-once", str(before.concurrency), "1"))
            yield from row("temperature", field("temperature", _text(before.temperature), _DEFAULT))
            yield from row("max tokens", field("max-tokens", _text(before.max_tokens), _DEFAULT))
            yield Static(id="run-settings-notice", classes="form-notice")
            yield hint(("Enter", "keeps"), ("Esc", "leaves as it was"), ("Tab", "next field"))

    def on_mount(self) -> None:
        """The number of runs is what is changed most: it is marked, so that typing replaces it."""
        runs = self.query_one("#runs", Input)
        runs.focus()
        runs.action_select_all()

    def on_input_changed(self) -> None:
        """Say what it would take, or what cannot be."""
        settings = self._read()
        if isinstance(settings, str):
            self._say(settings, Ink.WARNED)
        else:
            self._say(self._takes(settings), Ink.MUTED)

    def on_input_submitted(self) -> None:
        """Enter in a field keeps the form."""
        self.action_keep()

    def action_back(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)

    def action_keep(self) -> None:
        """Keep the form, or say which field cannot be."""
        settings = self._read()
        if isinstance(settings, str):
            self._say(settings, Ink.WARNED)
        else:
            self.dismiss(settings)

    def _read(self) -> RunSettings | str:
        """The settings as they are typed, or the sentence that says what cannot be."""
        whole = (
            ("runs", "Runs", 1, MOST_RUNS, 1),
            ("warm-ups", "Warm-ups", 0, MOST_WARM_UPS, 0),
            ("at-once", "At once", 1, MOST_AT_ONCE, 1),
            ("max-tokens", "Max tokens", 1, _LARGEST_ANSWER, None),
        )
        numbers: dict[str, int | None] = {}
        for id, name, least, most, empty in whole:
            numbers[id] = self._whole(id, empty)
            if numbers[id] is not None and not least <= (numbers[id] or 0) <= most:
                return f"{name} is a whole number from {least} to {most}."
        temperature = self._number("temperature")
        if temperature is not None and not 0 <= temperature <= HOTTEST:
            return "Temperature is a number from 0 to 2."
        runs, warm_ups, at_once = (numbers[id] or 0 for id in ("runs", "warm-ups", "at-once"))
        return RunSettings(runs, warm_ups, at_once, temperature, numbers["max-tokens"])

    def _whole(self, id: str, empty: int | None) -> int | None:
        text = self._typed(id)
        if not text:
            return empty
        return int(text) if text.isascii() and text.isdigit() else -1

    def _number(self, id: str) -> float | None:
        text = self._typed(id)
        try:
            return float(text) if text else None
        except ValueError:
            return -1.0

    def _typed(self, id: str) -> str:
        return self.query_one(f"#{id}", Input).value.strip()

    def _say(self, sentence: str, ink: Ink) -> None:
        self.query_one("#run-settings-notice", Static).update(notice(sentence, ink))


def _text(value: float | None) -> str:
    return "" if value is None else str(value) if isinstance(value, int) else f"{value:g}"
