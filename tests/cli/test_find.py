import csv
import io
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tui.simulator.queue import SimJob


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], "4\n1\n2\n3\n"),
        (["--file", "inv.csv"], "1\n"),
        (["--type", "adjust"], "4\n"),
        (["--type", "ADJUST", "--type", "REFRESH", "--status", "failed", "--status", "PENDING"], "2\n3\n"),
        (["--since", "60"], "1\n2\n"),
        (["--since", "2000-01-01", "--status", "WORKING"], "4\n"),
        (["--location", "nowhere"], ""),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_find_names_the_jobs_that_match_and_exits_with_0(jobdeck, arguments, found):
    result = jobdeck("find", *arguments, "-o", "id")

    assert (result.returncode, result.stderr) == (0, "")
    assert sorted(result.stdout.split()) == sorted(found.split())


@pytest.mark.parametrize(
    ("arguments", "note"),
    [
        (["--status", "FAILEDX"], "no status 'FAILEDX' is known; did you mean FAILED?"),
        (["--status", "x\x1b"], "no status 'X\\x1b' is known; known are PENDING, WORKING, SUCCESS, FAILED"),
        (["--type", "refrsh"], "no type 'REFRSH' is known; did you mean REFRESH?"),
        (["--type", "BOGUS"], "no type 'BOGUS' is known; known are "),
    ],
    ids=str,
)
def test_a_value_that_nobody_announced_is_looked_for_and_told(jobdeck, arguments, note):
    result = jobdeck("find", *arguments, "-o", "id")

    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr.startswith(f"jobdeck: note: {note}")


def test_a_new_value_that_jobs_have_is_not_told(jobdeck, queue):
    queue.add(SimJob(job_id=9, added_s=-30, start_s=-20, end_s=-10, status="PAUSED", type="NEW_TYPE"))

    result = jobdeck("find", "--status", "PAUSED", "--type", "NEW_TYPE", "-o", "id")

    assert (result.stdout, result.stderr) == ("9\n", "")


def test_since_takes_a_moment(jobdeck, queue):
    queue.add(SimJob(job_id=9, added_s=queue.now_s))
    moment = datetime.now(UTC) - timedelta(seconds=15)

    assert jobdeck("find", "--since", moment.isoformat(), "-o", "id").stdout == "9\n"


@pytest.mark.parametrize("output", ["json", "jsonl", "csv", "markdown", "table"])
def test_every_form_holds_the_same_jobs(jobdeck, output):
    text = jobdeck("find", "--status", "FAILED", "--status", "SUCCESS", "-o", output).stdout

    read = {
        "json": lambda: [job["jobID"] for job in json.loads(text)],
        "jsonl": lambda: [json.loads(line)["jobID"] for line in text.splitlines()],
        "csv": lambda: [int(row["jobID"]) for row in csv.DictReader(io.StringIO(text, newline=""))],
        "markdown": lambda: [int(line.split("|")[1]) for line in text.splitlines()[2:]],
        "table": lambda: [int(line.split()[0]) for line in text.splitlines()[1:]],
    }
    assert sorted(read[output]()) == [1, 2]


def test_no_match_is_an_empty_array(jobdeck):
    assert jobdeck("find", "--location", "nowhere", "-o", "json").stdout == "[]\n"


def test_a_list_as_long_as_its_limit_is_told(jobdeck):
    result = jobdeck("find", "--limit", "2", "-o", "id")

    assert (result.returncode, len(result.stdout.split())) == (0, 2)
    assert result.stderr == "jobdeck: the list is as long as its limit, so there may be more jobs; raise --limit\n"


@pytest.mark.parametrize(("location", "code"), [("nowhere", 0), (None, 1)], ids=str)
def test_exit_status_says_whether_a_job_was_found(jobdeck, location, code):
    result = jobdeck("find", "--exit-status", "-o", "id", *([] if location is None else ["--location", location]))

    assert (result.returncode, bool(result.stdout), result.stderr) == (code, bool(code), "")


@pytest.mark.parametrize("status", [500, 401], ids=str)
def test_exit_status_of_a_list_that_cannot_be_had_is_that_of_its_error(jobdeck, faults, status):
    faults.answer_always(status)

    assert jobdeck("find", "--exit-status").returncode == {500: 3, 401: 4}[status]


@pytest.mark.parametrize(("status", "code"), [(500, 3), (401, 4)], ids=str)
def test_a_list_that_cannot_be_had_has_the_code_of_its_error(jobdeck, faults, status, code):
    faults.answer_always(status)

    result = jobdeck("find", "-o", "json")

    assert (result.returncode, result.stdout) == (code, "")
    assert f"HTTP {status}" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (
            ["--since", "yesterday"],
            "jobdeck: --since 'yesterday' is not a time; give a duration such as 2h, or 2026-11-23T09:30:00Z\n",
        ),
        (["--limit", "0"], "jobdeck: --limit '0' is not a valid number; give one from 1 to 100000\n"),
        (["--limit", "1.5"], "jobdeck: --limit '1.5' is not a valid number"),
        (["-o", "jsno"], "jobdeck: --output 'jsno' is unknown; did you mean json?\n"),
        (
            ["-o", "\x1b[2J"],
            "jobdeck: --output '\\x1b[2J' is unknown; give one of table, json, jsonl, csv, markdown, text, id\n",
        ),
        (["--file", ""], "jobdeck: --file is empty; give a value or leave it out\n"),
        (["--location", "A", "--location", "B"], "jobdeck: --location is given 2 times, as 'A' and 'B'; give one\n"),
        (["--file", "a", "--file", "a", "--file", "a"], "jobdeck: --file is given 3 times, as 'a' and 'a'; give one\n"),
        (["--location", " "], "jobdeck: --location is empty; "),
        (["--status", "FAILED", "--status", ""], "jobdeck: --status is empty; "),
        (["1"], "1"),
    ],
    ids=" ".join,
)
def test_a_wrong_word_exits_with_2(jobdeck, arguments, named):
    result = jobdeck("find", *arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert named in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["find", "--file", "inv.csv"],
        ["get", "1", "3"],
        ["wait", "--file", "inv.csv", "--settle", "0"],
        ["wait", "--file", "inv*", "--newest", "--settle", "0"],
    ],
    ids=" ".join,
)
def test_commands_keep_to_the_rate_that_they_are_given(jobdeck, faults, arguments):
    """At 20 a minute there is no burst: each request but the first waits for 3 s, less what the one before took to be sent."""
    result = jobdeck(*arguments, "--max-rate", "20/min")

    times = [request.at_s for request in faults.log]
    assert result.returncode == 0
    assert len(times) > 1
    assert all(later - earlier > 1 for earlier, later in pairwise(times))


def test_a_watch_keeps_to_the_interval_that_it_is_given(jobdeck, faults):
    """The schedule itself would request a pending job again after 2 s, and after 3 s more."""
    jobdeck("watch", "3", "--interval", "4", "--timeout", "6s")

    times = [request.at_s for request in faults.log]
    assert len(times) > 1
    assert all(later - earlier > 3 for earlier, later in pairwise(times))


def test_the_search_for_uploads_keeps_to_the_rate_that_it_is_given(jobdeck, faults):
    jobdeck("wait", "--file", "none*", "--newest", "--max-rate", "20/min", "--timeout", "4s")

    times = [request.at_s for request in faults.log]
    assert len(times) > 1
    assert times[1] - times[0] > 1


@pytest.mark.parametrize("arguments", [["--status", "FAILED", "--exit-status"], []], ids=["exit-status", "plain"])
def test_jobs_of_another_tenant_are_no_empty_result(jobdeck, arguments):
    result = jobdeck("find", "--tenant", "999", "-o", "id", *arguments)

    assert (result.returncode, result.stdout) == (3, "")
    assert "of another tenant left out; check --tenant, --site and --api-host" in result.stderr


def test_elements_that_are_no_jobs_make_an_empty_result_doubtful(jobdeck, faults):
    faults.answer_always(200, body=b'[{"jobID": 1, "status": "WORKING"}, {"error": "shard down"}]')

    result = jobdeck("find", "--status", "FAILED", "--exit-status")

    assert result.returncode == 3
    assert "1 element that describe" in result.stderr


def test_list_of_a_usual_length_below_its_limit_makes_an_empty_result_doubtful(jobdeck, queue):
    queue.add(*(SimJob(job_id=job_id, added_s=-5, location="W77") for job_id in range(1001, 1101)))

    result = jobdeck("find", "--location", "W77", "--status", "FAILED", "--exit-status", "--limit", "1000")

    assert result.returncode == 3
    assert "the server may have cut its list at 100 jobs" in result.stderr
