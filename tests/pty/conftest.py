"""The console on a desk of its own: a pty, a home, profiles of the embedded gateways with their keys in variables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatewaytui.demo.launch import Gateways

if TYPE_CHECKING:
    from .desk import Desk

if sys.platform == "win32":
    collect_ignore_glob = ["test_*.py"]  # no pseudo terminals there


@pytest.fixture
def desk(home: Path, tmp_path: Path, gateways: Gateways) -> Desk:
    from .desk import Desk

    return Desk(home, tmp_path, gateways)
