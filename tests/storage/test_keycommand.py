from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.storage import keycommand

from .support import KEY


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_what_the_command_prints_is_the_key() -> None:
    assert keycommand.run(python(f"print('{KEY}')")) == KEY


def test_words_are_words_and_no_shell_reads_them(tmp_path: Path) -> None:
    trap = tmp_path / "made-by-a-shell"
    words = f"$(touch {trap}); `touch {trap}` | touch {trap}"
    assert keycommand.run((*python("import sys; print(sys.argv[1])"), words)) == words
    assert not trap.exists()


def test_the_command_sees_the_environment_and_no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_ADDR", "here")
    code = "import os, sys; print(os.environ['VAULT_ADDR'] + repr(sys.stdin.read()))"
    assert keycommand.run(python(code)) == "here''"


BAD = {
    "fails": (f"import sys; print('{KEY}'); sys.exit(3)", "failed"),
    "is killed": ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "failed"),
    "prints nothing": ("pass", "nothing"),
    "prints two lines": (f"print('{KEY}\\nuser: me')", "more than one line"),
    "prints no text": ("import sys; sys.stdout.buffer.write(b'\\xff\\xfe\\n')", "not print text"),
    "floods": ("import sys\nwhile True: sys.stdout.write('k' * 4096)", "far more than a key"),
    "floods its stderr": (f"import sys; sys.stderr.write('{KEY}' * 99999); sys.exit(1)", "failed"),
}


@pytest.mark.parametrize(("code", "said"), BAD.values(), ids=BAD.keys())
def test_a_command_that_goes_wrong_is_one_sentence(code: str, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Problem, match=said) as trouble:
        keycommand.run(python(code))
    assert trouble.value.failure_class is FailureClass.KEYSTORE
    assert KEY not in f"{trouble.value.sentence} {trouble.value.next_step} {trouble.value!r}"
    assert KEY not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("argv", "said"), [(("no-such-program-here",), "not found"), (("/",), "could not be started")]
)
def test_a_command_that_cannot_start_is_one_sentence(argv: tuple[str, ...], said: str) -> None:
    with pytest.raises(Problem, match=said):
        keycommand.run(argv)


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    beat = tmp_path / "beat"
    child = f"import time, pathlib\nwhile True: pathlib.Path({str(beat)!r}).touch(); time.sleep(0.01)"
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    with pytest.raises(Problem, match="did not answer"):
        keycommand.run(python(code), patience_s=1.5)
    time.sleep(0.1)
    beat.unlink(missing_ok=True)
    time.sleep(0.2)
    assert not beat.exists()
