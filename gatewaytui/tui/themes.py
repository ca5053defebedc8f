"""The two looks of the console: one accent, quiet borders. The terminal's own 16 colours are the third choice."""

from __future__ import annotations

from textual.theme import Theme

_TRACK = (
    "scrollbar-background",
    "scrollbar-background-hover",
    "scrollbar-background-active",
    "scrollbar-corner-color",
)

DARK = Theme(
    name="gatewaytui-dark",
    primary="#7cc4ff",
    accent="#7cc4ff",
    secondary="#a08cff",
    foreground="#d8dee6",
    background="#0f131a",
    surface="#171c24",
    panel="#242b36",
    success="#7fd992",
    warning="#e8c16a",
    error="#ff7582",
    dark=True,
    variables={
        "foreground-muted": "#7d8797",
        "text-muted": "#7d8797",
        "text-success": "#7fd992",
        "text-warning": "#e8c16a",
        "text-error": "#ff7582",
        "input-selection-background": "#7cc4ff 30%",
        "scrollbar": "#242b36",
        "scrollbar-hover": "#343b46",
        "scrollbar-active": "#7cc4ff",
        **dict.fromkeys(_TRACK, "#0f131a 0%"),
    },
)
LIGHT = Theme(
    name="gatewaytui-light",
    primary="#0b62b0",
    accent="#0b62b0",
    secondary="#6a48d7",
    foreground="#1d2430",
    background="#fbfcfd",
    surface="#f1f4f7",
    panel="#d5dce4",
    success="#176b33",
    warning="#7d5100",
    error="#b3202f",
    dark=False,
    variables={
        "foreground-muted": "#626d7c",
        "text-muted": "#626d7c",
        "text-success": "#176b33",
        "text-warning": "#7d5100",
        "text-error": "#b3202f",
        "input-selection-background": "#0b62b0 25%",
        "scrollbar": "#d5dce4",
        "scrollbar-hover": "#eaf1f9",
        "scrollbar-active": "#0b62b0",
        **dict.fromkeys(_TRACK, "#fbfcfd 0%"),
    },
)
TERMINAL = "ansi-dark"
"""Textual's own theme of the terminal's 16 colours."""

THEMES: tuple[str, ...] = (DARK.name, LIGHT.name, TERMINAL)


def after(theme: str) -> str:
    """The theme that follows this one."""
    return THEMES[(THEMES.index(theme) + 1) % len(THEMES)] if theme in THEMES else THEMES[0]
