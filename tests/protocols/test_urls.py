from __future__ import annotations

import pytest

from gatewaytui.protocols.urls import (
    base_url_variants,
    join_openai,
    join_root,
    other_models_path,
    path_of,
    quoted,
    root,
)


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        ("https://g.example/v1", "/chat/completions", "https://g.example/v1/chat/completions"),
        ("https://g.example/v1/", "chat/completions", "https://g.example/v1/chat/completions"),
        ("https://g.example", "/models", "https://g.example/models"),
        ("https://tokmodel.com/v1", "/v1beta/models", "https://tokmodel.com/v1beta/models"),
        ("https://g.example/api/v1", "/v1/models", "https://g.example/api/v1/models"),
        ("https://g.example/api/v3", "/models", "https://g.example/api/v3/models"),
        ("https://g.example/healthy/v1", "/v1beta/models", "https://g.example/healthy/v1beta/models"),
    ],
)
def test_openai_paths_follow_the_base_literally(base: str, path: str, url: str) -> None:
    assert join_openai(base, path) == url


@pytest.mark.parametrize(
    ("base", "stripped"),
    [
        ("https://g.example/v1", "https://g.example"),
        ("https://g.example/v1beta/", "https://g.example"),
        ("https://g.example/v1/v1", "https://g.example/v1"),
        ("https://g.example/api/v1", "https://g.example/api"),
        ("https://g.example", "https://g.example"),
        ("https://v1", "https://v1"),
        ("https://g.example/v10", "https://g.example/v10"),
    ],
)
def test_the_root_is_the_base_without_one_version(base: str, stripped: str) -> None:
    assert root(base) == stripped
    assert join_root(base, "/v1/messages") == f"{stripped}/v1/messages"


def test_a_path_shows_neither_host_nor_query() -> None:
    assert path_of("https://user:pw@g.example/v1/models?key=secret#x") == "/v1/models"
    assert path_of("https://g.example") == "/"
    assert path_of("https://[broken/") == "/"


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("gemini-2.5-flash", "gemini-2.5-flash"),
        ("google/gemini:free@1", "google/gemini:free@1"),
        ("a b?c#d%", "a%20b%3Fc%23d%25"),
        ("../../admin", "%2E%2E/%2E%2E/admin"),
        ("模型", "%E6%A8%A1%E5%9E%8B"),
    ],
)
def test_model_ids_cannot_leave_their_place_in_the_path(model: str, path: str) -> None:
    assert quoted(model) == path


def test_the_two_known_list_paths_stand_for_each_other() -> None:
    assert other_models_path("/models") == "/v1beta/models"
    assert other_models_path("/v1beta/models") == "/models"
    assert other_models_path("/v1/models") == "/models"


@pytest.mark.parametrize(
    ("given", "first"),
    [
        ("https://g.example/v1/chat/completions", "https://g.example/v1"),
        ("https://g.example/v1/responses/compact/", "https://g.example/v1"),
        ("https://g.example/v1/messages/count_tokens", "https://g.example/v1"),
        ("https://g.example/v1/models/gpt-5.5", "https://g.example/v1"),
        ("https://g.example/v1beta/models/gemini-3.5-flash:generateContent", "https://g.example/v1beta"),
        ("https://g.example/v1/v1", "https://g.example/v1"),
        ("https://g.example/v1beta/v1", "https://g.example/v1"),
        ("https://g.example", "https://g.example/v1"),
        ("https://g.example/", "https://g.example/v1"),
        ("https://g.example/api", "https://g.example/v1"),
        ("https://g.example/tenant", "https://g.example/tenant/v1"),
        ("https://g.example/openai/deployments/prod", "https://g.example/openai/v1"),
        ("https://g.example/openai/deployments/prod/chat/completions", "https://g.example/openai/v1"),
        ("https://g.example:8443/chat/completions", "https://g.example:8443"),
    ],
)
def test_the_likeliest_other_form_of_an_address_comes_first(given: str, first: str) -> None:
    assert base_url_variants(given)[0] == first


@pytest.mark.parametrize(
    "given",
    ["https://g.example/v1", "https://g.example/api/v1", "https://g.example/v1beta", "https://g.example/tenant/v1"],
)
def test_the_usual_endings_are_all_tried_and_the_given_one_never(given: str) -> None:
    found = base_url_variants(given)
    assert given not in found and len(set(found)) == len(found)
    usual = {f"https://g.example{ending}" for ending in ("/v1", "", "/api/v1", "/v1beta")}
    assert usual - {given} <= set(found)
    assert all(url.startswith("https://g.example") and not url.endswith("/") for url in found)
