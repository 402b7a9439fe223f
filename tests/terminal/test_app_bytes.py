"""What the app sends over a slow line: nothing when nothing changes, and little when little does."""

import re
import statistics
import sys

import pytest

from tests.bench.screen import largest_keys
from tests.support.pty_app import PATIENCE_S, answer, is_listed, row, row_of, shows
from tui.ui.widgets.job_list import STILL_S

QUIET_S = 3.0
LARGEST_CHANGE = 200
"""Bytes for one visible change of a status at 80x24 that keeps its row."""
LARGEST_MOVE = 1500
"""Bytes for a change of a status that moves rows."""
LARGEST_COUNT_CHANGE = 120
"""Bytes for new counts in the top line alone."""


def changes_of(terminal, queue, job_id, statuses, is_there):
    """Return the bytes that each change of status costs, from the answer to quiet."""
    sizes = []
    for status in statuses:
        terminal.wait_quiet(0.5)
        mark = terminal.mark()
        queue.put(job_id, answer(job_id, status, added=None, started=None))
        terminal.wait_for(is_there(status), PATIENCE_S)
        terminal.wait_quiet(0.25)
        sizes.append(len(terminal.since(mark)))
    return sizes


def note(sizes):
    """Show the sizes with -s and in the report of a failure."""
    sys.stdout.write(f"bytes: {sizes}\n")


def is_in_row(job_id):
    return lambda status: row(job_id, status)


FLAPPING = ("HALTED", "PENDING", "WAITING", "PENDING", "HALTED")
"""Neither ends nor runs, so that nothing else moves."""


def test_nothing_is_sent_nor_asked_when_all_jobs_have_settled(jobdeck, queue, api):
    for job_id in (101, 102):
        queue.put(job_id, answer(job_id, "SUCCESS"))
    terminal = jobdeck("101,102", until="all ended")
    terminal.wait_for(lambda it: api.asked(101) == api.asked(102) == 2, PATIENCE_S)
    terminal.wait_quiet(0.5)
    mark = terminal.mark()

    terminal.wait_quiet(QUIET_S)

    assert terminal.since(mark) == b""
    assert api.asked(101) == api.asked(102) == 2


def test_nothing_is_sent_while_answers_bring_nothing_new(jobdeck, queue, api):
    for job_id in (101, 102):
        queue.put(job_id, answer(job_id))
    terminal = jobdeck("101,102", until=row(102, "PENDING"))
    terminal.wait_for(row(101, "PENDING"), PATIENCE_S)
    terminal.wait_quiet(0.5)
    mark, asked = terminal.mark(), api.requests

    terminal.wait_quiet(QUIET_S)

    assert terminal.since(mark) == b""
    assert api.requests > asked + 3


@pytest.mark.parametrize("job_id", [102, 101], ids=["other", "selected"])
def test_visible_change_of_a_status_is_small(jobdeck, queue, job_id):
    for each in (101, 102):
        queue.put(each, answer(each, added=None))
    terminal = jobdeck("101,102", until=row(102, "PENDING"))
    terminal.wait_for(lambda it: shows(101)(it) and row(101, "PENDING").search(it.text), PATIENCE_S)
    terminal.press("j", "k")  # from now on the row of the selected job stays where it is
    terminal.wait_quiet(STILL_S)

    sizes = changes_of(terminal, queue, job_id, FLAPPING, is_in_row(job_id))
    note(sizes)
    assert max(sizes) <= LARGEST_CHANGE


def test_end_of_a_job_that_moves_rows_is_small(jobdeck, queue):
    queue.put(101, answer(101, added=None))
    queue.put(102, answer(102, added=None))
    terminal = jobdeck("101,102", until=row(102, "PENDING"))
    terminal.wait_for(row(101, "PENDING"), PATIENCE_S)

    sizes = changes_of(terminal, queue, 102, ("FAILED",), is_in_row(102))
    note(sizes)
    assert max(sizes) <= LARGEST_MOVE


def test_change_out_of_sight_costs_the_counts_alone(jobdeck, queue):
    for job_id in range(101, 109):
        queue.put(job_id, answer(job_id, added=None))
    terminal = jobdeck("101-108", size=(80, 19), until=lambda it: "· 8" in it.line(0))
    assert not is_listed(108)(terminal)

    counts = {"HALTED": "· 7  ? 1", "PENDING": "· 8"}
    terminal.wait_quiet(0.5)
    mark = terminal.mark()
    sizes = changes_of(
        terminal,
        queue,
        108,
        ("HALTED", "PENDING", "HALTED"),
        lambda status: lambda it: f" {counts[status]} " in it.line(0),
    )
    assert statistics.median(sizes) <= LARGEST_COUNT_CHANGE
    assert set(re.findall(rb"\x1b\[(\d+);\d+H", terminal.since(mark))) == {b"1"}


def test_running_clock_moves_its_own_cells_alone(jobdeck, queue):
    queue.put(101, answer(101, "WORKING"))
    queue.put(102, answer(102))
    terminal = jobdeck("101,102", until=row(101, "WORKING"))
    terminal.wait_for(row(102, "PENDING"), PATIENCE_S)
    terminal.press("j")
    terminal.wait_for(shows(102), PATIENCE_S)
    terminal.wait_quiet(0.4)
    clocks = set()
    mark = terminal.mark()

    def has_ticked(it):
        clocks.add(re.search(r" (\d+:\d\d)\b", row_of(it, 101)[1])[1])
        return len(clocks) >= 5

    terminal.wait_for(has_ticked, PATIENCE_S)

    pieces = [len(piece) for _, piece in terminal.timed_since(mark)]
    assert sum(pieces) / (len(clocks) - 1) <= 120


LARGEST_SECOND = 1000
"""Bytes a second for fifteen running clocks."""


def test_fifteen_running_clocks_are_small(jobdeck, queue):
    for job_id in range(101, 116):
        queue.put(job_id, answer(job_id, "WORKING"))
    terminal = jobdeck("101-115", until=" 15 jobs ━")
    terminal.press("|")
    terminal.wait_for(lambda it: all(row(job_id, "WORKING").search(it.text) for job_id in range(101, 116)), PATIENCE_S)
    terminal.wait_quiet(0.3)
    clocks = set()
    mark = terminal.mark()

    def has_ticked(it):
        clocks.add(re.search(r" (\d+:\d\d)\b", row_of(it, 101)[1])[1])
        return len(clocks) >= 5

    terminal.wait_for(has_ticked, PATIENCE_S)

    sent = len(terminal.since(mark)) / (len(clocks) - 1)
    note([sent])
    assert sent <= LARGEST_SECOND


LARGEST_KEY = 800
"""Bytes for any cursor key, the new detail included."""
LARGEST_WIDE_KEY = 1000
"""The same at 200x50, where a row has half as many cells more."""

ALIKE = ("SUCCESS",)
UNLIKE = (*["SUCCESS"] * 6, "FAILED", *["SUCCESS"] * 4, "FAILED", *["PENDING"] * 4)


@pytest.mark.parametrize("statuses", [ALIKE, UNLIKE], ids=["alike", "unlike"])
def test_every_cursor_key_is_small_in_a_list_that_scrolls(jobdeck, queue, statuses):
    status_of = {job_id: statuses[job_id % len(statuses)] for job_id in range(884201, 884221)}
    order = sorted(status_of, key=lambda job_id: ("FAILED", "PENDING", "SUCCESS").index(status_of[job_id]))
    for job_id, status in status_of.items():
        messages = ["UPC 0040 not found at this location"] if status == "FAILED" else []
        queue.put(
            job_id,
            answer(
                job_id, status, started=None if status == "PENDING" else "2026-01-02T03:05:05.000Z", messages=messages
            ),
        )
    terminal = jobdeck("884201-884220", until=" 20 jobs ━")
    terminal.wait_for(lambda it: not re.search("not read|without status", it.text), PATIENCE_S)
    terminal.wait_quiet(0.5)
    sizes = []
    for key, job_id in [
        *(("j", job_id) for job_id in order[1:16]),
        *(("k", job_id) for job_id in order[14:0:-1]),
    ]:
        mark = terminal.mark()
        terminal.press(key)
        terminal.wait_for(shows(job_id), PATIENCE_S)
        terminal.wait_quiet(0.15)
        sizes.append(len(terminal.since(mark)))

    note(sizes)
    assert is_listed(order[0])(terminal)
    assert max(sizes) <= LARGEST_KEY
    assert "scroll margins set" not in terminal.leftovers()


def test_every_cursor_key_is_small_whatever_status_follows_whichever():
    moved, scrolled = largest_keys((80, 24), jobs=24)

    note([moved, scrolled])
    assert len(scrolled) > 2 * 10
    assert max(moved + scrolled) <= LARGEST_KEY


def test_every_cursor_key_is_small_where_the_detail_stands_beside():
    moved, _ = largest_keys((200, 50), jobs=24)

    note(moved)
    assert max(moved) <= LARGEST_WIDE_KEY
