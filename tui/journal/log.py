"""The log that a person asked for: JSON lines, rotated, readable by its owner alone, and without secrets."""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from tui.core.errors import ConfigError
from tui.core.redaction import without_secrets
from tui.core.text import one_line, rfc3339, without_commands_in_json

LOGGER = "jobdeck"
"""Name of the logger whose children's records are kept; a record's facts are in its `facts`."""

LARGEST, KEPT = 5_000_000, 3
"""Bytes of one file, and how many older ones stay beside it."""


@contextmanager
def logging_to(path: Path | None, *, origin: str, tell: Callable[[str], object] = lambda _: None) -> Iterator[None]:
    """Keep the records of jobdeck's loggers in the file at `path` while the block runs; None keeps none.

    A disk that fills up later loses lines and stops nothing; `tell` takes that once, in one safe line.

    Raises:
        ConfigError: The file cannot be written; the text names `origin`.
    """
    if path is None:
        yield
        return
    handler = _handler(path, origin, tell)
    logger = logging.getLogger(LOGGER)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        with suppress(OSError):
            handler.close()


class JsonLines(logging.Formatter):
    """One object a line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        facts = getattr(record, "facts", {})
        at = rfc3339(datetime.fromtimestamp(record.created, UTC))
        line = {"at": at, "level": record.levelname.lower(), "event": record.getMessage(), **facts}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        safe = {name: _redacted(value) for name, value in line.items()}
        return without_commands_in_json(json.dumps(safe, ensure_ascii=True, default=str))


class _Quiet(RotatingFileHandler):
    """Loses a line that cannot be written, and tells of the first. Each file that it opens is its owner's alone."""

    def __init__(self, path: Path, tell: Callable[[OSError], object]) -> None:
        super().__init__(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", errors="backslashreplace")
        self._tell = tell
        self._has_told = False

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=_open_private)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002  # logging's own name
        error = sys.exception()
        if isinstance(error, OSError) and not self._has_told:
            self._has_told = True
            self._tell(error)


def _handler(path: Path, origin: str, tell: Callable[[str], object]) -> logging.Handler:
    named = f"{origin} '{one_line(str(path))[:80]}'"

    def lost(error: OSError) -> None:
        tell(f"note: {named} loses lines: {_reason(error)}; check where it goes, and how full that disk is")

    try:
        if path.exists() and not (path.is_file() or path.is_char_device()):
            raise ConfigError(f"{named} is no regular file", "give another path")  # opening a FIFO waits for whoever reads it
        handler = _Quiet(path, lost)
    except OSError as error:
        raise ConfigError(f"{named} cannot be written: {_reason(error)}", "give another path") from error
    handler.setFormatter(JsonLines())
    return handler


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()


def _open_private(path: str, flags: int) -> int:
    """Open a file that others cannot read, even if it was there before; a device keeps its mode."""
    descriptor = os.open(path, flags | os.O_NOCTTY, 0o600)
    found = os.fstat(descriptor)
    if stat.S_ISREG(found.st_mode) and found.st_mode & 0o077 and found.st_uid == os.geteuid():
        os.fchmod(descriptor, 0o600)
    return descriptor


def _redacted(value: object) -> object:
    return without_secrets(value) if isinstance(value, str) else value
