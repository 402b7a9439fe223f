"""Readings of jobs as rows for people and spreadsheets. Pure; knows no terminal but its width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from tui.core.text import inert, one_line, without_commands
from tui.headless.colours import painted
from tui.headless.columns import MESSAGES, OF_CSV, OF_TABLES, STATUS, Column, unnamed_fields
from tui.headless.reading import Reading

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from pydantic import JsonValue

CUT = "..."
"""Stands where a line was cut; ASCII, as the locale may be."""

BOM = "\ufeff"

BETWEEN_MESSAGES = " | "
"""Stands between two messages in a cell of CSV: a line break would put the server's text at the start of a line."""

_WIDE = "\uff1d\uff0b\uff0d\uff20"
"""Signs that begin a formula in East Asian editions."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", *_WIDE)
"""First characters that make a spreadsheet take a cell for a formula."""

_LATER_FORMULA = re.compile(rf"(;[\s\"]*)(?=[=+\-@{_WIDE}])")
"""Where a formula would begin in a spreadsheet that takes the semicolon for the separator, as it does in half of Europe."""

_LINE_START = re.compile(r"( *)(?!-$)([!-'*-\-:-@\[-^`{-~])")
"""First characters of text that may be a command to a build machine at the start of a line, as `::error::` is."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table, or CSV, is to hold."""

    columns: tuple[Column, ...] | None = None
    """In their order; None means the usual ones."""
    has_headers: bool = True
    has_bom: bool = False
    """Whether CSV begins with a byte order mark, by which Excel knows UTF-8."""


USUAL = Layout()


def as_table(readings: Iterable[Reading], layout: Layout = USUAL, *, has_colour: bool = False, width: int | None = None) -> str:
    """Return the jobs that were read as aligned columns under headings; empty without any.

    Args:
        readings: In the order of the lines.
        layout: Which columns.
        has_colour: Whether the status is coloured.
        width: Cells after which a line is cut; None means never.
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


def as_markdown(readings: Iterable[Reading], layout: Layout = USUAL) -> str:
    """Return the jobs that were read as a table of GitHub's Markdown; empty without any."""
    columns = layout.columns or OF_TABLES
    rows = tuple(_row(columns, reading) for reading in readings if reading.job)
    if not rows:
        return ""
    rule = tuple("---:" if column.is_right else "---" for column in columns)
    head = (tuple(map(_inert_markdown, _headings(columns))), rule) if layout.has_headers else ()
    lines = (*head, *(tuple(map(_inert_markdown, row)) for row in rows))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_csv(readings: Iterable[Reading], layout: Layout = USUAL) -> str:
    """Return the jobs as RFC 4180, a line each, under a header row.

    No cell runs as a formula, and names stay in the form in which they came. Of a job that was not read only the id is known.
    """
    readings = tuple(readings)
    columns = layout.columns or (*OF_CSV, *unnamed_fields(readings))
    head: list[list[JsonValue]] = [[column.name for column in columns]] if layout.has_headers else []
    rows = ([_value(column, reading) for column in columns] for reading in readings)
    lines = (",".join(map(_csv_cell, row, range(len(row)))) for row in (*head, *rows))
    return (BOM if layout.has_bom else "") + "".join(f"{line}\r\n" for line in lines)


def as_ids(readings: Iterable[Reading]) -> str:
    """Return the ids of the jobs that were read, one a line."""
    return "".join(f"{reading.job_id}\n" for reading in readings if reading.job)


def _headings(columns: Iterable[Column]) -> tuple[str, ...]:
    return tuple(without_commands(one_line(column.heading)) for column in columns)


def _row(columns: Iterable[Column], reading: Reading) -> tuple[str, ...]:
    """Return the cells of a job that was read."""
    assert reading.job is not None  # noqa: S101  # for the type checker
    cells = (column.shown(reading, reading.job) for column in columns)
    return tuple(without_commands(one_line(cell)) if cell else "-" for cell in cells)


def _line(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int], width: int | None, *, coloured: int | None = None) -> str:
    """Return a line of a table; the cell at the place `coloured` in its colour, if the line is not cut before its end."""
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
    r"""Return a cell that begins a line, its first character as an escape if it may begin a command: `\x3a:error::`."""
    return _LINE_START.sub(lambda found: f"{found[1]}\\x{ord(found[2]):02x}", cell, count=1) if _LINE_START.match(cell) else cell


def _value(column: Column, reading: Reading) -> JsonValue:
    value = column.value(reading)
    if column is not MESSAGES or value is None:
        return value
    from tui.domain.job import read_messages  # noqa: PLC0415  # heavy: pydantic

    return BETWEEN_MESSAGES.join(read_messages(value))


def _csv_cell(value: JsonValue, place: int) -> str:
    """Return a cell as RFC 4180 has it; text at the start of a line always stands between quotation marks."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = _inert_csv(value)
    else:
        from tui.core.json_decoding import shown  # noqa: PLC0415  # heavy: pydantic

        text = _inert_csv(shown(value)) if isinstance(value, list | dict) else shown(value)
    is_quoted = any(character in text for character in ',"') or (place == 0 and not text[:1].isalnum())
    return '"{}"'.format(text.replace('"', '""')) if is_quoted else text


def _inert_csv(text: str) -> str:
    """Return text in one line, without a formula and without a command to a build machine."""
    line = without_commands(inert(text).replace("\n", " ").replace("\t", " "))
    if ";" in line:
        line = _LATER_FORMULA.sub(r"\1'", line)
    return f"'{line}" if line.startswith(_FORMULA) or line.lstrip().startswith(_FORMULA) else line


def _inert_markdown(cell: str) -> str:
    for character in "\\|`*_[]<>~&$":
        cell = cell.replace(character, f"\\{character}")
    return cell
