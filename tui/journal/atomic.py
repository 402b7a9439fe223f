"""Writes files so that whoever reads them, and whenever the power fails, they are the old ones or the new ones."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` in the place of the file at `path`, which only its owner may read then.

    Raises:
        OSError: It cannot be written; what was there stays.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:  # whatever ended it: no half-written file stays behind, unless the process is killed
        Path(name).unlink(missing_ok=True)
        raise
