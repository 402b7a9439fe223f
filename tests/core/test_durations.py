import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.durations import LONGEST_S, coarse_duration, duration, exact_duration, parse_duration, rough_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("30s", 30),
        ("0.5", 0.5),
        ("30m", 1800),
        ("2h", 7200),
        ("1h30m", 5400),
        ("1d", 86_400),
        ("1m0.5s", 60.5),
        ("0", 0),
        ("120m", 7200),
        ("0s", 0),
        ("1.5h", 5400),
        ("0.25d", 21_600),
        ("2.5m", 150),
    ],
)
def test_durations_are_read(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "s",
        "-1",
        "1h30",
        "30m1h",
        "1,5s",
        "1 h",
        "nan",
        "inf",
        "1e3",
        "30S",
        "1h1h",
        "\u0663s",
        "9999999999",
        "400d",
        ".5h",
        "1.h",
        "1..5h",
        "h",
        "99999999d",
    ],
)
def test_anything_else_is_none(text):
    assert parse_duration(text) is None


@given(st.integers(0, int(LONGEST_S * 1000)))
def test_what_is_spelled_is_read_back(milliseconds):
    assert parse_duration(exact_duration(milliseconds / 1000)) == pytest.approx(milliseconds / 1000, abs=1e-6)


@given(st.text(max_size=12))
def test_no_text_raises_and_no_duration_is_out_of_range(text):
    seconds = parse_duration(text)

    assert seconds is None or 0 <= seconds <= LONGEST_S


@pytest.mark.parametrize(("seconds", "text"), [(0, "0s"), (1800, "30m"), (5400, "1h30m"), (0.5, "0.5s"), (68, "1m8s")])
def test_spelling_is_short(seconds, text):
    assert exact_duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "0:00"),
        (0, "0:00"),
        (43.9, "0:43"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (3723, "1:02:03"),
        (183_840, "2d 03:04"),
    ],
)
def test_duration(seconds, shown):
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-1, "<1m"), (59, "<1m"), (60, "1m"), (3599, "59m"), (3600, "1h00"), (7500, "2h05"), (86_400, "1d")],
)
def test_coarse_duration(seconds, shown):
    assert coarse_duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-1, "0 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86_399, "23 h"), (86_400, "1 d")],
)
def test_rough_duration(seconds, shown):
    assert rough_duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "cells", "shown"),
    [
        pytest.param(3723, 7, "1:02:03", id="fits"),
        pytest.param(43_200, 8, "12:00:00", id="fits-wider"),
        pytest.param(43_200, 7, "12h00", id="without-seconds"),
        pytest.param(216_180, 8, "2d 12:03", id="days-fit"),
        pytest.param(216_180, 7, "2d 12h", id="days-without-minutes"),
        pytest.param(123 * 86_400, 7, "123d", id="days-alone"),
    ],
)
def test_duration_that_is_too_long_loses_its_least_part(seconds, cells, shown):
    assert duration(seconds, cells) == shown


@given(st.integers(0, 9_999 * 86_400), st.integers(5, 12))
def test_duration_fits_the_cells_it_is_given(seconds, cells):
    assert len(duration(seconds, cells)) <= cells


@pytest.mark.parametrize(
    ("text", "seconds"), [("366d", LONGEST_S), ("366d0.1s", None), ("31622400", 31_622_400), ("31622401", None)]
)
def test_the_longest_duration_is_a_leap_year(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(59, "0:59"), (60, "1:00"), (86_399, "23:59:59"), (86_400, "1d 00:00"), (90_060, "1d 01:01")],
)
def test_a_duration_gets_its_next_unit_exactly_when_it_is_full(seconds, shown):
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(86_399, "23h59"), (172_799, "1d"), (172_800, "2d"), (119, "1m"), (120, "2m"), (3660, "1h01")],
)
def test_a_coarse_duration_gets_its_next_unit_exactly_when_it_is_full(seconds, shown):
    assert coarse_duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "cells", "shown"),
    [(0.5, 5, "0:00"), (30, 3, "<1m"), (-5, 3, "<1m"), (0, 3, "<1m"), (86_400, 6, "1d 00h"), (86_400, 5, "1d")],
)
def test_a_short_place_shows_the_largest_units(seconds, cells, shown):
    assert duration(seconds, cells) == shown
