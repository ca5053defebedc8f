"""Where data can go wrong: full disks, closed streams, readers that leave, terminals and locales of all kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewaytui.cli import output
from gatewaytui.demo.launch import Gateways
from tests.conftest import Cli

from .support import persona, shell

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


@pytest.mark.parametrize("argv", ["smoke --sample", "profiles presets", "--help"])
def test_a_full_disk_is_a_sentence_and_a_local_failure(argv: str) -> None:
    done = shell(f"gatewaytui {argv} > /dev/full")
    assert (done.returncode, "No space left" in done.stderr, "Traceback" in done.stderr) == (21, True, False)


def test_evidence_that_cannot_be_filed_is_printed_instead() -> None:
    done = shell("gatewaytui smoke --sample --json --out /dev/full")
    assert (done.returncode, '"schema"' in done.stdout, "printed instead" in done.stderr) == (21, True, True)


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(cli: Cli, tmp_path: Path) -> None:
    place = tmp_path / "evidence"
    place.mkdir()
    (place / "e.md").write_text("older", encoding="utf-8")
    (place / "link.md").symlink_to(place / "e.md")
    assert cli("smoke", "--sample", "--out", str(place / "link.md")).stdout == ""
    assert (place / "e.md").read_text(encoding="utf-8").endswith("Every check passed.\n")
    assert (place / "link.md").is_symlink()
    assert {path.name for path in place.iterdir()} == {"e.md", "link.md"}


def test_an_older_file_survives_a_write_that_fails(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "older").mkdir()
    done = cli("smoke", "--sample", "--out", str(tmp_path / "older"))
    assert (done.returncode, "Every check passed." in done.stdout) == (21, True)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("gatewaytui smoke --sample >&-", 0),
        ("gatewaytui smoke nobody 2>&-", 21),
        ("gatewaytui smoke nobody 2>/dev/full", 21),
        ("gatewaytui smoke nobody <&-", 21),
        ("gatewaytui redact <&-", 0),
        ("gatewaytui explain <&- >&- 2>&-", 22),
    ],
)
def test_a_closed_stream_changes_no_exit_code(line: str, code: int) -> None:
    done = shell(line)
    assert (done.returncode, "Traceback" in done.stderr, "unexpected" in done.stderr) == (code, False, False)


def test_a_socket_never_takes_the_place_of_a_closed_stream(gateways: Gateways, tmp_path: Path) -> None:
    url, key = persona(gateways, "healthy")
    filed = tmp_path / "evidence.json"
    done = shell(f"gatewaytui smoke --base-url {url} --api-key-env K --json --out {filed} >&- 2>&-", K=key)
    assert (done.returncode, '"ok": true' in filed.read_text(encoding="utf-8")) == (0, True)


def test_a_reader_that_leaves_stops_a_stream_and_fails_nothing(gateways: Gateways) -> None:
    url, key = persona(gateways, "slow")
    done = shell(
        f"gatewaytui chat --base-url {url} --api-key-env K --model gpt-5.5 'Write a poem' | head -c 1", K=key
    )
    assert (done.returncode, len(done.stdout), done.stderr) == (0, 1, "")


def test_the_exit_code_of_a_failed_run_survives_a_reader_that_leaves(gateways: Gateways) -> None:
    url, key = persona(gateways, "no-credit")
    done = shell(f"gatewaytui smoke --base-url {url} --api-key-env K --model gpt-5.5 | true", K=key)
    assert done.returncode == 14


@pytest.mark.parametrize(
    "variables", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}]
)
def test_a_plain_locale_gets_plain_signs(cli: Cli, variables: dict[str, str]) -> None:
    done = cli("profiles", "add", "mine", "--base-url", "https://g.example/v1", **variables)
    assert done.returncode == 0
    assert "Added mine" in done.stderr and "\\u" not in done.stderr


@pytest.mark.parametrize("argv", [("--help",), ("smoke", "--sample"), ("smoke", "nobody"), ("profiles", "presets")])
def test_no_output_ever_has_control_sequences(cli: Cli, argv: tuple[str, ...]) -> None:
    done = cli(*argv, TERM="dumb", NO_COLOR="1", FORCE_COLOR="1")
    assert "\x1b" not in done.stdout + done.stderr


def test_wide_characters_do_not_shift_what_stands_beside_them() -> None:
    lines = output.table(("id", "n"), [("模型🎉", "1"), ("plain-name", "22")], frozenset({1})).splitlines()
    assert lines == ["id           n", "模型🎉       1", "plain-name  22"]


@pytest.mark.parametrize("name", ["m" * 118, "模型🎉" * 20])
def test_a_table_with_a_width_cuts_the_widest_column(name: str) -> None:
    rows = [(name, "context", "200 000"), ("short", "field", "1")]
    whole = output.table(("id", "field", "first"), rows)
    assert name in whole and output.table(("id", "field", "first"), rows, width=200) == whole
    head, long, short = output.table(("id", "field", "first"), rows, width=60).splitlines()
    assert output.cells(long) <= 60 and long.split()[0].endswith("…") and long.endswith("  context  200 000")
    assert output.cells(head.partition("field")[0]) == output.cells(short.partition("field")[0])


def test_a_width_that_holds_nothing_still_gives_a_table() -> None:
    assert output.table(("a", "b"), [("x" * 30, "y" * 30)], width=3).splitlines()[1] == "xxxxx…  yyyyy…"
