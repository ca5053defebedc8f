"""``demo``: the embedded gateways in the console, as a headless tour, or just served."""

from __future__ import annotations

import json
import signal
import threading
from types import FrameType

import click
from msgspec.structs import replace

from gatewaytui.demo.launch import Gateways, profile_for, start
from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.profile import Target, Timeouts
from gatewaytui.domain.progress import ChatJob, Job, SmokeJob
from gatewaytui.domain.run import CheckResult, Run
from gatewaytui.evidence.gate import GateRefused

from . import exit_codes, output
from .console import OpenConsole, has_terminal
from .smoke import DEFAULT_PROMPT
from .working import Worker

PATIENCE = Timeouts(connect=2, first_byte=3, stall=2, total=10)
HEADER = ("", "gateway", "verdict", "class", "whose problem")
SAMPLE = "no-credit"
STREAMED_TOKENS = 48


@click.command(
    epilog="""\b
Examples:
  gatewaytui demo
  gatewaytui demo --headless --persona no-credit --port 18099
  gatewaytui demo | cat
"""
)
@click.option("--headless", is_flag=True, help="Only serve the gateways; print one JSON object a line for each.")
@click.option("--persona", metavar="NAME", help="Only this gateway.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="The port on loopback; 0 takes a free one."
)
@click.pass_context
def command(ctx: click.Context, headless: bool, persona: str | None, port: int) -> None:
    """Try everything on embedded gateways: no key, no network.

    Opens the console. Without a terminal it proves the main ones and prints a table, then the evidence of one.
    """
    gateways = start(port=port, personas=(persona,) if persona else None)
    try:
        if headless:
            ctx.exit(_serve(gateways))
        ctx.exit(_open(ctx.obj, gateways) if has_terminal() else _tour(gateways))
    finally:
        gateways.stop()


def _open(open_console: OpenConsole, gateways: Gateways) -> int:
    return open_console(gateways)


def _serve(gateways: Gateways) -> int:
    """Print what is served, then wait for SIGINT or SIGTERM: ending a server is no failure."""
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    for info in gateways.personas:
        output.data(
            json.dumps(
                {
                    "persona": info.name,
                    "base_url": info.base_url,
                    "api_key": info.api_key,
                    "protocols": [protocol.value for protocol in info.protocols],
                    "shows": info.shows,
                    "family": info.family,
                    "model": info.model,
                }
            )
            + "\n"
        )
    while not ended.wait(0.5):
        if not gateways.running:
            output.say("gatewaytui: the embedded gateways ended by themselves.")
            return exit_codes.CRASH
    return exit_codes.OK


def _tour(gateways: Gateways) -> int:
    """The verdict of every gateway of the quick tour as a table, then one evidence document.

    One that was asked for by name is shown in any case. Each is proved as `smoke` does it; where nothing is wrong,
    one short stream follows.
    """
    shown = tuple(info for info in gateways.personas if info.tour) or gateways.personas
    keys = tuple((info.name, group, secret) for info in shown for group, secret in info.keys.items())
    worker = Worker(keys)
    names = [info.name for info in shown]
    runs = worker.do_each(
        tuple(_proof(Target(replace(profile_for(info), timeouts=PATIENCE))) for info in shown),
        lambda index, run: output.say(f"{output.sign(_worst(run).outcome)} {names[index]}"),
    )
    output.data(output.table(HEADER, [_row(name, run) for name, run in zip(names, runs, strict=True)]))
    sample = next((run for name, run in zip(names, runs, strict=True) if name == SAMPLE), runs[0])
    try:
        output.data("\n" + worker.evidence(sample, "markdown").decode())
    except GateRefused as trouble:
        return output.refused(trouble.leaks)
    return exit_codes.OK


def _proof(target: Target) -> tuple[Job, ...]:
    stream = ChatRequest("", (Message(Role.USER, DEFAULT_PROMPT),), max_tokens=STREAMED_TOKENS)
    return SmokeJob(target, DEFAULT_PROMPT), ChatJob((target,), stream)


def _worst(run: Run) -> CheckResult:
    return run.failed or (run.warned[0] if run.warned else run.checks[-1])


def _row(name: str, run: Run) -> tuple[str, ...]:
    check = _worst(run)
    finding = check.finding
    return (
        output.sign(check.outcome),
        name,
        str(check.outcome),
        str(finding.failure_class) if finding else "-",
        finding.whose if finding else "-",
    )
