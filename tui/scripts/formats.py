"""The output formats for people: plain lines, tables, Markdown, CSV, full text. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from tui.analysis.causes import GAP, Cause, causes
from tui.core.durations import duration
from tui.core.text import count, inert, one_line, plain, rfc3339, without_commands
from tui.domain.tracked_job import TrackedJob
from tui.domain.watchlist import Watchlist
from tui.presentation.columns import OF_CSV, OF_TABLES, STATUS, Column
from tui.presentation.job_text import (
    GONE,
    NOT_FOUND,
    items_per_s,
    items_text,
    queue_wait_s,
    rate_text,
    run_s,
    state_word,
)
from tui.scripts.columns import row_of, unnamed_fields
from tui.scripts.read_once import ReadResult
from tui.scripts.watch import Event, Kind

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from datetime import datetime

    from pydantic import JsonValue

    from tui.domain.job import Job


_CODES: Mapping[str, int] = {"PENDING": 33, "WORKING": 36, "SUCCESS": 32, "FAILED": 31, GONE: 35, NOT_FOUND: 35}
"""SGR codes by status; other words stay uncoloured."""


def painted(word: str) -> str:
    """Return a status with its colour codes."""
    code = _CODES.get(word)
    return word if code is None else f"\x1b[{code}m{word}\x1b[0m"


LONGEST_NOTE = 120
"""Longest message in a line, in characters."""


def change_line(before: TrackedJob | None, after: TrackedJob, *, at: datetime, has_colour: bool = False) -> str | None:
    """Return the change between two states of a job as a line; None if there is nothing to show.

    Args:
        before: The last reported state; None if there is none.
        after: The new state.
        at: Aware moment at which the change was observed.
        has_colour: Whether the status is coloured.
    """
    was, now = before and _state(before), _state(after)
    if after.polled_at is None or was == now:
        return None
    arrow = f"{was} -> " if before and before.polled_at else ""
    line = f"{at.astimezone(UTC):%H:%M:%SZ} {after.job_id} {arrow}{_word(after, has_colour=has_colour)}{_identity_text(after)}"
    return without_commands(line)


def job_line(tracked: TrackedJob, *, has_colour: bool = False) -> str:
    """Return a job in one line without a time; the status is coloured if `has_colour`."""
    return without_commands(f"{tracked.job_id}  {_word(tracked, has_colour=has_colour)}{_identity_text(tracked)}")


CAUSE_MESSAGES = 300
"""Messages of a failed job whose causes its line shows."""


def failed_line(tracked: TrackedJob) -> str:
    """Return a failed job in one line, with its most frequent cause in place of its first message."""
    job = tracked.job
    if job is None or not job.messages:
        return job_line(tracked)
    found = causes(job.messages[:CAUSE_MESSAGES])
    items = count(job.item_count, "item") if job.item_count is not None else None
    more = f"  +{count(len(found) - 1, 'cause')}" if len(found) > 1 else ""
    facts = (job.verbatim("type"), job.verbatim("locationCode"), job.original_filename, items)
    words = "".join(f"  {one_line(fact)}" for fact in facts if fact)
    number = f"{found[0].count:,}{ASCII_MARKS.times} " if found[0].count > 1 else ""
    text = one_line(plain(found[0].text(ASCII_MARKS.gap)))[:LONGEST_NOTE]
    return without_commands(f"{tracked.job_id}  {_state(tracked)}{words}  {number}{text}{more}")


def counts_line(watchlist: Watchlist) -> str:
    """Return the number of jobs in each state, largest first."""
    counted = Counter(map(_state, watchlist.values()))
    parts = ", ".join(f"{number:,} {word}" for word, number in counted.most_common())
    return without_commands(f"{count(len(watchlist), 'job')}: {parts or 'none'}")


def _word(tracked: TrackedJob, *, has_colour: bool) -> str:
    return painted(_state(tracked)) if has_colour else _state(tracked)


def _state(tracked: TrackedJob) -> str:
    return one_line(state_word(tracked))


def _identity_text(tracked: TrackedJob) -> str:
    """Return the fields that identify the job."""
    job = tracked.job
    if tracked.error is not None and job is None:
        return f"  {one_line(str(tracked.error))}"
    if job is None:
        return ""
    facts: Mapping[str, str | None] = {
        "type": job.verbatim("type"),
        "location": job.verbatim("locationCode"),
        "file": job.original_filename,
        "items": count(job.item_count, "item") if job.is_ended and job.item_count is not None else None,
        "message": job.messages[0][:LONGEST_NOTE] if job.messages else None,
    }
    return "".join(f"  {one_line(fact)}" for fact in facts.values() if fact)


def event_line(event: Event, *, has_colour: bool = False) -> str | None:
    """Return an event as a line; None if it is not about a job's state."""
    if event.tracked is None or (event.kind is Kind.ERROR and not event.tracked.not_found_count):
        return None
    return change_line(event.before, event.tracked, at=event.at, has_colour=has_colour)


def event_note(event: Event) -> str | None:
    """Return the message for a failed reading; None for other events and those of `event_line`."""
    if event.kind is not Kind.ERROR or event.error is None or (event.tracked and event.tracked.not_found_count):
        return None
    return f"{event.tracked.job_id}: {event.error}" if event.tracked else str(event.error)


def job_lines(jobs: Iterable[TrackedJob], *, has_colour: bool = False) -> str:
    """Return a line for each job, without a time; statuses are coloured if `has_colour`."""
    return "".join(f"{job_line(tracked, has_colour=has_colour)}\n" for tracked in jobs)


CUT = "..."
"""Marks a cut line; ASCII, because the locale may be ASCII."""

BOM = "\ufeff"

_WIDE = "\uff1d\uff0b\uff0d\uff20"
"""Characters that begin a formula in East Asian spreadsheets."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", *_WIDE)
"""First characters by which a spreadsheet reads a cell as a formula."""

_LATER_FORMULA = re.compile(rf"(;[\s\"]*)(?=[=+\-@{_WIDE}])")
"""Where a formula would begin in spreadsheets with a semicolon as separator, as in many European locales."""

_LINE_START = re.compile(r"( *)(?!-$)([!-'*-\-:-@\[-^`{-~])")
"""First characters that may begin a CI command at the start of a line, such as `::error::`."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a table or of CSV."""

    columns: tuple[Column, ...] | None = None
    """The columns in order; None for the default ones."""
    has_headers: bool = True
    has_bom: bool = False
    """Whether CSV begins with a byte order mark, so that Excel reads it as UTF-8."""


USUAL = Layout()


def as_table(
    readings: Iterable[ReadResult], layout: Layout = USUAL, *, has_colour: bool = False, width: int | None = None
) -> str:
    """Return the jobs that were read as an aligned table; empty if there are none.

    Args:
        readings: The readings, in the order of the lines.
        layout: The columns.
        has_colour: Whether the status is coloured.
        width: Cells after which a line is cut; None for no limit.
    """
    columns = layout.columns or OF_TABLES
    rows = tuple(_row(columns, reading) for reading in readings if reading.job)
    if not rows:
        return ""
    if not columns[0].is_ours:
        rows = tuple((_not_a_command(row[0]), *row[1:]) for row in rows)
    headings = _headings(columns)
    shown = (headings, *rows) if layout.has_headers else rows
    widths = [max(map(cell_len, column)) for column in zip(*shown, strict=True)]
    status = columns.index(STATUS) if has_colour and STATUS in columns else None
    head = [_line(columns, headings, widths, width)] if layout.has_headers else []
    lines = (*head, *(_line(columns, row, widths, width, coloured=status) for row in rows))
    return "".join(f"{line}\n" for line in lines)


def as_markdown(readings: Iterable[ReadResult], layout: Layout = USUAL) -> str:
    """Return the jobs that were read as a GitHub Markdown table; empty if there are none."""
    columns = layout.columns or OF_TABLES
    rows = tuple(_row(columns, reading) for reading in readings if reading.job)
    if not rows:
        return ""
    rule = tuple("---:" if column.is_right else "---" for column in columns)
    head = (tuple(map(inert_markdown, _headings(columns))), rule) if layout.has_headers else ()
    lines = (*head, *(tuple(map(inert_markdown, row)) for row in rows))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_csv(readings: Iterable[ReadResult], layout: Layout = USUAL) -> str:
    """Return the jobs as RFC 4180 CSV, one line each, after a header row.

    No cell can run as a formula. File names keep their Unicode form. A job that was not read has only its id.
    """
    readings = tuple(readings)
    columns = layout.columns or (*OF_CSV, *unnamed_fields(readings))
    head: list[list[JsonValue]] = [[column.name for column in columns]] if layout.has_headers else []
    rows = ([column.value(row) for column in columns] for row in map(row_of, readings))
    lines = (",".join(map(_csv_cell, row, range(len(row)))) for row in (*head, *rows))
    return (BOM if layout.has_bom else "") + "".join(f"{line}\r\n" for line in lines)


def as_ids(readings: Iterable[ReadResult]) -> str:
    """Return the ids of the jobs that were read, one per line."""
    return "".join(f"{reading.job_id}\n" for reading in readings if reading.job)


def _headings(columns: Iterable[Column]) -> tuple[str, ...]:
    return tuple(without_commands(one_line(column.heading)) for column in columns)


def _row(columns: Iterable[Column], reading: ReadResult) -> tuple[str, ...]:
    """Return the cells of a job that was read."""
    row = row_of(reading)
    cells = (column.text(row, None) for column in columns)
    return tuple(without_commands(one_line(cell)) if cell else "-" for cell in cells)


def _line(
    columns: Sequence[Column],
    cells: Sequence[str],
    widths: Sequence[int],
    width: int | None,
    *,
    coloured: int | None = None,
) -> str:
    """Return a line of a table. The cell at index `coloured` is coloured unless the line is cut before its end."""
    padded = [
        " " * (space - cell_len(cell)) + cell if column.is_right else set_cell_size(cell, space)
        for column, cell, space in zip(columns, cells, widths, strict=True)
    ]
    line = "  ".join(padded).rstrip()
    if width is not None and cell_len(line) > width:
        line = f"{set_cell_size(line, max(0, width - len(CUT)))}{CUT}"
    if coloured is None:
        return line
    before = "".join(f"{cell}  " for cell in padded[:coloured])
    word = cells[coloured]
    return f"{before}{painted(word)}{line[len(before) + len(word) :]}" if line.startswith(f"{before}{word}") else line


def _not_a_command(cell: str) -> str:
    r"""Return the first cell of a line; its first character is escaped if it may begin a command: `\x3a:error::`."""
    return (
        _LINE_START.sub(lambda found: f"{found[1]}\\x{ord(found[2]):02x}", cell, count=1)
        if _LINE_START.match(cell)
        else cell
    )


def _csv_cell(value: JsonValue, index: int) -> str:
    """Return a cell in RFC 4180 format; text at the start of a line is always quoted."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = _inert_csv(value)
    else:
        from tui.core.json_decoding import json_text  # noqa: PLC0415  # heavy: pydantic

        text = _inert_csv(json_text(value)) if isinstance(value, list | dict) else json_text(value)
    is_quoted = any(character in text for character in ',"') or (index == 0 and not text[:1].isalnum())
    return '"{}"'.format(text.replace('"', '""')) if is_quoted else text


def _inert_csv(text: str) -> str:
    """Return text in one line that is neither a formula nor a CI command."""
    line = without_commands(inert(text).replace("\n", " ").replace("\t", " "))
    if ";" in line:
        line = _LATER_FORMULA.sub(r"\1'", line)
    return f"'{line}" if line.startswith(_FORMULA) or line.lstrip().startswith(_FORMULA) else line


def inert_markdown(cell: str) -> str:
    """Return text that Markdown shows as it is."""
    for character in "\\|`*_[]<>~&$":
        cell = cell.replace(character, f"\\{character}")
    return cell


_OTHER = "other"
"""The label of undocumented fields: their names are text from the server, which must not begin a line."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The characters that show causes."""

    gap: str = GAP
    """Stands for a variable part."""
    times: str = "×"
    """Stands after a count."""


ASCII_MARKS = Marks("<...>", "x")
"""For a locale that has ASCII alone."""


def as_text(readings: Iterable[ReadResult], *, has_colour: bool = False, marks: Marks = ASCII_MARKS) -> str:
    """Return a paragraph for each job, including jobs that were not read.

    Messages of which some have the same cause are preceded by their causes.

    Args:
        readings: The readings, in the order of the paragraphs.
        has_colour: Whether the status is coloured.
        marks: The characters that show causes.
    """
    return "\n".join(
        "".join(f"{line}\n" for line in _lines(reading, marks, has_colour=has_colour)) for reading in readings
    )


def cause_head(cause: Cause, marks: Marks, digits: int = 1) -> str:
    """Return the count of a cause in at least `digits` cells, and its text, in one line."""
    return f"{cause.count:>{digits},}{marks.times}  {_safe(cause.text(marks.gap))}"


def _lines(reading: ReadResult, marks: Marks, *, has_colour: bool) -> Iterator[str]:
    job = reading.job
    word = _safe(state_word(reading))
    yield f"{reading.job_id}  {painted(word) if has_colour else word}"
    for label, text in _facts(reading):
        if text:
            yield f"  {label:<10} {_safe(text)}"
    if reading.error is not None:
        yield f"  {'error':<10} {_safe(str(reading.error))}"
    if job is not None and job.messages:
        found = causes(job.messages)
        if len(found) < len(job.messages):
            yield f"  {'causes':<10} {len(found):,}"
            digits = len(f"{found[0].count:,}")
            yield from (f"  {cause_head(cause, marks, digits)}" for cause in found)
        yield f"  {'messages':<10} {len(job.messages):,}"
        digits = len(str(len(job.messages)))
        for number, message in enumerate(job.messages, 1):
            first, *rest = without_commands(plain(message)).split("\n")
            yield f"  {number:>{digits}}. {first}".rstrip()
            yield from (f"  {' ' * digits}| {line}".rstrip() for line in rest)


def _facts(reading: ReadResult) -> Iterator[tuple[str, str | None]]:
    """Yield the fields of a job except status and messages; None for unknown values."""
    job = reading.job
    if job is None:
        return
    yield "type", job.verbatim("type")
    yield "location", job.verbatim("locationCode")
    yield "file", job.verbatim("originalFilename")
    yield "items", _items(job)
    yield "added", _moment(job, "added", job.added)
    yield "started", _moment(job, "started", job.started, "waited", queue_wait_s(job))
    yield "finished", _moment(job, "finished", job.finished, "ran", run_s(job, None))
    if job.finished is None and (so_far_s := run_s(job, reading.server_at)) is not None:
        yield "running", f"for {duration(so_far_s)}"
    yield "tenant", job.verbatim("tenantID")
    for label in ("success", "numResults", "hasData"):
        yield label, job.verbatim(label)
    row = row_of(reading)
    for column in unnamed_fields((reading,)):
        yield _OTHER, f"{column.name}: {column.text(row, None) or 'null'}"


def _items(job: Job) -> str | None:
    if items_per_s(job) is not None:
        return f"{items_text(job)}, {rate_text(job)} per second"
    return None if job.verbatim("itemCount") is None else items_text(job)


def _moment(job: Job, name: str, at: datetime | None, what: str = "", seconds: float | None = None) -> str | None:
    """Return a moment in UTC, with the duration before it; the raw value if it is not a valid time."""
    if at is None:
        sent = job.verbatim(name)
        return None if sent is None else f"{sent} (cannot be read as a time)"
    return f"{rfc3339(at)}, {what} {duration(seconds)}" if seconds is not None else rfc3339(at)


def _safe(text: str) -> str:
    return without_commands(one_line(text))
