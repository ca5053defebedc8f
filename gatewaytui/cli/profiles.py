"""``profiles``: endpoints and where their keys are. A key is typed at a prompt or piped in, never an argument."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import click
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import AuthHeader, KeySource, Profile, Protocol
from gatewaytui.domain.text import safe_line
from gatewaytui.protocols.lint import lint_base_url
from gatewaytui.storage.keyrefs import format_reference, parse_reference
from gatewaytui.storage.presets import PRESETS

from . import output
from .parameters import profile_names
from .profile_book import book, found, keys, put, store
from .profile_import import import_profiles
from .profile_keys import set_key

_PROTOCOLS = tuple(protocol.value for protocol in Protocol)
_HEADERS = tuple(header.value for header in AuthHeader)


@click.group(
    epilog="""\b
Examples:
  gatewaytui profiles add tken
  gatewaytui profiles set-key tken
  gatewaytui profiles add mine --base-url https://gateway.example/v1 --key env:MY_KEY
"""
)
def command() -> None:
    """Add, show, edit and remove endpoint profiles. A profile holds a reference to a key, never the key."""


command.add_command(set_key)
command.add_command(import_profiles)


@command.command("list", epilog="\b\nExample:\n  gatewaytui profiles list")
def list_() -> None:
    """List the profiles."""
    profiles = book().profiles
    if not profiles:
        output.say("No profiles yet. Add one: gatewaytui profiles add tken")
        return
    rows = [
        (p.name, p.base_url, p.protocol.value, format_reference(p.key), ",".join(g.name for g in p.groups))
        for p in profiles
    ]
    output.data(output.table(("name", "base URL", "protocol", "key", "groups"), rows))


@command.command("presets", epilog="\b\nExample:\n  gatewaytui profiles presets")
def presets() -> None:
    """List the presets that `profiles add` knows."""
    rows = [(name, preset.profile.base_url, preset.about) for name, preset in PRESETS.items()]
    output.data(output.table(("preset", "base URL", "about"), rows))


def _fields(function: click.decorators.FC) -> click.decorators.FC:
    for option in reversed(
        (
            click.option("--base-url", metavar="URL", help="The address, in its OpenAI form (usually ends in /v1)."),
            click.option("--key", metavar="REF", help='keyring: | env:NAME | prompt | none | cmd:["op","read",...]'),
            click.option("--protocol", type=click.Choice(_PROTOCOLS), help="The protocol it is spoken to in."),
            click.option("--auth-header", type=click.Choice(_HEADERS), help="The one header that carries the key."),
            click.option("--models-path", metavar="PATH", help="Where the model list is (/models)."),
            click.option("--default-model", metavar="ID", help="The model where none is named."),
            click.option("--proxy", metavar="URL", help="A proxy instead of the usual variables."),
            click.option("--ca-file", metavar="FILE", help="An extra certificate authority, as PEM."),
        )
    ):
        function = option(function)
    return function


@command.command(
    "add",
    epilog="""\b
Examples:
  gatewaytui profiles add tken
  gatewaytui profiles add work --preset litellm --base-url https://llm.work.example/v1 --key env:WORK_KEY
""",
)
@click.argument("name")
@click.option(
    "--preset",
    metavar="NAME",
    shell_complete=lambda ctx, param, typed: [name for name in PRESETS if name.startswith(typed)],
    help="Start from a preset (see: gatewaytui profiles presets).",
)
@_fields
def add(name: str, preset: str | None, **fields: str | None) -> None:
    """Add a profile, from a preset or from a base URL. A preset of the same name is taken by itself."""
    if any(profile.name == name for profile in book().profiles):
        raise Problem(
            FailureClass.CONFIG, f"There is a profile {name} already.", f"Change it: gatewaytui profiles edit {name}"
        )
    chosen = preset or (name if name in PRESETS and not fields["base_url"] else None)
    if chosen is not None and chosen not in PRESETS:
        raise Problem(FailureClass.CONFIG, f"There is no preset {chosen}.", f"Presets: {', '.join(PRESETS)}.")
    if chosen is None and not fields["base_url"]:
        raise click.UsageError("Give --base-url URL or --preset NAME.")
    start = (
        replace(PRESETS[chosen].profile, name=name)
        if chosen
        else Profile(name=name, base_url=str(fields["base_url"]))
    )
    profile = _changed(start, fields)
    put(profile)
    output.say(f"✓ Added {name}: {profile.base_url}")
    if profile.key.source is KeySource.KEYRING:
        output.say(f"  next: gatewaytui profiles set-key {name}")


@command.command(
    "edit",
    epilog="""\b
Examples:
  gatewaytui profiles edit tken --key env:TKEN_API_KEY
  gatewaytui profiles edit tken --proxy ''       (an empty value clears a field)
""",
)
@click.argument("name", shell_complete=profile_names)
@_fields
def edit(name: str, **fields: str | None) -> None:
    """Change fields of a profile; the others stay as they are."""
    if all(value is None for value in fields.values()):
        raise click.UsageError("Nothing to change: name a field, for example --default-model ID.")
    before = found(name)
    after = _changed(before, fields)
    put(after)
    output.say(f"✓ Saved {name}.")
    if after.base_url != before.base_url and after.key.source is KeySource.KEYRING:
        output.say("! The key stays with the old address.")
        output.say(f"  next: gatewaytui profiles set-key {name}")


def _changed(profile: Profile, fields: Mapping[str, str | None]) -> Profile:
    """The profile with the fields that were given, each checked. Raises Problem (config)."""
    if fields["base_url"] is not None:
        _lint(fields["base_url"])
        profile = replace(profile, base_url=fields["base_url"])
    if fields["key"] is not None:
        profile = replace(profile, key=parse_reference(fields["key"]))
    if fields["protocol"]:
        spoken = Protocol(fields["protocol"])
        all_spoken = profile.protocols if spoken in profile.protocols else (*profile.protocols, spoken)
        profile = replace(profile, protocol=spoken, protocols=all_spoken)
    if fields["auth_header"]:
        profile = replace(profile, auth_header=AuthHeader(fields["auth_header"]))
    _check_places(fields["models_path"], fields["proxy"], fields["ca_file"])
    return replace(
        profile,
        models_path=profile.models_path if fields["models_path"] is None else fields["models_path"] or "/models",
        default_model=profile.default_model if fields["default_model"] is None else fields["default_model"],
        proxy=profile.proxy if fields["proxy"] is None else fields["proxy"],
        ca_file=profile.ca_file if fields["ca_file"] is None else fields["ca_file"],
    )


def _lint(url: str) -> None:
    for advice in lint_base_url(url):
        proposal = f"Did you mean {advice.proposal} ?" if advice.proposal else ""
        if advice.level == "error":
            raise Problem(FailureClass.CONFIG, advice.sentence, proposal)
        output.say(f"! {advice.sentence} {proposal}".rstrip())


def _check_places(models_path: str | None, proxy: str | None, ca_file: str | None) -> None:
    """Refuse what can work nowhere; a CA file may still come, so that its absence is only said."""
    if models_path and not models_path.startswith("/"):
        raise Problem(FailureClass.CONFIG, "A models path begins with a slash.", f"Did you mean /{models_path} ?")
    if proxy and not _is_proxy(proxy):
        raise Problem(
            FailureClass.CONFIG,
            "The proxy is not an address like http://proxy.example:3128.",
            "Write it with http:// or https:// and a host.",
        )
    if ca_file and not Path(ca_file).expanduser().is_file():
        output.say(f"! There is no file {safe_line(ca_file)} yet.")


def _is_proxy(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


@command.command("show", epilog="\b\nExample:\n  gatewaytui profiles show tken")
@click.argument("name", shell_complete=profile_names)
def show(name: str) -> None:
    """Show one profile, without its key."""
    profile = found(name)
    rows = [
        ("name", profile.name),
        ("base URL", profile.base_url),
        ("protocol", profile.protocol.value),
        ("speaks", ", ".join(protocol.value for protocol in profile.protocols)),
        ("key", format_reference(profile.key)),
        ("auth header", profile.auth_header.value),
        ("models path", profile.models_path),
        ("default model", profile.default_model or "-"),
        ("proxy", profile.proxy or "-"),
        ("CA file", profile.ca_file or "-"),
        *(
            (
                f"group {g.name}",
                f"{format_reference(g.key)} for {', '.join(p.value for p in g.protocols) or 'any protocol'}",
            )
            for g in profile.groups
        ),
    ]
    width = max(len(label) for label, _ in rows)
    output.data("".join(f"{label:<{width}}  {value}\n" for label, value in rows))


@command.command("remove", epilog="\b\nExample:\n  gatewaytui profiles remove tken --yes")
@click.argument("name", shell_complete=profile_names)
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Remove a profile and its keys from the keyring."""
    profile = found(name)
    if not yes and not sys.stdin.isatty():
        raise Problem(
            FailureClass.CONFIG, f"Removing {name} needs your word, and nobody can be asked here.", "Add --yes."
        )
    if not yes and not click.confirm(f"Remove {name} ({profile.base_url}) and its keys?", err=True):
        output.say(f"{name} stays.")
        return
    store().remove(name)
    for group in ("", *(group.name for group in profile.groups)):
        try:
            keys().forget(profile, group)
        except Problem as trouble:
            output.say(f"! A key may be left in the keyring: {trouble.sentence}")
            break
    output.say(f"✓ Removed {name}.")
