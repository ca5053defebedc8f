"""Choices that follow from a seed alone: the same on every machine and in every version of Python."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of choices; two dice with the same seed choose the same."""

    def __init__(self, *seed: object) -> None:
        self._seed = repr(seed).encode()
        self._thrown = 0

    def below(self, end: int) -> int:
        """A number from 0 to ``end`` - 1."""
        self._thrown += 1
        digest = sha256(self._seed + self._thrown.to_bytes(8, "big")).digest()
        return int.from_bytes(digest[:8], "big") % end

    def fraction(self) -> float:
        """A number from 0 up to 1."""
        return self.below(1 << 30) / (1 << 30)

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[self.below(len(choices))]

    def picks(self, choices: Sequence[T], count: int) -> list[T]:
        """Some of the choices, none twice, in a chosen order."""
        left = list(choices)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]

    def letters(self, count: int) -> str:
        """Hexadecimal digits, for the ids servers give."""
        return "".join(self.pick("0123456789abcdef") for _ in range(count))
