from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import job
from tests.support.view_states import after
from tui.analysis.job_filter import Subject, parse_filter
from tui.domain.tracked_job import TrackedJob
from tui.domain.watchlist import Watchlist
from tui.ui.rendering.job_table import Order, Sorting, key_of, searchable_words
from tui.ui.rendering.listed_jobs import FilteredSortedIds
from tui.ui.widgets.line_view import top_for

STATUSES = ["PENDING", "WORKING", "SUCCESS", "FAILED", "HALTED"]
FACTS = st.builds(
    lambda job_id, status, place: after(job(job_id, status, locationCode=f"W{place}"), job_id=job_id),
    st.integers(1, 9),
    st.sampled_from(STATUSES),
    st.integers(1, 3),
)
WISHES = st.tuples(
    st.sampled_from(
        [
            "",
            " ",
            "w1",
            "w1 failed",
            "ed",
            "FAILED",
            "w",
            "!",
            "!w",
            "!w1",
            "status:f",
            "!status:fa",
            "loc:W1",
            "w status:p*",
        ]
    ),
    st.builds(Sorting, st.sampled_from(Order), st.booleans()),
)
STEPS = st.lists(
    st.tuples(st.lists(FACTS, max_size=4), st.lists(st.integers(1, 9), max_size=2), WISHES), min_size=1, max_size=6
)


def from_scratch(watchlist, filter_text, sorting):
    wanted = parse_filter(filter_text)
    listed = [
        each
        for each in map(watchlist.__getitem__, watchlist.ids)
        if wanted.matches(Subject(each, searchable_words(each)))
    ]
    listed.sort(key=lambda tracked: key_of(tracked, sorting.order))
    return tuple(tracked.job_id for tracked in (listed[::-1] if sorting.is_reversed else listed))


@given(STEPS)
def test_what_is_remembered_never_shows(steps):
    listing, watchlist = FilteredSortedIds(), Watchlist()

    for facts, gone, (filter_text, sorting) in steps:
        watchlist = watchlist.with_jobs(facts).without(gone) if gone else watchlist.with_jobs(facts)
        listing.update(watchlist, filter_text, sorting)

        assert listing.visible_ids == from_scratch(watchlist, filter_text, sorting)


def a_hundred():
    return Watchlist().with_jobs(after(job(job_id, "PENDING"), job_id=job_id) for job_id in range(1, 101))


def test_list_as_it_was_given_is_the_watchlist_own():
    watchlist, listing = a_hundred(), FilteredSortedIds()

    assert listing.update(watchlist, "", Sorting())
    assert listing.visible_ids is watchlist.ids
    assert not listing.update(watchlist.with_jobs([after(job(7, "FAILED"), job_id=7)]), "", Sorting())


@pytest.mark.parametrize(
    ("filter_text", "order"),
    [("pending", Order.AS_GIVEN), ("", Order.STATUS), ("pending", Order.STATUS)],
    ids=["filter", "order", "both"],
)
def test_new_facts_that_move_nobody_leave_the_list_as_it_is(filter_text, order):
    watchlist, listing = a_hundred(), FilteredSortedIds()
    listing.update(watchlist, filter_text, Sorting(order))

    changed = watchlist.with_jobs([after(job(7, "PENDING", itemCount=3), job_id=7)])

    assert not listing.update(changed, filter_text, Sorting(order))
    assert listing.update(watchlist.with_jobs([after(job(7, "FAILED"), job_id=7)]), filter_text, Sorting(order))


def test_new_fact_costs_nothing_for_the_others():
    read = []

    class Spied(TrackedJob):
        __slots__ = ()

        @property
        def status(self):
            read.append(self.job_id)
            return super().status

    watchlist, listing = (
        Watchlist().with_jobs(Spied(job_id, job(job_id, "PENDING")) for job_id in range(1, 101)),
        FilteredSortedIds(),
    )
    listing.update(watchlist, "", Sorting(Order.ATTENTION))
    changed = watchlist.with_jobs([Spied(7, job(7, "FAILED"))])
    read.clear()

    listing.update(changed, "", Sorting(Order.ATTENTION))

    assert set(read) == {7}
    assert listing.visible_ids[0] == 7


# what is in sight

PLACES = st.integers(1, 30).flatmap(
    lambda total: st.tuples(st.integers(0, total - 1), st.integers(0, total), st.just(total))
)


@given(PLACES, st.integers(1, 40), st.integers(0, 20))
def test_cursor_and_a_row_beyond_it_are_in_sight(places, rows, leap):
    place, before, total = places

    top = top_for(place, before, rows, total, leap=leap)

    wanted = {place} if rows < 3 else {max(0, place - 1), place, min(total - 1, place + 1)}
    assert wanted <= set(range(top, top + rows))
    assert 0 <= top <= max(0, total - rows)


@pytest.mark.parametrize(
    ("place", "top", "leap", "wanted"),
    [
        pytest.param(5, 0, 0, 0, id="in-sight"),
        pytest.param(6, 0, 0, 1, id="at-the-last-row"),
        pytest.param(6, 0, 3, 4, id="leaps"),
        pytest.param(3, 3, 0, 2, id="at-the-first-row"),
        pytest.param(0, 0, 0, 0, id="first-of-all"),
        pytest.param(19, 0, 3, 13, id="last-of-all"),
        pytest.param(19, 13, 0, 13, id="stays-at-the-end"),
    ],
)
def test_list_scrolls_no_more_than_it_must(place, top, leap, wanted):
    assert top_for(place, top, 7, 20, leap=leap) == wanted


def test_late_jobs_come_right_after_the_failed_ones():
    statuses = ["SUCCESS", "PENDING", "FAILED", "WORKING", "PENDING"]
    watchlist = Watchlist().with_jobs(
        after(job(job_id, each), job_id=job_id) for job_id, each in enumerate(statuses, 1)
    )
    listing = FilteredSortedIds()
    listing.update(watchlist, "", Sorting(Order.ATTENTION))
    before = listing.visible_ids

    listing.update(watchlist, "", Sorting(Order.ATTENTION), late={5})
    late = listing.visible_ids
    listing.update(watchlist, "", Sorting(Order.ATTENTION))

    assert before == listing.visible_ids == (3, 4, 2, 5, 1)
    assert late == (3, 5, 4, 2, 1)


def test_a_filter_by_time_lists_a_job_as_time_goes_by():
    listing = FilteredSortedIds()
    waiting = Watchlist().with_jobs(
        [after(job(each, "PENDING", added="2026-11-29T11:00:00Z"), job_id=each) for each in (1, 2)]
    )
    moments = [datetime(2026, 11, 29, 11, minute, tzinfo=UTC) for minute in (4, 6)]

    listed = [listing.update(waiting, "wait>5m", Sorting(), now=now) and listing.visible_ids for now in moments]

    assert listed == [False, (1, 2)]


def test_a_filter_by_lateness_lists_a_job_once_it_is_late():
    listing, waiting = FilteredSortedIds(), a_hundred()
    listing.update(waiting, "status:late", Sorting())

    listing.update(waiting, "status:late", Sorting(), late={7})

    assert listing.visible_ids == (7,)
