"""The first step of the walkthrough: preset, name, base URL, protocol or group, and the key."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace
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
_SET_UP = "Set up already, with its key: Enter goes on. Left and right choose another, or your own."


class AddressStep(VerticalScroll, can_focus=False):
    """Fields that make a target; :meth:`target` reads them.

    ``ready`` are gateways that are set up already, key and all: chosen first, and taken as they are.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding(PROPOSAL_KEY, "take_proposal", "Take the proposal", show=False)]

    def __init__(self, taken: frozenset[str], ready: tuple[Profile, ...] = (), *, id: str | None = None) -> None:
        super().__init__(id=id, classes="compact")
        self._taken = taken
        self._ready = ready
        self._presets = tuple(PRESETS.values())
        self._start = Profile("", "")

    def compose(self) -> ComposeResult:
        """A field a row."""
        names = (*(profile.name for profile in self._ready), _OWN, *(preset.title for preset in self._presets))
        yield from row("gateway", Choice(names, id="preset"))
        yield Static(id="about")
        yield from row("base URL", field("base-url", placeholder="https://gateway.example/v1"))
        yield LintLine(id="lint")
        yield from row("protocol", Choice(tuple(Protocol), id="protocol"))
        yield from row("name", field("name", placeholder="how you call it"))
        yield KeyFields(id="key-fields")

    def on_mount(self) -> None:
        """Begin at the preset."""
        self.query_one(LintLine).judge("")
        self._fill()
        self.query_one("#preset").focus()

    @property
    def ready(self) -> Profile | None:
        """The chosen gateway where it is set up already."""
        chosen = self.query_one("#preset", Choice).chosen
        return self._ready[chosen] if chosen < len(self._ready) else None

    def take_focus(self) -> None:
        """The first field that can be changed takes it."""
        self.query_one("#preset" if self.ready else "#base-url").focus()

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """A preset fills the fields in."""
        if event.choice.id != "preset":
            return
        event.stop()
        self._fill()

    def _fill(self) -> None:
        """The fields of the chosen gateway; one that is set up already leaves only its protocol to choose."""
        ready, preset = self.ready, None
        place = self.query_one("#preset", Choice).chosen - len(self._ready) - 1
        if ready is None and place >= 0:
            preset = self._presets[place]
        self._start = ready or (preset.profile if preset else Profile("", ""))
        name = ready.name if ready else self._free(preset.name) if preset else ""
        about = _SET_UP if ready else preset.about if preset else ""
        for field_id, value in (("base-url", self._start.base_url), ("name", name)):
            self.query_one(f"#{field_id}", Input).value = value
            self.query_one(f"#{field_id}", Input).disabled = ready is not None
        self.query_one(KeyFields).display = ready is None
        self.query_one("#protocol", Choice).choose(list(Protocol).index(self._start.protocol))
        self.query_one("#about", Static).update(Content.styled(about, Ink.MUTED))

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
            raise ValueError(f"{'This name cannot be used.' if name else 'Give the profile a name.'} {NAME_RULE}")
        if name in self._taken and name != own and self.ready is None:
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
