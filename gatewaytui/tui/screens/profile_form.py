"""Adding and changing a profile: where the gateway is and how it is spoken to. The key has a form of its own."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import FROM_KEYRING, AuthHeader, Group, Profile, Protocol
from gatewaytui.storage.presets import PRESETS
from gatewaytui.storage.profilefields import NAME_RULE, valid_name
from gatewaytui.storage.profiletable import check
from gatewaytui.tui.widgets.choice import Choice
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.lint_line import PROPOSAL_KEY, LintLine

from .dialog import Dialog
from .form import field, hint, notice, row

_NONE = "none, from nothing"
_EMPTY = Profile("", "")


class ProfileForm(Dialog[Profile | None]):
    """Dismissed with the profile to save, or None. ``taken`` are names in use; ``before`` is None for a new one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        Binding("enter", "save", "Save", show=False),
        Binding(PROPOSAL_KEY, "take_proposal", "Take the proposal", show=False),
    ]

    def __init__(self, title: str, taken: frozenset[str], before: Profile | None = None, new: bool = True) -> None:
        super().__init__()
        self._heading = title
        self._taken = taken
        self._start = before or _EMPTY
        self._offers_presets = before is None
        self._new = new
        self._presets = tuple(PRESETS.values())

    def compose(self) -> ComposeResult:
        """A field a row; the lint under the base URL."""
        start = self._start
        with Vertical(classes="dialog compact"):
            yield Static(Content.styled(self._heading, Ink.STRONG), classes="form-title")
            if self._offers_presets:
                names = (_NONE, *(preset.title for preset in self._presets))
                yield from row("preset", Choice(names, id="preset"))
                yield Static(id="about")
            yield from row("name", field("name", start.name, "how you call it"))
            yield from row("base URL", field("base-url", start.base_url, "https://gateway.example/v1"))
            yield LintLine(id="lint")
            yield from row("protocol", Choice(tuple(Protocol), _index(Protocol, start.protocol), id="protocol"))
            yield from row("key goes in", Choice(tuple(AuthHeader), _index(AuthHeader, start.auth_header), id="auth"))
            yield from row("model list at", field("models-path", start.models_path))
            yield from row("default model", field("default-model", start.default_model, "none: the first listed"))
            yield from row(
                "groups", field("groups", groups_text(start.groups), "none; else claude=anthropic, gpt=openai-chat")
            )
            yield from row("proxy", field("proxy", start.proxy, "as HTTPS_PROXY says"))
            yield from row("CA file", field("ca-file", start.ca_file, "the system's own"))
            yield Static(id="notice", classes="form-notice")
            yield hint(("Enter", "saves"), ("Esc", "leaves"), ("Tab", "next field"), ("← →", "choose"))

    def on_mount(self) -> None:
        """Look at what is there; begin at the preset, or the name."""
        self.query_one(LintLine).judge(self._start.base_url)
        self.query_one("#preset" if self._offers_presets else "#name").focus()

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """A preset fills the fields in."""
        if event.choice.id != "preset":
            return
        if event.choice.chosen == 0:
            self._fill(_EMPTY, "")
        else:
            preset = self._presets[event.choice.chosen - 1]
            self._fill(replace(preset.profile, name=self._free(preset.name)), preset.about)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge the address as it is typed."""
        if event.input.id == "base-url":
            self.query_one(LintLine).judge(event.value)

    def on_input_submitted(self) -> None:
        """Enter in a field saves."""
        self.action_save()

    def action_take_proposal(self) -> None:
        """Put the proposed address into the field: the person's own choice, never ours."""
        if proposal := self.query_one(LintLine).proposal:
            self.query_one("#base-url", Input).value = proposal

    def action_back(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)

    def action_save(self) -> None:
        """Give the profile back, or say what cannot be."""
        try:
            profile = self._profile()
            check(profile)
        except Problem as problem:
            self._say(f"{problem.sentence} {problem.next_step}")
        except ValueError as error:
            self._say(str(error))
        else:
            self.dismiss(profile)

    def _profile(self) -> Profile:
        """The fields as a profile. Raises ValueError with a sentence of ours."""
        name = self._text("name")
        if not valid_name(name):
            raise ValueError(f"The name cannot be used. {NAME_RULE}")
        if name in self._taken and (self._new or name != self._start.name):
            raise ValueError(f"There is a profile {name} already. Choose another name.")
        lint = self.query_one(LintLine)
        if not self._text("base-url") or lint.blocks:
            raise ValueError(lint.blocks or "The base URL is empty.")
        protocol = list(Protocol)[self.query_one("#protocol", Choice).chosen]
        start = self._start
        return replace(
            start,
            name=name,
            base_url=self._text("base-url"),
            protocol=protocol,
            protocols=start.protocols if protocol in start.protocols else (*start.protocols, protocol),
            auth_header=list(AuthHeader)[self.query_one("#auth", Choice).chosen],
            models_path=self._text("models-path") or "/models",
            default_model=self._text("default-model"),
            groups=groups_from(self._text("groups"), start.groups),
            proxy=self._text("proxy"),
            ca_file=self._text("ca-file"),
        )

    def _fill(self, profile: Profile, about: str) -> None:
        self._start = profile
        texts = {
            "name": profile.name,
            "base-url": profile.base_url,
            "models-path": profile.models_path,
            "default-model": profile.default_model,
            "groups": groups_text(profile.groups),
        }
        for id, text in texts.items():
            self.query_one(f"#{id}", Input).value = text
        self.query_one("#protocol", Choice).choose(_index(Protocol, profile.protocol))
        self.query_one("#auth", Choice).choose(_index(AuthHeader, profile.auth_header))
        self.query_one("#about", Static).update(Content.styled(about, Ink.MUTED))
        self._say("")

    def _free(self, name: str) -> str:
        names = (name, *(f"{name}-{number}" for number in range(2, 1_000)))
        return next((free for free in names if free not in self._taken), name)

    def _text(self, id: str) -> str:
        return self.query_one(f"#{id}", Input).value.strip()

    def _say(self, sentence: str) -> None:
        self.query_one("#notice", Static).update(notice(sentence))


def groups_text(groups: tuple[Group, ...]) -> str:
    """Groups as the field shows them: ``claude=anthropic, gpt=openai-chat``."""
    return ", ".join(
        f"{group.name}={'+'.join(group.protocols)}" if group.protocols else group.name for group in groups
    )


def groups_from(text: str, known: tuple[Group, ...]) -> tuple[Group, ...]:
    """The groups a field names; one that is known keeps its key. Raises ValueError with a sentence of ours."""
    keys = {group.name: group.key for group in known}
    groups = []
    for part in filter(None, map(str.strip, text.split(","))):
        name, _, spoken = (word.strip() for word in part.partition("="))
        if not valid_name(name):
            raise ValueError(f"A group's name cannot be used. {NAME_RULE}")
        try:
            protocols = tuple(Protocol(word.strip()) for word in spoken.split("+") if word.strip())
        except ValueError:
            raise ValueError(f"Group {name} names a protocol that is none of {', '.join(Protocol)}.") from None
        groups.append(Group(name, keys.get(name, FROM_KEYRING), protocols))
    return tuple(groups)


def _index(words: type[Protocol] | type[AuthHeader], word: Protocol | AuthHeader) -> int:
    return [str(each) for each in words].index(str(word))
