"""What a person sees, and waiting for it: a wait in vain fails and shows the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input
from textual.worker import Worker

from gatewaytui.tui.panes.feed import PAINTS_A_SECOND

PATIENCE_S = 15.0


def seen(app: App[int]) -> str:
    """Every row of the screen, blanks at its end gone."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


async def until(pilot: Pilot[int], reached: Callable[[], object]) -> None:
    """Wait until something is so."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not reached():
                await pilot.pause(0.02)
    except TimeoutError:
        raise AssertionError(f"it never came:\n{type(pilot.app.screen).__name__}\n{seen(pilot.app)}") from None


async def shows(pilot: Pilot[int], *words: str) -> None:
    """Wait until all these words stand on the screen."""
    await until(pilot, lambda: all(word in seen(pilot.app) for word in words))


async def settled(pilot: Pilot[int]) -> None:
    """Wait until short work is done and painted; a job, or a form that waits for a person, goes on."""
    await pilot.pause()
    await until(pilot, lambda: not any(worker.is_running and _is_short(worker) for worker in pilot.app.workers))
    if any(worker.is_running for worker in pilot.app.workers):
        await pilot.pause(1.5 / PAINTS_A_SECOND)
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    await pilot.pause()


def _is_short(worker: Worker[object]) -> bool:
    """Jobs go on; so does what belongs to a screen behind another, which waits for that one's answer."""
    node = worker.node
    return not worker.group.startswith("feed-") and (isinstance(node, App) or node.screen is node.app.screen)


def pressing(*keys: str) -> Callable[[Pilot[int]], Awaitable[None]]:
    """For a picture: settle, press the keys, settle after each."""

    async def run(pilot: Pilot[int]) -> None:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    return run
