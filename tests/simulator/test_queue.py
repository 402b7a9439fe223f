import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.simulator.queue import JobQueue, SimJob

ORIGIN = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

JOB = SimJob(
    job_id=7,
    added_s=-5,
    start_s=10,
    end_s=30,
    location="W03",
    tenant=9,
    original_filename="inv.csv",
    status="FAILED",
    items=100,
    messages=("UPC 0088393 not found at location W03",),
    vanishes_s=60,
)


@pytest.mark.parametrize(
    ("now_s", "status", "item_count", "times"),
    [
        pytest.param(-5, "PENDING", 0, {"added"}, id="just added"),
        pytest.param(9.9, "PENDING", 0, {"added"}, id="before the start"),
        pytest.param(10, "WORKING", 0, {"added", "started"}, id="just started"),
        pytest.param(20, "WORKING", 50, {"added", "started"}, id="half way"),
        pytest.param(29.99, "WORKING", 99, {"added", "started"}, id="almost done"),
        pytest.param(30, "FAILED", 100, {"added", "started", "finished"}, id="ended"),
        pytest.param(59.9, "FAILED", 100, {"added", "started", "finished"}, id="before it vanishes"),
    ],
)
def test_job_lives_by_its_timetable(now_s, status, item_count, times):
    answer = JOB.at(now_s, ORIGIN)

    assert answer["status"] == status
    assert answer["itemCount"] == item_count
    assert times == answer.keys() & {"added", "started", "finished"}


@pytest.mark.parametrize("now_s", [-5.1, 60, 1e9])
def test_job_is_absent_before_it_is_added_and_after_it_vanished(now_s):
    assert JOB.at(now_s, ORIGIN) is None


def test_ended_job_shows_every_field():
    assert JOB.at(30, ORIGIN) == {
        "jobID": 7,
        "tenantID": 9,
        "locationCode": "W03",
        "type": "REFRESH",
        "added": "2026-11-23T09:29:55.000Z",
        "started": "2026-11-23T09:30:10.000Z",
        "finished": "2026-11-23T09:30:30.000Z",
        "originalFilename": "inv.csv",
        "hasData": False,
        "itemCount": 100,
        "status": "FAILED",
        "success": False,
        "messages": ["UPC 0088393 not found at location W03"],
        "numResults": 100,
    }


def test_results_stay_unknown_until_the_end():
    answer = JOB.at(29, ORIGIN)

    assert answer["messages"] == []
    assert not answer.keys() & {"success", "numResults", "finished"}


def test_job_made_by_a_call_has_data_and_no_filename():
    answer = SimJob(job_id=1, type="ADJUST").at(0, ORIGIN)

    assert answer["hasData"] is True
    assert "originalFilename" not in answer


def test_types_that_count_nothing_have_no_item_count():
    assert "itemCount" not in SimJob(job_id=1, type="PUT_AWAY_FILE", start_s=1, end_s=2).at(3, ORIGIN)


def test_late_counter_shows_items_at_the_end_only():
    job = SimJob(job_id=1, start_s=0, end_s=10, items=80, counts_while_working=False)

    assert [job.at(now_s, ORIGIN)["itemCount"] for now_s in (0, 9, 10)] == [0, 0, 80]


def test_envelope_flag_may_contradict_the_status():
    answer = SimJob(job_id=1, start_s=0, end_s=1, status="FAILED", success=True).at(1, ORIGIN)

    assert (answer["status"], answer["success"]) == ("FAILED", True)


def test_extra_fields_win_over_known_ones():
    answer = SimJob(job_id=1, extra={"priority": 3, "status": "PAUSED"}).at(0, ORIGIN)

    assert (answer["priority"], answer["status"]) == (3, "PAUSED")


def test_job_without_times_waits_forever():
    assert SimJob(job_id=1).at(1e12, ORIGIN)["status"] == "PENDING"


def test_timestamps_are_utc_whatever_the_origin_s_zone():
    origin = ORIGIN.astimezone(timezone(timedelta(hours=-5)))

    assert SimJob(job_id=1, added_s=0.25).at(1, origin)["added"] == "2026-11-23T09:30:00.250Z"


@given(
    start_s=st.floats(0, 100),
    run_s=st.floats(1e-6, 1000),
    items=st.integers(0, 12_000),
    moments=st.lists(st.floats(0, 2000), min_size=2),
)
def test_item_count_never_falls_nor_passes_its_end(start_s, run_s, items, moments):
    job = SimJob(job_id=1, start_s=start_s, end_s=start_s + run_s, items=items)

    counts = [job.at(now_s, ORIGIN)["itemCount"] for now_s in (*sorted(moments), 1e6)]

    assert counts == sorted(counts)
    assert counts[-1] == items


def test_list_is_newest_first(queue):
    assert [job["jobID"] for job in queue.jobs()] == [3, 2, 1]


async def test_later_job_joins_at_its_moment(queue, clock):
    await clock.advance(59.9)
    before = queue.job(4)
    await clock.advance(0.1)

    assert before is None
    assert queue.job(4)["status"] == "PENDING"
    assert queue.jobs()[0]["jobID"] == 4


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        pytest.param({"location": "W01"}, [3, 1], id="location"),
        pytest.param({"location": "w01"}, [], id="location in another case"),
        pytest.param({"types": ("REFRESH",)}, [2, 1], id="type"),
        pytest.param({"types": ("REFRESH", "RELEASE_SHIPMENTS")}, [3, 2, 1], id="types"),
        pytest.param({"owner": "erp"}, [2, 1], id="owner"),
        pytest.param({"filename": "inv.csv"}, [2, 1], id="filename"),
        pytest.param({"filename": "inv"}, [], id="part of a filename"),
        pytest.param({"filename": "inv.csv", "location": "W02"}, [2], id="all filters must match"),
        pytest.param({"limit": 2}, [3, 2], id="limit"),
    ],
)
def test_list_filters_exactly(queue, wanted, ids):
    assert [job["jobID"] for job in queue.jobs(**wanted)] == ids


async def test_job_can_be_added_and_replaced_while_the_queue_lives(queue, clock):
    await clock.advance(5)

    queue.add(SimJob(job_id=9, added_s=queue.now_s), SimJob(job_id=3, added_s=-10, location="W09"))

    assert queue.job(9)["added"] == "2026-11-23T09:30:05.000Z"
    assert queue.job(3)["locationCode"] == "W09"
    assert [job["jobID"] for job in queue.jobs()] == [9, 3, 2, 1]


def test_removed_job_is_unknown(queue):
    queue.put(2, {})

    queue.remove(2)

    assert queue.job(2) is None
    assert [job["jobID"] for job in queue.jobs()] == [3, 1]


@pytest.mark.parametrize(
    ("value", "body"),
    [
        pytest.param({"jobID": "two"}, b'{"jobID":"two"}', id="mapping"),
        pytest.param(None, b"null", id="null"),
        pytest.param([1], b"[1]", id="array"),
        pytest.param(b"<html>", b"<html>", id="raw bytes"),
        pytest.param({"itemCount": math.nan}, b'{"itemCount":NaN}', id="not a number"),
        pytest.param("\ud800", rb'"\ud800"', id="lone surrogate"),
    ],
)
def test_pinned_value_replaces_the_job(queue, value, body):
    queue.put(2, value)

    assert queue.job(2) == body
    assert queue.jobs()[0] == body
    assert [job["jobID"] for job in queue.jobs()[1:]] == [3, 1]


def test_filter_sees_the_fields_of_a_pinned_mapping(queue):
    queue.put(8, {"jobID": 8, "locationCode": "W02"})
    queue.put(9, b"garbage")

    assert queue.jobs(location="W02")[0] == b'{"jobID":8,"locationCode":"W02"}'
    assert b"garbage" not in queue.jobs(location="W02")


def test_scenario_starts_when_the_queue_is_made(clock):
    queue = JobQueue([SimJob(job_id=1)], clock)

    assert queue.now_s == 0
    assert queue.job(1)["added"] == "2026-11-23T09:30:00.000Z"
