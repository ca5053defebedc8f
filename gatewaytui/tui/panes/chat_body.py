"""What a conversation looks like: its text, the figures of its last answer beside it, the wire below."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.passages import Passage
from gatewaytui.tui.widgets.sheet import Sheet
from gatewaytui.tui.widgets.stream_view import StreamView
from gatewaytui.tui.widgets.waterfall import waterfall
from gatewaytui.tui.widgets.wire_view import WireView

from .answer_figures import bars, figure_lines
from .answer_state import AnswerState
from .beside import beside_lines
from .chat_state import Conversation
from .chat_text import turn_passages

_EMPTY = (
    Passage("Ask something", Ink.STRONG),
    Passage(""),
    Passage(
        "Type below and press Enter. The answer streams here; times, tokens and the served model stand beside it."
    ),
    Passage(""),
    Passage("leaves the prompt, so that the keys at the foot work", Ink.PLAIN, "Esc  ", Ink.ACCENT),
    Passage("every event of the wire with its time and gap", Ink.PLAIN, "w    ", Ink.ACCENT),
    Passage("protocol, tokens, temperature, system prompt, prompt from a file", Ink.PLAIN, "p    ", Ink.ACCENT),
    Passage("streamed, or the whole answer at once", Ink.PLAIN, "t    ", Ink.ACCENT),
)


class ChatBody(Vertical):
    """Paints conversations. ``unfolded`` shows the thinking whole, ``with_message`` the server's own error text."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.unfolded = False
        self.with_message = False
        self._turns = -1
        self._first_of_last = 0

    def compose(self) -> ComposeResult:
        """Text and figures side by side, the wire below them."""
        with Horizontal(id="chat-top"):
            yield StreamView(id="chat-text")
            with VerticalScroll(id="chat-side", can_focus=False):
                yield Sheet(id="chat-waterfall")
                yield Sheet(id="chat-figures")
        with Vertical(id="chat-wire-box"):
            yield Static(id="chat-wire-title")
            yield WireView(id="chat-wire")

    def show(self, conversation: Conversation, elapsed_ns: int) -> None:
        """Paint this conversation; only the last turn where no other was added."""
        self._show_text(conversation)
        last = conversation.last
        answer, asked = (last.answer, last.asked) if last else (AnswerState(), "")
        self.set_class(last is None, "-empty")
        self.set_class(answer.result is not None and not answer.events, "-refused")
        drawn, beside = bars(answer, elapsed_ns), conversation.beside
        self.query_one("#chat-waterfall", Sheet).show(lambda width: waterfall(drawn, width))
        self.query_one("#chat-figures", Sheet).show(
            lambda width: (*figure_lines(answer, asked, width), *beside_lines(beside, width))
        )
        title = f"wire · {figures.plural(answer.events, 'event')} · {figures.size(answer.wire_bytes)} · times in ms"
        kept = f" · the newest {figures.grouped(len(answer.wire))} kept" if answer.dropped else ""
        self.query_one("#chat-wire-title", Static).update(Content.styled(title + kept, Ink.MUTED), layout=False)
        self.query_one(WireView).show(answer.wire, answer.dropped)

    def repaint(
        self, conversation: Conversation, *, unfolded: bool | None = None, with_message: bool | None = None
    ) -> None:
        """Paint all turns with these folds."""
        self.unfolded = self.unfolded if unfolded is None else unfolded
        self.with_message = self.with_message if with_message is None else with_message
        self._turns = -1
        self._show_text(conversation)

    def _show_text(self, conversation: Conversation) -> None:
        view = self.query_one(StreamView)
        if not conversation.turns:
            view.show(_EMPTY)
        elif len(conversation.turns) != self._turns:
            earlier = [
                passage
                for index, turn in enumerate(conversation.turns[:-1])
                for passage in turn_passages(turn, index == 0, self.unfolded, self.with_message)
            ]
            self._first_of_last = len(earlier)
            view.show((*earlier, *self._last_passages(conversation)))
        else:
            view.show(self._last_passages(conversation), self._first_of_last)
        self._turns = len(conversation.turns)

    def _last_passages(self, conversation: Conversation) -> tuple[Passage, ...]:
        return turn_passages(conversation.turns[-1], len(conversation.turns) == 1, self.unfolded, self.with_message)
