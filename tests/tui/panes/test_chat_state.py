"""A conversation: what a turn sends, what a repeated one leaves out, and the passages it reads as."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gatewaytui.domain.chat import Role
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Protocol, Target
from gatewaytui.tui.panes.beside import beside_lines
from gatewaytui.tui.panes.chat_state import Conversation, Parameters
from gatewaytui.tui.panes.chat_text import turn_passages
from gatewaytui.tui.panes.curl import curl_of
from tests.tui.scripted import KEY, gateway
from tests.tui.streams import POEM, answering, connecting, refused, whole

TKEN = gateway(default_model="gpt-5.5")
TARGET = Target(TKEN)


def asked(*prompts: str, parameters: Parameters | None = None) -> Conversation:
    conversation = Conversation()
    for prompt in prompts:
        conversation = conversation.asking(prompt, TARGET, parameters or Parameters()).hearing(whole(TKEN))
    return conversation


def texts(conversation: Conversation, unfolded: bool = False, with_message: bool = False) -> str:
    turns = enumerate(conversation.turns)
    passages = [p for i, turn in turns for p in turn_passages(turn, i == 0, unfolded, with_message)]
    return "\n".join(passage.label + passage.text for passage in passages)


def test_a_later_turn_sends_the_earlier_ones() -> None:
    last = asked("one", "two").asking("three", TARGET, Parameters()).turns[-1]
    said = [(message.role, message.text.strip()[:8]) for message in last.request.messages]
    assert said == [
        (Role.USER, "one"),
        (Role.ASSISTANT, POEM[:8]),
        (Role.USER, "two"),
        (Role.ASSISTANT, POEM[:8]),
        (Role.USER, "three"),
    ]


def test_a_turn_without_an_answer_is_not_sent_on() -> None:
    failed = Conversation().asking("one", TARGET, Parameters()).hearing(refused(TKEN))
    last = failed.asking("two", TARGET, Parameters()).turns[-1]
    assert [message.text for message in last.request.messages] == ["two"]


def test_what_was_said_to_one_gateway_is_not_told_to_another() -> None:
    other = Target(gateway("other", base_url="http://127.0.0.1:2/v1"))
    elsewhere = asked("a secret", "more").asking("three", other, Parameters())
    assert [message.text for message in elsewhere.turns[-1].request.messages] == ["three"]
    assert asked("a secret").untold(other) == TARGET.label and asked("a secret").untold(TARGET) == ""
    again = asked("one", "two").asking("", other, Parameters()).turns[-1]
    assert [message.text for message in again.request.messages] == ["two"]
    back = elsewhere.hearing(whole(TKEN)).asking("four", TARGET, Parameters()).turns[-1]
    assert [message.text for message in back.request.messages if message.role is Role.USER] == [
        "a secret",
        "more",
        "four",
    ]
    repeated = asked("one").asking("", other, Parameters()).hearing(whole(TKEN)).asking("three", TARGET, Parameters())
    assert [message.text for message in repeated.turns[-1].request.messages if message.role is Role.USER] == [
        "one",
        "three",
    ]
    grouped = asked("one").asking("two", Target(TKEN, "vip"), Parameters()).turns[-1]
    assert len(grouped.request.messages) == 3


def test_an_empty_prompt_asks_the_last_one_again_in_the_other_mode() -> None:
    again = asked("one", "two").asking("", TARGET, Parameters(stream=False))
    assert [message.text.strip()[:8] for message in again.turns[-1].request.messages] == ["one", POEM[:8], "two"]
    assert (again.turns[-1].request.stream, again.turns[-1].again) == (False, True)
    after = again.hearing(whole(TKEN)).asking("three", TARGET, Parameters()).turns[-1]
    assert [m.text for m in after.request.messages if m.role is Role.USER] == ["one", "two", "three"]


def test_with_nothing_asked_there_is_nothing_to_ask_again() -> None:
    with pytest.raises(ValueError, match="no prompt"):
        Conversation().asking("", TARGET, Parameters())


def test_streamed_and_whole_stand_beside_each_other() -> None:
    both = asked("one").asking("", TARGET, Parameters(stream=False)).hearing(whole(TKEN))
    assert both.beside is not None
    streamed, plain = both.beside
    assert (streamed.request.stream, plain.request.stream) == (True, False)
    shown = ["".join(text for text, _ in line) for line in beside_lines(both.beside, 50)]
    assert shown[1].split() == ["same", "prompt", "streamed", "whole"]
    assert any("310 ms" in line for line in shown)
    assert asked("one", "two").beside is None
    assert beside_lines(None, 50) == ()


def test_parameters_go_into_the_request_and_onto_the_line() -> None:
    parameters = Parameters(Protocol.ANTHROPIC, False, 1200, 0.5, "Be brief.")
    turn = Conversation().asking("hi", TARGET, parameters).turns[-1]
    assert turn.target.protocol is Protocol.ANTHROPIC
    assert (turn.request.max_tokens, turn.request.temperature, turn.request.system) == (1200, 0.5, "Be brief.")
    assert parameters.words(TARGET) == (
        "gpt-5.5 · anthropic · stream off · max 1\u00a0200 tokens · temperature 0.5 · system “Be brief.”"
    )
    assert Parameters().words(TARGET) == "gpt-5.5 · openai-chat · stream on"
    assert Parameters().words(replace(TARGET, model="o4-mini")) == "o4-mini · openai-chat · stream on"
    nothing_chosen = Target(replace(TKEN, default_model=""))
    assert Parameters().words(nothing_chosen) == "first listed model · openai-chat · stream on"


def test_thinking_folds_when_it_is_over_and_unfolds() -> None:
    live = Conversation().asking("hi", TARGET, Parameters()).hearing([*connecting(), *answering()[:5]])
    assert "thinking …\n│ Packets" in texts(live)
    done = asked("hi")
    assert "thinking  0.8 s · 84 tokens ▸" in texts(done)
    assert "Packets" not in texts(done)
    assert "84 tokens ▾\n│ Packets" in texts(done, unfolded=True)


def test_a_stop_says_after_how_many_events_and_keeps_what_arrived() -> None:
    stopped = Conversation().asking("hi", TARGET, Parameters()).hearing([*connecting(), *answering()]).stopped()
    events = stopped.turns[-1].answer.events
    assert f"stopped by you after {events} events" in texts(stopped)
    assert "leaves at break of day" in texts(stopped)


def test_a_failure_reads_as_what_whose_and_next_and_says_the_servers_words_only_when_asked() -> None:
    failed = Conversation().asking("hi", TARGET, Parameters()).hearing(refused(TKEN, "secret words"))
    meaning = FailureClass.GROUP_OR_MODEL_ACCESS.meaning
    shown = texts(failed)
    assert all(words in shown for words in (meaning.title, meaning.whose, meaning.next_step, "HTTP 403"))
    assert "secret words" not in shown
    assert "secret words" in texts(failed, with_message=True)


def test_trouble_on_this_machine_reads_as_two_sentences() -> None:
    problem = Problem(FailureClass.KEYSTORE, "The keyring is locked.", "Unlock it.")
    shown = texts(Conversation().asking("hi", TARGET, Parameters()).troubled(problem))
    assert "✗ The keyring is locked." in shown
    assert "Unlock it." in shown


def test_curl_is_the_request_with_the_key_as_a_variable() -> None:
    turn = asked("say “hi”", parameters=Parameters(max_tokens=7)).turns[-1]
    command = curl_of(turn)
    assert command.variable == "SCRIPTED_KEY"
    assert command.text.startswith("curl ")
    assert '"Authorization: Bearer $SCRIPTED_KEY"' in command.text
    assert "https://tken.example/v1/chat/completions" in command.text
    assert "gpt-5.5" in command.text
    assert KEY not in command.text
