"""The fields for a key: where it is kept or read from, and its text, unseen. Nothing here ever shows the key."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import NO_KEY, KeySource, Profile, Target
from gatewaytui.domain.secret import KeyTextError, Secret, clean_key
from gatewaytui.storage.keyrefs import BadReference, command_reference, parse_reference
from gatewaytui.tui.panes.profile_desk import (
    Kept,
    keep_for_session,
    keep_in_keyring,
    keep_reference,
    read_problem,
    with_key,
)
from gatewaytui.tui.services import Services

from .choice import Choice
from .ink import Ink


class Way(msgspec.Struct, frozen=True):
    """One way to give a key: its words, the label and placeholder of its field ("" for no field), and the advice."""

    words: str
    label: str
    placeholder: str
    about: str

    @property
    def secret(self) -> bool:
        """True where the field takes the key itself."""
        return self.label == "key"


WAYS: Mapping[KeySource, Way] = MappingProxyType(
    {
        KeySource.KEYRING: Way(
            "the system's keyring", "key", "paste the key", "Kept by the operating system, for this address only."
        ),
        KeySource.PROMPT: Way("this session only", "key", "paste the key", "Forgotten when the console ends."),
        KeySource.ENV: Way("a variable", "variable", "TKEN_API_KEY", "Read from the environment each time."),
        KeySource.CMD: Way(
            "a command", "command", "op read op://vault/key", "Run without a shell each time; asked for once."
        ),
        KeySource.NONE: Way("no key needed", "", "", "Requests carry no key."),
    }
)
_SOURCES = tuple(WAYS)
_NAMES = "Write letters, digits and underscores, for example TKEN_API_KEY."


class KeyFields(Vertical):
    """The choice, the field, and a sentence. :meth:`keep` does what they say.

    ``now`` is what the field of the first choice hints at: the variable it is read from now.
    """

    class Changed(Message):
        """Another way was chosen."""

    def __init__(self, source: KeySource = KeySource.KEYRING, now: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._first = source
        self._now = now
        self._doubted = ""

    def compose(self) -> ComposeResult:
        """Two rows and the advice."""
        with Horizontal(classes="form-row"):
            yield Static(Content.styled("key from", Ink.MUTED), classes="form-label")
            yield Choice([way.words for way in WAYS.values()], _SOURCES.index(self._first), id="key-from")
        with Horizontal(classes="form-row", id="key-row"):
            yield Static(classes="form-label", id="key-label")
            yield Input(id="key-text", password=True, compact=True, select_on_focus=False)
        yield Static(id="key-about")

    def on_mount(self) -> None:
        """Fit the field to the choice."""
        self._fit()

    @property
    def source(self) -> KeySource:
        """Where the key is to be."""
        return _SOURCES[self.query_one("#key-from", Choice).chosen]

    @property
    def filled(self) -> bool:
        """True where something was typed, or nothing need be."""
        return not WAYS[self.source].label or bool(self._text.strip())

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """Another way needs another field; what was typed for the other goes."""
        event.stop()
        self.query_one("#key-text", Input).value = ""
        self._fit()
        self.post_message(self.Changed())

    async def keep(self, services: Services, profile: Profile, group: str = "") -> Kept:
        """Keep the key, or note where it is read from; the field is emptied then.

        Raises Problem with what stands in the way. A variable that gives no key now is kept when asked twice.
        """
        kept = await _KEEPERS[self.source](self, services, profile, group)
        self.query_one("#key-text", Input).value = ""
        return kept

    @property
    def _text(self) -> str:
        return self.query_one("#key-text", Input).value

    def _fit(self) -> None:
        way = WAYS[self.source]
        field = self.query_one("#key-text", Input)
        now = self._now if self.source is self._first else ""
        field.password, field.placeholder = way.secret, now or way.placeholder
        self.query_one("#key-row").display = bool(way.label)
        self.query_one("#key-label", Static).update(Content.styled(way.label, Ink.MUTED))
        self.query_one("#key-about", Static).update(Content.styled(way.about, Ink.MUTED))

    async def _keyring(self, services: Services, profile: Profile, group: str) -> Kept:
        secret, stripped = self._secret()
        return _told(await keep_in_keyring(services, profile, group, secret), stripped)

    async def _session(self, services: Services, profile: Profile, group: str) -> Kept:
        secret, stripped = self._secret()
        return _told(await keep_for_session(services, profile, group, secret), stripped)

    async def _variable(self, services: Services, profile: Profile, group: str) -> Kept:
        try:
            reference = parse_reference(f"env:{self._text.strip().removeprefix('$')}")
        except BadReference as bad:
            if bad.literal:
                raise
            raise Problem(FailureClass.CONFIG, "This is no name of a variable.", _NAMES) from None
        problem = await read_problem(services, Target(with_key(profile, group, reference), group))
        if problem is not None and self._doubted != self._text:
            self._doubted = self._text
            again = f"{problem.next_step} Enter again keeps it all the same."
            raise Problem(problem.failure_class, problem.sentence, again)
        return await keep_reference(services, profile, group, reference)

    async def _command(self, services: Services, profile: Profile, group: str) -> Kept:
        return await keep_reference(services, profile, group, command_reference(_argv(self._text)))

    async def _none(self, services: Services, profile: Profile, group: str) -> Kept:
        return await keep_reference(services, profile, group, NO_KEY)

    def _secret(self) -> tuple[Secret, tuple[str, ...]]:
        try:
            cleaned = clean_key(self._text)
        except KeyTextError as error:
            raise Problem(FailureClass.CONFIG, str(error), "Copy the key again, the key alone.") from None
        return cleaned.secret, cleaned.stripped


_KEEPERS = MappingProxyType(
    {
        KeySource.KEYRING: KeyFields._keyring,
        KeySource.PROMPT: KeyFields._session,
        KeySource.ENV: KeyFields._variable,
        KeySource.CMD: KeyFields._command,
        KeySource.NONE: KeyFields._none,
    }
)


def _told(kept: Kept, stripped: tuple[str, ...]) -> Kept:
    """What was kept, and what was taken from around the key."""
    tail = f", ending in {kept.tail}" if kept.tail else ""
    taken = f" Stripped from around it: {', '.join(stripped)}." if stripped else ""
    return Kept(kept.profile, kept.group, f"{kept.words}{tail}.{taken}", kept.tail)


def _argv(text: str) -> object:
    """The words of a command: a JSON list, or as a shell would part them."""
    try:
        return json.loads(text) if text.lstrip().startswith("[") else shlex.split(text)
    except ValueError:
        return None
