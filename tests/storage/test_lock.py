from __future__ import annotations

import threading
from pathlib import Path

import pytest

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.storage import lock


def test_one_holder_at_a_time_also_among_threads(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    inside: list[int] = []
    most = 0

    def work() -> None:
        nonlocal most
        with lock.locked(path):
            inside.append(1)
            most = max(most, len(inside))
            threading.Event().wait(0.005)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_holder_that_does_not_let_go_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE_S", 0.05)
    with (
        lock.locked(tmp_path / "a.toml"),
        pytest.raises(Problem, match=r"a\.toml") as trouble,
        lock.locked(tmp_path / "a.toml"),
    ):
        pass
    assert trouble.value.failure_class is FailureClass.STORAGE


def test_a_failure_inside_lets_go(tmp_path: Path) -> None:
    with pytest.raises(KeyError), lock.locked(tmp_path / "a.toml"):
        raise KeyError
    with lock.locked(tmp_path / "a.toml"):
        pass
