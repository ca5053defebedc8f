"""Lists kept for another day: what was seen before, what is never stored, files that are odd."""

from __future__ import annotations

import os
import stat
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gatewaytui.domain.catalogue import ListShape, ModelInfo, ModelList
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Profile, Protocol, Target
from gatewaytui.storage.catalogues import MOST_LISTS, Catalogues, storable
from gatewaytui.storage.locations import Locations

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
TARGET = Target(Profile("tken", "https://tken.example/v1"))
KEY = "sk-canaryKEY0123456789abcdefABCDEF0123456789abcdef"


def listed(*models: ModelInfo | str, truncated: bool = False) -> ModelList:
    infos = tuple(ModelInfo(model) if isinstance(model, str) else model for model in models)
    return ModelList(ListShape.OPENAI, infos, truncated=truncated)


def ids(models: ModelList) -> list[str]:
    return [model.id for model in models.models]


@pytest.fixture
def kept(tmp_path: Path) -> Catalogues:
    return Catalogues(Locations.below(tmp_path))


def the_file(home: Path) -> Path:
    (path,) = home.rglob("*.json.z")
    return path


def test_the_first_list_has_none_before_it(kept: Catalogues) -> None:
    assert kept.keep(TARGET, listed("a"), NOON) == ()
    assert [ids(each.models) for each in kept.earlier(TARGET)] == [["a"]]


def test_a_list_that_changed_shows_the_one_before_and_when_it_was_seen(kept: Catalogues) -> None:
    kept.keep(TARGET, listed("a"), NOON)
    kept.keep(TARGET, listed("a"), NOON + timedelta(hours=1))
    (before,) = kept.keep(TARGET, listed("a", "b"), NOON + timedelta(days=2))
    assert ids(before.models) == ["a"]
    assert (before.first_seen, before.last_seen) == (NOON, NOON + timedelta(hours=1))


def test_the_same_list_again_is_not_kept_twice(kept: Catalogues) -> None:
    for hour in range(3):
        assert kept.keep(TARGET, listed("a"), NOON + timedelta(hours=hour)) == ()


def test_only_the_last_lists_are_kept_the_newest_first(kept: Catalogues) -> None:
    for number in range(MOST_LISTS + 4):
        before = kept.keep(TARGET, listed(f"m{number}"), NOON + timedelta(days=number))
    assert [ids(each.models) for each in before] == [[f"m{n}"] for n in range(MOST_LISTS + 2, 3, -1)]


def test_limits_prices_and_endpoint_types_come_back_as_they_were(kept: Catalogues) -> None:
    model = ModelInfo(
        "m", context=1000, max_output=10, input_price=1.25, output_price=0.0, endpoint_types=("openai", "jina-rerank")
    )
    kept.keep(TARGET, listed(model, truncated=True), NOON)
    assert kept.earlier(TARGET)[0].models == listed(model, truncated=True)


@pytest.mark.parametrize(
    "other",
    [
        replace(TARGET, group="claude"),
        replace(TARGET, protocol_override=Protocol.ANTHROPIC),
        Target(Profile("tken", "https://elsewhere.example/v1")),
        Target(Profile("other", "https://tken.example/v1")),
    ],
    ids=["group", "protocol", "address", "name"],
)
def test_every_target_has_lists_of_its_own(kept: Catalogues, other: Target) -> None:
    kept.keep(TARGET, listed("a"), NOON)
    assert kept.earlier(other) == () and kept.keep(other, listed("b"), NOON) == ()


@pytest.mark.parametrize(
    "model",
    [
        ModelInfo(KEY),
        ModelInfo(f"vendor/{KEY}"),
        ModelInfo("m", name=KEY, provider=KEY, aliases=(KEY,), capabilities=(KEY,), endpoint_types=(KEY,)),
        ModelInfo("\x1b]52;c;aGk=\x07"),
    ],
    ids=["id", "part of an id", "everywhere else", "control characters"],
)
def test_what_may_be_a_secret_is_nowhere_in_the_file(kept: Catalogues, tmp_path: Path, model: ModelInfo) -> None:
    kept.keep(TARGET, listed(model, "fine"), NOON)
    written = zlib.decompress(the_file(tmp_path).read_bytes())
    assert KEY.encode() not in written and b"\x1b" not in written and b"fine" in written
    assert b"tken" not in written and "tken" not in the_file(tmp_path).name


def test_a_list_compares_to_a_kept_one_by_what_may_be_stored(kept: Catalogues) -> None:
    now = listed("a", ModelInfo("b", name="B", provider="x", context=2**70), KEY)
    kept.keep(TARGET, now, NOON)
    assert kept.earlier(TARGET)[0].models == storable(now) == listed("a", "b")


def test_an_empty_list_is_not_kept(kept: Catalogues) -> None:
    assert kept.keep(TARGET, listed(), NOON) == ()
    kept.keep(TARGET, listed("a"), NOON)
    (before,) = kept.keep(TARGET, listed(), NOON)
    assert ids(before.models) == ["a"] and len(kept.earlier(TARGET)) == 1


@given(st.lists(st.builds(ModelInfo, st.text(max_size=20), context=st.none() | st.integers(0, 2**80))))
def test_any_list_is_kept(tmp_path_factory: pytest.TempPathFactory, models: list[ModelInfo]) -> None:
    kept = Catalogues(Locations.below(tmp_path_factory.mktemp("home")))
    kept.keep(TARGET, listed(*models, "m"), NOON)
    assert kept.earlier(TARGET)[0].models == storable(listed(*models, "m"))


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_the_file_is_its_owners_alone(kept: Catalogues, tmp_path: Path) -> None:
    kept.keep(TARGET, listed("a"), NOON)
    path = the_file(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "content", [b"", b"not zlib", zlib.compress(b"{"), zlib.compress(b'{"format":1,"lists":[1]}')]
)
def test_a_damaged_file_is_set_aside_and_keeping_begins_anew(
    kept: Catalogues, tmp_path: Path, content: bytes
) -> None:
    kept.keep(TARGET, listed("a"), NOON)
    the_file(tmp_path).write_bytes(content)
    assert kept.keep(TARGET, listed("b"), NOON) == ()
    assert [path.read_bytes() for path in tmp_path.rglob("*.corrupt-*")] == [content]


def test_lists_of_a_newer_version_are_left_alone(kept: Catalogues, tmp_path: Path) -> None:
    kept.keep(TARGET, listed("a"), NOON)
    newer = zlib.compress(msgspec.json.encode({"format": 2, "lists": []}))
    the_file(tmp_path).write_bytes(newer)
    with pytest.raises(Problem) as caught:
        kept.keep(TARGET, listed("b"), NOON)
    assert caught.value.failure_class is FailureClass.STORAGE and the_file(tmp_path).read_bytes() == newer


def test_a_folder_that_cannot_be_made_is_a_problem_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(Problem) as caught:
        Catalogues(Locations.below(tmp_path)).keep(TARGET, listed("a"), NOON)
    assert caught.value.failure_class is FailureClass.STORAGE and caught.value.next_step
