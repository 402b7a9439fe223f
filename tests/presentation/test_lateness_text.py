from datetime import timedelta

import pytest

from tests.support.factories import at, job
from tests.support.view_states import after
from tui.analysis.late import Late, Lateness
from tui.domain.errors import Unreachable
from tui.presentation.lateness_text import late_jobs, lateness_text


@pytest.mark.parametrize(
    ("why", "text"),
    [
        (Late.TO_START, "waits 22× the usual"),
        (Late.QUEUE_STANDS_STILL, "the queue stands still: nothing has started for 11:00"),
        (Late.TO_END, "runs 22× the usual"),
        (Late.STUCK, "stuck? runs 22× the usual"),
    ],
)
def test_each_reason_has_its_words(why, text):
    assert lateness_text(Lateness(why, 660, 30)) == text


def test_words_are_ascii_where_they_must():
    assert lateness_text(Lateness(Late.TO_START, 660, 30), "x") == "waits 22x the usual"


def started(job_id, added_s):
    """Return a job that waited for half a minute."""
    added = at() + timedelta(seconds=added_s)
    times = {"added": added.isoformat(), "started": (added + timedelta(seconds=30)).isoformat()}
    return after(job(job_id, "SUCCESS", type="REFRESH", **times), job_id=job_id)


def waiting(*outcomes):
    return after(job(7, "PENDING", type="REFRESH", added=at().isoformat()), *outcomes, job_id=7)


OTHERS = [started(job_id, 10 * job_id) for job_id in range(1, 6)]


def test_overtaken_job_is_late():
    late = late_jobs([*OTHERS, waiting()], at() + timedelta(minutes=11))

    assert {job_id: lateness_text(each) for job_id, each in late.items()} == {7: "waits 22× the usual"}


def test_job_whose_reading_failed_is_not_called_late():
    assert late_jobs([*OTHERS, waiting(Unreachable("connection refused"))], at() + timedelta(minutes=11)) == {}
