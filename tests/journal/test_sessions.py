import fcntl
import json
import os
import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.jobids import LARGEST_ID
from tui.journal.sessions import Sessions

API = "https://t1.sandbox.mozu.com/api"
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

    assert [file.with_name(f"sessions.json.bad{end}").read_bytes() for end in ("", "-2", "-3")] == [b"first", b"second", b"third"]


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

    assert not sessions.keep(API, (1,))
    assert not (tmp_path / "elsewhere").exists()
