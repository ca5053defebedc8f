from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import FROM_KEYRING, Group, KeyReference, KeySource, Profile
from gatewaytui.domain.secret import Secret
from gatewaytui.storage.locations import Locations
from gatewaytui.storage.profiles import ProfileStore

from .support import KEY, read_only_directory

A = Profile("a", "https://a.example/v1")
B = Profile("b", "https://b.example/v1", key=KeyReference(KeySource.ENV, name="B_KEY"))


@pytest.fixture
def locations(tmp_path: Path) -> Locations:
    return Locations.below(tmp_path)


@pytest.fixture
def store(locations: Locations) -> ProfileStore:
    return ProfileStore(locations)


def _names(store: ProfileStore) -> list[str]:
    return [profile.name for profile in store.load().profiles]


def _write(locations: Locations, text: str) -> None:
    locations.config_dir.mkdir(parents=True, exist_ok=True)
    locations.profiles.write_text(text, encoding="utf-8")


def test_profiles_are_added_changed_renamed_and_removed(store: ProfileStore) -> None:
    assert store.load().profiles == ()
    store.put(A)
    store.put(B)
    store.put(replace(A, default_model="m"))
    assert store.load().profiles == (replace(A, default_model="m"), B)
    book = store.rename("b", "c")
    assert book.get("c") == replace(B, name="c")
    assert book.get("b") is None
    store.remove("a")
    assert _names(store) == ["c"]


def test_the_current_profile_is_the_chosen_one_else_the_first(store: ProfileStore) -> None:
    assert store.load().current == ""
    store.put(A)
    assert store.put(B).current == "a"
    assert store.use("b").current == "b"
    assert store.rename("b", "z").current == "z"
    assert store.remove("z").current == "a"


@pytest.mark.parametrize("act", ["remove", "use"])
def test_what_is_not_there_is_said(store: ProfileStore, act: str) -> None:
    with pytest.raises(Problem, match="no profile nobody"):
        getattr(store, act)("nobody")
    with pytest.raises(Problem, match="no profile nobody"):
        store.rename("nobody", "x")


def test_a_name_is_given_once(store: ProfileStore) -> None:
    store.put(A)
    store.put(B)
    with pytest.raises(Problem, match="already"):
        store.rename("a", "b")
    with pytest.raises(Problem, match="cannot be used"):
        store.rename("a", "x/y")
    assert _names(store) == ["a", "b"]


def test_a_bad_profile_is_not_written(store: ProfileStore, locations: Locations) -> None:
    with pytest.raises(Problem, match="base_url of profile a"):
        store.put(replace(A, base_url="nowhere"))
    assert not locations.profiles.exists()


def test_one_bad_profile_does_not_lock_out_the_others(store: ProfileStore, locations: Locations) -> None:
    _write(locations, '[profiles.a]\nbase_url = "https://a.example/v1"\n[profiles.bad]\nbase_url = 3\n')
    book = store.load()
    assert book.profiles == (A,)
    trouble = book.trouble("bad")
    assert trouble is not None
    assert trouble.sentence in book.notice
    assert store.put(B).trouble("bad") is not None
    assert "base_url = 3" in locations.profiles.read_text()
    assert store.put(Profile("bad", "https://now.example/v1")).broken == ()


@pytest.mark.parametrize("text", ["profiles = 3\n", "[[profiles]]\nname = 'a'\n"])
def test_profiles_that_are_no_tables_are_one_sentence(store: ProfileStore, locations: Locations, text: str) -> None:
    _write(locations, text)
    for act in (store.load, lambda: store.put(A)):
        with pytest.raises(Problem) as trouble:
            act()
        assert trouble.value.failure_class is FailureClass.CONFIG
    assert locations.profiles.read_text() == text


def test_a_key_in_the_file_is_refused_hidden_and_moved(store: ProfileStore, locations: Locations) -> None:
    _write(locations, f'[profiles.a]\nbase_url = "https://a.example/v1"\nkey = "{KEY}"  # paid\n')
    book = store.load()
    assert book.profiles == ()
    assert KEY not in f"{book} {book.notice}"
    kept: list[tuple[str, str, str]] = []

    def keep(profile: Profile, group: str, secret: Secret) -> None:
        kept.append((profile.name, group, secret.reveal()))

    moved = store.move_keys("a", keep)
    assert kept == [("a", "", KEY)]
    assert moved.get("a") == replace(A, key=FROM_KEYRING)
    for path in locations.config_dir.iterdir():
        assert KEY not in path.read_text()
    assert "# paid" in locations.profiles.read_text()


def test_a_key_that_could_not_be_kept_stays_in_the_file(store: ProfileStore, locations: Locations) -> None:
    _write(locations, f'[profiles.a]\nbase_url = "https://a.example/v1"\nkey = "{KEY}"\n')

    def keep(profile: Profile, group: str, secret: Secret) -> None:
        raise Problem(FailureClass.KEYSTORE, "No keyring.")

    with pytest.raises(Problem, match="No keyring"):
        store.move_keys("a", keep)
    assert KEY in locations.profiles.read_text()


def test_a_name_shaped_like_a_key_is_not_repeated(store: ProfileStore, locations: Locations) -> None:
    _write(locations, f'[profiles.{KEY}]\nbase_url = "https://a.example/v1"\n')
    assert KEY not in repr(store.load())


def test_comments_survive_every_change(store: ProfileStore, locations: Locations) -> None:
    _write(locations, '# my gateways\n[profiles.a]  # the lab\nbase_url = "https://a.example/v1"\ncolour = "red"\n')
    store.put(B)
    store.put(replace(A, models_path="/v1beta/models", groups=(Group("g", FROM_KEYRING),)))
    store.use("a")
    store.remove("b")
    text = locations.profiles.read_text()
    for kept in ("# my gateways", "# the lab", 'colour = "red"'):
        assert kept in text


def test_a_newer_file_is_shown_and_not_changed(store: ProfileStore, locations: Locations) -> None:
    _write(locations, 'format = 2\n[profiles.a]\nbase_url = "https://a.example/v1"\n')
    book = store.load()
    assert (book.profiles, book.read_only) == ((A,), True)
    with pytest.raises(Problem, match="newer"):
        store.put(B)


def test_a_damaged_file_comes_back_from_the_copy(store: ProfileStore, locations: Locations) -> None:
    store.put(A)
    locations.profiles.write_bytes(b"\0\0\0")
    book = store.load()
    assert book.profiles == (A,)
    assert "set aside" in book.notice


def test_a_home_that_cannot_be_written_works_for_the_session() -> None:
    with read_only_directory() as place:
        store = ProfileStore(Locations.below(place))
        book = store.put(A)
        assert (book.profiles, book.read_only) == ((A,), True)
        assert store.load().profiles == (A,)


SAVER = """
import sys
from pathlib import Path
from gatewaytui.domain.profile import Profile
from gatewaytui.storage.locations import Locations
from gatewaytui.storage.profiles import ProfileStore
store = ProfileStore(Locations.below(Path(sys.argv[1])))
for number in range(8):
    store.put(Profile(f"{sys.argv[2]}{number}", "https://a.example/v1"))
"""


def test_two_consoles_saving_at_once_both_survive(tmp_path: Path, store: ProfileStore) -> None:
    root = Path(__file__).parents[2]
    savers = [
        subprocess.Popen([sys.executable, "-c", SAVER, str(tmp_path), name], cwd=root) for name in ("left", "right")
    ]
    assert [saver.wait(60) for saver in savers] == [0, 0]
    assert set(_names(store)) == {f"{name}{number}" for name in ("left", "right") for number in range(8)}
