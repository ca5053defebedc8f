from __future__ import annotations

from pathlib import Path

import pytest

from gatewaytui.storage.locations import Locations


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    found = Locations.find({"GATEWAYTUI_HOME": str(tmp_path)})
    for path in (found.profiles, found.settings, found.history):
        assert path.is_relative_to(tmp_path)
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "home"])


@pytest.mark.parametrize("environ", [{}, {"GATEWAYTUI_HOME": ""}])
def test_else_the_platform_decides(environ: dict[str, str], home: Path) -> None:
    found = Locations.find(environ)
    assert found.profiles.name == "profiles.toml"
    assert "gatewaytui" in found.profiles.parts
    assert "gatewaytui" in found.history.parts
    assert not found.config_dir.exists()


def test_a_relative_home_does_not_move_with_the_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Locations.find({"GATEWAYTUI_HOME": "here"}).config_dir == tmp_path / "here" / "config"
