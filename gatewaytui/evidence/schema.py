"""The published JSON Schema of the evidence document, and the check of a document against it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

_MOST_PROBLEMS = 20


@cache
def text() -> str:
    """The schema as it ships in the package."""
    from importlib.resources import files  # late: most runs never look at the schema

    return files(__package__).joinpath("schema.json").read_text(encoding="utf-8")


def problems(document: object) -> tuple[str, ...]:
    """Where the document breaks the schema: sentences that name fields and rules, never values; () when it fits."""
    # Late: only `verify` and the tests should pay for this import.
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

    found = Draft202012Validator(json.loads(text())).iter_errors(document)
    sentences = (_sentence(error) for _, error in zip(range(_MOST_PROBLEMS), found, strict=False))
    return tuple(dict.fromkeys(sentences))


def _sentence(error: Any) -> str:
    """jsonschema's own message quotes the value, which may be a secret, so only place and rule are taken from it."""
    place = "".join(f"/{step}" for step in error.absolute_path) or "the document"
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return f"{place} lacks {', '.join(missing)}."
    rule = {"additionalProperties": "fields that evidence does not have"}.get(error.validator)
    return f"{place} has {rule}." if rule else f"{place} breaks the rule {error.validator!r} of the schema."
