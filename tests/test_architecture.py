"""The one-way rule, statically from the source and dynamically from ``sys.modules``."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "gatewaytui"
FLOORS = {
    "domain": 1,
    "protocols": 2,
    "diagnosis": 2,
    "evidence": 2,
    "transport": 2,
    "checks": 3,
    "storage": 3,
    "engine": 4,
    "demo": 4,
    "handoff": 4,
    "tui": 5,
    "cli": 5,
}
SEES_NEIGHBOURS = {"engine", "demo", "handoff", "checks", "storage"}
ONLY_IN = {
    "httpx": {"transport"},
    "h11": {"transport"},
    "truststore": {"transport"},
    "keyring": {"storage"},
    "platformdirs": {"storage"},
    "filelock": {"storage"},
    "tomlkit": {"storage"},
    "textual": {"tui"},
    "rich": {"tui", "cli"},
    "click": {"cli"},
    "starlette": {"demo"},
    "uvicorn": {"demo"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def _room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    base = ["gatewaytui", *path.relative_to(PACKAGE).parts[:-1]]
    base = base[: len(base) - node.level + 1]
    return ".".join([*base, *(node.module.split(".") if node.module else [])])


def _imports(path: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(path, node)
            found += [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return found


def _modules() -> dict[str, Path]:
    names = {}
    for path in FILES:
        parts = ["gatewaytui", *path.relative_to(PACKAGE).with_suffix("").parts]
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_file_imports_from_lower_floors_and_its_own_room_only(path: Path) -> None:
    room = _room(path)
    if not room:
        return
    for name in _imports(path):
        parts = name.split(".")
        if parts[0] != "gatewaytui" or len(parts) < 2 or parts[1] not in FLOORS or parts[1] == room:
            continue
        lower = FLOORS[parts[1]] < FLOORS[room]
        neighbour = FLOORS[parts[1]] == FLOORS[room] and room in SEES_NEIGHBOURS
        assert lower or neighbour, f"{room} (floor {FLOORS[room]}) imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_library_is_used_in_its_own_room_only(path: Path) -> None:
    for name in _imports(path):
        allowed = ONLY_IN.get(name.split(".")[0])
        assert allowed is None or _room(path) in allowed, f"{name} imported in {_room(path)}"


def test_the_embedded_gateways_know_nothing_of_our_diagnosis() -> None:
    for path in (PACKAGE / "demo").rglob("*.py"):
        for name in _imports(path):
            assert not name.startswith(("gatewaytui.diagnosis", "gatewaytui.protocols", "gatewaytui.transport"))


def test_there_is_no_import_cycle_typing_included() -> None:
    modules = _modules()
    graph = {
        name: {target for target in _imports(path) if target in modules and target != name}
        for name, path in modules.items()
    }
    state: dict[str, int] = {}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert state.get(name) != 1, f"cycle: {' -> '.join((*trail, name))}"
        if name in state:
            return
        state[name] = 1
        for target in sorted(graph[name]):
            visit(target, (*trail, name))
        state[name] = 2

    for name in sorted(graph):
        visit(name, ())


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_mutable_stands_at_module_level(path: Path) -> None:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        value = getattr(node, "value", None)
        if isinstance(node, ast.Assign | ast.AnnAssign) and value is not None:
            names = [
                t.id for t in getattr(node, "targets", [getattr(node, "target", None)]) if isinstance(t, ast.Name)
            ]
            if "__all__" in names:
                continue
            mutable = isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)
            assert not mutable, f"{path.name}:{node.lineno} {names} is mutable"


def _loaded(*argv: str) -> set[str]:
    code = (
        "import sys; sys.argv = ['gatewaytui', *sys.argv[1:]]\n"
        "from gatewaytui.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('\\n'.join(sorted({m.split('.')[0] for m in sys.modules})), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *argv], capture_output=True, text=True, timeout=60, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("argv", [("--version",), ("--help",)], ids=lambda a: a[0])
def test_version_and_help_load_neither_network_nor_keyring_nor_console(argv: tuple[str, ...]) -> None:
    assert not {"httpx", "httpcore", "keyring", "textual", "starlette", "uvicorn", "jsonschema"} & _loaded(*argv)


def test_a_headless_command_never_loads_the_console() -> None:
    assert not {"textual", "starlette", "uvicorn"} & _loaded("smoke", "--sample")
