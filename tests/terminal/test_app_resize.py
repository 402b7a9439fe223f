"""Any size of the terminal: usable or empty, never a crash, and right after (tests/README.md, Faults, row 28)."""

import random
import re

import pytest

from tests.support.pty_app import PATIENCE_S, answer, is_on, row, shows

SIZES = [(200, 50), (20, 5), (1, 1), (0, 0), (59, 24), (80, 14)]
CHANGES = 400


@pytest.fixture
def terminal(jobdeck, queue):
    for job_id, status in [(101, "PENDING"), (102, "SUCCESS"), (103, "FAILED")]:
        queue.put(job_id, answer(job_id, status, messages=["日本語 text"]))
    terminal = jobdeck("101-103", until=lambda it: all(row(job_id).search(it.text) for job_id in (101, 102, 103)))
    terminal.wait_quiet(0.3)
    return terminal


def is_as_before(before):
    """Return whether the screen below the top line says the same; how many blanks part two fields may differ by a scrollbar that was there."""
    return lambda terminal: [line.split() for line in terminal.lines[1:]] == [line.split() for line in before[1:]]


def test_screen_is_right_after_a_stay_at_another_size(terminal):
    before = terminal.lines

    for size in SIZES:
        terminal.resize(*size)
        terminal.wait_quiet(0.3)
        terminal.resize(80, 24)
        terminal.wait_for(is_as_before(before), PATIENCE_S)


def test_screen_follows_through_all_sizes(terminal):
    before = terminal.lines
    for size in SIZES:
        terminal.resize(*size)
        terminal.wait_quiet(0.2)

    terminal.resize(80, 24)

    terminal.wait_for(is_as_before(before), PATIENCE_S)


def test_wide_screen_shows_list_beside_detail(terminal):
    terminal.resize(200, 50)

    terminal.wait_for(
        lambda it: row(101).search(it.text) and re.search(r" 3 jobs ━━ \d+ \S \w+ ━", it.text), PATIENCE_S
    )
    assert len(terminal.line(2)) == 200


def test_no_status_is_cut_where_the_screen_is_narrow(terminal):
    terminal.resize(50, 24)

    terminal.wait_for(lambda it: row(101, "PENDING").search(it.text), PATIENCE_S)
    assert all(len(line) <= 50 for line in terminal.lines)


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (0, 0)], ids=lambda size: "x".join(map(str, size)))
def test_start_at_a_tiny_size_and_grow(start, server, queue, size):
    queue.put(101, answer(101))
    terminal = start(server.url, "101", size=size)
    terminal.wait_for(lambda it: 1049 in it.modes, PATIENCE_S)

    terminal.resize(80, 24)

    terminal.wait_for(row(101, "PENDING"), PATIENCE_S)


@pytest.mark.parametrize("size", [(0, 0), (80, 0), (0, 24)], ids=lambda size: "x".join(map(str, size)))
def test_terminal_that_tells_no_size_is_left_in_peace(start, server, queue, size):
    queue.put(101, answer(101, "SUCCESS"))
    terminal = start(server.url, "101", size=size)
    terminal.wait_for(lambda it: 1049 in it.modes, PATIENCE_S)

    terminal.wait_quiet(2.0)
    terminal.press("q")

    assert terminal.wait_exit(PATIENCE_S) == 0


def test_keys_work_at_a_tiny_size(terminal):
    terminal.resize(20, 5)
    terminal.wait_quiet(0.2)

    terminal.press("j", "G", "3", "]", "G", "|", "f", "f", "?")
    terminal.wait_quiet(0.2)
    terminal.press("esc")
    terminal.wait_quiet(0.2)
    terminal.press("q")

    assert terminal.wait_exit(PATIENCE_S) == 0


def test_hundreds_of_random_resizes(terminal):
    rng = random.Random(1)
    before = terminal.lines

    for number in range(CHANGES):
        terminal.resize(*rng.choice([(rng.randrange(250), rng.randrange(70)), (rng.randrange(30), rng.randrange(10))]))
        if number % 10 == 0:
            terminal.wait_quiet(0.01)
        if number % 50 == 0:
            terminal.press(rng.choice(["j", "k"]))
    terminal.resize(80, 24)
    terminal.wait_quiet(0.5)
    terminal.press("g")
    while not (is_on("Why")(terminal) and shows(103)(terminal)):
        text = terminal.text
        terminal.press("]")
        terminal.wait_for(lambda it, text=text: it.text != text, PATIENCE_S)

    terminal.wait_for(is_as_before(before), PATIENCE_S)


def test_list_always_shows_a_row(terminal):
    for size in ((60, 15), (80, 16), (80, 17), (80, 18)):
        terminal.resize(*size)
        terminal.wait_quiet(0.2)

        terminal.wait_for(lambda it: row(103, "FAILED").search(it.text), PATIENCE_S)
