"""Checks that the state folder, for sessions and the crash log, can be written. Leaves no file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tui.core.text import one_line
from tui.doctor.checks import Check, ok, skipped, warning

_REMEDY = "make it writable, or set XDG_STATE_HOME to a folder that is; until then jobdeck saves no lists or crash log"

_TRIAL = b"jobdeck doctor\n"


def check_state(folder: Path, *, is_demo: bool = False) -> Check:
    """Return the check that files can be written in the state folder, or in the folder where it would be created.

    Args:
        folder: Relative if no home directory is known.
        is_demo: Whether it is the demo, which saves nothing.
    """
    if is_demo:
        return skipped("state", "the demo keeps nothing")
    shown = one_line(str(folder))[:120]
    if not folder.is_absolute():
        return warning(
            "state",
            f"no folder for lists and logs: {shown} is none, as there is no home directory",
            "set HOME or XDG_STATE_HOME",
        )
    try:
        existing = next(existing for existing in (folder, *folder.parents) if os.path.lexists(existing))
        with tempfile.TemporaryFile(dir=existing) as file:
            file.write(_TRIAL)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return warning("state", f"{shown} cannot be written: {(error.strerror or 'unknown reason').lower()}", _REMEDY)
    return ok("state", f"{shown} can be written" if existing == folder else f"{shown} can be made")
