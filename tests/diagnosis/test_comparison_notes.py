"""The sentences below a comparison: who is named, and when."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gatewaytui.diagnosis.comparison_notes import names, notes
from gatewaytui.domain.comparison import ColumnFacts, Metric, Spread
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.run import TargetFacts
from gatewaytui.domain.stamps import StampFacts

HERE = TargetFacts("here", "", "http://127.0.0.1:1/v1", AuthHeader.BEARER, Protocol.OPENAI_CHAT, "m-1", "m-1")
COLUMN = ColumnFacts(0, runs=9, answered=9, spreads=((Metric.ITL, Spread(9, 1.0, 1.0)),))


def said(*pairs: tuple[ColumnFacts, TargetFacts]) -> tuple[str, ...]:
    columns = [replace(column, target=at) for at, (column, _) in enumerate(pairs)]
    return notes(columns, [facts for _, facts in pairs])


def stamped(stamps: StampFacts, column: ColumnFacts = COLUMN) -> tuple[str, ...]:
    return said((replace(column, stamps=stamps), HERE))


def counted(tokens: int, profile: str = "here", model: str = "m-1") -> tuple[ColumnFacts, TargetFacts]:
    facts = replace(HERE, profile=profile, base_url=f"https://{profile}.example/v1", selected_model=model)
    return replace(COLUMN, input_tokens=(tokens,)), facts


def test_a_target_is_named_by_what_tells_it_from_the_others() -> None:
    other = replace(HERE, protocol=Protocol.ANTHROPIC)
    assert names([HERE, other, replace(HERE, profile="there")]) == (
        "here (openai-chat)",
        "here (anthropic)",
        "there",
    )
    assert names([replace(HERE, group="a"), replace(HERE, group="b")]) == ("here/a", "here/b")
    assert names([HERE, replace(HERE, selected_model="m-2")]) == ("here (m-1)", "here (m-2)")
    assert names([HERE, replace(HERE, selected_model="\x1b[31m \nx")]) == ("here (m-1)", "here")
    odd = [replace(HERE, selected_model=model) for model in ("\x1b[31m \nx", "m-1", "m-1", "not an id")]
    assert names(odd) == ("here #1", "here #2 (m-1)", "here #3 (m-1)", "here #4")


def test_all_that_count_a_prompt_differently_are_in_one_sentence() -> None:
    (note,) = said(counted(311, "b"), counted(9), counted(12, "c"))
    assert note == "here counts 9 input tokens, c 12 and b 311, for the same prompt and model."
    many = [counted(10 + at, f"p{at}") for at in range(64)]
    (note,) = said(*many)
    assert note.startswith("p0 counts 10 input tokens, p1 11, ") and len(note) < 200
    assert note.endswith("58 more up to 72 and p63 73, for the same prompt and model.")


@pytest.mark.parametrize("outlier", [1, 100_000])
def test_an_outlier_is_named_however_many_agree(outlier: int) -> None:
    (note,) = said(*(counted(10, f"p{at}") for at in range(63)), counted(outlier, "odd"))
    assert "p0 and 62 more" in note and " 10" in note and len(note) < 120
    assert (f"odd counts {outlier} " if outlier < 10 else f"odd {outlier}, ") in note


def wrote(name: str, tokens: int, **more: object) -> tuple[ColumnFacts, TargetFacts]:
    column, facts = counted(10, name)
    return replace(replace(column, texts=(1,), text_tokens=(tokens,)), **more), facts  # type: ignore[arg-type]


def test_one_text_counted_very_differently_is_said() -> None:
    (note,) = said(wrote("a", 10), wrote("b", 15))
    assert note == "a counts 10 output tokens, b 15, for the same text: ITL and tok/s differ for that reason too."
    assert said(wrote("a", 10), wrote("b", 14)) == ()
    assert said(wrote("a", 10), wrote("b", 15, texts=(2,))) == ()


def test_a_count_that_cannot_be_is_said_and_held_against_nobody() -> None:
    (note,) = said(wrote("a", 10), wrote("b", 10, miscounted=(10**15,), text_tokens=()))
    assert note.startswith(f"b counts {10**15} output tokens, which its text cannot be: ITL and tok/s go by an est")


def test_what_is_alike_of_many_is_one_sentence_with_the_worst() -> None:
    pairs = [
        (replace(COLUMN, stamps=StampFacts(10, 10, late=1, events=10, longest_lag_ms=50.0 + at)), facts)
        for at, (_, facts) in enumerate(counted(10, f"p{at}") for at in range(40))
    ]
    (note,) = said(*pairs)
    assert note.startswith("p39: 1 of 10 reads were late here, by up to 89 ms")
    assert note.endswith("(the worst of 40 targets like that).")
    assert len(said(*pairs[:2])) == 2


def test_counts_that_are_nearly_the_same_or_of_other_models_are_no_news() -> None:
    assert said(counted(100), counted(109, "b")) == ()
    other = said(counted(100), counted(300, "b", "other-9"))
    assert not any("counts" in note for note in other)


def test_one_endpoint_under_many_names_is_one_sentence() -> None:
    (note,) = said(*((COLUMN, replace(HERE, profile=name)) for name in "abc"))
    assert note == "a, b and c are the same endpoint: what differs between them is their keys, or chance."


def test_a_gateway_that_batches_is_told_from_us_who_read_late() -> None:
    (batches,) = stamped(StampFacts(20, 20, batched=12, events=90, longest_lag_ms=0.4))
    assert batches.startswith("here batches: 12 of 20 reads held several chunks though read at once, so its ITL")
    (late,) = stamped(StampFacts(20, 20, batched=3, late=9, events=90, longest_lag_ms=61.0))
    assert late.startswith("here: 9 of 20 reads were late here, by up to 61 ms")
    assert stamped(StampFacts(200, 200, batched=2, late=2, events=205, longest_lag_ms=6.0)) == ()


def test_one_burst_has_no_pace() -> None:
    burst = StampFacts(3, 3, batched=3, events=90)
    assert stamped(burst, replace(COLUMN, spreads=()))[0].endswith("so it has no pace to measure.")


@pytest.mark.parametrize(("lag", "good_to"), [(0.2, "3.4"), (8.0, "8.0")])
def test_reads_without_the_kernels_stamp_are_told_with_what_they_are_good_to(lag: float, good_to: str) -> None:
    assert stamped(StampFacts(20, 15, events=20, longest_lag_ms=lag)) == (
        f"here: 5 of 20 reads have no stamp of the kernel; their times are good to {good_to} ms.",
    )


def test_every_sentence_is_ascii_and_ends_as_one() -> None:
    worst = replace(
        COLUMN, runs=1, queued_ms=90.0, served_models=("a-1", "b-2"), stamps=StampFacts(9, 3, 4, 3, 30, 70.0)
    )
    found = said((worst, HERE), (worst, HERE), counted(99, "z", "z-9"))
    assert len(found) >= 7 and all(note.isascii() and note.endswith(".") for note in found)
