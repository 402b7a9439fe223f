from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import NOON, at
from tui.domain.server_clock import ServerClock


def date(moment: datetime) -> datetime:
    """Cut to whole seconds, as a Date header is."""
    return moment - timedelta(microseconds=moment.microsecond)


def heard(clock: ServerClock, sent_s: float, *, takes_s: float = 0.2, ahead_s: float = 0.0) -> ServerClock:
    """Ask at `sent_s` a server whose clock shows noon plus `ahead_s` when the monotonic clock stands at zero."""
    answered = at(ahead_s + sent_s + takes_s / 2)
    return clock.observed(date(answered), sent_s=sent_s, received_s=sent_s + takes_s)


def test_nothing_is_known_before_the_first_answer():
    assert ServerClock().at(5.0, default=NOON) == NOON


@given(st.floats(-1e6, 1e6), st.lists(st.tuples(st.floats(0, 0.999), st.floats(0, 4.9)), min_size=1, max_size=30))
def test_estimate_is_right_within_half_a_second_and_half_the_way(ahead_s, answers):
    clock, moment_s = ServerClock(), 0.0
    for fraction_s, takes_s in answers:
        moment_s += 10
        clock = heard(clock, moment_s + fraction_s, takes_s=takes_s, ahead_s=ahead_s)

    error_s = (clock.at(moment_s, default=NOON) - at(ahead_s + moment_s)).total_seconds()
    slowest_s = max(takes_s for _, takes_s in answers)
    assert abs(error_s) <= 0.5 + slowest_s / 2 + 1e-3


def test_many_answers_bring_the_estimate_closer():
    clock = ServerClock()
    for number in range(9):
        clock = heard(clock, number * 7.11, takes_s=0.02)

    assert abs((clock.at(100.0, default=NOON) - at(100)).total_seconds()) < 0.25


def test_one_liar_among_many_changes_nothing():
    clock = heard(heard(ServerClock(), 1.0), 2.0)

    assert heard(clock, 3.0, ahead_s=3600).at(3.0, default=NOON) == clock.at(3.0, default=NOON)


def test_two_answers_that_agree_on_another_time_are_believed():
    clock = heard(heard(ServerClock(), 1.0), 2.0)
    clock = heard(heard(clock, 3.0, ahead_s=3600), 4.0, ahead_s=3600)

    assert (clock.at(4.0, default=NOON) - at(3604)).total_seconds() == pytest.approx(0, abs=0.7)


def test_liars_that_disagree_are_not_believed():
    clock = heard(heard(ServerClock(), 1.0), 2.0)
    for number in range(6):
        clock = heard(clock, 3.0 + number, ahead_s=3600 * (number + 1))

    assert (clock.at(9.0, default=NOON) - at(9)).total_seconds() == pytest.approx(0, abs=0.7)


def test_slow_answer_says_nothing():
    assert heard(ServerClock(), 1.0, takes_s=5.5) == ServerClock()


@pytest.mark.parametrize(("takes_s", "is_kept"), [(5.0, True), (5.1, False)])
def test_a_round_trip_of_up_to_five_seconds_is_a_sample(takes_s, is_kept):
    assert bool(ServerClock().observed(NOON, sent_s=0.0, received_s=takes_s).epochs) is is_kept


@pytest.mark.parametrize(("off_s", "is_kept"), [(5.0, True), (5.1, False), (-5.0, True), (-5.1, False)])
def test_a_sample_up_to_five_seconds_from_the_median_counts_at_once(off_s, is_kept):
    clock = ServerClock((at(),)).observed(at(off_s - 0.5), sent_s=0.0, received_s=0.0)

    assert (len(clock.epochs), len(clock.strays)) == ((2, 0) if is_kept else (1, 1))


@pytest.mark.parametrize(("apart_s", "is_believed"), [(5.0, True), (5.1, False)])
def test_two_strays_up_to_five_seconds_apart_are_believed(apart_s, is_believed):
    clock = ServerClock((at(),), (at(3600),)).observed(at(3600 + apart_s - 0.5), sent_s=0.0, received_s=0.0)

    assert clock.epochs == ((at(3600), at(3600 + apart_s)) if is_believed else (at(),))


def test_nine_samples_are_kept_and_the_middle_one_decides():
    clock = ServerClock()
    for number in range(12):
        clock = clock.observed(at(number / 10), sent_s=0.0, received_s=0.0)

    assert clock.epochs == tuple(at(0.5 + number / 10) for number in range(3, 12))
    assert clock.at(10.0, default=NOON) == at(11.2)


def test_the_middle_of_a_second_and_of_the_way_is_taken():
    assert ServerClock().observed(at(100), sent_s=10.0, received_s=12.0).at(12.0, default=NOON) == at(101.5)


def test_a_good_sample_forgets_the_stray_before_it():
    clock = ServerClock((at(),), (at(3600),)).observed(at(), sent_s=0.0, received_s=0.0)

    assert clock.strays == ()
