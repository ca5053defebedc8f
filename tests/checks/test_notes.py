"""A rung's sentence: figures that were measured, ids that are valid, nothing else."""

from __future__ import annotations

from gatewaytui.checks.notes import of_chat, of_list
from gatewaytui.domain.catalogue import ListShape, ModelInfo, ModelList
from gatewaytui.domain.chat import Usage
from gatewaytui.domain.run import AnswerFacts, CatalogueFacts, CheckResult, Outcome, StreamFacts

ONE = ModelList(ListShape.ANTHROPIC, (ModelInfo("m"),))


def listed(count: int, truncated: bool = False, note: str = "") -> CheckResult:
    return CheckResult("models", Outcome.PASSED, catalogue=CatalogueFacts(count, truncated=truncated), note=note)


def chatted(answer: AnswerFacts | None, stream: StreamFacts | None = None, note: str = "") -> CheckResult:
    return CheckResult("chat", Outcome.PASSED, answer=answer, stream=stream, note=note)


def test_a_list_is_its_number_and_shape() -> None:
    assert of_list(listed(1), ONE) == "1 model in the Anthropic shape."
    assert of_list(listed(20_000, truncated=True), ONE) == "20,000 models or more in the Anthropic shape."
    assert of_list(listed(2, note="It is at /x."), ONE) == "2 models in the Anthropic shape. It is at /x."


def test_without_a_list_only_the_check_s_own_note_stays() -> None:
    assert of_list(CheckResult("models", Outcome.FAILED, note="Why."), None) == "Why."
    assert of_list(CheckResult("models", Outcome.FAILED), None) == ""


def test_a_chat_is_who_answered_and_what_was_measured() -> None:
    answer = AnswerFacts(1, served_model="gpt-5.5", usage=Usage(output_tokens=1))
    stream = StreamFacts(ttft_ms=123.4, tokens_per_second=41.6)
    assert of_chat(chatted(answer, stream)) == "Served by gpt-5.5, 1 token out, TTFT 123 ms, 42 tokens/s."


def test_what_was_not_measured_is_not_told() -> None:
    assert of_chat(chatted(AnswerFacts(1), StreamFacts())) == "Answered."
    assert of_chat(chatted(AnswerFacts(1, usage=Usage(input_tokens=3)))) == "Answered."
    assert of_chat(chatted(None, note="Why.")) == "Why."


def test_a_refusal_is_told_and_a_hostile_name_is_not() -> None:
    answer = AnswerFacts(1, served_model="x\x1b[2J", refused=True)
    assert of_chat(chatted(answer, note="More.")) == "Answered, the model refused. More."
