from dataclasses import replace

import pytest

from tui.core.terminal import Multiplexer
from tui.doctor.checks import State
from tui.doctor.terminal import Surroundings, TmuxFacts, terminal_checks

ALL = frozenset({"input", "output", "error"})
GOOD = Surroundings(terminals=ALL, size=(80, 24), colours=256, encoding="UTF-8", within=Multiplexer.NONE)
TMUX = replace(GOOD, within=Multiplexer.TMUX, tmux=TmuxFacts("3.4", clipboard="on", is_passing=True, escape_ms=10))
XTERM = {"TERM": "xterm-256color"}


def checks(around, environ, **options):
    found = terminal_checks(around, environ, **{"is_ascii": False, "is_colour_refused": False, **options})
    return {check.name: check for check in found}


def test_everything_well():
    found = checks(GOOD, {**XTERM, "COLORTERM": "truecolor"})

    assert [check.state for check in found.values()] == [State.OK, State.OK, State.OK, State.SKIPPED]
    assert found["terminal"].found == "TERM xterm-256color, 80x24"
    assert found["colours"].found == "256 by the terminal's description, COLORTERM truecolor"


@pytest.mark.parametrize(
    ("around", "environ", "state", "found", "remedy"),
    [
        (GOOD, {"TERM": "dumb"}, State.WARNING, "TERM dumb, 80x24", "the app does not start"),
        (GOOD, {}, State.WARNING, "TERM is not set, 80x24", "the app does not start"),
        (replace(GOOD, size=(79, 24)), XTERM, State.WARNING, "79x24", "take 80x24 or more"),
        (replace(GOOD, size=(80, 23)), XTERM, State.WARNING, "80x23", "take 80x24 or more"),
        (GOOD, {**XTERM, "SSH_TTY": "/dev/pts/1"}, State.OK, "80x24, over ssh", ""),
        (replace(GOOD, terminals=ALL - {"output"}), XTERM, State.SKIPPED, "standard output is no terminal", ""),
        (
            replace(GOOD, terminals=frozenset()),
            XTERM,
            State.SKIPPED,
            "standard input, output and error are no terminal",
            "",
        ),
    ],
)
def test_terminal(around, environ, state, found, remedy):
    check = checks(around, environ)["terminal"]

    assert check.state is state
    assert found in check.found
    assert remedy in (check.remedy or "")


@pytest.mark.parametrize(
    ("around", "environ", "options", "state", "found"),
    [
        (GOOD, {"NO_COLOR": "1"}, {}, State.OK, "none, by NO_COLOR"),
        (GOOD, {"NO_COLOR": ""}, {}, State.OK, "256 by"),
        (GOOD, {}, {"is_colour_refused": True}, State.OK, "none, by --no-color"),
        (replace(GOOD, terminals=frozenset()), {}, {}, State.SKIPPED, "none, because standard output is no terminal"),
        (replace(GOOD, terminals=frozenset()), {"CLICOLOR_FORCE": "1"}, {}, State.OK, "forced by CLICOLOR_FORCE"),
        (replace(GOOD, terminals=frozenset()), {"FORCE_COLOR": "1"}, {}, State.OK, "forced by FORCE_COLOR"),
        (replace(GOOD, colours=-1), {}, {}, State.WARNING, "0 by the terminal's description"),
        (replace(GOOD, colours=-1), {"COLORTERM": "truecolor"}, {}, State.OK, "COLORTERM truecolor"),
        (replace(GOOD, colours=None), {}, {}, State.OK, "no description of this terminal"),
    ],
)
def test_colours(around, environ, options, state, found):
    check = checks(around, environ, **options)["colours"]

    assert check.state is state
    assert found in check.found


@pytest.mark.parametrize(
    ("around", "options", "state", "found"),
    [
        (GOOD, {}, State.OK, "UTF-8"),
        (GOOD, {"is_ascii": True}, State.OK, "UTF-8; ASCII signs, as asked for"),
        (replace(GOOD, encoding="ISO-8859-1"), {}, State.WARNING, "ISO-8859-1: signs are drawn in ASCII"),
    ],
)
def test_characters(around, options, state, found):
    check = checks(around, XTERM, **options)["characters"]

    assert (check.state, check.found) == (state, found)


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({}, None),
        ({"clipboard": "external"}, "in ~/.tmux.conf: set -s set-clipboard on"),
        (
            {"is_passing": False, "escape_ms": 500},
            "in ~/.tmux.conf: set -g allow-passthrough on ; set -s escape-time 10",
        ),
        ({"escape_ms": None}, None),
    ],
)
def test_the_remedy_for_tmux_is_what_to_write(changes, remedy):
    check = checks(replace(TMUX, tmux=replace(TMUX.tmux, **changes)), XTERM)["multiplexer"]

    assert check.remedy == remedy
    assert check.state is (State.WARNING if remedy else State.OK)


@pytest.mark.parametrize(
    ("around", "state", "found"),
    [
        (replace(TMUX, tmux=None), State.WARNING, "tmux, which does not answer"),
        (replace(GOOD, within=Multiplexer.SCREEN, screen="4.9.0"), State.OK, "screen 4.9.0; copies"),
        (replace(GOOD, within=Multiplexer.SCREEN), State.OK, "screen of an unknown version"),
        (replace(GOOD, within=Multiplexer.REMOTE), State.SKIPPED, "on another machine"),
    ],
)
def test_other_multiplexers(around, state, found):
    check = checks(around, XTERM)["multiplexer"]

    assert check.state is state
    assert found in check.found
