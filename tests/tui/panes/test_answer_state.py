"""Progress folded into an answer: texts apart, stamps, bounded memory, several tries and several targets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.chat import RefusalDelta, TextDelta, ToolDelta, Unrecognised
from gatewaytui.domain.progress import AnswerArrived, CheckFinished, CheckStarted, ModelsArrived, Progress
from gatewaytui.tui.panes.answer_figures import bars, figure_lines, going_words, live_facts, verdict
from gatewaytui.tui.panes.answer_state import WIRE_ROWS, AnswerState, fold
from gatewaytui.tui.panes.pace import Pace
from tests.tui.scripted import BAD_KEY, MODELS_PASSED, gateway
from tests.tui.streams import (
    MS,
    POEM,
    THOUGHT,
    answering,
    at,
    connecting,
    ending,
    failed,
    passed,
    refused,
    run_of,
    whole,
)


def test_thinking_stands_apart_from_the_answer() -> None:
    state = fold(AnswerState(), whole(gateway()))
    assert (state.text.strip(), state.thinking.strip()) == (POEM.strip(), THOUGHT)
    assert state.first_ns == state.thinking_from_ns == 350 * MS
    assert state.thinking_to_ns == state.answer_from_ns
    assert (state.finish, state.served_model) == ("end_turn", "claude-opus-4-6")
    assert state.usage is not None and state.usage.output_tokens == 131
    assert state.ended


@given(st.integers(1, 60))
def test_batches_of_any_size_fold_to_the_same_state(size: int) -> None:
    events = [*connecting(), *answering(), *ending()]
    state = AnswerState()
    for start in range(0, len(events), size):
        state = fold(state, events[start : start + size])
    assert state == fold(AnswerState(), events)


def test_events_of_other_targets_are_passed_over() -> None:
    state = fold(AnswerState(), [*connecting(1), *answering(1)], target=0)
    assert state == AnswerState()


def test_a_request_sent_again_begins_anew() -> None:
    state = fold(AnswerState(), [*connecting(), at(0, 300, "", TextDelta("half"))])
    again = fold(state, [CheckStarted(0, "stream", "POST", "/v1/chat/completions")])
    assert again == AnswerState(check="stream", method="POST", path="/v1/chat/completions")


def test_the_wire_is_bounded_and_every_event_is_counted() -> None:
    state = fold(AnswerState(), [at(0, ms, "chunk", TextDelta("x")) for ms in range(WIRE_ROWS + 500)])
    assert (state.events, len(state.wire), state.dropped) == (WIRE_ROWS + 500, WIRE_ROWS, 500)
    assert state.wire[-1].at_ns == (WIRE_ROWS + 499) * MS
    assert len(state.text) == WIRE_ROWS + 500


def test_hostile_text_is_made_visible() -> None:
    bad = "\x1b]52;c;aGk=\x07\u202e"
    events = (TextDelta(bad), ToolDelta(0, name=bad, arguments=bad), RefusalDelta(bad), Unrecognised(bad))
    state = fold(AnswerState(), [at(0, 1, bad, *events, data=bad)])
    seen = [state.text, state.refusal, state.tools[0][1].name, state.tools[0][1].arguments]
    seen += [part for row in state.wire for part in (row.name, row.text, row.raw)]
    assert not any(character in text for text in seen for character in "\x1b\x07\u202e")


def test_a_tool_call_in_pieces_is_one_call() -> None:
    pieces = [
        ToolDelta(0, "call_1", "weather", '{"ci'),
        ToolDelta(0, arguments='ty":"Rome"}'),
        ToolDelta(1, name="b"),
    ]
    state = fold(AnswerState(), [at(0, ms, "", piece) for ms, piece in enumerate(pieces)])
    assert [(call.id, call.name, call.arguments) for _, call in state.tools] == [
        ("call_1", "weather", '{"city":"Rome"}'),
        ("", "b", ""),
    ]


def test_only_the_first_choice_is_shown() -> None:
    state = fold(AnswerState(), [at(0, 1, "", TextDelta("a"), TextDelta("b", choice=1))])
    assert state.text == "a"


def test_a_whole_answer_comes_at_its_end_and_never_twice() -> None:
    assert fold(AnswerState(), [AnswerArrived(0, "OK", "hm")]).text == "OK"
    streamed = fold(AnswerState(), [at(0, 1, "", TextDelta("OK")), AnswerArrived(0, "OK", "")])
    assert streamed.text == "OK"


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=60))
def test_a_pace_is_bounded_and_loses_nothing(stamps: list[int]) -> None:
    pace = Pace()
    for stamp in sorted(stamps):
        pace = pace.saw(stamp, 3)
    assert sum(pace.counts) == 3 * len(stamps)
    assert len(pace.counts) <= 96


def test_bars_follow_each_other_and_the_one_that_lasts_grows() -> None:
    begun = fold(AnswerState(), connecting()[:4])
    assert [bar.label for bar in bars(begun, 500 * MS)] == ["dns", "tcp", "tls", "waiting"]
    assert bars(begun, 500 * MS)[-1].end_ns == 500 * MS
    done = bars(fold(AnswerState(), whole(gateway())), 99_999 * MS)
    assert [bar.label for bar in done] == [
        "dns",
        "tcp",
        "tls",
        "request",
        "first byte",
        "first token",
        "thinking",
        "answer",
    ]
    assert all(bar.start_ns <= bar.end_ns for bar in done)
    assert done[-1].end_ns < 3_000 * MS


def test_live_figures_are_marked_as_estimated_until_the_verdict() -> None:
    live = live_facts(fold(AnswerState(), [*connecting(), *answering()]))
    assert (live.ttft_ms, live.token_source) == (350.0, "estimated")
    assert live.tokens_per_second is not None and live.tokens_per_second > 0


@pytest.mark.parametrize("width", [36, 44, 70])
def test_figures_fit_their_width(width: int) -> None:
    state = fold(AnswerState(), whole(gateway()))
    lines = ["".join(text for text, _ in line) for line in figure_lines(state, "gpt-5.5", width)]
    shown = "\n".join(lines)
    assert all(len(line.rstrip()) <= width for line in lines if "not gpt" not in line)
    assert all(word in shown for word in ("310 ms", "52.3 tok/s", "usage", "38 in", "end_turn · HTTP 200 · cold"))
    assert "! not gpt-5.5" in shown


def test_the_served_model_is_as_asked() -> None:
    state = fold(AnswerState(), whole(gateway()))
    shown = ["".join(text for text, _ in line) for line in figure_lines(state, "claude-opus-4-6-20260101", 60)]
    assert any("as asked" in line for line in shown)


@pytest.mark.parametrize(
    ("events", "now_ms", "said"),
    [
        ([], 0, ""),
        (connecting(), 1200, "… waiting 1.2 s"),
        ([*connecting(), *answering()], 1500, "… streaming"),
        ([*connecting(), at(0, 300, "", TextDelta("a"))], 5300, "… silent 5.0 s"),
    ],
)
def test_what_goes_on_is_said(events: list[Progress], now_ms: int, said: str) -> None:
    assert going_words(fold(AnswerState(), events), now_ms * MS) == said


def test_a_list_on_the_way_is_no_verdict_unless_it_failed() -> None:
    assert not fold(AnswerState(), [CheckFinished(0, MODELS_PASSED)]).judged
    assert fold(AnswerState(), [CheckFinished(0, BAD_KEY)]).judged
    assert fold(AnswerState(), [CheckFinished(0, failed())]).judged


def test_a_verdict_has_sign_and_word() -> None:
    assert verdict(fold(AnswerState(), [CheckFinished(0, passed())]))[0] == "✓ passed"
    assert verdict(fold(AnswerState(), [CheckFinished(0, failed())]))[0] == "✗ group_or_model_access"
    assert verdict(fold(AnswerState(), refused(gateway())))[0] == "✗ group_or_model_access"


def test_a_list_that_arrives_between_is_no_part_of_the_answer() -> None:
    from gatewaytui.domain.catalogue import ListShape, ModelList

    state = fold(AnswerState(), [ModelsArrived(0, ModelList(ListShape.OPENAI, ()))])
    assert state == AnswerState()
    assert run_of([], gateway()).ok
