"""`jobdeck completion`: prints the completion script of a shell, for packages."""

from __future__ import annotations

import click

from tui.cli.completion_values import one_of
from tui.cli.exit_codes import Exit
from tui.cli.main import SHELLS
from tui.cli.options import OneOf
from tui.cli.output import write
from tui.core.errors import ConfigError

HELP = """Print the completion script of a shell.

Use it for packages and for your own dotfiles. `jobdeck --install-completion` installs the same script for your shell.

\b
Examples:
  jobdeck completion bash > /usr/share/bash-completion/completions/jobdeck
  jobdeck completion zsh > /usr/share/zsh/site-functions/_jobdeck
  jobdeck completion fish > ~/.config/fish/completions/jobdeck.fish
"""


@click.command("completion", help=HELP)
@click.argument("shell", required=False, type=OneOf(SHELLS), shell_complete=one_of(*SHELLS), metavar="bash|zsh|fish")
def command(shell: str | None) -> int:
    """Print the script and return the exit code."""
    if shell is None:
        raise ConfigError("no shell given", f"give one of {', '.join(SHELLS)}")
    from tui.cli.shell_completion import script  # noqa: PLC0415  # heavy: click's completion

    write(script(shell))
    return Exit.DONE
