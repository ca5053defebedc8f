from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from gatewaytui.storage.locations import Locations
from gatewaytui.storage.settings import Settings, SettingsStore

from .support import read_only_directory


@pytest.fixture
def locations(tmp_path: Path) -> Locations:
    return Locations.below(tmp_path)


def _write(locations: Locations, text: str) -> None:
    locations.config_dir.mkdir(parents=True)
    locations.settings.write_text(text)


def test_without_a_file_everything_is_as_by_default(locations: Locations) -> None:
    assert SettingsStore(locations).load() == Settings()


def test_every_setting_is_kept(locations: Locations) -> None:
    wanted = Settings("nord", "chat", "tken", 7, 50, {"pane.chat": "f3"}, ("ab12",), ("lab",))
    SettingsStore(locations).change(lambda _: wanted)
    assert SettingsStore(locations).load() == wanted


def test_two_instances_change_different_settings(locations: Locations) -> None:
    one, other = SettingsStore(locations), SettingsStore(locations)
    one.load()
    other.change(lambda settings: replace(settings, theme="nord"))
    assert one.change(lambda settings: replace(settings, last_pane="chat")).theme == "nord"


@pytest.mark.parametrize(
    "line",
    [
        "theme = 3",
        "history_days = 0",
        "history_runs = true",
        'keymap = "f3"',
        "keymap = {a = 1}",
        "http_profiles = [1]",
    ],
)
def test_a_bad_value_is_the_default_and_is_said(locations: Locations, line: str) -> None:
    name = line.split()[0]
    _write(locations, f'{line}\nlast_pane = "chat"\n')
    settings = SettingsStore(locations).load()
    assert getattr(settings, name) == getattr(Settings(), name)
    assert settings.last_pane == "chat"
    assert name in settings.notice


def test_a_damaged_file_falls_back_with_a_notice(locations: Locations) -> None:
    _write(locations, "theme = [[[")
    settings = SettingsStore(locations).load()
    assert replace(settings, notice="") == Settings()
    assert "settings.toml" in settings.notice


def test_a_comment_and_a_newer_key_stay(locations: Locations) -> None:
    _write(locations, '# mine\nfuture = "x"\n')
    SettingsStore(locations).change(lambda settings: replace(settings, theme="nord"))
    text = locations.settings.read_text()
    assert "# mine" in text
    assert 'future = "x"' in text


def test_a_read_only_home_keeps_settings_for_the_session() -> None:
    with read_only_directory() as place:
        store = SettingsStore(Locations.below(place))
        store.change(lambda settings: replace(settings, theme="nord"))
        settings = store.load()
    assert settings.theme == "nord"
    assert "this session only" in settings.notice
