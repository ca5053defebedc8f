from __future__ import annotations

import pytest

from gatewaytui.domain.profile import NO_KEY, AuthHeader, Protocol
from gatewaytui.storage.origin import in_clear
from gatewaytui.storage.presets import PRESETS
from gatewaytui.storage.profiletable import check


def test_the_gateways_of_the_seeds_come_first() -> None:
    assert list(PRESETS)[:4] == ["tken", "tokmodel", "tokenopen", "tokone"]
    assert set(PRESETS) >= {"openai", "anthropic", "gemini", "openrouter", "litellm", "ollama", "vllm", "llamacpp"}


@pytest.mark.parametrize(
    ("name", "base_url", "header", "models_path"),
    [
        ("tken", "https://www.tken.shop/v1", AuthHeader.BEARER, "/models"),
        ("tokmodel", "https://tokmodel.com/v1", AuthHeader.BEARER, "/v1beta/models"),
        ("tokenopen", "https://api.tokenopen.ai/v1", AuthHeader.BEARER, "/models"),
        ("tokone", "https://api.tokone.ai/v1", AuthHeader.AUTO, "/models"),
    ],
)
def test_the_seeds_say_how_they_are_spoken_to(name: str, base_url: str, header: AuthHeader, models_path: str) -> None:
    profile = PRESETS[name].profile
    assert (profile.base_url, profile.auth_header, profile.models_path) == (base_url, header, models_path)
    assert profile.protocol is Protocol.OPENAI_CHAT


def test_tokone_has_a_key_for_each_protocol() -> None:
    groups = PRESETS["tokone"].profile.groups
    assert {group.name: group.protocols for group in groups} == {
        "openai": (Protocol.OPENAI_CHAT,),
        "anthropic": (Protocol.ANTHROPIC,),
        "gemini": (Protocol.GEMINI,),
    }


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS.keys())
def test_every_preset_can_be_saved_and_keeps_its_key_from_the_wire(preset: object) -> None:
    from gatewaytui.storage.presets import Preset

    assert isinstance(preset, Preset)
    check(preset.profile)
    assert preset.profile.name == preset.name
    assert preset.title
    assert preset.about.endswith(".")
    assert not in_clear(preset.profile.base_url)
    assert bool(preset.variable) is (preset.profile.key != NO_KEY)
