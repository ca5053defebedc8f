"""The end of the walkthrough: one integration as curl or Python, with the key as a variable, copied or saved."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from gatewaytui.domain.profile import Target
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.handoff.table import HANDOFFS, Snippet, snippet, variable_for
from gatewaytui.storage.exports import save_new
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.sheet import Sheet

from .walk_state import code_lines

_ENDINGS = {"bash": "sh", "python": "py"}.items()


class HandoffStep(VerticalScroll, can_focus=False):
    """Shows one snippet of the HANDOFFS table."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._clients = tuple(HANDOFFS)
        self._at = 0
        self._target: Target | None = None
        self._snippet = Snippet("", "", "")

    def compose(self) -> ComposeResult:
        """What it is, the code, how to run it."""
        yield Static(id="handoff-title")
        yield Sheet(id="handoff-code")
        yield Static(id="handoff-how")

    def show(self, target: Target) -> None:
        """Code for this proven target. Raises Problem where the client cannot speak to it."""
        self._target = target
        self._snippet = snippet(self._clients[self._at], target, target.model)
        code = self._snippet.text
        self.query_one("#handoff-title", Static).update(Content.styled(self._snippet.title, Ink.STRONG))
        self.query_one("#handoff-code", Sheet).show(lambda width: code_lines(code, width))
        how = f"Set the key first: export {variable_for(target)}='your key'"
        self.query_one("#handoff-how", Static).update(Content.styled(how, Ink.MUTED))

    async def other(self) -> None:
        """The next client. Raises Problem."""
        self._at = (self._at + 1) % len(self._clients)
        if self._target is not None:
            self.show(self._target)

    def copy(self) -> str:
        """Copy the code; the sentence to show."""
        self.app.copy_to_clipboard(self._snippet.text)
        return "Copied through the terminal (OSC 52); the key is a variable."

    async def save(self) -> str:
        """Write the code to a new file where the console was started; the sentence to show. Raises Problem."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        ending = dict(_ENDINGS).get(self._snippet.language, "txt")
        name, content = f"gatewaytui-{stamp}.{ending}", f"{self._snippet.text}\n".encode()
        path = await off_loop(lambda: save_new(Path.cwd(), name, content))
        return f"Saved {path}"
