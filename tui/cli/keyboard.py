"""Finds the keyboard of the app, and the reason if the app cannot run."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from tui.cli.output import is_terminal_stream
from tui.core.errors import ConfigError
from tui.core.terminal import is_capable
from tui.core.text import one_line

CONTROLLING = "/dev/tty"
"""The controlling terminal, even if the streams are redirected."""

_INSTEAD = "in scripts use `jobdeck get JOB…`, or `jobdeck watch JOB…`"


def has_other_driver(environ: Mapping[str, str]) -> bool:
    """Return whether the user configured another Textual driver, such as one for a browser."""
    return bool(environ.get("TEXTUAL_DRIVER"))


def obstacle(environ: Mapping[str, str]) -> ConfigError | None:
    """Return why the app cannot run here; None if it can."""
    if has_other_driver(environ):
        return None
    missing = [
        name for name, stream in (("output", sys.stdout), ("error", sys.stderr)) if not is_terminal_stream(stream)
    ]
    if missing:
        verb = "is not one" if len(missing) == 1 else "are not"
        return ConfigError(f"the app needs a terminal, but standard {' and '.join(missing)} {verb}", _INSTEAD)
    if not is_capable(environ):
        name = one_line(environ.get("TERM", ""))
        cause = f"TERM={name} cannot position the cursor" if name else "TERM is not set"
        return ConfigError(
            f"the app cannot draw here: {cause}", "set TERM, such as to xterm-256color, or use `jobdeck watch JOB…`"
        )
    if is_terminal_stream(sys.stdin) or _has_controlling_terminal():
        return None
    return ConfigError(
        "the app needs a terminal for its keys: standard input is not one, and there is no controlling terminal",
        _INSTEAD,
    )


def take_keyboard() -> None:
    """Read keys from the controlling terminal if standard input is not a terminal, but a pipe with job ids."""
    if is_terminal_stream(sys.stdin):
        return
    terminal = os.open(CONTROLLING, os.O_RDWR)
    if terminal != 0:  # Textual reads descriptor 0; it is unused if standard input is closed
        os.dup2(terminal, 0)
        os.close(terminal)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", errors="replace", closefd=False)  # type: ignore[misc]  # noqa: SIM115


def _has_controlling_terminal() -> bool:
    try:
        os.close(os.open(CONTROLLING, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC))
    except OSError:
        return False
    return True
