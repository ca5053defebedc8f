"""The walkthrough: five steps from a base URL to evidence, then one integration. A failure is explained and stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Profile, Target
from gatewaytui.domain.progress import AnswerArrived, ChatJob, ModelsArrived, ModelsJob
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.evidence.record import build
from gatewaytui.tui.commands import bindings_for
from gatewaytui.tui.messages import KeyRead, ProfilesChanged
from gatewaytui.tui.panes.base import PaneHelp
from gatewaytui.tui.panes.check_view import CheckView
from gatewaytui.tui.services import services_of
from gatewaytui.tui.widgets.footer import Footer
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.key_fields import KeyFields
from gatewaytui.tui.widgets.too_small import TooSmall

from .address_step import AddressStep
from .consent import agreed
from .export import ExportScreen
from .handoff_step import HandoffStep
from .model_step import ModelStep
from .walk_body import WalkBody
from .walk_state import Step, WalkState, chat_request

_HELP = PaneHelp(
    "Walkthrough",
    "The decision map as a guide. Each step says why it comes now and shows what it will send, then waits for proof. "
    "Where something fails it is explained, and you stay until it works or go back a step.",
)
_ONLY_AT: Mapping[str, Step] = MappingProxyType(
    {"client": Step.HANDOFF, "copy": Step.HANDOFF, "save": Step.HANDOFF, "by_hand": Step.LIST}
)
Work = Callable[[], Awaitable[None]]


class WalkthroughScreen(Screen[Target | None]):
    """Dismissed with the target that was set up, or None. ``profiles`` are in use; ``ready`` offers them, too."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("walkthrough")]

    def __init__(self, keymap: Mapping[str, str], profiles: Sequence[Profile], *, ready: bool = False) -> None:
        super().__init__()
        self._keymap = keymap
        self._profiles = tuple(profiles)
        self._ready = self._profiles if ready else ()
        self._state = WalkState()
        self._ways: Mapping[Step, Work] = {
            Step.ADDRESS: self._keep_address,
            Step.LIST: self._ask_list,
            Step.MODEL: self._take_model,
            Step.CHAT: self._ask_chat,
            Step.EVIDENCE: self._show_evidence,
            Step.HANDOFF: self._finish,
        }

    def compose(self) -> ComposeResult:
        """The body over the footer."""
        yield WalkBody(frozenset(profile.name for profile in self._profiles), self._ready, id="walk")
        yield Footer(self._keymap, id="footer")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """The first step."""
        self.query_one(Footer).follow(self, "walkthrough")
        self._body.show(self._state)

    @property
    def help_subject(self) -> tuple[PaneHelp, str]:
        """What ``?`` explains here."""
        return _HELP, "walkthrough"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Some commands belong to one step; evidence needs a run."""
        if action == "evidence":
            return self._state.run is not None
        if action == "by_hand" and self._state.proven(Step.LIST):
            return False
        return _ONLY_AT.get(action, self._state.step) is self._state.step

    def on_input_submitted(self) -> None:
        """Enter in a field goes on."""
        self.action_forward()

    def on_check_view_heard(self, message: CheckView.Heard) -> None:
        """Keep the list, show the answer."""
        for event in message.events:
            if isinstance(event, ModelsArrived):
                self._state = replace(self._state, listed=event.models.models)
            elif isinstance(event, AnswerArrived):
                self._body.answered(event.text)

    def on_check_view_ended(self, message: CheckView.Ended) -> None:
        """The proof, or the finding."""
        if message.view.id == "walk-list":
            self._become(replace(self._state, list_run=message.run))
        else:
            self._become(replace(self._state, chat_run=message.run))

    def action_forward(self) -> None:
        """Go on where the step is proven, else do what it shows."""
        if not self._body.running:
            self._do(self._ways[self._state.step])

    def action_back(self) -> None:
        """A step back."""
        self._body.stop()
        self._go(self._state.step.moved(-1))

    def action_by_hand(self) -> None:
        """Go on without a list: the id is typed."""
        self._body.stop()
        self._state = replace(self._state, listed=None)
        self._go(Step.MODEL)

    def action_client(self) -> None:
        """The other form of the integration."""
        self._do(self.query_one(HandoffStep).other)

    def action_copy(self) -> None:
        """Copy the integration."""
        self._body.say(self.query_one(HandoffStep).copy(), Ink.PASSED)

    def action_save(self) -> None:
        """Save the integration."""
        self._do(self._save)

    def action_evidence(self) -> None:
        """Preview the evidence of the walk so far."""
        if (run := self._state.run) is not None:
            self.app.push_screen(ExportScreen(build(run), run))

    def action_leave(self) -> None:
        """Stop what runs; else leave, keeping the profile."""
        if self._body.stop():
            self._body.say("Stopped. Enter sends it again.", Ink.MUTED)
        else:
            self.dismiss(self._state.target)

    async def _keep_address(self) -> None:
        services, fields, known = services_of(self.app), self.query_one(KeyFields), self._state.target
        step = self.query_one(AddressStep)
        try:
            target = step.target(known.profile.name if known else "")
        except ValueError as error:
            self._body.say(str(error), Ink.WARNED)
            return
        if step.ready is not None:
            self._state = self._state.pointed(target)
            self._go(Step.LIST)
            return
        if known is not None and not fields.filled:  # its key was given before, on the way here
            same = known.profile
            target = replace(target, profile=replace(target.profile, key=same.key, groups=same.groups))
            await off_loop(lambda: services.profiles.put(target.profile))
        else:
            kept = await fields.keep(services, target.profile, target.group)
            target = replace(target, profile=kept.profile)
            self.post_message(KeyRead(target.profile.name, target.group, kept.tail))
        self.post_message(ProfilesChanged())
        self._state = self._state.pointed(target)
        self._go(Step.LIST)

    async def _ask_list(self) -> None:
        target = self._state.target
        if self._state.proven(Step.LIST):
            self._go(Step.MODEL)
        elif target is not None and await agreed(self.app, services_of(self.app), target):
            self._body.start(Step.LIST, ModelsJob((replace(target, model=""),)))

    async def _take_model(self) -> None:
        model, target = self.query_one(ModelStep).model, self._state.target
        if not model or target is None:
            self._body.say("Choose a model with ↑ ↓, or type its id.", Ink.WARNED)
            return
        self._state = self._state.pointed(replace(target, model=model))
        self._go(Step.CHAT)

    async def _ask_chat(self) -> None:
        target = self._state.target
        if self._state.proven(Step.CHAT):
            self._go(Step.EVIDENCE)
        elif target is not None:
            self._body.start(Step.CHAT, ChatJob((target,), chat_request(target)))

    async def _show_evidence(self) -> None:
        if (run := self._state.run) is None or self._state.evidence_seen:
            self._go(Step.HANDOFF)
            return
        await self.app.push_screen_wait(ExportScreen(build(run), run))
        self._become(replace(self._state, evidence_seen=True))

    async def _finish(self) -> None:
        self.dismiss(self._state.target)

    async def _save(self) -> None:
        self._body.say(await self.query_one(HandoffStep).save(), Ink.PASSED)

    @property
    def _body(self) -> WalkBody:
        return self.query_one(WalkBody)

    def _go(self, step: Step) -> None:
        self._become(replace(self._state, step=step))

    def _become(self, state: WalkState) -> None:
        self._state = state
        self._body.show(state)
        self.refresh_bindings()

    def _do(self, work: Work) -> None:
        self.run_worker(self._told(work), exclusive=True, group="work")

    async def _told(self, work: Work) -> None:
        """Do the work; a Problem becomes a sentence with its next step, and the step stays."""
        try:
            await work()
        except Problem as problem:
            self._body.say(f"✗ {problem.sentence} {problem.next_step}", Ink.FAILED)
