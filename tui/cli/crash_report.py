"""Report a bug: one safe line on standard error and an entry in the crash log (exit code 70).

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

"""The line that was said last: the same bug may come up in several places, or again and again."""


def crash_log() -> CrashLog:
    """Return the log of this user."""
    from tui.history.logs import CrashLog  # noqa: PLC0415  # a bug alone needs it

    return CrashLog(state_folder())


def written_down(bug: BaseException) -> str:
    """Append a bug to the crash log and return where its details are, or why they are nowhere."""
    from tui.core.clock import SystemClock  # noqa: PLC0415  # heavy: asyncio

    return crash_log().keep(bug, at=SystemClock().now())


def report(bug: BaseException, *, what: str = "internal error") -> None:
    """Write a bug down and say so in one line, whatever else is broken: a part cannot be imported, or meets the same
    bug again.

    Args:
        bug: The error that nobody foresaw.
        what: What the line begins with.
    """
    try:
        from tui.history.logs import described  # noqa: PLC0415  # a bug alone needs it

        line = f"{what}: {described(bug)}; please report it; {written_down(bug)}"
    except Exception as second:  # noqa: BLE001  # nothing above can say anything
        line = f"{what}: {type(bug).__name__}; please report it, or install jobdeck again; no details: {type(second).__name__}"
    line = one_line(line)
    if line not in _said:
        _said[:] = [line]
        warn(line)


def report_uncaught() -> None:
    """Have bugs reported that come up where nothing can catch them: in threads, and, without a line, in destructors.

    Python would write both to the terminal as they are, and warnings of a bug as well, which are treated alike. What a
    destructor meets
    changes nothing for anybody.
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
