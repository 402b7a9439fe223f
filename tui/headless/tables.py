"""Readings of jobs as rows for people and spreadsheets. Pure; knows no terminal but its width."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from tui.headless.colours import painted
from tui.headless.reading import GONE, Reading
from tui.headless.records import record
from tui.text import duration, inert, one_line

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from tui.api.models import Job

HEADINGS = ("JOB", "STATUS", "TYPE", "LOCATION", "ADDED", "WAIT", "RUN", "ITEMS", "FILE", "MESSAGES")

CUT = "..."
"""Stands where a line was cut; ASCII, as the locale may be."""

_RIGHT = frozenset({"JOB", "WAIT", "RUN", "ITEMS"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First characters that make a spreadsheet take a cell for a formula; the wide ones do so in East Asian editions."""

_CSV_FIELDS = (
    "jobID", "status", "type", "locationCode", "added", "started", "finished",
    "originalFilename", "itemCount", "numResults", "success", "messages",
)  # fmt: skip


def as_table(readings: Iterable[Reading], *, has_colour: bool = False, width: int | None = None) -> str:
    """Return the jobs that were read as aligned columns under headings; empty without any.

    Args:
        readings: In the order of the lines.
        has_colour: Whether the status is coloured.
        width: Cells after which a line is cut; None means never.
    """
    rows = tuple(_row(reading.job, reading) for reading in readings if reading.job)
    if not rows:
        return ""
    widths = [max(map(cell_len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    lines = (_line(HEADINGS, widths, width), *(_painted(row, widths, width, has_colour=has_colour) for row in rows))
    return "".join(f"{line}\n" for line in lines)


def as_markdown(readings: Iterable[Reading]) -> str:
    """Return the jobs that were read as a table of GitHub's Markdown; empty without any."""
    rows = tuple(_row(reading.job, reading) for reading in readings if reading.job)
    if not rows:
        return ""
    rule = tuple("---:" if heading in _RIGHT else "---" for heading in HEADINGS)
    lines = (HEADINGS, rule, *(tuple(map(_inert_markdown, row)) for row in rows))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_csv(readings: Iterable[Reading]) -> str:
    """Return the jobs that were read as RFC 4180 with a header row; no cell runs as a formula, names stay in the form they came in."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_CSV_FIELDS)
    for reading in readings:
        if reading.job:
            writer.writerow([_inert(value) for value in _csv_values(reading.job)])
    return text.getvalue()


def as_ids(readings: Iterable[Reading]) -> str:
    """Return the ids of the jobs that were read, one a line."""
    return "".join(f"{reading.job_id}\n" for reading in readings if reading.job)


def _row(job: Job, reading: Reading) -> tuple[str, ...]:
    facts = record(reading)
    cells = (
        str(job.job_id),
        GONE if reading.is_gone else job.verbatim("status") or "-",
        job.verbatim("type") or "-",
        job.verbatim("locationCode") or "-",
        _time(job.added, reading.at) or job.verbatim("added") or "-",
        _duration(facts["queueWaitSeconds"]),
        _duration(facts["runSeconds"]),
        job.verbatim("itemCount") if job.item_count is None else f"{job.item_count:,}",
        job.verbatim("originalFilename") or "-",
        _messages(job.messages),
    )
    return tuple(one_line(cell or "-") for cell in cells)


def _time(at: datetime | None, now: datetime) -> str | None:
    """Time of day, or the day if it is another than today; UTC."""
    if at is None:
        return None
    there = at.astimezone(UTC)
    return f"{there:%H:%M:%SZ}" if there.date() == now.astimezone(UTC).date() else f"{there:%Y-%m-%d}"


def _duration(seconds: float | None) -> str:
    return "-" if seconds is None else duration(seconds)


def _messages(messages: Sequence[str]) -> str:
    rest = f" (+{len(messages) - 1:,} more)" if len(messages) > 1 else ""
    return f"{messages[0][:500]}{rest}" if messages else "-"


def _line(cells: Sequence[str], widths: Sequence[int], width: int | None) -> str:
    padded = (
        " " * (space - cell_len(cell)) + cell if heading in _RIGHT else set_cell_size(cell, space)
        for heading, cell, space in zip(HEADINGS, cells, widths, strict=True)
    )
    line = "  ".join(padded).rstrip()
    return line if width is None or cell_len(line) <= width else f"{set_cell_size(line, max(0, width - len(CUT)))}{CUT}"


def _painted(row: Sequence[str], widths: Sequence[int], width: int | None, *, has_colour: bool) -> str:
    line = _line(row, widths, width)
    start, end = widths[0] + 2, widths[0] + 2 + len(row[1])
    return f"{line[:start]}{painted(line[start:end])}{line[end:]}" if has_colour and len(line) >= end else line


def _csv_values(job: Job) -> Iterable[object]:
    from tui.api.fields import messages  # noqa: PLC0415  # heavy: pydantic
    from tui.api.wire import shown  # noqa: PLC0415

    for name in _CSV_FIELDS:
        if name == "jobID":
            yield job.job_id
        elif name == "messages":
            yield inert("\n".join(messages(job.raw.get(name))))
        else:
            value = job.raw.get(name)
            yield "" if value is None else inert(shown(value))


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and (value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)) else value


def _inert_markdown(cell: str) -> str:
    for character in "\\|`*_[]<>":
        cell = cell.replace(character, f"\\{character}")
    return cell
