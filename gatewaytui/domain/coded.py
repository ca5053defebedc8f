"""Dictionary encoding: a column whose few values thousands of rows share holds each once, and a code a row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar, overload

Value = TypeVar("Value", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)
_BYTES = 256


class Coded(Sequence[Value], Generic[Value]):
    """The values of a column: ``values`` are the different ones, ``codes`` which of them each row has. Immutable."""

    __slots__ = ("codes", "values")

    def __init__(self, values: Sequence[Value], codes: Sequence[int]) -> None:
        self.values = values
        self.codes = codes

    @classmethod
    def of(cls, column: Iterable[Value]) -> Coded[Value]:
        """This column, coded."""
        known: _Codes[Value] = _Codes()
        codes = list(map(known.__getitem__, column))
        return cls(tuple(known), bytes(codes) if len(known) <= _BYTES else codes)

    @classmethod
    def alike(cls, value: Value, count: int) -> Coded[Value]:
        """A column of one value."""
        return cls((value,), bytes(count))

    def with_values(self, change: Callable[[Value], Other]) -> Coded[Other]:
        """The same column of other values, each worked out once."""
        return Coded(tuple([change(value) for value in self.values]), self.codes)

    def ordered(self, order: Iterable[int]) -> Coded[Value]:
        """The same rows in another order."""
        codes = [self.codes[row] for row in order]
        return Coded(self.values, bytes(codes) if isinstance(self.codes, bytes) else codes)

    def having(self, wanted: Iterable[bool]) -> bytes:
        """A byte a row: 1 where its value is wanted, 0 elsewhere; ``wanted`` says so of each value."""
        flags = bytes(wanted)
        if isinstance(self.codes, bytes):
            return self.codes.translate(flags.ljust(_BYTES, b"\0"))
        return bytes(map(flags.__getitem__, self.codes))

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Value]:
        return map(self.values.__getitem__, self.codes)

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> Coded[Value]: ...
    def __getitem__(self, at: int | slice) -> Value | Coded[Value]:
        if isinstance(at, slice):
            return Coded(self.values, self.codes[at])
        return self.values[self.codes[at]]

    def __reduce__(self) -> tuple[type[Coded[Value]], tuple[Sequence[Value], Sequence[int]]]:
        return Coded, (self.values, self.codes)


class _Codes(dict[Value, int]):
    """A number for each value, in the order they are first asked for."""

    def __missing__(self, value: Value) -> int:
        return self.setdefault(value, len(self))
