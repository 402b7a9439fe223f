import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tests.support.emulator import Emulator
from tui.core.text import plain
from tui.ui.terminal.screen_diff import Piece, ScreenDiff

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
    """Return what each cell of a terminal shows that was sent these characters: text and attributes; a blank shows no colour of letters."""
    return picture(HEIGHT, *sequences)


def picture(lines, *sequences):
    terminal = Emulator(WIDTH, lines)
    for sequence in ("\x1b[?7l", *sequences):  # as the driver does: the last column wraps nothing
        terminal.feed(sequence.encode())
    screen = terminal.screen
    return [[_visible(screen.buffer[y][x], screen.default_char) for x in range(WIDTH)] for y in range(lines)]


def _visible(cell, blank):
    is_bare = cell.data == " " and (cell.bg, cell.reverse, cell.underscore) == ("default", False, False)
    return blank if is_bare else cell


@given(st.lists(ROWS, min_size=1, max_size=4))
@example([[[("日", Style())], []], [[("a日", Style())], []], [[("日", Style())], []]])
@example([[[("か", Style())], []], [[("か\u3099", Style())], []]])
def test_terminal_shows_the_last_picture_whatever_was_there_before(pictures):
    cells = ScreenDiff(ColorSystem.TRUECOLOR)

    sent = [cells.paint(pieces(rows)) for rows in pictures]

    assert seen(*sent) == seen(ScreenDiff(ColorSystem.TRUECOLOR).paint(pieces(pictures[-1])))


@given(ROWS)
def test_picture_that_is_there_already_costs_nothing(rows):
    cells = ScreenDiff(ColorSystem.TRUECOLOR)
    cells.paint(pieces(rows))

    assert cells.paint(pieces(rows)) == ""


@given(ROWS)
def test_what_was_forgotten_is_sent_whole(rows):
    cells = ScreenDiff(ColorSystem.TRUECOLOR)
    whole = cells.paint(pieces(rows))

    cells.forget()

    assert cells.paint(pieces(rows)) == whole


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        pytest.param("abc", "aXc", "\x1b[1;2HX", id="one-letter"),
        pytest.param("a..c", "X..Y", "\x1b[1HX..Y", id="near-changes-in-one-go"),
        pytest.param("a........c", "X........Y", "\x1b[1HX\x1b[8CY", id="far-changes-apart"),
        pytest.param(
            "a........c",
            "日.......Y",
            "\x1b[1H日\x1b[10GY",
            id="nobody-knows-where-the-cursor-is-behind-a-wide-character",
        ),
        pytest.param("日本", "日x ", "\x1b[1;3Hx ", id="wide-character-goes"),
        pytest.param("abcdefgh", "", "\x1b[1H\x1b[8X", id="many-blanks-are-erased"),
        pytest.param("abcd", "", "\x1b[1H    ", id="few-blanks-are-sent"),
    ],
)
def test_only_what_changed_is_sent(before, after, sent):
    cells = ScreenDiff(ColorSystem.TRUECOLOR)
    cells.paint([piece([(before, Style())])])

    assert cells.paint([piece([(after, Style())])]) == sent


def test_another_colour_is_a_change():
    cells = ScreenDiff(ColorSystem.STANDARD)
    cells.paint([piece([("ab", Style())])])

    assert cells.paint([piece([("a", Style()), ("b", Style.parse("red"))])]) == "\x1b[1;2H\x1b[31mb\x1b[m"


def test_no_colour_is_sent_where_there_shall_be_none():
    assert "\x1b[1mb" in ScreenDiff(None).paint(
        [piece([("a", Style.parse("red on blue")), ("b", Style.parse("bold red"))])]
    )
    assert "31" not in ScreenDiff(None).paint([piece([("a", Style.parse("red on blue"))])])


def test_wide_character_whose_second_half_was_painted_over_comes_back_whole():
    cells = ScreenDiff(ColorSystem.TRUECOLOR)
    cells.paint([piece([("日", Style())])])
    cells.paint([Piece(1, 0, Strip([Segment(" ", Style())]))])

    assert cells.paint([piece([("日", Style())])]) == "\x1b[1H日"


# lines that move together

TALL = 12
LINE = st.lists(st.tuples(TEXT, st.sampled_from(STYLES)), min_size=1, max_size=3)


def tall(rows):
    return [piece(row, y) for y, row in enumerate(rows)]


def seen_tall(*sequences):
    return picture(TALL, *sequences)


LISTS = st.lists(LINE, min_size=TALL * 2, max_size=TALL * 2)
TOPS = st.lists(st.integers(0, TALL), min_size=1, max_size=4)
FIRST = st.one_of(st.none(), st.integers(0, TALL - 1))


def scrolled(lines, tops):
    """A list between two lines that stay, from different lines on; each picture marks the first of its own, as a scrollbar does."""
    for mark, top in enumerate((0, *tops)):
        listed = lines[top + 1 : top + TALL - 1]
        listed[mark] = [*listed[mark], ("#", Style(reverse=True))]
        yield [lines[0], *listed, lines[-1]]


@given(LISTS, TOPS, FIRST)
def test_scrolled_list_looks_like_one_painted_anew(lines, tops, first):
    cells = ScreenDiff(ColorSystem.TRUECOLOR)
    pictures, sent = list(scrolled(lines, tops)), []

    for rows in pictures:
        cells.take(tall(rows))
        sent += cells.take_changes(WIDTH, first)

    assert seen_tall(*sent) == seen_tall(ScreenDiff(ColorSystem.TRUECOLOR).paint(tall(pictures[-1])))


NUMBERED = [[(chr(65 + number) * WIDTH, Style())] for number in range(40)]


@pytest.mark.parametrize("step", [1, 3, -1, -3], ids=["a-line-on", "three-lines-on", "a-line-back", "three-lines-back"])
def test_lines_that_moved_are_scrolled_and_not_sent(step):
    cells = ScreenDiff(None)
    cells.paint(tall(NUMBERED[10 : 10 + TALL]), WIDTH)

    sent = cells.paint(tall(NUMBERED[10 + step : 10 + step + TALL]), WIDTH)

    assert len(sent) <= 30 + 30 * abs(step)


def test_line_that_changed_a_little_scrolls_with_the_others():
    cells = ScreenDiff(None)
    marked = [
        [[(row[0][0][:-1], Style()), ("#", Style(reverse=True))], *NUMBERED[place + 1 : place + TALL]]
        for place, row in enumerate(NUMBERED[:2])
    ]
    cells.paint(tall(marked[0]), WIDTH)

    sent = cells.paint(tall(marked[1]), WIDTH)

    assert sent.count("B") == 0
    assert len(sent) <= WIDTH + 50


# the order of things


@given(LISTS, TOPS)
def test_what_was_taken_in_twice_is_sent_in_its_last_form(lines, tops):
    at_once, last = ScreenDiff(None), ScreenDiff(None)
    *missed, shown = scrolled(lines, tops)

    for rows in missed:
        at_once.take(tall(rows))
    at_once.take(tall(shown))

    assert list(at_once.take_changes(WIDTH)) == [last.paint(tall(shown), WIDTH)]


@given(LISTS, st.integers(0, TALL - 1))
def test_first_piece_of_a_large_update_shows_the_line_that_is_looked_at(lines, first):
    cells, after = ScreenDiff(None), [[(chr(65 + y) * WIDTH, Style())] for y in range(TALL)]
    before = cells.paint(tall(lines[:TALL]))
    cells.take(tall(after))

    ahead, _rest = cells.take_changes(0, first)

    assert seen_tall(before, ahead)[first] == seen_tall(ScreenDiff(None).paint(tall(after)))[first]
    assert len(ahead) <= WIDTH + 20


def test_small_update_is_sent_in_one_piece():
    cells = ScreenDiff(None)
    cells.paint(tall(NUMBERED[:TALL]))
    cells.take(tall([*NUMBERED[:2], *NUMBERED[22:25], *NUMBERED[5:TALL]]))

    assert len(list(cells.take_changes(0, 3))) == 1


def test_what_was_taken_in_before_all_was_forgotten_is_not_sent():
    cells = ScreenDiff(None)
    cells.take(tall(NUMBERED[:TALL]))

    cells.forget()

    assert list(cells.take_changes()) == [""]


@pytest.mark.parametrize("width", [0, WIDTH + 1], ids=["unknown-width", "more-on-the-line-than-is-known"])
def test_lines_are_not_scrolled_where_something_else_may_stand_beside(width):
    cells = ScreenDiff(None)
    cells.paint(tall(NUMBERED[:TALL]), width)

    assert "r" not in cells.paint(tall(NUMBERED[1 : 1 + TALL]), width)
