"""A pattern finds what ``re.compile`` of the same text finds."""

from __future__ import annotations

import re

from gatewaytui.domain.pattern import Pattern


def test_it_finds_matches_and_replaces_with_its_flags() -> None:
    pattern = Pattern(r"b(\d+)", re.IGNORECASE)
    found = pattern.search("aB12")
    assert found is not None
    assert found.group(1) == "12"
    assert pattern.fullmatch("b12x") is None
    assert pattern.fullmatch("b12") is not None
    assert pattern.sub("-", "b1 B2 c3") == "- - c3"
    assert pattern.sub(lambda match: match[1], "b1 B2") == "1 2"


def test_bytes_are_looked_through_too() -> None:
    assert Pattern(rb"^x", re.MULTILINE).search(b"a\nx") is not None
