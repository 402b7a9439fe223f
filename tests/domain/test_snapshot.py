from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import at, job
from tui.domain.selection import Selection
from tui.domain.snapshot import UNCHANGED, Snapshot, Traffic, Update
from tui.domain.tracked_job import TrackedJob
from tui.domain.watched_list import WatchedList
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


@pytest.mark.parametrize(
    ("is_asked_for", "has_jobs", "expected"),
    [(True, False, (1, 1)), (True, True, (1, 0)), (False, False, (0, 0)), (False, True, (0, 0))],
)
def test_a_list_that_the_user_requested_is_awaited_until_it_has_jobs(is_asked_for, has_jobs, expected):
    known = WatchedList(Selection("inv.csv"), 1, is_asked_for=is_asked_for, has_jobs=has_jobs)
    snapshot = Snapshot(lists=(known,))

    assert (len(snapshot.selections), len(snapshot.awaited)) == expected


def test_a_monitor_starts_without_a_pause():
    assert not Snapshot().is_paused
    assert (Snapshot().skipped, Snapshot().restarts, Traffic()) == (0, 0, Traffic(0, None, 0.0))


def test_changed_jobs_that_are_given_are_not_compared():
    before, after = state(1, 2), state(1, 2)
    after = replace(after, watchlist=before.watchlist.with_jobs([TrackedJob(1).seen(job(1, "WORKING"), at())]))

    assert before.update_to(after, [after.watchlist[2]]).changed == (after.watchlist[2],)
    assert [each.job_id for each in before.update_to(state(1, 2, 3), []).changed] == [3]
