import pytest

from tests.support.factories import at, job
from tui.ui.rendering.cause_lines import DETAIL_MESSAGES, NOTE_MESSAGES, cause_lines, cause_note
from tui.ui.rendering.lines import Role, line_width, text_of
from tui.ui.rendering.view_state import ASCII_GLYPHS, Glyphs, ViewOptions

LOOK = ViewOptions(at())
ASCII = ViewOptions(at(), ASCII_GLYPHS)
UNKNOWN = [f"UPC 00{number} not found at location W05" for number in range(50651, 50747)]
ODD = [f'Row {number}: quantity "n/a" is not a number' for number in range(12, 51)]
END = "Unexpected end of file"


def failed(*messages):
    return job(1, "FAILED", messages=list(messages))


@pytest.mark.parametrize(
    ("messages", "note"),
    [
        ([END], END),
        ([END, "Disk full"], f"{END}  +1 cause"),
        (UNKNOWN, "96× UPC ‹…› not found at location W05"),
        ([*ODD, *UNKNOWN, END], "96× UPC ‹…› not found at location W05  +2 causes"),
        (["two\nlines"], "two lines"),
    ],
    ids=["one", "two", "same", "several", "line-break"],
)
def test_note_shows_the_largest_cause(messages, note):
    assert cause_note(failed(*messages), Glyphs(), 80) == note


@pytest.mark.parametrize(
    ("width", "note"),
    [(39, "96× UPC ‹…› not found at location…  +2"), (24, "96× UPC ‹…› not fou…  +2")],
)
def test_note_is_cut_before_the_number_of_other_causes(width, note):
    assert cause_note(failed(*ODD, *UNKNOWN, END), Glyphs(), width) == note


def test_note_of_many_messages_counts_them_all():
    many = [f"UPC {number} not found" for number in range(NOTE_MESSAGES + 1)]

    assert cause_note(failed(*many), Glyphs(), 80) == f"{NOTE_MESSAGES + 1} messages, first of all UPC ‹…› not found"


def test_note_is_ascii_where_it_must():
    assert cause_note(failed(*UNKNOWN), ASCII_GLYPHS, 80) == "96x UPC <...> not found at location W05"


def test_lines_show_counts_and_values_of_the_causes():
    lines = [text_of(line) for line in cause_lines(failed(*ODD, *UNKNOWN, END), LOOK, 100, 5)]

    assert lines[0].startswith("96×  UPC ‹…› not found at location W05    0050651 0050652 ")
    assert lines[0].endswith(" more")
    assert lines[1].startswith('39×  Row ‹…›: quantity "n/a" is not a number    12 13 14 ')
    assert lines[2] == f" 1×  {END}"


@pytest.mark.parametrize("width", [8, 20, 60, 80, 200])
@pytest.mark.parametrize("look", [LOOK, ASCII], ids=["utf-8", "ascii"])
def test_lines_are_within_their_width(width, look):
    lines = cause_lines(failed(*ODD, *UNKNOWN, "x" * 5_000), look, width, 5)

    assert max(map(line_width, lines)) <= max(width, 13)


def test_causes_beyond_the_limit_are_counted():
    lines = [text_of(line) for line in cause_lines(failed(*ODD, *UNKNOWN, END), LOOK, 80, 2)]

    assert len(lines) == 2
    assert lines[1].strip() == "2 more causes: press ]"


def test_messages_that_are_left_out_are_counted():
    many = [f"UPC {number} not found" for number in range(DETAIL_MESSAGES + 1)]
    lines = [text_of(line) for line in cause_lines(failed(*many), LOOK, 90, 5)]

    assert lines[0].startswith("2,000×  UPC ‹…› not found")
    assert lines[1].strip() == "these are the first 2,000 of 2,001 messages: press ]"


@pytest.mark.parametrize(("status", "role"), [("FAILED", Role.FAILED), ("SUCCESS", Role.LABEL)])
def test_count_is_red_for_a_failed_job_alone(status, role):
    (line,) = cause_lines(job(1, status, messages=[END]), LOOK, 80, 3)

    assert line[0].role is role
