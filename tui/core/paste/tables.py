"""Find job ids in tables with a header row: CSV, Markdown, SQL clients, PowerShell, aligned columns. Pure.

Reads only the column with a name for job ids; the other columns name the skipped numbers.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tui.core.job_ids import NotAJob, read_list, valid_id
from tui.core.paste.answers import JOB_KEYS, key_name
from tui.core.paste.prose import SURE_DIGITS
from tui.core.paste.unnamed import MOMENT

_COLUMN_NAMES = JOB_KEYS | {"job"}

_MENTIONS_JOB = re.compile(r"job", re.IGNORECASE)

_NUMBER = re.compile(r"(\d{1,30})(?:\.0{1,9})?", re.ASCII)

_WORD = re.compile(r"\S+")

_WORDS_OF_A_CELL = re.compile(r"\S+(?: \S+)*")

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([ ,.'])\d{3})(?:\1\d{3})*", re.ASCII)
"""A number in groups of three digits, as spreadsheets and French programs write it."""

_EMPTY = frozenset({"", "-", "null", "none", "nil", "n/a", "na", "nan", "\\n", "\N{EN DASH}", "\N{EM DASH}"})

_DECORATION = "*_`\"'#<>{}[]() \t"

_BARS = "|\u2502\u2503"

_OF_A_RULE = "-=+|: \t" + "".join(map(chr, range(0x2500, 0x2580)))

_BLANKS = re.compile(r"\s+")

_TABS, _SEMICOLONS, _COMMAS, _WIDE_BLANKS = (
    re.compile(r"\t"),
    re.compile(r";(?! )"),
    re.compile(r",(?! )"),
    re.compile(r" {2,}"),
)

_COLUMN_NAME = re.compile(r"[\"']?[^\W\d][\w .#%()/-]{0,30}[\"']?")

_ID = re.compile(rf"(?!(?:{MOMENT.pattern})\Z)[1-9]\d{{{SURE_DIGITS},10}}", re.ASCII)
"""A number that is an id rather than a count or a location."""

_MISREAD = re.compile(r"(?=\w*\d{3})(?=\w*[OlI])[\dOlI]+", re.ASCII)
"""A misread id, such as `88421O`."""

LONGEST_NAME = 40
"""Longest name of a column, in characters."""

MOST_COLUMNS = 200

LONGEST_ROW = 20_000

MOST_TABLES = 2_000

MOST_TRIALS = 100
"""Most false headers before the search for tables ends, because each one may read far ahead."""


@dataclass(slots=True)
class Table:
    """The content of one table."""

    start: int
    """Line number of the header, from 0."""
    end: int
    """Line number after the last row."""
    job_ids: list[int] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """The other columns with numbers, each with its first number."""
    done_at_once: int = 0
    """Number of rows with `sync` in a column `method` and no id: a smart call's response in PowerShell."""
    _known: set[str] = field(default_factory=set)

    def add_row(self, names: Sequence[str], cells: Sequence[str], column: int, found: Sequence[int]) -> None:
        """Add one row with the ids of its cell."""
        self.job_ids.extend(found)
        for name, cell in _others(names, cells, column) if len(self.job_ids) < MOST_TRIALS else ():
            if name not in self._known:
                self._known.add(name)
                self.skipped.append((name, cell))
        if not found and any(
            key_name(name) == "method" and cell.lower() == "sync" for name, cell in zip(names, cells, strict=False)
        ):
            self.done_at_once += 1


def tables(lines: Sequence[str]) -> Iterator[Table]:
    """Yield the tables in a text that have a column of job ids.

    Raises:
        NotAJob: There are more than `MOST_TABLES`.
    """
    index = trials = total = 0
    while index < len(lines) and trials < MOST_TRIALS:
        table = None
        if _MENTIONS_JOB.search(lines[index]) and len(lines[index]) < 10_000:
            readers = _readers(lines, index)
            trials += bool(readers)
            table = next((table for reader in readers if (table := reader.read())), None)
        if table:
            yield table
            trials -= 1
            total += 1
            if total > MOST_TABLES:
                raise NotAJob(f"more than {MOST_TABLES:,} tables in one text: give fewer at once", 1)
        index = table.end if table else index + 1


def _readers(lines: Sequence[str], index: int) -> list[_Delimited | _Columns]:
    """Return the possible readers of a table with this header line; empty if it is no header."""
    line = lines[index]
    readers: list[_Delimited | _Columns] = [
        *(_Delimited(lines, index, delimiter) for delimiter in ("\t", ";", ",", *_BARS) if delimiter in line),
        *([_Columns(lines, index)] if _may_head_columns(lines, index) else []),
    ]
    return [reader for reader in readers if _is_header(reader.names)]


def _may_head_columns(lines: Sequence[str], index: int) -> bool:
    """Return whether a line may be the header of aligned columns; a cheap check that excludes most lines."""
    has_rule = index + 1 < len(lines) and _is_rule(lines[index + 1])
    return has_rule or _is_header(_WORDS_OF_A_CELL.findall(lines[index]))


def _is_header(names: Sequence[str]) -> bool:
    """Whether cells can be a header: short texts, no numbers, one name of a job id."""
    if len(names) > MOST_COLUMNS or _job_column(names) is None:
        return False
    return all(len(name) <= LONGEST_NAME and not _NUMBER.fullmatch(name) for name in names)


def _is_rule(line: str) -> bool:
    """Whether a line is a border or a rule below a header."""
    return (
        line[:1] in _OF_A_RULE
        and not line.strip(_OF_A_RULE)
        and any(dashes in line for dashes in ("--", "==", "\u2500\u2500", "\u2550\u2550"))
    )


def _job_column(names: Sequence[str]) -> int | None:
    columns = [index for index, name in enumerate(names) if key_name(name) in _COLUMN_NAMES]
    return next((index for index in columns if key_name(names[index]) != "job"), columns[0] if columns else None)


def _ids_of(cell: str, *, is_one: bool = False) -> tuple[int, ...] | None:
    """Return the ids in one cell, empty for an empty one; None for a cell with other content.

    Args:
        cell: The text of the cell.
        is_one: Whether the column has one id a row, so that `884,213` is one number.
    """
    if cell.isascii() and cell.isdigit():
        job_id = valid_id(cell)
        return (job_id,) if job_id else None
    bare = cell.strip(_DECORATION)
    if bare.lower() in _EMPTY:
        return ()
    if number := _NUMBER.fullmatch(bare):
        job_id = valid_id(number[1])
        return (job_id,) if job_id else None
    if is_one and _GROUPED.fullmatch(bare):
        job_id = valid_id(re.sub(r"\D", "", bare))
        return (job_id,) if job_id else None
    try:
        return read_list(re.sub(r"[\[\]{}\"'|+&]", " ", bare)).job_ids
    except NotAJob:
        return None


def is_foreign_table(lines: Sequence[str]) -> bool:
    """Return whether a text is a table without job ids: a line of names, and lines with as many cells and numbers."""
    filled = [line for line in lines if line.strip()]
    for header, row in itertools.pairwise(filled[:50]):
        for split in (_TABS, _SEMICOLONS, _COMMAS, _WIDE_BLANKS):
            names, cells = split.split(header.strip()), split.split(row.strip())
            has_names = len(names) == len(cells) > 1 and all(map(_COLUMN_NAME.fullmatch, names))
            if has_names and any(_NUMBER.fullmatch(cell.strip(_DECORATION)) for cell in cells):
                return True
    return False


def unnamed_table(lines: Sequence[str]) -> Table | None:
    """Return the table of a text whose lines have the same number of cells and no header row; else None.

    The only column with numbers that may be ids is the ids: different in each row, of at least `SURE_DIGITS`, without
    leading zeros. Ids in all columns are a list and no table.

    Raises:
        NotAJob: Several columns may be the ids.
    """
    rows = _rows_of_cells(lines)
    if not rows or any(map(_MENTIONS_JOB.search, lines)):
        return None
    columns = list(zip(*rows, strict=True))
    numbers = [cells for cells in columns if all(map(_ID.fullmatch, cells))]
    lengths = {len(cell) for cells in numbers for cell in cells}
    is_list = len(numbers) == len(columns) and len(lengths) == 1
    has_keys = len(columns) == 2 and all(map(str.isalpha, columns[0]))  # names and their values
    ids = [index for index, cells in enumerate(columns) if cells in numbers and len(set(cells)) == len(rows)]
    if is_list or has_keys or not ids or any(map(_MISREAD.fullmatch, itertools.chain(*rows))):
        return None
    if len(ids) > 1 and len(lengths) > 1:
        raise NotAJob("several columns may be the job ids: give a header row with jobID", 1)
    if len(ids) > 1:
        return None
    table = Table(0, len(lines))
    for cells in rows:
        table.add_row([""] * len(cells), cells, ids[0], (int(cells[ids[0]]),))
    return table


def _rows_of_cells(lines: Sequence[str]) -> list[list[str]]:
    """Return the cells of lines that are divided alike; empty for other lines, and for one line without tabs."""
    split = next((split for split in (_TABS, _SEMICOLONS, _COMMAS) if lines and split.search(lines[0])), None)
    if split is None or (len(lines) < 2 and split is not _TABS):
        return []
    rows = [[cell.strip(_DECORATION) for cell in split.split(line.strip(" "))] for line in lines]
    is_even = len(set(map(len, rows))) == 1 and 2 <= len(rows[0]) <= MOST_COLUMNS
    return rows if is_even else []


def commented_table(lines: Sequence[str]) -> Table | None:
    """Return the table of a text whose first line is a comment with column names, such as `# jobID tenant items`; else
    None.
    """
    header = lines[0].lstrip()
    if not header.startswith("#"):
        return None
    split = next((split for split in (_TABS, _SEMICOLONS, _COMMAS, _BLANKS) if len(split.split(header)) > 1), _BLANKS)
    names = [name.strip() for name in split.split(header)]
    names = [name.lstrip("# ") for name in (names[1:] if names[0] == "#" and split is _BLANKS else names)]
    table, column = Table(0, len(lines)), _job_column(names)
    for line in lines[1:]:
        if line.strip() and not line.lstrip().startswith("#"):
            cells = [cell.strip() for cell in split.split(line.strip(" "))]
            found = _ids_of(cells[column]) if column is not None and len(cells) == len(names) > 1 else None
            if found is None:
                return None
            table.add_row(names, cells, column or 0, found)
    return table if table.job_ids else None


class _Delimited:
    """A table whose cells are separated by one character.

    Args:
        lines: All lines of the text.
        start: Number of the header's line.
        delimiter: The character.
    """

    def __init__(self, lines: Sequence[str], start: int, delimiter: str) -> None:
        self._lines = lines
        self._start = start
        self._delimiter = delimiter
        self.names = self._header(lines[start])

    def read(self) -> Table | None:
        """Return the table; None if no rows follow the header."""
        names, column = self.names, _job_column(self.names) or 0
        table, has_rows = Table(self._start, self._start + 1), False
        for end, cells in self._rows():
            if not any(cells):
                break
            found = (
                _ids_of(cells[column], is_one=not names[column].lower().endswith("s")) if column < len(cells) else None
            )
            if found is None and (not has_rows or len(cells) != len(names)):
                break
            has_rows = True
            table.end = end
            table.add_row(names, cells, column, found or ())
        return table if has_rows else None

    def _header(self, line: str) -> list[str]:
        if self._delimiter in _BARS:
            return self._barred(line.replace("||", "|"))  # Jira doubles the bars of a header
        try:
            return [cell.strip() for cell in next(csv.reader([line], delimiter=self._delimiter), [])]
        except csv.Error:
            return []

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the line number after each row, and its cells; a quoted cell may contain line breaks."""
        following = (self._lines[number] for number in range(self._start + 1, len(self._lines)))
        if self._delimiter in _BARS:
            for number, line in enumerate(following, self._start + 2):
                if not _is_rule(line):
                    yield number, self._barred(line)
            return
        reader = csv.reader((f"{line}\n" for line in following), delimiter=self._delimiter)
        try:
            for cells in reader:
                yield self._start + 1 + reader.line_num, [cell.strip() for cell in cells]
        except csv.Error:  # a cell of over 128 kB: a quotation mark that is never closed
            return

    def _barred(self, line: str) -> list[str]:
        if self._delimiter not in line:
            return []
        return [cell.strip(" \t*`_") for cell in line.strip().strip(self._delimiter).split(self._delimiter)]


class _Columns:
    """A table with aligned columns.

    Args:
        lines: All lines of the text.
        start: Number of the header's line.
    """

    def __init__(self, lines: Sequence[str], start: int) -> None:
        self._lines = lines
        self._start = start
        below = lines[start + 1] if start + 1 < len(lines) else ""
        self._rules = [word.span() for word in _WORD.finditer(below)] if _is_rule(below) else []
        cells = list(_WORD.finditer(lines[start])) if self._rules else []
        if not self._rules or len(cells) != len(self._rules):
            cells = list(_WORDS_OF_A_CELL.finditer(lines[start]))
        self.names = [cell[0] for cell in cells]
        self._spans = [cell.span() for cell in cells]
        if len(self._rules) == len(cells):
            self._spans = [(min(a, c), max(b, d)) for (a, b), (c, d) in zip(self._spans, self._rules, strict=True)]

    def read(self) -> Table | None:
        """Return the table; None if no rows follow the header."""
        names, column = self.names, _job_column(self.names) or 0
        first = self._start + (2 if self._rules else 1)
        table, has_rows = Table(self._start, first), False
        for number in range(first, len(self._lines)):
            line = self._lines[number]
            cells = self._cells(line)
            found = _ids_of(cells[column], is_one=not names[column].lower().endswith("s")) if cells else None
            if found is None or (not found and not self._rules and (not has_rows or len(names) == 1)):
                break
            has_rows = True
            table.end = number + 1
            table.add_row(names, cells, column, found)
        return table if has_rows else None

    def _cells(self, line: str) -> list[str]:
        """Return the words of a row below each column's name; empty for an empty line."""
        if not line.strip() or len(line) > LONGEST_ROW:
            return []
        if len(self._spans) == 1:
            return [line.strip()]
        words = list(_WORD.finditer(line))
        starts = [start for start, _ in self._spans[1:]] + [len(line)]
        return [_cell(line, words, span, following) for span, following in zip(self._spans, starts, strict=True)]


def _cell(line: str, words: Sequence[re.Match[str]], span: tuple[int, int], following: int) -> str:
    start, end = span
    below = [word for word in words if word.start() < end and word.end() > start]
    if not below:
        return ""
    is_bracketed = line[below[0].start()] in "{["  # PowerShell's lists are wider than their column's name
    return line[below[0].start() : max(below[-1].end(), following) if is_bracketed else below[-1].end()].strip()


def _others(names: Sequence[str], cells: Sequence[str], column: int) -> Iterator[tuple[str, str]]:
    for index, (name, cell) in enumerate(zip(names, cells, strict=False)):
        if index != column and _NUMBER.fullmatch(cell):
            yield name, cell
