"""Where bugs are written down, for their owner alone. What a traceback holds is code and messages, never values of variables."""

from __future__ import annotations

import traceback
from datetime import datetime
from pathlib import Path

from tui.core.files import append_private
from tui.core.redaction import without_secrets
from tui.core.text import one_line, plain

LARGEST = 1_000_000
"""Bytes from which the log becomes the older one: a bug that comes every minute for days must not fill a disk."""

LONGEST_ENTRY = 100_000
"""Characters of one bug; of a longer one the middle is left out."""

_LONGEST_TEXT = 200
_PACKAGE = Path(__file__).parents[1]


class CrashLog:
    """One file that grows, and the one before it.

    Args:
        folder: Where it is; made when needed.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "crash.log"

    def keep(self, error: BaseException, *, at: datetime) -> str:
        """Append one bug and return where its details are, or why they could not be written: a full disk is no second bug."""
        return self.write(_worded(error), at=at)

    def write(self, text: str, *, at: datetime) -> str:
        """Append a text without its secrets and return where it is, or why it could not be written."""
        entry = f"{at:%Y-%m-%d %H:%M:%SZ}\n{_indented(_cut(plain(without_secrets(text))))}\n"
        where = one_line(str(self.path))
        if not self.path.is_absolute():
            return f"{where} cannot be written: there is no home directory"
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            append_private(self.path, entry.encode(errors="backslashreplace"), most=LARGEST)
        except (OSError, ValueError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else None
            return f"{where} cannot be written: {(reason or 'unknown reason').lower()}"
        return f"details: {where}"


def described(error: BaseException) -> str:
    """Return what a bug is in one safe line: its kind, its text without secrets, and where in our code it came up."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    words = one_line(without_secrets("".join(_last_lines(error)))).strip()
    place = _place(error)
    return words[:_LONGEST_TEXT].rstrip(": ") + (f" ({place})" if place else "")


def _worded(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001  # it comes with code of its own, which may do anything; a bug must not hide the first one
        return f"{type(error).__name__}, which cannot be worded\n"


def _last_lines(error: BaseException) -> list[str]:
    try:
        return traceback.format_exception_only(error)
    except Exception:  # noqa: BLE001  # as above
        return [type(error).__name__]


def _place(error: BaseException) -> str:
    """File and line of the innermost frame in our own code; empty if there is none."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    return f"{Path(ours[-1].filename).relative_to(_PACKAGE.parent)}:{ours[-1].lineno}" if ours else ""


def _cut(text: str) -> str:
    half = LONGEST_ENTRY // 2
    return text if len(text) <= LONGEST_ENTRY else f"{text[:half]}\n… {len(text) - LONGEST_ENTRY:,} characters more …\n{text[-half:]}"


def _indented(text: str) -> str:
    """No line of a bug begins where an entry does."""
    return "".join(f"  {line}\n" for line in text.splitlines())
