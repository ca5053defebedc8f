"""``compare`` as a person and a CI job use it, against gateways that keep a log."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gatewaytui.demo.launch import Gateways
from tests.engine.answers import chat_answer, reply
from tests.servers.recording import Answer, Asked

from .conftest import Quick
from .recorded import Profile, chats, limited, paced
from .support import persona

PROMPT = "Summarise the secret merger of Nordwind and Suedwind"


def rows(table: str) -> dict[str, list[str]]:
    """Target -> its cells, without the sign."""
    lines = table.split("\n\n")[0].splitlines()[1:]
    return {cells[1]: cells[2:] for cells in (re.split(r"  +", line.strip()) for line in lines)}


def test_a_row_for_each_target_and_as_many_requests_as_it_says(quick: Quick, profile: Profile) -> None:
    first, second = profile("first"), profile("second")
    done = quick("compare", "first", "second", "--runs", "12", "--warm-up", "1", "--concurrency", "3", "--seed", "5")
    assert done.returncode == 0, done.stderr
    shown = rows(done.stdout)
    assert [cells[1] for cells in shown.values()] == ["12/12 100%"] * 2
    assert (chats(first), chats(second)) == (13, 13)
    header = done.stdout.splitlines()[0]
    assert "TTFT p50" in header and "TTFT p90" in header and "p95" not in header and "p99" not in header
    assert "12 runs each, 1 before to warm up, 3 at a time, order by seed 5." in done.stdout
    assert "26 requests, at most " in done.stderr and "price not listed." in done.stderr
    assert "26 requests, 260 tokens." in done.stderr  # as the server counted: 9 in and 1 out


def test_a_list_that_told_the_model_is_not_asked_for_again(quick: Quick, profile: Profile) -> None:
    gateway = profile("one")
    assert quick("profiles", "edit", "one", "--default-model", "").returncode == 0
    done = quick("compare", "one", "--runs", "2")
    assert done.returncode == 0 and "No model was given: the first chat model listed was asked." in done.stdout
    assert [asked.method for asked in gateway.asked] == ["GET", "POST", "POST"]


def test_one_run_shows_its_own_figures_and_no_percentile(quick: Quick, profile: Profile) -> None:
    profile("one")
    done = quick("compare", "one")
    header = done.stdout.splitlines()[0]
    assert "TTFT" in header and "p50" not in header
    assert "no percentiles" in done.stdout


def test_the_best_figure_carries_a_sign_and_only_where_two_were_measured(quick: Quick, profile: Profile) -> None:
    profile("quick")
    profile("slow", lambda asked: Answer(**{**vars_of(chat_answer(asked)), "pause": 0.1}))
    table = quick("compare", "quick", "slow", "--runs", "2").stdout
    lines = {line.split()[1]: line for line in table.splitlines()[1:3]}
    assert "▲" not in lines["slow"]
    heads, (_, *cells) = (re.split(r"  +", line.strip()) for line in (table.splitlines()[0], lines["quick"]))
    best = {head for head, cell in zip(heads, cells, strict=True) if cell.startswith("▲")}
    assert best == {"TTFT p50", "TTFT-conn p50", "tok/s p50", "e2e p50"}
    alone = quick("compare", "quick", "--runs", "2").stdout
    assert "▲" not in alone.splitlines()[1]


def vars_of(answer: Answer) -> dict[str, object]:
    return {name: getattr(answer, name) for name in ("status", "body", "content_type", "headers", "pieces", "close")}


def test_failures_are_counted_by_class_explained_once_and_decide_the_exit(quick: Quick, profile: Profile) -> None:
    profile("good")
    profile("busy", limited)
    done = quick("compare", "good", "busy", "--runs", "3")
    assert done.returncode == 14
    assert rows(done.stdout)["busy"][1] == "0/3 0%" and "rate_limit x3" in done.stdout
    assert done.stderr.count("busy, 3 of 3 runs: stream") == 1 and done.stderr.count("whose:") == 1


def test_evidence_of_every_form_is_sound(quick: Quick, profile: Profile) -> None:
    profile("one")
    for form in ("json", "markdown", "junit"):
        done = quick("compare", "one", "--runs", "2", "--format", form, "--prompt", PROMPT)
        assert done.returncode == 0 and PROMPT not in done.stdout + done.stderr
        assert quick("verify", "-", stdin=done.stdout).returncode == 0
    lines = [
        json.loads(line) for line in quick("compare", "one", "--runs", "3", "--format", "jsonl").stdout.splitlines()
    ]
    assert [line["slot"]["run"] for line in lines] == [1, 2, 3]


def test_usage_that_is_counted_differently_is_worth_a_line(quick: Quick, profile: Profile) -> None:
    def more(asked: Asked) -> Answer:
        message = {"index": 0, "message": {"role": "assistant", "content": "OK"}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 311, "completion_tokens": 1, "total_tokens": 312}
        return reply(200, {"id": "c", "model": asked.json["model"], "choices": [message], "usage": usage})

    profile("plain")
    profile("padded", more)
    done = quick("compare", "plain", "padded", "--no-stream", "--temperature", "0")
    assert "plain counts 9 input tokens, padded 311, for the same prompt and model." in done.stdout
    assert "All answers are the same text." in done.stdout


def test_what_is_asked_for_is_sent(quick: Quick, profile: Profile) -> None:
    one = profile("one")
    quick("compare", "one", "--temperature", "0.5", "--max-tokens", "7", "--no-stream", "--prompt", "Hi there")
    body = next(asked.json for asked in one.asked if asked.method == "POST")
    assert (body["temperature"], body["max_tokens"], body.get("stream", False)) == (0.5, 7, False)
    assert body["messages"] == [{"role": "user", "content": "Hi there"}]


def test_a_large_one_is_not_sent_without_a_word(quick: Quick, profile: Profile) -> None:
    one = profile("one")
    done = quick("compare", "one", "--runs", "201")
    assert (done.returncode, chats(one)) == (2, 0) and "--yes" in done.stderr
    assert quick("compare", "one", "--runs", "201", "--yes", "--concurrency", "16").returncode == 0
    assert chats(one) == 201


def test_money_is_said_before_and_asked_for(quick: Quick, profile: Profile) -> None:
    cheap, dear = profile("cheap", price=0.000001), profile("dear", price=0.0009)  # a token
    done = quick("compare", "cheap", "--max-tokens", "100")
    assert re.search(r"1 request, at most \d+ tokens, at most \$0\.000\d\.", done.stderr), done.stderr
    assert "cost $" in done.stdout and "0.000010" in done.stdout  # ten tokens at a millionth
    assert done.stderr.endswith("1 request, 10 tokens, less than $0.0001.\n")
    refused = quick("compare", "cheap", "dear", "--max-tokens", "2000")
    assert refused.returncode == 2 and "1 US dollar" in refused.stderr
    assert (chats(cheap), chats(dear)) == (1, 0)
    mixed = profile("mixed")
    said = quick("compare", "cheap", "mixed").stderr
    assert "(1 target without price)" in said and chats(mixed) == 1


def test_max_requests_leaves_each_target_the_same_number(quick: Quick, profile: Profile) -> None:
    first, second = profile("first"), profile("second")
    done = quick("compare", "first", "second", "--runs", "9", "--max-requests", "7")
    assert (done.returncode, chats(first), chats(second)) == (0, 3, 3)
    assert done.stderr.startswith("3 runs of each instead of 9: --max-requests 7.\n6 requests, ")
    assert "instead of" not in quick("compare", "first", "--runs", "2", "--max-requests", "2").stderr
    few = quick("compare", "first", "second", "--warm-up", "3", "--max-requests", "7")
    assert few.returncode == 2 and "takes 8" in few.stderr


def test_a_target_without_a_key_fails_alone(quick: Quick, profile: Profile) -> None:
    good = profile("good")
    quick("profiles", "add", "keyless", "--base-url", f"{good.url}/v1", "--key", "env:NOT_SET_ANYWHERE")
    done = quick("compare", "good", "keyless", "--model", "gpt-5.5", "--runs", "2")
    assert rows(done.stdout)["good"][1] == "2/2 100%" and rows(done.stdout)["keyless"][1] == "0/0"
    assert done.returncode == 21 and "keystore" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["one", "--runs", "0"], "--runs"),
        (["one", "--concurrency", "0"], "--concurrency"),
        (["one", "--interval", "nan"], "--interval"),
        (["one", "--prompt", " "], "prompt is empty"),
        (["one"] * 65, "At most 64"),
        (["one", "--fail-on", "regression"], "--baseline"),
        ([], "TARGET"),
    ],
)
def test_bad_input_is_a_usage_error(quick: Quick, profile: Profile, argv: list[str], said: str) -> None:
    gateway = profile("one")
    done = quick("compare", *argv)
    assert done.returncode == 2 and said in done.stderr
    assert chats(gateway) == 0


def test_an_unknown_profile_sends_nothing(quick: Quick, profile: Profile) -> None:
    one = profile("one")
    assert quick("compare", "one", "nobody").returncode == 21
    assert not one.asked


def test_a_file_gets_the_whole_table_whatever_the_width(quick: Quick, profile: Profile, tmp_path: Path) -> None:
    profile("one")
    out = tmp_path / "table.txt"
    assert quick("compare", "one", "--runs", "2", "--out", str(out)).returncode == 0
    assert out.read_text().splitlines()[0].endswith("n  in  out")


def test_the_embedded_gateways_are_told_apart(
    quick: Quick, gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("healthy", "no-credit", "wrong-model")
    for name in names:
        url, secret = persona(gateways, name)
        monkeypatch.setenv(f"KEY_{name.replace('-', '_').upper()}", secret)
        variable = f"env:KEY_{name.replace('-', '_').upper()}"
        assert quick("profiles", "add", name, "--base-url", url, "--key", variable).returncode == 0
    done = quick("compare", *names, "--runs", "2", "--max-tokens", "16", "--model", "gpt-5.5")
    shown = rows(done.stdout)
    assert done.returncode == 14
    assert "billing_quota x2" in shown["no-credit"]
    assert "warned: model_mismatch x2" in shown["wrong-model"]
    assert "served" in done.stdout.splitlines()[0]


def test_every_figure_carries_its_uncertainty_where_there_is_room(quick: Quick, profile: Profile) -> None:
    profile("one")
    profile("two")
    argv = ("compare", "one", "two", "--runs", "3")
    cells = rows(quick(*argv).stdout)["one"]
    assert sum("±" in cell for cell in cells) >= 3
    document = json.loads(quick(*argv, "--format", "json").stdout)
    for check in document["checks"]:
        assert check["stamps"]["reads"] == check["stamps"]["events"] or check["stamps"]["batched"]
        for figure in ("ttft_ms", "e2e_ms"):
            assert check["uncertainty"][figure] >= 0.05
    for column in document["comparison"]["columns"]:
        assert all(spread["uncertainty"] for spread in column["metrics"].values() if spread["n"])


def test_same_named_targets_are_told_apart(quick: Quick, profile: Profile) -> None:
    profile("one")
    said = quick("compare", "one", "one,model=gpt-5.5-mini", "one").stdout
    assert "one #1 (gpt-5.5) and one #3 (gpt-5.5) are the same endpoint" in said
    assert "The columns ask for different models" in said


def test_runs_that_had_to_wait_count_from_their_planned_start(quick: Quick, profile: Profile) -> None:
    profile("one", paced(0.06))
    argv = ("compare", "one", "--runs", "4", "--interval", "0.01", "--format", "json")
    document = json.loads(quick(*argv).stdout)
    column = document["comparison"]["columns"][0]
    last = document["checks"][-1]
    waited = last["slot"]["started_ms"] - last["slot"]["planned_ms"]
    assert waited > 100
    assert column["metrics"]["ttft_ms"]["high"] == pytest.approx(last["ttft_ms"] + waited, abs=0.01)
    assert column["metrics"]["ttft_connected_ms"]["high"] < waited
    assert any("times count from the planned start" in note for note in document["comparison"]["notes"])


def test_each_target_of_one_profile_is_named_by_its_model(quick: Quick, profile: Profile) -> None:
    profile("one", lambda asked: limited(asked) if asked.json["model"] == "other" else chat_answer(asked))
    argv = ("compare", "one,model=gpt-5.5", "one,model=other", "--runs", "2")
    assert "✗ one (other), 2 of 2 runs: stream" in quick(*argv).stderr
    lines = [json.loads(line) for line in quick(*argv, "--format", "jsonl").stdout.splitlines()]
    assert [line["target_label"] for line in lines] == ["one (gpt-5.5)"] * 2 + ["one (other)"] * 2
    quick(*argv, "--save", "both")
    against = quick(*argv, "--baseline", "both", "--format", "jsonl").stderr
    assert "unsure: one (gpt-5.5) against both: answered, " in against and "unsure: one (other) against" in against


def test_tokens_that_no_server_counted_are_the_most_they_can_be(quick: Quick, profile: Profile) -> None:
    def uncounted(asked: Asked) -> Answer:
        message = {"index": 0, "message": {"role": "assistant", "content": "OK"}, "finish_reason": "stop"}
        return reply(200, {"id": "c", "model": asked.json["model"], "choices": [message]})

    profile("silent", uncounted)
    done = quick("compare", "silent", "--no-stream", "--runs", "2")
    (most,) = re.findall(r"2 requests, (at most \d+ tokens), price", done.stderr)
    assert done.stderr.endswith(f"\n2 requests, {most}.\n")


def test_what_the_gateway_did_weighs_more_than_what_could_not_be_kept(quick: Quick, profile: Profile) -> None:
    profile("limited", limited)
    profile("good")
    failed = quick("compare", "limited", "--save", "main")
    assert failed.returncode == 14 and "holds no answer" in failed.stderr
    nowhere = quick("compare", "limited", "good", "--out", "/nodir/x")
    assert nowhere.returncode == 14 and "could not write" in nowhere.stderr.casefold() and "limited" in nowhere.stdout
    assert quick("compare", "good", "--out", "/nodir/x").returncode == 21
