"""The columns of tables and CSV: names, headings, and the cell of each job. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.core.errors import ConfigError
from tui.core.text import one_line, plain, rfc3339
from tui.presentation.job_text import (
    items_per_s,
    items_text,
    queue_wait_s,
    rate_text,
    run_s,
    run_text,
    state_word,
    wait_text,
)
from tui.scripts.read_once import ReadResult

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from pydantic import JsonValue

    from tui.domain.job import Job


LONGEST_MESSAGE = 500
"""Longest message in a table cell, in characters."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table or of CSV."""

    name: str
    """Its name in CSV and JSON."""
    heading: str
    """Its heading in a table."""
    value: Callable[[ReadResult], JsonValue]
    """Returns the value for CSV; None is an empty cell."""
    shown: Callable[[ReadResult, Job], str | None]
    """Returns the text for a table, not yet escaped; None or empty if the value is unknown."""
    is_right: bool = False
    """Whether cells are aligned to the right."""
    is_ours: bool = False
    """Whether it never contains text from the server."""
    is_field: bool = False
    """Whether it is an undocumented field, which may not exist."""


def field(name: str, heading: str | None = None) -> Column:
    """Return the column of one field of the API's object, with its raw value."""

    def value(reading: ReadResult) -> JsonValue:
        return None if reading.job is None else reading.job.raw.get(name)

    return Column(name, heading or name.upper(), value, lambda _, job: job.verbatim(plain(name)))


def _time(name: str, moment: Callable[[Job], datetime | None]) -> Column:
    def shown(reading: ReadResult, job: Job) -> str | None:
        at = moment(job)
        return job.verbatim(name) if at is None else _clock_or_day(at, reading.at)

    return Column(name, name.upper(), field(name).value, shown)


def _rate(_: ReadResult, job: Job) -> str | None:
    return None if items_per_s(job) is None else f"{rate_text(job)}/s"


def _messages(_: ReadResult, job: Job) -> str | None:
    rest = f" (+{len(job.messages) - 1:,} more)" if len(job.messages) > 1 else ""
    return f"{job.messages[0][:LONGEST_MESSAGE]}{rest}" if job.messages else None


JOB = Column(
    "jobID", "JOB", lambda reading: reading.job_id, lambda reading, _: str(reading.job_id), is_right=True, is_ours=True
)

STATUS = Column(
    "status",
    "STATUS",
    field("status").value,
    lambda reading, _: state_word(reading),
)

TYPE = field("type")

LOCATION = field("locationCode", "LOCATION")

ADDED = _time("added", lambda job: job.added)

STARTED = _time("started", lambda job: job.started)

FINISHED = _time("finished", lambda job: job.finished)

WAIT = Column(
    "queueWaitSeconds",
    "WAIT",
    lambda reading: queue_wait_s(reading.job),
    lambda reading, job: wait_text(job, reading.server_at),
    is_right=True,
    is_ours=True,
)

RUN = Column(
    "runSeconds",
    "RUN",
    lambda reading: run_s(reading.job, reading.server_at),
    lambda reading, job: run_text(job, reading.server_at),
    is_right=True,
    is_ours=True,
)

RATE = Column("itemsPerSecond", "RATE", lambda reading: items_per_s(reading.job), _rate, is_right=True, is_ours=True)

FILE = field("originalFilename", "FILE")

ITEMS = Column("itemCount", "ITEMS", field("itemCount").value, lambda _, job: items_text(job), is_right=True)

RESULTS = field("numResults", "RESULTS")

SUCCESS = field("success")

TENANT = field("tenantID", "TENANT")

HAS_DATA = field("hasData")

MESSAGES = Column("messages", "MESSAGES", field("messages").value, _messages)

AT = Column("at", "AT", lambda reading: rfc3339(reading.at), lambda reading, _: rfc3339(reading.at), is_ours=True)

ERROR = Column(
    "error",
    "ERROR",
    lambda reading: None if reading.error is None else str(reading.error),
    lambda reading, _: None if reading.error is None else str(reading.error),
)

OF_TABLES = (JOB, STATUS, TYPE, LOCATION, ADDED, WAIT, RUN, ITEMS, FILE, MESSAGES)
"""The default columns of a table."""

OF_CSV = (
    JOB, STATUS, TYPE, LOCATION, ADDED, STARTED, FINISHED, FILE, ITEMS, RESULTS, SUCCESS, MESSAGES, TENANT, HAS_DATA,
)  # fmt: skip
"""The documented fields, in the order of CSV; other fields follow, sorted by name."""

PATH = "job."
"""The prefix of a field's path in the JSON."""

_KNOWN = tuple(dict.fromkeys((*OF_CSV, *OF_TABLES, RATE, AT, ERROR)))

_WORDS = {word.lower(): word for column in _KNOWN for word in (column.heading, column.name)}

_BY_NAME = {word.lower(): column for column in _KNOWN for word in (column.heading, column.name)}


def column_names() -> tuple[str, ...]:
    """Return the CSV and JSON names of the columns that exist without any job."""
    return tuple(column.name for column in _KNOWN)


def columns_of(text: str) -> tuple[Column, ...]:
    """Return the columns for a list of names. An unknown name may be an undocumented field of the jobs.

    Args:
        text: Comma-separated names of CSV and JSON, or headings of tables, in any case. `job.NAME` is always a field of
            the API's object.

    Raises:
        ConfigError: A name is empty, or similar to a known one.
    """
    return tuple(_column_of(name.strip()) for name in text.split(","))


def _column_of(name: str) -> Column:
    if (column := _BY_NAME.get(name.lower())) is not None:
        return column
    if name.startswith(PATH):
        return replace(field(name.removeprefix(PATH)), is_field=True)
    guess = _near(name, _WORDS)
    if guess or not name:
        raise _unknown(name, guess)
    return replace(field(name), is_field=True)


def check_fields(columns: Iterable[Column], readings: Sequence[ReadResult]) -> None:
    """Check that each undocumented column is a field of some job.

    Raises:
        ConfigError: Jobs were read, and none has the field.
    """
    fields = {name for reading in readings if reading.job for name in reading.job.raw}
    for column in columns:
        if fields and column.is_field and column.name not in fields:
            raise _unknown(column.name, _near(column.name, {field.lower(): field for field in fields}))


def unnamed_fields(readings: Iterable[ReadResult]) -> tuple[Column, ...]:
    """Return a column for each undocumented field of the jobs, sorted by name."""
    fields = {name for reading in readings if reading.job for name in reading.job.raw}
    return tuple(map(field, sorted(fields - {column.name for column in OF_CSV})))


def _near(name: str, words: Mapping[str, str]) -> str:
    """Return a suggestion from `words`, which are keyed by lower case; empty if none is similar."""
    import difflib  # noqa: PLC0415  # errors alone need it

    close = difflib.get_close_matches(name.lower(), words, n=1)
    return f"did you mean {one_line(words[close[0]])[:40]}?" if close else ""


def _unknown(name: str, guess: str) -> ConfigError:
    remedy = guess or f"give some of {', '.join(column_names())}, or a field of the jobs"
    return ConfigError(f"no column '{one_line(name)[:40]}' is known", remedy)


def _clock_or_day(at: datetime, now: datetime) -> str:
    """Return the time of day in UTC, or the date if it is not today."""
    there = at.astimezone(UTC)
    return f"{there:%H:%M:%SZ}" if there.date() == now.astimezone(UTC).date() else f"{there:%Y-%m-%d}"
