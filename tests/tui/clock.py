"""A clock for pictures: what still lasts looks the same whenever a test runs."""

from __future__ import annotations


class Clock:
    """Nothing at the start of a job, two and a half seconds ever after."""

    def __init__(self) -> None:
        self._begun = False

    def __call__(self) -> int:
        begun, self._begun = self._begun, True
        return 2_500_000_000 if begun else 0
