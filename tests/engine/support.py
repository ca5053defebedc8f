"""A key source and a profile for tests of the engine."""

from __future__ import annotations

from contextlib import aclosing

from gatewaytui.domain.profile import NO_KEY, Profile, Target, Timeouts
from gatewaytui.domain.progress import Job, Progress, RunFinished
from gatewaytui.domain.run import Run
from gatewaytui.domain.secret import Secret
from gatewaytui.engine.contract import EngineContract

QUICK = Timeouts(connect=2, first_byte=3, stall=1, total=8)


class Keys:
    """Keys in memory, as the KeyStore keeps session keys."""

    def __init__(self, *keys: tuple[str, str, Secret]) -> None:
        self._keys = {(profile, group): secret for profile, group, secret in keys}

    def read(self, target: Target) -> Secret | None:
        return self._keys.get((target.profile.name, target.group))

    def headers(self, target: Target) -> tuple[tuple[str, Secret | str], ...]:
        return ()

    def must_ask_in_clear(self, profile: Profile) -> bool:
        return False

    def remember(self, profile: str, group: str, secret: Secret) -> None:
        self._keys[profile, group] = secret


def target(base_url: str, model: str = "gpt-5.5", name: str = "plain") -> Target:
    return Target(Profile(name=name, base_url=base_url, key=NO_KEY, timeouts=QUICK), model=model)


async def finish(engine: EngineContract, job: Job) -> tuple[Run, list[Progress]]:
    """The job's run and everything that was told on the way."""
    told: list[Progress] = []
    async with aclosing(engine.run(job)) as events:
        async for event in events:
            told.append(event)
    last = told[-1]
    assert isinstance(last, RunFinished)
    return last.run, told
