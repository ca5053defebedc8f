"""Changes to profiles and their keys, beside the screen: one call each, which may raise Problem."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Group, KeyReference, KeySource, Profile, Target
from gatewaytui.domain.secret import Secret
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.storage.origin import origin
from gatewaytui.tui.services import Services


class Kept(msgspec.Struct, frozen=True):
    """Where a key is now: the profile with its reference, words to show, the tail where it may be shown."""

    profile: Profile
    group: str
    words: str
    tail: str = ""


async def save(services: Services, before: Profile | None, after: Profile) -> str:
    """Add or change the profile; a changed name takes its keys along. The sentence to show."""

    def work() -> None:
        if before is not None and before.name != after.name:
            services.profiles.rename(before.name, after.name)
            services.keys.move(before, replace(before, name=after.name))
        services.profiles.put(after)

    await off_loop(work)
    if before is not None and _moved(before, after) and after.key.source is KeySource.KEYRING:
        return f"Saved {after.name}. Its key belonged to the old address: press s to set it."
    return f"Saved {after.name}."


async def remove(services: Services, profile: Profile) -> str:
    """Take the profile out and forget its keys. The sentence to show."""

    def work() -> str:
        services.profiles.remove(profile.name)
        try:
            for group in ("", *(group.name for group in profile.groups)):
                services.keys.forget(profile, group)
        except Problem as problem:
            return f"Removed {profile.name}. Its key may still be in the keyring: {problem.sentence}"
        return f"Removed {profile.name} and its keys."

    return await off_loop(work)


async def keep_in_keyring(services: Services, profile: Profile, group: str, secret: Secret) -> Kept:
    """Put the key into the operating system's keyring."""
    kept = with_key(profile, group, KeyReference(KeySource.KEYRING))

    def work() -> None:
        services.keys.write(kept, group, secret)
        services.profiles.put(kept)

    await off_loop(work)
    return Kept(kept, group, "The key is in the keyring, for this address only", secret.tail or "")


async def keep_for_session(services: Services, profile: Profile, group: str, secret: Secret) -> Kept:
    """Keep the key in memory until the console ends."""
    kept = with_key(profile, group, KeyReference(KeySource.PROMPT))

    def work() -> None:
        services.keys.remember(kept.name, group, secret)
        services.profiles.put(kept)

    await off_loop(work)
    await services.engine.remember_key(kept.name, group, secret)
    return Kept(kept, group, "The key is kept until the console ends", secret.tail or "")


async def keep_reference(services: Services, profile: Profile, group: str, reference: KeyReference) -> Kept:
    """Note where the key is read from."""
    kept = with_key(profile, group, reference)
    await off_loop(lambda: services.profiles.put(kept))
    return Kept(kept, group, f"The key: {services.keys.describe(reference)}")


def with_key(profile: Profile, group: str, reference: KeyReference) -> Profile:
    """The profile with this reference for itself ("") or for one of its groups."""
    if not group:
        return replace(profile, key=reference)
    changed = tuple(_keyed(item, reference) if item.name == group else item for item in profile.groups)
    return replace(profile, groups=changed)


async def read_problem(services: Services, target: Target) -> Problem | None:
    """What stands in the way of reading the target's key now, or None."""
    try:
        await off_loop(lambda: services.keys.read(target))
    except Problem as problem:
        return problem
    return None


def _keyed(group: Group, reference: KeyReference) -> Group:
    return replace(group, key=reference)


def _moved(before: Profile, after: Profile) -> bool:
    try:
        return origin(before.base_url) != origin(after.base_url)
    except Problem:  # an address that could not be used before had no key either
        return False
