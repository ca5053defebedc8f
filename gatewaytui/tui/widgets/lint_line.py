"""What is likely wrong with a base URL while it is typed: one sentence and a proposal, never a rewrite."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from gatewaytui.domain.text import safe_line
from gatewaytui.protocols.lint import Advice, lint_base_url

from .ink import Ink

PROPOSAL_KEY = "ctrl+l"
_KEY_WORD = "^l"
_SIGNS = (("error", "✗ ", Ink.FAILED), ("warning", "! ", Ink.WARNED))


class LintLine(Widget):
    """Two lines under a base URL field: the gravest advice, and what :attr:`proposal` would be."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._url = ""
        self._advice: Advice | None = None

    @property
    def proposal(self) -> str:
        """The URL that is proposed, or ""."""
        return self._advice.proposal if self._advice else ""

    @property
    def blocks(self) -> str:
        """The sentence of an advice that cannot be passed over, or ""."""
        return self._advice.sentence if self._advice and self._advice.level == "error" else ""

    def judge(self, url: str) -> None:
        """Look at the URL as it is now."""
        self._url = url
        self._advice = next(iter(lint_base_url(url)), None) if url.strip() else None
        self.refresh()

    def render(self) -> Content:
        """The advice, or that all is well."""
        if not self._url.strip():
            return Content.styled("Ends in /v1 at most gateways; stored as you type it.", Ink.MUTED)
        if self._advice is None:
            return Content.assemble(("✓ ", Ink.PASSED), ("nothing to mend", Ink.MUTED))
        _, sign, ink = next(row for row in _SIGNS if row[0] == self._advice.level)
        parts: list[tuple[str, str]] = [(sign, ink), (self._advice.sentence, ink)]
        if self.proposal:
            parts += [("\n  ", Ink.MUTED), (_KEY_WORD, f"bold {Ink.ACCENT}")]
            parts += [(" takes ", Ink.MUTED), (safe_line(self.proposal, 200), Ink.STRONG)]
        return Content.assemble(*parts)
