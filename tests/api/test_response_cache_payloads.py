import pytest

from tui.api.response_cache import NoJob, job_from, jobs_from
from tui.core.json_decoding import decode


def job_with_id(named):
    return job_from(decode(b'{"jobID": %s}' % named.encode()), job_id=884213)


@pytest.mark.parametrize("named", ["884213", '"884213"', '"0884213"'])
def test_an_answer_about_the_asked_job_is_taken(named):
    assert job_with_id(named).job_id == 884213


@pytest.mark.parametrize("named", ["9", '"9"', "true", '"8842130000000000000000000"', "[]"])
def test_an_answer_about_another_job_is_withheld(named):
    with pytest.raises(ValueError, match=r"^requested job 884213, the response describes job .*: withheld"):
        job_with_id(named)


@pytest.mark.parametrize(
    ("body", "got"),
    [(b"[]", "an array"), (b"null", "null"), (b"3", "a number"), (b'"x"', "a string"), (b"true", "a boolean")],
)
def test_what_is_no_job_is_named(body, got):
    with pytest.raises(ValueError, match=f"expected one job, got {got}"):
        job_from(decode(body), job_id=1)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"status": "SUCCESS"}', "expected job 1, got an object without a jobID: status SUCCESS"),
        (
            b'{"status": "SUCCESS", "itemCount": 3, "jobID": null}',
            "expected job 1, got an object without a jobID: status SUCCESS, itemCount 3",
        ),
        (
            b'{"messages": ["a\\u001b[c"], "started": null}',
            r'expected job 1, got an object without a jobID: messages ["a\\x1b[c"]',
        ),
        (b"{}", "expected job 1, got an object without a jobID"),
    ],
)
def test_an_object_without_an_id_is_no_job_and_shows_what_it_holds(body, text):
    with pytest.raises(NoJob) as caught:
        job_from(decode(body), job_id=1)

    assert str(caught.value) == text


def test_what_is_no_list_is_named():
    with pytest.raises(ValueError, match="expected an array of jobs, got an object"):
        jobs_from(decode(b"{}"))


@pytest.mark.parametrize("body", [b"[null]", b'[{"status": "SUCCESS"}]', b"[3, [], {}]"])
def test_a_list_in_which_nothing_is_a_job_is_no_list_of_jobs(body):
    with pytest.raises(NoJob, match=r"expected an array of jobs, got \d elements? without a jobID"):
        jobs_from(decode(body))


def test_list_elements_without_a_usable_id_are_left_out():
    body = (
        b'[{"jobID": 7}, 3, null, {}, {"jobID": 0}, {"jobID": -1}, {"jobID": "0005"}, {"jobID": 9223372036854775808}]'
    )

    assert [job.job_id for job in jobs_from(decode(body))] == [7, 5]


@pytest.mark.parametrize(
    ("body", "job_ids"),
    [
        (b'[{"jobID": 7, "status": "FAILED"}, {"jobID": 8}, {"jobID": 7, "status": "SUCCESS"}]', [8]),
        (b'[{"jobID": 7, "status": "SUCCESS"}, {"jobID": "7", "status": "SUCCESS"}, {"jobID": 8}]', [8]),
        (b'[{"jobID": 7, "status": "FAILED"}, {"jobID": 7, "status": "SUCCESS"}]', []),
        (b'[{"jobID": 7, "status": "SUCCESS"}, {"jobID": 7, "status": "SUCCESS"}]', [7, 7]),
    ],
    ids=["beside-another", "in-another-form", "alone", "the-same-twice"],
)
def test_a_job_that_a_list_describes_in_two_ways_is_left_out(body, job_ids):
    assert [job.job_id for job in jobs_from(decode(body))] == job_ids


@pytest.mark.parametrize(
    "named", ["9223372036854775808", "99999999999999999999999", "5" * 5_000], ids=["2^63", "23-digits", "5000-digits"]
)
def test_an_id_too_large_is_not_cut_into_another_one(named):
    assert [job.job_id for job in jobs_from(decode(b'[{"jobID": "%s"}, {"jobID": 1}]' % named.encode()))] == [1]


@pytest.mark.parametrize(
    ("filename", "shown"),
    [
        (rb"\ud800.csv", r"\ud800.csv"),
        (rb"\udc00.csv", r"\udc00.csv"),
        (b"Z\xfcrich.csv", "Z�rich.csv"),
        (b"a\x1bb.csv", r"a\x1bb.csv"),
    ],
    ids=["high-surrogate", "low-surrogate", "latin-1", "raw-control"],
)
def test_one_bad_string_hides_no_other_job(filename, shown):
    jobs = jobs_from(decode(b'[{"jobID": 1}, {"jobID": 2, "originalFilename": "%s"}]' % filename))

    assert [(job.job_id, job.original_filename) for job in jobs] == [(1, None), (2, shown)]


@pytest.mark.parametrize(
    "held",
    [
        '"success": false, "messages": ["Job Not Found"]',
        '"success": false, "messages": ["Job Not Found"], "status": null, "itemCount": 0, "type": null, "locationCode": ""',
        '"success": false',
        '"messages": ["Job Not Found"]',
        '"message": "Job Not Found"',
        '"error": "Job Not Found", "message": "none"',
        '"errorCode": "ITEM_NOT_FOUND"',
        '"tenantID": 4711, "errorMessage": "Tenant suspended", "correlationId": "abc"',
    ],
)
def test_an_error_body_that_repeats_the_id_is_no_job(held):
    body = b'{"jobID": 1, %s}' % held.encode()

    with pytest.raises(NoJob, match=r"^expected job 1, got an object without a status: jobID 1, ") as caught:
        job_from(decode(body), job_id=1)

    assert caught.value.is_error
    assert [job.job_id for job in jobs_from(decode(b'[%b, {"jobID": 2, "status": "PENDING"}]' % body))] == [2]


@pytest.mark.parametrize(
    "held",
    [
        '"status": "FAILED", "success": false, "messages": ["Job Not Found"]',
        '"success": false, "messages": ["bad row"], "finished": "2026-11-23T09:30:00Z"',
        '"success": false, "added": "2026-11-23T09:30:00Z"',
        '"success": false, "messages": ["bad row"], "type": "REFRESH"',
        '"status": 3, "messages": ["odd"]',
        '"success": true',
        '"messages": []',
        '"priority": 7',
    ],
)
def test_what_says_anything_of_the_job_is_one(held):
    body = b'{"jobID": 1, %s}' % held.encode()

    assert job_from(decode(body), job_id=1).job_id == 1
    assert [job.job_id for job in jobs_from(decode(b"[%b]" % body))] == [1]
