import re

from tests.support.factories import NOON, at, job
from tui.domain.errors import JobNotFound
from tui.scripts.formats import Marks, as_text
from tui.scripts.read_once import ReadResult


def reading(job_id=1, status="FAILED", **fields):
    return ReadResult(job_id, at(600), job=job(job_id, status, **fields), server_at=at(600))


def test_a_report_holds_every_field_and_every_message():
    one = reading(
        884213,
        type="REFRESH",
        locationCode="W01",
        originalFilename="inv.csv",
        itemCount=3000,
        added=at(0).isoformat(),
        started=at(96).isoformat(),
        finished=at(196).isoformat(),
        tenantID=4711,
        success=True,
        messages=["first", "second\nline"],
        priority=7,
    )

    assert (
        as_text([one])
        == """\
884213  FAILED
  type       REFRESH
  location   W01
  file       inv.csv
  items      3,000, 30.0 per second
  added      2026-11-23T12:00:00.000Z
  started    2026-11-23T12:01:36.000Z, waited 1:36
  finished   2026-11-23T12:03:16.000Z, ran 1:40
  tenant     4711
  success    true
  other      priority: 7
  messages   2
  1. first
  2. second
   | line
"""
    )


def test_all_of_300_messages_are_there():
    text = as_text([reading(messages=[f"row {number}" for number in range(300)])])

    assert re.findall(r"row \d+$", text, re.MULTILINE) == [f"row {number}" for number in range(300)]


def test_a_job_at_work_says_for_how_long():
    assert "  running    for 5:00\n" in as_text([reading(status="WORKING", started=at(300).isoformat())])


def test_a_time_that_cannot_be_read_is_shown_as_it_came():
    assert "  added      soon (cannot be read as a time)\n" in as_text([reading(added="soon")])


def test_a_job_that_was_not_read_says_why_and_one_that_is_gone_too():
    error = JobNotFound("no such job", remedy="check it")

    text = as_text(
        [ReadResult(7, NOON, error=error.record), ReadResult(8, NOON, job=job(8, "WORKING"), error=error.record)]
    )

    assert text == "7  NOT FOUND\n  error      no such job; check it\n\n8  GONE\n  error      no such job; check it\n"


def test_no_text_of_the_server_begins_a_line():
    hostile = "x\n::error::y\n##vso[z]\r\n\u2028::a::"

    text = as_text(
        [reading(status=hostile, type=hostile, messages=[hostile, "::error::"], **{"::error::": 1, hostile: hostile})]
    )

    assert not re.search(r"^\s*(::|##|y|z)|##\w*\[", text, re.MULTILINE)
    assert all(line.isprintable() for line in text.split("\n"))


def test_messages_of_one_cause_are_preceded_by_the_causes():
    messages = [*(f"UPC {number} not found at location 1707" for number in range(100, 112)), "Unexpected end of file"]

    lines = as_text([reading(messages=messages)], marks=Marks()).splitlines()

    assert lines[1:5] == [
        "  causes     2",
        "  12×  UPC ‹…› not found at location 1707",
        "   1×  Unexpected end of file",
        "  messages   13",
    ]


def test_causes_are_shown_in_ascii_where_the_terminal_has_nothing_else():
    assert "  2x  row <...> is odd\n" in as_text([reading(messages=["row 1 is odd", "row 2 is odd"])])


def test_no_text_of_a_message_starts_a_line_of_causes():
    lines = as_text([reading(messages=["::error::a 1", "::error::a 2"])]).splitlines()

    assert lines[2] == "  2x  ::error::a <...>"
