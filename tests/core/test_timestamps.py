from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.timestamps import parse

MOMENT = datetime(2026, 11, 23, 9, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T09:30:05Z", MOMENT),
        ("2026-11-23t09:30:05z", MOMENT),
        ("2026-11-23T09:30:05", MOMENT),
        ("2026-11-23 09:30:05", MOMENT),
        (" 2026-11-23T09:30:05 Z\n", MOMENT),
        ("2026-11-23T09:30:05+0000", MOMENT),
        ("2026-11-23T04:30:05-0500", MOMENT),
        ("2026-11-23T04:30:05-05", MOMENT),
        ("2026-11-23T15:00:05+05:30", MOMENT),
        ("2026-11-23T09:30Z", MOMENT.replace(second=0)),
        ("2026-11-23T09:30:05.1Z", MOMENT + timedelta(milliseconds=100)),
        ("2026-11-23T09:30:05,123Z", MOMENT + timedelta(milliseconds=123)),
        ("2026-11-23T09:30:05.123456789Z", MOMENT + timedelta(microseconds=123456)),
    ],
)
def test_every_spelling_is_read_as_utc(text, moment):
    read = parse(text)

    assert read == moment
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["", "garbage", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1763890205", "2026-02-30T00:00:00Z", "2026-11-23", "2026-11-23T25:00:00Z", "2026-11-23T24:00:00Z",
     "2026-11-23T09:30:60Z", "2026-11-23T09:30:05+99:00", "\uff12026-11-23T09:30:05Z", "2026-11-23T09:30:05.1234567890Z", "2026-11-23T09:30:05Z; rm"],
)  # fmt: skip
def test_what_is_no_moment_is_none(text):
    assert parse(text) is None


@pytest.mark.parametrize("zone", ["America/Chicago", "Asia/Tokyo"])
def test_the_zone_of_this_machine_does_not_matter(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)

    assert parse("2026-11-23T09:30:05") == MOMENT


@given(st.text())
def test_bad_text_never_raises(text):
    parse(text)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2999, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001  # hypothesis wants naive bounds
def test_a_written_moment_is_read_back(naive, offset_min):
    sign, minutes = "-" if offset_min < 0 else "+", abs(offset_min)

    read = parse(f"{naive.isoformat()}{sign}{minutes // 60:02}{minutes % 60:02}")

    assert read == naive.replace(tzinfo=UTC) - timedelta(minutes=offset_min)


@given(st.timedeltas(timedelta(days=-25_000), timedelta(days=360_000)), st.integers(0, 9))
def test_the_usual_spelling_means_what_the_others_mean(distance, digits):
    moment = MOMENT + distance
    fraction = f".{moment.microsecond:06}000"[: digits + 1] if digits else ""
    text = f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}"

    assert parse(f"{text}Z") == parse(f"{text}z")


@pytest.mark.parametrize("end", ["-06-01T00:00:00Z", "-06-01 00:00"], ids=["usual", "other"])
@pytest.mark.parametrize(("year", "is_read"), [(1969, False), (1970, True), (2999, True), (3000, False)])
def test_years_outside_of_1970_to_2999_are_no_moments(year, is_read, end):
    assert (parse(f"{year}{end}") is not None) is is_read
