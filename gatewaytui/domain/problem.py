"""The one exception that carries a sentence to a person: what is wrong, what to do next, which failure class."""

from __future__ import annotations

from .failure import FailureClass


class Problem(Exception):
    """Something on this machine stands in the way. Both faces show it as two sentences and use its exit code.

    ``sentence`` and ``next_step`` are ours: never exception text, never a key, never server text.
    """

    def __init__(self, failure_class: FailureClass, sentence: str, next_step: str = "") -> None:
        self.failure_class = failure_class
        self.sentence = sentence
        self.next_step = next_step or failure_class.meaning.next_step
        super().__init__(sentence)

    @property
    def exit_code(self) -> int:
        """The exit code of the problem's family."""
        return self.failure_class.family.exit_code
