from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import at, job
from tui.domain.snapshot import UNCHANGED, Snapshot, Traffic, Update
from tui.domain.tracked_job import TrackedJob
from tui.domain.watchlist import Watchlist


def state(*job_ids, status="PENDING", **fields):
    """A snapshot of these jobs."""
    jobs = [TrackedJob(job_id).seen(job(job_id, status), at()) for job_id in job_ids]
    return Snapshot(watchlist=Watchlist().with_jobs(jobs), **fields)


def test_an_update_holds_nothing_but_what_changed():
    before = state(1, 2, traffic=Traffic(3))
    changed = before.watchlist[2].seen(job(2, "WORKING"), at(5))
    after = replace(before, watchlist=before.watchlist.with_jobs([changed]), skipped=7)

    assert before.update_to(after) == Update((changed,), skipped=7)
    assert before.update_to(before) == Update()


def test_a_field_can_change_to_none():
    before, after = state(access_ends_at=at()), state()

    assert before.update_to(after).access_ends_at is None
    assert before.update_to(before).access_ends_at is UNCHANGED
    assert before.apply(before.update_to(after)) == after


@pytest.mark.parametrize("job_ids", [(2, 3), (1, 2, 3, 4), (3, 1, 2), (1, 4, 2, 3), (), (4, 1, 3)], ids=str)
def test_jobs_that_were_added_removed_or_moved_come_over(job_ids):
    before, after = state(1, 2, 3), state(*job_ids)

    update = before.update_to(after)

    assert before.apply(update) == after
    assert {tracked.job_id for tracked in update.changed} == set(job_ids) - {1, 2, 3}


IDS = st.lists(st.integers(1, 6), unique=True, max_size=6)


@given(IDS, IDS, st.sampled_from(["PENDING", "WORKING"]))
def test_an_update_leads_from_any_state_to_any_other(first, second, status):
    before, after = state(*first), state(*second, status=status, restarts=1)

    applied = before.apply(before.update_to(after))

    assert applied == after
    assert (applied.watchlist.groups, applied.watchlist.unsettled) == (
        after.watchlist.groups,
        after.watchlist.unsettled,
    )


def test_lists_in_another_order_are_not_equal():
    assert state(1, 2) != state(2, 1)
