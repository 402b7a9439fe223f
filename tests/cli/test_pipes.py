"""Answers and texts that are piped into a command, and the verdict, against a real socket. What a text means is in `test_jobs`."""

import json

import pytest

from tui.simulator.queue import SimJob

ANSWERS = {
    "refresh": '{"jobID": 1}',
    "pretty": '{\n  "method": "async",\n  "tenantID": 30294,\n  "jobID": "1"\n}\n',
    "array": '[{"jobID": 1}]',
    "curl -i": 'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nx-vol-correlation: 7f3a\r\n\r\n{"jobID": 1}',
    "log": "2026-11-29 09:30:03 INFO [4711] refresh accepted, jobID=1, tenantID=30294\n",
    "csv": "tenantID,jobID,itemCount\n30294,1,3000\n",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_job_of_an_answer_is_followed_and_said_on_standard_error(jobdeck, name):
    result = jobdeck("wait", "-", "-o", "id", stdin=ANSWERS[name])

    assert (result.returncode, result.stdout) == (0, "1\n")
    assert result.stderr.startswith("jobdeck: 1 job from standard input: 1")
    assert result.stderr.count("\n") == 1


def test_what_was_skipped_is_named(jobdeck):
    result = jobdeck(
        "wait", "-", "-o", "id", stdin='{"jobIDs": [1, 3], "tenantID": 30294, "itemCount": 500}'.replace("3]", "1]")
    )

    assert result.stderr == "jobdeck: 1 job from standard input: 1 (skipped: tenantID, itemCount)\n"


def test_a_failed_job_of_an_answer_is_a_1(jobdeck):
    assert jobdeck("wait", "-", stdin='{"jobIDs": [1, 2]}').returncode == 1


@pytest.mark.parametrize(
    ("command", "output"),
    [("wait", "table"), ("wait", "json"), ("wait", "jsonl"), ("watch", "table"), ("watch", "jsonl"), ("get", "json")],
)
def test_work_that_was_done_at_once_is_a_success_with_a_note(jobdeck, faults, command, output):
    result = jobdeck(command, "-", "-o", output, stdin='{"method":"sync","jobID":null}')

    assert (result.returncode, faults.requests) == (0, 0)
    assert result.stderr == "jobdeck: standard input: the work was done at once, no job\n"
    lines = [json.loads(line) for line in result.stdout.splitlines()] if output != "table" else []
    assert lines in ([], [[]]) or (lines[-1]["event"], lines[-1]["counts"]) == ("done", {})


def test_jobs_beside_a_failed_upload_are_waited_for_and_the_exit_code_is_its(jobdeck):
    result = jobdeck("wait", "-", "-o", "id", stdin='{"jobID": 1}\n{"message":"Tenant suspended"}\n')

    assert (result.returncode, result.stdout) == (3, "1\n")
    assert "standard input: an upload failed: Tenant suspended" in result.stderr


def test_jobs_beside_work_that_was_done_at_once_are_waited_for(jobdeck):
    result = jobdeck("wait", "-", "-o", "id", stdin='{"method":"sync","jobID":null}\n{"method":"async","jobID":"1"}\n')

    assert (result.returncode, result.stdout) == (0, "1\n")
    assert "done at once" in result.stderr


@pytest.mark.parametrize("output", ["json", "csv", "markdown", "table", "text"])
def test_what_jobdeck_prints_can_be_brought_back(jobdeck, queue, output):
    queue.add(
        SimJob(
            job_id=884213,
            tenant=30294,
            items=300_000,
            messages=("UPC 4006381333931, job 17 neither",),
            status="FAILED",
            end_s=-1.0,
        )
    )
    printed = jobdeck("get", "1", "2", "884213", "-o", output).stdout

    assert jobdeck("get", "-", "-o", "id", stdin=printed).stdout == "1\n2\n884213\n"


@pytest.mark.parametrize(
    "command", [["watch", "1", "2"], ["watch", "1", "2", "-o", "jsonl"], ["wait", "1", "2"]], ids=" ".join
)
def test_what_a_watch_prints_can_be_brought_back(jobdeck, command):
    printed = jobdeck(*command).stdout

    brought_back = jobdeck("get", "-", "-o", "id", stdin=printed).stdout
    assert sorted(brought_back.split()) == ["1", "2"], "a watch prints them as they are read"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (
            '{"message":"Tenant suspended","errorCode":"X","correlationId":"7f3a"}',
            3,
            "Tenant suspended; the upload made no job",
        ),
        ('{"errorCode":"UNAUTHORIZED","message":"Invalid tenant"}', 4, "Invalid tenant; renew the token"),
        ('{"jobIDs": []}', 2, "standard input: no job in this response; if it was a dry run,"),
        ('{"tenantID": 30294}', 2, "standard input: there is no jobID in this answer"),
    ],
)
def test_an_answer_that_names_no_job_is_no_success(jobdeck, faults, text, code, words):
    result = jobdeck("wait", "-", stdin=text)

    assert (result.returncode, result.stdout, faults.requests) == (code, "", 0)
    assert result.stderr.startswith(f"jobdeck: {words}")
    assert result.stderr.count("\n") == 1
