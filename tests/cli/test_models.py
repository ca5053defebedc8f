"""``models``: catalogues listed and held against each other, or against an earlier day's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from gatewaytui.cli import output
from tests.conftest import Cli

from .conftest import Quick

LISTS = {
    "here": [
        {"id": "gpt-5.4-mini", "context_length": 400_000},
        {"id": "same"},
        {"id": "dearer", "pricing": {"prompt": "0.000001", "completion": "0.000002"}},
        {"id": "gone-model"},
    ],
    "there": [
        {"id": "openai/gpt-5.4-mini", "context_length": 200_000},
        {"id": "same"},
        {"id": "dearer", "pricing": {"prompt": "0.0000015", "completion": "0.000002"}},
        {"id": "new\x1b[31m"},
    ],
    "third": [{"id": "same"}],
}


class Lists(BaseHTTPRequestHandler):
    """Answers ``/NAME/v1/models`` with what ``server.lists`` has under the name."""

    def do_GET(self) -> None:
        models = self.server.lists.get(self.path.split("/")[1])  # type: ignore[attr-defined]
        answer = {"error": {"message": "no"}} if models is None else {"object": "list", "data": models}
        body = json.dumps(answer).encode()
        self.send_response(200 if models is not None else 500)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def lists(cli: Cli) -> Iterator[dict[str, list[dict[str, object]]]]:
    """The lists of three profiles; a test may change them."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Lists) as server:
        served = {name: list(models) for name, models in LISTS.items()}
        server.lists = served  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        for name in (*LISTS, "broken"):
            url = f"http://127.0.0.1:{server.server_port}/{name}/v1"
            assert cli("profiles", "add", name, "--base-url", url, "--key", "none").returncode == 0
        yield served  # type: ignore[misc]
        server.shutdown()
        thread.join(10)


@pytest.mark.usefixtures("lists")
def test_two_lists_side_by_side_as_a_table(cli: Cli) -> None:
    done = cli("models", "here", "there", "--diff")
    assert done.returncode == 0, done.stderr
    _, *rows = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    assert [row[0] for row in rows] == ["~", "?", "?", "-", "+"]
    words = [" ".join(row[1].split()) for row in rows]
    assert words[0] == "differs dearer in $/M 1 1.5"
    assert words[1] == "look-alike, certain gpt-5.4-mini id openai/gpt-5.4-mini"
    assert words[2] == "differs too gpt-5.4-mini context 400 000 200 000"
    assert words[3] == "only here gone-model"
    assert words[4].startswith("only there new") and "\x1b" not in done.stdout
    assert "1 the same, 1 differ, 1 look alike, 1 only here, 1 only there" in done.stderr


@pytest.mark.usefixtures("lists")
def test_each_other_list_is_held_against_the_first_as_json(cli: Cli) -> None:
    done = cli("models", "here", "there", "third", "--diff", "--format", "json")
    first, second = json.loads(done.stdout)["diffs"]
    assert (first["first"], first["second"], first["since"], first["complete"]) == ("here", "there", None, True)
    assert (first["same"], first["only_first"], first["only_second"]) == (1, ["gone-model"], ["new\x1b[31m"])
    assert first["in_both"] == ["same", "dearer"]
    assert first["changed"] == [{"id": "dearer", "field": "input_price", "first": 1.0, "second": 1.5}]
    assert first["look_alikes"] == [
        {
            "first": "gpt-5.4-mini",
            "second": "openai/gpt-5.4-mini",
            "confidence": "certain",
            "changed": [{"field": "context", "first": 400_000, "second": 200_000}],
        }
    ]
    assert (second["second"], second["same"], len(second["only_first"])) == ("third", 1, 3)


@pytest.mark.usefixtures("lists")
def test_a_line_a_difference(cli: Cli) -> None:
    done = cli("models", "here", "there", "--diff", "--format", "jsonl")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["kind"] for line in lines] == ["only_first", "only_second", "changed", "look_alike"]
    assert lines[0]["id"] == "gone-model" and lines[0]["second_target"] == "there"


@pytest.mark.usefixtures("lists")
def test_a_filter_keeps_what_concerns_it(cli: Cli) -> None:
    done = cli("models", "here", "there", "--diff", "--filter", "OPENAI/")
    assert {line.split()[0] for line in done.stdout.splitlines()[1:]} == {"?"}


@pytest.mark.usefixtures("lists")
def test_a_filter_that_leaves_no_difference_is_said(cli: Cli) -> None:
    nothing = cli("models", "here", "there", "--diff", "--filter", "zzz")
    assert "here against there: no id contains zzz." in nothing.stderr and nothing.stdout == ""
    alike = cli("models", "here", "there", "--diff", "--filter", "sam")
    assert "here against there: the same in the 1 id with sam." in alike.stderr


@pytest.mark.usefixtures("lists")
def test_a_list_that_does_not_come_leaves_the_others(cli: Cli) -> None:
    done = cli("models", "here", "broken", "third", "--diff", "--format", "json")
    assert [each["second"] for each in json.loads(done.stdout)["diffs"]] == ["third"]
    assert done.returncode != 0 and "broken" not in done.stdout
    assert "✗ broken: models failed" in done.stderr


@pytest.mark.usefixtures("lists")
def test_where_the_first_list_does_not_come_the_others_are_held_against_the_next(cli: Cli) -> None:
    done = cli("models", "broken", "here", "third", "--diff", "--format", "json")
    assert [(each["first"], each["second"]) for each in json.loads(done.stdout)["diffs"]] == [("here", "third")]
    assert done.returncode == cli("models", "broken").returncode != 0


@pytest.mark.usefixtures("lists")
def test_a_list_alone_has_nothing_to_be_held_against(cli: Cli) -> None:
    done = cli("models", "here", "broken", "--diff")
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert "✗ broken: models failed" in done.stderr and "Nothing to hold here against" in done.stderr


@pytest.mark.usefixtures("lists")
def test_one_model_is_one(cli: Cli) -> None:
    assert {"here: 4 models", "third: 1 model"} <= set(cli("models", "here", "third").stdout.splitlines())


def test_on_a_terminal_a_long_id_is_cut_to_its_width(
    cli: Cli, lists: dict[str, list[dict[str, object]]], quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists["there"].append({"id": "m" * 118})
    assert "m" * 118 in cli("models", "here", "there", "--diff").stdout
    monkeypatch.setattr(output, "screen_width", lambda: 80)
    for argv in (("here", "there", "--diff"), ("there",)):
        shown = quick("models", *argv).stdout
        assert max(map(output.cells, shown.splitlines())) <= 80
        assert "mmmm…" in shown and "openai/gpt-5" in shown


def test_one_target_is_held_against_its_own_earlier_list(cli: Cli, lists: dict[str, list[dict[str, object]]]) -> None:
    first = cli("models", "here", "--diff")
    assert (first.returncode, first.stdout, "ask again later" in first.stderr) == (0, "", True)
    lists["here"] = [{"id": "same"}, {"id": "brand-new"}, *LISTS["here"][2:3]]
    done = cli("models", "here", "--diff")
    assert done.returncode == 0 and "here since 20" in done.stderr
    assert [" ".join(line.split()) for line in done.stdout.splitlines()[1:]] == [
        "- gone gpt-5.4-mini",
        "- gone gone-model",
        "+ new brand-new",
    ]
    again = json.loads(cli("models", "here", "--diff", "--format", "json").stdout)["diffs"][0]
    assert again["only_second"] == ["brand-new"] and again["since"].endswith("+00:00")


@pytest.mark.usefixtures("lists")
def test_a_list_that_cannot_be_kept_is_said_and_still_comes(cli: Cli) -> None:
    paths = dict(line.split("\t")[:2] for line in cli("config", "path").stdout.splitlines())
    state = Path(paths["history"]).parent
    state.mkdir(parents=True, exist_ok=True)
    (state / "catalogues").write_text("in the way")
    done = cli("models", "third")
    assert done.returncode == 0 and "same" in done.stdout and "could not be kept" in done.stderr
