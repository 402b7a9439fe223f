import base64
import os
import re
import stat

import pytest

from tui.ui.terminal.clipboard import SCREEN_PIECE, Route, load_buffer, route_of, sequence

LONG = "ü" * 3000


def decoded(characters):
    """Return the text of an OSC 52."""
    return base64.b64decode(re.fullmatch(r"\x1b]52;c;([A-Za-z0-9+/=]*)\x07", characters)[1]).decode()


@pytest.mark.parametrize("text", ["884257", "two\nlines", LONG, ""])
def test_text_travels_whole_on_every_route(text):
    through_tmux = re.fullmatch(r"\x1bPtmux;(.*)\x1b\\", sequence(text, Route.TMUX), re.DOTALL)[1]
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", sequence(text, Route.SCREEN), re.DOTALL)

    assert decoded(sequence(text, Route.TERMINAL)) == text
    assert decoded(through_tmux.replace("\x1b\x1b", "\x1b")) == text
    assert decoded("".join(pieces)) == text
    assert max(map(len, pieces)) <= SCREEN_PIECE


@pytest.fixture
def tmux(tmp_path, monkeypatch):
    """Return a function that puts a program into the place of tmux, which keeps its input and says this."""

    def put(says="", code=0):
        program = tmp_path / "tmux"
        program.write_text(f"#!/bin/sh\ncat >'{tmp_path}/given'\nprintf '%s' '{says}'\nexit {code}\n", encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        return tmp_path / "given"

    return put


@pytest.mark.parametrize(
    ("says", "code", "route"),
    [("on\n", 0, Route.TMUX), ("all\n", 0, Route.TMUX), ("off\n", 0, Route.TMUX_BUFFER), ("", 1, Route.TMUX_BUFFER)],
    ids=["on", "all", "off", "unknown"],
)
async def test_route_in_tmux_depends_on_whether_it_passes_sequences(tmux, says, code, route):
    tmux(says, code)

    assert await route_of({"TMUX": "/tmp/x,1,0", "TMUX_PANE": "%1", "TERM": "screen-256color"}) is route


@pytest.mark.parametrize(
    ("environ", "route"),
    [
        ({"TERM": "xterm-256color"}, Route.TERMINAL),
        ({"TERM": "screen-256color"}, Route.TERMINAL),
        ({"TERM": "xterm", "STY": "1.pts"}, Route.SCREEN),
        ({}, Route.TERMINAL),
    ],
)
async def test_route_outside_of_tmux_depends_on_the_terminal(environ, route):
    assert await route_of(environ) is route


async def test_tmux_takes_a_text_into_its_buffer(tmux):
    given = tmux()

    assert await load_buffer("two\nlines")
    assert given.read_text(encoding="utf-8") == "two\nlines"


async def test_tmux_that_fails_or_is_missing_takes_nothing(tmux, monkeypatch):
    tmux(code=1)
    failed = await load_buffer("x")
    monkeypatch.setenv("PATH", "/nowhere")

    assert (failed, await load_buffer("x")) == (False, False)
