"""Read small files that may be anything (FIFO, device, huge), and replace files atomically."""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def read_small_file(path: Path, check: Callable[[os.stat_result], None], *, most: int) -> bytes:
    """Return at most `most` + 1 bytes of a file; the extra byte shows that the file is too large.

    O_NONBLOCK prevents a FIFO from blocking (tests/README.md, row 22); O_NOCTTY prevents a controlling terminal.

    Args:
        path: The file, or a symbolic link to it.
        check: Checks the open file before the read; raises an error to reject it.
        most: Largest valid size in bytes.

    Raises:
        OSError: It cannot be opened or read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        check(os.fstat(descriptor))
        return os.read(descriptor, most + 1)
    finally:
        os.close(descriptor)


NOT_OURS = "it is no regular file of yours alone"


def append_private(path: Path, content: bytes, *, most: int) -> None:
    """Append to a private file; renames it to `NAME.1` first if it would exceed `most` bytes.

    Never writes through a link, to a FIFO or device, or to a file with another owner or a second hard link.

    Raises:
        OSError: The file is not writable, or not private.
    """
    descriptor = _opened_to_append(path)
    try:
        if os.fstat(descriptor).st_size + len(content) > most:
            path.replace(path.with_name(f"{path.name}.1"))
            os.close(descriptor)
            descriptor = _opened_to_append(path)
        while content:
            content = content[os.write(descriptor, content) :]
    finally:
        os.close(descriptor)


def _opened_to_append(path: Path) -> int:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_nlink != 1:
        os.close(descriptor)
        raise OSError(errno.EPERM, NOT_OURS, str(path))
    if found.st_mode & 0o077:
        os.fchmod(descriptor, 0o600)
    return descriptor


LEFT_OVER_S = 60.0
"""Age in seconds after which a temporary file is a leftover of a killed process: a write takes milliseconds."""


def replace_file(path: Path, content: bytes) -> None:
    """Replace the file at `path` atomically; only its owner can read it.

    Also removes leftovers of killed processes.

    Raises:
        OSError: The write failed; the old file is unchanged.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            _sweep(path, now_s=os.fstat(descriptor).st_mtime)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:  # remove the half-written file after any error
        Path(name).unlink(missing_ok=True)
        raise


def _sweep(path: Path, *, now_s: float) -> None:
    """Remove old temporary files of `path`.

    Args:
        path: The target file.
        now_s: Time by the clock of the file system, which may be another machine's.
    """
    ours = re.compile(rf"\.{re.escape(path.stem)}-[a-z0-9_]{{8}}")
    with suppress(OSError), os.scandir(path.parent) as entries:
        for entry in entries:
            if not ours.fullmatch(entry.name):
                continue
            found = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_mtime < now_s - LEFT_OVER_S:
                Path(entry.path).unlink(missing_ok=True)
