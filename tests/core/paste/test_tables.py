import pytest

from tui.core.job_ids import NotAJob
from tui.core.paste.tables import commented_table, is_foreign_table, tables, unnamed_table


def read(text):
    """Return first and last line, ids and skipped columns of each table."""
    return [(table.start, table.end, table.job_ids, table.skipped) for table in tables(text.split("\n"))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("jobID,n\n5,7", [(0, 2, [5], [("n", "7")])], id="csv"),
        pytest.param("x\njobID,n\n5,7\n6,8\n\ny", [(1, 4, [5, 6], [("n", "7")])], id="between-lines"),
        pytest.param("n;jobID\n7;5", [(0, 2, [5], [("n", "7")])], id="semicolons"),
        pytest.param("n\tjobID\n7\t5", [(0, 2, [5], [("n", "7")])], id="tabs"),
        pytest.param("job,jobID\n7,5", [(0, 2, [5], [("job", "7")])], id="id-rather-than-job"),
        pytest.param("job,n\n5,7", [(0, 2, [5], [("n", "7")])], id="job-alone"),
        pytest.param("jobID,n", [], id="no-rows"),
        pytest.param("jobID,n\nx,7", [], id="first-row-without-an-id"),
        pytest.param("jobID,n\n5,7\nx,8\n6,9", [(0, 4, [5, 6], [("n", "7")])], id="later-row-without-an-id"),
        pytest.param("jobID,n\n5,7\nx\n6,9", [(0, 2, [5], [("n", "7")])], id="later-line-of-another-form"),
        pytest.param("jobID,n\n5,7\n6", [(0, 3, [5, 6], [("n", "7")])], id="short-row-with-an-id"),
        pytest.param("jobID,n\n,7\n6,8", [(0, 3, [6], [("n", "7")])], id="empty-cell"),
        pytest.param("jobID,5\n7,8", [], id="header-with-a-number"),
        pytest.param('jobID,n\n"884,213",7', [(0, 2, [884213], [("n", "7")])], id="grouped"),
        pytest.param('jobIDs,n\n"884,213",7', [(0, 2, [884, 213], [("n", "7")])], id="list-in-a-cell"),
        pytest.param('jobIDs,n\n"[5, 6]",7', [(0, 2, [5, 6], [("n", "7")])], id="brackets-in-a-cell"),
        pytest.param("jobID,n\n5.0,7", [(0, 2, [5], [("n", "7")])], id="number-with-a-point"),
        pytest.param("jobID,n\n0,7", [], id="zero"),
        pytest.param("|jobID|n|\n|--|--|\n|5|7|", [(0, 3, [5], [("n", "7")])], id="markdown"),
        pytest.param("||jobID||n||\n|5|7|", [(0, 2, [5], [("n", "7")])], id="jira"),
        pytest.param("jobID  n\n-----  --\n5      7", [(0, 3, [5], [("n", "7")])], id="columns-with-a-rule"),
        pytest.param("jobID  n\n5      7", [(0, 2, [5], [("n", "7")])], id="columns"),
        pytest.param("jobID  n\n5      7\n\n6      8", [(0, 2, [5], [("n", "7")])], id="columns-end-at-an-empty-line"),
        pytest.param("jobID\n5\n6\nx", [(0, 3, [5, 6], [])], id="one-column"),
        pytest.param("jobID\n5\n-\n6", [(0, 2, [5], [])], id="one-column-ends-at-an-empty-cell"),
        pytest.param("jobID\n-----\n5\n-\n6", [(0, 5, [5, 6], [])], id="one-column-with-a-rule-goes-on"),
        pytest.param("jobID  n\n-      7\n5      8", [], id="columns-begin-with-an-id"),
        pytest.param("jobID  n\n5      7\n-      8\n6      9", [(0, 4, [5, 6], [("n", "7")])], id="columns-go-on"),
        pytest.param("n      jobID\n7          5", [(0, 2, [5], [("n", "7")])], id="aligned-to-the-right"),
    ],
)
def test_the_rows_below_a_header_are_read(text, expected):
    assert read(text) == expected


def test_work_that_was_done_at_once_is_counted():
    (table,) = tables(["method  jobID", "------  -----", "sync         ", "async   5"])

    assert (table.job_ids, table.done_at_once) == ([5], 1)


@pytest.mark.parametrize(("length", "count"), [(40, 1), (41, 0)])
def test_names_of_columns_are_short(length, count):
    assert len(read(f"jobID,{'n' * length}\n5,7")) == count


@pytest.mark.parametrize(("columns", "count"), [(200, 1), (201, 0)])
def test_tables_have_a_limited_number_of_columns(columns, count):
    assert len(read(f"jobID{',n' * (columns - 1)}\n5{',7' * (columns - 1)}")) == count


@pytest.mark.parametrize(("length", "job_ids"), [(20_000, [5, 6]), (20_001, [5])])
def test_a_row_in_columns_has_a_limited_length(length, job_ids):
    (table,) = tables(["jobID  n", "5      x", f"6      {'x' * (length - 7)}"])

    assert table.job_ids == job_ids


def test_a_text_has_a_limited_number_of_tables():
    lines = ["jobID,n", "5,7", ""] * 2_000

    assert len(list(tables(lines))) == 2_000
    with pytest.raises(NotAJob, match="more than 2,000 tables"):
        list(tables([*lines, *lines[:2]]))


def test_the_search_ends_after_a_hundred_headers_without_rows():
    false, table = ["jobID,n", "x", ""], ["jobID,n", "5,7"]

    assert len(list(tables(false * 99 + table))) == 1
    assert list(tables(false * 100 + table)) == []
    assert len(list(tables([*table, "", *false * 100, *table]))) == 1


@pytest.mark.parametrize(
    ("text", "job_ids"),
    [
        ("1707;884213\n1707;884214", [884213, 884214]),
        ("x,884213,y\nz,884214,y", [884213, 884214]),
        ("x1\t884213", [884213]),
        ("x\t884213", None),
        ("x;884213", None),
        ("x,884213\ny,884213", None),
        ("x,884213\ny,884214", None),
        ("884213,884214\n884215,884216", None),
        ("x,884213,1\ny,88421O,2", None),
        ("x,884213,1\ny", None),
        ("job,884213,1\ny,884214,2", None),
        ("x,884,1\ny,885,2", None),
    ],
)
def test_the_only_column_of_ids_is_found_without_a_header(text, job_ids):
    table = unnamed_table(text.split("\n"))

    assert (table and table.job_ids) == job_ids


@pytest.mark.parametrize(
    ("text", "job_ids"),
    [
        ("# jobID tenant\n5 7\n6 8", [5, 6]),
        ("#jobID,tenant\n5,7\n# more\n\n6,8", [5, 6]),
        ("# jobID tenant\n5 7 9", None),
        ("# jobID tenant\nx 7", None),
        ("# tenant items\n5 7", None),
        ("# jobID\n5", None),
        ("jobID tenant\n5 7", None),
        ("# jobID tenant", None),
    ],
)
def test_a_comment_may_name_the_columns(text, job_ids):
    table = commented_table(text.split("\n"))

    assert (table and table.job_ids) == job_ids


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tenant,items\n5,7", True),
        ("tenant;items\nx;7", True),
        ("tenant  items\n5      7", True),
        ("tenant,items\nx,y", False),
        ("tenant,items\n5", False),
        ("tenant\n5", False),
        ("5,7\n8,9", False),
        ("tenant,items", False),
    ],
)
def test_a_table_of_other_things_is_known_by_its_names(text, expected):
    assert is_foreign_table(text.split("\n")) is expected
