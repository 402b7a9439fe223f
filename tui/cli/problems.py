"""What ended a command line, worded on standard error and turned into an exit code (cli.md, Exit codes)."""

from __future__ import annotations

import errno

import click

from tui.cli.bugs import report
from tui.cli.output import silence, unwritable, warn
from tui.core.errors import JobDeckError
from tui.core.text import one_line
from tui.domain.exit_codes import Exit, exit_for

_OUTPUT_IS_UNWRITABLE = frozenset({errno.EBADF, errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT})


def told(error: BaseException) -> Exit:
    """Word what ended a command, and return its exit code."""
    match error:
        case click.ClickException():
            _refuse(error)
            return Exit.USAGE
        case JobDeckError():
            warn(str(error))
            return exit_for(error)
        case BrokenPipeError():
            silence()
            return Exit.PIPE
        case OSError() if error.errno in _OUTPUT_IS_UNWRITABLE:  # click writes help and version by itself
            silence()
            return told(unwritable(error))
        case KeyboardInterrupt() | click.Abort():
            return Exit.INTERRUPTED
        case _:
            return _bug(error)


def _bug(error: BaseException) -> Exit:
    """Report a bug; one that came up while the reader of the output went away changes nothing about that."""
    report(error)
    before: BaseException | None = error
    while before is not None:
        if isinstance(before, BrokenPipeError):
            silence()
            return Exit.PIPE
        before = before.__context__
    return Exit.BUG


def _refuse(error: click.ClickException) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
    else:
        warn(_worded(error))


def _worded(error: click.ClickException) -> str:
    """Return click's message in our form: lower case, no full stop, and where to look; one of a value says itself what to do."""
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{max(error.param.opts, key=len)} {error.message}"
    if isinstance(error, click.NoSuchOption) and _is_secret(error.option_name):
        remedy = "set KIBO_ACCESS_TOKEN, or KIBO_SHARED_SECRET for a client id, or give --token-file"
        return f"{one_line(error.option_name)[:40]} is no option, as others could read its value in the list of processes; {remedy}"
    context = error.ctx if isinstance(error, click.UsageError) else None
    look = f"see {' '.join(context.command_path.split()) if context else 'jobdeck'} --help"
    if isinstance(error, click.NoSuchOption):
        from tui.cli.suggesting import owners_of  # noqa: PLC0415  # --help does not need it
        from tui.core.suggest import meant  # noqa: PLC0415

        owners = owners_of(error.option_name, context) if context else ""
        guess = f"it belongs to {owners};" if owners else meant(error.option_name, error.possibilities or (), otherwise="")
        return f"no such option '{one_line(error.option_name)[:40]}'; {guess} {look}".replace("  ", " ")
    text, _, guess = error.format_message().strip().removesuffix(".").partition(". Did you mean ")
    return f"{text[:1].lower()}{text[1:]}; {f'did you mean {guess} ' if guess else ''}{look}"


def _is_secret(option: str) -> bool:
    from tui.settings.profiles import is_secret  # noqa: PLC0415  # --help does not need it

    return is_secret(option.lstrip("-"))
