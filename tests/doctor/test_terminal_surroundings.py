import os
import pty
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tui.core.terminal import Multiplexer
from tui.doctor.checks import State
from tui.doctor.files import check_state
from tui.doctor.terminal import TmuxFacts, screen_version, surroundings, tmux_facts

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ("3.3a|external|0|500\n", TmuxFacts("3.3a", clipboard="external", is_passing=False, escape_ms=500)),
        ("3.4|on|1|10\n", TmuxFacts("3.4", clipboard="on", is_passing=True, escape_ms=10)),
        ("next-3.6|on|all|10\n", TmuxFacts("next-3.6", clipboard="on", is_passing=True, escape_ms=10)),
        ("2.9|on||500\n", TmuxFacts("2.9", clipboard="on", is_passing=True, escape_ms=500)),
        ("3.4|on|1|\n", TmuxFacts("3.4", clipboard="on", is_passing=True, escape_ms=None)),
        ("no server running\n", None),
        ("", None),
    ],
)
def test_what_tmux_says_is_read(said, facts):
    assert tmux_facts(said) == facts


def test_screen_says_its_version():
    assert screen_version("Screen version 4.09.00 (GNU) 30-Jan-22\n") == "4.09.00"
    assert screen_version("") is None


async def test_a_terminal_is_known_with_its_size():
    leader, follower = pty.openpty()
    with os.fdopen(leader, "rb", 0), os.fdopen(follower, "w") as terminal:
        around = await surroundings(
            {"input": None, "output": terminal, "error": terminal}, {"TERM": "xterm-256color"}, encoding="utf-8"
        )

    assert around.terminals == {"output", "error"}
    assert around.size == (0, 0)
    assert (around.encoding, around.within) == ("utf-8", Multiplexer.NONE)


@pytest.mark.parametrize(("term", "colours"), [("no-such-terminal", None), ("", None), ("vt100", -1), ("xterm", 8)])
def test_colours_are_those_of_the_description(term, colours):
    script = (
        "import asyncio; from tui.doctor.terminal import surroundings; "
        f"print(asyncio.run(surroundings({{}}, {{'TERM': '{term}'}}, encoding='x')).colours)"
    )

    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=True, cwd=ROOT
    ).stdout

    assert said == f"{colours}\n"


@pytest.mark.timeout(20)
@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a shell")
@pytest.mark.parametrize(
    ("script", "version"),
    [("echo '3.4|on|1|10'", "3.4"), ("exit 1", None), ("sleep 60", None), ("sleep 60 & exit 0", None)],
    ids=["answers", "fails", "hangs", "leaves"],
)
async def test_tmux_is_asked_and_not_waited_for(tmp_path, monkeypatch, script, version):
    tmux = tmp_path / "tmux"
    tmux.write_text(f"#!/bin/sh\nexec 2>&1\n{script}\n")
    tmux.chmod(tmux.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr("tui.doctor.terminal.LIMIT_S", 0.5)

    around = await surroundings({}, {"TMUX": "x", "TERM": "tmux-256color"}, encoding="utf-8")

    assert (around.tmux.version if around.tmux else None) == version


async def test_tmux_gets_no_secrets(tmp_path, monkeypatch):
    tmux = tmp_path / "tmux"
    tmux.write_text('#!/bin/sh\necho "3.4|$KIBO_ACCESS_TOKEN$KIBO_SHARED_SECRET$KIBO_CLIENT_SECRET$MINE|1|10"\n')
    tmux.chmod(tmux.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("MINE", "kept")
    for name in ("KIBO_ACCESS_TOKEN", "KIBO_SHARED_SECRET", "KIBO_CLIENT_SECRET"):
        monkeypatch.setenv(name, "canary")

    around = await surroundings({}, {"TMUX": "x", "TERM": "tmux-256color"}, encoding="utf-8")

    assert around.tmux.clipboard == "kept"


async def test_no_tmux_at_all_is_no_error(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert (await surroundings({}, {"TMUX": "x"}, encoding="utf-8")).tmux is None


@pytest.mark.parametrize(
    ("folder", "is_demo", "state", "found"),
    [
        pytest.param("made", False, State.OK, "made can be written", id="there"),
        pytest.param("made/a/b", False, State.OK, "made/a/b can be made", id="not yet there"),
        pytest.param("file/a", False, State.WARNING, "file/a cannot be written: not a directory", id="below a file"),
        pytest.param(
            None,
            False,
            State.WARNING,
            "no folder for lists and logs: state is none, as there is no home directory",
            id="no home",
        ),
        pytest.param("made", True, State.SKIPPED, "the demo keeps nothing", id="demo"),
    ],
)
def test_the_folder_of_lists_and_logs(tmp_path, folder, is_demo, state, found):
    (tmp_path / "made").mkdir()
    (tmp_path / "file").touch()

    check = check_state(Path("state") if folder is None else tmp_path / folder, is_demo=is_demo)

    assert (check.state, check.found.replace(f"{tmp_path}/", "")) == (state, found)
    assert list((tmp_path / "made").iterdir()) == []
