from dataclasses import fields
from datetime import timedelta, timezone

import pytest
from rich.cells import cell_len

from tests.support.factories import at
from tests.support.view_states import DOWN, LINKS, LOOK, NOWHERE, UP, after, later
from tui.domain.job_status import JobStatus
from tui.ui.rendering.lines import Role
from tui.ui.rendering.view_state import (
    ASCII_GLYPHS,
    Glyphs,
    Times,
    ViewOptions,
    freshness_note,
    status_glyph,
    status_role,
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


def test_stale_time_runs_on_and_a_live_one_has_none():
    stale = after("PENDING", DOWN)

    assert freshness_note(stale, UP, later(LOOK, 3).now) != freshness_note(stale, UP, later(LOOK, 4).now)


def test_age_of_what_the_server_tells_is_measured_by_its_clock():
    look = ViewOptions(at(3600), times=Times.AGE, ahead=timedelta(hours=-1))

    assert look.clock_time(at(-300)) == "5m"
    assert look.full_time(at(-300)).endswith("5m ago")
