"""Text of servers never meets a sink that reads markup: a look at the source of every widget, pane and screen."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOM = Path(__file__).parents[2] / "gatewaytui" / "tui"
FILES = sorted(ROOM.rglob("*.py"))
FORBIDDEN = {"Label", "Markdown", "MarkdownViewer", "RichLog", "Log", "DataTable", "OptionList", "Pretty", "TextArea"}
"""Widgets that read markup in strings, or cost more than a view of ours (design/console.md)."""
MARKUP = {"from_markup", "from_rich_text", "Text.from_markup"}


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


def name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=id):
            return id
        case ast.Attribute(attr=attr):
            return attr
    return ""


def is_text(node: ast.expr) -> bool:
    """A string, or what may be one: only Content, a local that holds it, or nothing may be shown."""
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (isinstance(node, ast.Constant) and bool(node.value))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_no_widget_that_reads_markup_is_used(path: Path) -> None:
    used = {name(call) for call in calls(path)}
    assert not used & FORBIDDEN and not used & MARKUP


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_statics_are_given_content_and_never_a_string(path: Path) -> None:
    for call in calls(path):
        shown = call.args[:1]
        if name(call) == "Static":
            assert not any(map(is_text, shown)), f"line {call.lineno}: Static({ast.unparse(shown[0])})"
        elif name(call) == "update" and isinstance(call.func, ast.Attribute):
            assert not any(map(is_text, shown)), f"line {call.lineno}: update({ast.unparse(shown[0])})"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_notifications_do_not_read_markup(path: Path) -> None:
    for call in calls(path):
        if name(call) == "notify":
            plain = [word.value for word in call.keywords if word.arg == "markup"]
            assert plain and isinstance(plain[0], ast.Constant) and plain[0].value is False, f"line {call.lineno}"


def test_no_widget_carries_its_own_style() -> None:
    assert [path.name for path in FILES if "DEFAULT_CSS" in path.read_text(encoding="utf-8")] == []
