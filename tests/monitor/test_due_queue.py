import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.monitor.due_queue import DueQueue


def drained(agenda, now_s):
    popped = []
    while (entry := agenda.pop(now_s)) is not None:
        popped.append(entry)
    return popped


def test_what_is_due_surfaces_in_order_and_the_rest_stays():
    agenda = DueQueue()
    for entry, due_s in ((1, 5.0), (2, 3.0), (3, 9.0)):
        agenda.plan(entry, due_s)

    assert drained(agenda, 6.0) == [(2, 3.0), (1, 5.0)]
    assert agenda.next_s(6.0) == 9.0


def test_new_plan_takes_the_place_of_the_old_one():
    agenda = DueQueue()
    agenda.plan(1, 1.0)
    agenda.plan(1, 8.0)

    assert agenda.pop(5.0) is None
    assert drained(agenda, 8.0) == [(1, 8.0)]


def test_dropped_entry_never_surfaces():
    agenda = DueQueue()
    agenda.plan(1, 1.0)

    assert (agenda.drop(1), agenda.drop(1)) == (1.0, None)
    assert agenda.next_s(5.0) is None


def test_head_start_overtakes_what_is_due_but_never_comes_before_its_time():
    agenda = DueQueue()
    agenda.plan(1, 1.0)
    agenda.plan(2, 4.0, priority_boost_s=30.0)

    assert agenda.pop(3.0) == (1, 1.0)
    agenda.plan(1, 1.0)
    assert drained(agenda, 4.0) == [(2, 4.0), (1, 1.0)]


def test_who_waits_longer_than_a_head_start_comes_first():
    agenda = DueQueue()
    agenda.plan(1, 0.0)
    agenda.plan(2, 31.0, priority_boost_s=30.0)

    assert agenda.pop(31.0) == (1, 0.0)


@pytest.mark.parametrize("now_s", [0.0, 7.0])
def test_next_moment_of_an_empty_agenda_is_unknown(now_s):
    assert DueQueue().next_s(now_s) is None


def test_entries_that_are_planned_together_surface_in_their_order_and_each_can_leave():
    agenda = DueQueue()
    agenda.plan_together([4, 2, 3, 1], 5.0)
    agenda.plan(3, 1.0)
    agenda.drop(4)

    assert drained(agenda, 5.0) == [(3, 1.0), (2, 5.0), (1, 5.0)]
    assert agenda.next_s(5.0) is None


def test_entries_that_are_due_together_let_an_eager_one_go_first():
    agenda = DueQueue()
    agenda.plan_together([1, 2], 5.0)
    first = agenda.pop(6.0)
    agenda.plan(3, 6.0, priority_boost_s=30.0)

    assert (first, drained(agenda, 6.0)) == ((1, 5.0), [(3, 6.0), (2, 5.0)])


def test_only_what_is_due_earlier_is_put_off():
    agenda = DueQueue()
    agenda.plan_together([1, 2], 5.0)
    agenda.plan(3, 9.0)

    agenda.postpone([1, 3, 4], 7.0)

    assert drained(agenda, 9.0) == [(2, 5.0), (1, 7.0), (3, 9.0)]


def test_what_is_taken_is_told_with_its_moment():
    agenda = DueQueue()
    agenda.plan_together([1, 2], 5.0)

    assert agenda.take([2, 9]) == {2: 5.0}
    assert drained(agenda, 5.0) == [(1, 5.0)]


STEPS = st.lists(
    st.tuples(st.sets(st.integers(1, 9), min_size=1, max_size=4), st.floats(0, 100), st.booleans()), max_size=60
)


@given(STEPS, st.floats(0, 100))
def test_agenda_holds_the_newest_plan_of_each_entry(steps, now_s):
    agenda, expected = DueQueue(), {}
    for entries, due_s, is_dropped in steps:
        if is_dropped:
            assert agenda.take(entries) == {entry: expected.pop(entry) for entry in entries if entry in expected}
        else:
            agenda.plan_together(entries, due_s)
            expected.update(dict.fromkeys(entries, due_s))

    popped = drained(agenda, now_s)

    assert sorted(popped) == sorted((entry, due_s) for entry, due_s in expected.items() if due_s <= now_s)
    assert [due_s for _, due_s in popped] == sorted(due_s for _, due_s in popped)


def test_only_what_is_due_earlier_is_postponed_and_loses_its_boost():
    agenda = DueQueue()
    agenda.plan(1, 5.0)
    agenda.plan(2, 9.0, priority_boost_s=50.0)
    agenda.plan(3, 4.0, priority_boost_s=50.0)

    agenda.postpone([1, 2, 3, 4], 9.0)

    assert (agenda.due_s(1), agenda.due_s(2), agenda.due_s(3), agenda.due_s(4)) == (9.0, 9.0, 9.0, None)
    assert drained(agenda, 9.0) == [(2, 9.0), (1, 9.0), (3, 9.0)]


def test_taken_entries_are_planned_no_more():
    agenda = DueQueue()
    agenda.plan_together([1, 2, 3], 5.0)

    assert agenda.take([1, 3, 4]) == {1: 5.0, 3: 5.0}
    assert [entry in agenda for entry in (1, 2, 3)] == [False, True, False]
    assert drained(agenda, 5.0) == [(2, 5.0)]


@pytest.mark.parametrize(("now_s", "next_s"), [(4.9, 5.0), (5.0, 5.0), (6.0, 6.0)])
def test_an_entry_is_due_at_its_second(now_s, next_s):
    agenda = DueQueue()
    agenda.plan(1, 5.0)

    assert agenda.next_s(now_s) == next_s
    assert (agenda.pop(now_s) is None) is (now_s < 5.0)
