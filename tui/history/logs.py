"""The log of a run and the crash log, both redacted."""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from tui.core.errors import ConfigError
from tui.core.files import append_private
from tui.core.redaction import without_secrets
from tui.core.text import one_line, plain, rfc3339, without_commands_in_json

LOGGER = "jobdeck"
"""Name of the parent logger whose records are logged; the fields of a record are in its `facts`."""

LARGEST_LOG, KEPT = 5_000_000, 3
"""Largest size of a file in bytes, and the number of older files that are kept."""


@contextmanager
def logging_to(path: Path | None, *, origin: str, report: Callable[[str], object] = lambda _: None) -> Iterator[None]:
    """Write the records of jobdeck's loggers to the file at `path` while the block runs; None disables the log.

    If the disk fills up later, lines are lost and the program continues; `report` receives one safe line about it.

    Raises:
        ConfigError: The file cannot be written; the message names `origin`.
    """
    if path is None:
        yield
        return
    handler = _handler(path, origin, report)
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
    """Formats a record as one JSON object per line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        facts = getattr(record, "facts", {})
        at = rfc3339(datetime.fromtimestamp(record.created, UTC))
        line = {"at": at, "level": record.levelname.lower(), "event": record.getMessage(), **facts}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        safe = {name: _redacted(value) for name, value in line.items()}
        return without_commands_in_json(json.dumps(safe, ensure_ascii=True, default=str))


class _Quiet(RotatingFileHandler):
    """A handler that drops lines that cannot be written, and reports the first one. Its files are private."""

    def __init__(self, path: Path, report: Callable[[OSError], object]) -> None:
        super().__init__(path, maxBytes=LARGEST_LOG, backupCount=KEPT, encoding="utf-8", errors="backslashreplace")
        self._report = report
        self._has_reported = False

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=_open_private)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002  # logging's own name
        error = sys.exception()
        if isinstance(error, OSError) and not self._has_reported:
            self._has_reported = True
            self._report(error)


def _handler(path: Path, origin: str, report: Callable[[str], object]) -> logging.Handler:
    named = f"{origin} '{one_line(str(path))[:80]}'"

    def lost(error: OSError) -> None:
        report(f"note: {named} loses lines: {_reason(error)}; check where it goes, and how full that disk is")

    try:
        if path.exists() and not (path.is_file() or path.is_char_device()):
            raise ConfigError(
                f"{named} is no regular file", "give another path"
            )  # opening a FIFO blocks until there is a reader
        handler = _Quiet(path, lost)
    except OSError as error:
        raise ConfigError(f"{named} cannot be written: {_reason(error)}", "give another path") from error
    handler.setFormatter(JsonLines())
    return handler


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()


def _open_private(path: str, flags: int) -> int:
    """Open a file and make it private, even if it exists; a device keeps its mode."""
    descriptor = os.open(path, flags | os.O_NOCTTY, 0o600)
    found = os.fstat(descriptor)
    if stat.S_ISREG(found.st_mode) and found.st_mode & 0o077 and found.st_uid == os.geteuid():
        os.fchmod(descriptor, 0o600)
    return descriptor


def _redacted(value: object) -> object:
    return without_secrets(value) if isinstance(value, str) else value


LARGEST_CRASH_LOG = 1_000_000
"""Size in bytes at which the log is rotated: a bug that recurs every minute for days must not fill the disk."""

LONGEST_ENTRY = 100_000
"""Longest entry in characters; a longer one loses its middle."""

_LONGEST_TEXT = 200

_PACKAGE = Path(__file__).parents[1]


class CrashLog:
    """The crash log: one growing file, and an older one.

    Args:
        folder: Its folder; created when needed.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "crash.log"

    def keep(self, error: BaseException, *, at: datetime) -> str:
        """Append a bug and return where its details are, or why they could not be written, such as a full disk."""
        return self.write(_worded(error), at=at)

    def write(self, text: str, *, at: datetime) -> str:
        """Append a text without its secrets and return where it is, or why it could not be written."""
        entry = f"{at:%Y-%m-%d %H:%M:%SZ}\n{_indented(_cut(plain(without_secrets(text))))}\n"
        where = one_line(str(self.path))
        if not self.path.is_absolute():
            return f"{where} cannot be written: there is no home directory"
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            append_private(self.path, entry.encode(errors="backslashreplace"), most=LARGEST_CRASH_LOG)
        except (OSError, ValueError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else None
            return f"{where} cannot be written: {(reason or 'unknown reason').lower()}"
        return f"details: {where}"


def described(error: BaseException) -> str:
    """Return a bug as one safe line: its type, its text without secrets, and its place in our code."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    words = one_line(without_secrets("".join(_last_lines(error)))).strip()
    location = _location(error)
    return words[:_LONGEST_TEXT].rstrip(": ") + (f" ({location})" if location else "")


def _worded(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001  # an exception's own code may fail; that must not hide the first bug
        return f"{type(error).__name__}, which cannot be formatted\n"


def _last_lines(error: BaseException) -> list[str]:
    try:
        return traceback.format_exception_only(error)
    except Exception:  # noqa: BLE001  # as above
        return [type(error).__name__]


def _location(error: BaseException) -> str:
    """Return file and line of the innermost frame in our code; empty if there is none."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    return f"{Path(ours[-1].filename).relative_to(_PACKAGE.parent)}:{ours[-1].lineno}" if ours else ""


def _cut(text: str) -> str:
    half = LONGEST_ENTRY // 2
    return (
        text
        if len(text) <= LONGEST_ENTRY
        else f"{text[:half]}\n… {len(text) - LONGEST_ENTRY:,} characters more …\n{text[-half:]}"
    )


def _indented(text: str) -> str:
    """Return text indented, so that only entries start at the line start."""
    return "".join(f"  {line}\n" for line in text.splitlines())
