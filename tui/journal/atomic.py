"""Writes files so that whoever reads them, and whenever the power fails, they are the old ones or the new ones."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

LEFT_OVER_S = 60.0
"""Age from which a temporary file of ours is one of a process that was killed: a writer needs milliseconds."""


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` in the place of the file at `path`, which only its owner may read then.

    What killed processes left over of earlier writes is removed.

    Raises:
        OSError: It cannot be written; what was there stays.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            _sweep(path, now_s=os.fstat(descriptor).st_mtime)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:  # whatever ended it: no half-written file stays behind, unless the process is killed
        Path(name).unlink(missing_ok=True)
        raise


def _sweep(path: Path, *, now_s: float) -> None:
    """Remove temporary files of `path` that are ours and old.

    Args:
        path: The file that they were to become.
        now_s: The time by the clock of the file system, which may be another machine's.
    """
    ours = re.compile(rf"\.{re.escape(path.stem)}-[a-z0-9_]{{8}}")
    with suppress(OSError), os.scandir(path.parent) as entries:
        for entry in entries:
            if not ours.fullmatch(entry.name):
                continue
            found = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_mtime < now_s - LEFT_OVER_S:
                Path(entry.path).unlink(missing_ok=True)
