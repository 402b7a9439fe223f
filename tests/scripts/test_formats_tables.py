import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import NOON, at, job
from tui.core.errors import ConfigError
from tui.domain.errors import JobNotFound
from tui.scripts.columns import columns_of
from tui.scripts.formats import Layout, as_csv, as_markdown, as_table
from tui.scripts.read_once import ReadResult


def reading(job_id=1, **fields):
    return ReadResult(job_id, NOON, job=job(job_id, fields.pop("status", "SUCCESS"), **fields), server_at=NOON)


def rows(text):
    return list(csv.reader(io.StringIO(text, newline="")))


KNOWN = "jobID,status,type,locationCode,added,started,finished,originalFilename,itemCount,numResults,success,messages,tenantID,hasData"


def test_csv_has_every_field_of_every_job_the_unknown_ones_by_name():
    head, first, second = rows(
        as_csv([reading(1, zone="Z", hasData=True, tenantID=4711), reading(2, alpha={"x": [1, None]})])
    )

    assert ",".join(head) == f"{KNOWN},alpha,zone"
    shown = dict(zip(head, first, strict=True))
    assert shown == shown | {"jobID": "1", "tenantID": "4711", "hasData": "true", "alpha": "", "zone": "Z"}
    assert second[-2:] == ['{"x": [1, null]}', ""]


def test_csv_has_a_row_for_a_job_that_could_not_be_read():
    missing = ReadResult(2, NOON, error=JobNotFound("none").record)

    _, first, second = rows(as_csv([missing, reading(1)]))

    assert (first[:2], second[:2]) == (["2", ""], ["1", "SUCCESS"])


def test_csv_tells_why_if_it_is_asked():
    missing = ReadResult(2, NOON, error=JobNotFound("no such job", remedy="check it").record)

    assert rows(as_csv([missing], Layout(columns_of("JOB,error")))) == [
        ["jobID", "error"],
        ["2", "no such job; check it"],
    ]


@pytest.mark.parametrize(
    ("sent", "cell"),
    [
        (-5, "-5"),
        ("-5", "'-5"),
        (1.5, "1.5"),
        (True, "true"),
        ("0012345678905", "0012345678905"),
        (None, ""),
        ("", ""),
        ("a;=1+1", "a;'=1+1"),
        ('a; "@SUM(A1)"', 'a; "\'@SUM(A1)"'),
        ("a;b", "a;b"),
        ("a\nb\r\nc\td", "a b c d"),
        ("\t=1", "' =1"),
        ("\n=1", "' =1"),
        ("a\rb\x1b[2J", r"a\x0db\x1b[2J"),
        (["=1"], '["=1"]'),
        ("##vso[x]", r"\x23#vso[x]"),
    ],
    ids=repr,
)
def test_a_cell_of_csv_is_what_was_sent_but_for_what_acts(sent, cell):
    (row,) = csv.DictReader(io.StringIO(as_csv([reading(added=sent)]), newline=""))

    assert row["added"] == cell


def test_messages_stand_in_one_cell_and_one_line():
    (row,) = csv.DictReader(io.StringIO(as_csv([reading(messages=["a", "b\nc"])]), newline=""))

    assert row["messages"] == "a | b c"


ANY_TEXT = st.text(st.characters(codec=None), max_size=12) | st.sampled_from(
    ["\n::error::", "\r=1", "##vso[", '"', ",;=", "\u2028", "\x85"]
)


@given(
    st.lists(
        st.dictionaries(ANY_TEXT.filter(lambda name: name not in {"jobID", "status"}), ANY_TEXT, max_size=4), max_size=3
    )
)
def test_any_job_is_one_line_of_csv_that_reads_back(fields):
    readings = [ReadResult(number, NOON, job=job(number, "FAILED", **some)) for number, some in enumerate(fields, 1)]

    text = as_csv(readings)

    assert len(text.splitlines()) == len(readings) + 1
    assert len({len(row) for row in rows(text)}) == 1
    assert [row[0] for row in rows(text)] == ["jobID", *(str(number) for number in range(1, len(fields) + 1))]
    assert not re.search(r"##[A-Za-z]*\[|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text)
    text.encode()
    cells = (cell for row in rows(text) for cell in row)
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in cells)


@given(ANY_TEXT, ANY_TEXT)
def test_no_text_begins_a_line_as_a_command_whatever_the_first_column(name, message):
    one = reading(originalFilename=name, messages=[message])

    for form in (as_table, as_csv, as_markdown):
        for layout in (Layout(columns_of("file,messages")), Layout(columns_of("messages"), has_headers=False)):
            for line in form([one], layout).splitlines():
                assert not re.match(r"\s*(::|##|---)", line)


def test_a_column_has_the_name_of_csv_or_the_heading_of_a_table_whatever_its_case():
    assert columns_of("JOB, locationcode,Wait") == columns_of("jobID,LOCATION,queueWaitSeconds")


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("filename", "originalFilename"),
        ("job_id", "jobID"),
        ("Statsu", "status"),
        ("run_seconds", "runSeconds"),
        ("messges", "messages"),
    ],
)
def test_a_name_that_is_near_a_column_is_refused_with_that(name, guess):
    with pytest.raises(ConfigError, match=re.escape(f"no column '{name}' is known; did you mean {guess}?")):
        columns_of(name)


def test_a_field_is_named_by_its_path_even_if_it_is_like_another():
    one = reading(statuss="x")

    with pytest.raises(ConfigError, match="did you mean status"):
        columns_of("statuss")
    assert as_table([one], Layout(columns_of("job.statuss"))) == "STATUSS\nx\n"


def test_people_and_files_get_their_own_form_of_a_column():
    one = ReadResult(
        1, at(3600), job=job(1, "SUCCESS", added=at(0).isoformat(), started=at(90).isoformat(), itemCount=12000)
    )
    layout = Layout(columns_of("WAIT,ITEMS"))

    assert as_table([one], layout) == "WAIT   ITEMS\n1:30  12,000\n"
    assert as_csv([one], layout) == "queueWaitSeconds,itemCount\r\n90.0,12000\r\n"


@pytest.mark.parametrize("columns", ["status", "file,status", "status,file"])
def test_the_status_has_its_colour_in_whatever_column(columns):
    table = as_table([reading(originalFilename="재고")], Layout(columns_of(columns)), has_colour=True)

    assert "\x1b[32mSUCCESS\x1b[0m" in table
    assert re.sub(r"\x1b\[\d+m", "", table) == as_table([reading(originalFilename="재고")], Layout(columns_of(columns)))


@pytest.mark.parametrize("width", range(1, 30))
def test_a_line_that_is_cut_is_no_wider_than_the_terminal(width):
    layout = Layout(columns_of("file,status"))
    plain, coloured = (
        as_table([reading(originalFilename="재고.csv")], layout, width=width, has_colour=colour)
        for colour in (False, True)
    )

    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


@pytest.mark.parametrize(
    "text", ["a|b", "<b>", "[x](y)", "![x](y)", "`x`", "*x*", "a_b_c", "~~x~~", "&lt;", "$x$", "\\"], ids=str
)
def test_text_in_markdown_is_no_markup(text):
    line = as_markdown([reading(messages=[text])]).splitlines()[-1]

    cells = re.split(r"(?<!\\)(?:\\\\)*\|", line)
    assert len(cells) == 12
    assert re.sub(r"\\(.)", r"\1", line).count(text) == 1
    assert not re.search(r"(?<!\\)(?:\\\\)*[<\[`*_~&$]", cells[10])
