"""Reads a small file that a person named, whatever it turns out to be. Judges nothing about it and words no error."""

from __future__ import annotations

import os
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
