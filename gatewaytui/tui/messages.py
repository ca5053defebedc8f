"""What panes say upward. The screen listens, changes its state, and the state flows down again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from gatewaytui.domain.profile import Target
    from gatewaytui.domain.run import Run


class TargetChosen(Message):
    """The person chose what the whole console points at (profile, group, protocol, model)."""

    def __init__(self, target: Target) -> None:
        self.target = target
        super().__init__()


class ModelChosen(Message):
    """A model id was chosen for the current target; ``go_to_chat`` takes it to the Chat pane."""

    def __init__(self, model: str, go_to_chat: bool = True) -> None:
        self.model = model
        self.go_to_chat = go_to_chat
        super().__init__()


class ProfilesChanged(Message):
    """The profile file was changed by a pane: read it again."""


class RunRecorded(Message):
    """A run ended: the screen keeps it in the history, the Failures pane counts it."""

    def __init__(self, run: Run) -> None:
        self.run = run
        super().__init__()


class PaneWanted(Message):
    """Show this pane (an id of the PANES table), then carry out this action of it where one is named."""

    def __init__(self, pane: str, action: str = "") -> None:
        self.pane = pane
        self.action = action
        super().__init__()


class WalkthroughWanted(Message):
    """Open the walkthrough."""


class KeyRead(Message):
    """A key was read or set in this run: its last four characters may be shown ("" for a short key)."""

    def __init__(self, profile: str, group: str, tail: str) -> None:
        self.profile = profile
        self.group = group
        self.tail = tail
        super().__init__()
