from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import at, job
from tui.domain.errors import BadAnswer, JobNotFound
from tui.domain.tracked_job import Failed, Missing, Seen, TrackedJob
from tui.domain.watchlist import Watchlist

TROUBLES = {"missing": Missing(JobNotFound("none").record, at()), "failed": Failed(BadAnswer("not JSON").record, at())}


def tracked(job_id, status=None, *, times=1, trouble=None):
    value = TrackedJob(job_id)
    for _ in range(times if status else 0):
        value = value.apply_reading(Seen(job(job_id, status), at()))
    return value.apply_reading(TROUBLES[trouble]) if trouble else value


def test_order_is_that_of_adding_and_changes_keep_it():
    watchlist = Watchlist().with_jobs([tracked(3), tracked(1), tracked(2)]).with_jobs([tracked(1, "WORKING")])

    assert list(watchlist) == [3, 1, 2]


def test_earlier_lists_stay_as_they_were():
    before = Watchlist().with_jobs([tracked(1)])
    after = before.with_jobs([tracked(1, "FAILED"), tracked(2)]).without([1])

    assert list(before) == [1]
    assert before[1].status is None
    assert list(after) == [2]


def test_ids_are_the_same_object_until_a_job_comes_or_goes():
    watchlist = Watchlist().with_jobs([tracked(1), tracked(2)])

    assert watchlist.with_jobs([tracked(1, "WORKING")]).ids is watchlist.ids
    assert watchlist.with_jobs([tracked(3)]).ids == (1, 2, 3)
    assert watchlist.without([1]).ids == (2,)


def test_list_in_another_order_holds_the_same_jobs():
    watchlist = Watchlist().with_jobs([tracked(1), tracked(2, "WORKING"), tracked(3)])

    assert watchlist.ordered((2, 3, 1)).ids == (2, 3, 1)
    assert watchlist.ordered((2, 3, 1))[2] is watchlist[2]


STEP = st.one_of(
    st.tuples(
        st.just("put"),
        st.integers(1, 5),
        st.sampled_from([None, "PENDING", "SUCCESS", "ODD"]),
        st.integers(1, 2),
        st.sampled_from([None, *TROUBLES]),
    ),
    st.tuples(st.just("drop"), st.integers(1, 5), st.none(), st.none(), st.none()),
    st.tuples(st.just("move"), st.integers(1, 5), st.none(), st.integers(0, 5), st.none()),
)


@given(st.lists(STEP, max_size=40))
def test_counts_always_say_what_is_in_the_list(steps):
    watchlist = Watchlist()
    for what, job_id, status, times, trouble in steps:
        if what == "put":
            watchlist = watchlist.with_jobs([tracked(job_id, status, times=times, trouble=trouble)])
        elif what == "drop":
            watchlist = watchlist.without([job_id])
        elif job_id in watchlist:
            others = [each for each in watchlist.ids if each != job_id]
            watchlist = watchlist.ordered((*others[:times], job_id, *others[times:]))

    known = [one for one in watchlist.values() if not (one.is_gone or one.is_not_found)]
    assert dict(watchlist.counts) == dict(Counter(one.status for one in known))
    assert dict(watchlist.groups) == dict(Counter(one.condition.group for one in watchlist.values()))
    assert watchlist.is_final == all(one.is_final for one in watchlist.values())
    assert watchlist.ids == tuple(watchlist)
