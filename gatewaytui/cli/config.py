"""``config path``: where profiles, settings and history live."""

from __future__ import annotations

import os

import click

from gatewaytui.storage.locations import Locations

from . import output


@click.group(epilog="\b\nExample:\n  gatewaytui config path")
def command() -> None:
    """Show where gatewaytui keeps its files."""


@command.command("path", epilog="\b\nExample:\n  gatewaytui config path")
def path() -> None:
    """Print the paths of profiles, settings and history."""
    found = Locations.find(os.environ)
    rows = (("profiles", found.profiles), ("settings", found.settings), ("history", found.history))
    for name, place in rows:
        output.data(f"{name}\t{place}\n")
