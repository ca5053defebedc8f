"""Make the pictures of this folder from the embedded gateways: ``python screenshots/make.py [NAME...]``.

Drives the real console with the keyboard, saves what it shows as SVG, and renders each SVG to PNG with Chromium
(Debian: chromium, fonts-firacode).
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from gatewaytui.demo.launch import start
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.services import demo_services

HERE = Path(__file__).parent
SIZE = (120, 36)
Script = Callable[[Pilot[int]], Awaitable[None]]


async def _check(pilot: Pilot[int], steps: int) -> None:
    """Check the profile that many rows below the first, as a person does."""
    await pilot.press("1", "home", *["down"] * steps)
    await pilot.press("c")
    await pilot.pause(1.2)


async def _profiles(pilot: Pilot[int]) -> None:
    for steps in (0, 1, 11, 9):
        await _check(pilot, steps)


async def _doctor(pilot: Pilot[int]) -> None:
    await pilot.press("1", "home", *["down"] * 4, "enter", "3")
    await pilot.pause(1.5)
    await pilot.press("i", *"claude-opus-4-6", "enter")
    await pilot.pause(0.5)
    await pilot.press("escape", "2", "r")
    await pilot.pause(4)


async def _models(pilot: Pilot[int]) -> None:
    await pilot.press("1", "home", "down", "enter", "3")
    await pilot.pause(1.5)
    await pilot.press("slash", *"claude")
    await pilot.pause(0.5)


async def _chat(pilot: Pilot[int]) -> None:
    await pilot.press("1", "home", *["down"] * 7, "enter", "4")
    await pilot.pause(0.5)
    await pilot.press(*"Write a short poem about routing.", "enter")
    await pilot.pause(2.2)
    await pilot.press("escape", "w")
    await pilot.pause(1)


async def _compare(pilot: Pilot[int]) -> None:
    await pilot.press("5")
    await pilot.pause(0.5)
    await pilot.press("p", "end", "ctrl+u", *"Write a short poem about routing.", "enter")
    await pilot.pause(5)


async def _failures(pilot: Pilot[int]) -> None:
    for steps in (9, 10, 11, 12, 13, 14, 10):
        await _check(pilot, steps)
    await pilot.press("6")
    await pilot.pause(1.5)


async def _finding(pilot: Pilot[int]) -> None:
    await _check(pilot, 9)
    await pilot.press("6")
    await pilot.pause(1)
    await pilot.press("enter")
    await pilot.pause(0.5)


async def _evidence(pilot: Pilot[int]) -> None:
    await _check(pilot, 9)
    await pilot.press("6")
    await pilot.pause(1)
    await pilot.press("e")
    await pilot.pause(1)


async def _walkthrough(pilot: Pilot[int]) -> None:
    names = [profile.name for profile in pilot.app.services.profiles.load().profiles]  # type: ignore[attr-defined]
    await pilot.press("1", "home", "enter", "w")
    await pilot.pause(0.5)
    await pilot.press(*["right"] * names.index("wrong-route"), "enter")
    await pilot.pause(1)
    await pilot.press("enter")
    await pilot.pause(1.5)


PICTURES: dict[str, Script] = {
    "profiles": _profiles,
    "doctor": _doctor,
    "models": _models,
    "chat": _chat,
    "compare": _compare,
    "failures": _failures,
    "finding": _finding,
    "evidence": _evidence,
    "walkthrough": _walkthrough,
}


async def _take(name: str, script: Script) -> None:
    gateways = start()
    services = demo_services(gateways)
    app = GatewayApp(services)
    try:
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause(1)
            await script(pilot)
            (HERE / f"{name}.svg").write_text(
                app.export_screenshot(title=f"gatewaytui · {name.title()}"), encoding="utf-8"
            )
        await services.engine.close()
    finally:
        services.close()
        gateways.stop()


def _render(name: str) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print(f"{name}: no Chromium here, the PNG stays as it was")
        return
    svg = HERE / f"{name}.svg"
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg.read_text(encoding="utf-8"))
    width, height = (round(float(side)) for side in box.groups()) if box else (1482, 929)
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--hide-scrollbars", "--force-device-scale-factor=2", f"--user-data-dir={profile}",
                f"--window-size={width},{height}", f"--screenshot={HERE / name}.png", svg.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )  # fmt: skip


def main() -> None:
    """Make all pictures, or those named."""
    for name in sys.argv[1:] or PICTURES:
        asyncio.run(_take(name, PICTURES[name]))
        _render(name)
        print(f"{name}: made")


if __name__ == "__main__":
    main()
