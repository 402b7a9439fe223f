"""What people come for, on the first screen and without a key, or with very few."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.pty_app import PATIENCE_S, answer

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])

NIGHT = "STORE_INVENTORY_20261129_0930.csv"
FAILED = {1399: 'Row 12: quantity "n/a" is not a number', 1707: "UPC 0050651 not found at location 1707", 2239: "late"}
LATE = (412, 598)


def stamp(seconds):
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def put_night(queue, jobs=190):
    """Queue one job of the nightly file for each of 190 locations: 3 have failed, 2 wait too long, the others are good."""
    locations = [*FAILED, *LATE, *range(3000, 3000 + jobs - len(FAILED) - len(LATE))]
    for job_id, location in enumerate(sorted(locations), 884200):
        fields = {"locationCode": f"{location:04}", "originalFilename": NIGHT, "added": stamp(-1000 + job_id % 100)}
        if location in LATE:
            queue.put(job_id, answer(job_id, "PENDING", **fields))
            continue
        status = "FAILED" if location in FAILED else "SUCCESS"
        fields |= {"started": stamp(-860 + job_id % 100), "finished": stamp(-830 + job_id % 100)}
        queue.put(job_id, answer(job_id, status, **fields, messages=[FAILED[location]] if location in FAILED else []))
    return f"884200-{884200 + jobs - 1}"


@SIZES
def test_first_screen_tells_which_locations_failed_and_why_and_what_is_late(jobdeck, queue, size):
    ids = put_night(queue)

    terminal = jobdeck(ids, size=size)

    terminal.wait_for(lambda it: "! 2 late" in it.text and "185 succeeded" in it.text, PATIENCE_S)
    lines = terminal.text.splitlines()
    assert "✖ 3" in lines[0]
    assert "✔ 185" in lines[0]
    head = next(line for line in lines if "▾" in line)
    assert "188/190" in head
    assert "✖ 1399 1707 2239" in head
    assert sum("✖ FAILED" in line and " 88" in line for line in lines[4:10]) == 3
    assert 'quantity "n/a"' in terminal.text
    assert sum("! PENDING" in line and "waits" in line for line in lines) == 2


@SIZES
def test_a_job_that_waits_for_90_minutes_among_30_is_seen_at_once(jobdeck, queue, size):
    for job_id in range(501, 531):
        if job_id == 517:
            queue.put(job_id, answer(job_id, "PENDING", added=stamp(-5400)))
            continue
        times = {"added": stamp(-600 + job_id - 500), "started": stamp(-560 + job_id - 500)}
        queue.put(job_id, answer(job_id, "SUCCESS", **times, finished=stamp(-500 + job_id - 500)))

    terminal = jobdeck("501-530", size=size)

    terminal.wait_for(lambda it: "! PENDING      517" in it.text and "waits" in it.text, PATIENCE_S)
