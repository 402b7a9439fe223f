"""What the built command makes of answers that are not documented, on a real socket: outages, refusals, and answers without a job."""

import json
import re

import pytest

from tests.cli.conftest import until
from tui.core.clock import SystemClock
from tui.simulator.queue import JobQueue, SimJob
from tui.simulator.routes import TOKEN_PATH

QUEUE = "/api/commerce/inventory/v1/queue"
NOT_THERE = b'{"error": "Job Not Found", "message": "none"}'
GATEWAY = b"default backend - 404"


@pytest.fixture
def queue():
    """Jobs that wait until a test ends them."""
    return JobQueue([SimJob(job_id=n, added_s=-30, original_filename=f"{n}.csv") for n in (11, 21, 22)], SystemClock())


def end(queue, *job_ids):
    """Have the jobs end now."""
    for job_id in job_ids:
        queue.add(SimJob(job_id=job_id, added_s=-30, start_s=-20, end_s=-10, original_filename=f"{job_id}.csv"))


# Only the API's own 404 means "no such job"


@pytest.mark.parametrize(
    ("body", "code", "kind"),
    [
        (NOT_THERE, 5, "not_found"),
        (GATEWAY, 3, "server"),
        (b"404 page not found\n", 3, "server"),
        (b"", 3, "server"),
        (b"<html><head><title>404 Not Found</title></head></html>", 3, "server"),
        (b'{"timestamp": "x", "status": 404, "error": "Not Found", "path": "/queue/1"}', 3, "server"),
        (b'{"message": "Not found", "errorCode": "ITEM_NOT_FOUND"}', 3, "server"),
        (b'["Job Not Found"]', 3, "server"),
    ],
)
def test_a_404_means_no_such_job_only_in_the_apis_own_words(jobdeck, faults, body, code, kind):
    faults.answer_always(404, body=body)

    result = jobdeck("get", "11", "-o", "json")

    (reading,) = json.loads(result.stdout)
    assert (result.returncode, reading["error"]["kind"], reading["error"]["httpStatus"]) == (code, kind, 404)


def test_find_with_a_wrong_base_path_is_an_error_with_the_address_and_the_remedy(jobdeck, environ, server):
    result = jobdeck("find", "-o", "id", env={**environ, "KIBO_API_HOST": f"{server.url}/admin"})

    assert (result.returncode, result.stdout) == (3, "")
    assert f"at {server.url}/admin/commerce/inventory/v1/queue" in result.stderr
    assert "check --api-host and the path in it" in result.stderr


def test_find_of_nothing_in_the_apis_own_words_is_empty(jobdeck, faults):
    faults.answer_always(404, body=NOT_THERE)

    result = jobdeck("find", "-o", "id")

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_wait_survives_a_gateway_without_its_backend(started, faults, queue):
    process = started("wait", "21", "22", "--interval", "1", "-o", "json")
    until(lambda: faults.requests >= 2)
    faults.answer_always(404, body=GATEWAY)
    asked = faults.requests
    until(lambda: faults.requests >= asked + 2)
    end(queue, 21, 22)
    faults.clear()

    output, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    assert {reading["status"] for reading in json.loads(output)} == {"SUCCESS"}


def test_wait_does_not_believe_that_all_jobs_vanished_at_once(started, faults, queue):
    process = started("wait", "21", "22", "--interval", "1", "-o", "json")
    until(lambda: faults.requests >= 2)
    faults.answer_always(404, body=NOT_THERE)
    asked = faults.requests
    until(lambda: faults.requests >= asked + 4)
    end(queue, 21, 22)
    faults.clear()

    output, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    assert {reading["status"] for reading in json.loads(output)} == {"SUCCESS"}


@pytest.mark.long
def test_an_outage_that_lasts_ends_with_3_and_the_last_state(started, faults):
    process = started("wait", "21", "22", "--interval", "1", "--timeout", "12s", "-o", "json")
    until(lambda: faults.requests >= 2)
    faults.answer_always(404, body=GATEWAY)

    output, notes = process.communicate(timeout=60)

    assert process.returncode == 3
    assert {reading["status"] for reading in json.loads(output)} == {"PENDING"}
    assert "not the API but something in front of it answers" in notes


# A 200 that is no job


def test_wait_believes_no_job_whose_tenant_changes(started, faults):
    faults.answer_always(200, body=b'{"jobID": 11, "tenantID": 4711, "status": "WORKING"}')
    process = started("wait", "11", "--interval", "1", "--timeout", "5s", "-o", "json")
    until(lambda: faults.requests >= 1)
    faults.answer_always(200, body=b'{"jobID": 11, "tenantID": 9999, "status": "SUCCESS"}')

    output, notes = process.communicate(timeout=60)

    (reading,) = json.loads(output)
    assert (process.returncode, reading["status"]) == (124, "WORKING")
    assert "the response describes tenant 9999, not 4711: withheld" in notes


REFUSALS = {
    "code": b'{"errorCode":"UNAUTHORIZED","message":"Invalid tenant","correlationId":"abc"}',
    "words": b'{"success":false,"messages":["Invalid tenant: unauthorised"],"correlationId":"abc"}',
}
NO_JOBS = {
    "envelope": (b'{"success":false,"messages":["Job Not Found"],"numResults":0}', "Job Not Found"),
    "envelope with an id": (b'{"jobID":11,"success":false,"messages":["Job Not Found"]}', "Job Not Found"),
    "code": (b'{"errorCode":"E1","message":"Come back later","correlationId":"abc"}', "Come back later"),
    "no id": (b'{"status":"SUCCESS","itemCount":3}', "without a jobID: status SUCCESS, itemCount 3"),
    "array": (b'[{"errorMessage":"Tenant suspended"}]', "Tenant suspended"),
}


@pytest.mark.parametrize("body", REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize(
    "arguments", [["get", "11"], ["wait", "11"], ["watch", "11", "-o", "jsonl"], ["find"]], ids=lambda words: words[0]
)
def test_a_200_that_says_unauthorised_is_a_refusal(jobdeck, faults, arguments, body):
    faults.answer_always(200, body=body, headers={"x-vol-correlation": "abc"})

    result = jobdeck(*arguments)

    assert result.returncode == 4
    assert "Invalid tenant" in result.stderr
    assert "correlation abc" in result.stdout + result.stderr


@pytest.mark.parametrize(("body", "words"), NO_JOBS.values(), ids=NO_JOBS)
@pytest.mark.parametrize("command", ["get", "wait"])
def test_a_200_that_is_no_job_gives_no_verdict(jobdeck, faults, command, body, words):
    faults.answer_always(200, body=body, path_part=QUEUE, headers={"x-vol-correlation": "abc"})

    result = jobdeck(command, "11", *(["--timeout", "8s"] if command == "wait" else []), "-o", "json")

    (reading,) = json.loads(result.stdout)
    assert result.returncode == 3
    assert (reading["status"], reading["job"]) == (None, None)
    assert (reading["error"]["kind"], reading["error"]["correlationId"]) == ("bad_answer", "abc")
    assert words in reading["error"]["message"]
    assert words in result.stderr


@pytest.mark.parametrize(
    ("command", "output"), [("wait", []), ("wait", ["-o", "text"]), ("get", ["-o", "text"])], ids=str
)
def test_an_error_is_said_in_full_once(jobdeck, faults, command, output):
    faults.answer_always(404, body=NOT_THERE, headers={"x-vol-correlation": "abc"})

    result = jobdeck(command, "11", *(["--timeout", "0"] if command == "wait" else []), *output)

    assert "job 11 does not exist; check the id and the tenant (HTTP 404, correlation abc)" in result.stdout
    assert result.stderr.splitlines()[0] == "jobdeck: 11: job 11 does not exist"
    assert "correlation" not in result.stderr


@pytest.mark.parametrize("output", ["table", "json"])
def test_an_error_that_no_row_holds_is_said_in_full_on_standard_error(jobdeck, faults, output):
    faults.answer_always(404, body=NOT_THERE, headers={"x-vol-correlation": "abc"})

    result = jobdeck("wait", "11", "--timeout", "0", "-o", output)

    assert "11: job 11 does not exist; check the id and the tenant (HTTP 404, correlation abc)" in result.stderr


def test_status_of_a_job_decides_beside_an_error_code_and_both_are_shown(jobdeck, faults):
    faults.answer_always(200, body=b'{"jobID":11,"status":"SUCCESS","errorCode":"ITEM_SKIPPED"}')

    result = jobdeck("wait", "11", "-o", "text")

    assert result.returncode == 0
    assert "SUCCESS" in result.stdout
    assert "ITEM_SKIPPED" in result.stdout


@pytest.mark.parametrize("named", [b"", b'"jobID":21,'], ids=["no-id", "id"])
def test_the_last_good_state_stays_where_a_200_is_no_job(started, faults, named):
    process = started("wait", "21", "--interval", "1", "--timeout", "8s", "-o", "json")
    until(lambda: faults.requests >= 1)
    faults.answer_always(200, body=b'{%b"success":false,"messages":["Job Not Found"],"numResults":0}' % named)

    output, _ = process.communicate(timeout=60)

    (reading,) = json.loads(output)
    assert process.returncode in {3, 124}
    assert (reading["status"], reading["error"]["kind"]) == ("PENDING", "bad_answer")


@pytest.mark.parametrize("command", ["find", "get"])
def test_a_list_with_elements_that_are_no_jobs_is_used_and_reported(jobdeck, faults, command):
    good = b",".join(b'{"jobID":%d,"status":"WORKING","locationCode":"W01"}' % n for n in range(1, 7))
    faults.answer_always(200, body=b"[%s,null,{}]" % good, path_part=QUEUE)

    result = jobdeck("find", "-o", "id") if command == "find" else jobdeck("get", "1-6", "-o", "id")

    assert (result.returncode, result.stdout.split()) == (0, [str(n) for n in range(1, 7)])
    assert result.stderr.count("the server's list holds 2 elements that describe no job") == 1


# The server's own words first, then the remedy


@pytest.mark.parametrize(
    ("status", "body", "code", "said"),
    [
        (
            403,
            {
                "errorCode": "INVALID_ACCESS_TOKEN",
                "message": "Application does not have the required behavior: Inventory Read",
            },
            4,
            r"\(HTTP 403, correlation \w+\): Application does not have the required behavior: Inventory Read; ask for that permission",
        ),
        (
            401,
            {"message": "Unauthorized: app is not enabled on tenant 4711"},
            4,
            r"\(HTTP 401, correlation \w+\): Unauthorized: app is not enabled on tenant 4711; renew the token or set",
        ),
        (
            400,
            {"errorMessage": "Tenant suspended"},
            3,
            r"the server refused the request: Tenant suspended; ask who manages the tenant at Kibo .*correlation \w+\)",
        ),
        (
            500,
            {"exceptionDetail": {"message": "Object reference not set"}},
            3,
            r"the server failed: Object reference not set; try again later.*correlation \w+\)",
        ),
        (
            422,
            {"items": [{"message": "limit"}], "additionalErrorData": [{"name": "most", "value": 100}]},
            3,
            r"limit: most: 100; check .*correlation \w+\)",
        ),
        (
            409,
            {"error": "conflict", "error_description": "Being rebuilt"},
            3,
            r"Being rebuilt; try again later .*correlation \w+\)",
        ),
    ],
)
def test_errors_quote_the_server_before_the_remedy_and_the_correlation_id(jobdeck, faults, status, body, code, said):
    faults.answer_always(status, body=json.dumps(body).encode())

    result = jobdeck("get", "11")

    assert result.returncode == code
    assert re.search(said, result.stderr)


def test_the_token_calls_own_words_are_quoted_under_a_200(jobdeck, bare, server, faults):
    words = "Invalid application id or shared secret"
    faults.answer_always(
        200,
        body=json.dumps({"items": [{"errorCode": "INVALID_CREDENTIALS", "message": words}]}).encode(),
        path_part=TOKEN_PATH,
    )
    env = {
        **bare,
        "KIBO_API_HOST": server.url,
        "KIBO_AUTH_HOST": server.url,
        "KIBO_CLIENT_ID": "demo",
        "KIBO_SHARED_SECRET": "canary-secret",
    }

    result = jobdeck("get", "11", env=env)

    assert result.returncode == 4
    assert f"client id 'demo' was rejected: {words}; check KIBO_CLIENT_ID and KIBO_SHARED_SECRET" in result.stderr
    assert "canary" not in result.stdout + result.stderr


# 503 is a fault of the server


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("retry_after", [None, "20", "soon"])
def test_a_5xx_is_of_the_server_and_may_be_tried_again_only_when_it_says(jobdeck, faults, status, retry_after):
    faults.answer_always(status, retry_after=retry_after)

    result = jobdeck("get", "11", "-o", "json")

    (reading,) = json.loads(result.stdout)
    assert result.returncode == 3
    assert (reading["error"]["kind"], reading["error"]["retryAt"] is not None) == ("server", retry_after == "20")


# Statuses that nobody announced


@pytest.mark.parametrize("status", ["Success", "CANCELLED", None])
def test_an_end_with_an_unknown_status_is_shown_and_ends_with_1(jobdeck, queue, status):
    queue.add(SimJob(job_id=31, added_s=-30, start_s=-20, end_s=-10, extra={"status": status}))

    result = jobdeck("wait", "31", "-o", "json")

    (reading,) = json.loads(result.stdout)
    assert (result.returncode, reading["status"]) == (1, status)
    assert "1 job ended with" in result.stderr
    assert "not a success" in result.stderr
