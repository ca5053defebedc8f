"""What a person is asked once before a key is used: to send it unencrypted, to run a command for it."""

from __future__ import annotations

from textual.app import App

from gatewaytui.domain.profile import KeySource, Target
from gatewaytui.domain.text import safe_line
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.tui.services import Services

from .confirm import ConfirmScreen


async def agreed(app: App[object], services: Services, target: Target) -> bool:
    """True where the target's key may be used: nothing to ask, agreed before, or agreed now. Call it in a worker.

    Raises Problem where the answer cannot be kept.
    """
    keys, profile, reference = services.keys, target.profile, target.key
    if reference.source is KeySource.NONE:
        return True
    if await off_loop(lambda: keys.must_ask_in_clear(profile)):
        facts = (
            f"{safe_line(profile.base_url)} is http and not on this machine.",
            "Whoever is on the way can read the key. This is asked once for each profile.",
        )
        if not await app.push_screen_wait(ConfirmScreen("Send the key unencrypted?", facts, "send it", "do not")):
            return False
        await off_loop(lambda: keys.allow_in_clear(profile))
    if not await off_loop(lambda: keys.confirmed(reference, profile)):
        facts = (
            " ".join(safe_line(word) for word in reference.argv),
            f"What it prints is sent to {safe_line(profile.base_url)}. Asked once for each command and address.",
        )
        if not await app.push_screen_wait(ConfirmScreen("Run this command for the key?", facts, "run it", "do not")):
            return False
        await off_loop(lambda: keys.confirm(reference, profile))
    return True
