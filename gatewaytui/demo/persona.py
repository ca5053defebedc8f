"""Personas: who the embedded gateways are. Data files in ``personas/``, laid over ``styles/`` and ``models.toml``.

Everything a gateway does is said in its file; code only knows the building blocks. A wrong word in a file is an
error when it is loaded. Keys follow from the seed, so the process that serves and the one that started it agree.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import AuthHeader, Protocol

from .dice import Dice
from .extras.base import Extra

_HERE = Path(__file__).parent
_KEY_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_KEY_TAIL = 32
EVERY_PROTOCOL = tuple(Protocol)
CLASSES = tuple(FailureClass)


class Family(StrEnum):
    """Whose shapes a path speaks: both OpenAI protocols share one."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"


class Trouble(StrEnum):
    """What a gateway may have to say no to; the words for it are in the styles."""

    NO_KEY = "no_key"
    BAD_KEY = "bad_key"
    QUERY_KEY = "query_key"
    WRONG_GROUP = "wrong_group"
    UNKNOWN_MODEL = "unknown_model"
    MALFORMED = "malformed"
    NO_ROUTE = "no_route"
    WRONG_METHOD = "wrong_method"
    NO_CREDIT = "no_credit"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    FAILED = "failed"
    PAGE = "page"
    OWN = "own"


class FaultKind(StrEnum):
    """How a gateway goes wrong.

    It refuses, fails under a 200, falls silent or ends the connection half-way; holds back the first byte or the
    first token; lets the answer drip, or never end; says nothing at all; hands a stream over in one piece, or
    leaves out its end mark.
    """

    REFUSE = "refuse"
    FAIL = "fail"
    STALL = "stall"
    CUT = "cut"
    SILENT = "silent"
    KEEP_WAITING = "keep-waiting"
    DRIP = "drip"
    ENDLESS = "endless"
    BLANK = "blank"
    GATHER = "gather"
    NO_END_MARK = "no-end-mark"


class Door(StrEnum):
    """A port of its own, where what is wrong is wrong before HTTP: see :mod:`gatewaytui.demo.doors`."""

    CLOSED = "closed"
    FULL = "full"
    RESET = "reset"
    BANNER = "banner"
    SELF_SIGNED = "self-signed"


class ListShape(StrEnum):
    """The shape of a list path; ``BY_HEADER`` follows the headers sent, as new-api does."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"
    BY_HEADER = "by-header"


class Entries(StrEnum):
    """What the entries of an OpenAI list hold beside the id."""

    PLAIN = "plain"
    NEW_API = "new-api"
    OPENROUTER = "openrouter"


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of a data file: frozen, every word known."""


class Model(_Data, frozen=True):
    """One model of ``models.toml``: context and output in tokens, price in US dollars a million tokens (in, out)."""

    id: str
    owner: str
    created: date
    context: int = 0
    output: int = 0
    price: tuple[float, float] = (0.0, 0.0)
    thinking: bool = False
    makes: str = "chat"


class Refusal(_Data, frozen=True):
    """An answer ready but for its ``$names``. A body of JSON unless ``media_type`` says otherwise."""

    status: int
    body: str
    headers: dict[str, str] = {}
    media_type: str = "application/json"


class Style(_Data, frozen=True):
    """Headers of every answer and the words of each trouble, by family; ``any`` stands for all families."""

    headers: dict[str, dict[str, str]] = {}
    errors: dict[str, dict[Trouble, Refusal]] = {}


class Pacing(_Data, frozen=True):
    """When things come. ``jitter`` is how far a gap may be off, as a fraction of it."""

    headers_ms: float = 60
    ttft_ms: float = 120
    tokens_per_second: float = 60
    tokens_per_event: int = 1
    jitter: float = 0.2


class Fault(_Data, frozen=True):
    """What is wrong. A refusal comes before the answer, but inside the stream for ``fails_in_stream``.

    ``FAIL``, ``STALL`` and ``CUT`` strike after ``after_tokens``, without streaming too. ``seconds`` bounds the kinds
    that wait: after it the answer comes after all. It strikes chats of these ``protocols``, and only whole or only
    streamed ones where ``streamed`` says so.
    ``everywhere`` means every path, before any key is looked at; paths below ``spares`` are left alone.
    """

    kind: FaultKind
    trouble: Trouble | None = None
    after_tokens: int = 0
    seconds: float = 40
    protocols: tuple[Protocol, ...] = EVERY_PROTOCOL
    streamed: bool | None = None
    fails_in_stream: tuple[Protocol, ...] = ()
    everywhere: bool = False
    spares: str = ""


class Patience(_Data, frozen=True):
    """Time limits in seconds for a client that wants to see this gateway's fault soon; 0 keeps the usual one."""

    connect: float = 0
    first_byte: float = 0
    stall: float = 0
    total: float = 0


class KeyGroup(_Data, frozen=True):
    """A group of keys: its key unlocks these protocols, and the models of these owners (none named: all)."""

    protocols: tuple[Protocol, ...] = EVERY_PROTOCOL
    owners: tuple[str, ...] = ()


def _usual_lists() -> dict[str, ListShape]:
    return {"/v1/models": ListShape.BY_HEADER, "/v1beta/models": ListShape.GEMINI}


class Persona(_Data, frozen=True, kw_only=True):
    """One embedded gateway.

    ``shows`` is the failure class it is made to show. ``rank`` is its place in the tour, 0 for one that only stands
    in the list, by the class it shows. ``serves`` is the model that really answers, "" for the one asked. ``locked``
    ids exist but not for this key's group. ``layers`` are the styles, the persona's own first. ``base_url`` may name
    ``$port``, which is that of its own door where it has one.
    """

    name: str
    title: str
    about: str
    seed: int
    models: tuple[Model, ...]
    layers: tuple[Style, ...]
    rank: int = 0
    protocols: tuple[Protocol, ...] = EVERY_PROTOCOL
    extras: tuple[Extra, ...] = ()
    auth: tuple[AuthHeader, ...] = (AuthHeader.BEARER, AuthHeader.X_API_KEY, AuthHeader.X_GOOG_API_KEY)
    auth_header: AuthHeader = AuthHeader.AUTO
    refuses_query_keys: bool = False
    models_path: str = "/models"
    lists: dict[str, ListShape] = msgspec.field(default_factory=_usual_lists)
    entries: Entries = Entries.PLAIN
    ids: str = "name"
    hides_models: bool = False
    always_streams: bool = False
    locked: tuple[str, ...] = ()
    serves: str = ""
    groups: dict[str, KeyGroup] = {}
    pacing: Pacing = Pacing()
    fault: Fault | None = None
    patience: Patience = Patience()
    base_url: str = "http://$host:$port/$name/v1"
    door: Door | None = None
    shows: FailureClass | None = None

    @property
    def tour(self) -> bool:
        """Part of the tour, which is quick; the others may wait."""
        return self.rank > 0

    @property
    def key_groups(self) -> Mapping[str, KeyGroup]:
        """The groups by name; a gateway without groups has one without a name."""
        return self.groups or {"": KeyGroup()}

    def key(self, group: str) -> str:
        """The key of a group: shaped like one, clearly not real, the same for the same seed."""
        dice = Dice(self.seed, self.name, "key", group)
        return "sk-demo-" + "".join(dice.pick(_KEY_ALPHABET) for _ in range(_KEY_TAIL))

    def refusal(self, family: Family, trouble: Trouble) -> Refusal:
        """The words for a trouble: the persona's own, else its style's, else the vendor's."""
        for layer in self.layers:
            for place in (family, "any"):
                if trouble in (said := layer.errors.get(place, {})):
                    return said[trouble]
        raise KeyError(f"{self.name} has no words for {trouble} in {family}")

    def headers(self, family: Family) -> Mapping[str, str]:
        """The headers of every answer, from the first layer that has some."""
        for layer in self.layers:
            for place in (family, "any"):
                if place in layer.headers:
                    return layer.headers[place]
        return {}

    def models_of(self, group: KeyGroup) -> tuple[Model, ...]:
        """What a key of this group may use."""
        return tuple(model for model in self.models if not group.owners or model.owner in group.owners)

    @property
    def model(self) -> str:
        """The first model listed that chats, in the first group."""
        first = next(iter(self.key_groups.values()))
        return next(model.id for model in self.models_of(first) if model.makes == "chat")


def load_personas() -> Mapping[str, Persona]:
    """Every persona by name: the tour by rank, then the others by class.

    Raises msgspec.ValidationError for a data file with a mistake.
    """
    models, usual = _read("models.toml"), _read("usual.toml")
    styles = {path.stem: _read(f"styles/{path.name}") for path in (_HERE / "styles").glob("*.toml")}
    files = {path.stem: usual | _read(f"personas/{path.name}") for path in (_HERE / "personas").glob("*.toml")}
    personas = [_persona(name, models, data, styles) for name, data in files.items()]
    return {persona.name: persona for persona in sorted(personas, key=_place)}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


def _place(persona: Persona) -> tuple[bool, int, int, str]:
    """Classes stand in the order of their families."""
    shown = CLASSES.index(persona.shows) if persona.shows else -1
    return not persona.tour, persona.rank, shown, persona.name


def _persona(name: str, models: Mapping[str, Any], data: dict[str, Any], styles: Mapping[str, Any]) -> Persona:
    """The data file with what it refers to put in its place."""
    own, style = data.pop("own", {}), data.pop("style", "vendors")
    with_owner = data.get("ids") == "provider/name"
    data["models"] = [
        {"id": f"{models[id]['owner']}/{id}" if with_owner else id, **models[id]} for id in data["models"]
    ]
    data["layers"] = [own, styles[style], styles["vendors"]]
    return msgspec.convert({"name": name, **data}, Persona)
