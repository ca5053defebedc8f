"""``explain``: offline. A saved exchange in, its class, origin and next step out, through the same rooms as live."""

from __future__ import annotations

import hashlib
import json
from codecs import BOM_UTF8
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec.structs import asdict, replace

from gatewaytui.checks.base import outcome_of
from gatewaytui.diagnosis.classify import classify
from gatewaytui.domain.chat import Answer
from gatewaytui.domain.exchange import Ask, AskKind, Exchange, WireResponse
from gatewaytui.domain.failure import Finding
from gatewaytui.domain.profile import Protocol
from gatewaytui.domain.reading import Reading
from gatewaytui.domain.run import Outcome
from gatewaytui.domain.text import safe_line
from gatewaytui.protocols.captures import read_capture
from gatewaytui.protocols.reading import read_exchange

from . import exit_codes, output
from .reading import read_input

UNRECOGNISED = 22
LONGEST_LINE = 10_000


@click.command(
    epilog="""\b
Examples:
  gatewaytui explain session.har
  curl -si https://gateway.example/v1/models -H "Authorization: Bearer $KEY" | gatewaytui explain -
  gatewaytui explain error.json --status 403 --format json
"""
)
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="For a person (text), or JSON."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--show-text", is_flag=True, help="Add the answer's text and the list's ids, which may be private.")
@click.option(
    "--status", type=click.IntRange(100, 999), metavar="CODE", help="The HTTP status, where the file has none."
)
@click.option("--content-type", metavar="TYPE", help="The Content-Type, where the file has none.")
@click.option("--ask", type=click.Choice(["models", "chat"]), help="What was asked, where the file does not say.")
@click.option("--model", metavar="ID", help="The model that was asked for, where the file does not say.")
@click.option(
    "--protocol",
    type=click.Choice([protocol.value for protocol in Protocol]),
    help="The protocol that was spoken, where the file does not say.",
)
@click.pass_context
def command(
    ctx: click.Context, /, file: Path | None, format_: str, as_json: bool, show_text: bool, **hints: Any
) -> None:
    """Say what a saved exchange means: a HAR file, `curl -i` output, or a raw body, streamed or not.

    Offline. Without FILE, or with -, it reads standard input. The exit code is the first failed exchange's family.
    """
    told = _Hints(**hints)
    captured = read_input(file).removeprefix(BOM_UTF8)
    explained = [told.explained(exchange, captured) for exchange in read_capture(captured)]
    if as_json or format_ == "json":
        documents = [one.document(show_text) for one in explained]
        output.data(json.dumps({"exchanges": documents}, indent=2, allow_nan=False) + "\n")
    else:
        output.data("".join(f"{number}. {one.text(show_text)}" for number, one in enumerate(explained, 1)))
    if not explained:
        output.trouble_said(
            "Nothing in this input was recognised as an HTTP exchange.",
            "Save it as a HAR file, as `curl -i` output, or as the response's body alone.",
        )
        ctx.exit(UNRECOGNISED)
    failed = next((one.finding for one in explained if one.finding and one.outcome is Outcome.FAILED), None)
    ctx.exit(failed.family.exit_code if failed else exit_codes.OK)


class _Explained(msgspec.Struct, frozen=True):
    """An exchange with what its protocol read in it and what that means.

    ``status`` is the one that the file or the person said; None for a body alone, whose status is only assumed.
    """

    exchange: Exchange
    reading: Reading
    finding: Finding | None
    status: int | None

    @property
    def outcome(self) -> Outcome:
        """Passed, warned or failed."""
        return outcome_of(self.finding)

    @property
    def signals(self) -> dict[str, str | int | float | bool]:
        """What the finding rests on, without a status that nobody saw."""
        seen = {signal.name: signal.value for signal in self.finding.signals} if self.finding else {}
        return {name: value for name, value in seen.items() if name != "status" or self.status is not None}

    def document(self, show_text: bool) -> dict[str, Any]:
        """The exchange as the contract of ``explain --format json`` has it; a figure not measured is null."""
        answer, models, end = self.reading.answer, self.reading.models, self.reading.stream_end
        body: dict[str, Any] = {
            "protocol": self.reading.kind.value,
            "streaming": self.reading.streaming,
            "status": self.status,
            "outcome": self.outcome.value,
            "failure": self._failure(),
            **_answer(answer),
            "stream_end": end.value if end else None,
        }
        if models is not None:
            body["model_count"] = len(models.models)
        if show_text:
            body["text"] = answer.text if answer else None
        if show_text and models is not None:
            body["model_ids"] = list(models.ids)
        return body

    def _failure(self) -> dict[str, Any] | None:
        """The finding under its public names."""
        finding = self.finding
        if finding is None:
            return None
        return {
            "class": finding.failure_class.value,
            "family": finding.family.value,
            "origin": finding.origin.value,
            "confidence": finding.confidence.value,
            "rule": finding.rule,
            "whose": finding.whose,
            "next_step": finding.next_step,
            "retry": {"when": finding.retry.when.value, "seconds": finding.retry.seconds},
            "signals": self.signals,
        }

    def text(self, show_text: bool) -> str:
        """The exchange for a person."""
        request, reading = self.exchange.request, self.reading
        asked = f"{safe_line(request.method, 16)} {safe_line(request.path, 120)}: " if request.path else ""
        status = f"HTTP {self.status}" if self.status else "no status"
        streamed = ", streamed" if reading.streaming else ""
        lines = [f"{asked}{reading.kind}{streamed}, {status}: {output.sign(self.outcome)} {self.outcome}"]
        lines += self._finding_lines()
        models, answer = reading.models, reading.answer
        if models is not None:
            lines.append(f"   models {len(models.models)}")
            lines += [f"          {safe_line(id)}" for id in models.ids] if show_text else []
        if answer is not None and self.outcome is not Outcome.FAILED:
            lines.append(
                f"   answer {len(answer.text)} characters, finish {safe_line(answer.finish_reason) or 'not said'},"
                f" model {safe_line(answer.served_model) or 'not said'}"
            )
        if show_text and answer is not None and answer.text:
            lines += ["", *(f"   {safe_line(line, LONGEST_LINE)}" for line in answer.text.splitlines()), ""]
        return "\n".join(lines) + "\n"

    def _finding_lines(self) -> list[str]:
        finding = self.finding
        if finding is None:
            return []
        return [
            f"   class  {finding.failure_class} ({finding.family}), {finding.confidence}, rule {finding.rule}",
            f"   origin {finding.origin}",
            f"   what   {finding.title}",
            f"   whose  {finding.whose}",
            f"   next   {finding.next_step}",
            "   seen   " + ", ".join(f"{name}={value}" for name, value in self.signals.items()),
        ]


class _Hints(msgspec.Struct, frozen=True):
    """What the person knows beside the file: it fills the gaps of a body or of a response alone."""

    status: int | None
    content_type: str | None
    ask: str | None
    model: str | None
    protocol: str | None

    def explained(self, exchange: Exchange, captured: bytes) -> _Explained:
        """The exchange, its gaps filled, read and judged as the engine does it live."""
        request, response = exchange.request, exchange.response
        status = self.status
        if response is not None and response.body != captured:  # a status line stood before the body
            status = response.status
        if response is not None:
            response = replace(response, status=status or response.status, headers=self._headers(response))
        known = replace(exchange, request=replace(request, ask=self._ask(request.ask)), response=response)
        reading = read_exchange(known)
        return _Explained(known, reading, classify(known, reading if response else None), status)

    def _headers(self, response: WireResponse) -> tuple[tuple[str, str], ...]:
        if not self.content_type or response.header("content-type"):
            return response.headers
        return (("content-type", self.content_type), *response.headers)

    def _ask(self, asked: Ask) -> Ask:
        model = asked.model or self.model or ""
        if asked.kind is not AskKind.UNKNOWN or not (self.ask or self.protocol):
            return replace(asked, model=model)
        kind, protocol = AskKind(self.ask or AskKind.CHAT), Protocol(self.protocol or Protocol.OPENAI_CHAT)
        return replace(asked, kind=kind, protocol=protocol, model=model)


def _answer(answer: Answer | None) -> dict[str, Any]:
    """The answer's shape, never its text; of no answer the counts are 0 and the rest null."""
    shape = answer or Answer()
    digest = hashlib.sha256(shape.text.encode("utf-8", "replace")).hexdigest()
    return {
        "served_model": shape.served_model or None,
        "finish_reason": shape.finish_reason or None,
        "refused": bool(shape.refusal) or shape.finish_reason == "refusal",
        "usage": asdict(shape.usage) if shape.usage else None,
        "tool_calls": len(shape.tool_calls),
        "content_chunks": shape.content_chunks,
        "text_chars": len(shape.text),
        "text_sha256": digest if answer else None,
    }
