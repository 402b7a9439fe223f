import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.text import plain
from tui.ui.cells import Cells, Piece

WIDTH, HEIGHT = 24, 2
STYLES = [Style(), Style(bold=True), Style.parse("red"), Style.parse("bold green on blue"), Style(reverse=True)]
TEXT = st.text("ab …━日本か\u3099e\u0301", max_size=8).map(plain)
ROW = st.lists(st.tuples(TEXT, st.sampled_from(STYLES)), max_size=5)
ROWS = st.lists(ROW, min_size=HEIGHT, max_size=HEIGHT)


def piece(row, y=0):
    return Piece(0, y, Strip([Segment(text, style) for text, style in row]).adjust_cell_length(WIDTH, Style()))


def pieces(rows):
    return [piece(row, y) for y, row in enumerate(rows)]


def seen(*sequences):
    """Return the cells of a terminal that was sent these characters: text and attributes."""
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[?7l")  # as the driver does: the last column wraps nothing
    for sequence in sequences:
        stream.feed(sequence)
    return [[screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


@given(st.lists(ROWS, min_size=1, max_size=4))
@example([[[("日", Style())], []], [[("a日", Style())], []], [[("日", Style())], []]])
@example([[[("か", Style())], []], [[("か\u3099", Style())], []]])
def test_terminal_shows_the_last_picture_whatever_was_there_before(pictures):
    cells = Cells(ColorSystem.TRUECOLOR)

    sent = [cells.paint(pieces(rows)) for rows in pictures]

    assert seen(*sent) == seen(Cells(ColorSystem.TRUECOLOR).paint(pieces(pictures[-1])))


@given(ROWS)
def test_picture_that_is_there_already_costs_nothing(rows):
    cells = Cells(ColorSystem.TRUECOLOR)
    cells.paint(pieces(rows))

    assert cells.paint(pieces(rows)) == ""


@given(ROWS)
def test_what_was_forgotten_is_sent_whole(rows):
    cells = Cells(ColorSystem.TRUECOLOR)
    whole = cells.paint(pieces(rows))

    cells.forget()

    assert cells.paint(pieces(rows)) == whole


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        pytest.param("abc", "aXc", "\x1b[1;2HX", id="one-letter"),
        pytest.param("a..c", "X..Y", "\x1b[1;1HX..Y", id="near-changes-in-one-go"),
        pytest.param("a........c", "X........Y", "\x1b[1;1HX\x1b[1;10HY", id="far-changes-apart"),
        pytest.param("日本", "日x ", "\x1b[1;3Hx ", id="wide-character-goes"),
    ],
)
def test_only_what_changed_is_sent(before, after, sent):
    cells = Cells(ColorSystem.TRUECOLOR)
    cells.paint([piece([(before, Style())])])

    assert cells.paint([piece([(after, Style())])]) == sent


def test_another_colour_is_a_change():
    cells = Cells(ColorSystem.STANDARD)
    cells.paint([piece([("ab", Style())])])

    assert cells.paint([piece([("a", Style()), ("b", Style.parse("red"))])]) == "\x1b[1;2H\x1b[31mb\x1b[m"


def test_no_colour_is_sent_where_there_shall_be_none():
    assert "\x1b[1mb" in Cells(None).paint([piece([("a", Style.parse("red on blue")), ("b", Style.parse("bold red"))])])
    assert "31" not in Cells(None).paint([piece([("a", Style.parse("red on blue"))])])


def test_wide_character_whose_second_half_was_painted_over_comes_back_whole():
    cells = Cells(ColorSystem.TRUECOLOR)
    cells.paint([piece([("日", Style())])])
    cells.paint([Piece(1, 0, Strip([Segment(" ", Style())]))])

    assert cells.paint([piece([("日", Style())])]) == "\x1b[1;1H日"
