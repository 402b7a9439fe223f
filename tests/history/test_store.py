import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.factories import NOON, at, job
from tui.domain.errors import JobNotFound
from tui.domain.tracked_job import Missing, TrackedJob
from tui.history.store import HistoryStore, StoreError, store_path

ROOT = Path(__file__).resolve().parents[2]
API = "https://t1.sandbox.mozu.com/api"


@pytest.fixture
def path(tmp_path):
    return store_path(tmp_path, API)


def seen(job_id, *statuses, first_s=0, **fields):
    """Return a job that was seen with these statuses, one a second."""
    tracked = TrackedJob(job_id)
    for second, status in enumerate(statuses, first_s):
        tracked = tracked.seen(job(job_id, status, **fields), at(second))
    return tracked


FAILED = seen(
    1,
    "PENDING",
    "WORKING",
    "FAILED",
    type="REFRESH",
    locationCode="W01",
    originalFilename="inv.csv",
    itemCount=5,
    added=at(-9).isoformat(),
    messages=["UPC 17 not found", "UPC 18 not found", "end of file"],
)


def kept(path, *jobs, **options):
    store = HistoryStore(path, **options)
    store.keep(jobs)
    store.close()
    return HistoryStore(path, is_read_only=True)


def test_job_comes_back_with_its_causes(path):
    (found,) = kept(path, FAILED).jobs()

    assert (found.job_id, found.type, found.location, found.file, found.status, found.items) == (
        1,
        "REFRESH",
        "W01",
        "inv.csv",
        "FAILED",
        5,
    )
    assert (found.added, found.started, found.seen) == (at(-9), None, at(2))
    assert found.causes == (("UPC ‹…› not found", 2), ("end of file", 1))


def test_each_change_is_kept_once_however_often_it_is_written(path):
    store = HistoryStore(path)
    tracked = TrackedJob(1)
    for second, status in enumerate(("PENDING", "PENDING", "WORKING", "SUCCESS")):
        tracked = tracked.seen(job(1, status), at(second))
        store.keep([tracked])
        store.keep([tracked])

    assert [(each.at, each.before, each.after) for each in store.changes()] == [
        (at(0), None, "PENDING"),
        (at(2), "PENDING", "WORKING"),
        (at(3), "WORKING", "SUCCESS"),
    ]


def test_job_whose_status_stays_is_written_at_most_once_a_minute(path):
    store = HistoryStore(path)
    working = seen(1, "WORKING", itemCount=1)
    seen_at = []
    for second, items in ((1, 2), (59, 3), (60, 4)):
        working = working.seen(job(1, "WORKING", itemCount=items), at(second))
        store.keep([working])
        seen_at.append((store.jobs()[0].seen, store.jobs()[0].items))
    ended = working.seen(job(1, "SUCCESS", itemCount=5), at(61))
    store.keep([ended])
    store.keep([ended.seen(job(1, "SUCCESS", itemCount=6), at(62))])

    assert seen_at == [(at(1), 2), (at(1), 2), (at(1), 2)]
    assert (store.jobs()[0].status, store.jobs()[0].items) == ("SUCCESS", 6)


def test_changes_between_two_writes_are_all_kept(path):
    assert [each.after for each in kept(path, FAILED).changes([1])] == ["WORKING", "FAILED"]


def test_two_programs_that_see_one_change_keep_it_once(path):
    first, second = HistoryStore(path), HistoryStore(path)
    first.keep([seen(1, "PENDING")])
    second.keep([seen(1, "PENDING")])
    first.keep([seen(1, "PENDING", "WORKING")])
    second.keep([seen(1, "PENDING", "PENDING", "WORKING")])

    assert [each.after for each in second.changes()] == ["PENDING", "WORKING"]


def test_change_that_happens_again_is_kept_again(path):
    store = HistoryStore(path)
    tracked = seen(1, "WORKING", "SUCCESS").seen(job(1, "WORKING"), at(100)).seen(job(1, "SUCCESS"), at(200))
    store.keep([tracked])

    assert [each.after for each in store.changes()] == ["SUCCESS", "WORKING", "SUCCESS"]


def test_job_that_vanishes_is_gone(path):
    tracked = seen(1, "WORKING")
    for second in range(1, 9):
        tracked = tracked.apply_reading(Missing(JobNotFound("no job 1", http_status=404).record, at(second)))

    store = kept(path, seen(1, "WORKING"), tracked)

    assert store.jobs()[0].status == "GONE"
    assert store.changes()[-1].after == "GONE"


def test_job_without_a_response_is_not_kept(path):
    assert kept(path, TrackedJob(1)).jobs() == ()


@pytest.mark.parametrize("keeps_messages", [False, True])
def test_messages_are_kept_only_if_the_user_wants_them(path, keeps_messages):
    kept(path, FAILED, keeps_messages=keeps_messages).close()

    with sqlite3.connect(path) as database:
        ((messages,),) = database.execute("SELECT messages FROM jobs")
    assert (messages is not None and "UPC 17" in messages) is keeps_messages


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, [3, 2, 1]),
        ({"job_ids": [1, 3, 9]}, [3, 1]),
        ({"file": "b.csv"}, [3, 2]),
        ({"location": "W1"}, [1]),
        ({"since": at(10)}, [3]),
        ({"since": at(11)}, []),
        ({"limit": 1}, [3]),
    ],
)
def test_jobs_are_found_by_what_is_known(path, options, found):
    jobs = [
        seen(1, "SUCCESS", first_s=0, originalFilename="a.csv", locationCode="W1"),
        seen(2, "SUCCESS", first_s=5, originalFilename="b.csv", locationCode="W2"),
        seen(3, "SUCCESS", first_s=10, originalFilename="b.csv", locationCode="W3"),
    ]

    assert [each.job_id for each in kept(path, *jobs).jobs(**options)] == found


def test_newest_changes_win_if_there_are_too_many(path):
    store = kept(path, *(seen(number, "PENDING", first_s=number) for number in range(1, 6)))

    assert [each.job_id for each in store.changes(limit=2)] == [4, 5]
    assert [each.job_id for each in store.changes(since=at(4))] == [4, 5]


def test_files_are_private(path):
    kept(path, FAILED)

    assert {each.stat().st_mode & 0o777 for each in path.parent.iterdir()} == {0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_apis_have_files_of_their_own(tmp_path):
    assert store_path(tmp_path, API) != store_path(tmp_path, "https://t2.sandbox.mozu.com/api")
    assert store_path(tmp_path, API).name.startswith("t1.sandbox.mozu.com_api-")


def test_old_jobs_are_forgotten_with_all_that_is_known(path):
    store = HistoryStore(path)
    store.keep([FAILED, seen(2, "SUCCESS", first_s=86_400)])

    assert store.forget_old(NOON + timedelta(days=90, seconds=2), keep_days=90) == 0
    assert store.forget_old(NOON + timedelta(days=90, seconds=3), keep_days=90) == 1
    assert [each.job_id for each in store.jobs()] == [2]
    assert {each.job_id for each in store.changes()} == {2}


def test_oldest_jobs_are_forgotten_if_the_file_is_too_large(path):
    store = HistoryStore(path)
    store.keep([seen(number, "SUCCESS", first_s=number) for number in range(1, 3001)])

    assert store.forget_old(NOON, keep_days=90, most_bytes=1000) == 2000
    assert min(each.job_id for each in store.jobs(limit=3000)) == 2001


def test_forgotten_job_that_is_seen_again_is_kept_again(path):
    store = HistoryStore(path)
    store.keep([FAILED])
    store.forget_old(NOON + timedelta(days=91), keep_days=90)
    store.keep([FAILED])

    assert len(store.jobs()) == 1


@pytest.mark.parametrize(
    "content", [b"no database at all, but a text of some length\n" * 50, b"SQLite format 3\0" + b"x" * 4096]
)
def test_damaged_file_is_set_aside(path, content):
    path.parent.mkdir()
    path.write_bytes(content)

    store = HistoryStore(path)
    store.keep([FAILED])

    assert "damaged" in store.note
    assert len(store.jobs()) == 1
    (aside,) = path.parent.glob("*.damaged-*")
    assert aside.read_bytes() == content


def test_file_of_a_newer_version_is_left_alone(path):
    kept(path, FAILED).close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    before = path.read_bytes()

    with pytest.raises(StoreError, match="a newer jobdeck has written it"):
        HistoryStore(path)

    assert path.read_bytes() == before


def test_reader_does_not_create_a_file(path):
    with pytest.raises(StoreError):
        HistoryStore(path, is_read_only=True)

    assert not path.exists()


def test_folder_that_is_a_file_is_an_error(tmp_path):
    (tmp_path / "history").write_text("", encoding="utf-8")

    with pytest.raises(StoreError, match=r"File exists|Not a directory"):
        HistoryStore(store_path(tmp_path, API))


def test_full_disk_loses_nothing_that_was_written_and_the_next_write_works(path):
    store = HistoryStore(path)
    store.keep([FAILED])
    (pages,) = store._db.execute("PRAGMA page_count").fetchone()
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    many = [seen(number, "SUCCESS", originalFilename="x" * 150) for number in range(10, 2000)]

    with pytest.raises(StoreError, match="full"):
        store.keep(many)
    found = [each.job_id for each in store.jobs()]
    store._db.execute("PRAGMA max_page_count = 1000000")
    store.keep(many)

    assert found == [1]
    assert len(store.jobs(limit=5000)) == 1991


def test_program_that_writes_for_long_makes_others_wait_and_not_fail_at_once(path):
    store, other = HistoryStore(path), HistoryStore(path)
    store._db.execute("BEGIN IMMEDIATE")

    assert other.jobs() == ()
    store._db.execute("COMMIT")
    other.keep([FAILED])


KILLED = """
import sys
from pathlib import Path
from tests.history.test_store import seen
from tui.history.store import HistoryStore
store = HistoryStore(Path(sys.argv[1]))
for number in range(10**9):
    store.keep([seen(number % 5000 + 1, "PENDING", "WORKING", first_s=number)])
    if number == 3:
        print("writing", flush=True)
"""


@pytest.mark.long
def test_program_that_is_killed_leaves_a_whole_store(path):
    times = 200 if os.environ.get("JOBDECK_FULL") else 8
    for number in range(times):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout.readline() == "writing\n"
            process.send_signal(signal.SIGKILL)
        store = HistoryStore(path)
        assert store._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert store.note is None
        assert len(store.jobs(limit=10)) >= min(4, number + 1)
        store.close()


def test_read_only_folder_is_an_error(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    tmp_path.chmod(0o500)

    with pytest.raises(StoreError, match="Permission denied"):
        HistoryStore(store_path(tmp_path, API))


def test_late_write_of_an_older_state_does_not_undo_a_newer_one(path):
    store, other = HistoryStore(path), HistoryStore(path)
    store.keep([seen(1, "PENDING", "WORKING", "SUCCESS")])
    other.keep([replace(seen(1, "PENDING"), answered_at=at(-5))])

    assert store.jobs()[0].status == "SUCCESS"
