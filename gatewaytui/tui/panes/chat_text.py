"""A turn of a conversation as passages of the stream view: prompt, thinking, tool calls, answer, how it ended."""

from __future__ import annotations

from gatewaytui.domain.text import safe_text
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.finding_card import finding_passages
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.passages import Passage

from .answer_state import AnswerState
from .chat_state import Turn

_BLANK = Passage("")


def turn_passages(turn: Turn, first: bool, unfolded: bool, with_message: bool) -> tuple[Passage, ...]:
    """The whole turn, a blank line between its parts. ``with_message`` adds the server's own error message."""
    parts = (
        prompt_passages(turn),
        thinking_passages(turn.answer, unfolded),
        answer_passages(turn),
        tool_passages(turn.answer),
        ending_passages(turn.answer, with_message),
    )
    parted = [passage for part in parts if part for passage in (_BLANK, *part)]
    return tuple(parted[1:] if first else parted)


def prompt_passages(turn: Turn) -> tuple[Passage, ...]:
    """What the person asked."""
    who = "you, again" if turn.again else "you"
    how = "" if turn.request.stream else " · not streamed"
    return (Passage(f"{who}{how}", Ink.MUTED), Passage(safe_text(turn.prompt)))


def thinking_passages(state: AnswerState, unfolded: bool) -> tuple[Passage, ...]:
    """The model's thinking while it lasts; afterwards one line with its time and tokens, unless unfolded."""
    if not state.thinking:
        return ()
    over = bool(state.answer_from_ns is not None or state.ended or state.result)
    head = Passage(thinking_words(state, over, unfolded), Ink.THINKING)
    body = (Passage(state.thinking, Ink.MUTED, "│ ", Ink.THINKING),) if unfolded or not over else ()
    return (head, *body)


def thinking_words(state: AnswerState, over: bool, unfolded: bool) -> str:
    """``thinking  1.2 s · 84 tokens ▸`` once it is over."""
    if not over:
        return "thinking …"
    parts = []
    if state.thinking_from_ns is not None and state.thinking_to_ns is not None:
        parts.append(figures.seconds(state.thinking_to_ns - state.thinking_from_ns))
    reasoning = state.usage.reasoning_tokens if state.usage else None
    if reasoning:
        parts.append(figures.plural(reasoning, "token"))
    else:
        parts.append(figures.plural(len(state.thinking), "character"))
    return f"thinking  {' · '.join(parts)} {'▾' if unfolded else '▸'}"


def answer_passages(turn: Turn) -> tuple[Passage, ...]:
    """Who answers, and what arrived of it so far; the last passage is the one that grows."""
    state = turn.answer
    if not (state.text or state.refusal):
        return ()
    head = Passage(state.served_model or turn.asked or "answer", Ink.MUTED)
    if state.refusal and not state.text:
        return (head, Passage(state.refusal, Ink.WARNED, "refused  ", Ink.WARNED))
    return (head, Passage(state.text.rstrip("\n")))


def tool_passages(state: AnswerState) -> tuple[Passage, ...]:
    """Tool calls apart from the answer."""
    passages = []
    for _, call in state.tools:
        passages += [Passage(call.name or "…", Ink.STRONG, "tool  ", Ink.ACCENT)]
        passages += [Passage(call.arguments, Ink.MUTED, "      ")] if call.arguments else []
    return tuple(passages)


def ending_passages(state: AnswerState, with_message: bool) -> tuple[Passage, ...]:
    """How it ended where that is worth a word: stopped by the person, or a finding.

    ``with_message`` adds the server's own message, which a person must have asked to see.
    """
    if state.stopped:
        return (Passage(f"stopped by you after {figures.plural(state.events, 'event')}", Ink.WARNED, "· "),)
    if state.trouble is not None:
        return (
            Passage(state.trouble.sentence, Ink.TITLE_FAILED, "✗ ", Ink.FAILED),
            Passage(state.trouble.next_step, Ink.STRONG, "  Next    "),
        )
    result = state.result
    if result is None or result.finding is None:
        return ()
    said = state.said if with_message else ""
    return finding_passages(result.finding, result, said)
