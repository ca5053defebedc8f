"""A conversation of several turns, its parameters, and the request the next turn sends: frozen, without a screen."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Protocol, Target
from gatewaytui.domain.progress import ChatJob, Progress
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets import figures

from .answer_state import AnswerState, fold


class Parameters(msgspec.Struct, frozen=True):
    """What may be set for a chat. None and "" leave it out of the request; no protocol means the target's own."""

    protocol: Protocol | None = None
    stream: bool = True
    max_tokens: int | None = None
    temperature: float | None = None
    system: str = ""

    def toggled(self) -> Parameters:
        """The same but for the stream, which is on where it was off."""
        return replace(self, stream=not self.stream)

    def words(self, target: Target) -> str:
        """One line for the screen: the model the next prompt goes to, protocol, stream, and what is set."""
        model = target.model or target.profile.default_model
        parts = [
            safe_line(model, 48) if model else "first listed model",
            str(self.protocol or target.protocol),
            f"stream {'on' if self.stream else 'off'}",
            "" if self.max_tokens is None else f"max {figures.plural(self.max_tokens, 'token')}",
            "" if self.temperature is None else f"temperature {self.temperature:g}",
            f"system “{safe_line(self.system, 24)}”" if self.system else "",
        ]
        return " · ".join(filter(None, parts))


class Turn(msgspec.Struct, frozen=True):
    """One prompt and its answer. ``again`` is True where it asks what the turn before asked, in another way."""

    prompt: str
    request: ChatRequest
    target: Target
    answer: AnswerState = msgspec.field(default_factory=AnswerState)
    again: bool = False

    @property
    def job(self) -> ChatJob:
        """What the engine is asked to do."""
        return ChatJob((self.target,), self.request)

    @property
    def asked(self) -> str:
        """The model that was asked for, "" where the first listed one is taken."""
        return self.target.model or self.target.profile.default_model

    @property
    def messages(self) -> tuple[Message, ...]:
        """What a later turn sends of this one: nothing where no answer came."""
        if not self.answer.text:
            return ()
        return (Message(Role.USER, self.prompt), Message(Role.ASSISTANT, self.answer.text))


class Conversation(msgspec.Struct, frozen=True):
    """The turns so far; the last one may still be answered."""

    turns: tuple[Turn, ...] = ()

    @property
    def last(self) -> Turn | None:
        """The newest turn, or None."""
        return self.turns[-1] if self.turns else None

    @property
    def answer(self) -> AnswerState:
        """The answer of the newest turn; an empty one before the first."""
        return self.turns[-1].answer if self.turns else AnswerState()

    def asking(self, prompt: str, target: Target, parameters: Parameters) -> Conversation:
        """With a new turn at its end. An empty prompt asks the last one again (as stream, as a whole, elsewhere).

        What was said to one gateway is not told to another. Raises ValueError where there is nothing to ask.
        """
        again = not prompt
        if again and self.last is None:
            raise ValueError("There is no prompt to ask again.")
        prompt = prompt or (self.last.prompt if self.last else "")
        told = [message for turn in self._told(prompt if again else "", target) for message in turn.messages]
        if parameters.protocol is not None:
            target = replace(target, protocol_override=parameters.protocol)
        request = ChatRequest(
            model="",
            messages=(*told, Message(Role.USER, prompt)),
            system=parameters.system,
            stream=parameters.stream,
            max_tokens=parameters.max_tokens,
            temperature=parameters.temperature,
        )
        return Conversation((*self.turns, Turn(prompt, request, target, again=again)))

    def untold(self, target: Target) -> str:
        """The label of another gateway that answered before, of which this target is told nothing; "" for none."""
        others = (
            turn.target.label for turn in reversed(self.turns) if turn.messages and not _one_gateway(turn, target)
        )
        return next(others, "")

    def hearing(self, events: Iterable[Progress]) -> Conversation:
        """With these events in the last turn's answer."""
        return self._answered(fold(self.turns[-1].answer, events))

    def stopped(self) -> Conversation:
        """With the last turn ended by the person."""
        return self._answered(replace(self.turns[-1].answer, stopped=True))

    def troubled(self, problem: Problem) -> Conversation:
        """With the last turn ended by something on this machine."""
        return self._answered(replace(self.turns[-1].answer, trouble=problem))

    @property
    def beside(self) -> tuple[Turn, Turn] | None:
        """The last turn and one that asked the same in the other mode: (streamed, whole), or None."""
        last = self.last
        if last is None or not last.answer.ended:
            return None
        other = next(
            (turn for turn in reversed(self.turns[:-1]) if _same_question(turn, last)),
            None,
        )
        if other is None:
            return None
        return (last, other) if last.request.stream else (other, last)

    def _told(self, again: str, target: Target) -> list[Turn]:
        """The turns of this gateway that a new request repeats: of several that asked the same, the newest.

        ``again`` is the prompt that is asked once more, "" for a new one.
        """
        told: list[Turn] = []
        for turn in self.turns:
            if not _one_gateway(turn, target):
                continue
            if turn.again and told and told[-1].prompt == turn.prompt:
                told.pop()
            told.append(turn)
        return told[:-1] if again and told and told[-1].prompt == again else told

    def _answered(self, answer: AnswerState) -> Conversation:
        return Conversation((*self.turns[:-1], replace(self.turns[-1], answer=answer)))


def _one_gateway(turn: Turn, target: Target) -> bool:
    here, there = turn.target, target
    return (here.profile.base_url, here.profile.name) == (there.profile.base_url, there.profile.name)


def _same_question(one: Turn, other: Turn) -> bool:
    return (
        one.prompt == other.prompt
        and one.request.stream != other.request.stream
        and one.answer.result is not None
        and one.target.label == other.target.label
    )
