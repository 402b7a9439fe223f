import pytest

from tests.support.payloads import CONTROLS, MARKUP, PAYLOADS, assert_harmless, marker_of, tail_of
from tui.core.text import plain

TEXTUAL_STRIPS = {7: None, 8: None, 11: None, 12: None, 13: None}

FRAME = b"\x1b[?1049h\x1b[?1000h\x1b[?25l\x1b[>25u\x1b[?2026$p\x1b[H\x1b[2J\x1b[0m\x1b[1;31m%s\x1b[0m\r\n\x1b[?1049l\x1b[?25h\x1b[<u"
"""What a program writes around a text by itself."""


def test_markers_are_distinct_and_printable():
    markers = [part for payload in PAYLOADS.values() for part in (marker_of(payload), tail_of(payload))]

    assert len(set(markers)) == 2 * len(PAYLOADS)
    assert all(marker.isalnum() for marker in markers)


@pytest.mark.parametrize("name", CONTROLS)
def test_raw_control_is_noticed(name):
    with pytest.raises(AssertionError, match="reached the terminal"):
        assert_harmless(FRAME % CONTROLS[name].encode(), CONTROLS[name])


@pytest.mark.parametrize(
    "name", [name for name, text in CONTROLS.items() if text.translate(TEXTUAL_STRIPS).isprintable() is False]
)
def test_control_as_textual_lets_it_through_is_noticed(name):
    stripped = CONTROLS[name].translate(TEXTUAL_STRIPS)

    with pytest.raises(AssertionError, match="reached the terminal"):
        assert_harmless(FRAME % stripped.encode(), CONTROLS[name])


@pytest.mark.parametrize("name", PAYLOADS)
def test_placeholders_are_harmless(name):
    assert_harmless(FRAME % plain(PAYLOADS[name]).encode(), PAYLOADS[name])


@pytest.mark.parametrize("name", PAYLOADS)
def test_marker_cut_by_the_edge_is_harmless(name):
    assert_harmless(FRAME % marker_of(PAYLOADS[name]).encode(), PAYLOADS[name])


@pytest.mark.parametrize("name", ["markup link", "markup click quotes"])
def test_markup_that_became_a_link_is_noticed(name):
    link = b"\x1b]8;id=1;http://pwned.example/\x1b\\x\x1b]8;;\x1b\\"

    with pytest.raises(AssertionError, match="pwned"):
        assert_harmless(FRAME % link, MARKUP[name])


@pytest.mark.parametrize("text", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x7f"])
def test_invisible_characters_are_noticed(text):
    with pytest.raises(AssertionError, match="reached the terminal"):
        assert_harmless(FRAME % text.encode(), PAYLOADS["markup close"])


def test_stray_c1_byte_is_noticed_and_a_cut_character_is_not():
    assert_harmless("日本".encode()[:-1], PAYLOADS["markup close"])
    with pytest.raises(AssertionError, match="reached the terminal"):
        assert_harmless(b"abc\x9bcdefgh", PAYLOADS["markup close"])
