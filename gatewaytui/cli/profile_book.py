"""What every ``profiles`` command needs: the book, one profile of it, a place to put it."""

from __future__ import annotations

import os

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Profile
from gatewaytui.domain.text import safe_line
from gatewaytui.storage.keys import KeyStore
from gatewaytui.storage.locations import Locations
from gatewaytui.storage.profiles import ProfileBook, ProfileStore

from . import output


def store() -> ProfileStore:
    """The profiles of this machine."""
    return ProfileStore(Locations.find(os.environ))


def keys() -> KeyStore:
    """Their keys."""
    return KeyStore(Locations.find(os.environ))


def book() -> ProfileBook:
    """The profile book; what is odd about it is said on stderr."""
    loaded = store().load()
    if loaded.notice:
        output.say(loaded.notice)
    return loaded


def found(name: str) -> Profile:
    """The profile of that name. Raises Problem (config) with the names there are."""
    known = book()
    trouble = known.trouble(name)
    if trouble is not None:
        raise trouble
    profile = known.get(name)
    if profile is None:
        names = ", ".join(profile.name for profile in known.profiles) or "none yet"
        raise Problem(FailureClass.CONFIG, f"There is no profile {safe_line(name, 64)}.", f"Profiles here: {names}.")
    return profile


def put(profile: Profile) -> None:
    """Save the profile; a home that keeps nothing is a failure here, where nothing outlives the command."""
    after = store().put(profile)
    if after.read_only:
        raise Problem(FailureClass.STORAGE, after.notice or "The profiles cannot be saved.")
