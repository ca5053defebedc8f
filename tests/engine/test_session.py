"""Key sources that block: the keyring's unlock window may hang, and nothing else does."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.engine.session import from_source

HANGING = """
import asyncio, threading
from gatewaytui.domain.problem import Problem
from gatewaytui.engine.session import from_source
try:
    asyncio.run(from_source(threading.Event().wait, patience_s=0.1))
except Problem as problem:
    print(problem.failure_class)
"""


def test_a_key_source_that_hangs_is_a_sentence_and_the_loop_goes_on() -> None:
    released = threading.Event()

    async def scenario() -> int:
        turns = 0

        async def others() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0.001)
                turns += 1

        beside = asyncio.create_task(others())
        with pytest.raises(Problem, match="did not answer") as trouble:
            await from_source(released.wait, patience_s=0.2)
        beside.cancel()
        assert trouble.value.failure_class is FailureClass.KEYSTORE
        assert "env:NAME" in trouble.value.next_step
        return turns

    try:
        assert asyncio.run(scenario()) > 1
    finally:
        released.set()


def test_a_key_source_that_hangs_does_not_hold_up_the_exit() -> None:
    done = subprocess.run([sys.executable, "-c", HANGING], capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout.strip(), done.stderr) == ("keystore", "")


def test_an_answer_that_comes_too_late_disturbs_nobody() -> None:
    released = threading.Event()

    async def scenario() -> None:
        with pytest.raises(Problem):
            await from_source(released.wait, patience_s=0.05)
        released.set()
        await asyncio.sleep(0.05)

    asyncio.run(scenario(), debug=True)


def test_a_problem_of_the_key_source_is_raised_here() -> None:
    def broken() -> None:
        raise Problem(FailureClass.KEYSTORE, "The keyring is locked.")

    with pytest.raises(Problem, match="locked"):
        asyncio.run(from_source(broken))
