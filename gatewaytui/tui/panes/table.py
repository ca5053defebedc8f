"""PANES: the one table of panes. Tab, key and title come from the row; the class is loaded when it is first shown."""

from __future__ import annotations

from importlib import import_module

import msgspec

from .base import Pane


class PaneRow(msgspec.Struct, frozen=True):
    """One pane. ``where`` is ``module:Class`` in this folder; ``help`` is one sentence for palette and jump mode."""

    id: str
    key: str
    title: str
    where: str
    help: str

    def make(self) -> Pane:
        """The pane itself; its module is imported now."""
        module, _, name = self.where.partition(":")
        pane: Pane = getattr(import_module(f".{module}", __package__), name)(id=self.id)
        return pane


PANES: tuple[PaneRow, ...] = (
    PaneRow("profiles", "1", "Profiles", "profiles:ProfilesPane", "Endpoints, their keys and their last verdict."),
    PaneRow("doctor", "2", "Doctor", "doctor:DoctorPane", "The first broken rung, whose it is, and what to do."),
    PaneRow("models", "3", "Models", "models:ModelsPane", "Every model the chosen target lists."),
    PaneRow("chat", "4", "Chat", "chat:ChatPane", "One prompt, the answer and the wire."),
    PaneRow("compare", "5", "Compare", "compare:ComparePane", "The same prompt to several targets at once."),
    PaneRow("failures", "6", "Failures", "failures:FailuresPane", "What failed, where, when, and what to do."),
)


def pane_row(id: str) -> PaneRow | None:
    """The row of that id, or None."""
    return next((row for row in PANES if row.id == id), None)
