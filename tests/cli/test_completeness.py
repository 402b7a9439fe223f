"""Files in lists that the server cuts, and uploads named by a pattern: the real command against a real socket."""

import json

import pytest

from tests.cli.conftest import until
from tui.core.clock import SystemClock
from tui.simulator.queue import JobQueue, SimJob


def ended(job_id, status="SUCCESS", *, file="big.csv", added_s=-100.0, location=None):
    location = location or f"W{job_id:03}"
    return SimJob(
        job_id=job_id,
        added_s=added_s,
        start_s=added_s + 1,
        end_s=added_s + 2,
        status=status,
        original_filename=file,
        location=location,
    )


@pytest.fixture
def queue():
    return JobQueue((), SystemClock())


def test_success_is_not_reported_for_a_list_that_was_cut(jobdeck, queue):
    queue.longest_list = 100
    queue.add(ended(1, "FAILED", added_s=-300), *(ended(number) for number in range(2, 251)))

    result = jobdeck("wait", "--file", "big.csv", "--settle", "1", "-o", "jsonl")

    assert result.returncode == 3
    assert json.loads(result.stdout.splitlines()[-1])["complete"] is False
    assert "not all jobs of 'big.csv' may be known: the server cut its list at 100 jobs" in result.stderr


def test_failed_job_beyond_the_cut_is_found_by_its_location(jobdeck, queue):
    queue.longest_list = 100
    queue.add(
        ended(1, "FAILED", added_s=-300, location="W3"),
        *(ended(number, location=f"W{number % 5}") for number in range(2, 251)),
    )

    assert jobdeck("wait", "--file", "big.csv", "--settle", "1", "--fail-fast", "-o", "id").returncode == 1


@pytest.mark.parametrize("others", [0, 30])
def test_file_whose_list_is_proven_whole_succeeds(jobdeck, queue, others):
    queue.add(*(ended(number, file="other.csv") for number in range(500, 500 + others)))
    queue.add(*(ended(number) for number in range(1, 21)))

    result = jobdeck("wait", "--file", "big.csv", "--settle", "1", "-o", "jsonl")

    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout.splitlines()[-1])["complete"] is True


def test_find_says_that_a_file_may_have_more_jobs(jobdeck, queue):
    queue.longest_list = 100
    queue.add(*(ended(number) for number in range(1, 251)))

    result = jobdeck("find", "--file", "big.csv", "-o", "id")

    assert (result.returncode, len(result.stdout.split())) == (3, 100)
    assert "not all jobs of 'big.csv' may be known" in result.stderr


def test_success_is_not_reported_for_a_list_that_names_a_next_page(jobdeck, queue, faults):
    job = b'[{"jobID": 7, "status": "SUCCESS", "originalFilename": "big.csv", "type": "REFRESH"}]'
    faults.answer_always(200, headers={"link": '</queue?page=2>; rel="next"'}, body=job)

    result = jobdeck("wait", "--file", "big.csv", "--settle", "1", "-o", "jsonl")
    found = jobdeck("find")

    assert (result.returncode, json.loads(result.stdout.splitlines()[-1])["complete"]) == (3, False)
    assert "not all jobs of 'big.csv' may be known: the server cut its list at 1 job" in result.stderr
    assert "there may be more jobs" in found.stderr


@pytest.fixture
def nights(queue):
    """Two uploads of a nightly file: yesterday's failed, and another file is newer than both."""
    queue.add(*(ended(number, "FAILED", file="KIBO_REFRESH_261128.zip", added_s=-90_000 - number) for number in (1, 2)))
    queue.add(*(ended(number, file="KIBO_REFRESH_261129.zip", added_s=-600 - number) for number in (11, 12)))
    queue.add(ended(21, file="KIBO_UPDATE_261129.zip", added_s=-10))
    return queue


@pytest.mark.usefixtures("nights")
@pytest.mark.parametrize("which", [("--newest",), ("--since", "2h"), ("--newest", "--since", "1d")], ids=" ".join)
def test_newest_upload_of_a_pattern_is_watched(jobdeck, which):
    result = jobdeck("wait", "--file", "KIBO_REFRESH_*", *which, "--settle", "1", "-o", "id")

    assert (result.returncode, sorted(result.stdout.split())) == (0, ["11", "12"])
    assert "watching KIBO_REFRESH_261129.zip, added 10 min ago, 2 jobs so far" in result.stderr


@pytest.mark.usefixtures("nights")
def test_upload_that_does_not_come_is_no_such_job(jobdeck):
    result = jobdeck("wait", "--file", "KIBO_REFRESH_*", "--since", "5m", "--wait-for-start", "1s")

    assert result.returncode == 5
    assert "no upload of 'KIBO_REFRESH_*' since" in result.stderr


@pytest.mark.long
def test_upload_that_comes_later_is_waited_for(jobdeck, queue):
    queue.add(
        ended(11, file="KIBO_REFRESH_261129.zip", added_s=3.0),
        ended(1, file="a.csv", added_s=-50),
        ended(2, file="b.csv"),
    )

    assert jobdeck("wait", "--file", "KIBO_*", "--newest", "--settle", "1").returncode == 0


@pytest.mark.parametrize(
    ("which", "code", "job_ids"),
    [(("--since", "2h"), 1, ["11", "12", "31"]), (("--newest",), 0, ["11", "12"])],
    ids=["all", "newest"],
)
def test_upload_that_appears_during_the_wait_counts_unless_one_was_chosen(
    started, nights, faults, which, code, job_ids
):
    process = started("wait", "--file", "KIBO_REFRESH_*", *which, "--settle", "3", "-o", "id")
    until(lambda: faults.requests >= 2)
    nights.add(ended(31, "FAILED", file="KIBO_REFRESH_261130.zip", added_s=-5))

    output, notes = process.communicate(timeout=60)

    assert (process.returncode, sorted(output.split())) == (code, job_ids)
    assert ("watching KIBO_REFRESH_261130.zip" in notes) is (code == 1)


@pytest.mark.parametrize(
    "arguments", [("--file", "KIBO_*"), ("--newest", "884213"), ("--since", "2h", "884213")], ids=" ".join
)
def test_pattern_and_its_options_need_each_other(jobdeck, arguments):
    assert jobdeck("wait", *arguments).returncode == 2


@pytest.mark.usefixtures("nights")
def test_find_takes_a_pattern(jobdeck):
    everything = jobdeck("find", "--file", "KIBO_*", "-o", "id")
    newest = jobdeck("find", "--file", "KIBO_REFRESH_*", "--newest", "-o", "id")

    assert sorted(everything.stdout.split()) == ["1", "11", "12", "2", "21"]
    assert sorted(newest.stdout.split()) == ["11", "12"]


def test_options_of_the_app_are_no_options_of_a_command_after_them(jobdeck):
    result = jobdeck("--file", "inv.csv", "wait")

    assert result.returncode == 2
    assert "give them after it" in result.stderr
