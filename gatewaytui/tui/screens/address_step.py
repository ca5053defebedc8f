"""The first step of the walkthrough: preset, name, base URL, protocol or group, and the key."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from gatewaytui.domain.profile import Profile, Protocol, Target
from gatewaytui.storage.presets import PRESETS
from gatewaytui.storage.profilefields import NAME_RULE, valid_name
from gatewaytui.storage.profiletable import check
from gatewaytui.tui.widgets.choice import Choice
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.key_fields import KeyFields
from gatewaytui.tui.widgets.lint_line import PROPOSAL_KEY, LintLine

from .form import field, row

_OWN = "my own gateway"


class AddressStep(VerticalScroll, can_focus=False):
    """Fields that make a target; :meth:`target` reads them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding(PROPOSAL_KEY, "take_proposal", "Take the proposal", show=False)]

    def __init__(self, taken: frozenset[str], *, id: str | None = None) -> None:
        super().__init__(id=id, classes="compact")
        self._taken = taken
        self._presets = tuple(PRESETS.values())
        self._start = Profile("", "")

    def compose(self) -> ComposeResult:
        """A field a row."""
        yield from row("gateway", Choice((_OWN, *(preset.title for preset in self._presets)), id="preset"))
        yield Static(id="about")
        yield from row("base URL", field("base-url", placeholder="https://gateway.example/v1"))
        yield LintLine(id="lint")
        yield from row("protocol", Choice(tuple(Protocol), id="protocol"))
        yield from row("name", field("name", placeholder="how you call it"))
        yield KeyFields(id="key-fields")

    def on_mount(self) -> None:
        """Begin at the preset."""
        self.query_one(LintLine).judge("")
        self.query_one("#preset").focus()

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """A preset fills the fields in."""
        if event.choice.id != "preset":
            return
        event.stop()
        preset = self._presets[event.choice.chosen - 1] if event.choice.chosen else None
        self._start = preset.profile if preset else Profile("", "")
        self.query_one("#base-url", Input).value = self._start.base_url
        self.query_one("#name", Input).value = self._free(preset.name) if preset else ""
        self.query_one("#protocol", Choice).choose(list(Protocol).index(self._start.protocol))
        self.query_one("#about", Static).update(Content.styled(preset.about if preset else "", Ink.MUTED))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge the address as it is typed."""
        if event.input.id == "base-url":
            self.query_one(LintLine).judge(event.value)

    def action_take_proposal(self) -> None:
        """Put the proposed address into the field."""
        if proposal := self.query_one(LintLine).proposal:
            self.query_one("#base-url", Input).value = proposal

    def target(self, own: str) -> Target:
        """The fields as a target; ``own`` is the name this walk saved before.

        A preset with groups gives the group that speaks the chosen protocol. Raises ValueError with a sentence of
        ours, or Problem.
        """
        name, url = self._text("name"), self._text("base-url")
        lint = self.query_one(LintLine)
        if not url or lint.blocks:
            raise ValueError(lint.blocks or "The base URL is empty: choose a gateway, or type its address.")
        if not valid_name(name):
            raise ValueError(f"Give the profile a name. {NAME_RULE}")
        if name in self._taken and name != own:
            raise ValueError(f"There is a profile {name} already. Choose another name.")
        protocol = list(Protocol)[self.query_one("#protocol", Choice).chosen]
        spoken = self._start.protocols if protocol in self._start.protocols else (*self._start.protocols, protocol)
        profile = replace(self._start, name=name, base_url=url, protocol=protocol, protocols=spoken)
        check(profile)
        group = next((group.name for group in profile.groups if protocol in group.protocols), "")
        return Target(profile, group)

    def _free(self, name: str) -> str:
        names = (name, *(f"{name}-{number}" for number in range(2, 1_000)))
        return next((free for free in names if free not in self._taken), name)

    def _text(self, id: str) -> str:
        return self.query_one(f"#{id}", Input).value.strip()
