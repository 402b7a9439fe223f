"""Opens files that may turn out to be anything, and waits for none. Judges nothing about a file that a person named; words no error."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path


def read_judged(path: Path, judge: Callable[[os.stat_result], None], *, most: int) -> bytes:
    """Return the first `most` bytes of a file and one more if there is one, by which a larger file shows.

    O_NONBLOCK keeps a FIFO from holding the program (faults.md, row 22), O_NOCTTY a terminal from becoming ours.

    Args:
        path: The file, or a symbolic link to it.
        judge: Raises what is wrong with the opened file, before anything is read of it.
        most: Bytes that a file of its kind may have.

    Raises:
        OSError: It cannot be opened or read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        judge(os.fstat(descriptor))
        return os.read(descriptor, most + 1)
    finally:
        os.close(descriptor)


NOT_OURS = "it is no regular file of yours alone"


def append_private(path: Path, content: bytes, *, most: int) -> None:
    """Append to a file of our own, which only its owner may read; one that would grow over `most` bytes becomes `NAME.1` first.

    Nothing is written through a link, into a FIFO or a device, or into a file that has another owner or a second name.

    Raises:
        OSError: It cannot be written, or is none of ours.
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
