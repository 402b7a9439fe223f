"""The columns of the job list, of tables and of CSV: one row of `COLUMNS` declares everything about one. Pure.

A new column is one row and, if no field of the API's object holds its value, one function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tui.core.text import plain, rfc3339
from tui.domain.job_status import JobStatus
from tui.presentation.job_text import (
    KnownJob,
    items_per_s,
    items_text,
    queue_wait_s,
    rate_text,
    run_s,
    run_text,
    state_word,
    wait_text,
)

if TYPE_CHECKING:  # pydantic takes 80 ms to import; neither --help nor the first screen needs it
    from pydantic import JsonValue

    from tui.domain.job import Job


LONGEST_MESSAGE = 500
"""Longest message in a table cell, in characters."""

BETWEEN_MESSAGES = " | "
"""Separates messages in a CSV cell: after a line break, the server's text would start a line."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job, and the moment for which its cells are made."""

    known: KnownJob
    until: datetime | None
    """The moment at which running durations end, by the server's clock; None if it is not known."""
    time_text: Callable[[datetime], str]
    """Returns a time of the job in the form of the front end."""
    at: datetime | None = None
    """When the job was read, by our clock."""

    @property
    def job(self) -> Job | None:
        """The job as the server described it last; None before its first response."""
        return self.known.job


SortKey = tuple[float, float | str]
"""Jobs with equal keys keep the order in which they were added."""


@dataclass(frozen=True, slots=True)
class OnScreen:
    """How the list of the app shows a column."""

    position: int
    """Its position among the columns of the screen, from 1."""
    heading: str
    narrow: int
    """Cells on a narrow screen, for NOTE at least so many; 0 hides the column there."""
    wide: int
    """The same on a wide screen."""
    leaves: int | None = None
    """The order in which columns leave a screen that is too narrow, 1 first; None stays to the last."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column."""

    name: str
    """Its name in CSV and in `--columns`: that of the JSON."""
    heading: str
    """Its heading in a table."""
    help: str
    value: Callable[[JobRow], JsonValue]
    """Returns the value for CSV; None is an empty cell."""
    text: Callable[[JobRow, int | None], str | None]
    """Returns the text for people, not yet escaped, in about so many cells; None or empty if the value is unknown."""
    table: int | None = None
    """Its position, from 1, among the default columns of a table; None if a table shows it on request only."""
    csv: int | None = None
    """The same for CSV."""
    screen: OnScreen | None = None
    """None if the app's list does not have it."""
    sort_key: Callable[[Job | None], SortKey] | None = None
    """Returns the key of a job, unknown values last; None if the list cannot be sorted by the column."""
    is_right: bool = False
    """Whether cells are aligned to the right."""
    is_time: bool = False
    """Whether cells are times, whose form the user of the app changes."""
    is_ours: bool = False
    """Whether it never contains text from the server."""
    is_field: bool = False
    """Whether it is an undocumented field, which may not exist."""


# values and texts


def _raw(name: str) -> Callable[[JobRow], JsonValue]:
    return lambda row: None if row.job is None else row.job.raw.get(name)


def _verbatim(name: str) -> Callable[[JobRow, int | None], str | None]:
    return lambda row, _: None if row.job is None else row.job.verbatim(plain(name))


def _time(name: str, moment: Callable[[Job], datetime | None]) -> Callable[[JobRow, int | None], str | None]:
    def text(row: JobRow, _: int | None) -> str | None:
        if row.job is None:
            return None
        at = moment(row.job)
        return row.job.verbatim(name) if at is None else row.time_text(at)

    return text


def _rate(row: JobRow, _: int | None) -> str | None:
    return None if items_per_s(row.job) is None else f"{rate_text(row.job)}/s"


def _messages(row: JobRow, _: int | None) -> str | None:
    messages = row.job.messages if row.job else ()
    rest = f" (+{len(messages) - 1:,} more)" if len(messages) > 1 else ""
    return f"{messages[0][:LONGEST_MESSAGE]}{rest}" if messages else None


def _all_messages(row: JobRow) -> JsonValue:
    from tui.domain.job import read_messages  # noqa: PLC0415  # heavy: pydantic

    sent = row.job.raw.get("messages") if row.job else None
    return None if sent is None else BETWEEN_MESSAGES.join(read_messages(sent))


def _read_at(row: JobRow) -> str | None:
    return None if row.at is None else rfc3339(row.at)


def _error(row: JobRow) -> str | None:
    return None if row.known.error is None else str(row.known.error)


def _nothing(_: JobRow) -> JsonValue:
    return None


# sort keys

_BY_STATUS = (JobStatus.FAILED, JobStatus.WORKING, JobStatus.PENDING, JobStatus.SUCCESS)


def _status_key(job: Job | None) -> SortKey:
    status = None if job is None else job.status
    if status in _BY_STATUS:
        return (_BY_STATUS.index(status), "")
    return (len(_BY_STATUS) + 1, "") if status is None else (len(_BY_STATUS), str(status))


def _newest_first(job: Job | None) -> SortKey:
    added = None if job is None else job.added
    return (1, 0) if added is None else (0, -added.timestamp())


def _longest_run_first(job: Job | None) -> SortKey:
    """Running jobs come first, so that the order does not change with time."""
    if job is None or job.started is None:
        return (2, 0)
    if job.finished is None:
        return (0, job.started.timestamp())
    return (1, -(job.finished - job.started).total_seconds())


def _longest_wait_first(job: Job | None) -> SortKey:
    """Waiting jobs come first, so that the order does not change with time."""
    if job is None or job.added is None:
        return (2, 0)
    if job.started is None:
        return (0, job.added.timestamp()) if job.status is JobStatus.PENDING else (2, 0)
    return (1, -(job.started - job.added).total_seconds())


def _most_items_first(job: Job | None) -> SortKey:
    items = None if job is None else job.item_count
    return (1, 0) if items is None else (0, -items)


def _location_key(job: Job | None) -> SortKey:
    return _text_key(None if job is None else job.location_code)


def _type_key(job: Job | None) -> SortKey:
    return _text_key(None if job is None else job.type)


def _file_key(job: Job | None) -> SortKey:
    return _text_key(None if job is None else job.original_filename)


def _text_key(text: str | None) -> SortKey:
    return (0, text) if text else (1, "")


# the table

COLUMNS = (
    Column(
        "jobID", "JOB", "id of the job", lambda row: row.known.job_id, lambda row, _: str(row.known.job_id),
        table=1, csv=1, screen=OnScreen(2, "JOB", 6, 6), is_right=True, is_ours=True,
    ),
    Column(
        "status", "STATUS", "status, or `GONE` for a job that the API no longer knows",
        _raw("status"), lambda row, _: state_word(row.known),
        table=2, csv=2, screen=OnScreen(1, "STATUS", 9, 9), sort_key=_status_key,
    ),
    Column(
        "type", "TYPE", "type", _raw("type"), _verbatim("type"),
        table=3, csv=3, screen=OnScreen(4, "TYPE", 0, 10, leaves=3), sort_key=_type_key,
    ),
    Column(
        "locationCode", "LOCATION", "location", _raw("locationCode"), _verbatim("locationCode"),
        table=4, csv=4, screen=OnScreen(3, "LOC", 5, 8, leaves=8), sort_key=_location_key,
    ),
    Column(
        "added", "ADDED", "when the server queued the job", _raw("added"), _time("added", lambda job: job.added),
        table=5, csv=5, screen=OnScreen(5, "ADDED", 0, 8, leaves=1), sort_key=_newest_first, is_time=True,
    ),
    Column(
        "started", "STARTED", "when it started", _raw("started"), _time("started", lambda job: job.started),
        csv=6, is_time=True,
    ),
    Column(
        "finished", "FINISHED", "when it ended", _raw("finished"), _time("finished", lambda job: job.finished),
        csv=7, is_time=True,
    ),
    Column(
        "queueWaitSeconds", "WAIT", "time from added to started; people also see how long a job has waited so far",
        lambda row: queue_wait_s(row.job), lambda row, cells: wait_text(row.job, row.until, cells),
        table=6, screen=OnScreen(6, "WAIT", 6, 7, leaves=6), sort_key=_longest_wait_first,
        is_right=True, is_ours=True,
    ),
    Column(
        "runSeconds", "RUN", "time from started to finished, or so far",
        lambda row: run_s(row.job, row.until), lambda row, cells: run_text(row.job, row.until, cells),
        table=7, screen=OnScreen(7, "RUN", 7, 8, leaves=5), sort_key=_longest_run_first, is_right=True, is_ours=True,
    ),
    Column(
        "originalFilename", "FILE", "name of the uploaded file",
        _raw("originalFilename"), _verbatim("originalFilename"),
        table=9, csv=8, screen=OnScreen(9, "FILE", 0, 28, leaves=2), sort_key=_file_key,
    ),
    Column(
        "itemCount", "ITEMS", "number of items", _raw("itemCount"), lambda row, _: items_text(row.job),
        table=8, csv=9, screen=OnScreen(8, "ITEMS", 0, 9, leaves=4), sort_key=_most_items_first, is_right=True,
    ),
    Column(
        "itemsPerSecond", "RATE", "items per second of an ended job",
        lambda row: items_per_s(row.job), _rate, is_right=True, is_ours=True,
    ),
    Column("numResults", "RESULTS", "number of results", _raw("numResults"), _verbatim("numResults"), csv=10),
    Column("success", "SUCCESS", "the field `success`", _raw("success"), _verbatim("success"), csv=11),
    Column(
        "messages", "MESSAGES", "the first message; all of them in CSV", _all_messages, _messages, table=10, csv=12,
    ),
    Column("tenantID", "TENANT", "tenant", _raw("tenantID"), _verbatim("tenantID"), csv=13),
    Column("hasData", "HASDATA", "the field `hasData`", _raw("hasData"), _verbatim("hasData"), csv=14),
    Column("at", "AT", "when jobdeck read the job", _read_at, lambda row, _: _read_at(row), is_ours=True),
    Column("error", "ERROR", "why jobdeck could not read it", _error, lambda row, _: _error(row)),
    Column(
        "note", "NOTE", "problems, then the first message; takes the rest of the line",
        _nothing, lambda *_: None, screen=OnScreen(10, "NOTE", 24, 40, leaves=7),
    ),
)  # fmt: skip
"""All columns."""

BY_NAME = {column.name: column for column in COLUMNS}

JOB, STATUS, NOTE = BY_NAME["jobID"], BY_NAME["status"], BY_NAME["note"]


def _placed(position: Callable[[Column], int | None]) -> tuple[Column, ...]:
    placed = [(at, column) for column in COLUMNS if (at := position(column)) is not None]
    return tuple(column for _, column in sorted(placed, key=lambda each: each[0]))


OF_SCREEN = _placed(lambda column: column.screen.position if column.screen else None)
"""The columns of the app's list, left to right."""

OF_TABLES = _placed(lambda column: column.table)
"""The default columns of a table."""

OF_CSV = _placed(lambda column: column.csv)
"""The documented fields, in the order of CSV; other fields follow, sorted by name."""

OF_SCRIPTS = tuple(dict.fromkeys((*OF_CSV, *OF_TABLES, *(column for column in COLUMNS if column is not NOTE))))
"""All columns that `--columns` knows."""


def field_column(name: str) -> Column:
    """Return the column of an undocumented field of the API's object, with its raw value."""
    return Column(name, name.upper(), "", _raw(name), _verbatim(name), is_field=True)
