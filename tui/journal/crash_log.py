"""Where bugs are written down, for their owner alone. What a traceback holds is code and messages, never values of variables."""

from __future__ import annotations

import traceback
from datetime import datetime
from pathlib import Path

LARGEST = 1_000_000
"""Bytes from which the log is begun anew: a bug that comes every minute for days must not fill a disk."""


class CrashLog:
    """One file that grows.

    Args:
        folder: Where it lies; made when needed.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "crash.log"

    def keep(self, error: BaseException, *, at: datetime) -> bool:
        """Append one bug and return whether that worked; a full disk is no reason to fail again."""
        told = "".join(traceback.format_exception(error))
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
            is_full = self.path.stat().st_size > LARGEST
            with self.path.open("w" if is_full else "a", encoding="utf-8", errors="replace") as log:
                log.write(f"{at:%Y-%m-%d %H:%M:%SZ}\n{told}\n")
        except OSError:
            return False
        return True
