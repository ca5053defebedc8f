"""Gemini's function calls in pieces (``streamFunctionCallArguments``): each piece is a value at a JSON path.

A call begins with its name and ``willContinue``; strings grow from piece to piece; a part without ``willContinue``
ends the call. The arguments are put together once, at the end, so that the time stays linear in the bytes.
"""

from __future__ import annotations

import re
from itertools import pairwise

from .lenient import Object, as_object, as_text, encode, objects

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d{1,9})\]|\[['\"]([^\]]*)['\"]\]")
_MOST_STEPS = 64
_VALUES = ("numberValue", "boolValue", "nullValue")

_Step = str | int


class OpenCall:
    """A call whose arguments are still coming. ``number`` is its place among the calls of its candidate."""

    __slots__ = ("_given", "_strings", "_values", "number")

    def __init__(self, number: int, call: Object) -> None:
        self.number = number
        self._given = as_object(call.get("args"))
        self._strings: dict[str, list[str]] = {}
        self._values: dict[str, object] = {}
        self.take(call)

    def take(self, call: Object) -> None:
        """The values in one part of the call."""
        for piece in objects(call.get("partialArgs")):
            path = as_text(piece.get("jsonPath"))
            if isinstance(text := piece.get("stringValue"), str):
                self._strings.setdefault(path, []).append(text)
                self._values.setdefault(path, "")
            elif named := next((name for name in _VALUES if name in piece), None):
                self._values[path] = None if named == "nullValue" else piece[named]

    def arguments(self) -> str:
        """The JSON text of the arguments as far as they came."""
        root: Object = dict(self._given)
        for path, value in self._values.items():
            steps = _steps(path)
            if steps and isinstance(steps[0], str):
                _put(root, steps, "".join(self._strings.get(path, ())) or value)
        return encode(root)


def _steps(path: str) -> list[_Step]:
    found = _STEP.finditer(path.removeprefix("$"))
    steps: list[_Step] = [int(step[2]) if step[2] else step[1] or step[3] or "" for step in found]
    return steps[:_MOST_STEPS]


def _put(root: Object, steps: list[_Step], value: object) -> None:
    """Set the value at this path; a list grows by one at most, whatever index a server names."""
    holder: object = root
    for step, after in pairwise(steps):
        holder = _held(holder, step, {} if isinstance(after, str) else [])
    _held(holder, steps[-1], value, final=True)


def _held(holder: object, step: _Step, value: object, *, final: bool = False) -> object:
    """What the holder has at this step, after it was given the value where it had none (or where that is final)."""
    if isinstance(holder, dict) and isinstance(step, str):
        if final or step not in holder:
            holder[step] = value
        return holder[step]
    if isinstance(holder, list) and isinstance(step, int):
        if step >= len(holder):
            holder.append(value)
            return value
        if final:
            holder[step] = value
        return holder[step]
    return None
