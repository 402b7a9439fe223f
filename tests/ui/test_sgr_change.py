"""A change of style sends only what differs, also in themes that paint each cell's ground in 24-bit colours."""

import pytest

from tui.ui.terminal.ansi_writer import Pen, has_same_blank, sgr_change

GROUND, ROW = "48;2;16;21;28", "48;2;31;47;69"
TEXT, ACCENT = "38;2;211;219;230", "38;2;86;182;247"


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        (f"{TEXT};{GROUND}", f"{ACCENT};{GROUND}", f"\x1b[{ACCENT}m"),
        (f"{TEXT};{GROUND}", f"{TEXT};{ROW}", f"\x1b[{ROW}m"),
        (f"1;{ACCENT};{GROUND}", f"{TEXT};{GROUND}", f"\x1b[22;{TEXT}m"),
        (f"{TEXT};{GROUND}", f"1;{TEXT};{GROUND}", "\x1b[1m"),
        ("38;5;75;48;5;236", "38;5;114;48;5;236", "\x1b[38;5;114m"),
        (f"{TEXT};{GROUND}", f"9;{TEXT};{GROUND}", "\x1b[9m"),
        (f"9;{TEXT};{GROUND}", f"{TEXT};{GROUND}", f"\x1b[;{TEXT};{GROUND}m"),
    ],
    ids=["text", "ground", "bold ends", "bold begins", "256 colours", "strike begins", "no end is known"],
)
def test_only_what_differs_is_sent(before, after, sent):
    assert sgr_change(before, after) == sent


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("", "1;31", True),
        (f"1;{ACCENT};{ROW}", f"{TEXT};{ROW}", True),
        (f"{TEXT};{GROUND}", f"{TEXT};{ROW}", False),
        ("7;31", "7;32", False),
        ("4;31", "4;32", False),
        ("", "41", False),
    ],
)
def test_blanks_are_the_same_whatever_colour_their_text_would_have(one, other, is_same):
    assert has_same_blank(one, other) is is_same


def test_a_blank_between_two_colours_on_one_ground_changes_nothing():
    pen = Pen((0, 0))

    pen.write(0, 0, [("a", f"1;{GROUND}"), (" ", GROUND), ("b", f"1;{GROUND}")], is_at_edge=False)

    assert pen.finished() == f"\x1b[1;{GROUND}ma b\x1b[m"
