import threading

import pytest

from tests.history.test_store import FAILED, seen
from tests.support.factories import at
from tui.domain.snapshot import Update
from tui.domain.tracked_job import TrackedJob
from tui.history.recorder import HistoryRecorder
from tui.history.store import HistoryStore


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history" / "api.sqlite3"


def recorder(path, *, keep_days=90):
    return HistoryRecorder(lambda: path, lambda: at(10), keep_days=keep_days)


def test_what_the_monitor_reports_is_in_the_file_after_the_end(path):
    recording = recorder(path)
    recording.take(Update(changed=(FAILED, TrackedJob(9))))
    recording.take(Update(changed=(seen(2, "PENDING"),)))
    recording.take(Update())
    recording.close()

    assert {job.job_id: job.status for job in HistoryStore(path).jobs()} == {1: "FAILED", 2: "PENDING"}
    assert recording.notice() is None


def test_session_without_a_response_makes_no_file(path):
    recording = recorder(path)
    recording.take(Update(changed=(TrackedJob(9),)))
    recording.close()

    assert not path.exists()


def test_nothing_is_recorded_without_a_file():
    recording = HistoryRecorder(None, lambda: at(0), keep_days=90)
    recording.take(Update(changed=(FAILED,)))
    recording.close()

    assert recording.notice() is None


def test_place_that_cannot_be_written_gives_one_note(tmp_path):
    (tmp_path / "history").write_text("", encoding="utf-8")
    recording = recorder(tmp_path / "history" / "api.sqlite3")
    recording.take(Update(changed=(FAILED,)))
    recording.close()

    assert recording.notice().startswith("the history of this session is not kept: ")
    assert recording.notice() is None


def test_damaged_file_gives_a_note_and_a_new_one(path):
    path.parent.mkdir()
    path.write_bytes(b"no database" * 1000)
    recording = recorder(path)
    recording.take(Update(changed=(FAILED,)))
    recording.close()

    assert "the history was damaged" in recording.notice()
    assert len(HistoryStore(path).jobs()) == 1


def test_old_jobs_are_forgotten_at_the_start(path):
    HistoryStore(path).keep([seen(5, "SUCCESS", first_s=-2 * 86_400)])
    recording = recorder(path, keep_days=1)
    recording.take(Update(changed=(FAILED,)))
    recording.close()

    assert [job.job_id for job in HistoryStore(path).jobs()] == [1]


def test_taking_never_waits_for_a_file_that_another_program_locks(path):
    store = HistoryStore(path)
    store._db.execute("BEGIN IMMEDIATE")
    recording = recorder(path)
    taken = threading.Event()

    def take():
        for number in range(1, 100):
            recording.take(Update(changed=(seen(number, "PENDING"),)))
        taken.set()

    threading.Thread(target=take, daemon=True).start()

    assert taken.wait(1.0)
    store._db.execute("COMMIT")
    recording.close()
