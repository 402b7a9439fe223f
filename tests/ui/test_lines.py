from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.support.view_states import ANYTHING, ONE_LINE
from tui.ui.rendering.lines import (
    BLANK,
    Role,
    Span,
    clip,
    cut,
    fit,
    join,
    line_width,
    marked,
    occurrences,
    spread,
    table,
    text_of,
    wrap,
)

WIDTHS = st.integers(0, 60)
LINES = st.lists(st.builds(Span, ONE_LINE, st.sampled_from(Role)), max_size=5).map(tuple)


# cut and fit


@given(ANYTHING, WIDTHS)
def test_cut_text_is_one_line_within_its_width(text, width):
    short = cut(text, width)

    assert "\n" not in short
    assert cell_len(short) <= width


@given(ONE_LINE)
def test_text_that_fits_is_not_cut(text):
    assert cut(text, cell_len(text)) == text


@given(ONE_LINE, st.integers(1, 60))
def test_cut_text_is_a_beginning_and_the_ellipsis(text, width):
    assume(cell_len(text) > width)

    short = cut(text, width, "~")

    assert short.endswith("~")
    assert text.startswith(short[:-1])


@given(ONE_LINE, st.integers(1, 60))
def test_cut_gives_away_no_more_than_it_must(text, width):
    assume(cell_len(text) > width)

    kept = cut(text, width)[:-1]

    assert cell_len(text[: len(kept) + 1].rstrip()) > width - 1 or text[len(kept)].isspace()


@given(ANYTHING, WIDTHS, st.sampled_from(["left", "right"]))
def test_fitted_text_has_exactly_its_width(text, width, align):
    assert cell_len(fit(text, width, align)) == width


@pytest.mark.parametrize(
    ("text", "align", "shown"),
    [
        pytest.param("ab", "left", "ab  ", id="left"),
        pytest.param("ab", "right", "  ab", id="right"),
        pytest.param("abcdef", "left", "abc…", id="too-long"),
        pytest.param("a bcdef", "left", "a b…", id="broken-in-a-word"),
        pytest.param("ab cdef", "left", "ab… ", id="no-space-before-the-ellipsis"),
        pytest.param("倉庫倉", "left", "倉… ", id="wide-character-that-would-be-halved"),
        pytest.param("a\nb", "left", "a b ", id="line-break"),
    ],
)
def test_fit_in_four_cells(text, align, shown):
    assert fit(text, 4, align) == shown


# clip, spread and join


@given(LINES, WIDTHS, st.sampled_from(["", "…"]))
def test_clipped_line_is_within_its_width(line, width, ellipsis):
    assert line_width(clip(line, width, ellipsis)) <= width


@given(LINES, WIDTHS)
def test_line_clipped_without_ellipsis_fills_its_width(line, width):
    assert line_width(clip(line, width)) == min(width, line_width(line))


@given(LINES)
def test_line_that_fits_is_not_clipped(line):
    whole = clip(line, line_width(line), "…")

    assert text_of(line).startswith(text_of(whole))
    assert line_width(whole) == line_width(line)


@given(LINES, LINES, WIDTHS)
def test_spread_line_has_its_width_or_loses_the_right(left, right, width):
    line = spread(left, right, width)

    if line_width(left) + line_width(right) < width:
        assert line_width(line) == width
        assert text_of(line).startswith(text_of(left))
        assert text_of(line).endswith(text_of(right))
    else:
        assert line == clip(left, width)


def test_spread_is_filled_in_the_role_that_is_asked_for():
    line = spread((Span("a"),), (Span("b"),), 5, fill="-", fill_role=Role.MUTED)

    assert line == (Span("a"), Span("---", Role.MUTED), Span("b"))


def test_join_leaves_no_gap_for_what_is_empty():
    line = join((BLANK, (Span("a"),), BLANK, (Span("b"),)), ", ")

    assert text_of(line) == "a, b"


def test_columns_are_as_wide_as_their_widest_cell():
    assert table((("a", "倉庫"), ("bcd", ""))) == (3, 4)


def test_table_without_rows_has_no_columns():
    assert table(()) == ()


# wrap


@given(ANYTHING, st.integers(2, 60))
def test_wrapped_lines_are_within_their_width(text, width):
    assert all(cell_len(line) <= width for line in wrap(text, width))


@given(ANYTHING, st.integers(1, 60))
def test_wrapping_loses_nothing_but_spaces(text, width):
    wrapped = "".join(wrap(text, width))

    assert wrapped.replace(" ", "") == text.replace("\n", "").replace(" ", "")


@given(st.text("ab 倉"), st.integers(2, 12))
def test_wrapping_loses_spaces_at_breaks_only(text, width):
    rest = text

    for line in wrap(text, width):
        assert rest.startswith(line)
        before = rest
        rest = rest[len(line) :]
        if cell_len(before) > width:
            lost = len(rest) - len(rest.lstrip(" "))
            rest = rest[min(lost, max(0, width - cell_len(line))) :]

    assert rest.strip(" ") == ""


@given(ANYTHING, st.integers(2, 60))
def test_line_breaks_are_kept(text, width):
    assert len(wrap(text, width)) >= text.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", ("",), id="nothing"),
        pytest.param("short", ("short",), id="fits"),
        pytest.param("one two three", ("one two", "three"), id="at-a-space"),
        pytest.param("abcdefghijkl", ("abcdefgh", "ijkl"), id="no-space"),
        pytest.param("a bcdefghijk", ("a bcdefg", "hijk"), id="space-too-far-back"),
        pytest.param("one\n\ntwo", ("one", "", "two"), id="paragraphs"),
        pytest.param("倉庫倉庫倉庫", ("倉庫倉庫", "倉庫"), id="wide"),
    ],
)
def test_wrap_to_eight_cells(text, lines):
    assert wrap(text, 8) == lines


# marked


@given(ANYTHING, st.one_of(ANYTHING, st.sampled_from("ab ")))
def test_marking_keeps_the_text(text, needle):
    assert text_of(marked(text, tuple(occurrences(text, needle)))) == text


@given(st.text("aAbB \u0301"), st.text("aAb", min_size=1, max_size=2))
def test_marked_is_the_needle_in_any_case_and_nothing_is_left_unmarked(text, needle):
    line = marked(text, tuple(occurrences(text, needle)))

    assert all((span.role is Role.MATCH) == (span.text.lower() == needle.lower()) for span in line)
    assert all(needle.lower() not in span.text.lower() for span in line if span.role is Role.TEXT)
    assert not any(one.role is other.role is Role.TEXT for one, other in pairwise(line))


def test_letter_that_grows_in_lower_case_shifts_no_mark():
    assert text_of(marked("İstanbul", tuple(occurrences("İstanbul", "s")))) == "İstanbul"


@given(st.text("aAbB \u0301"), st.text("aAb", min_size=1, max_size=2), st.integers(0, 9), st.integers(0, 9))
def test_marked_part_is_that_part_of_the_whole(text, needle, start, size):
    found = tuple(occurrences(text, needle))
    roles = [span.role for span in marked(text, found) for _ in span.text][start : start + size]
    part = marked(text, found, start, min(len(text), start + size))

    assert text_of(part) == text[start : start + size]
    assert [span.role for span in part for _ in span.text] == roles
