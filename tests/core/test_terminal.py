import base64

import pytest

from tui.core.terminal import Multiplexer, colour_wish, copying, encoding, has_mouse, multiplexer, notification, passing

NONE, TMUX, SCREEN, REMOTE = Multiplexer.NONE, Multiplexer.TMUX, Multiplexer.SCREEN, Multiplexer.REMOTE


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({}, NONE),
        ({"TERM": "xterm-256color"}, NONE),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, TMUX),
        ({"TERM": "screen", "STY": "1.pts"}, SCREEN),
        ({"TERM": "screen.xterm-256color"}, REMOTE),
        ({"TERM": "xterm", "TMUX": ""}, NONE),
    ],
)
def test_the_environment_tells_what_stands_between(environ, found):
    assert multiplexer(environ) is found


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, True),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, True),
        ({"TERM": "screen", "STY": "1.pts"}, False),
        ({"TERM": "xterm", "STY": "1.pts"}, False),
        ({"TERM": "screen.xterm-256color"}, False),
        ({"TERM": "screen", "STY": "1.pts", "TMUX": "/tmp/tmux-0/default,1,0"}, False),
        ({}, True),
    ],
)
def test_the_mouse_is_left_to_screen(environ, expected):
    assert has_mouse(environ) is expected


def test_a_copy_is_osc_52():
    assert copying("caf\u00e9", NONE) == f"\x1b]52;c;{base64.b64encode('café'.encode()).decode()}\x07"


def test_tmux_gets_a_copy_for_itself_and_one_to_pass_on():
    plain = copying("x", NONE)

    assert copying("x", TMUX) == plain + "\x1bPtmux;\x1b" + plain + "\x1b\\"


def test_screen_passes_a_long_sequence_on_in_pieces():
    passed = passing("\x1b]52;c;" + "A" * 1200 + "\x07", SCREEN)

    pieces = passed.split("\x1b\\")[:-1]
    assert all(piece.startswith("\x1bP") and len(piece) < 512 for piece in pieces)
    assert "".join(piece[2:] for piece in pieces) == "\x1b]52;c;" + "A" * 1200 + "\x07"


@pytest.mark.parametrize("within", list(Multiplexer))
def test_a_notification_ends_with_a_bell_that_nothing_wraps(within):
    sent = notification("done\x1b[2J\n", within)

    assert sent.endswith("\x07")
    assert "9;done\\x1b[2J " in sent


@pytest.mark.parametrize(
    ("environ", "wish"),
    [
        ({}, None),
        ({"NO_COLOR": "", "CLICOLOR_FORCE": "0"}, None),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "3"}, True),
        ({"FORCE_COLOR": "true"}, True),
        ({"FORCE_COLOR": ""}, None),
        ({"FORCE_COLOR": "0"}, None),
        ({"FORCE_COLOR": "false", "CLICOLOR_FORCE": "1"}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
        ({"CLICOLOR": "0"}, False),
        ({"CLICOLOR": "0", "FORCE_COLOR": "1"}, True),
        ({"CLICOLOR": "1"}, None),
        ({"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
    ],
    ids=str,
)
def test_colour_is_wanted_refused_or_left_to_the_terminal(environ, wish):
    assert colour_wish(environ) is wish


@pytest.mark.parametrize(
    ("environ", "is_utf8_mode", "found"),
    [
        ({}, False, "ISO-8859-1"),
        ({"LC_CTYPE": "C.UTF-8"}, True, "US-ASCII"),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, True, "US-ASCII"),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "xx_YY.UTF-8"}, True, "UTF-8"),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "xx_YY.utf8@old"}, True, "UTF-8"),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "xx_YY"}, True, "US-ASCII"),
        ({"LC_CTYPE": "xx_YY.UTF-8", "LANG": "C"}, True, "UTF-8"),
        ({"LC_ALL": "POSIX", "LANG": "C.UTF-8"}, True, "US-ASCII"),
        ({"LC_ALL": "xx_YY.UTF-8", "LANG": "C"}, True, "UTF-8"),
        ({"PYTHONUTF8": "1", "LC_CTYPE": "C.UTF-8"}, True, "UTF-8"),
        ({"PYTHONIOENCODING": "utf-8:replace", "LC_ALL": "C"}, True, "utf-8"),
        ({"PYTHONIOENCODING": ":strict"}, False, "ISO-8859-1"),
    ],
    ids=str,
)
def test_a_locale_that_python_threw_away_goes_by_its_name(environ, is_utf8_mode, found):
    assert encoding(environ, by_python="ISO-8859-1", is_utf8_mode=is_utf8_mode) == found
