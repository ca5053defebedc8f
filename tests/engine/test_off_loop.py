"""Blocking work beside the screen: its result, its Problem, its end where it never comes."""

from __future__ import annotations

import threading

import pytest

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.engine.off_loop import off_loop

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_work_runs_in_another_thread_and_its_result_comes_back() -> None:
    assert await off_loop(threading.get_ident) != threading.get_ident()


async def test_a_problem_comes_back_as_it_was_raised() -> None:
    def work() -> None:
        raise Problem(FailureClass.STORAGE, "The disk is full.")

    with pytest.raises(Problem, match="The disk is full"):
        await off_loop(work)


async def test_work_that_hangs_is_given_up_with_a_next_step_and_does_not_hold_up_the_exit() -> None:
    release = threading.Event()
    with pytest.raises(Problem) as caught:
        await off_loop(release.wait, patience_s=0.01)
    hanging = [thread for thread in threading.enumerate() if thread.name == "off-loop"]
    release.set()
    assert caught.value.failure_class is FailureClass.KEYSTORE and "variable" in caught.value.next_step
    assert all(thread.daemon for thread in hanging)
