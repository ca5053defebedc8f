"""``profiles set-key``: the one way a key gets in, typed unseen or piped, straight into the OS keyring."""

from __future__ import annotations

import sys

import click

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import KeySource, Target
from gatewaytui.domain.secret import KeyTextError, clean_key
from gatewaytui.storage.keyrefs import format_reference

from . import output
from .parameters import profile_names
from .profile_book import book, found, keys, store

LONGEST_KEY = 16_384  # longer than any token; Windows keeps about 1,280 characters and says so itself


@click.command(
    "set-key",
    epilog="""\b
Examples:
  gatewaytui profiles set-key tken
  gatewaytui profiles set-key tokone/claude
  pass show tken | gatewaytui profiles set-key tken
""",
)
@click.argument("target", metavar="NAME[/GROUP]", shell_complete=profile_names)
def set_key(target: str) -> None:
    """Put a profile's key into the OS keyring. It is typed unseen, or read from a pipe."""
    name, _, group = target.partition("/")
    if book().trouble(name) is not None:
        store().move_keys(name, keys().write)
        output.say(f"✓ The keys written into {name} are in the keyring now, and out of the file.")
        return
    profile = found(name)
    if group and profile.group(group) is None:
        names = ", ".join(g.name for g in profile.groups) or "none"
        raise Problem(FailureClass.CONFIG, f"{name} has no group {group}.", f"Groups here: {names}.")
    reference = Target(profile, group).key
    if reference.source is not KeySource.KEYRING:
        change = f"gatewaytui profiles edit {name} --key keyring:" if not group else "edit the profiles file"
        raise Problem(
            FailureClass.CONFIG,
            f"{target} reads its key from {format_reference(reference)}, not from the keyring.",
            f"Set it there, or change where it is read from: {change}",
        )
    text = _piped() if not sys.stdin.isatty() else click.prompt(f"Key for {target}", hide_input=True, err=True)
    try:
        cleaned = clean_key(text)
    except KeyTextError as error:
        raise Problem(FailureClass.CONFIG, str(error), "Copy the key again, the key alone.") from None
    if cleaned.stripped:
        output.say(f"! Stripped from around the key: {', '.join(cleaned.stripped)}.")
    keys().write(profile, group, cleaned.secret)
    tail = f" ending in {cleaned.secret.tail}" if cleaned.secret.tail else ""
    output.say(f"✓ The key{tail} is in the keyring, for {target} at this address only.")


def _piped() -> str:
    content = sys.stdin.buffer.read(LONGEST_KEY + 1)
    if len(content) > LONGEST_KEY:
        raise Problem(FailureClass.CONFIG, "What was piped in is too long for a key.", "Pipe the key alone.")
    return content.decode("utf-8", "replace")
