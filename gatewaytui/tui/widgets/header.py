"""The header: what the whole console points at, in one line."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from gatewaytui.domain.profile import Target
from gatewaytui.domain.text import safe_line

from .ink import Ink

_NAME = "gatewaytui"


class Header(Widget):
    """``gatewaytui │ profile / group  base URL · protocol · key``; ``key`` is where the key is, in words."""

    ALLOW_SELECT = False

    target: reactive[Target | None] = reactive[Target | None](None)
    key: reactive[str] = reactive("")

    def __init__(self, *, demo: bool, id: str | None = None) -> None:
        super().__init__(id=id)
        self._demo = demo

    def render(self) -> Content:
        """One line; what does not fit is cut at its end."""
        head = [(_NAME, f"bold {Ink.ACCENT}"), (" demo" if self._demo else "", Ink.MUTED), (" │ ", Ink.MUTED)]
        if self.target is None:
            return Content.assemble(*head, ("no profile chosen", Ink.MUTED))
        profile = self.target.profile
        group = f" / {safe_line(self.target.group)}" if self.target.group else ""
        facts = " · ".join(filter(None, (safe_line(profile.base_url), self.target.protocol, self.key)))
        return Content.assemble(*head, (safe_line(profile.name) + group, Ink.STRONG), (f"  {facts}", Ink.MUTED))
