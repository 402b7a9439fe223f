import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.durations import LONGEST_S, parse_duration, spelled


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
    assert parse_duration(spelled(milliseconds / 1000)) == pytest.approx(milliseconds / 1000, abs=1e-6)


@given(st.text(max_size=12))
def test_no_text_raises_and_no_duration_is_out_of_range(text):
    seconds = parse_duration(text)

    assert seconds is None or 0 <= seconds <= LONGEST_S


@pytest.mark.parametrize(("seconds", "text"), [(0, "0s"), (1800, "30m"), (5400, "1h30m"), (0.5, "0.5s"), (68, "1m8s")])
def test_spelling_is_short(seconds, text):
    assert spelled(seconds) == text
