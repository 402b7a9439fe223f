"""The entry point of `jobdeck`: parses, dispatches to a command, and turns errors into exit codes. Imports only fast
modules.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from tui import __version__
from tui.cli.commands import COMMANDS
from tui.cli.completion_values import one_of
from tui.cli.crash_report import install_excepthooks, report
from tui.cli.exit_codes import Exit, exit_for
from tui.cli.options import PageContext, api_options, chosen, presented
from tui.cli.output import accept_any_text, discard_stdout, unwritable, warn, write
from tui.cli.process_exit import leave, signal_code
from tui.cli.selection_options import has_selection, selection_options
from tui.core.errors import ConfigError, JobDeckError
from tui.core.text import one_line

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


F = TypeVar("F", bound=Callable[..., Any])

SHELLS = ("bash", "zsh", "fish")

_DETECT = ""
"""The value of --install-completion if no shell is named."""


def once_options(command: F) -> F:
    """Add the options that exit at once to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _install(context: click.Context, _parameter: click.Parameter, shell: str | None) -> None:
    if shell is None or context.resilient_parsing:
        return
    from tui.cli.install_completion import install  # noqa: PLC0415  # once in a lifetime

    write(install(shell or None, os.environ))
    context.exit()


def _show_manual(context: click.Context, _parameter: click.Parameter, is_requested: bool) -> None:
    if not is_requested or context.resilient_parsing:
        return
    from tui.cli.manpage import manual  # noqa: PLC0415  # it imports every command

    write(manual(context.command, __version__))
    context.exit()


_OPTIONS = (
    click.option(
        "--install-completion",
        metavar="[bash|zsh|fish]",
        is_flag=False,
        flag_value=_DETECT,
        expose_value=False,
        is_eager=True,
        callback=_install,
        shell_complete=one_of(*SHELLS),
        help="Install tab completion for your shell, or for the named one.",
    ),
    click.option(
        "--man",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_show_manual,
        help="Print the manual page: jobdeck --man | man -l -",
    ),
    click.version_option(__version__, prog_name="jobdeck", message="%(prog)s %(version)s", help="Show the version."),
)

_OUTPUT_IS_UNWRITABLE = frozenset({errno.EBADF, errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT})


def report_error(error: BaseException) -> Exit:
    """Report the error that ended a command, and return its exit code."""
    match error:
        case click.ClickException():
            _refuse(error)
            return Exit.USAGE
        case JobDeckError():
            warn(str(error))
            return exit_for(error)
        case BrokenPipeError():
            discard_stdout()
            return Exit.PIPE
        case OSError() if error.errno in _OUTPUT_IS_UNWRITABLE:  # click writes help and version by itself
            discard_stdout()
            return report_error(unwritable(error))
        case KeyboardInterrupt() | click.Abort():
            return Exit.INTERRUPTED
        case _:
            return _bug(error)


def _bug(error: BaseException) -> Exit:
    """Report a bug and return its exit code; PIPE if it occurred while a broken pipe was handled."""
    report(error)
    before: BaseException | None = error
    while before is not None:
        if isinstance(before, BrokenPipeError):
            discard_stdout()
            return Exit.PIPE
        before = before.__context__
    return Exit.BUG


def _refuse(error: click.ClickException) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
    else:
        warn(_worded(error))


def _worded(error: click.ClickException) -> str:
    """Return click's message in our format: lower case, no full stop, then the help page. Messages about a value
    already contain a remedy.
    """
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{max(error.param.opts, key=len)} {error.message}"
    if isinstance(error, click.NoSuchOption) and _is_secret(error.option_name):
        remedy = "set KIBO_ACCESS_TOKEN, or KIBO_SHARED_SECRET for a client id, or give --token-file"
        return f"{one_line(error.option_name)[:40]} is not an option: the process list would show its value; {remedy}"
    context = error.ctx if isinstance(error, click.UsageError) else None
    look = f"see {' '.join(context.command_path.split()) if context else 'jobdeck'} --help"
    if isinstance(error, click.NoSuchOption):
        from tui.cli.job_arguments import owners_of  # noqa: PLC0415  # --help does not need it
        from tui.core.suggest import closest_match  # noqa: PLC0415

        owners = owners_of(error.option_name, context) if context else ""
        guess = (
            f"it belongs to {owners};"
            if owners
            else closest_match(error.option_name, error.possibilities or (), otherwise="")
        )
        return f"no such option '{one_line(error.option_name)[:40]}'; {guess} {look}".replace("  ", " ")
    text, _, guess = error.format_message().strip().removesuffix(".").partition(". Did you mean ")
    return f"{text[:1].lower()}{text[1:]}; {f'did you mean {guess} ' if guess else ''}{look}"


def _is_secret(option: str) -> bool:
    from tui.settings.profiles import is_secret  # noqa: PLC0415  # --help does not need it

    return is_secret(option.lstrip("-"))


HELP = """Watch Kibo inventory jobs live in the terminal, and from scripts.

JOB is an id 884213, a list 884213,884214, a range 884213-884220, a URL with /queue/884213, or @FILE or - (standard
input) with ids, an API response, a log or a table. Without a JOB, jobdeck resumes the jobs of the last session.

\b
Examples:
  jobdeck --demo                  try it: no account, no network
  jobdeck 884213-884220           watch eight jobs
  jobdeck get 884213 -o json      read one job and exit
  jobdeck wait 884213 && deploy   run deploy if the job is SUCCESS
"""


_FOREIGN = ("help", "version")
"""Words that are commands in other programs and options in jobdeck."""


class JobDeckGroup(click.Group):
    """A group that runs the app if the first word is not a command."""

    context_class = PageContext

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click passes it by this name
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click passes it by this name
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"tui.cli.commands.{cmd_name}").command
        return presented(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands, options and JOBs that the first word may be."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415  # the tab key alone needs it

        from tui.cli.completion_values import jobs_seen  # noqa: PLC0415  # the tab key alone needs it

        names = (name for name in self.list_commands(ctx) if name.startswith(incomplete))
        commands = [CompletionItem(name, help=COMMANDS[name]) for name in names]
        job_ids = [CompletionItem(text) for text in jobs_seen(ctx, None, incomplete)]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete), *job_ids]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in _FOREIGN:
            raise ConfigError(f"'{args[0]}' is not a command", f"give jobdeck --{args[0]}")
        if args[0] not in COMMANDS:
            from tui.cli.job_arguments import command_guess, is_bare_word  # noqa: PLC0415  # --help does not need it

            if is_bare_word(args[0]):
                raise ConfigError(
                    f"'{one_line(args[0])[:40]}' is neither a command nor a job id", command_guess(args[0], COMMANDS)
                )
        return super().resolve_command(ctx, args) if args[0] in COMMANDS else ("", _app_command(), args)


def _app_command() -> click.Command:
    command: click.Command = importlib.import_module("tui.cli.commands.app").command
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
    """Store the options for the command after them; without a command, start the app."""
    context.obj = chosen(context)
    if context.invoked_subcommand is None:
        return int(context.invoke(_app_command(), jobs=()))
    if has_selection(context) and context.invoked_subcommand in COMMANDS:
        raise ConfigError(
            f"--file, --location and --since before {context.invoked_subcommand} are options of the app",
            "give them after it",
        )
    return Exit.DONE


def main() -> NoReturn:
    """Run the command line of this process and exit with its code."""
    install_excepthooks()
    if instruction := os.environ.get("_JOBDECK_COMPLETE"):
        from tui.cli.shell_completion import answer  # noqa: PLC0415  # the tab key alone needs it

        leave(ended_by(lambda: answer(group, instruction)))
    os.umask(0o077)  # all files are private, including those that libraries write
    for stream in (sys.stdout, sys.stderr):
        accept_any_text(stream)
    leave(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Return the exit code of the command line `arguments`; errors go to standard error (tui/scripts/README.md, Exit
    codes).
    """
    if sys.stdout is None:  # the output would be lost, and the first connection would get its descriptor
        warn("standard output is closed; open it, or send it to /dev/null if the exit code is all you want")
        return Exit.USAGE
    return ended_by(lambda: _invoked(arguments))


def _invoked(arguments: Sequence[str]) -> int:
    with group.make_context("jobdeck", list(arguments)) as context:
        return int(group.invoke(context) or Exit.DONE)


def ended_by(command: Callable[[], int]) -> int:
    """Return the exit code of `command`; errors go to standard error."""
    try:
        return command()
    except click.exceptions.Exit as done:
        return done.exit_code
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001  # a bug must not end with code 1, which means that a job is FAILED
        code = report_error(error)
        return code if code is Exit.PIPE else signal_code() or code
