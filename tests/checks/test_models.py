"""Choosing a model, joining pages, and whether another list path is worth a try."""

from __future__ import annotations

import pytest

from gatewaytui.checks.models import first_chat_model, join_pages
from gatewaytui.domain.catalogue import ListShape, ModelInfo, ModelList


@pytest.mark.parametrize(
    ("ids", "chosen"),
    [
        (["text-embedding-3-large", "gpt-5.5"], "gpt-5.5"),
        (["BAAI/bge-reranker-v2-m3", "whisper-1", "dall-e-3", "tts-1", "claude-sonnet-4-6"], "claude-sonnet-4-6"),
        (["gemini-2.5-flash-image", "imagen-4", "veo-3", "gemini-3.5-flash"], "gemini-3.5-flash"),
        (["omni-moderation-latest", "sora-2"], ""),
        ([], ""),
        (["", "qwen3-235b-a22b"], "qwen3-235b-a22b"),
    ],
)
def test_the_first_model_that_can_chat_is_taken(ids: list[str], chosen: str) -> None:
    assert first_chat_model(ids) == chosen


def test_an_id_that_may_be_a_key_is_taken_last() -> None:
    key = "sk-proj-0123456789abcdefghijABCDEFGHIJ"
    assert first_chat_model((key, "text-embedding-3-small", "gpt-5.5")) == "gpt-5.5"
    assert first_chat_model((key,)) == key


def _page(*ids: str, next_page: str = "", truncated: bool = False) -> ModelList:
    return ModelList(ListShape.ANTHROPIC, tuple(ModelInfo(id) for id in ids), next_page, truncated)


def test_pages_become_one_list_in_order() -> None:
    whole = join_pages([_page("a", "b", next_page="b"), _page("c")])
    assert ([m.id for m in whole.models], whole.next_page, whole.truncated) == (["a", "b", "c"], "", False)


def test_a_list_whose_last_page_never_came_is_said_to_be_cut() -> None:
    assert join_pages([_page("a", next_page="a")]).truncated


def test_twenty_thousand_entries_are_enough() -> None:
    whole = join_pages(
        [_page(*(f"m{i}" for i in range(15_000)), next_page="x"), _page(*(f"n{i}" for i in range(15_000)))]
    )
    assert (len(whole.models), whole.truncated) == (20_000, True)
