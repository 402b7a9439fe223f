"""Reports a bug: one safe line on standard error and an entry in the crash log (exit code 70).

Imports little, because the bug may be in any module.
"""

from __future__ import annotations

import sys
import threading
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.cli.output import warn
from tui.cli.user_folders import state_folder
from tui.core.text import one_line

if TYPE_CHECKING:
    from tui.history.logs import CrashLog


_said: list[str] = []
"""The last reported line: the same bug may occur in several places, or repeatedly."""


def crash_log() -> CrashLog:
    """Return the crash log of this user."""
    from tui.history.logs import CrashLog  # noqa: PLC0415  # a bug alone needs it

    return CrashLog(state_folder())


def written_down(bug: BaseException) -> str:
    """Append a bug to the crash log and return where its details are, or why they could not be written."""
    from tui.core.clock import SystemClock  # noqa: PLC0415  # heavy: asyncio

    return crash_log().keep(bug, at=SystemClock().now())


def report(bug: BaseException, *, what: str = "internal error") -> None:
    """Log a bug and report it in one line, even if an import fails or the same bug occurs again.

    Args:
        bug: The unexpected error.
        what: The start of the line.
    """
    try:
        from tui.history.logs import described  # noqa: PLC0415  # a bug alone needs it

        line = f"{what}: {described(bug)}; please report it; {written_down(bug)}"
    except Exception as second:  # noqa: BLE001  # the report itself failed
        line = f"{what}: {type(bug).__name__}; please report it, or install jobdeck again; no details: {type(second).__name__}"
    line = one_line(line)
    if line not in _said:
        _said[:] = [line]
        warn(line)


def install_excepthooks() -> None:
    """Make Python report uncaught bugs in threads to `report`, and only log those in destructors.

    Python would print both to the terminal unescaped, and warnings too, which are only logged. An error in a destructor
    has no effect for the user.
    """
    threading.excepthook = lambda met: report(met.exc_value) if met.exc_value is not None else None
    sys.unraisablehook = lambda met: _write_down_quietly(met.exc_value)
    if not sys.warnoptions:
        warnings.showwarning = lambda message, *_, **__: _write_down_quietly(
            message if isinstance(message, Warning) else None
        )


def _write_down_quietly(bug: BaseException | None) -> None:
    with suppress(Exception):  # the interpreter may be half gone
        if bug is not None:
            written_down(bug)
