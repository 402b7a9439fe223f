"""Exact numbers of learned durations; how good the estimates are is in `test_estimates`."""

import pytest

from tui.analysis.learned_durations import LOCATIONS_KEPT, ErrorDistribution, LearnedDurations, Punctuality


def distribution(*errors, kept=200):
    made = ErrorDistribution(kept)
    for error in errors:
        made.add(error)
    return made


TWENTY = distribution(*[number / 100 for number in range(20)])


@pytest.mark.parametrize(
    ("level", "above", "expected"),
    [
        pytest.param(0.5, None, 0.095, id="between-two"),
        pytest.param(0.01, None, 0.0, id="below-the-first"),
        pytest.param(20 / 21, None, 0.19, id="the-last"),
        pytest.param(0.99, None, 0.275836, id="in-the-tail"),
        pytest.param(0.5, 0.095, 0.145, id="ten-above"),
        pytest.param(0.05, 0.095, 0.09775, id="just-above"),
        pytest.param(0.5, 0.1, 0.138123, id="nine-above"),
    ],
)
def test_a_quantile_lies_between_two_errors_or_in_the_tail(level, above, expected):
    assert TWENTY.quantile(level, above) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        pytest.param([0.3], 1.0, id="one"),
        pytest.param([0.0, 0.2], 0.2, id="two"),
        pytest.param([number / 100 for number in range(11)], 0.055, id="ten-largest-of-eleven"),
        pytest.param([number / 100 for number in range(20)], 0.055, id="ten-largest"),
        pytest.param([number / 100 for number in range(200)], 0.105, id="a-tenth"),
        pytest.param([0.1] * 20, 0.01, id="at-least"),
        pytest.param([float(number) for number in range(20)], 0.5, id="at-most"),
    ],
)
def test_the_tail_is_the_mean_excess_of_the_largest_errors(errors, expected):
    assert distribution(*errors).tail == pytest.approx(expected)


def test_the_oldest_error_is_dropped_and_what_was_computed_with_it():
    made = distribution(0.3, 0.1, 0.2, kept=3)
    before = made.tail, made.factors

    made.add(0.8)

    assert len(made) == 3
    assert (made.quantile(0.25), made.quantile(0.75)) == pytest.approx((0.1, 0.8))
    assert (before[0], made.tail) == pytest.approx((0.15, 0.4))
    assert made.factors != before[1]


def learned(*durations_s, location=None, items=None):
    made = LearnedDurations(resolution_s=1.0)
    for duration_s in durations_s:
        made.learn(duration_s, location, items)
    return made


@pytest.mark.parametrize(("count", "is_known"), [(0, False), (5, False), (6, True)])
def test_a_range_needs_five_errors_and_the_first_duration_has_none(count, is_known):
    assert learned(*[99.0] * count).is_known is is_known


@pytest.mark.parametrize(
    ("elapsed_s", "punctuality"),
    [
        (0.0, Punctuality.ON_TIME),
        (138.9, Punctuality.ON_TIME),
        (139.1, Punctuality.LATE),
        (198.9, Punctuality.LATE),
        (199.1, Punctuality.STUCK),
    ],
)
def test_a_duration_is_late_after_1_4_and_stuck_after_2_times_a_long_one(elapsed_s, punctuality):
    assert learned(*[99.0] * 50).punctuality(elapsed_s, None) is punctuality


def test_three_long_durations_of_fifty_are_outliers_and_a_fourth_is_learned():
    made = learned(*[99.0] * 20)

    counts = []
    for _ in range(4):
        made.learn(9_999.0)
        counts.append(made.uncertainty(None))

    assert counts[0] == counts[1] == counts[2] == pytest.approx(0.6 / 21**0.5)
    assert counts[3] == pytest.approx(0.6 / 22**0.5)


@pytest.mark.parametrize(("before", "is_ignored"), [(10, False), (11, True)])
def test_outliers_are_known_after_ten_errors(before, is_ignored):
    made = learned(*[99.0] * before)
    uncertain = made.uncertainty(None)

    made.learn(9_999.0)

    assert (made.uncertainty(None) == uncertain) is is_ignored


@pytest.mark.parametrize(("others", "is_known"), [(LOCATIONS_KEPT - 1, True), (LOCATIONS_KEPT, False)])
def test_the_location_that_was_learned_longest_ago_is_dropped(others, is_known):
    made = learned(99.0, location="first")
    for number in range(others):
        made.learn(99.0, f"L{number}")

    assert (made.uncertainty("first") < 0.6) is is_known


@pytest.mark.parametrize(("count", "basis"), [(12, 11), (13, 10), (14, 11)])
def test_the_errors_of_known_locations_decide_as_soon_as_there_are_ten(count, basis):
    assert learned(*[99.0] * count, location="W01").basis("W01") == basis


def test_a_job_of_usual_length_has_what_is_left_of_it():
    made = learned(*[99.0] * 50)

    assert made.remaining_s(0.5, 0.0, None) == pytest.approx(99.0)
    assert made.remaining_s(0.5, 60.0, None) == pytest.approx(39.0)
    mean_s, variance = made.moments(None)
    assert mean_s == pytest.approx(100.0, rel=0.01)
    assert variance == pytest.approx(0.0, abs=10.0)
    mean_s, variance = made.moments(None, elapsed_s=60.0)
    assert mean_s == pytest.approx(39.0, rel=0.01)
    assert variance == pytest.approx(0.0, abs=10.0)


def test_a_larger_job_takes_longer_once_sizes_are_learned():
    made = LearnedDurations(resolution_s=1.0)
    for _ in range(30):
        made.learn(99.0, items=99)
        made.learn(9_999.0, items=9_999)

    small, large = (made.remaining_s(0.5, 0.0, None, items) for items in (99, 9_999))

    assert 50 < small < 200
    assert 5_000 < large < 20_000
