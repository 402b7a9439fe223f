import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.terminal.ansi_writer import is_flat, move, scroll, sgr_change

WIDTH, HEIGHT = 132, 40
PLACES = st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1))
STYLES = [
    "",
    "1",
    "2",
    "7",
    "1;31",
    "2;7",
    "7;32",
    "1;7;31",
    "38;2;1;2;3",
    "1;38;2;1;2;3",
    "38;5;7;48;5;1",
    "4;31",
    "36",
    "97;41",
]
LOOKS = (
    st.tuples(
        st.sets(st.sampled_from(["1", "2", "3", "4", "7"])),
        st.sampled_from(["", "31", "36", "97"]),
        st.sampled_from(["", "41", "100"]),
    )
    .map(lambda look: [part for part in (*look[0], *look[1:]) if part])
    .flatmap(st.permutations)
    .map(";".join)
)
"""Parameters in any order, with one colour of letters and one of the background at most."""


def terminal(*sequences):
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    for sequence in sequences:
        stream.feed(sequence)
    return screen


@given(PLACES, PLACES, st.booleans())
def test_move_ends_where_it_should(start, end, is_column_known):
    known = start if is_column_known else (start[0], None)

    cursor = terminal(move(None, *start), move(known, *end)).cursor

    assert (cursor.y, cursor.x) == end


@pytest.mark.parametrize(
    ("start", "end", "sent"),
    [
        pytest.param((3, 4), (3, 4), "", id="stays"),
        pytest.param(None, (0, 0), "\x1b[1H", id="from-anywhere"),
        pytest.param((11, 7), (11, 8), "\x1b[C", id="one-on"),
        pytest.param((11, 7), (11, 16), "\x1b[9C", id="further-on"),
        pytest.param((11, 7), (11, 60), "\x1b[61G", id="far-on"),
        pytest.param((11, None), (11, 7), "\x1b[8G", id="from-somewhere-on-the-line"),
        pytest.param((11, None), (12, 0), "\x1bD\r", id="from-somewhere-on-the-line-above"),
        pytest.param((11, 7), (11, 5), "\b\b", id="two-back"),
        pytest.param((11, 60), (12, 20), "\v\x1b[21G", id="below-and-far-off"),
        pytest.param((11, 60), (12, 59), "\x1bD\b", id="below-what-was-written"),
        pytest.param((11, 60), (10, 60), "\x1bM", id="above"),
        pytest.param((11, 60), (13, 60), "\x1b[2B", id="two-below"),
        pytest.param((11, 60), (11, 0), "\r", id="to-the-start-of-the-line"),
    ],
)
def test_move_takes_the_shortest_way(start, end, sent):
    assert move(start, *end) == sent


@given(LOOKS, LOOKS)
def test_change_of_style_leads_there_in_whatever_order_it_is_told(before, after):
    by_change = terminal(sgr_change("", before), sgr_change(before, after)).cursor.attrs

    assert by_change == terminal(f"\x1b[{after}m").cursor.attrs


@given(LOOKS.flatmap(lambda look: st.tuples(st.just(look), st.permutations(look.split(";")).map(";".join))))
def test_the_same_style_in_another_order_sends_nothing_that_is_seen(looks):
    before, after = looks

    assert (
        terminal(f"\x1b[{before}m", sgr_change(before, after)).cursor.attrs == terminal(f"\x1b[{before}m").cursor.attrs
    )


@pytest.mark.parametrize("before", STYLES)
@pytest.mark.parametrize("after", STYLES)
def test_change_of_style_leads_to_the_very_style(before, after):
    by_change = terminal(sgr_change("", before), sgr_change(before, after)).cursor.attrs

    assert by_change == terminal(f"\x1b[{after}m").cursor.attrs


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        ("", "", ""),
        ("1;31", "1;31", ""),
        ("1", "", "\x1b[m"),
        ("7", "1;7;31", "\x1b[1;31m"),
        ("1;7;31", "7", "\x1b[;7m"),
        ("1", "2", "\x1b[;2m"),
        ("36", "32", "\x1b[32m"),
        ("36", "7;32", "\x1b[7;32m"),
        ("1;36", "32", "\x1b[;32m"),
        ("1;31", "31;1", ""),
    ],
    ids=[
        "none",
        "same",
        "reset",
        "more",
        "less",
        "dim-is-not-less-than-bold",
        "colour",
        "colour-and-more",
        "colour-and-less",
        "another-order",
    ],
)
def test_change_of_style_is_short(before, after, sent):
    assert sgr_change(before, after) == sent


@pytest.mark.parametrize(
    ("sgr", "is_it"),
    [("", True), ("1;31", True), ("2", True), ("7", False), ("4", False), ("31;41", False), ("38;2;1;2;3", False)],
)
def test_blank_shows_lines_backgrounds_and_reversal(sgr, is_it):
    assert is_flat(sgr) is is_it


@pytest.mark.parametrize(
    ("lines", "left"),
    [(2, "adeXXf"), (-2, "aXXbcf"), (1, "acdeXf"), (-1, "aXbcdf")],
    ids=["up", "down", "a-line-up", "a-line-down"],
)
def test_scrolling_moves_the_lines_from_top_to_bottom_alone(lines, left):
    sequence, at = scroll(1, 4, lines)

    screen = terminal(*(f"{move(None, y, 0)}{letter}" for y, letter in enumerate("abcdef")), sequence)

    assert "".join(line[0] for line in screen.display[:6]) == left.replace("X", " ")
    assert (screen.cursor.y, screen.cursor.x) == at


@given(st.integers(0, HEIGHT - 2), st.integers(1, HEIGHT - 1), st.integers(-HEIGHT, HEIGHT))
def test_scrolling_leaves_every_other_line_where_it_was(top, size, lines):
    bottom = min(HEIGHT - 1, top + size)
    lines = max(-(bottom - top), min(bottom - top, lines)) or 1
    letters = [chr(65 + y) for y in range(HEIGHT)]
    region = letters[top : bottom + 1]
    blank = [" "] * abs(lines)
    moved = [*region[lines:], *blank] if lines > 0 else [*blank, *region[:lines]]

    screen = terminal(
        *(f"{move(None, y, 0)}{letter}" for y, letter in enumerate(letters)), scroll(top, bottom, lines)[0]
    )

    assert [line[0] for line in screen.display] == [*letters[:top], *moved, *letters[bottom + 1 :]]
