"""Adding, changing, removing a profile and giving its key: form after form, and how each ended."""

from __future__ import annotations

from msgspec.structs import replace

from gatewaytui.domain.profile import KeySource, Profile, Target
from gatewaytui.domain.text import safe_line
from gatewaytui.storage.profiles import ProfileBook
from gatewaytui.tui.messages import KeyRead, ProfilesChanged
from gatewaytui.tui.screens.confirm import ConfirmScreen
from gatewaytui.tui.screens.key_form import KeyForm
from gatewaytui.tui.screens.profile_form import ProfileForm

from . import profile_desk
from .base import Pane


async def add(pane: Pane) -> str:
    """Add a profile, then ask for its key. Like all here: the sentence to show, "" where the person backed out."""
    return await _put(pane, "Add a profile", None, new=True)


async def edit(pane: Pane, profile: Profile) -> str:
    """Change the profile."""
    return await _put(pane, f"Edit {profile.name}", profile, new=False)


async def duplicate(pane: Pane, profile: Profile) -> str:
    """Add a copy under another name; the key stays with the first."""
    return await _put(pane, f"Copy of {profile.name}", replace(profile, name=f"{profile.name}-copy"), new=True)


async def take_over(pane: Pane, profile: Profile, proposed: Profile) -> str:
    """Change the profile as proposed: the form opens with the proposal filled in, and saves it only on the word."""
    title = f"Edit {profile.name}: what answered is filled in"
    changed = await pane.app.push_screen_wait(ProfileForm(title, _names(pane.book), proposed, new=False))
    if changed is None:
        return ""
    said = await profile_desk.save(pane.services, profile, changed)
    pane.post_message(ProfilesChanged())
    return said


async def give_key(pane: Pane, target: Target) -> str:
    """Give the key of a profile or group."""
    kept = await pane.app.push_screen_wait(KeyForm(target))
    if kept is None:
        return ""
    pane.post_message(KeyRead(kept.profile.name, kept.group, kept.tail))
    pane.post_message(ProfilesChanged())
    return f"✓ {kept.words}"


async def remove(pane: Pane, profile: Profile) -> str:
    """Remove the profile and its keys, after a question."""
    sources = {profile.key.source, *(group.key.source for group in profile.groups)}
    keys = "Its keys are taken out of the keyring too. " if KeySource.KEYRING in sources else ""
    facts = (safe_line(profile.base_url), f"{keys}Past runs stay.")
    if not await pane.app.push_screen_wait(ConfirmScreen(f"Remove {profile.name}?", facts, "remove", "keep")):
        return ""
    said = await profile_desk.remove(pane.services, profile)
    pane.post_message(ProfilesChanged())
    return said


async def _put(pane: Pane, title: str, before: Profile | None, *, new: bool) -> str:
    profile = await pane.app.push_screen_wait(ProfileForm(title, _names(pane.book), before, new=new))
    if profile is None:
        return ""
    said = await profile_desk.save(pane.services, None if new else before, profile)
    pane.post_message(ProfilesChanged())
    if new and profile.key.source is KeySource.KEYRING and not profile.groups:
        return await give_key(pane, Target(profile)) or f"{said} It has no key yet: press s."
    return said


def _names(book: ProfileBook | None) -> frozenset[str]:
    return frozenset(profile.name for profile in book.profiles) if book else frozenset()
