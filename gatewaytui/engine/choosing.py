"""Which model a run asks for, and what is said where none was named."""

from __future__ import annotations

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target

CHOSEN_FOR_YOU = "No model was given: took the first chat model listed."


def wanted_model(target: Target) -> str:
    """The model asked for: by the target, else the profile's default, else ""."""
    return target.model or target.profile.default_model


def nothing_listed() -> Problem:
    """No model was named and the list has none for chat."""
    return Problem(
        FailureClass.CONFIG,
        "No model was given and the list offers none to take.",
        "Name a model id, or set the profile's default model.",
    )
