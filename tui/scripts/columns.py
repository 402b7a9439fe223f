"""The columns that `--columns` names, and the rows that commands show. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from tui.core.errors import ConfigError
from tui.core.text import one_line
from tui.presentation.columns import OF_CSV, OF_SCRIPTS, Column, JobRow, field_column
from tui.scripts.read_once import ReadResult

PATH = "job."
"""The prefix of a field's path in the JSON."""

_WORDS = {word.lower(): word for column in OF_SCRIPTS for word in (column.heading, column.name)}

_BY_WORD = {word.lower(): column for column in OF_SCRIPTS for word in (column.heading, column.name)}


def row_of(reading: ReadResult) -> JobRow:
    """Return the result of a reading as a row; its times are in UTC, and dates if they are not of the same day."""
    return JobRow(reading, reading.server_at, lambda moment: _clock_or_day(moment, reading.at), reading.at)


def column_names() -> tuple[str, ...]:
    """Return the CSV and JSON names of the columns that exist without any job."""
    return tuple(column.name for column in OF_SCRIPTS)


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
    if (column := _BY_WORD.get(name.lower())) is not None:
        return column
    if name.startswith(PATH):
        return field_column(name.removeprefix(PATH))
    guess = _near(name, _WORDS)
    if guess or not name:
        raise _unknown(name, guess)
    return field_column(name)


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
    return tuple(map(field_column, sorted(fields - {column.name for column in OF_CSV})))


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
