"""``profiles import``: profiles from the variables that SDKs and the seeds' runner read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import MappingProxyType

import click
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Profile
from gatewaytui.protocols.lint import lint_base_url
from gatewaytui.storage.keyrefs import parse_reference
from gatewaytui.storage.presets import PRESETS

from . import output
from .profile_book import book, put

_ADDRESSES = MappingProxyType(
    {
        "tken": "TKEN_BASE_URL",
        "openai": "OPENAI_BASE_URL",
        "anthropic": "ANTHROPIC_BASE_URL",
        "gemini": "GOOGLE_GEMINI_BASE_URL",
        "openrouter": "OPENROUTER_BASE_URL",
    }
)  # preset -> the variable that holds another address for it


@click.command("import", epilog="\b\nExample:\n  gatewaytui profiles import")
@click.option("--from", "source", type=click.Choice(["env"]), default="env", help="Where to look (env).")
def import_profiles(source: str) -> None:
    """Make profiles from the usual environment variables.

    It looks at those of TKEN, OPENAI, ANTHROPIC, GEMINI and OPENROUTER (..._BASE_URL, ..._API_KEY): a base URL, or a
    key whose vendor is known. The profile reads the key from its variable; the key itself is not stored.
    """
    del source
    have = {profile.name for profile in book().profiles}
    offers = tuple(_offers())
    if not offers:
        output.say("Nothing to import: no known variable is set.")
    refused: list[Problem] = []
    for profile, key_variable in offers:
        errors = [advice.sentence for advice in lint_base_url(profile.base_url) if advice.level == "error"]
        if profile.name in have:
            output.say(f"· {profile.name} is there already.")
        elif errors:
            variable = _ADDRESSES[profile.name]
            refused.append(
                Problem(
                    FailureClass.CONFIG,
                    f"{profile.name} was left out, because of {variable}. {errors[0]}",
                    f"Correct {variable} and import again.",
                )
            )
        else:
            put(profile)
            output.say(f"✓ Added {profile.name}: {profile.base_url}, key from {key_variable}")
    if refused:
        raise refused[0]


def _offers() -> Iterator[tuple[Profile, str]]:
    """A profile for each preset whose address or key is in the environment, and its key's variable."""
    for name, address in _ADDRESSES.items():
        preset = PRESETS[name]
        url = os.environ.get(address) or (preset.profile.base_url if os.environ.get(preset.variable) else "")
        if url:
            key = parse_reference(f"env:{preset.variable}")
            yield replace(preset.profile, name=name, base_url=url, key=key), preset.variable
