from datetime import timedelta

import pytest

from tests.support.app_harness import desk
from tests.support.factories import at, job
from tui.domain.connection import Connection
from tui.domain.tracked_job import TrackedJob
from tui.ui.rendering.job_tabs import fields_lines, history_lines, times_lines
from tui.ui.rendering.lines import line_width, text_of
from tui.ui.rendering.view_state import Times, ViewOptions
from tui.ui.widgets.job_detail import Tab

LINK = Connection()
LOOK = ViewOptions(at(100))


def tracked(*statuses, **fields):
    found = TrackedJob(1)
    for second, status in enumerate(statuses):
        found = found.seen(job(1, status, **fields), at(second))
    return found


def texts(lines):
    return [text_of(line).rstrip() for line in lines]


def test_times_tell_how_long_each_step_took():
    times = {"added": at(-90).isoformat(), "started": at(-60).isoformat(), "finished": at(-31).isoformat()}

    assert texts(times_lines(tracked("SUCCESS", **times), LINK, LOOK)) == [
        "added     2026-11-23 11:58:30Z",
        "started   2026-11-23 11:59:00Z",
        "finished  2026-11-23 11:59:29Z",
        "",
        "waited    0:30",
        "ran       0:29",
        "",
        "read      2026-11-23 12:00:00Z",
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"added": at(-90).isoformat()}, ["waits", "ran"]),
        ({"added": at(-90).isoformat(), "started": at(-60).isoformat()}, ["waited", "runs"]),
    ],
    ids=["waiting", "running"],
)
def test_step_that_goes_on_is_told_in_the_present(fields, words):
    lines = texts(times_lines(tracked("WORKING" if len(fields) > 1 else "PENDING", **fields), LINK, LOOK))

    assert [line.split()[0] for line in lines[4:6]] == words


def test_time_that_cannot_be_read_is_shown_as_it_was_sent():
    assert "added     soon  unreadable" in texts(times_lines(tracked("PENDING", added="soon"), LINK, LOOK))


def test_times_are_ages_where_the_user_wants_that():
    look = ViewOptions(at(100), times=Times.AGE, ahead=timedelta(0))

    assert "ago" in texts(times_lines(tracked("PENDING", added=at(0).isoformat()), LINK, look))[0]


def test_fields_are_all_that_the_server_sent():
    found = tracked("PAUSED", priority={"level": 7}, hasData=None, itemCount="many", messages=["x"])

    assert texts(fields_lines(found, 60)) == [
        "jobID      1",
        "status     PAUSED",
        'priority   {"level": 7}',
        "hasData    null",
        "itemCount  many",
        "itemCount: outside the contract",
        "messages   1: see Messages",
    ]


@pytest.mark.parametrize("width", [20, 40, 80])
def test_long_value_is_wrapped(width):
    lines = fields_lines(tracked("PENDING", originalFilename="f" * 300), width)

    assert max(map(line_width, lines)) <= width
    assert "".join(text_of(line) for line in lines).count("f") >= 300


def test_history_is_every_change_newest_first():
    assert texts(history_lines(tracked("PENDING", "WORKING", "SUCCESS"), LOOK)) == [
        "2026-11-23 12:00:02Z  WORKING → SUCCESS",
        "2026-11-23 12:00:01Z  PENDING → WORKING",
        "",
        "changes that earlier sessions saw: jobdeck history 1",
    ]


def test_history_without_a_change_says_so():
    assert texts(history_lines(tracked("PENDING"), LOOK))[0] == "no change since this start"


@pytest.mark.parametrize("width", [45, 60, 80, 120, 200])
async def test_no_tab_is_ever_dropped(width):
    scripts = {884257: [job(884257, "FAILED", messages=["UPC 1 not found"] * 136)]}
    async with desk(scripts, size=(width, 40)) as it:
        await it.until(it.has_answers)
        await it.press("3")
        rule = next(line for line in it.lines if "884257 ✖ FAILED" in line and "━" in line)

        shown = rule.split("FAILED")[1].replace("━", " ").replace("136", "").split()
        assert [name[0] for name in shown] == ["W", "M", "T", "F", "H", "R"]


@pytest.mark.parametrize(
    ("tab", "text"),
    [(Tab.TIMES, "waited"), (Tab.FIELDS, "jobID"), (Tab.HISTORY, "no change since this start"), (Tab.RAW, '"jobID"')],
)
async def test_each_tab_shows_what_its_name_says(tab, text):
    async with desk({1: [job(1, "FAILED")]}, size=(100, 30)) as it:
        await it.until(it.has_answers)
        it.detail.tab = tab

        await it.until(lambda: text in it.text)


@pytest.mark.parametrize("tab", [Tab.WHY, Tab.TIMES, Tab.FIELDS, Tab.HISTORY])
async def test_search_in_a_short_tab_goes_to_the_messages(tab):
    async with desk({1: [job(1, "FAILED", messages=["first", "UPC 17 not found"])]}, size=(100, 30)) as it:
        await it.until(it.has_answers)
        it.detail.tab = tab
        await it.press("3", "slash", *"upc")
        await it.until(lambda: "1 of 1" in it.text or "1 match" in it.text)

        assert it.detail.tab is Tab.MESSAGES
