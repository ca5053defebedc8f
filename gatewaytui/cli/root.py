"""The command group: names and one-line help here, each command's code loaded when it is called."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn

import click

from gatewaytui import __version__

from . import endings, exit_codes, output

if TYPE_CHECKING:
    from .console import OpenConsole

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "demo": "Open the console on embedded gateways: no key, no network.",
        "smoke": "Prove one endpoint and one model; print redacted evidence.",
        "doctor": "Find the broken rung, from the address to a stream, and whose it is.",
        "endpoints": "Measure what a gateway offers: endpoints, auth headers, capabilities, groups.",
        "models": "List, search or compare the model lists of gateways.",
        "chat": "Send one prompt and stream the answer.",
        "compare": "Send one prompt to several gateways side by side; find regressions.",
        "baselines": "List, show and remove the comparisons kept to compare with.",
        "explain": "Say what a saved exchange means: HAR, curl -i output or a body.",
        "redact": "Copy text to stdout with secrets removed.",
        "verify": "Check an evidence file against its schema and for leaks.",
        "profiles": "Add, show, edit and remove endpoint profiles and their keys.",
        "handoff": "Print a proven endpoint as curl or SDK code, the key as a variable.",
        "history": "Show past runs, trends of failures, and what changed; export evidence.",
        "config": "Show where profiles, settings and history live.",
        "completion": "Print the shell completion script.",
    }
)

_EPILOG = """\b
Examples:
  gatewaytui                      open the console
  gatewaytui demo                 try it on embedded gateways, without a key
  gatewaytui profiles add tken    add a gateway from its preset
  gatewaytui smoke tken           prove it and print evidence
"""


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, from the module of its name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"gatewaytui.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with the nearest name where a command is misspelled."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            import difflib  # late: only a misspelled command wants it

            near = difflib.get_close_matches(name, COMMANDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"There is no command {name}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="gatewaytui")
@click.pass_context
def root(ctx: click.Context) -> None:
    """Diagnose LLM API gateways: what is broken, whose problem it is, what to do next.

    Without a command it opens the console.
    """
    if ctx.invoked_subcommand is None:
        from .console import open_or_refuse

        ctx.exit(open_or_refuse(ctx.obj))


def run(open_console: OpenConsole) -> NoReturn:
    """Run the command line; every ending has its exit code and no traceback reaches a person."""
    endings.run(lambda: _exit_code(open_console))


def _exit_code(open_console: OpenConsole) -> int:
    try:
        code = root.main(prog_name="gatewaytui", standalone_mode=False, obj=open_console)
        return code if isinstance(code, int) else exit_codes.OK
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        output.say(error.format_message())
        return exit_codes.USAGE
    except click.ClickException as error:
        output.trouble_said(" ".join(error.format_message().split()), f"Read {_command_of(error)} --help")
        return exit_codes.USAGE
    except click.Abort:
        raise KeyboardInterrupt from None


def _command_of(error: click.ClickException) -> str:
    """The command whose help explains a usage error: click's own context, else the first word typed."""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return error.ctx.command_path
    typed = sys.argv[1] if len(sys.argv) > 1 else ""
    return f"gatewaytui {typed}" if typed in COMMANDS else "gatewaytui"
