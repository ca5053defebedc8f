from __future__ import annotations

from gatewaytui.demo.lists import anthropic_list, gemini_list, openai_list
from gatewaytui.demo.persona import Entries, load_personas

MODELS = load_personas()["healthy"].models


def test_anthropics_pages_join_to_the_whole_list() -> None:
    ids, page = [], anthropic_list(MODELS, {})
    while True:
        ids += [entry["id"] for entry in page["data"]]
        assert (page["first_id"], page["last_id"]) == (page["data"][0]["id"], page["data"][-1]["id"])
        if not page["has_more"]:
            break
        page = anthropic_list(MODELS, {"after_id": page["last_id"]})
    assert ids == [model.id for model in MODELS]


def test_geminis_pages_join_to_the_whole_list() -> None:
    first = gemini_list(MODELS, {}, Entries.PLAIN)
    second = gemini_list(MODELS, {"pageToken": first["nextPageToken"]}, Entries.PLAIN)
    names = [entry["name"] for page in (first, second) for entry in page["models"]]
    assert names == [f"models/{model.id}" for model in MODELS] and "nextPageToken" not in second


def test_a_page_size_asked_for_is_given_and_nonsense_is_ignored() -> None:
    assert len(anthropic_list(MODELS, {"limit": "3"})["data"]) == 3
    assert len(anthropic_list(MODELS, {"limit": "-3"})["data"]) == 20
    assert len(gemini_list(MODELS, {"pageSize": "9", "pageToken": "x"}, Entries.PLAIN)["models"]) == 9


def test_new_apis_lists_have_its_extras_and_gaps() -> None:
    listed = openai_list(MODELS, Entries.NEW_API)
    types = {entry["id"]: entry["supported_endpoint_types"] for entry in listed["data"]}
    assert listed["success"] is True
    assert types["claude-opus-4-7"] == ("anthropic", "openai") and types["text-embedding-3-small"] == ("embeddings",)
    bare = gemini_list(MODELS, {}, Entries.NEW_API)
    assert bare["nextPageToken"] is None and not bare["models"][0]["name"].startswith("models/")


def test_openrouters_entries_have_context_and_prices_as_text_a_token() -> None:
    entry = openai_list(MODELS, Entries.OPENROUTER)["data"][0]
    assert (entry["id"], entry["context_length"]) == ("gpt-5.5", 400000)
    assert (entry["pricing"]["prompt"], entry["pricing"]["completion"]) == ("0.00000175", "0.000014")
