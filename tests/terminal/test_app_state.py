"""The list on disk as the app keeps it: beside other apps, and on disks that take nothing (tests/README.md, Faults, rows 29, 30 and 39)."""

import os
import signal

import pytest

from tests.support.pty_app import PATIENCE_S, answer, is_listed, row
from tui.history.sessions import Sessions

JOBS = (101, 102, 103, 104)


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def state(home):
    folder = home / "state" / "jobdeck"
    folder.mkdir(parents=True, mode=0o700)
    return folder


@pytest.fixture
def begin(jobdeck, queue, home):
    """Starts an app in the same home and waits for jobs in its list."""

    def started(*arguments, jobs=JOBS, **kwargs):
        for job_id in JOBS:
            queue.put(job_id, answer(job_id))
        return jobdeck(
            *arguments, home=home, until=lambda it: all(row(job_id).search(it.text) for job_id in jobs), **kwargs
        )

    return started


@pytest.fixture
def kept(state, server):
    """The ids that the next start would bring."""
    return lambda: set(Sessions(state).last(f"{server.url}/api"))


def leave(terminal):
    terminal.press("q")
    assert terminal.wait_exit(PATIENCE_S) == 0


@pytest.mark.parametrize("first", [0, 1])
def test_row_39_lists_of_two_apps_both_come_back(begin, state, kept, first):
    apps = begin("101,102", jobs=(101, 102)), begin("103", jobs=(103,))
    apps[0].wait_for(lambda _: kept() == {101, 102, 103}, PATIENCE_S)

    leave(apps[first])
    leave(apps[1 - first])

    again = begin(jobs=(101, 102, 103))
    assert " 3 jobs ━" in again.text


def test_row_39_lists_of_two_killed_apps_both_come_back(begin, state, kept):
    apps = begin("101,102", jobs=(101, 102)), begin("103", jobs=(103,))
    apps[0].wait_for(lambda _: kept() == {101, 102, 103}, PATIENCE_S)

    for app in apps:
        app.signal(signal.SIGKILL)
        app.wait_exit(PATIENCE_S)

    assert kept() == {101, 102, 103}


def test_row_39_a_job_is_off_the_list_once_no_app_watches_it(begin, state, kept):
    apps = begin("101,102", jobs=(101, 102)), begin("102,103", jobs=(102, 103))
    apps[0].wait_for(lambda _: kept() == {101, 102, 103}, PATIENCE_S)

    apps[0].press("x")
    apps[0].wait_for(lambda it: not is_listed(101)(it), PATIENCE_S)
    apps[0].press("x")
    apps[0].wait_for(" 0 jobs ━", PATIENCE_S)
    leave(apps[0])
    leave(apps[1])

    assert kept() == {102, 103}


def test_an_app_that_starts_later_begins_with_its_own_list(begin, state, kept):
    leave(begin("101,102", jobs=(101, 102)))
    leave(begin("103", jobs=(103,)))

    assert kept() == {103}


def spoil_by_file(state):
    state.rmdir()
    state.write_text("a file where the folder should be")


def spoil_by_loop(state):
    state.rmdir()
    state.symlink_to(state)


UNWRITABLE = {
    "file": (spoil_by_file, (), "file exists"),
    "loop": (spoil_by_loop, (), "file exists"),
    "limit": (lambda _: None, ("sh", "-c", 'ulimit -f 0; exec "$@"', "sh"), "file too large"),
    "read-only": (lambda state: state.chmod(0o500), (), "permission denied"),
}


@pytest.mark.parametrize("kind", UNWRITABLE)
def test_row_29_a_list_that_cannot_be_kept_is_said_once_in_the_app_and_at_its_end(begin, state, kind):
    spoil, prefix, reason = UNWRITABLE[kind]
    if kind == "read-only" and os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    spoil(state)
    terminal = begin("101", jobs=(101,), prefix=prefix, size=(200, 80))

    terminal.wait_for(
        f"the list is not kept: {reason} ({state}/sessions.json); check the folder and its disk", PATIENCE_S
    )
    terminal.wait_for(lambda it: "not kept" not in it.text, PATIENCE_S)
    terminal.press("?")
    terminal.wait_for("quit; the list is not kept", PATIENCE_S)
    terminal.press("q")
    terminal.wait_for(lambda it: "Help" not in it.text, PATIENCE_S)
    leave(terminal)

    assert terminal.text.count(f"jobdeck: note: the list is not kept: {reason} (") == 1
    assert "jobdeck --interval 0.5 101" in terminal.text


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"\x00{", "it is no JSON"), (b'{"schema": 2}', "it is of a newer jobdeck")],
    ids=["corrupt", "newer"],
)
def test_row_29_a_list_that_cannot_be_read_is_set_aside_and_said(begin, state, content, reason):
    (state / "sessions.json").write_bytes(content)
    said = f"the last list cannot be read ({reason}); it is now {state}/sessions.json.bad"
    terminal = begin(jobs=(), size=(200, 80))

    terminal.wait_for(said, PATIENCE_S)
    terminal.send(b"\x1b")
    terminal.wait_for(lambda it: it.lines[-1].strip().startswith("a add"), PATIENCE_S)
    leave(terminal)

    assert terminal.text.count(f"jobdeck: note: {said}") == 1
    assert (state / "sessions.json.bad").read_bytes() == content


def test_row_29_a_fifo_in_place_of_the_list_holds_up_nothing(begin, state):
    os.mkfifo(state / "sessions.json")

    terminal = begin("101", jobs=(101,), size=(200, 80))

    terminal.wait_for("it is not a regular file", PATIENCE_S)
    leave(terminal)


def test_a_folder_that_others_can_write_to_is_said(begin, state):
    state.chmod(0o777)

    terminal = begin("101", jobs=(101,), size=(200, 80))

    terminal.wait_for(
        f"other users can write to {state} (mode 0777); chown it to yourself and chmod 700 it", PATIENCE_S
    )
    leave(terminal)
    assert terminal.text.count("other users can write to") == 1


def test_the_demo_does_not_say_that_its_list_is_kept(start, state):
    terminal = start("http://127.0.0.1:1", "--demo", interval=None, size=(80, 80))
    terminal.wait_for(row(884204), PATIENCE_S)

    terminal.press("?")

    terminal.wait_for("quit; the list is not kept", PATIENCE_S)


def test_a_watched_file_comes_back_and_is_in_the_command_that_resumes(begin, queue, state):
    terminal = begin("101", jobs=(101,))
    terminal.send(b"ainv_0930.csv\r")
    terminal.wait_for("no job yet of inv_0930.csv", PATIENCE_S)
    leave(terminal)
    assert "no job of inv_0930.csv yet" in terminal.text
    assert "jobdeck --interval 0.5 --file inv_0930.csv 101" in terminal.text

    again = begin(jobs=(101,))
    again.wait_for("no job yet of inv_0930.csv", PATIENCE_S)
    queue.put(205, answer(205, originalFilename="inv_0930.csv"))

    again.wait_for(row(205), PATIENCE_S)
