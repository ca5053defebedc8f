"""The profile book: named endpoints in ``profiles.toml``, changed one at a time so that nobody's work is lost."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Profile
from gatewaytui.domain.secret import Secret

from .locations import Locations
from .profilefields import NAME_RULE, valid_name
from .profiletable import check, decode, lift_keys, update
from .tomlfile import Edit, Opened, TomlFile

_TABLE = "profiles"


class BrokenProfile(msgspec.Struct, frozen=True):
    """A profile that is in the file and cannot be used; ``problem`` says which field and what to do.

    ``name`` is "" where the name itself is what cannot be used.
    """

    name: str
    problem: Problem


class ProfileBook(msgspec.Struct, frozen=True):
    """The profiles in the order of the file. ``current`` is the one to begin with, "" when there is none.

    ``notice`` is for the person where something is odd about the file; ``read_only`` is True where changes are
    refused (a newer format) or last for this session only (a home that cannot be written).
    """

    profiles: tuple[Profile, ...] = ()
    current: str = ""
    notice: str = ""
    read_only: bool = False
    broken: tuple[BrokenProfile, ...] = ()

    def get(self, name: str) -> Profile | None:
        """The usable profile of that name, or None."""
        return next((profile for profile in self.profiles if profile.name == name), None)

    def trouble(self, name: str) -> Problem | None:
        """Why the profile of that name cannot be used, or None."""
        return next((broken.problem for broken in self.broken if broken.name == name), None)


class ProfileStore:
    """Reads and changes the profile book. Blocking and short; safe for several threads and processes.

    Every change reads the file again under its lock, changes one profile, and returns the book as it then is.
    Raises Problem: ``config`` for a value that cannot be used, ``storage`` where the file cannot be read or saved.
    """

    def __init__(self, locations: Locations) -> None:
        self._file = TomlFile(locations.profiles)

    def load(self) -> ProfileBook:
        """The book now."""
        return _book(self._file.read())

    def put(self, profile: Profile) -> ProfileBook:
        """Add the profile, or change the one of its name."""
        check(profile)

        def edit(data: MutableMapping[str, Any]) -> None:
            table = _profiles(data).get(profile.name)
            if not isinstance(table, MutableMapping):
                table = {}
                update(table, profile)
                _profiles(data)[profile.name] = table
            else:
                update(table, profile)

        return self._change(edit)

    def remove(self, name: str) -> ProfileBook:
        """Take the profile out of the book; its key in the keyring is the KeyStore's to forget."""

        def edit(data: MutableMapping[str, Any]) -> None:
            _found(data, name)
            del _profiles(data)[name]
            if not _profiles(data):  # an empty table is not written back
                del data[_TABLE]
            if data.get("current") == name:
                del data["current"]

        return self._change(edit)

    def rename(self, old: str, new: str) -> ProfileBook:
        """Give the profile another, free name; its key in the keyring is the KeyStore's to move."""
        if not valid_name(new):
            raise Problem(FailureClass.CONFIG, "The new name cannot be used.", NAME_RULE)

        def edit(data: MutableMapping[str, Any]) -> None:
            table = _found(data, old)
            if new in _profiles(data):
                raise Problem(FailureClass.CONFIG, f"There is a profile {new} already.", "Choose another name.")
            del _profiles(data)[old]
            _profiles(data)[new] = table
            if data.get("current") == old:
                data["current"] = new

        return self._change(edit)

    def use(self, name: str) -> ProfileBook:
        """Begin with this profile from now on."""

        def edit(data: MutableMapping[str, Any]) -> None:
            _found(data, name)
            data["current"] = name

        return self._change(edit)

    def move_keys(self, name: str, keep: Callable[[Profile, str, Secret], None]) -> ProfileBook:
        """Move keys that were written into the file to where ``keep(profile, group, secret)`` puts them: the keyring.

        The file then refers to the keyring. Raises Problem, also what ``keep`` raises; the file is then unchanged.
        """
        table = copy.deepcopy(_found(dict(self._file.read().data), name))
        lifted = lift_keys(table)
        profile = decode(name, table)
        for group, secret in lifted:
            keep(profile, group, secret)
        return self.put(profile)

    def _change(self, edit: Edit) -> ProfileBook:
        return _book(self._file.change(edit))


def _profiles(data: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if _TABLE not in data:
        data[_TABLE] = {}
    tables = data[_TABLE]
    if not isinstance(tables, MutableMapping):
        raise _not_tables()
    return tables


def _found(data: MutableMapping[str, Any], name: str) -> Any:
    tables = _profiles(data)
    if name not in tables:
        raise Problem(FailureClass.CONFIG, f"There is no profile {name}.", "List them: gatewaytui profiles list")
    return tables[name]


def _not_tables() -> Problem:
    return Problem(
        FailureClass.CONFIG,
        "profiles in profiles.toml is not a table.",
        "Write each profile under [profiles.NAME]; gatewaytui config path shows where the file is.",
    )


def _book(opened: Opened) -> ProfileBook:
    tables = opened.data.get(_TABLE, {})
    if not isinstance(tables, Mapping):
        raise _not_tables()
    profiles: list[Profile] = []
    broken: list[BrokenProfile] = []
    for name, table in tables.items():
        try:
            profiles.append(decode(name, table))
        except Problem as problem:
            broken.append(BrokenProfile(name if valid_name(name) else "", problem))
    book = ProfileBook(tuple(profiles), "", opened.notice, opened.read_only, tuple(broken))
    current = opened.data.get("current")
    first = profiles[0].name if profiles else ""
    notices = (opened.notice, *(item.problem.sentence for item in broken))
    return replace(
        book,
        current=current if isinstance(current, str) and book.get(current) else first,
        notice=" ".join(filter(None, notices)),
    )
