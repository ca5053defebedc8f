"""What stands in front of the screen until it is answered."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from gatewaytui.tui.commands import QUIT

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """Base of all of them. Textual lets no key of the app through to here, but a person must be able to leave."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding(QUIT.key, "app.quit", show=False, id=QUIT.id)]
