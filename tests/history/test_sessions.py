import errno
import fcntl
import json
import os
import random
import signal
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.sizes import sized
from tui.core.job_ids import LARGEST_ID
from tui.domain.selection import Selection
from tui.history.sessions import Kept, Sessions

API = "https://t1.sandbox.mozu.com/api"
ROOT = Path(__file__).resolve().parents[2]
JOB_IDS = st.lists(st.integers(1, 30) | st.integers(1, LARGEST_ID), unique=True).map(tuple)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state" / "jobdeck"


@pytest.fixture
def sessions(folder):
    return Sessions(folder)


@pytest.fixture
def file(folder):
    folder.mkdir(parents=True)
    return folder / "sessions.json"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(api=st.text(), job_ids=JOB_IDS)
def test_what_is_kept_comes_back(sessions, api, job_ids):
    sessions.keep(api, job_ids)

    assert sessions.last(api) == job_ids


def test_nothing_is_known_at_first(sessions, folder):
    assert sessions.last(API) == ()
    assert not folder.exists()


def test_each_api_has_its_own_list(sessions):
    sessions.keep(API, (1, 2))
    sessions.keep("https://other.test/api", (3,))

    assert sessions.last(API) == (1, 2)


def test_only_the_owner_may_look(sessions, folder):
    sessions.keep(API, (1,))

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_writing_replaces_the_file_and_leaves_no_other(sessions, folder):
    sessions.keep(API, (1,))
    with (folder / "sessions.json").open(encoding="utf-8") as reader:
        sessions.keep(API, (2,))
        seen_before = json.load(reader)

    assert seen_before["lists"] == {API: "1"}
    assert {path.name for path in folder.iterdir()} == {"sessions.json", "sessions.lock"}


def test_a_write_that_fails_leaves_the_old_file(sessions, folder, monkeypatch):
    sessions.keep(API, (1,))

    def no_space(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)

    assert not sessions.keep(API, (2,))
    assert sessions.last(API) == (1,)
    assert {path.name for path in folder.iterdir()} == {"sessions.json", "sessions.lock"}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"\x00\xff\xfe", b"[]", b"null", b'{"schema": 1}', b'{"schema": 2, "lists": {}}', b'{"schema": 1, "lists": {"a": 5}}',
        b'{"schema": 1, "lists": {"a": "x"}}', b"[" * 100_000, b"1" * 5_000, b" " * 10_000_001,
    ],
    ids=["empty", "cut", "binary", "array", "null", "no lists", "newer", "number", "no ids", "deep", "long number", "huge"],
)  # fmt: skip
def test_a_bad_file_is_set_aside_as_it_is(sessions, file, content):
    file.write_bytes(content)

    assert sessions.last(API) == ()
    assert file.with_name("sessions.json.bad").read_bytes() == content
    assert sessions.keep(API, (1,))
    assert sessions.last(API) == (1,)


def test_an_older_bad_file_is_not_overwritten(sessions, file):
    for content in (b"first", b"second", b"third"):
        file.write_bytes(content)
        sessions.last(API)

    assert [file.with_name(f"sessions.json.bad{end}").read_bytes() for end in ("", "-2", "-3")] == [
        b"first",
        b"second",
        b"third",
    ]


def test_a_folder_in_its_place_is_set_aside(sessions, file):
    file.mkdir()

    assert sessions.keep(API, (1,))
    assert sessions.last(API) == (1,)


def test_another_program_that_writes_is_not_waited_for(sessions, folder):
    sessions.keep(API, (1,))
    with (folder / "sessions.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_kept = sessions.keep(API, (2,))

    assert not is_kept
    assert sessions.keep(API, (2,))


def test_a_link_in_place_of_the_lock_is_not_followed(sessions, folder, tmp_path):
    folder.mkdir(parents=True)
    (folder / "sessions.lock").symlink_to(tmp_path / "elsewhere")

    assert sessions.keep(API, (1,))
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["FIFO", "folder"])
def test_whatever_is_in_place_of_the_lock_keeps_no_list_from_being_kept(folder, make):
    folder.mkdir(parents=True)
    make(folder / "sessions.lock")

    assert Sessions(folder).keep(API, (1,))
    assert Sessions(folder).last(API) == (1,)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.EIO], ids=errno.errorcode.get)
def test_a_list_is_kept_where_files_cannot_be_locked(sessions, monkeypatch, number):
    def no_locks(_descriptor, _operation):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", no_locks)

    assert sessions.keep(API, (1,))
    assert sessions.last(API) == (1,)


# What else may be in its place


def make_link_to_zero(file):
    file.symlink_to("/dev/zero")


def make_fifo(file):
    os.mkfifo(file)


def make_large(file):
    with file.open("wb") as hole:
        hole.truncate(100_000_000)


def give_away(file):
    file.write_bytes(b"{}")
    os.chown(file, 12_345, -1)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (make_fifo, "it is not a regular file"),
        (make_link_to_zero, "it is not a regular file"),
        (os.mkdir, "it is not a regular file"),
        (make_large, "it is larger than 10 MB"),
        pytest.param(
            give_away,
            "it belongs to another user",
            marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root gives away"),
        ),
        (lambda file: file.write_bytes(b'{"schema": 2}'), "it is of a newer jobdeck"),
        (lambda file: file.write_bytes(b"{"), "it is no JSON"),
        (lambda file: file.write_bytes(b"[]"), "it holds no lists"),
    ],
    ids=["FIFO", "device", "folder", "large", "owner", "newer", "cut", "array"],
)
def test_what_is_no_list_is_set_aside_and_said_once(sessions, file, make, reason):
    make(file)

    assert sessions.last(API) == ()
    assert sessions.keep(API, (1,))
    assert sessions.last(API) == (1,)
    assert sessions.notices == [f"the last list cannot be read ({reason}); it is now {file}.bad"]
    assert sessions.problem is None


def test_completion_waits_for_no_fifo_and_moves_nothing(sessions, file):
    os.mkfifo(file)

    assert list(sessions.seen()) == []
    assert file.exists()


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o1777])
def test_a_folder_that_others_can_write_to_is_said_once(folder, mode):
    folder.mkdir(parents=True)
    folder.chmod(mode)
    sessions = Sessions(folder)

    sessions.last(API)
    sessions.keep(API, (1,))
    sessions.keep(API, (2,))

    assert sessions.notices == [
        f"other users can write to {folder} (mode {mode:04o}); chown it to yourself and chmod 700 it"
    ]


def test_a_folder_of_our_own_is_not_worth_a_word(sessions, folder):
    sessions.keep(API, (1,))

    assert sessions.notices == []


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda folder: folder.parent.write_text("a file"), "not a directory"),
        (lambda folder: folder.parent.mkdir() or folder.write_text("a file"), "file exists"),
        (lambda folder: folder.parent.symlink_to("/proc/self"), "no such file or directory"),
    ],
    ids=["parent is a file", "file", "read-only"],
)
def test_why_a_list_cannot_be_kept_is_said(sessions, folder, spoil, reason):
    spoil(folder)

    assert not sessions.keep(API, (1,))
    assert sessions.problem == f"{reason} ({folder}/sessions.json)"


def test_a_home_that_is_unknown_makes_no_folder_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sessions = Sessions(Path("~/.local/state/jobdeck"))

    assert not sessions.keep(API, (1,))
    assert sessions.problem == "there is no home directory (~/.local/state/jobdeck/sessions.json)"
    assert list(tmp_path.iterdir()) == []


# Several programs


def test_two_programs_keep_each_others_lists(folder):
    one, other = Sessions(folder), Sessions(folder)
    one.keep(API, (1, 2))
    other.keep(API, (3,))  # its start: it does not know that the first program still runs

    is_missing = one.lacks(API, (1, 2))
    one.keep(API, (1, 2))
    other.keep(API, (3,), is_last=True)

    assert is_missing
    assert Sessions(folder).last(API) == (3, 1, 2)


def test_a_list_is_not_kept_again_without_need(folder):
    one, other = Sessions(folder), Sessions(folder)
    one.keep(API, (1, 2))
    other.last(API)

    other.keep(API, (1, 2, 3))

    assert not one.lacks(API, (1, 2))
    assert not one.lacks(API, (1, 2))


def test_a_list_that_was_deleted_is_missing(sessions, folder):
    sessions.keep(API, (1,))
    (folder / "sessions.json").unlink()

    assert sessions.lacks(API, (1,))


def test_lists_of_programs_one_after_the_other_are_not_mixed(folder):
    Sessions(folder).keep(API, (1, 2))
    Sessions(folder).keep(API, (3,))

    assert Sessions(folder).last(API) == (3,)


def test_what_one_program_removes_is_removed(folder):
    one, other = Sessions(folder), Sessions(folder)
    one.keep(API, (1, 2))
    other.keep(API, (3,))
    one.keep(API, (1, 2))

    one.keep(API, (2,))
    other.keep(API, (3,), is_last=True)

    assert set(Sessions(folder).last(API)) == {2, 3}


def test_what_another_program_still_watches_stays(folder):
    Sessions(folder).keep(API, (1, 2))
    one, other = Sessions(folder), Sessions(folder)
    one.last(API)
    other.last(API)

    one.keep(API, (2,))
    is_missing = other.lacks(API, (1, 2))
    other.keep(API, (1, 2), is_last=True)

    assert is_missing
    assert Sessions(folder).last(API) == (1, 2)


def test_what_all_programs_removed_is_gone(folder):
    Sessions(folder).keep(API, (1, 2))
    one, other = Sessions(folder), Sessions(folder)
    one.last(API)
    other.last(API)

    one.keep(API, (2,))
    other.keep(API, (2,))

    assert Sessions(folder).last(API) == (2,)


LISTS = st.lists(st.integers(1, 6), unique=True, max_size=6).map(tuple)


@pytest.mark.long
@settings(max_examples=sized(60, 400), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 2), LISTS), max_size=12))
def test_whatever_programs_do_at_the_same_time_the_list_holds_what_they_watched_in_the_end(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("state")
    programs = [Sessions(folder) for _ in range(3)]
    watched = [(program + 1,) for program in range(3)]
    for program, ids in [*enumerate(watched), *steps]:
        watched[program] = ids
        programs[program].keep(API, ids)

    for program, ids in zip(programs, watched, strict=True):
        program.keep(API, ids, is_last=True)

    back = Sessions(folder).last(API)
    assert set(back) == set().union(*watched)
    assert back[: len(watched[2])] == watched[2]


FILE, PATTERN = Selection("inv.csv"), Selection("KIBO_*", "W01", datetime(2026, 11, 23, 9, 30, 0, 123_456, tzinfo=UTC))


def test_files_are_kept_beside_the_ids(sessions, folder):
    sessions.keep(API, (1, 2), selections=(FILE, PATTERN), removed=(7, 9))

    assert Sessions(folder).last_kept(API) == Kept((1, 2), (FILE, PATTERN), (7, 9))
    assert Sessions(folder).last_kept("https://other.test/api") == Kept()


def test_two_programs_keep_each_others_files(folder):
    one, other = Sessions(folder), Sessions(folder)
    one.keep(API, (1,), selections=(FILE,))
    other.keep(API, (2,), selections=(PATTERN,))

    is_missing = one.lacks(API, (1,), (FILE,))
    one.keep(API, (1,), selections=(FILE,))
    other.keep(API, (2,), selections=(PATTERN,), is_last=True)

    assert is_missing
    assert Sessions(folder).last_kept(API) == Kept((2, 1), (PATTERN, FILE))


def test_file_that_one_program_stops_watching_is_gone_and_the_other_ones_stay(folder):
    one, other = Sessions(folder), Sessions(folder)
    one.keep(API, (), selections=(FILE,))
    other.keep(API, (), selections=(PATTERN,))
    one.keep(API, (), selections=(FILE,))

    one.keep(API, ())
    other.keep(API, (), selections=(PATTERN,), is_last=True)

    assert Sessions(folder).last_kept(API) == Kept((), (PATTERN,))


def test_job_that_one_program_removed_stays_removed_unless_another_watches_it(folder):
    one, other = Sessions(folder), Sessions(folder)
    one.keep(API, (1,), selections=(FILE,), removed=(5, 6))
    other.keep(API, (6,))
    one.keep(API, (1,), selections=(FILE,), removed=(5, 6))

    other.keep(API, (6,), is_last=True)

    assert Sessions(folder).last_kept(API) == Kept((6, 1), (FILE,), (5,))


def test_job_that_is_put_back_is_removed_no_more(sessions, folder):
    sessions.keep(API, (1,), selections=(FILE,), removed=(5,))
    sessions.keep(API, (1, 5), selections=(FILE,))

    assert Sessions(folder).last_kept(API) == Kept((1, 5), (FILE,))


@pytest.mark.parametrize(
    "extra",
    [
        {"selections": []},
        {"selections": {API: {}}},
        {"selections": {API: ["inv.csv"]}},
        {"selections": {API: [{}]}},
        {"selections": {API: [{"file": 5}]}},
        {"selections": {API: [{"since": "yesterday"}]}},
        {"selections": {API: [{"since": "2026-11-23T09:30:00"}]}},
        {"removed": {API: "x"}},
        {"removed": {API: [5]}},
    ],
    ids=str,
)
def test_what_is_no_list_of_files_is_set_aside(sessions, file, extra):
    file.write_text(json.dumps({"schema": 1, "lists": {API: "1"}} | extra))

    assert sessions.last_kept(API) == Kept()
    assert file.with_name("sessions.json.bad").exists()


@pytest.mark.parametrize("content", ["[]", "5", '"x"', '{"schema": 1}', '{"schema": 0, "lists": {}}', '{"lists": {}}'])
def test_json_that_is_no_list_of_this_version_is_set_aside(sessions, file, content):
    file.write_text(content)

    assert sessions.last_kept(API) == Kept()
    assert file.with_name("sessions.json.bad").read_text() == content


# Killed processes


def test_what_killed_processes_left_is_swept_and_nothing_else(sessions, folder):
    folder.mkdir(parents=True)
    names = [
        ".sessions-abcd1234",
        ".sessions-_5678efg",
        ".sessions-new_file",
        ".sessions-abcd12345",
        ".config-abcd1234",
        "sessions.json.bad",
    ]
    for name in names:
        (folder / name).write_text("left")
        os.utime(folder / name, (1e9, 1e9))
    os.utime(folder / ".sessions-new_file")
    (folder / ".sessions-linked_1").symlink_to(folder / "sessions.json.bad")
    os.utime(folder / ".sessions-linked_1", (1e9, 1e9), follow_symlinks=False)

    sessions.keep(API, (1,))

    assert {path.name for path in folder.iterdir()} == {
        *names[2:],
        ".sessions-linked_1",
        "sessions.json",
        "sessions.lock",
    }


TIMES_KILLED = sized(6, 60)
WRITE_FOR_EVER = """
import itertools, sys
from pathlib import Path
from tui.history.sessions import Sessions
sessions = Sessions(Path(sys.argv[1]))
for number in itertools.cycle((1, 2)):
    assert sessions.keep("api", tuple(range(number, 20_000, 2)))
    print(flush=True)
"""


@pytest.mark.long
def test_row_30_a_process_that_is_killed_while_it_writes_leaves_the_old_list_or_the_new_one(folder):
    lists, killed = {tuple(range(number, 20_000, 2)) for number in (1, 2)}, 0
    for _ in range(TIMES_KILLED):
        with subprocess.Popen(
            [sys.executable, "-c", WRITE_FOR_EVER, folder], stdout=subprocess.PIPE, cwd=ROOT
        ) as process:
            for _ in range(random.randint(1, 12)):
                process.stdout.readline()
            threading.Event().wait(random.random() * 0.01)
            process.kill()
        killed += process.wait() == -signal.SIGKILL
        assert Sessions(folder).last("api") in lists

    assert killed == TIMES_KILLED
    assert not list(folder.glob("*.bad*"))
