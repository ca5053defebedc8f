"""The style sheets, the sizes they tell apart, and when each is read: what the first paint needs, then the rest.

Reading a sheet takes about a millisecond, so the eleven that no widget of the first paint needs wait for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.app import App

LEAST_WIDTH, LEAST_HEIGHT = 80, 24
WIDTHS = ((0, "-tiny"), (LEAST_WIDTH, "-narrow"), (110, "-normal"), (160, "-wide"))
"""From so many columns on a screen has this class, for the sheets."""
HEIGHTS = ((0, "-low"), (LEAST_HEIGHT, "-short"), (34, "-tall"))
"""From so many rows on a screen has this class."""

_HERE = Path(__file__).parent
_FIRST = (_HERE / "app.tcss", _HERE / "panes" / "profiles.tcss")
_LATER = _HERE / "later.tcss"
"""The first of the others; what is in it goes before what a pane or a screen says for itself."""


def begin(app: App[Any]) -> None:
    """Read what the frame and the Profiles pane are painted with."""
    app.stylesheet.read_all(list(_FIRST))


def complete(app: App[Any]) -> None:
    """Read the others, unless they are there; what is shown already is painted in them."""
    if app.stylesheet.has_source(str(_LATER)):
        return
    rooms = sorted(path for room in ("panes", "screens") for path in (_HERE / room).glob("*.tcss"))
    app.stylesheet.read_all([_LATER, *(path for path in rooms if path not in _FIRST)])
    for screen in app.screen_stack:
        app.stylesheet.update(screen)
