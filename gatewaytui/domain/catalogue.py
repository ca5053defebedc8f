"""Model lists in one shape, whatever shape they came in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import starmap
from typing import Any, overload

import msgspec

from .coded import Coded


class ListShape(StrEnum):
    """Which protocol's list it was; the values are the ``explain`` protocol names."""

    OPENAI = "models-openai"
    ANTHROPIC = "models-anthropic"
    GEMINI = "models-gemini"


class ModelInfo(msgspec.Struct, frozen=True, gc=False):
    """One listed model. Everything but ``id`` is optional; strings are the server's (hostile).

    Prices are US dollars a million tokens as listed; ``context`` and ``max_output`` are tokens.
    ``endpoint_types`` are new-api's ``supported_endpoint_types`` or Gemini's generation methods.
    """

    id: str
    name: str = ""
    provider: str = ""
    context: int | None = None
    max_output: int | None = None
    input_price: float | None = None
    output_price: float | None = None
    endpoint_types: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    created: int | None = None


class ModelTexts(msgspec.Struct, frozen=True):
    """All that a list says in words: a column a member of :class:`ModelInfo`, called as it, all of one length."""

    id: tuple[str, ...]
    name: tuple[str, ...]
    provider: Coded[str]
    endpoint_types: Coded[tuple[str, ...]]
    capabilities: Coded[tuple[str, ...]]
    aliases: Coded[tuple[str, ...]]


class ModelNumbers(msgspec.Struct, frozen=True):
    """All that a list says in numbers, in columns as those of :class:`ModelTexts`."""

    context: tuple[int | None, ...]
    max_output: tuple[int | None, ...]
    input_price: tuple[float | None, ...]
    output_price: tuple[float | None, ...]
    created: tuple[int | None, ...]

    @classmethod
    def unknown(cls, count: int) -> ModelNumbers:
        """The columns of so many models of which no number is known."""
        return cls(*[(None,) * count] * len(cls.__struct_fields__))


class ModelTable(Sequence[ModelInfo]):
    """The models of a list in columns: ten thousand are read, sent and searched without an object for each.

    ``texts`` are there from the start: a search looks in them first, and a key that a server says stands in them
    alone. ``read_numbers`` is called when a number is first asked for; it gives columns as long as the texts.
    """

    def __init__(self, texts: ModelTexts, read_numbers: Callable[[], ModelNumbers]) -> None:
        self.texts = texts
        self._read_numbers = read_numbers

    @classmethod
    def of(cls, models: Iterable[ModelInfo]) -> ModelTable:
        """These models in columns; a table as it is."""
        if isinstance(models, cls):
            return models
        infos = tuple(models)
        texts = ModelTexts(
            tuple([model.id for model in infos]),
            tuple([model.name for model in infos]),
            Coded.of([model.provider for model in infos]),
            Coded.of([model.endpoint_types for model in infos]),
            Coded.of([model.capabilities for model in infos]),
            Coded.of([model.aliases for model in infos]),
        )
        numbers = ModelNumbers(
            tuple([model.context for model in infos]),
            tuple([model.max_output for model in infos]),
            tuple([model.input_price for model in infos]),
            tuple([model.output_price for model in infos]),
            tuple([model.created for model in infos]),
        )
        return _known(texts, numbers)

    @cached_property
    def numbers(self) -> ModelNumbers:
        """What the list says in numbers."""
        numbers = self._read_numbers()
        self._read_numbers = lambda: numbers  # what they were read from is let go
        return numbers

    def saying(self, texts: ModelTexts) -> ModelTable:
        """The same models with other texts."""
        return ModelTable(texts, self._read_numbers)

    def __len__(self) -> int:
        return len(self.texts.id)

    def __iter__(self) -> Iterator[ModelInfo]:
        return starmap(ModelInfo, zip(*self._columns, strict=True))

    @overload
    def __getitem__(self, at: int) -> ModelInfo: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[ModelInfo, ...]: ...
    def __getitem__(self, at: int | slice) -> ModelInfo | tuple[ModelInfo, ...]:
        if isinstance(at, slice):
            return tuple(map(ModelInfo, *(column[at] for column in self._columns)))
        return ModelInfo(*(column[at] for column in self._columns))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, tuple | ModelTable):
            return NotImplemented
        return other is self or tuple(self) == tuple(other)

    def __reduce__(self) -> tuple[Callable[..., ModelTable], tuple[ModelTexts, ModelNumbers]]:
        return _known, (self.texts, self.numbers)

    @property
    def _columns(self) -> list[Any]:
        texts, numbers = self.texts, self.numbers
        said = ModelTexts.__struct_fields__
        return [getattr(texts if name in said else numbers, name) for name in ModelInfo.__struct_fields__]


def _known(texts: ModelTexts, numbers: ModelNumbers) -> ModelTable:
    return ModelTable(texts, lambda: numbers)


class ModelList(msgspec.Struct, frozen=True):
    """A catalogue, or one page of it. ``next_page`` is the query to ask the next page with, "" at the end."""

    shape: ListShape
    models: tuple[ModelInfo, ...] | ModelTable
    next_page: str = ""
    truncated: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids alone."""
        models = self.models
        return models.texts.id if isinstance(models, ModelTable) else tuple([model.id for model in models])
