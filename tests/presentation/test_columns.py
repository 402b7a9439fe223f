from collections import Counter
from pathlib import Path

import pytest

from tests.support.factories import at, job
from tests.support.view_states import ENDED, LOOK, NAMED, NOWHERE, after
from tui.domain.watchlist import Watchlist
from tui.presentation.columns import COLUMNS, NOTE, OF_CSV, OF_SCREEN, OF_TABLES, JobRow
from tui.scripts.columns import columns_of
from tui.scripts.formats import Layout, as_csv, as_table
from tui.scripts.read_once import ReadResult
from tui.ui.rendering.job_table import Columns, header
from tui.ui.rendering.lines import text_of

README = Path(__file__).parents[2] / "tui" / "scripts" / "README.md"

FULL = job(1, "SUCCESS", **NAMED | ENDED | {"messages": ["one", "two"]})

KNOWN = {
    "full": after(FULL),
    "empty": after(job(1, None)),
    "odd": after(job(1, 5, added="soon", itemCount="many", originalFilename=[], messages="text")),
    "gone": after(FULL, NOWHERE),
    "unread": after(),
    "missing": after(NOWHERE),
}


def documented(column):
    """The row of the README for a column."""
    places = {"table": column.table, "CSV": column.csv, "app": column.screen}
    shown_in = ", ".join(name for name, place in places.items() if place is not None)
    return f"| `{column.name}` | {column.heading} | {shown_in or 'on request'} | {column.help} |"


def test_readme_lists_the_columns():
    lines = README.read_text(encoding="utf-8").splitlines()
    start = lines.index("| name | heading | shown in | holds |") + 2

    assert [row for row in map(documented, COLUMNS) if row not in lines] == [], "rows that the README lacks"
    assert lines[start : start + len(COLUMNS)] == [documented(column) for column in COLUMNS]
    assert not lines[start + len(COLUMNS)].startswith("|")


@pytest.mark.parametrize("place", ["name", "heading", "table", "csv"])
def test_no_two_columns_share_a_name_or_a_position(place):
    taken = Counter(value for column in COLUMNS if (value := getattr(column, place)) is not None)

    assert max(taken.values()) == 1


def test_no_two_columns_share_a_position_on_the_screen():
    assert len({column.screen.position for column in OF_SCREEN}) == len(OF_SCREEN)


def test_a_wide_list_has_every_column_of_the_screen():
    columns = Columns.for_list(Watchlist().with_jobs([KNOWN["full"]]), 160)
    names = text_of(header(columns, LOOK)).replace("ADDED Z", "ADDED").split()

    assert names == [column.screen.heading for column in OF_SCREEN]


def test_a_table_and_csv_have_their_default_columns():
    reading = ReadResult(1, at(), job=FULL)

    assert as_table([reading]).splitlines()[0].split() == [column.heading for column in OF_TABLES]
    assert as_csv([reading]).splitlines()[0].split(",")[: len(OF_CSV)] == [column.name for column in OF_CSV]


@pytest.mark.parametrize("column", [column for column in COLUMNS if column is not NOTE], ids=lambda column: column.name)
def test_each_column_can_be_named_by_its_name_and_its_heading(column):
    assert columns_of(f"{column.name.lower()},{column.heading.lower()}") == (column, column)
    assert as_table([ReadResult(1, at(), job=FULL)], Layout(columns=(column,))).split()[0] == column.heading


@pytest.mark.parametrize("known", KNOWN.values(), ids=KNOWN)
@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_each_column_has_a_text_a_value_and_a_key_whatever_is_known(column, known):
    row = JobRow(known, at(60), lambda moment: f"{moment:%H:%M}", at())

    assert isinstance(column.text(row, 8), str | None)
    assert known.job or column.name in {"jobID", "at", "error"} or column.value(row) is None
    assert column.sort_key is None or len(column.sort_key(known.job)) == 2
