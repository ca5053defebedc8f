"""What ``compare`` sends: how many runs of which request, and the guard that says its price before it is spent."""

from __future__ import annotations

import functools
import secrets
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import click
import msgspec
from msgspec.structs import replace

from gatewaytui.checks.base import Plan
from gatewaytui.checks.models import first_chat_model
from gatewaytui.diagnosis.comparison import NO_PRICE, Price, cost_of
from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.profile import Target, Timeouts
from gatewaytui.domain.progress import CheckFinished, CompareJob, ModelsArrived, ModelsJob, Progress, SpendPlanned
from gatewaytui.domain.run import Budget, CheckResult, Run, Spending
from gatewaytui.engine.choosing import wanted_model
from gatewaytui.engine.compareplan import compare_run, planned_budget, planned_spending
from gatewaytui.engine.comparing import listed_price
from gatewaytui.engine.desk import target_facts

from . import exit_codes, output
from .parameters import finite
from .working import Worker

MOST_UNASKED_REQUESTS = 200
MOST_UNASKED_USD = 1.0
PRICE_PATIENCE_S = 5.0
DEFAULT_PROMPT = "Name the seven colours of the rainbow, one a line."
_WIPE = "\r\x1b[K"
_SEEDS = 10**9
_LEAST_SHOWN_USD = 0.0001
_ANY_TOKENS = 10**9


class Load(msgspec.Struct, frozen=True):
    """The options that say what is sent."""

    prompt: str
    runs: int
    warm_up: int
    concurrency: int
    interval: float
    seed: int | None
    temperature: float | None
    max_tokens: int
    no_stream: bool
    max_requests: int | None

    def job(self, aims: tuple[Target, ...]) -> CompareJob:
        """The comparison, with as many runs as ``--max-requests`` leaves, the same for each target."""
        request = ChatRequest(
            "",
            (Message(Role.USER, self.prompt),),
            stream=not self.no_stream,
            max_tokens=self.max_tokens,
            temperature=self.temperature,
        )
        seed = secrets.randbelow(_SEEDS) if self.seed is None else self.seed
        job = CompareJob(aims, request, self.runs, self.warm_up, self.concurrency, seed, self.interval)
        if self.max_requests is None:
            return job
        runs = min(self.runs, self.max_requests // len(aims) - self.warm_up)
        if runs < 1:
            least = len(aims) * (1 + self.warm_up)
            raise click.UsageError(f"--max-requests {self.max_requests} is too few: one run each takes {least}.")
        return replace(job, runs=runs, budget=Budget(self.max_requests, _ANY_TOKENS))

    def fewer(self, job: CompareJob) -> str:
        """What ``--max-requests`` left of the runs that were asked for; "" where it left them all."""
        if job.runs == self.runs:
            return ""
        return (
            f"{output.counted(job.runs, 'run')} of each instead of {self.runs:,}: --max-requests {self.max_requests}."
        )


_OPTIONS = (
    click.option(
        "--prompt", default=DEFAULT_PROMPT, metavar="TEXT", help="A small, non-sensitive prompt; never stored."
    ),
    click.option("--runs", type=click.IntRange(1, 10_000), default=1, metavar="N", help="Measured runs each (1)."),
    click.option(
        "--warm-up", type=click.IntRange(0, 1_000), default=0, metavar="N", help="Runs before, not measured (0)."
    ),
    click.option(
        "--concurrency", type=click.IntRange(1, 256), default=1, metavar="N", help="At a time, for each target (1)."
    ),
    click.option(
        "--interval",
        type=click.FloatRange(0, 86_400),
        default=0.0,
        callback=finite,
        metavar="S",
        help="Start a target's runs so far apart, ended or not.",
    ),
    click.option("--seed", type=click.IntRange(0, _SEEDS), metavar="N", help="Of the targets' order (by chance)."),
    click.option(
        "--temperature",
        type=click.FloatRange(0, 2),
        callback=finite,
        metavar="T",
        help="The sampling temperature; at 0 answers are compared too.",
    ),
    click.option("--max-tokens", type=click.IntRange(1), default=256, metavar="N", help="The longest answer (256)."),
    click.option("--no-stream", is_flag=True, help="Ask for whole answers: no times to first token."),
    click.option("--max-requests", type=click.IntRange(1), metavar="N", help="At most N; fewer runs where needed."),
)
Command = Callable[..., None]


def load_options(function: Command) -> Command:
    """Give the command these options; it gets them as one argument, ``load``."""

    @functools.wraps(function)
    def with_load(*args: Any, **given: Any) -> None:
        function(*args, load=Load(**{name: given.pop(name) for name in Load.__struct_fields__}), **given)

    command: Command = with_load
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(slots=True)
class Heard:
    """What a running comparison told: its verdicts, and what it has spent. Shown in one line on a terminal.

    ``models`` are the targets' models as far as they are known before the first request. ``tokens`` are those that
    the servers counted: what is told as spent holds what is set aside for a request on its way, too.
    """

    job: CompareJob
    models: tuple[str, ...]
    checks: list[CheckResult] = field(default_factory=list)
    planned: SpendPlanned | None = None
    tokens: int = 0
    cost_usd: float = 0.0
    _drawn: bool = False

    def __call__(self, progress: Progress) -> None:
        """Take what was told."""
        match progress:
            case CheckFinished():
                self.checks.append(progress.check)
                usage = progress.check.answer.usage if progress.check.answer else None
                self.tokens += (usage.in_all or 0) if usage else 0
                self.cost_usd += self._cost(progress.check)
                self._draw()
            case SpendPlanned():
                self.planned = progress
                self._draw()

    def stopped(self, started: datetime) -> Run:
        """The run of what was measured until now."""
        facts = tuple(
            target_facts(Plan(aim, model), wanted_model(aim))
            for aim, model in zip(self.job.targets, self.models, strict=True)
        )
        run = compare_run(self.job, started, self.checks, facts, dict(enumerate(self.job.prices)))
        return replace(run, spending=self.planned.spent if self.planned else None)

    def unfinished(self) -> str:
        """What was sent until now, where no run came to its end."""
        spent = self.planned.spent if self.planned else None
        if spent is None or not spent.requests:
            return "No chat was sent."
        return f"No run came to its end: {self.spent_line(spent)}"

    def spent_line(self, spending: Spending) -> str:
        """What it came to: ``24 requests, 480 tokens, $0.0021 (1 target without price).``

        Where a server counted no tokens, only the most it can be is known.
        """
        uncounted = spending.tokens > self.tokens
        tokens = output.counted(spending.tokens, "token")
        parts = [output.counted(spending.requests, "request"), f"at most {tokens}" if uncounted else tokens]
        unpriced = sum(None in price for price in self.job.prices)
        if unpriced < len(self.job.prices) and (self.cost_usd or not uncounted):
            without = f" ({output.counted(unpriced, 'target')} without price)" if unpriced else ""
            parts.append(f"{'at least ' if uncounted else ''}{_dollars(self.cost_usd)}{without}")
        if spending.skipped:
            parts.append(f"{spending.skipped} not sent for want of budget")
        return ", ".join(parts) + "."

    def wipe(self) -> None:
        """Take the line away."""
        if self._drawn:
            output.think(_WIPE)
            self._drawn = False

    def _cost(self, check: CheckResult) -> float:
        usage = check.answer.usage if check.answer else None
        price = self.job.prices[check.target] if self.job.prices else NO_PRICE
        return cost_of(usage.input_tokens or 0, usage.output_tokens or 0, price) or 0.0 if usage else 0.0

    def _draw(self) -> None:
        planned = self.planned
        if planned is None or not sys.stderr.isatty():
            return
        most = max(planned.tokens, self.tokens)
        money = f", ${self.cost_usd:.4f} so far" if planned.cost_usd is not None else ""
        requests = f"{planned.spent.requests:,} of {planned.requests:,} requests"
        line = f"{requests}, {self.tokens:,} of at most {most:,} tokens{money}"
        output.think(_WIPE + line[: shutil.get_terminal_size().columns - 1])
        self._drawn = True


def _dollars(cost: float) -> str:
    return "at no cost" if not cost else f"${cost:.4f}" if cost >= _LEAST_SHOWN_USD else "less than $0.0001"


def guarded(worker: Worker, job: CompareJob, ctx: click.Context, *, agreed: bool) -> Heard:
    """The job with the listed prices, after its cost was said and, where it is large, agreed to; who is to hear it.

    Without a person at the terminal and without ``--yes`` a large one is a usage error; a person's no ends it.
    """
    listed = _listed(worker, job)
    models = tuple(model for model, _ in listed)
    job = replace(job, prices=tuple(price for _, price in listed), models=models)
    heard = Heard(job, models)
    planned = _planned(job)
    output.say(spend_line(planned))
    much = planned.requests > MOST_UNASKED_REQUESTS or (planned.cost_usd or 0.0) > MOST_UNASKED_USD
    if agreed or not much:
        return heard
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError(
            f"More than {MOST_UNASKED_REQUESTS} requests or {MOST_UNASKED_USD:.0f} US dollar: agree with --yes."
        )
    if not click.confirm("Send them?", err=True):
        output.say("Nothing was sent.")
        ctx.exit(exit_codes.INTERRUPTED)
    return heard


def spend_line(planned: SpendPlanned) -> str:
    """``24 requests, at most 6,720 tokens, at most $0.0021 (1 target without price).``"""
    parts = [output.counted(planned.requests, "request"), f"at most {output.counted(planned.tokens, 'token')}"]
    without = f"{output.counted(planned.unpriced, 'target')} without price"
    if planned.cost_usd is None:
        return ", ".join((*parts, "price not listed")) + "."
    money = f"at most ${max(planned.cost_usd, 0.0001):.4f}" if planned.cost_usd else "at no cost"
    return ", ".join((*parts, money)) + (f" ({without})." if planned.unpriced else ".")


def _planned(job: CompareJob) -> SpendPlanned:
    prices = dict(enumerate(job.prices))
    return planned_spending(job, prices, Spending(planned_budget(job)))


def _listed(worker: Worker, job: CompareJob) -> list[tuple[str, Price]]:
    """Each target's model and its price by the target's list; a list that does not come soon says nothing."""
    found: dict[int, tuple[str, Price]] = {}

    def hear(progress: Progress) -> None:
        if isinstance(progress, ModelsArrived):
            listed = progress.models
            model = wanted_model(job.targets[progress.target]) or first_chat_model(listed.ids)
            found[progress.target] = model, listed_price(listed, model)

    shown = sys.stderr.isatty()
    if shown:
        output.think("Reading models and prices")
    try:
        worker.do(ModelsJob(tuple(map(_hasty, job.targets))), hear, keep=False)
    finally:
        if shown:
            output.think(_WIPE)
    return [found.get(index, (wanted_model(aim), NO_PRICE)) for index, aim in enumerate(job.targets)]


def _hasty(target: Target) -> Target:
    """The target with no more patience than a look at its list is worth."""
    own, most = target.profile.timeouts, Timeouts.within(PRICE_PATIENCE_S)
    pairs = {name: min(getattr(own, name), getattr(most, name)) for name in Timeouts.__struct_fields__}
    return replace(target, profile=replace(target.profile, timeouts=Timeouts(**pairs)))
