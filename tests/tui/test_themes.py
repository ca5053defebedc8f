"""The looks of the console can be read: every ink against every ground it stands on, by WCAG 2.2 (1.4.3)."""

from __future__ import annotations

import re

import pytest
from textual.color import Color
from textual.theme import Theme

from gatewaytui.tui.themes import DARK, LIGHT
from gatewaytui.tui.widgets.ink import Ink

LEAST = 4.5
WORDS = (Ink.PASSED, Ink.WARNED, Ink.FAILED)


def luminance(color: Color) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)


def contrast(one: Color, other: Color) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_ink_can_be_read_on_every_ground(theme: Theme) -> None:
    named = {**theme.to_color_system().generate(), **theme.variables}
    grounds = {name: Color.parse(named[name]) for name in ("background", "surface")}
    cursor = re.fullmatch(r"on \$(\w+) (\d+)%", Ink.CURSOR)
    assert cursor is not None
    row = grounds["background"].blend(Color.parse(named[cursor[1]]), int(cursor[2]) / 100)
    inks = {ink: Color.parse(named[ink.removeprefix("$")]) for ink in (*WORDS, Ink.MUTED, Ink.ACCENT)}
    inks[Ink.PLAIN] = Color.parse(named["foreground"])
    everywhere = [(ink, ground) for ink in inks for ground in grounds]
    weak = [(ink, ground) for ink, ground in everywhere if contrast(inks[ink], grounds[ground]) < LEAST]
    weak += [(ink, "cursor") for ink in (*WORDS, Ink.PLAIN) if contrast(inks[ink], row) < LEAST]
    assert not weak
