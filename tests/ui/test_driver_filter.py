import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from textual.color import Color

from tui.core.text import one_line
from tui.ui.terminal.driver import PrintableOnly

BLACK = Color(0, 0, 0)


def filtered(text):
    return "".join(segment.text for segment in PrintableOnly().apply([Segment(text)], BLACK))


@pytest.mark.parametrize("text", ["\x1b[2J", "\x9b2J", "\x07", "\x7f", "\u202e", "\u200b", "\ud800", "\n"], ids=ascii)
def test_what_could_steer_a_terminal_is_dropped(text):
    assert not set(filtered(text)) & set("\x1b\x9b\x07\x7f\u202e\u200b\ud800\n")


@given(st.text(st.characters(exclude_categories=())))
def test_safe_text_passes_whole(text):
    assert filtered(one_line(text)) == one_line(text)
