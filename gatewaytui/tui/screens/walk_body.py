"""What the walkthrough shows: the way, the words of the step, the request it will send, its fields or its proof."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from gatewaytui.domain.profile import Profile
from gatewaytui.domain.progress import Job
from gatewaytui.domain.text import safe_text
from gatewaytui.tui.panes.check_view import CheckView
from gatewaytui.tui.widgets.ink import Ink, Line
from gatewaytui.tui.widgets.passages import Passage, passage_lines
from gatewaytui.tui.widgets.sheet import Sheet

from .address_step import AddressStep
from .handoff_step import HandoffStep
from .model_step import ModelStep
from .walk_state import WORDS, Step, WalkState, code_lines, path_line, request_text

_IDS: Mapping[Step, str] = MappingProxyType({step: step.name.lower() for step in Step})
_NEXT: Mapping[Step, str] = MappingProxyType(
    {
        Step.ADDRESS: "Enter keeps it and goes on.",
        Step.LIST: "Proven. Enter goes on to choose a model.",
        Step.MODEL: "Enter takes the model and goes on.",
        Step.CHAT: "Proven. Enter goes on to the evidence.",
        Step.EVIDENCE: "Enter goes on to the integration.",
        Step.HANDOFF: "Enter ends the walkthrough with this profile in use.",
    }
)
_UNPROVEN: Mapping[Step, str] = MappingProxyType(
    {
        Step.LIST: "Enter sends it.",
        Step.CHAT: "Enter sends it.",
        Step.EVIDENCE: "Enter shows the exact bytes; there s saves them and y copies them.",
    }
)
_FAILED = "Not proven yet. Enter sends it again, ^b goes back a step, e previews the evidence."
_NO_LIST = " i goes on without a list."
_LONGEST_ANSWER = 200


class WalkBody(Vertical):
    """Shows a state. The checks in it tell the screen how they end."""

    def __init__(self, taken: frozenset[str], ready: tuple[Profile, ...] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._taken = taken
        self._ready = ready

    def compose(self) -> ComposeResult:
        """The way and the words over the step's own part."""
        yield Sheet(id="walk-path")
        yield Sheet(id="walk-words")
        with ContentSwitcher(initial=_IDS[Step.ADDRESS], id="walk-step"):
            yield AddressStep(self._taken, self._ready, id=_IDS[Step.ADDRESS])
            with VerticalScroll(id=_IDS[Step.LIST], can_focus=False):
                yield CheckView(id="walk-list")
            yield ModelStep(id=_IDS[Step.MODEL])
            with VerticalScroll(id=_IDS[Step.CHAT], can_focus=False):
                yield CheckView(id="walk-chat")
                yield Static(id="walk-answer")
            yield Static(id=_IDS[Step.EVIDENCE])
            yield HandoffStep(id=_IDS[Step.HANDOFF])
        yield Static(id="walk-notice")

    @property
    def running(self) -> bool:
        """True while a request runs."""
        return any(view.running for view in self.query(CheckView))

    def start(self, step: Step, job: Job) -> None:
        """Send the step's request."""
        self.query_one("#walk-answer", Static).update("")
        self.query_one(f"#walk-{step.name.lower()}", CheckView).start(job)
        self.say("Sent. Esc stops.", Ink.MUTED)

    def stop(self) -> bool:
        """Stop the request that runs. True if one did."""
        stopped = [view.stop() for view in self.query(CheckView)]
        return any(stopped)

    def answered(self, text: str) -> None:
        """Show what the chat answered."""
        words = Content.assemble(("answered  ", Ink.MUTED), safe_text(text, _LONGEST_ANSWER))
        self.query_one("#walk-answer", Static).update(words)

    def show(self, state: WalkState) -> None:
        """Show this state, its fields ready to type."""
        step = state.step
        self.query_one("#walk-path", Sheet).show(lambda _: (path_line(state),))
        self.query_one("#walk-words", Sheet).show(lambda width: _words(state, width))
        moved = self.query_one("#walk-step", ContentSwitcher).current != _IDS[step]
        self.query_one("#walk-step", ContentSwitcher).current = _IDS[step]
        self.say(_advice(state), Ink.PLAIN)
        if moved:
            self._enter(state)

    def say(self, sentence: str, ink: Ink) -> None:
        """A sentence under the step."""
        self.query_one("#walk-notice", Static).update(Content.styled(sentence, ink))

    def _enter(self, state: WalkState) -> None:
        self.screen.set_focus(None)
        if state.step is Step.ADDRESS:
            self.query_one(AddressStep).take_focus()
        elif state.step is Step.MODEL:
            self.query_one(ModelStep).show(state.listed)
        elif state.step is Step.HANDOFF and state.target is not None:
            self.query_one(HandoffStep).show(state.target)


def _advice(state: WalkState) -> str:
    step = state.step
    run = {Step.LIST: state.list_run, Step.CHAT: state.chat_run}.get(step)
    if run is not None and not run.ok:
        return _FAILED + (_NO_LIST if step is Step.LIST else "")
    return _NEXT[step] if state.proven(step) or step not in _UNPROVEN else _UNPROVEN[step]


def _words(state: WalkState, width: int) -> tuple[Line, ...]:
    step, words = state.step, WORDS[state.step]
    count = f"Step {step.number} of 5" if step is not Step.HANDOFF else "Then"
    head: Line = ((f"{count}  ", Ink.ACCENT), (words.title, Ink.STRONG))
    request = request_text(state)
    sends = ((), (("It will send", Ink.MUTED),), *code_lines(request, width)) if request else ()
    return (head, *passage_lines([Passage(words.why, Ink.MUTED)], width), *sends)
