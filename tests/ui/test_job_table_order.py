import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import at, job
from tests.support.view_states import DOWN, NOWHERE, after
from tui.domain.job_status import JobStatus
from tui.ui.rendering.job_table import Order, Sorting, key_of

EARLY, LATE = "2026-11-23T11:00:00Z", "2026-11-23T11:30:00Z"
JOBS = {
    "failed": after(job(1, "FAILED", added=EARLY, started=EARLY, finished=LATE, locationCode="W02")),
    "failed-then-stale": after(job(2, "FAILED"), DOWN),
    "stale": after(job(3, "SUCCESS", locationCode="W01"), DOWN),
    "gone": after(job(4, "WORKING"), NOWHERE),
    "never-read": after(DOWN),
    "working": after(job(5, "WORKING", added=LATE, started=LATE, locationCode="W10")),
    "working-longer": after(job(6, "WORKING", added=EARLY, started=EARLY)),
    "pending": after(job(7, "PENDING", added=LATE)),
    "odd": after(job(8, "HALTED")),
    "odder": after(job(9, "CANCELLED")),
    "asking": after(),
    "done": after(job(10, "SUCCESS", added=LATE, started=EARLY, finished="2026-11-23T11:00:05Z", locationCode="W01")),
}


def sorted_names(order, *names):
    return sorted(names, key=lambda name: key_of(JOBS[name], order))


@pytest.mark.parametrize(
    ("order", "names"),
    [
        pytest.param(Order.ATTENTION, ["failed", "failed-then-stale", "stale", "gone", "never-read", "working", "pending", "odd", "asking", "done"], id="attention"),
        pytest.param(Order.STATUS, ["failed", "gone", "working", "pending", "done", "stale", "odder", "odd", "never-read", "asking"], id="status"),
        pytest.param(Order.NEWEST, ["working", "pending", "done", "failed", "working-longer", "odd", "asking"], id="newest"),
        pytest.param(Order.RUN, ["working-longer", "working", "failed", "done", "pending", "asking"], id="run"),
        pytest.param(Order.LOCATION, ["stale", "done", "failed", "working", "pending", "asking"], id="location"),
        pytest.param(Order.WAIT, ["working", "working-longer", "failed"], id="wait"),
        pytest.param(Order.ID, ["failed", "stale", "pending"], id="id"),
        pytest.param(Order.AS_GIVEN, ["done", "asking", "failed"], id="as-given"),
    ],
)  # fmt: skip
def test_order_puts_first_what_it_is_named_for(order, names):
    assert [key_of(JOBS[name], order) for name in names] == sorted(key_of(JOBS[name], order) for name in names)
    assert sorted_names(order, *names) == names


@pytest.mark.parametrize("order", Order)
@given(facts=st.lists(st.sampled_from(list(JOBS)), max_size=12))
def test_any_jobs_can_be_compared(order, facts):
    keys = [key_of(JOBS[name], order) for name in facts]

    assert sorted(keys) == sorted(keys, reverse=True)[::-1]


@given(status=st.sampled_from(["FAILED", "SUCCESS", "WORKING", "PENDING", "HALTED"]), other=st.sampled_from(list(JOBS)))
def test_nothing_needs_more_attention_than_a_failed_job(status, other):
    failed = key_of(after(job(1, "FAILED")), Order.ATTENTION)

    assert failed <= key_of(JOBS[other], Order.ATTENTION)
    assert failed <= key_of(after(job(2, status)), Order.ATTENTION)


@pytest.mark.parametrize("order", Order)
def test_running_clock_changes_no_place(order):
    working = JOBS["working"]

    assert key_of(working, order) == key_of(working.seen(working.job, at(60)), order)


@pytest.mark.parametrize(
    ("sorting", "words"),
    [
        (Sorting(), "as given"),
        (Sorting(is_reversed=True), "as given, reversed"),
        (Sorting(Order.ATTENTION), "attention first"),
        (Sorting(Order.RUN, is_reversed=True), "by longest run, reversed"),
    ],
    ids=["as-given", "reversed", "sorted", "sorted-and-reversed"],
)
def test_words_say_order_and_direction(sorting, words):
    assert sorting.words == words


def test_status_of_every_kind_has_its_place():
    keys = [key_of(after(job(1, str(status))), Order.STATUS) for status in JobStatus]

    assert len(set(keys)) == len(keys)
