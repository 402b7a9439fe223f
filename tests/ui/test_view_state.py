from dataclasses import fields
from datetime import timedelta, timezone

import pytest
from rich.cells import cell_len

from tests.support.factories import at, job
from tests.support.view_states import DOWN, LINKS, LOOK, NOWHERE, UP, WORKED, after, later
from tui.domain.connection import Connection, ConnectionState
from tui.domain.job_status import JobStatus
from tui.ui.rendering.lines import Role
from tui.ui.rendering.view_state import (
    ASCII_GLYPHS,
    Glyphs,
    Times,
    ViewOptions,
    freshness_note,
    items_text,
    number_text,
    run_text,
    status_glyph,
    status_role,
    status_word,
    wait_text,
)

BERLIN = timezone(timedelta(hours=1))
PENDING = {"added": "2026-11-23T11:56:00Z"}


@pytest.mark.parametrize("glyphs", [Glyphs(), ASCII_GLYPHS], ids=["unicode", "ascii"])
def test_each_glyph_takes_one_cell(glyphs):
    assert {cell_len(getattr(glyphs, field.name)) for field in fields(glyphs)} == {1}


def test_ascii_glyphs_are_ascii():
    assert all(getattr(ASCII_GLYPHS, field.name).isascii() for field in fields(ASCII_GLYPHS))


@pytest.mark.parametrize("glyphs", [Glyphs(), ASCII_GLYPHS], ids=["unicode", "ascii"])
def test_known_statuses_differ_in_glyph_and_role(glyphs):
    known = [JobStatus.PENDING, JobStatus.WORKING, JobStatus.SUCCESS, JobStatus.FAILED, JobStatus("PAUSED")]

    assert len({status_glyph(status, glyphs) for status in known}) == 5
    assert len({status_role(status) for status in known}) == 5


def test_job_without_status_is_muted_and_has_no_glyph():
    assert (status_glyph(None, Glyphs()), status_role(None)) == (" ", Role.MUTED)


@pytest.mark.parametrize(
    ("tracked", "word"),
    [
        pytest.param(after(), "asking", id="unseen"),
        pytest.param(after(DOWN), "no answer", id="unreachable"),
        pytest.param(after(NOWHERE), "not found", id="missing"),
        pytest.param(after("WORKING"), "WORKING", id="known"),
        pytest.param(after("Paused!"), "Paused!", id="unknown-verbatim"),
        pytest.param(after(job(status=None)), "none", id="without-status"),
        pytest.param(after("WORKING", DOWN), "WORKING", id="stale-keeps-its-status"),
        pytest.param(after("WORKING", NOWHERE), "WORKING", id="gone-keeps-its-status"),
    ],
)
def test_status_word(tracked, word):
    assert status_word(tracked, UP) == word


@pytest.mark.parametrize(
    "state", [state for state in ConnectionState if state is not ConnectionState.UP], ids=lambda state: state.value
)
def test_job_that_nobody_asks_for_is_not_called_asked(state):
    assert status_word(after(), Connection(state)) == "not asked"


# freshness


@pytest.mark.parametrize(
    ("tracked", "link", "note"),
    [
        pytest.param(after(), "up", None, id="unseen"),
        pytest.param(after("PENDING"), "up", None, id="live"),
        pytest.param(after("SUCCESS", "SUCCESS"), "up", None, id="settled"),
        pytest.param(after("PENDING", DOWN), "up", "stale 0:31", id="not-read-again"),
        pytest.param(after("PENDING", NOWHERE), "up", "gone", id="vanished"),
        pytest.param(after(NOWHERE), "up", None, id="never-found"),
        pytest.param(after(DOWN), "offline", None, id="nothing-to-be-stale"),
        *(
            pytest.param(after("PENDING"), name, "stale 0:31", id=f"live-while-{name}")
            for name in LINKS
            if name != "up"
        ),
        *(
            pytest.param(after("SUCCESS", "SUCCESS"), name, None, id=f"settled-while-{name}")
            for name in LINKS
            if name != "up"
        ),
    ],
)
def test_freshness_note_after_half_a_minute(tracked, link, note):
    span = freshness_note(tracked, LINKS[link], at(31))

    assert (span and span.text) == note


# times


@pytest.mark.parametrize(
    ("look", "moment", "shown"),
    [
        pytest.param(ViewOptions(at()), at(-90), "11:58:30", id="utc"),
        pytest.param(ViewOptions(at(), times=Times.LOCAL, zone=BERLIN), at(-90), "12:58:30", id="local"),
        pytest.param(ViewOptions(at(), times=Times.AGE), at(-90), "1m", id="age"),
        pytest.param(ViewOptions(at()), at(-13 * 3600), "Nov 22", id="yesterday"),
        pytest.param(ViewOptions(at()), at(13 * 3600), "Nov 24", id="clock-skew"),
        pytest.param(ViewOptions(at(), times=Times.AGE), at(90), "<1m", id="in-the-future"),
    ],
)
def test_clock_time(look, moment, shown):
    assert look.clock_time(moment) == shown


@pytest.mark.parametrize("times", Times)
@pytest.mark.parametrize("age_s", [-(10**8), -1, 0, 59, 3599, 43_199, 43_200, 10**6, 10**9])
def test_clock_time_fits_its_column(times, age_s):
    assert len(ViewOptions(at(), times=times, zone=BERLIN).clock_time(at(-age_s))) <= 8


@pytest.mark.parametrize(
    ("times", "shown"),
    [
        (Times.UTC, "2026-11-23 11:58:30Z"),
        (Times.LOCAL, "2026-11-23 12:58:30+0100"),
        (Times.AGE, "2026-11-23 11:58:30Z  1m ago"),
    ],
)
def test_full_time(times, shown):
    assert ViewOptions(at(), times=times, zone=BERLIN).full_time(at(-90)) == shown


@pytest.mark.parametrize(
    ("beside_s", "shown"),
    [(-3600, "           11:58:30Z"), (-86400, "2026-11-23 11:58:30Z")],
    ids=["same-day", "another-day"],
)
def test_full_time_leaves_out_a_day_that_stands_there_already(beside_s, shown):
    assert ViewOptions(at()).full_time(at(-90), beside=at(beside_s)) == shown


def test_kinds_of_times_form_a_circle():
    assert [times.following for times in Times] == [Times.LOCAL, Times.AGE, Times.UTC]


# wait, run, items


@pytest.mark.parametrize(
    ("tracked", "wait", "run"),
    [
        pytest.param(after(), "-", "-", id="unseen"),
        pytest.param(after("PENDING"), "-", "-", id="no-times"),
        pytest.param(after(job(**PENDING)), "4m", "-", id="waits"),
        pytest.param(after(job(status="WORKING", **WORKED)), "1:30", "2:30", id="runs"),
        pytest.param(after(job(status="FAILED", **WORKED, finished="2026-11-23T11:59:00Z")), "1:30", "1:30", id="ran"),
        pytest.param(after(job(status="FAILED", **WORKED)), "1:30", "-", id="ended-without-end"),
        pytest.param(after(job(status="PENDING", **WORKED)), "1:30", "-", id="restarted"),
        pytest.param(after(job(status="WORKING", **PENDING)), "-", "-", id="works-without-start"),
        pytest.param(
            after(job(status="WORKING", started="2026-11-23T12:05:00Z")), "-", "0:00", id="started-in-the-future"
        ),
        pytest.param(after(job(status="PENDING", added="soon")), "-", "-", id="unreadable"),
    ],
)
def test_wait_and_run(tracked, wait, run):
    assert (
        wait_text(tracked, Connection(), ViewOptions(at())),
        run_text(tracked, Connection(), ViewOptions(at())),
    ) == (wait, run)


@pytest.mark.parametrize("reading", [DOWN, NOWHERE], ids=["stale", "gone"])
@pytest.mark.parametrize(
    ("status", "text"), [pytest.param("WORKING", run_text, id="run"), pytest.param("PENDING", wait_text, id="wait")]
)
def test_clock_of_a_job_that_cannot_be_read_stands_at_its_last_answer(reading, status, text):
    fields_sent = WORKED if status == "WORKING" else PENDING
    tracked = after(job(status=status, **fields_sent), reading)

    assert text(tracked, Connection(), ViewOptions(at(3600))) == text(tracked, Connection(), ViewOptions(at()))


@pytest.mark.parametrize(
    "state", [ConnectionState.PAUSED, ConnectionState.OFFLINE, ConnectionState.THROTTLED, ConnectionState.UNAUTHORIZED]
)
def test_clock_of_a_working_job_stands_while_nothing_is_asked(state):
    tracked = after(job(status="WORKING", **WORKED))

    assert run_text(tracked, Connection(state), ViewOptions(at(3600))) == run_text(
        tracked, Connection(), ViewOptions(at())
    )


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({}, "-"),
        ({"itemCount": 0}, "0"),
        ({"itemCount": 1204}, "1,204"),
        ({"itemCount": "many"}, "many"),
        ({"itemCount": -1}, "-1"),
    ],
    ids=["absent", "none", "number", "word", "negative"],
)
def test_items(sent, shown):
    assert items_text(after(job(**sent))) == shown


def test_what_came_instead_of_a_number_is_shown_as_it_came():
    assert number_text(None, "[1]") == "[1]"


def test_stale_time_runs_on_and_a_live_one_has_none():
    stale = after("PENDING", DOWN)

    assert freshness_note(stale, UP, later(LOOK, 3).now) != freshness_note(stale, UP, later(LOOK, 4).now)


def test_running_clock_goes_by_the_server_whatever_ours_says():
    tracked = after(job(status="WORKING", **WORKED))
    hour = timedelta(hours=1)

    assert (
        run_text(tracked, Connection(), ViewOptions(at() + hour, ahead=-hour))
        == run_text(tracked, Connection(), ViewOptions(at()))
        == "2:30"
    )


def test_age_of_what_the_server_tells_is_measured_by_its_clock():
    look = ViewOptions(at(3600), times=Times.AGE, ahead=timedelta(hours=-1))

    assert look.clock_time(at(-300)) == "5m"
    assert look.full_time(at(-300)).endswith("5m ago")
