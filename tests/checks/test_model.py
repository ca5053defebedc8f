"""Is the model that will be asked for in the list?"""

from __future__ import annotations

import pytest

from gatewaytui.checks.model import judge
from gatewaytui.domain.catalogue import ListShape, ModelInfo, ModelList
from gatewaytui.domain.failure import FailureClass, Origin
from gatewaytui.domain.run import Outcome, Rung

LISTED = ModelList(ListShape.OPENAI, (ModelInfo("gpt-5.5"), ModelInfo("gpt-5.5-mini", aliases=("gpt-mini",))))


@pytest.mark.parametrize(
    ("asked", "chosen", "listed", "outcome", "note"),
    [
        ("gpt-5.5", "gpt-5.5", LISTED, Outcome.PASSED, "gpt-5.5 is listed."),
        ("", "gpt-5.5", LISTED, Outcome.PASSED, "took the first chat model listed"),
        ("gpt-mini", "gpt-mini", LISTED, Outcome.PASSED, "another name"),
        ("gpt-5.4", "gpt-5.4", LISTED, Outcome.WARNED, "gpt-5.4 is not listed."),
        ("GPT-5.5", "GPT-5.5", LISTED, Outcome.WARNED, "not listed"),
        ("gpt-5.5", "gpt-5.5", None, Outcome.SKIPPED, "no list to look it up in"),
        ("", "", None, Outcome.FAILED, "No model was given."),
        ("", "", LISTED, Outcome.FAILED, "None of the listed models is for chat."),
    ],
)
def test_the_rung(asked: str, chosen: str, listed: ModelList | None, outcome: Outcome, note: str) -> None:
    check = judge(asked, chosen, listed)
    assert (check.name, check.outcome) == (Rung.MODEL, outcome)
    assert note in check.note
    assert (check.method, check.status, check.elapsed_ms) == ("", None, None)


def test_an_unlisted_id_gets_the_nearest_ones_and_only_warns() -> None:
    finding = judge("gpt-5.5-mni", "gpt-5.5-mni", LISTED).finding
    assert finding is not None and finding.failure_class is FailureClass.MODEL_NOT_FOUND
    assert "gpt-5.5-mini" in finding.next_step


def test_an_id_like_no_other_is_told_where_to_look() -> None:
    finding = judge("zzz", "zzz", LISTED).finding
    assert finding is not None and finding.next_step == FailureClass.MODEL_NOT_FOUND.meaning.next_step


def test_no_model_at_all_is_a_matter_of_this_machine() -> None:
    finding = judge("", "", None).finding
    assert finding is not None and finding.origin is Origin.LOCAL and "--model" in finding.next_step


def test_a_hostile_id_is_not_repeated() -> None:
    evil = "gpt\x1b]52;c;x\x07"
    check = judge(evil, evil, ModelList(ListShape.OPENAI, (ModelInfo(evil + "2"),)))
    said = check.note + (check.finding.next_step if check.finding else "")
    assert "\x1b" not in said and "52;c" not in said
    assert check.note == "The model is not listed."
