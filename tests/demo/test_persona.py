"""The data files: complete, consistent, and strict about words they do not know."""

from __future__ import annotations

import json
import re
from string import Template

import msgspec
import pytest

from gatewaytui.demo.persona import Family, Persona, Trouble, load_personas
from gatewaytui.domain.failure import FailureClass, FailureFamily
from gatewaytui.domain.profile import Protocol

PERSONAS = load_personas()
SEEDS = ["tken", "tokmodel", "tokenopen", "tokone"]
TOUR = [
    *SEEDS, "healthy", "slow", "no-credit", "rate-limited", "overloaded", "wrong-route", "html-502", "error-in-200",
    "stalls", "cuts-streams", "empty-models", "wrong-model",
]  # fmt: skip
SAID_BY_ALL = set(Trouble) - {Trouble.QUERY_KEY, Trouble.PAGE, Trouble.OWN}
FAMILIES = {
    Protocol.OPENAI_CHAT: Family.OPENAI,
    Protocol.OPENAI_RESPONSES: Family.OPENAI,
    Protocol.ANTHROPIC: Family.ANTHROPIC,
    Protocol.GEMINI: Family.GEMINI,
}


def test_the_tour_comes_first_and_begins_with_the_seeds() -> None:
    tour = [persona.name for persona in PERSONAS.values() if persona.tour]
    assert sorted(tour) == sorted(TOUR) and list(PERSONAS)[:16] == tour and tour[:4] == SEEDS


def test_the_others_follow_by_family_and_class_of_what_they_show() -> None:
    shown = [persona.shows for persona in PERSONAS.values() if not persona.tour]
    known = [each for each in shown if each]
    assert known == shown == sorted(known, key=list(FailureClass).index)
    families = [each.family for each in known]
    assert families == sorted(families, key=list(FailureFamily).index)


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS)
def test_a_fault_has_its_words_and_an_end(persona: Persona) -> None:
    if fault := persona.fault:
        if fault.trouble:
            assert all(persona.refusal(FAMILIES[protocol], fault.trouble).body for protocol in persona.protocols)
        assert fault.seconds <= 40 and persona.patience.total < fault.seconds
    assert persona.about.endswith(".") and len(persona.about) <= 120


def test_a_file_need_not_repeat_what_is_usual() -> None:
    assert PERSONAS["bad-key"].models == PERSONAS["slow"].models != PERSONAS["tken"].models


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS)
def test_every_trouble_has_words_in_every_family(persona: Persona) -> None:
    for family in {FAMILIES[protocol] for protocol in persona.protocols}:
        for trouble in SAID_BY_ALL:
            refusal = persona.refusal(family, trouble)
            body = Template(refusal.body).safe_substitute(param="null")
            assert refusal.status >= 400 and isinstance(json.loads(body), dict), (family, trouble)
        assert persona.headers(family)


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS)
def test_lists_are_long_enough_to_look_at(persona: Persona) -> None:
    ids = [model.id for model in persona.models]
    assert 8 <= len(ids) <= 60 and len(set(ids)) == len(ids)
    assert persona.model == next(model.id for model in persona.models if model.makes == "chat")


def test_keys_look_like_keys_are_clearly_not_real_and_never_shared() -> None:
    keys = [persona.key(group) for persona in PERSONAS.values() for group in persona.key_groups]
    assert all(re.fullmatch(r"sk-demo-[a-z0-9]{32}", key) for key in keys)
    assert len(set(keys)) == len(keys) == len(PERSONAS) + 2
    assert load_personas()["tken"].key("") == PERSONAS["tken"].key("")


def test_the_four_gateways_differ_in_pace() -> None:
    paces = {(p.pacing.ttft_ms, p.pacing.tokens_per_second) for p in list(PERSONAS.values())[:4]}
    assert len(paces) == 4


@pytest.mark.parametrize(
    "extra", [{"colour": "red"}, {"fault": {"kind": "explode"}}, {"lists": {"/v1/models": "list"}}]
)
def test_an_unknown_word_is_an_error(extra: dict[str, object]) -> None:
    table = {"name": "x", "rank": 1, "title": "X", "about": "", "seed": 1, "models": [], "layers": []}
    assert msgspec.convert(table, Persona).name == "x"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(table | extra, Persona)
