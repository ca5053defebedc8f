from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.evidence.folding import Folded, squeeze

ESCAPED = st.lists(
    st.sampled_from(
        ["%41", "%2541", "%C3%A9", "%ff", "\\u0041", "\\\\u0041", "\\x41", "\\n", "\\\\", '\\"', "&amp;", "&#65;"]
    )
    | st.sampled_from(
        [
            "&amp;#65;",
            "\u200b",
            "\u00ad",
            " ",
            "\n",
            "+",
            "a",
            "B",
            "\u0130",
            "\u00e9",
            "%",
            "&",
            "\\",
            "%4",
            "\\u{41}",
        ]
    )
    | st.text(max_size=3),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("A b\nC+d", "abcd"),
        ("%41%2542", "ab"),
        ("\\u0041\\\\u0042\\x43\\u{44}", "abcd"),
        ("&#65;&#x42;&amp;#67;&lt;", "abc<"),
        ("a\u200bb\u00adc\\nd\\\\n", "abcd"),
        ("100%", "100%"),
    ],
)
def test_squeezing(text: str, folded: str) -> None:
    assert squeeze(text) == folded


@given(ESCAPED)
def test_the_fast_and_the_mapped_way_agree(text: str) -> None:
    assert Folded.squeezed(text).text == squeeze(text)


@given(ESCAPED, st.data())
def test_a_stretch_leads_back_to_where_it_stood(text: str, data: st.DataObject) -> None:
    folded = Folded.opened(text)
    if folded.text:
        start = data.draw(st.integers(0, len(folded.text) - 1))
        end = data.draw(st.integers(start + 1, len(folded.text)))
        low, high = folded.original(start, end)
        assert 0 <= low < high <= len(text)
        assert folded.text[start:end] in Folded.opened(text[low:high]).text


@given(st.text(alphabet="abc XYZ.,", max_size=40))
def test_plain_text_stays_where_it_is(text: str) -> None:
    assert Folded.opened(text).text == text
