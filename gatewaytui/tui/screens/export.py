"""The export: the exact bytes that would leave, every withheld thing highlighted, then a file or the clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.run import Run
from gatewaytui.domain.text import safe_line
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.evidence.document import Evidence
from gatewaytui.evidence.gate import GateRefused
from gatewaytui.evidence.markers import MARKER
from gatewaytui.evidence.record import build
from gatewaytui.storage.exports import save_new
from gatewaytui.tui.commands import bindings_for
from gatewaytui.tui.services import services_of
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import Ink, Line
from gatewaytui.tui.widgets.line_view import LineView
from gatewaytui.tui.widgets.wrapping import wrap

from .dialog import Dialog
from .form import hint

FORMATS = (("markdown", "Markdown", "md"), ("json", "JSON", "json"), ("junit", "JUnit", "xml"))
"""The formats of the toggle: the engine's name, the person's, the file's."""


class PreviewView(LineView):
    """The bytes as text, wrapped, with what was withheld highlighted."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.text = ""
        self._lines: tuple[Line, ...] = ()

    @property
    def line_count(self) -> int:
        """Wrapped lines."""
        return len(self._lines)

    def line_at(self, index: int) -> Line:
        """One of them."""
        return self._lines[index]

    def show(self, text: str) -> None:
        """Show this text from its start."""
        self.text = text
        self.on_resize()
        self.scroll_to_line(0)

    def on_resize(self) -> None:
        """Wrap to the new width."""
        rows = [row for line in self.text.splitlines() for row in wrap(line, self.text_width)]
        self._lines = tuple(tuple(_marked(row)) for row in rows)
        self.refresh()


def _marked(row: str) -> Iterator[tuple[str, Ink]]:
    at = 0
    for found in MARKER.finditer(row):
        yield safe_line(row[at : found.start()], len(row)), Ink.PLAIN
        yield found.group(), Ink.MARKED
        at = found.end()
    yield safe_line(row[at:], len(row)), Ink.PLAIN


class ExportScreen(Dialog[None]):
    """Nothing leaves before it was shown here. With a ``run`` the host can be masked and request ids kept."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("export")]

    def __init__(self, evidence: Evidence, run: Run | None = None) -> None:
        super().__init__()
        self._evidence = evidence
        self._run = run
        self._format = 0
        self._mask_host = False
        self._with_id = False
        self._content: bytes | None = None

    def compose(self) -> ComposeResult:
        """Title, preview, what happened."""
        with Vertical(classes="page"):
            yield Static(id="export-title")
            yield PreviewView(id="export-preview")
            yield Static(id="export-notice")
            yield hint(*self._keys())

    def on_mount(self) -> None:
        """Render the first preview."""
        self.query_one(PreviewView).focus()
        self._render_again()

    def action_back(self) -> None:
        """Close without a trace."""
        self.dismiss(None)

    def action_format(self) -> None:
        """Markdown, JSON or JUnit."""
        self._format = (self._format + 1) % len(FORMATS)
        self._render_again()

    def action_mask(self) -> None:
        """Hide the host, or show it."""
        self._mask_host = not self._mask_host
        self._build_again()

    def action_request_id(self) -> None:
        """Keep the server's request ids, which its support needs, or only a hash."""
        self._with_id = not self._with_id
        self._build_again()

    def action_save(self) -> None:
        """Write a new file where the console was started."""
        self.run_worker(self._save(), exclusive=True, group="save")

    def action_copy(self) -> None:
        """Copy through the terminal."""
        if self._content is not None:
            self.app.copy_to_clipboard(self._content.decode())
            self._say(f"Copied {figures.size(len(self._content))} through the terminal (OSC 52).", Ink.PASSED)

    def now(self) -> datetime:
        """The present, for the file's name."""
        return datetime.now(UTC)

    @property
    def file_name(self) -> str:
        """From our clock and the failure class, never from a server's text."""
        stamp = self.now().strftime("%Y%m%dT%H%M%SZ")
        word = self._evidence.summary.failure_class or "ok"
        return f"gatewaytui-{stamp}-{word}.{FORMATS[self._format][2]}"

    def _build_again(self) -> None:
        if self._run is None:
            self._say(
                "This run was kept without host masking and request ids: they cannot be changed now.", Ink.WARNED
            )
            return
        self._evidence = build(self._run, mask_host=self._mask_host, with_request_id=self._with_id)
        self._render_again()

    def _render_again(self) -> None:
        self.run_worker(self._render_preview(), exclusive=True, group="preview")

    async def _render_preview(self) -> None:
        self._content = None
        try:
            self._content = await services_of(self.app).engine.export(self._evidence, FORMATS[self._format][0])
        except GateRefused as refused:
            fields = "\n".join(f"{leak.field}: {leak.kind}" for leak in refused.leaks)
            self.query_one(PreviewView).show(f"The leak gate refused this export. Nothing was written.\n\n{fields}")
            self._say("Refused: something secret stands in the fields named above.", Ink.FAILED)
        except Problem as problem:
            self._say(f"{problem.sentence} {problem.next_step}", Ink.FAILED)
        else:
            text = self._content.decode()
            self.query_one(PreviewView).show(text)
            self._say("These are the exact bytes. Nothing has left this machine yet.", Ink.MUTED)
        self._paint_title()

    async def _save(self) -> None:
        content, name = self._content, self.file_name
        if content is None:
            return
        try:
            path = await off_loop(lambda: save_new(Path.cwd(), name, content))
        except Problem as problem:
            self._say(f"{problem.sentence} {problem.next_step}", Ink.FAILED)
            return
        self._say(f"Saved {path}", Ink.PASSED)

    def _paint_title(self) -> None:
        text = self._content.decode() if self._content is not None else ""
        marked = len(MARKER.findall(text))
        withheld = f"{figures.grouped(marked)} withheld, highlighted" if marked else "nothing had to be withheld"
        checks = figures.plural(len(self._evidence.checks), "check")
        parts = [FORMATS[self._format][1], checks, figures.size(len(text.encode())), withheld]
        words = Content.assemble(("Evidence", Ink.STRONG), ("  " + " · ".join(parts), Ink.MUTED))
        self.query_one("#export-title", Static).update(words)

    def _say(self, sentence: str, ink: Ink) -> None:
        self.query_one("#export-notice", Static).update(Content.styled(sentence, ink))

    def _keys(self) -> tuple[tuple[str, str], ...]:
        """What the foot offers; a run that was kept cannot be rebuilt with other options."""
        options = () if self._run is None else (("h", "mask the host"), ("i", "request ids"))
        return (("f", "Markdown / JSON / JUnit"), *options, ("s", "save"), ("y", "copy"), ("Esc", "back"))
