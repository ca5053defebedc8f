"""Check ``model``: is the model that will be asked for in the list? No request of its own."""

from __future__ import annotations

from gatewaytui.diagnosis.models import nearest
from gatewaytui.domain.catalogue import ModelList
from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin
from gatewaytui.domain.run import CheckResult, Outcome, Rung
from gatewaytui.domain.text import safe_line, valid_model_id

_SHOWN = 80


def judge(asked: str, chosen: str, listed: ModelList | None) -> CheckResult:
    """The rung. ``asked`` is the id a person gave ("" for none), ``chosen`` the one that will be used.

    An id that is not listed only warns: some gateways serve more than they list, and the chat will tell.
    """
    name = safe_line(chosen, _SHOWN) if valid_model_id(chosen) else "The model"
    if listed is None:
        if asked:
            return CheckResult(Rung.MODEL, Outcome.SKIPPED, note=f"{name}: there is no list to look it up in.")
        return CheckResult(Rung.MODEL, Outcome.FAILED, finding=_no_model(), note="No model was given.")
    if not chosen:
        return CheckResult(
            Rung.MODEL, Outcome.FAILED, finding=_no_model(), note="None of the listed models is for chat."
        )
    ids = listed.ids
    if chosen in ids:
        how = "" if asked else " No model was given: took the first chat model listed."
        return CheckResult(Rung.MODEL, Outcome.PASSED, note=f"{name} is listed.{how}")
    if any(chosen in model.aliases for model in listed.models):
        return CheckResult(Rung.MODEL, Outcome.PASSED, note=f"{name} is listed as another name of a model.")
    return CheckResult(Rung.MODEL, Outcome.WARNED, finding=_unlisted(chosen, ids), note=f"{name} is not listed.")


def _no_model() -> Finding:
    meaning = FailureClass.CONFIG.meaning
    return Finding(
        failure_class=FailureClass.CONFIG,
        rule="model.none",
        origin=Origin.LOCAL,
        confidence=Confidence.CERTAIN,
        whose=meaning.whose,
        next_step="Name a model id with --model, or set the profile's default model.",
    )


def _unlisted(chosen: str, ids: tuple[str, ...]) -> Finding:
    meaning = FailureClass.MODEL_NOT_FOUND.meaning
    near = nearest(chosen, ids)
    return Finding(
        failure_class=FailureClass.MODEL_NOT_FOUND,
        rule="model.unlisted",
        origin=Origin.GATEWAY,
        confidence=Confidence.POSSIBLE,
        whose=meaning.whose,
        next_step=f"The nearest listed ids are: {', '.join(near)}." if near else meaning.next_step,
    )
