import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.support.factories import at, job
from tests.support.view_states import (
    ASCII,
    DOWN,
    ENDED,
    LINKS,
    LOOK,
    NAMED,
    NOWHERE,
    OFFLINE,
    ONE_LINE,
    SPOILT,
    UP,
    WORKED,
    after,
    later,
    matches,
)
from tui.domain.watchlist import Watchlist
from tui.ui.rendering.job_table import Columns, header, is_still, row
from tui.ui.rendering.lines import Role, line_width, text_of
from tui.ui.rendering.view_state import Times, ViewOptions

WIDTHS = range(20, 251)
KNOWN = ("PENDING", "WORKING", "SUCCESS", "FAILED")
FULL = {
    status: after(job(884213, status, **NAMED, **ENDED, messages=["UPC not found at location W01", "b"]), job_id=884213)
    for status in KNOWN
}


def columns_for(*jobs, width):
    return Columns.for_list(Watchlist().with_jobs(jobs), width)


def shown(tracked, width=76, *, link=UP, look=LOOK):
    return row(tracked, link, columns_for(tracked, width=width), look)


def sizes(columns):
    """The cells of each visible column, by name."""
    return {column.name: size for column, size in columns.cells}


def column(line, name, columns):
    """The text of one column of a row or of the header."""
    start = 0
    for each, cells in sizes(columns).items():
        size = cells + (2 if each == "status" else 0)
        if each == name:
            return text_of(line)[start : start + size]
        start += size + 1
    raise AssertionError(f"no column {name}")


@pytest.mark.parametrize("status", ["Success", "CANCELLED"])
def test_end_with_an_unknown_status_is_shown_verbatim_and_never_as_a_success(status):
    line = shown(after(job(1, status, **ENDED)), 120)

    assert f"? {status}" in text_of(line)
    assert "ended, status unknown" in text_of(line)
    assert Role.SUCCESS not in {span.role for span in line}


@pytest.mark.parametrize("status", KNOWN)
def test_row_and_header_are_never_wider_than_the_list(status):
    tracked = FULL[status]

    for width in WIDTHS:
        columns = columns_for(tracked, width=width)

        assert line_width(row(tracked, UP, columns, LOOK)) <= width
        assert line_width(header(columns, LOOK)) <= width
        assert columns.width <= width


@pytest.mark.parametrize("status", KNOWN)
@pytest.mark.parametrize("job_id", [1, 2**63 - 1], ids=["short-id", "longest-id"])
def test_known_status_and_id_are_never_cut(status, job_id):
    tracked = after(job(job_id, status), job_id=job_id)

    for width in WIDTHS:
        text = text_of(shown(tracked, width))

        assert status in text
        assert str(job_id) in text


@pytest.mark.parametrize("width", [20, 40, 55, 76, 99, 100, 116, 250])
def test_cells_stand_under_their_headings(width):
    columns = columns_for(*FULL.values(), width=width)
    heading = header(columns, LOOK)

    line = row(FULL["FAILED"], UP, columns, LOOK)

    for name in sizes(columns).keys() - {"note"}:
        above, below = column(heading, name, columns), column(line, name, columns)
        if name in {"status", "type", "locationCode", "originalFilename"}:
            assert len(above) - len(above.lstrip()) == len(below) - len(below.lstrip("✖ ")), name
        else:
            assert above == above.rstrip(), name
            assert below == below.rstrip(), name


@pytest.mark.parametrize(
    ("width", "text"),
    [
        pytest.param(20, "✖ FAILED    884213", id="20"),
        pytest.param(40, "✖ FAILED    884213 W01", id="40"),
        pytest.param(76, "✖ FAILED    884213 W01     1:30    1:30 UPC not found at location W01  +1", id="76"),
        pytest.param(
            116,
            "✖ FAILED    884213 W01      REFRESH       1:30     1:30     2,998 UPC not found at location W01  +1 cause",
            id="116",
        ),
    ],
)
def test_row_at_a_width(width, text):
    assert text_of(shown(FULL["FAILED"], width)).rstrip("… ") == text


LONG = after(
    job(
        884213,
        "SUCCESS",
        **NAMED,
        added="2026-11-19T23:00:00Z",
        started="2026-11-20T11:00:00Z",
        finished="2026-11-22T23:30:00Z",
    )
)


@pytest.mark.parametrize(
    ("width", "texts"), [(76, {"runSeconds": "2d 12h"}), (190, {"queueWaitSeconds": "12h00", "runSeconds": "2d 12:30"})]
)
def test_long_times_are_shortened_and_not_cut(width, texts):
    columns = columns_for(LONG, width=width)

    line = row(LONG, UP, columns, LOOK)

    for name, text in texts.items():
        assert column(line, name, columns).strip() == text


@given(status=ONE_LINE, text=ONE_LINE, width=st.integers(20, 250))
def test_row_of_anything_is_never_wider_than_its_columns(status, text, width):
    tracked = after(
        job(
            status=status,
            started="at once",
            type=text,
            locationCode=text,
            added=text,
            itemCount=text,
            messages=[text, text],
        )
    )
    columns = columns_for(tracked, width=width)

    assert line_width(row(tracked, UP, columns, LOOK)) <= columns.width


@given(status=ONE_LINE, other=ONE_LINE, width=st.integers(76, 250))
def test_columns_of_two_rows_begin_in_the_same_cells(status, other, width):
    jobs = (after(job(1, status, type=other)), after(job(2, other, type=status), job_id=2))
    columns = columns_for(*jobs, width=width)

    firsts = [row(tracked, UP, columns, LOOK)[:2] for tracked in jobs]

    assert len({line_width(line) for line in firsts}) == 1
    assert len({cell_len(line[0].text) for line in firsts}) == 1


@pytest.mark.parametrize(
    "status", ["PAUSED", "WAITING_FOR_APPROVAL", "待機中です待機中"], ids=["short", "twenty", "wide"]
)
def test_unknown_status_is_shown_whole_up_to_twenty_cells(status):
    assert text_of(shown(after(job(status=status)))).startswith(f"? {status} ")


def test_longer_unknown_status_is_visibly_cut():
    assert text_of(shown(after(job(status="A" * 40)))).startswith(f"? {'A' * 19}… ")


@pytest.mark.parametrize(
    ("tracked", "link", "begins", "note"),
    [
        pytest.param(after(), "up", "  not read ", "", id="unseen"),
        pytest.param(after(NOWHERE), "up", "  NOT FOUND ", "no job 1 here", id="not-found"),
        pytest.param(after(DOWN), "up", "  not read ", "connection refused", id="no-answer"),
        pytest.param(after("WORKING", DOWN), "up", "▶ WORKING ", "stale 0:31 · connection refused", id="stale"),
        pytest.param(after("WORKING", NOWHERE), "up", "▶ WORKING ", "gone", id="gone"),
        pytest.param(after("WORKING"), "offline", "▶ WORKING ", "stale 0:31", id="offline"),
        pytest.param(after("FAILED", "PENDING"), "up", "· PENDING ", "was FAILED", id="reversal"),
        pytest.param(after("FAILED", "PENDING", "WORKING"), "up", "▶ WORKING ", "", id="reversal-long-ago"),
        pytest.param(after(job(messages=["a\nb"])), "up", "· PENDING ", "a b", id="one-message"),
        pytest.param(after(job(messages=["a", "b", "c"])), "up", "· PENDING ", "a  +2 causes", id="messages"),
        pytest.param(
            after(job(itemCount="x", success=3)), "up", "· PENDING ", "unreadable: itemCount, success", id="unreadable"
        ),
        pytest.param(after(job(status=None)), "up", "  no status ", "", id="no-status"),
        pytest.param(
            after("PENDING", SPOILT), "up", "· PENDING ", "stale 0:31 · expected one job, got an array", id="spoilt"
        ),
    ],
)
def test_row_says_what_is_known(tracked, link, begins, note):
    columns = columns_for(tracked, width=130)

    line = row(tracked, LINKS[link], columns, later(LOOK, 31))

    assert text_of(line).startswith(begins)
    assert text_of(line).rstrip().endswith(note)


@pytest.mark.parametrize(
    ("tracked", "link"),
    [
        pytest.param(after(job(status="WORKING", **NAMED, messages=["a"]), DOWN), UP, id="stale"),
        pytest.param(after(job(status="SUCCESS", **NAMED, messages=["a"]), NOWHERE), UP, id="gone"),
        pytest.param(after(job(status="WORKING", **NAMED, messages=["a"])), OFFLINE, id="offline"),
    ],
)
@pytest.mark.parametrize("width", [20, 76, 200])
def test_nothing_outdated_has_the_colours_of_what_is_current(tracked, link, width):
    roles = {span.role for span in shown(tracked, width, link=link) if span.text.strip()}

    assert roles <= {Role.MUTED, Role.WARNING}


@pytest.mark.parametrize("width", range(70, 250, 3))
def test_word_stale_is_whole_from_seventy_cells(width):
    line = shown(after("WORKING", DOWN), width, look=later(LOOK, 31))

    assert "stale 0:31" in text_of(line)


def test_unreadable_time_and_count_are_shown_as_they_came():
    line = shown(after(job(added="soon", itemCount="many")), 160)

    assert " soon " in text_of(line)
    assert " many " in text_of(line)


def test_only_a_working_job_changes_with_time():
    still = [
        after(),
        after("PENDING"),
        FULL["FAILED"],
        FULL["SUCCESS"],
        after(job(**NAMED, added="2026-11-23T11:56:00Z")),
        after(NOWHERE),
    ]

    for tracked in still:
        assert shown(tracked, look=LOOK) == shown(tracked, look=later(LOOK, 59))
    running = after(job(status="WORKING", **WORKED))
    assert shown(running, look=LOOK) != shown(running, look=later(LOOK, 1))


@pytest.mark.parametrize("width", WIDTHS[::3])
def test_rows_and_header_are_ascii_where_they_must(width):
    for tracked in (
        *FULL.values(),
        after("A" * 30),
        after("WORKING", DOWN),
        after("WORKING", NOWHERE),
        after("FAILED", "PENDING"),
    ):
        columns = columns_for(tracked, width=width)

        assert text_of(header(columns, ASCII)).isascii()
        assert text_of(row(tracked, UP, columns, ASCII)).isascii()


# filter and title


@pytest.mark.parametrize(
    ("filter_text", "is_shown"),
    [
        ("", True),
        ("8842", True),
        ("failed", True),
        ("refr w01", True),
        ("INV_09", True),
        ("upc not", True),
        ("failed w02", False),
        ("W01\n", True),
        ("success", False),
    ],
)
def test_filter_wants_every_word_somewhere(filter_text, is_shown):
    assert matches(FULL["FAILED"], filter_text) is is_shown


def test_filter_finds_a_job_that_has_no_answer_by_what_the_row_says():
    assert matches(after(NOWHERE), "not found")


STILL = {
    "ended": after(job(1, "FAILED", added="2026-11-23T11:00:00Z")),
    "settled-while-offline": after(job(1, "SUCCESS"), job(1, "SUCCESS")),
}
MOVING = {
    "waits": after(job(1, "PENDING")),
    "runs": after(job(1, "WORKING")),
    "stale": after(job(1, "FAILED"), DOWN),
    "asking": after(),
}


@pytest.mark.parametrize(
    ("tracked", "link"), [(STILL["ended"], UP), (STILL["settled-while-offline"], OFFLINE)], ids=STILL
)
def test_row_that_is_still_looks_the_same_later(tracked, link):
    columns = columns_for(tracked, width=120)

    assert is_still(tracked, link, LOOK)
    assert row(tracked, link, columns, LOOK) == row(tracked, link, columns, later(LOOK, 3600))


@pytest.mark.parametrize("tracked", MOVING.values(), ids=MOVING)
def test_row_that_may_move_is_not_still(tracked):
    assert not is_still(tracked, UP, LOOK)


def test_row_of_an_ended_job_is_not_still_where_it_may_be_out_of_date_or_shows_an_age():
    assert not is_still(STILL["ended"], OFFLINE, LOOK)
    assert not is_still(STILL["ended"], UP, ViewOptions(at(), times=Times.AGE))


@pytest.mark.parametrize(("look", "mark"), [(LOOK, "◆"), (ASCII, "*")], ids=["utf-8", "ascii"])
@pytest.mark.parametrize("tracked", [after("PENDING"), after(), after(NOWHERE)], ids=["known", "unseen", "missing"])
def test_pinned_job_is_marked_in_a_cell_that_is_blank_in_others(tracked, look, mark):
    columns = columns_for(tracked, width=78)
    plain, pinned = (text_of(row(tracked, UP, columns, look, is_pinned=is_pinned)) for is_pinned in (False, True))

    place = plain.index(str(tracked.job_id).rjust(6)) - 1
    assert (plain[place], pinned[place]) == (" ", mark)
    assert plain[:place] + plain[place + 1 :] == pinned[:place] + pinned[place + 1 :]


NARROW = {"status": 9, "jobID": 6, "locationCode": 5, "queueWaitSeconds": 6, "runSeconds": 7}


@pytest.mark.parametrize(
    ("width", "lost", "note"),
    [
        (76, (), 36),
        (64, (), 24),
        (63, ("runSeconds",), 31),
        (56, ("runSeconds",), 24),
        (55, ("runSeconds", "queueWaitSeconds"), 30),
        (49, ("runSeconds", "queueWaitSeconds"), 24),
        (48, ("runSeconds", "queueWaitSeconds"), 0),
        (24, ("runSeconds", "queueWaitSeconds"), 0),
        (23, ("runSeconds", "queueWaitSeconds", "locationCode"), 0),
        (10, ("runSeconds", "queueWaitSeconds", "locationCode"), 0),
    ],
)
def test_least_important_columns_leave_a_list_that_is_too_narrow(width, lost, note):
    kept = {name: size for name, size in NARROW.items() if name not in lost}

    assert sizes(columns_for(after("PENDING"), width=width)) == kept | ({"note": note} if note else {})


@pytest.mark.parametrize(
    ("width", "more"),
    [
        (95, set()),
        (97, {"itemCount"}),
        (108, {"type", "itemCount"}),
        (137, {"type", "itemCount", "originalFilename"}),
        (150, {"type", "itemCount", "originalFilename", "added"}),
    ],
    ids=["95", "97", "108", "137", "150"],
)
def test_wide_list_shows_more(width, more):
    shown = sizes(columns_for(after("PENDING"), width=width))

    assert set(shown) == {*NARROW, "note", *more}
    assert shown["note"] >= (40 if more else 24)


@pytest.mark.parametrize(
    ("status", "job_id", "cells"),
    [
        ("SUCCESS", 1, (9, 6)),
        ("A" * 10, 1234567, (10, 7)),
        ("A" * 20, 123456, (20, 6)),
        ("A" * 21, 1, (20, 6)),
    ],
    ids=str,
)
def test_status_and_id_have_the_cells_of_the_longest(status, job_id, cells):
    columns = columns_for(after(job(job_id, status), job_id=job_id), after("PENDING", job_id=2), width=90)

    assert (sizes(columns)["status"], sizes(columns)["jobID"]) == cells


PLAIN, QUIET, LOUD = Role.TEXT, Role.MUTED, Role.WARNING


@pytest.mark.parametrize(
    ("tracked", "word", "facts", "notes"),
    [
        pytest.param(after(job(status="PENDING")), ("· PENDING", Role.PENDING), PLAIN, [], id="waits"),
        pytest.param(after(job(status="WORKING", **WORKED)), ("▶ WORKING", Role.WORKING), PLAIN, [], id="works"),
        pytest.param(after(job(status="SUCCESS", **ENDED)), ("✔ SUCCESS", Role.SUCCESS), PLAIN, [], id="done"),
        pytest.param(
            after(job(status="FAILED", messages=["no UPC", "b"])),
            ("✖ FAILED", Role.FAILED),
            PLAIN,
            [("no UPC  +1 cause", PLAIN)],
            id="failed",
        ),
        pytest.param(
            after(job(status="FAILED"), DOWN),
            ("✖ FAILED", QUIET),
            QUIET,
            [("stale 0:31", LOUD), ("·", QUIET), ("connection refused", QUIET)],
            id="stale",
        ),
        pytest.param(after("WORKING", NOWHERE), ("▶ WORKING", QUIET), QUIET, [("gone", LOUD)], id="gone"),
        pytest.param(after(), ("not read", QUIET), QUIET, [], id="unseen"),
        pytest.param(after(NOWHERE), ("NOT FOUND", QUIET), QUIET, [("no job 1 here", LOUD)], id="not found"),
        pytest.param(after(DOWN), ("not read", QUIET), QUIET, [("connection refused", LOUD)], id="no answer"),
        pytest.param(
            after(job(status="HALTED", **ENDED)),
            ("? HALTED", Role.UNKNOWN),
            PLAIN,
            [("ended, status unknown", LOUD)],
            id="unknown end",
        ),
        pytest.param(
            after(job(status=None, **ENDED)),
            ("no status", QUIET),
            PLAIN,
            [("ended, status unknown", LOUD)],
            id="end without a status",
        ),
        pytest.param(
            after("SUCCESS", "WORKING"), ("▶ WORKING", Role.WORKING), PLAIN, [("was SUCCESS", LOUD)], id="goes back"
        ),
        pytest.param(
            after(job(added="soon")),
            ("· PENDING", Role.PENDING),
            PLAIN,
            [("unreadable: added", QUIET)],
            id="unreadable",
        ),
    ],
)
def test_parts_of_a_row_have_their_colours(tracked, word, facts, notes):
    line = shown(tracked, 140, look=later(LOOK, 31))

    parts = [(span.text.strip(), span.role) for span in line if span.text.strip()]
    assert (parts[0], parts[1][1], parts[2:]) == (word, facts, notes)


def test_columns_of_a_row_begin_at_the_cells_of_their_headings():
    columns = columns_for(FULL["SUCCESS"], width=160)
    line = text_of(row(FULL["SUCCESS"], UP, columns, LOOK))

    assert text_of(header(columns, LOOK)).rstrip() == (
        "  STATUS       JOB LOC      TYPE        ADDED Z    WAIT      RUN     ITEMS FILE                         NOTE"
    )
    assert line.startswith(
        "✔ SUCCESS   884213 W01      REFRESH    11:56:00    1:30     1:30     2,998 inv_0930.csv                 UPC not found"
    )
