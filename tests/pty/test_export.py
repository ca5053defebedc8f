"""Nothing leaves that was not shown: the file is what the preview showed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from .desk import Desk
from .terminal import Terminal

pytestmark = pytest.mark.pty
EXACT = "These are the exact bytes."


def preview(window: Terminal) -> list[str]:
    """The lines between the title and the notice under them, blank ones at both ends gone."""
    title = next(index for index, line in enumerate(window.lines) if "Evidence  " in line)
    end = next(index for index, line in enumerate(window.lines) if EXACT in line)
    edge = window.lines[title].index("Evidence  ")
    return "\n".join(line[edge:].rstrip() for line in window.lines[title + 1 : end]).strip("\n").split("\n")


def without_blanks(text: str) -> str:
    return "".join(text.split())


def saved(window: Terminal, folder: Path, before: set[Path]) -> Path:
    window.type("s")
    window.wait_for("Saved")
    (path,) = set(folder.iterdir()) - before
    return path


def test_the_exported_file_is_what_the_preview_showed(desk: Desk) -> None:
    desk.add_gateways("no-credit")
    with desk.console("no-credit", "chat", columns=130, rows=150) as window:
        window.wait_for("› a prompt", "F1 help")
        window.type("Who pays?\r")
        window.wait_for("billing_quota", "Whose", "Next")
        window.type("\x1b")
        window.wait_for("w wire")
        window.type("6")
        window.wait_for("1 finding", "billing_quota")
        window.type("e")
        for format, suffix in (("Markdown", ".md"), ("JSON", ".json"), ("JUnit", ".xml")):
            window.wait_for(f"Evidence  {format}", EXACT)
            window.settle()
            shown = preview(window)
            path = saved(window, desk.work, set(desk.work.iterdir()))
            content = path.read_bytes()
            assert without_blanks(content.decode()) == without_blanks("".join(shown))  # long lines are wrapped
            assert path.name.startswith("gatewaytui-") and path.suffix == suffix
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            window.type("f")
        window.wait_for("Evidence  Markdown", EXACT)
        window.type("\x1b")
        window.wait_until_gone(EXACT)
        assert len(list(desk.work.iterdir())) == 3
        window.type("\x11")
        assert window.wait() == 0
