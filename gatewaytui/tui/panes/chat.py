"""The Chat pane: a prompt, the answer as it streams, what it cost in time and tokens, and every event of the wire."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.progress import Progress
from gatewaytui.domain.text import safe_line
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.evidence.record import build
from gatewaytui.tui.commands import bindings_for
from gatewaytui.tui.messages import RunRecorded
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.prompt_input import BREAK, PromptInput
from gatewaytui.tui.widgets.status_line import StatusLine
from gatewaytui.tui.widgets.stream_view import StreamView

from .answer_figures import going_words
from .base import Pane, PaneHelp
from .chat_body import ChatBody
from .chat_state import Conversation, Parameters
from .feed import Feed
from .prompt_file import read_prompt

if TYPE_CHECKING:
    from gatewaytui.tui.screens.parameters import ParametersChosen


class ChatPane(Pane):
    """One conversation with the chosen target."""

    help_text: ClassVar[PaneHelp] = PaneHelp(
        "Chat",
        "Sends a prompt to the chosen target and shows the answer as it arrives: thinking apart from the answer, "
        "tool calls apart from both. To the right, where the time went and what was counted. The wire view lists "
        "every event with its time and gap. Enter on an empty prompt asks the last one again: press t first, and "
        "the same prompt stands streamed beside whole.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("chat")]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._conversation = Conversation()
        self._parameters = Parameters()
        self._feed = Feed(self, lambda: self.services.engine, self._hear, self._ended)

    def compose(self) -> ComposeResult:
        """Conversation and figures side by side, the wire below them, the prompt at the foot."""
        yield ChatBody(id="chat-body")
        yield StatusLine(id="chat-status")
        with Horizontal(id="chat-prompt-row"):
            yield Static(Content.styled("› ", Ink.ACCENT), id="chat-prompt-sign")
            yield PromptInput(placeholder="a prompt", id="chat-prompt", compact=True)

    def on_mount(self) -> None:
        """Start empty."""
        self._paint()

    def shown(self) -> None:
        """The prompt takes the focus."""
        self.query_one(PromptInput).focus()

    def watch_target(self) -> None:
        """Another target: the status line names what the next prompt will use."""
        if self.is_mounted:
            self._paint()

    def cancel(self) -> bool:
        """End the answer that streams: what arrived is kept and recorded. One that is judged ends by itself."""
        if self._conversation.answer.judged or not self._feed.halt():
            return False
        self._conversation = self._conversation.stopped()
        self._paint()
        return True

    def on_input_submitted(self, event: PromptInput.Submitted) -> None:
        """Enter in the prompt sends it."""
        event.stop()
        self._ask(self.query_one(PromptInput).prompt)

    def action_send(self) -> None:
        """Enter outside the prompt goes there."""
        self.query_one(PromptInput).focus()

    def action_stop(self) -> None:
        """Stop; else leave the prompt for the keys."""
        if not self.cancel():
            self.query_one(StreamView).focus()

    def action_wire(self) -> None:
        """Show or hide the wire view."""
        self.query_one(ChatBody).toggle_class("-wire")

    def action_parameters(self) -> None:
        """Open the form of parameters."""
        from gatewaytui.tui.screens.parameters import ParametersScreen

        self.app.push_screen(ParametersScreen(self._parameters), self._parametrise)

    def action_stream(self) -> None:
        """Ask for a stream, or for the whole answer at once."""
        self._parameters = self._parameters.toggled()
        self._status.take_back()
        self._paint()

    def action_thinking(self) -> None:
        """Unfold or fold the thinking."""
        body = self.query_one(ChatBody)
        body.repaint(self._conversation, unfolded=not body.unfolded)

    def action_message(self) -> None:
        """Show or hide the server's own error message."""
        body = self.query_one(ChatBody)
        body.repaint(self._conversation, with_message=not body.with_message)

    def action_new(self) -> None:
        """Begin a new conversation."""
        self._feed.stop()
        self._conversation = Conversation()
        self._paint()

    def action_copy(self) -> None:
        """Copy the answer."""
        text = self._conversation.answer.text
        if not text:
            self._status.say("There is no answer to copy yet.", Ink.WARNED)
            return
        self.app.copy_to_clipboard(text)
        self._status.say(
            f"Copied the answer, {figures.plural(len(text), 'character')}, through the terminal (OSC 52)."
        )

    def action_curl(self) -> None:
        """Copy the last request as a curl command with the key as a variable."""
        turn = self._conversation.last
        if turn is None:
            self._status.say("Nothing was asked yet: send a prompt, then copy it as curl.", Ink.WARNED)
            return
        from .curl import curl_of

        command = curl_of(turn)
        self.app.copy_to_clipboard(command.text)
        self._status.say(f"Copied as curl through the terminal (OSC 52); the key is ${command.variable}.")

    def action_evidence(self) -> None:
        """Preview the evidence of the last answer."""
        run = self._conversation.answer.run
        if run is None:
            self._status.say("There is no finished run to show evidence of.", Ink.WARNED)
            return
        from gatewaytui.tui.screens.export import ExportScreen

        self.app.push_screen(ExportScreen(build(run), run))

    def _ask(self, prompt: str) -> None:
        if self.target is None:
            self._status.say("Choose a profile first: press 1.", Ink.WARNED)
            return
        if not prompt and self._conversation.last is None:
            self._status.say("Type a prompt first.", Ink.WARNED)
            return
        self._feed.stop()
        self._conversation = self._conversation.asking(prompt, self.target, self._parameters)
        self.query_one(PromptInput).value = ""
        self._status.take_back()
        self._feed.start(self._conversation.turns[-1].job)
        self._paint()

    def _hear(self, events: tuple[Progress, ...]) -> None:
        self._conversation = self._conversation.hearing(events)
        self._paint()

    def _ended(self, problem: Problem | None) -> None:
        if problem is not None:
            self._conversation = self._conversation.troubled(problem)
        elif (run := self._conversation.answer.run) is not None:
            self.post_message(RunRecorded(run))
        self._paint()

    def _parametrise(self, chosen: ParametersChosen | None) -> None:
        if chosen is None:
            return
        self._parameters = chosen.parameters
        self._status.take_back()
        self._paint()
        if chosen.prompt_file:
            self._take_prompt(Path(chosen.prompt_file).expanduser())

    @work(exclusive=True, group="prompt-file")
    async def _take_prompt(self, path: Path) -> None:
        try:
            text = await off_loop(lambda: read_prompt(path))
        except Problem as problem:
            self._status.explain(problem)
            return
        prompt = self.query_one(PromptInput)
        prompt.value = BREAK.join(text.splitlines())
        prompt.focus()

    @property
    def _status(self) -> StatusLine:
        return self.query_one(StatusLine)

    def _paint(self) -> None:
        elapsed = self._feed.elapsed_ns if self._feed.running else 0
        self.query_one(ChatBody).show(self._conversation, elapsed)
        if self._feed.running and not self._conversation.answer.stopped:
            self._status.stand(f"{going_words(self._conversation.answer, elapsed) or '…'} · Esc stops", Ink.ACCENT)
        elif self.target is None:
            self._status.stand("No target yet: press 1 and choose a profile.", Ink.WARNED)
        else:
            other = self._conversation.untold(self.target)
            apart = f" · nothing said to {safe_line(other, 24)} is sent" if other else ""
            self._status.stand(self._parameters.words(self.target) + apart)
