"""TARGET on the command line: a profile of the book, or an address with a key from a variable."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import click
import msgspec
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import (
    NO_KEY,
    AuthHeader,
    KeyReference,
    KeySource,
    Profile,
    Protocol,
    Target,
    Timeouts,
)
from gatewaytui.protocols.lint import lint_base_url

from . import output
from .parameters import SECONDS, finite, variable

AD_HOC = "adhoc"
_USUAL_TIMEOUT_S = 20.0


class Consent(msgspec.Struct, frozen=True):
    """What a person agreed to on this command line: run ``cmd:`` key sources, send a key over plain http."""

    commands: bool = False
    http: bool = False


NO_CONSENT = Consent()


class TargetOptions(msgspec.Struct, frozen=True):
    """The options that every command with a TARGET shares, as they were given."""

    base_url: str | None = None
    api_key_env: str | None = None
    model: str | None = None
    protocol: str | None = None
    auth_header: str | None = None
    timeout: float | None = None
    allow_cmd: bool = False
    allow_http: bool = False

    def target(self, text: str | None, linted: bool = True) -> Target:
        """The Target that TARGET and the options name. Raises Problem (config) or a usage error.

        ``linted`` refuses an address that cannot work; the doctor takes it, to say what is wrong with it.
        """
        if text and self.base_url:
            raise click.UsageError("Give a TARGET or --base-url, not both.")
        if self.base_url:
            target = Target(_ad_hoc(self.base_url, self.api_key_env, linted))
        elif text:
            from gatewaytui.storage.target import parse_target  # late: an address alone asks no profile

            from .profile_book import book

            target = parse_target(text, book())
        else:
            raise click.UsageError("Name a profile, or give --base-url URL and --api-key-env VAR.")
        if self.model:
            target = replace(target, model=self.model)
        if self.protocol:
            target = replace(target, protocol_override=Protocol(self.protocol))
        if self.auth_header:
            target = target.with_auth_header(AuthHeader(self.auth_header))
        if self.timeout:
            timeouts = Timeouts.within(self.timeout)
            target = replace(target, profile=replace(target.profile, timeouts=timeouts))
        return target

    def patient(self, target: Target) -> Target:
        """The target with 20 s for each request, unless it was given a limit or its profile has limits of its own."""
        if self.timeout or target.profile.timeouts != Timeouts():
            return target
        return replace(target, profile=replace(target.profile, timeouts=Timeouts.within(_USUAL_TIMEOUT_S)))

    @property
    def consent(self) -> Consent:
        """What was agreed to."""
        return Consent(self.allow_cmd, self.allow_http)


Command = Callable[..., None]

_OPTIONS: Mapping[str, Callable[[Command], Command]] = MappingProxyType(
    {
        "base_url": click.option("--base-url", metavar="URL", help="An address instead of a profile."),
        "api_key_env": click.option(
            "--api-key-env",
            metavar="VAR",
            callback=variable,
            help="The variable that holds its key.",
        ),
        "model": click.option("--model", metavar="ID", help="The model id, as the gateway lists it."),
        "protocol": click.option(
            "--protocol", type=click.Choice([protocol.value for protocol in Protocol]), help="The wire protocol."
        ),
        "auth_header": click.option(
            "--auth-header",
            type=click.Choice([header.value for header in AuthHeader]),
            help="The one header that carries the key (auto: the protocol's own).",
        ),
        "timeout": click.option(
            "--timeout",
            type=SECONDS,
            callback=finite,
            metavar="S",
            help="Seconds for each request; half of them for a silence within an answer.",
        ),
        "allow_cmd": click.option("--allow-cmd", is_flag=True, help="Run a profile's cmd: key source."),
        "allow_http": click.option("--allow-http", is_flag=True, help="Let the key travel over plain http."),
    }
)
ALL_OPTIONS = tuple(_OPTIONS)


def target_options(*wanted: str) -> Callable[[Command], Command]:
    """Give a command these shared options; it gets them as one argument, ``options``."""

    def decorated(function: Command) -> Command:
        @functools.wraps(function)
        def with_options(*args: Any, **given: Any) -> None:
            function(*args, options=TargetOptions(**{name: given.pop(name) for name in wanted}), **given)

        command: Command = with_options
        for name in reversed(wanted):
            command = _OPTIONS[name](command)
        return command

    return decorated


def _ad_hoc(base_url: str, api_key_env: str | None, linted: bool) -> Profile:
    advice = lint_base_url(base_url) if linted else ()
    for item in advice:
        if item.level == "error":
            raise Problem(FailureClass.CONFIG, item.sentence, _proposal(item.proposal))
    for item in advice:
        output.say(f"! {item.sentence}" + (f" {_proposal(item.proposal)}" if item.proposal else ""))
    key = KeyReference(KeySource.ENV, name=api_key_env) if api_key_env else NO_KEY
    return Profile(name=AD_HOC, base_url=base_url, key=key, protocols=tuple(Protocol))


def _proposal(proposal: str) -> str:
    return f"Did you mean {proposal} ?" if proposal else "Correct the base URL and run again."
