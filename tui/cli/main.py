"""The entry of the command `jobdeck`: finds the command and turns errors into exit codes. Imports nothing that takes long."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

import click

from tui.cli.bugs import report_uncaught
from tui.cli.leaving import leave, signal_code
from tui.cli.once import once_options
from tui.cli.options import api_options, chosen
from tui.cli.output import accept_any_text, warn
from tui.cli.pages import PageContext, presented
from tui.cli.problems import told
from tui.cli.selecting import has_selection, selection_options
from tui.core.errors import ConfigError
from tui.core.text import one_line
from tui.domain.exit_codes import Exit

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "completion": "tui.cli.completion_script",
    "config": "tui.cli.config",
    "doctor": "tui.cli.doctor",
    "find": "tui.cli.find",
    "get": "tui.cli.get",
    "simulate": "tui.cli.simulate",
    "wait": "tui.cli.wait",
    "watch": "tui.cli.watch",
}
"""Where each command lives: in an attribute `command` of the module, which is imported when it is asked for."""

SUMMARIES = {
    "completion": "Write the completion script of a shell.",
    "config": "Write a profile, show the settings, say where things live.",
    "doctor": "Check configuration, network, token and terminal.",
    "get": "Read each job once and end.",
    "simulate": "Serve the simulated job queue on this machine.",
    "find": "List the jobs that match and end.",
    "wait": "Wait until every job has ended, then print the result.",
    "watch": "Print a line for each change until every job has ended.",
}
"""What the list of commands says of each: a command that is missing here has to be imported for it, which takes its time."""

HELP = """Watch Kibo inventory jobs live in the terminal, and from scripts.

JOB is an id 884213, a list 884213,884214, a range 884213-884220, a URL with /queue/884213, or @FILE or - (standard input) with ids, an
answer of the API, a log or a table. Without a JOB the list of the last session is watched again.

\b
Examples:
  jobdeck --demo                  try it: no account, no network
  jobdeck 884213-884220           watch eight jobs
  jobdeck get 884213 -o json      read one job and end
  jobdeck wait 884213 && deploy   go on once it has ended well
"""


_FOREIGN = ("help", "version")
"""Commands of other programs, which are options here."""


class JobDeckGroup(click.Group):
    """A group whose command is the app when the first word names none."""

    context_class = PageContext

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click passes it by this name
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click passes it by this name
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return presented(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.summary(ctx, name)) for name in self.list_commands(ctx)])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return commands, options, and the JOBs of the app, any of which may be the first word."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415  # the tab key alone needs it

        from tui.cli.completing import jobs_seen  # noqa: PLC0415  # the tab key alone needs it

        names = (name for name in self.list_commands(ctx) if name.startswith(incomplete))
        commands = [CompletionItem(name, help=self.summary(ctx, name)) for name in names]
        job_ids = [CompletionItem(text) for text in jobs_seen(ctx, None, incomplete)]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete), *job_ids]

    def summary(self, ctx: click.Context, name: str) -> str:
        """Return what the list of commands says of a command."""
        command = None if name in SUMMARIES else self.get_command(ctx, name)
        return command.get_short_help_str() if command else SUMMARIES.get(name, "")

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in _FOREIGN:
            raise ConfigError(f"'{args[0]}' is no command here", f"give jobdeck --{args[0]}")
        if args[0] not in COMMANDS:
            from tui.cli.suggesting import command_guess, is_bare_word  # noqa: PLC0415  # --help does not need it

            if is_bare_word(args[0]):
                raise ConfigError(f"'{one_line(args[0])[:40]}' is no command and no job id", command_guess(args[0], COMMANDS))
        return super().resolve_command(ctx, args) if args[0] in COMMANDS else ("", _app_command(), args)


def _app_command() -> click.Command:
    command: click.Command = importlib.import_module("tui.cli.app").command
    return command


@click.command(
    cls=JobDeckGroup,
    help=HELP,
    invoke_without_command=True,
    subcommand_metavar="[JOB]... | COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@once_options
@selection_options
@api_options
@click.pass_context
def group(context: click.Context, /, **_: object) -> int:
    """Keep the options for the command behind them; without any word, start the app."""
    context.obj = chosen(context)
    if context.invoked_subcommand is None:
        return int(context.invoke(_app_command(), jobs=()))
    if has_selection(context) and context.invoked_subcommand in COMMANDS:
        raise ConfigError(
            f"--file, --location and --since before {context.invoked_subcommand} are options of the app", "give them after it"
        )
    return Exit.DONE


def main() -> NoReturn:
    """Run the command line of this process and end it with its exit code."""
    report_uncaught()
    if asked := os.environ.get("_JOBDECK_COMPLETE"):
        from tui.cli.shells import answer  # noqa: PLC0415  # the tab key alone needs it

        leave(ended_by(lambda: answer(group, asked)))
    os.umask(0o077)  # whatever is written is its owner's alone, files beside files that libraries make too
    for stream in (sys.stdout, sys.stderr):
        accept_any_text(stream)
    leave(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Return the exit code of the command line `arguments`; errors are worded on standard error (cli.md, Exit codes)."""
    if sys.stdout is None:  # all that a command does is for nothing then, and its first connection would get the output's number
        warn("standard output is closed; open it, or send it to /dev/null if the exit code is all you want")
        return Exit.USAGE
    return ended_by(lambda: _invoked(arguments))


def _invoked(arguments: Sequence[str]) -> int:
    with group.make_context("jobdeck", list(arguments)) as context:
        return int(group.invoke(context) or Exit.DONE)


def ended_by(command: Callable[[], int]) -> int:
    """Return the exit code of `command`, whatever ends it; what that was is worded on standard error."""
    try:
        return command()
    except click.exceptions.Exit as done:
        return done.exit_code
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001  # a bug must not end with code 1, which means that a job is FAILED
        code = told(error)
        return code if code is Exit.PIPE else signal_code() or code
