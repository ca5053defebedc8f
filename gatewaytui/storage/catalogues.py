"""The last model lists of each target, small and free of secrets, so that a list can be held against an earlier one.

A file a target: its name is a hash of profile, group, protocol and address. Kept are ids that may be stored
(design/safety.md: a hostile list can return the caller's own key as an id), limits, prices and endpoint types.
"""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.catalogue import ListShape, ModelInfo, ModelList
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.keyshape import looks_like_key
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target
from gatewaytui.domain.text import valid_model_id
from gatewaytui.protocols.lenient import LARGEST_COUNT

from .atomic import aside_name, replace_file, sweep
from .locations import Locations
from .lock import locked

MOST_LISTS = 8
_FOLDER = "catalogues"
_FORMAT = 1
_LARGEST_FILE = 128 * 1024 * 1024
_MOST_WORDS = 16
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_./:\-]{0,39}")
_Row = tuple[str, int | None, int | None, float | None, float | None, tuple[str, ...]]


class KeptList(msgspec.Struct, frozen=True):
    """A list as it was kept, and when it was first and last seen so (UTC)."""

    first_seen: datetime
    last_seen: datetime
    models: ModelList


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    first_seen: datetime
    last_seen: datetime
    truncated: bool
    rows: tuple[_Row, ...]


class _File(msgspec.Struct, frozen=True):
    format: int
    lists: tuple[_Kept, ...] = ()


class Catalogues:
    """Keeps up to eight different lists a target. Blocking and short; safe for several threads and processes.

    Raises Problem (storage).
    """

    def __init__(self, locations: Locations) -> None:
        self._folder = locations.state_dir / _FOLDER

    def keep(self, target: Target, models: ModelList, now: datetime) -> tuple[KeptList, ...]:
        """Keep this list; the lists of the target before it that were different, the newest first.

        An empty list is more often a fault than a catalogue: it is not kept.
        """
        path, rows = self._path(target), tuple(_rows(models))
        if not rows:
            return self.earlier(target)
        try:
            with locked(path):
                sweep(path)
                lists = _read(path)
                newest = lists[0] if lists else None
                if newest is not None and newest.rows == rows and newest.truncated == models.truncated:
                    changed = (msgspec.structs.replace(newest, last_seen=now), *lists[1:])
                else:
                    changed = (_Kept(now, now, models.truncated, rows), *lists)[:MOST_LISTS]
                replace_file(path, zlib.compress(msgspec.json.encode(_File(_FORMAT, changed)), 6))
        except OSError as error:
            raise _cannot(error) from None
        return tuple(map(_kept, changed[1:]))

    def earlier(self, target: Target) -> tuple[KeptList, ...]:
        """Every list kept of the target, the newest first."""
        path = self._path(target)
        try:
            return tuple(map(_kept, _read(path)))
        except OSError as error:
            raise _cannot(error) from None

    def _path(self, target: Target) -> Path:
        place = (target.profile.name, target.group, target.protocol.value, target.profile.base_url)
        name = hashlib.sha256("\0".join(place).encode()).hexdigest()[:32]
        return self._folder / f"{name}.json.z"


def storable(models: ModelList) -> ModelList:
    """The list as it would be kept: what may not be stored is left out, so that it compares to a kept one."""
    return replace(models, models=tuple(map(_model, _rows(models))), next_page="")


def _rows(models: ModelList) -> list[_Row]:
    words = {types: _words(types) for types in {m.endpoint_types for m in models.models}}  # thousands share a few
    return [
        (m.id, _count(m.context), _count(m.max_output), m.input_price, m.output_price, words[m.endpoint_types])
        for m in models.models
        if valid_model_id(m.id)
    ]


def _count(tokens: int | None) -> int | None:
    """A number of tokens that may be kept; a larger one is none."""
    return tokens if tokens is not None and tokens <= LARGEST_COUNT else None


def _words(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in words[:_MOST_WORDS] if _WORD.fullmatch(word) and not looks_like_key(word))


def _model(row: _Row) -> ModelInfo:
    id, context, max_output, input_price, output_price, endpoint_types = row
    return ModelInfo(
        id,
        context=context,
        max_output=max_output,
        input_price=input_price,
        output_price=output_price,
        endpoint_types=endpoint_types,
    )


def _kept(kept: _Kept) -> KeptList:
    models = ModelList(ListShape.OPENAI, tuple(map(_model, kept.rows)), truncated=kept.truncated)
    return KeptList(kept.first_seen.astimezone(UTC), kept.last_seen.astimezone(UTC), models)


def _read(path: Path) -> tuple[_Kept, ...]:
    """The lists of the file. One that cannot be read is set aside, and the keeping begins anew. Raises OSError."""
    try:
        packed = path.read_bytes()
    except FileNotFoundError:
        return ()
    try:
        file = msgspec.json.decode(zlib.decompressobj().decompress(packed, _LARGEST_FILE), type=_File)
    except (zlib.error, msgspec.MsgspecError, ValueError):
        with suppress(OSError):
            path.replace(aside_name(path))
        return ()
    if file.format > _FORMAT:
        raise Problem(
            FailureClass.STORAGE,
            "The model lists kept here were written by a newer gatewaytui.",
            "Use that version, or remove the folder that `gatewaytui config path` names.",
        )
    return file.lists


def _cannot(error: OSError) -> Problem:
    reason = os.strerror(error.errno).lower() if error.errno else "the system refused"
    return Problem(
        FailureClass.STORAGE,
        f"The model list could not be kept: {reason}.",
        "Compare two targets instead, or make room where `gatewaytui config path` points.",
    )
