"""The line that says how a pane stands, and for a while what just happened instead."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from gatewaytui.domain.problem import Problem

from .ink import Ink


class StatusLine(Static):
    """One line. What was said stays until it is taken back, the standing words return then."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._standing: tuple[str, Ink] = ("", Ink.MUTED)
        self._said: tuple[str, Ink] | None = None

    def stand(self, words: str, ink: Ink = Ink.MUTED) -> None:
        """How things stand, shown where nothing is said."""
        self._standing = (words, ink)
        self._paint()

    def say(self, sentence: str, ink: Ink = Ink.ACCENT) -> None:
        """Say what happened, or why it did not."""
        self._said = (sentence, ink)
        self._paint()

    def explain(self, problem: Problem) -> None:
        """Say what stands in the way and what to do next."""
        self.say(f"{problem.sentence} {problem.next_step}", Ink.FAILED)

    def take_back(self) -> None:
        """Show how things stand."""
        self._said = None
        self._paint()

    def _paint(self) -> None:
        self.update(Content.styled(*(self._said or self._standing)), layout=False)
