"""``chat``: one prompt, the answer streamed to stdout, what was measured to stderr."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from msgspec.structs import asdict

from gatewaytui.domain.chat import ChatRequest, Message, ReasoningDelta, RefusalDelta, Role, TextDelta
from gatewaytui.domain.exchange import Timings
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.progress import AnswerArrived, ChatJob, Progress, ServerSaid, Streamed
from gatewaytui.domain.run import CheckResult, StreamFacts
from gatewaytui.domain.text import safe_line, safe_text

from . import exit_codes, output
from .compare_figures import off
from .parameters import finite, profile_names
from .reading import read_input
from .targets import ALL_OPTIONS, TargetOptions, target_options
from .working import Worker


@dataclass
class _Printer:
    """Prints what streams; ``wrote`` tells whether anything of the answer was printed yet."""

    raw: bool
    thinking: bool
    show_error: bool
    wrote: bool = False
    last_ns: int = 0

    def hear(self, progress: Progress) -> None:
        match progress:
            case Streamed() if self.raw:
                self._frame(progress)
            case Streamed():
                self._text(progress)
            case AnswerArrived() if not self.wrote and not self.raw and progress.text:
                self._print(safe_text(progress.text))
                self.wrote = True
            case ServerSaid() if self.show_error:
                output.server_said(progress.text)
            case _:
                pass

    def _text(self, progress: Streamed) -> None:
        for event in progress.frame.events:
            if isinstance(event, TextDelta | RefusalDelta) and event.choice == 0 and event.text:
                self._print(safe_text(event.text))
                self.wrote = True
            elif isinstance(event, ReasoningDelta) and self.thinking and event.choice == 0:
                output.think(safe_text(event.text))

    def _frame(self, progress: Streamed) -> None:
        at, gap = progress.at_ns / 1e6, (progress.at_ns - self.last_ns) / 1e6
        self.last_ns = progress.at_ns
        line = {
            "at_ms": round(at, 3),
            "gap_ms": round(gap, 3),
            "event": progress.frame.name,
            "data": progress.frame.data,
        }
        self._print(json.dumps(line) + "\n")

    @staticmethod
    def _print(text: str) -> None:
        """To stdout; where nobody reads any more, the rest of the stream is not paid for either."""
        if not output.data(text):
            raise BrokenPipeError


@click.command(
    epilog="""\b
Examples:
  gatewaytui chat tken "Write a short poem about routing." --model gpt-5.4-mini
  gatewaytui chat tokone/claude,protocol=anthropic "Hello" --raw
  gatewaytui chat tken - < prompt.txt
"""
)
@click.argument("words", nargs=-1, shell_complete=profile_names, metavar="[TARGET] PROMPT")
@target_options(*ALL_OPTIONS)
@click.option("--no-stream", is_flag=True, help="Ask for the whole answer at once.")
@click.option("--raw", is_flag=True, help="Print the wire's events, one JSON object a line with its time and gap.")
@click.option("--thinking", is_flag=True, help="Show the model's thinking on stderr.")
@click.option("--system", default="", metavar="TEXT", help="A system prompt.")
@click.option("--max-tokens", type=click.IntRange(1), metavar="N", help="The longest answer, in tokens.")
@click.option(
    "--temperature", type=click.FloatRange(0, 2), callback=finite, metavar="T", help="The sampling temperature."
)
@click.option("--prompt-file", type=click.Path(path_type=Path), metavar="FILE", help="Read the prompt from a file.")
@click.option("--show-error", is_flag=True, help="Also say the server's own error message, on stderr.")
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    options: TargetOptions,
    no_stream: bool,
    raw: bool,
    thinking: bool,
    system: str,
    max_tokens: int | None,
    temperature: float | None,
    prompt_file: Path | None,
    show_error: bool,
) -> None:
    """Send one prompt to TARGET and stream the answer to stdout, what was measured to stderr.

    With --base-url there is no TARGET. PROMPT - reads standard input.
    """
    name, rest = (None, words) if options.base_url else (words[0] if words else None, words[1:])
    aim = options.target(name)
    request = ChatRequest(
        model="",
        messages=(Message(Role.USER, _prompt(rest, prompt_file)),),
        system=system,
        stream=not no_stream,
        max_tokens=max_tokens,
        temperature=temperature,
    )
    printer = _Printer(raw, thinking, show_error)
    worker = Worker(targets=(aim,), consent=options.consent)
    run = worker.do(ChatJob((aim,), request), printer.hear, halts=True)
    if printer.wrote:
        output.data("\n")
    for check in run.checks:
        if _interrupted(check):
            output.say("Interrupted.")
        else:
            output.verdict(check)
        for line in figures(check):
            output.say("  " + line)
    ctx.exit(exit_codes.INTERRUPTED if any(map(_interrupted, run.checks)) else exit_codes.of_run(run))


def _interrupted(check: CheckResult) -> bool:
    return check.finding is not None and check.finding.failure_class is FailureClass.CANCELLED


def _prompt(words: tuple[str, ...], file: Path | None) -> str:
    if file is not None and words:
        raise click.UsageError("Give a prompt or --prompt-file, not both.")
    if file is None and not words:
        raise click.UsageError("Give a prompt, - for standard input, or --prompt-file.")
    piped = file is not None or words == ("-",)
    prompt = read_input(file).decode("utf-8", "replace") if piped else " ".join(words)
    if not prompt.strip():
        raise click.UsageError("The prompt is empty.")
    return prompt


def figures(check: CheckResult) -> Iterator[str]:
    """What was measured and counted, a line for each kind; what was not measured is left out."""
    if check.timings:
        yield _line(_phases(check.timings))
    if check.stream:
        facts = check.stream
        yield _line([*_measures(facts), f"{facts.chunk_count} chunks", f"end {facts.stream_end}"])
    if check.answer and check.answer.usage:
        counts = asdict(check.answer.usage)
        yield _line(f"{name.replace('_', ' ')} {count}" for name, count in counts.items() if count is not None)
    if check.answer and check.answer.finish_reason:
        finish, model = safe_line(check.answer.finish_reason), safe_line(check.answer.served_model)
        yield f"finish {finish}, model {model or 'not said'}"
    if check.request_id:
        yield f"request id {check.request_id}"


def _line(parts: Iterable[str]) -> str:
    return " · ".join(parts)


def _measures(facts: StreamFacts) -> list[str]:
    doubt = facts.uncertainty
    measured = (
        ("TTFT", facts.ttft_ms, doubt.ttft_ms, "ms"),
        ("TTFAT", facts.ttfat_ms, doubt.ttfat_ms, "ms"),
        ("ITL", facts.itl_ms, doubt.itl_ms, "ms"),
        ("e2e", facts.e2e_ms, doubt.e2e_ms, "ms"),
        ("rate", facts.tokens_per_second, doubt.tokens_per_second, f"tok/s ({facts.token_source})"),
    )
    return [
        f"{name} {value:.1f}{f' {off(by)}' if by is not None else ''} {unit}"
        for name, value, by, unit in measured
        if value is not None
    ]


def _phases(timings: Timings) -> list[str]:
    measured = (
        ("DNS", timings.dns_ns),
        ("TCP", timings.tcp_ns),
        ("TLS", timings.tls_ns),
        ("send", timings.send_ns),
        ("first byte at", timings.first_byte_ns),
        ("done at", timings.done_ns),
    )
    return [f"{name} {ns / 1e6:.1f} ms" for name, ns in measured if ns is not None]
