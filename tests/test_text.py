from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui import text

ANYTHING = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        pytest.param("\x1b]52;c;eA==\x07", r"\x1b]52;c;eA==\x07", id="osc52"),
        pytest.param("\x9b2J", r"\x9b2J", id="c1"),
        pytest.param("a\x00\x7f", r"a\x00\x7f", id="nul-del"),
        pytest.param("\u202egpj", r"\u202egpj", id="rlo"),
        pytest.param("a\u200bb\ufeff", r"a\u200bb\ufeff", id="zero-width"),
        pytest.param("\ud800", r"\ud800", id="half-surrogate"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag"),
        pytest.param("a\r\nb\nc\rd", "a\nb\nc\\x0dd", id="line-breaks"),
        pytest.param("a\tb\u00a0c", "a b c", id="blanks"),
        pytest.param("e" + "\u0301" * 1000, "e" + "\u0301" * 3, id="thousand-marks"),
        pytest.param("❤\ufe0f", "❤", id="variation-selector"),
        pytest.param("[@click=app.quit]x[/]", "[@click=app.quit]x[/]", id="markup-is-literal"),
        pytest.param("Zürich 倉庫", "Zürich 倉庫", id="letters"),
    ],
)
def test_plain_makes_text_harmless(sent, shown):
    assert text.plain(sent) == shown


@given(ANYTHING)
def test_plain_leaves_nothing_unprintable_but_line_breaks(sent):
    assert text.plain(sent).replace("\n", "").isprintable()


@given(ANYTHING)
def test_plain_is_idempotent(sent):
    once = text.plain(sent)

    assert text.plain(once) == once


@given(ANYTHING)
def test_the_width_of_plain_text_is_that_of_its_characters(sent):
    line = text.one_line(sent)

    assert cell_len(line) == sum(cell_len(character) for character in line)


@given(ANYTHING)
def test_one_line_has_no_line_break(sent):
    assert "\n" not in text.one_line(sent)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-5, "0:00"), (0, "0:00"), (43.9, "0:43"), (3599, "59:59"), (3600, "1:00:00"), (3723, "1:02:03"), (183_840, "2d 03:04")],
)
def test_duration(seconds, shown):
    assert text.duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(-1, "<1m"), (59, "<1m"), (60, "1m"), (3599, "59m"), (3600, "1h00"), (7500, "2h05"), (86_400, "1d")]
)
def test_coarse(seconds, shown):
    assert text.coarse(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(-1, "0 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86_399, "23 h"), (86_400, "1 d")]
)
def test_rough(seconds, shown):
    assert text.rough(seconds) == shown


@pytest.mark.parametrize(("number", "shown"), [(0, "0 jobs"), (1, "1 job"), (1204, "1,204 jobs")])
def test_count(number, shown):
    assert text.count(number, "job") == shown


def test_a_moment_is_written_in_utc_with_milliseconds():
    moment = datetime(2026, 11, 23, 10, 33, 27, 120_999, tzinfo=timezone(timedelta(hours=1)))

    assert text.rfc3339(moment) == "2026-11-23T09:33:27.120Z"


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
    assert text.duration_within(cells, seconds) == shown


@given(st.integers(0, 9_999 * 86_400), st.integers(5, 12))
def test_duration_fits_the_cells_it_is_given(seconds, cells):
    assert len(text.duration_within(cells, seconds)) <= cells
