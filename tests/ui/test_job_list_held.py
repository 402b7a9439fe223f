"""The row of the selected job stays where it is until the selection leaves it, whatever becomes of the other jobs."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import job
from tests.support.view_states import after
from tui.domain.watchlist import Watchlist
from tui.ui.rendering.job_table import Order, Sorting, key_of
from tui.ui.rendering.listed_jobs import FilteredSortedIds

ATTENTION = Sorting(Order.ATTENTION)
JOBS = range(1, 7)
CHANGES = st.lists(
    st.tuples(st.sampled_from(JOBS), st.sampled_from(["PENDING", "WORKING", "SUCCESS", "FAILED"])), max_size=8
)


def known(job_id, status):
    return after(job(job_id, status), job_id=job_id)


def pending():
    return Watchlist().with_jobs([known(job_id, "PENDING") for job_id in JOBS])


@given(CHANGES, st.sampled_from(JOBS), st.booleans())
def test_row_stays_and_the_others_are_in_order(changes, held, is_reversed):
    watchlist, listing, sorting = pending(), FilteredSortedIds(), Sorting(Order.ATTENTION, is_reversed)
    listing.update(watchlist, "", sorting)
    listing.update(watchlist, "", sorting, held=held)
    row = listing.visible_ids.index(held)

    for job_id, status in changes:
        watchlist = watchlist.with_jobs([known(job_id, status)])
        listing.update(watchlist, "", sorting, held=held)

        in_order = sorted(watchlist.ids, key=lambda job_id: key_of(watchlist[job_id], sorting.order))
        others = [job_id for job_id in (in_order[::-1] if is_reversed else in_order) if job_id != held]
        assert listing.visible_ids.index(held) == row
        assert [job_id for job_id in listing.visible_ids if job_id != held] == others


def test_row_stays_when_the_others_pass_it():
    """With the old sort key of the selected job it would be the first now."""
    listing, watchlist = FilteredSortedIds(), Watchlist().with_jobs([known(job_id, "WORKING") for job_id in JOBS])
    listing.update(watchlist, "", ATTENTION)
    listing.update(watchlist, "", ATTENTION, held=4)

    listing.update(pending(), "", ATTENTION, held=4)

    assert listing.visible_ids == tuple(JOBS)


def test_job_takes_its_place_when_the_selection_leaves_it():
    listing, watchlist = FilteredSortedIds(), pending()
    listing.update(watchlist, "", ATTENTION)
    watchlist = watchlist.with_jobs([known(4, "FAILED")])
    listing.update(watchlist, "", ATTENTION, held=4)

    assert listing.update(watchlist, "", ATTENTION, held=5)

    assert listing.visible_ids == (4, 1, 2, 3, 5, 6)


def test_another_order_moves_the_selected_job_too():
    listing, watchlist = FilteredSortedIds(), pending()
    listing.update(watchlist, "", ATTENTION, held=4)

    listing.update(watchlist.with_jobs([known(4, "FAILED")]), "", Sorting(Order.STATUS), held=4)

    assert listing.visible_ids[0] == 4


def test_change_that_keeps_all_rows_changes_no_list():
    listing, watchlist = FilteredSortedIds(), pending()
    listing.update(watchlist, "", ATTENTION)
    before = listing.visible_ids

    assert not listing.update(watchlist.with_jobs([known(4, "FAILED")]), "", ATTENTION, held=4)

    assert listing.visible_ids is before
