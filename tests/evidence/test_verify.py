from __future__ import annotations

import pytest

from gatewaytui.domain.secret import Secret
from gatewaytui.evidence.formats import FORMATS
from gatewaytui.evidence.known import Known
from gatewaytui.evidence.verify import verify

from .builders import evidence

KEY = "canary_4f9dKq2Lw8ZrT6vB1nXs7Hj3"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("asked", [True, False])
def test_our_own_evidence_is_sound(name: str, asked: bool) -> None:
    assert verify(FORMATS[name](evidence(mask_host=asked, with_request_id=asked))) == ()


@pytest.mark.parametrize("name", FORMATS)
def test_a_leak_is_told_with_its_place_and_without_its_text(name: str) -> None:
    content = FORMATS[name](evidence()).replace(b"vendor/model-7b", KEY.encode(), 1)
    problems = verify(content, Known(keys=(Secret(KEY),)))
    assert problems and KEY not in "".join(problems)
    assert any("holds something secret (key)" in problem for problem in problems)


def test_a_schema_breach_is_told() -> None:
    content = FORMATS["json"](evidence()).replace(b'"rate_limit"', b'"rate limits"')
    assert any("failure_class" in problem for problem in verify(content))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "neither"),
        (b"# Shopping list\n\n- milk\n", "neither"),
        (b"# Gateway evidence\n\nAll is well.\n", "neither"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"schema": ', "JSON"),
        (b'{"schema": NaN}', "JSON"),
        (b"[" * 50_000, "JSON"),
        (b"{}", "lacks"),
        (b"[]", "type"),
    ],
)
def test_other_files_get_one_clear_sentence(content: bytes, word: str) -> None:
    assert any(word in problem for problem in verify(content))
