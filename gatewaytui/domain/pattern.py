"""Regular expressions that are compiled when they are first used: a table of them costs a start nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import AnyStr, Generic


class Pattern(Generic[AnyStr]):
    """As ``re.compile`` gives it, for what most runs never look for."""

    def __init__(self, text: AnyStr, flags: int = 0) -> None:
        self._text: AnyStr = text
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(self._text, self._flags)

    def search(self, text: AnyStr) -> re.Match[AnyStr] | None:
        """Where it is found first."""
        return self._compiled.search(text)

    def match(self, text: AnyStr, at: int = 0) -> re.Match[AnyStr] | None:
        """What begins there."""
        return self._compiled.match(text, at)

    def finditer(self, text: AnyStr) -> Iterator[re.Match[AnyStr]]:
        """Every match, one after another."""
        return self._compiled.finditer(text)

    def findall(self, text: AnyStr) -> list[AnyStr]:
        """Every match as text; for patterns without groups."""
        return self._compiled.findall(text)

    def split(self, text: AnyStr) -> list[AnyStr]:
        """What stands between the matches, and what the groups hold."""
        return self._compiled.split(text)

    def fullmatch(self, text: AnyStr) -> re.Match[AnyStr] | None:
        """The match of the whole text."""
        return self._compiled.fullmatch(text)

    def sub(self, by: AnyStr | Callable[[re.Match[AnyStr]], AnyStr], text: AnyStr) -> AnyStr:
        """The text with every match replaced."""
        return self._compiled.sub(by, text)
