from datetime import timedelta

import pytest

from tests.support.factories import at, job
from tests.support.view_states import DOWN, NOWHERE, OFFLINE, SPOILT, UP, WORKED, after
from tui.core.paste.extract import extract_ids
from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import JobNotFound
from tui.presentation.job_text import (
    OUR_WORDS,
    freshness_text,
    items_per_s,
    items_text,
    known_until,
    number_text,
    queue_wait_s,
    rate_text,
    run_s,
    run_text,
    state_word,
    status_word,
    wait_text,
)
from tui.scripts.read_once import ReadResult

PENDING = {"added": "2026-11-23T11:56:00Z"}

# words


@pytest.mark.parametrize(
    ("tracked", "status", "state"),
    [
        pytest.param(after(), "not read", "not read", id="unread"),
        pytest.param(after(DOWN), "not read", "not read", id="unreachable"),
        pytest.param(after(SPOILT), "not read", "not read", id="unusable-response"),
        pytest.param(after(NOWHERE), "NOT FOUND", "NOT FOUND", id="never-found"),
        pytest.param(after(NOWHERE, DOWN), "NOT FOUND", "NOT FOUND", id="never-found-then-unreachable"),
        pytest.param(after("PENDING"), "PENDING", "PENDING", id="status"),
        pytest.param(after("Odd"), "Odd", "Odd", id="unknown-status"),
        pytest.param(after(job(status=None)), "no status", "no status", id="without-status"),
        pytest.param(after("WORKING", DOWN), "WORKING", "WORKING", id="stale"),
        pytest.param(after("WORKING", NOWHERE), "WORKING", "GONE", id="gone"),
    ],
)
def test_words_of_a_watched_job(tracked, status, state):
    assert (status_word(tracked), state_word(tracked)) == (status, state)


@pytest.mark.parametrize(
    ("reading", "word"),
    [
        (ReadResult(1, at()), "not read"),
        (ReadResult(1, at(), error=DOWN), "not read"),
        (ReadResult(1, at(), error=NOWHERE), "NOT FOUND"),
        (ReadResult(1, at(), job=job(1, "WORKING"), error=JobNotFound("gone")), "GONE"),
        (ReadResult(1, at(), job=job(1, "WORKING"), error=DOWN), "WORKING"),
        (ReadResult(1, at(), job=job(1, None)), "no status"),
    ],
)
def test_result_of_one_reading_has_the_same_words(reading, word):
    assert state_word(reading) == word


@pytest.mark.parametrize("word", OUR_WORDS)
@pytest.mark.parametrize(
    "line",
    ["│   {word:<9}    884213 REFRESH  W01 │", "884213  {word}  no job 17 here", "12:00:00Z 884213 PENDING -> {word}",
     "┌─ 884213  {word} ─┐", "┌─ 884213 {word} ─┐", "12:00:00Z 884213 {word}", "884213,{word},REFRESH,17"],
)  # fmt: skip
def test_paste_reads_each_word_that_stands_for_a_status(word, line):
    assert extract_ids(line.format(word=word)).job_ids == (884213,)


@pytest.mark.parametrize("word", OUR_WORDS)
def test_word_fits_the_narrowest_column_of_the_list(word):
    assert len(word) <= 9


# how current


def test_gone_wins_over_stale():
    assert freshness_text(after("WORKING", NOWHERE), OFFLINE, at(60)) == "gone"


@pytest.mark.parametrize(
    ("tracked", "link", "until"),
    [
        pytest.param(after("WORKING"), UP, at(90), id="polled"),
        *(
            pytest.param(after("WORKING"), Connection(state), at(), id=state.value)
            for state in ConnectionState
            if state is not ConnectionState.UP
        ),
        pytest.param(after("WORKING", DOWN), UP, at(), id="stale"),
        pytest.param(after("WORKING", NOWHERE), UP, at(), id="gone"),
    ],
)
def test_durations_end_now_while_a_job_is_polled_and_else_at_its_last_response(tracked, link, until):
    assert known_until(tracked, link, at(90), timedelta(0)) == until
    assert known_until(tracked, link, at(90), timedelta(hours=1)) == until + timedelta(hours=1)


# durations


@pytest.mark.parametrize(
    ("tracked", "wait", "run"),
    [
        pytest.param(after(), "-", "-", id="unseen"),
        pytest.param(after("PENDING"), "-", "-", id="no-times"),
        pytest.param(after(job(**PENDING)), "4m", "-", id="waits"),
        pytest.param(after(job(status="WORKING", **WORKED)), "1:30", "2:30", id="runs"),
        pytest.param(after(job(status="FAILED", **WORKED, finished="2026-11-23T11:59:00Z")), "1:30", "1:30", id="ran"),
        pytest.param(after(job(status="FAILED", **WORKED)), "1:30", "-", id="ended-without-end"),
        pytest.param(after(job(status="PENDING", **WORKED)), "1:30", "2:30", id="waits-again"),
        pytest.param(after(job(status="WORKING", **PENDING)), "-", "-", id="works-without-start"),
        pytest.param(
            after(job(status="WORKING", started="2026-11-23T12:05:00Z")), "-", "0:00", id="started-in-the-future"
        ),
        pytest.param(after(job(status="PENDING", added="soon")), "-", "-", id="unreadable"),
    ],
)
def test_wait_and_run(tracked, wait, run):
    assert (
        wait_text(tracked.job, at()),
        run_text(tracked.job, at()),
    ) == (wait, run)


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
    assert items_text(job(**sent)) == shown


def test_what_came_instead_of_a_number_is_shown_as_it_came():
    assert number_text(None, "[1]") == "[1]"


@pytest.mark.parametrize(
    ("fields", "server_s", "ran_s"),
    [
        pytest.param({"status": "SUCCESS", "started": 0, "finished": 90}, 600, 90.0, id="ended"),
        pytest.param(
            {"status": "WORKING", "started": 0, "finished": 90}, 600, 90.0, id="finished without an end status"
        ),
        pytest.param({"status": None, "started": 0, "finished": 90}, 600, 90.0, id="finished without a status"),
        pytest.param({"status": "SUCCESS", "started": 0}, 600, None, id="end status without finished"),
        pytest.param({"status": "WORKING", "started": 0}, 600, 600.0, id="working"),
        pytest.param({"status": "WORKING", "started": 30}, 20, 0.0, id="starts later than the server's clock says"),
        pytest.param({"status": "WORKING", "started": 0}, None, None, id="the server's clock is unknown"),
        pytest.param({"status": "SUCCESS", "started": 90, "finished": 0}, 600, None, id="ends before it starts"),
        pytest.param(
            {"status": "WORKING", "started": 90, "finished": 0}, 600, None, id="finished before it starts, at work"
        ),
        pytest.param({"status": "SUCCESS", "started": 0, "finished": 0}, 600, 0.0, id="ends as it starts"),
        pytest.param({"status": "SUCCESS", "finished": 90}, 600, None, id="never started"),
        pytest.param({"status": "PENDING"}, 600, None, id="waits"),
    ],
)
def test_run_seconds(fields, server_s, ran_s):
    times = {name: at(value).isoformat() if isinstance(value, int) else value for name, value in fields.items()}

    assert run_s(job(1, **times), None if server_s is None else at(server_s)) == ran_s


@pytest.mark.parametrize(
    ("added_s", "started_s", "waited_s"), [(0, 30, 30.0), (0, 0, 0.0), (30, 0, None), (0, None, None), (None, 30, None)]
)
def test_queue_wait_seconds(added_s, started_s, waited_s):
    times = {
        name: at(moment_s).isoformat()
        for name, moment_s in (("added", added_s), ("started", started_s))
        if moment_s is not None
    }

    assert queue_wait_s(job(**times)) == waited_s


@pytest.mark.parametrize(
    ("status", "finished_s", "items", "rate"),
    [
        ("SUCCESS", 100, 250, 2.5),
        ("SUCCESS", 100, 0, 0.0),
        ("SUCCESS", 100, None, None),
        ("SUCCESS", 0, 250, None),
        ("SUCCESS", None, 250, None),
        ("WORKING", None, 250, None),
    ],
)
def test_items_per_second_are_those_of_an_ended_job(status, finished_s, items, rate):
    times = {"started": at().isoformat()} | ({} if finished_s is None else {"finished": at(finished_s).isoformat()})

    assert items_per_s(job(status=status, itemCount=items, **times)) == rate


def test_nothing_is_known_before_the_first_response():
    assert (queue_wait_s(None), run_s(None, at()), items_per_s(None)) == (None, None, None)
    assert (wait_text(None, at()), run_text(None, at()), rate_text(None), items_text(None)) == ("-",) * 4
