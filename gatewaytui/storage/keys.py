"""Where keys come from: keyring, variable, command or this session. Here alone a reference becomes a key."""

from __future__ import annotations

import os
from collections.abc import Mapping

from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import KeyReference, KeySource, Profile, Target
from gatewaytui.domain.secret import KeyTextError, Secret, clean_key
from gatewaytui.domain.text import safe_line

from . import oskeyring
from .keyrefs import format_reference
from .locations import Locations
from .origin import in_clear, origin
from .settings import Settings, SettingsStore


class KeyStore:
    """Reads, keeps and forgets keys. Calls block, the keyring's unlock window even long: use a thread and a timeout.

    A key belongs to a profile, its group AND the origin of the base URL: an edited address does not get it.
    Raises Problem: ``keystore`` where a key cannot be read or kept, ``config`` where its text cannot be a key.
    ``allow_commands`` runs ``cmd:`` references without asking (``--allow-cmd``).
    """

    def __init__(
        self,
        locations: Locations,
        *,
        environ: Mapping[str, str] = os.environ,
        allow_commands: bool = False,
        settings: SettingsStore | None = None,
    ) -> None:
        self._settings = settings or SettingsStore(locations)
        self._environ = environ
        self._allow_commands = allow_commands
        self._session: dict[tuple[str, str], Secret] = {}
        self._session_origins: dict[tuple[str, str], str] = {}

    def read(self, target: Target) -> Secret | None:
        """The key of the target; None where its profile needs none."""
        reference = target.key
        if reference.source is KeySource.NONE:
            return None
        remembered = self._remembered(target)
        if remembered is not None and reference.source not in (KeySource.ENV, KeySource.CMD):
            return remembered
        if reference.source is KeySource.KEYRING:
            return self._from_keyring(target)
        if reference.source is KeySource.PROMPT:
            raise _keystore(
                f"The key of {target.label} is asked for in each session and was not given.",
                f"Type it in the console, or: gatewaytui profiles edit {target.profile.name} --key env:VARIABLE",
            )
        return self._resolved(reference, target.profile)

    def headers(self, target: Target) -> tuple[tuple[str, Secret | str], ...]:
        """The profile's extra headers with their key references resolved."""
        return tuple(
            (name, self._resolved(value, target.profile) if isinstance(value, KeyReference) else value)
            for name, value in target.profile.extra_headers
        )

    def write(self, profile: Profile, group: str, secret: Secret) -> None:
        """Keep a key in the operating system's keyring, and make sure it was kept."""
        text = _clean(secret.reveal(), f"The key for {profile.name}").reveal()
        oskeyring.put(_account(profile, group), text)

    def forget(self, profile: Profile, group: str = "") -> None:
        """Remove a key from the keyring and from this session; nothing happens where there is none."""
        self._session.pop((profile.name, group), None)
        try:
            oskeyring.delete(_account(profile, group))
        except Problem:
            if Target(profile, group).key.source is KeySource.KEYRING:  # else there is none to be left behind
                raise

    def move(self, old: Profile, new: Profile) -> None:
        """Take the keys of a renamed profile along, all its groups', to the same origin only."""
        if origin(old.base_url) != origin(new.base_url):
            return
        for group in ("", *(group.name for group in old.groups)):
            if Target(old, group).key.source is not KeySource.KEYRING:
                continue
            text = oskeyring.get(_account(old, group))
            if text is not None:
                oskeyring.put(_account(new, group), text)
                oskeyring.delete(_account(old, group))

    def remember(self, profile: str, group: str, secret: Secret) -> None:
        """Keep a key for this session only, in memory; it is bound to the first origin that asks for it."""
        self._session[profile, group] = _clean(secret.reveal(), f"The key for {profile}")
        self._session_origins.pop((profile, group), None)

    def confirmed(self, reference: KeyReference, profile: Profile) -> bool:
        """True where nothing needs to be asked: no command, or one a person agreed to run for this origin."""
        asked = reference.source is KeySource.CMD and not self._allow_commands
        return not asked or _digest(reference, profile) in self._settings.load().confirmed_commands

    def confirm(self, reference: KeyReference, profile: Profile) -> None:
        """Note that a person agreed to run this command for this origin."""
        digest = _digest(reference, profile)

        def edit(settings: Settings) -> Settings:
            known = settings.confirmed_commands
            return replace(settings, confirmed_commands=known if digest in known else (*known, digest))

        self._settings.change(edit)

    def must_ask_in_clear(self, profile: Profile) -> bool:
        """True where the key would travel unencrypted to another machine and nobody agreed to that yet."""
        return in_clear(profile.base_url) and profile.name not in self._settings.load().http_profiles

    def allow_in_clear(self, profile: Profile) -> None:
        """Note that a person agreed to send this profile's key over plain http."""

        def edit(settings: Settings) -> Settings:
            known = settings.http_profiles
            return replace(settings, http_profiles=known if profile.name in known else (*known, profile.name))

        self._settings.change(edit)

    def describe(self, reference: KeyReference, secret: Secret | None = None) -> str:
        """Where the key is, in a few words; its last four characters only once it was read (rules.md, key text)."""
        words = {
            KeySource.KEYRING: "keyring",
            KeySource.ENV: f"env {reference.name}",
            KeySource.CMD: f"command {safe_line(reference.argv[0], 40)}" if reference.argv else "command",
            KeySource.PROMPT: "asked each session",
            KeySource.NONE: "no key",
        }[reference.source]
        return f"{words} …{secret.tail}" if secret is not None and secret.tail else words

    def _remembered(self, target: Target) -> Secret | None:
        place = (target.profile.name, target.group)
        if place not in self._session:
            return None
        here = origin(target.profile.base_url)
        bound = self._session_origins.setdefault(place, here)
        return self._session[place] if bound == here else None

    def _from_keyring(self, target: Target) -> Secret:
        text = oskeyring.get(_account(target.profile, target.group))
        if text is None:
            groups = ", ".join(f"{target.profile.name}/{group.name}" for group in target.profile.groups)
            other = f" Or name one of its groups: {groups}" if groups and not target.group else ""
            raise _keystore(
                f"The keyring has no key for {target.label} at this address.",
                f"Set it: gatewaytui profiles set-key {target.label}{other}",
            )
        return _clean(text, f"The key in the keyring for {target.label}")

    def _resolved(self, reference: KeyReference, profile: Profile) -> Secret:
        if reference.source is KeySource.ENV:
            return self._from_variable(reference.name)
        if not self.confirmed(reference, profile):
            raise _keystore(
                f"The key of {profile.name} comes from a command that was not confirmed yet.",
                f"Look at it (gatewaytui profiles show {profile.name}), then run again with --allow-cmd.",
            )
        from . import keycommand  # late: few keys come from a command

        return _clean(keycommand.run(reference.argv), "What the command printed")

    def _from_variable(self, name: str) -> Secret:
        text = self._environ.get(name)
        if not text:
            state = "is not set" if text is None else "is empty"
            raise _keystore(f"The variable {name} {state}.", f"Set it: export {name}=your key")
        return _clean(text, f"The key in the variable {name}")


def _account(profile: Profile, group: str) -> str:
    """The keyring's name for a key: profile, group and origin; names hold neither ``/`` nor ``@``."""
    return (
        f"{profile.name}/{group}@{origin(profile.base_url)}"
        if group
        else f"{profile.name}@{origin(profile.base_url)}"
    )


def _digest(reference: KeyReference, profile: Profile) -> str:
    """What a person agrees to: exactly this command, for exactly this origin."""
    text = f"{origin(profile.base_url)}\n{format_reference(reference)}"
    import hashlib  # late: it loads OpenSSL, which the console's first paint does not want

    return hashlib.sha256(text.encode()).hexdigest()


def _clean(text: str, whose: str) -> Secret:
    try:
        return clean_key(text).secret
    except KeyTextError as error:
        raise Problem(FailureClass.CONFIG, f"{whose} cannot be used. {error}", "Copy the key again.") from None


def _keystore(sentence: str, next_step: str) -> Problem:
    return Problem(FailureClass.KEYSTORE, sentence, next_step)
