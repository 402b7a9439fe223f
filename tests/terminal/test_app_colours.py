"""Colours: never needed, and only those that the terminal has."""

import re

import pytest

from tests.support.pty_app import answer, row, status_look

STATUSES = {101: "PENDING", 102: "WORKING", 103: "SUCCESS", 104: "FAILED", 105: "HALTED"}
SGR = re.compile(rb"\x1b\[([0-9;:]*)m")
COLOURS = re.compile(r"3[0-8]|4[0-8]|9[0-7]|10[0-7]")


def all_statuses(terminal):
    return all(row(job_id, status).search(terminal.text) for job_id, status in STATUSES.items())


def are_shown(terminal):
    return all(row(job_id, status).search(terminal.text) for job_id, status in STATUSES.items())


@pytest.fixture
def shown(jobdeck, queue):
    """The app with a job of each status, after a walk through its views."""

    def begin(*arguments, env=None):
        for job_id, status in STATUSES.items():
            queue.put(job_id, answer(job_id, status, messages=["one", "two"]))
        terminal = jobdeck("101-105", *arguments, env=env, until=all_statuses)
        looks = {job_id: status_look(terminal, job_id) for job_id in STATUSES}
        for keys in (["j", "m"], ["j", "m"], ["]"], ["4"], ["?"]):
            terminal.press(*keys)
            terminal.wait_quiet(0.1)
        terminal.press("esc")
        terminal.wait_quiet(0.1)
        terminal.send(b"a12x")
        terminal.wait_quiet(0.2)
        return terminal, looks

    return begin


def parameters(raw):
    """Return every number within the SGR sequences of `raw`."""
    return {number for found in SGR.findall(raw) for number in re.split("[;:]", found.decode())}


@pytest.mark.parametrize(
    ("arguments", "env"), [([], {"NO_COLOR": "1"}), (["--no-color"], {})], ids=["variable", "option"]
)
def test_no_colour_means_none_and_everything_readable(shown, arguments, env):
    terminal, looks = shown(*arguments, env={"COLORTERM": "truecolor", **env})

    assert {number for number in parameters(terminal.raw) if COLOURS.fullmatch(number)} == set()
    assert [look[:2] for look in looks.values()] == [
        ("·", "PENDING"),
        ("▶", "WORKING"),
        ("✔", "SUCCESS"),
        ("✖", "FAILED"),
        ("?", "HALTED"),
    ]


def test_empty_no_color_counts_as_unset(shown):
    _, looks = shown(env={"NO_COLOR": ""})

    assert looks[104] == ("✖", "FAILED", "red")


@pytest.mark.parametrize("term", ["xterm", "screen", "linux"])
def test_sixteen_colours_are_enough(shown, term):
    terminal, looks = shown(env={"TERM": term})

    assert not {found for found in SGR.findall(terminal.raw) if re.search(rb"[34]8[;:][25]", found)}
    assert [look[2] for look in looks.values()] == ["default", "brightblue", "green", "red", "default"]
