import json

import pytest

from tests.cli.test_schema import check_any, checked

check_past_job = checked("pastJob")


@pytest.fixture
def watched(jobdeck):
    """Watch jobs 1 and 2 until they have ended."""
    assert jobdeck("wait", "1,2").returncode == 1


@pytest.mark.usefixtures("watched")
def test_history_tells_what_a_wait_saw_without_a_request(jobdeck, faults):
    requests = len(faults.log)

    result = jobdeck("history")

    lines = result.stdout.splitlines()
    assert (result.returncode, result.stderr) == (0, "")
    assert len(faults.log) == requests
    assert any(line.startswith("1  SUCCESS  REFRESH") and "inv.csv" in line for line in lines)
    assert any(line.startswith("2  FAILED") for line in lines)
    assert lines[-1] == "2 jobs: 1 SUCCESS, 1 FAILED" or lines[-1] == "2 jobs: 1 FAILED, 1 SUCCESS"


@pytest.mark.usefixtures("watched")
def test_history_of_a_job_tells_each_change(jobdeck):
    lines = jobdeck("history", "1").stdout.splitlines()

    assert lines[0].startswith("1  SUCCESS")
    assert lines[1].endswith("Z  SUCCESS")


@pytest.mark.usefixtures("watched")
def test_job_that_was_never_seen_is_named_and_exits_with_5(jobdeck):
    result = jobdeck("history", "1", "99")

    assert result.returncode == 5
    assert "not in the history: 99; `jobdeck get` asks the server" in result.stderr


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_past_jobs_are_as_published(jobdeck, output):
    text = jobdeck("history", "-o", output).stdout

    jobs = json.loads(text) if output == "json" else [json.loads(line) for line in text.splitlines()]
    assert len(jobs) == 2
    for job in jobs:
        check_past_job(job)
        check_any(job)
    assert {job["jobID"]: len(job["changes"]) for job in jobs} == {1: 1, 2: 1}


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize(
    ("arguments", "ids"),
    [(("--file", "inv.csv"), {1}), (("--since", "1h"), {1, 2}), (("--since", "2999-01-01T00:00:00Z"), set())],
    ids=["file", "since", "later"],
)
def test_history_is_filtered(jobdeck, arguments, ids):
    result = jobdeck("history", *arguments, "-o", "jsonl")

    assert {json.loads(line)["jobID"] for line in result.stdout.splitlines()} == ids


def test_without_anything_recorded_it_says_what_records(jobdeck):
    result = jobdeck("history")

    assert (result.returncode, result.stdout) == (0, "0 jobs known\n")
    assert "nothing is recorded yet" in result.stderr


def test_user_who_wants_no_history_has_none(jobdeck, environ, tmp_path):
    jobdeck("wait", "1", env={**environ, "JOBDECK_HISTORY_DAYS": "0"})

    assert not list(tmp_path.rglob("*.sqlite3"))


@pytest.mark.usefixtures("watched")
def test_history_holds_no_token_and_no_message(tmp_path):
    (file,) = tmp_path.rglob("*.sqlite3")

    assert file.stat().st_mode & 0o777 == 0o600
    assert b"canary-5f1d2c" not in file.read_bytes()


@pytest.mark.usefixtures("watched")
def test_history_of_a_newer_jobdeck_is_an_error_that_names_the_file(jobdeck, tmp_path):
    import sqlite3

    (file,) = tmp_path.rglob("*.sqlite3")
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA user_version = 99")

    result = jobdeck("history")

    assert result.returncode == 2
    assert "a newer jobdeck has written it" in result.stderr
