from pathlib import Path

import pytest

from tests.support.factories import at, job
from tests.support.view_states import ENDED, LOOK, NAMED, NOWHERE, after
from tui.domain.watchlist import Watchlist
from tui.presentation.columns import BY_NAME, COLUMNS, NOTE, OF_CSV, OF_SCREEN, OF_TABLES, JobRow, field_column
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


@pytest.mark.parametrize("place", ["name", "heading"])
def test_no_two_columns_share_a_name(place):
    assert len({getattr(column, place) for column in COLUMNS}) == len(COLUMNS)


@pytest.mark.parametrize(
    "position",
    [
        lambda column: column.table,
        lambda column: column.csv,
        lambda column: column.screen and column.screen.position,
        lambda column: column.screen and column.screen.leaves,
    ],
    ids=["table", "csv", "screen", "leaves"],
)
def test_positions_are_counted_from_1_without_a_gap(position):
    taken = sorted(at for column in COLUMNS if (at := position(column)) is not None)

    assert taken == [*range(1, len(taken) + 1)]


def names_of(is_so):
    return {column.name for column in COLUMNS if is_so(column)}


def test_each_column_has_its_form():
    numbers = {"jobID", "queueWaitSeconds", "runSeconds", "itemCount", "itemsPerSecond"}

    assert names_of(lambda column: column.is_right) == numbers
    assert names_of(lambda column: column.is_time) == {"added", "started", "finished"}
    assert names_of(lambda column: column.is_ours) == {*numbers, "at"} - {"itemCount"}
    assert names_of(lambda column: column.is_field) == set()
    assert field_column("zone").is_field


@pytest.mark.parametrize(
    ("name", "narrow", "wide"),
    [
        ("status", 9, 9),
        ("jobID", 6, 6),
        ("locationCode", 5, 8),
        ("type", 0, 10),
        ("added", 0, 8),
        ("queueWaitSeconds", 6, 7),
        ("runSeconds", 7, 8),
        ("itemCount", 0, 9),
        ("originalFilename", 0, 28),
        ("note", 24, 40),
    ],
)
def test_a_column_has_its_cells_on_a_narrow_and_a_wide_screen(name, narrow, wide):
    assert (BY_NAME[name].screen.narrow, BY_NAME[name].screen.wide) == (narrow, wide)


def spans(job_id, *, added=None, started=None, finished=None, **fields):
    times = {"added": added, "started": started, "finished": finished}
    return job(job_id, **{name: at(s).isoformat() for name, s in times.items() if s is not None} | fields)


@pytest.mark.parametrize(
    ("name", "jobs"),
    [
        pytest.param(
            "status",
            [
                job(n, status)
                for n, status in enumerate(("FAILED", "WORKING", "PENDING", "SUCCESS", "CANCELLED", "PAUSED", None), 1)
            ],
            id="status",
        ),
        pytest.param(
            "added", [spans(1, added=9), spans(2, added=8.999), spans(3, added=0), spans(4)], id="newest-first"
        ),
        pytest.param(
            "runSeconds",
            [
                spans(1, started=0),
                spans(2, started=5),
                spans(3, started=0, finished=60),
                spans(4, started=9, finished=60),
                spans(5, finished=60),
            ],
            id="longest-run-first-with-those-that-run-before",
        ),
        pytest.param(
            "locationCode",
            [job(1, locationCode="W01"), job(2, locationCode="W02"), job(3, locationCode="")],
            id="location",
        ),
    ],
)
def test_a_list_is_sorted_by_a_column_with_unknown_values_last(name, jobs):
    key = BY_NAME[name].sort_key
    keys = [key(each) for each in jobs]

    assert len(set(keys)) == len(keys)
    assert sorted([*reversed(jobs), None], key=key)[: len(jobs)] == jobs
    assert key(None) == max([*keys, key(None)])


@pytest.mark.parametrize(
    ("messages", "text"),
    [
        ([], None),
        (["one"], "one"),
        (["one", "two"], "one (+1 more)"),
        (["one"] * 1_235, "one (+1,234 more)"),
        (["x" * 501], "x" * 500),
    ],
    ids=["none", "one", "two", "many", "long"],
)
def test_a_cell_has_the_first_message_and_counts_the_others(messages, text):
    row = JobRow(after(job(1, "FAILED", messages=messages)), at(), str)

    assert BY_NAME["messages"].text(row, None) == text


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
