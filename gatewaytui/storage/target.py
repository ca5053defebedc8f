"""TARGET as it is typed: ``PROFILE[/GROUP][,model=ID][,protocol=P]`` (design/rules.md)."""

from __future__ import annotations

from collections.abc import Iterable

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.keyshape import looks_like_key
from gatewaytui.domain.pattern import Pattern
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Profile, Protocol, Target
from gatewaytui.domain.text import safe_line

from .profiles import ProfileBook

GRAMMAR = "PROFILE[/GROUP][,model=ID][,protocol=P]"
_OPTION = Pattern(r",(model|protocol)=")
_LONGEST_SHOWN = 64


def parse_target(text: str, book: ProfileBook) -> Target:
    """The Target that this text names. A model id may hold slashes and commas: it ends at the next option.

    Raises Problem (config) for a profile, group or protocol that is not known, naming the nearest or the known ones.
    """
    place, *options = _OPTION.split(text.strip())
    if "," in place:
        raise _problem("A TARGET has an option that is not known.", f"Write it as {GRAMMAR}")
    values = dict(zip(options[::2], options[1::2], strict=True))
    if len(values) * 2 != len(options) or not all(map(str.strip, values.values())):
        raise _problem("A TARGET has an option without a value, or twice.", f"Write it as {GRAMMAR}")
    name, slash, group = place.partition("/")
    profile = _profile(name, book)
    if slash and profile.group(group) is None:
        raise _unknown_group(profile, group)
    protocol = _protocol(values["protocol"]) if "protocol" in values else None
    return Target(profile, group, values.get("model", "").strip(), protocol)


def _profile(name: str, book: ProfileBook) -> Profile:
    profile = book.get(name)
    if profile is not None:
        return profile
    trouble = book.trouble(name)
    if trouble is not None:
        raise trouble
    if looks_like_key(name):
        raise _problem("A key stands where a profile's name belongs.", f"Write the target as {GRAMMAR}")
    raise _problem(f"There is no profile {_shown(name)}.", _offer(name, book))


def _offer(name: str, book: ProfileBook) -> str:
    from .presets import PRESETS

    if name in PRESETS:
        return f"Add it from its preset: gatewaytui profiles add {name}"
    near = _nearest(name, (profile.name for profile in book.profiles))
    if near:
        return f"Did you mean {' or '.join(near)}?"
    if not book.profiles:
        return "There are no profiles yet. Add one: gatewaytui profiles add tken"
    return "List them: gatewaytui profiles list"


def _unknown_group(profile: Profile, group: str) -> Problem:
    known = ", ".join(f"{profile.name}/{item.name}" for item in profile.groups)
    shown = "that is shaped like a key" if looks_like_key(group) else _shown(group)
    return _problem(
        f"Profile {profile.name} has no group {shown}.",
        f"Its groups: {known}" if known else f"It has no groups: write {profile.name} alone.",
    )


def _protocol(text: str) -> Protocol:
    if text in tuple(Protocol):
        return Protocol(text)
    raise _problem("The protocol of the TARGET is not known.", f"Choose one of {', '.join(Protocol)}.")


def _nearest(name: str, names: Iterable[str]) -> list[str]:
    from difflib import get_close_matches

    by_folded = {known.casefold(): known for known in names}
    return [by_folded[near] for near in get_close_matches(name.casefold(), by_folded, n=3, cutoff=0.5)]


def _shown(name: str) -> str:
    return safe_line(name, _LONGEST_SHOWN) or "without a name"


def _problem(sentence: str, next_step: str) -> Problem:
    return Problem(FailureClass.CONFIG, sentence, next_step)
