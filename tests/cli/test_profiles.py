"""``profiles``: what can be changed, what is refused, and that nothing is asked where nobody can answer."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from gatewaytui.cli.profiles import command
from gatewaytui.domain.problem import Problem


def profiles(*argv: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, list(argv), input=typed)


def sentence(done: Result) -> str:
    assert isinstance(done.exception, Problem), done.output
    return f"{done.exception.sentence} {done.exception.next_step}"


def test_an_empty_value_clears_a_field() -> None:
    profiles(
        "add", "mine", "--base-url", "https://g.example/v1", "--default-model", "gpt-5.5", "--proxy", "http://p:1"
    )
    profiles("edit", "mine", "--default-model", "", "--proxy", "", "--models-path", "")
    shown = profiles("show", "mine").stdout
    assert "gpt-5.5" not in shown and "http://p:1" not in shown and "/models" in shown


def test_an_edit_without_a_field_is_a_usage_error() -> None:
    profiles("add", "tken")
    assert profiles("edit", "tken").exit_code == 2


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("--models-path", "v1beta/models", "/v1beta/models"),
        ("--proxy", "proxy.example", "http://"),
        ("--proxy", "http://p:99999", "http://"),
        ("--key", "sk-canaryKEY0123456789abcdefABCDEF", "set-key"),
        ("--key", 'cmd:["op","sk-canaryKEY0123456789abcdefABCDEF"]', "cmd:"),
        ("--base-url", "https://a:b@g.example/v1", "https://g.example/v1"),
    ],
)
def test_what_cannot_work_is_refused_and_not_kept(option: str, value: str, hint: str) -> None:
    given = () if option == "--base-url" else ("--base-url", "https://g.example/v1")
    done = profiles("add", "mine", *given, option, value)
    assert hint in sentence(done)
    assert "canary" not in sentence(done)
    assert "mine" not in profiles("list").stdout


def test_a_ca_file_may_come_later() -> None:
    done = profiles("add", "mine", "--base-url", "https://g.example/v1", "--ca-file", "/nowhere/ca.pem")
    assert (done.exit_code, "/nowhere/ca.pem yet" in done.stderr) == (0, True)


def test_a_changed_address_says_that_the_key_stays_behind() -> None:
    profiles("add", "tken")
    assert "set-key tken" in profiles("edit", "tken", "--base-url", "https://other.example/v1").stderr


def test_removing_asks_and_needs_a_word_where_nobody_can_be_asked() -> None:
    profiles("add", "tken")
    assert "--yes" in sentence(profiles("remove", "tken"))
    assert "tken" in profiles("list").stdout
    assert profiles("remove", "tken", "--yes").exit_code == 0
    assert "tken" not in profiles("list").stdout


def test_every_preset_makes_a_profile() -> None:
    names = [line.split()[0] for line in profiles("presets").stdout.splitlines()[1:]]
    for name in names:
        assert profiles("add", name).exit_code == 0
    assert len(profiles("list").stdout.splitlines()) == len(names) + 1 > 4


def test_import_takes_what_is_good_and_says_what_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("TKEN_API_KEY", "sk-canary-0001"),
        ("OPENROUTER_BASE_URL", "https://mirror.example/api/v1"),
        ("ANTHROPIC_BASE_URL", "nonsense"),
        ("GEMINI_API_KEY", "canary-0002"),
    ):
        monkeypatch.setenv(name, value)
    done = profiles("import")
    assert "ANTHROPIC_BASE_URL" in sentence(done)
    listed = profiles("list").stdout
    assert "https://mirror.example/api/v1" in listed and "env:TKEN_API_KEY" in listed and "gemini" in listed
    assert "anthropic " not in listed and "canary" not in listed + done.output
    assert "tken is there already" in profiles("import").stderr


def test_import_of_nothing_says_so() -> None:
    assert "no known variable" in profiles("import").stderr
