"""What polling relies on: jobs that did not change are the very same objects. All through the client."""

import httpx
import pytest

from tui.domain.errors import ApiError, BadAnswer
from tui.domain.job_source import JobQuery

ALL = JobQuery()
SLOW = b'{"jobID": 1, "tenantID": 4711, "status": "WORKING", "messages": ["a", "b"]}'
FAST = b'{"jobID": 2, "tenantID": 4711, "status": "PENDING"}'
NONE = b'{"error": "Job Not Found", "message": "none"}'
DONE = b'{"jobID": 2, "tenantID": 4711, "status": "SUCCESS"}'


def listed(*jobs):
    return b"[" + b", ".join(jobs) + b"]"


def playing(client_for, *bodies, **settings):
    """A client whose answers are these bodies, one after the other; a number is an answer with that status."""
    numbers = iter(range(1_000))
    answers = iter(
        [
            body if isinstance(body, tuple) else (200, body) if isinstance(body, bytes) else (body, b"")
            for body in bodies
        ]
    )

    def answer(_):
        status, body = next(answers)
        headers = {"x-vol-correlation": f"c{next(numbers)}", "Date": "Mon, 23 Nov 2026 09:30:00 GMT"}
        return httpx.Response(status, content=body, headers=headers)

    return client_for(transport=httpx.MockTransport(answer), **settings)


async def test_an_equal_body_is_not_parsed_again(client_for):
    client = playing(client_for, SLOW, SLOW, listed(SLOW, FAST), listed(SLOW, FAST))

    first, second = await client.job(1), await client.job(1)
    earlier, later = await client.jobs(ALL), await client.jobs(ALL)

    assert second.value is first.value
    assert later.value is earlier.value  # reading makes another tuple, be it of the same jobs


@pytest.mark.parametrize("status", [202, 204, 206])
@pytest.mark.parametrize("ask", [lambda client: client.job(1), lambda client: client.jobs(ALL)], ids=["job", "list"])
async def test_a_success_without_content_is_no_answer(client_for, status, ask):
    client = playing(client_for, status)

    with pytest.raises(BadAnswer, match=f"answered without content; check --api-host.* .HTTP {status}"):
        await ask(client)


async def test_an_equal_body_has_its_own_correlation_and_time(client_for):
    client = playing(client_for, SLOW, SLOW)

    answers = [await client.job(1), await client.job(1)]

    assert [answer.correlation_id for answer in answers] == ["c0", "c1"]
    assert answers[1].server_time is not None


async def test_each_question_has_its_own_last_answer(client_for):
    client = playing(client_for, listed(SLOW), listed(FAST), SLOW, listed(SLOW))

    first, other, single, again = (
        await client.jobs(ALL),
        await client.jobs(JobQuery(limit=1)),
        await client.job(1),
        await client.jobs(ALL),
    )

    assert [job.job_id for job in other.value] == [2]
    assert single.value.sent == first.value[0].sent
    assert again.value[0] is first.value[0]


async def test_only_the_changed_job_of_a_list_is_new(client_for):
    client = playing(client_for, listed(SLOW, FAST), listed(DONE, SLOW))

    first, second = await client.jobs(ALL), await client.jobs(ALL)

    assert [job.status for job in second.value] == ["SUCCESS", "WORKING"]
    assert second.value[1] is first.value[0]


async def test_a_job_that_is_only_spelled_otherwise_is_the_same(client_for):
    client = playing(client_for, SLOW, SLOW.replace(b" ", b""))

    assert (await client.job(1)).value is (await client.job(1)).value


async def test_unshowable_text_does_not_make_a_job_new(client_for):
    hostile = b'{"jobID": 3, "originalFilename": "a\\u001bb", "itemCount": NaN, "x": 1e999}'
    client = playing(client_for, listed(hostile, FAST), listed(hostile, DONE))

    first, second = await client.jobs(ALL), await client.jobs(ALL)

    assert second.value[0] is first.value[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"1", b"true"),
        (b"1", b"1.0"),
        (b"0", b"false"),
        (b"0.0", b"-0.0"),
        (b"[1]", b"[true]"),
        (b'{"a": 1}', b'{"a": 1.0}'),
        (b'{"a": 1, "b": 2}', b'{"b": 2, "a": 1}'),
        (b"[]", b"{}"),
        (b"null", b'""'),
        (b'"NaN"', b'"nan"'),
        (b"1000000", b"1000000.0"),
    ],
)
async def test_a_changed_json_type_is_a_change(client_for, before, after):
    texts = [b'{"jobID": 1, "itemCount": %s}' % value for value in (before, after)]
    client = playing(client_for, *map(listed, texts))

    first, second = await client.jobs(ALL), await client.jobs(ALL)

    assert second.value[0] is not first.value[0]
    assert second.value[0].verbatim("itemCount") != first.value[0].verbatim("itemCount")


async def test_another_order_of_fields_is_shown(client_for):
    client = playing(client_for, b'{"jobID": 1, "a": 1, "b": 2}', b'{"jobID": 1, "b": 2, "a": 1}')

    await client.job(1)

    assert [*(await client.job(1)).value.sent] == ["jobID", "b", "a"]


async def test_foreign_data_is_withheld_each_time(client_for):
    foreign = b'{"jobID": 1, "tenantID": 9}'
    client = playing(client_for, foreign, foreign, listed(foreign, FAST), listed(foreign, FAST), tenant="4711")

    for _ in range(2):
        with pytest.raises(BadAnswer, match="describes tenant 9, not 4711: withheld"):
            await client.job(1)
    lists = [await client.jobs(ALL), await client.jobs(ALL)]

    assert [[job.job_id for job in answer.value] for answer in lists] == [[2], [2]]


async def test_a_job_whose_tenant_changes_is_withheld_though_no_tenant_is_configured(client_for):
    """Single calls and lists remember the same tenant."""
    own, foreign = (b'{"jobID": 1, "tenantID": %d}' % tenant for tenant in (4711, 9999))
    lists = [listed(foreign, FAST), b'[{"jobID":1,"tenantID":9999},{"jobID":2}]', listed(own, FAST)]
    client = playing(client_for, own, foreign, *lists, b'{"jobID": 1}', own)

    await client.job(1)
    with pytest.raises(BadAnswer, match=r"^the response describes tenant 9999, not 4711: withheld"):
        await client.job(1)
    answers = [await client.jobs(ALL) for _ in lists]

    assert [([job.job_id for job in answer.value], answer.withheld) for answer in answers] == [
        ([2], 1),
        ([2], 1),
        ([1, 2], 0),
    ]
    assert [(await client.job(1)).value.tenant_id for _ in range(2)] == [None, 4711]


async def test_the_tenant_of_a_job_is_remembered_from_a_list_and_each_job_has_its_own(client_for):
    client = playing(
        client_for,
        b'[{"jobID":1,"tenantID":"04711"},{"jobID":2,"tenantID":9}]',
        b'{"jobID": 1, "tenantID": 4711}',
        b'{"jobID": 1, "tenantID": 9}',
        b'{"jobID": 2, "tenantID": 9}',
    )

    await client.jobs(ALL)
    await client.job(1)
    with pytest.raises(BadAnswer, match="describes tenant 9, not 04711: withheld"):
        await client.job(1)

    assert (await client.job(2)).value.tenant_id == 9


async def test_a_body_known_from_another_job_is_still_withheld(client_for):
    client = playing(client_for, SLOW, SLOW)

    await client.job(1)

    with pytest.raises(BadAnswer, match="requested job 2, the response describes job 1: withheld"):
        await client.job(2)


@pytest.mark.parametrize("trouble", [500, 404, 204, b"<html>", b"[]"])
async def test_trouble_between_two_answers_makes_no_job_new(client_for, trouble):
    client = playing(client_for, SLOW, trouble, SLOW)
    first = await client.job(1)

    with pytest.raises(ApiError):
        await client.job(1)

    assert (await client.job(1)).value is first.value


async def test_a_gone_list_is_empty_whatever_was_known(client_for):
    client = playing(client_for, listed(SLOW), (404, NONE), listed(SLOW))

    answers = [await client.jobs(ALL) for _ in range(3)]

    assert [len(answer.value) for answer in answers] == [1, 0, 1]


async def test_list_elements_that_are_no_jobs_are_counted_each_time(client_for):
    mixed = listed(SLOW, b'{"status": "SUCCESS"}', b"null", FAST)
    client = playing(client_for, mixed, mixed, listed(SLOW, FAST))

    answers = [await client.jobs(ALL) for _ in range(3)]

    assert [(len(answer.value), answer.skipped) for answer in answers] == [(2, 2), (2, 2), (2, 0)]


async def test_a_list_that_contradicts_itself_is_not_complete(client_for):
    client = playing(client_for, b'[{"jobID": 1, "status": "FAILED"}, {"jobID": 1, "status": "SUCCESS"}]')

    answer = await client.jobs(ALL)

    assert (answer.value, answer.skipped) == ((), 2)


async def test_jobs_of_other_tenants_are_counted_apart(client_for):
    pieces = b'[{"jobID":1,"tenantID":9},{"jobID":2,"tenantID":4711}]'
    client = playing(client_for, listed(b'{"jobID": 1, "tenantID": 9}', FAST, b"3"), pieces, tenant="4711")

    answers = [await client.jobs(ALL), await client.jobs(ALL)]

    assert [(len(answer.value), answer.skipped, answer.withheld) for answer in answers] == [(1, 1, 1), (1, 0, 1)]


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        (b"null", "expected an array of jobs, got 1 element without a jobID"),
        (b"{}", "expected an array of jobs, got 1 element without a jobID"),
        (b'{"message": "Tenant suspended"}, 7', "the server answered with an error instead of a job: Tenant suspended"),
    ],
)
async def test_a_list_in_which_nothing_is_a_job_is_no_answer(client_for, elements, words):
    client = playing(client_for, listed(elements))

    with pytest.raises(BadAnswer) as caught:
        await client.jobs(ALL)

    assert caught.value.message == words


@pytest.mark.parametrize("text", ["Job Not Found", "Job \u00e4 Not Found"], ids=["ascii", "letters"])
async def test_an_error_body_within_a_list_is_skipped(client_for, text):
    error = f'{{"jobID":1,"success":false,"messages":["{text}"]}}'.encode()
    client = playing(client_for, b'[%b,{"jobID":2,"status":"PENDING"},{"jobID":3,"status":"WORKING"}]' % error)

    answer = await client.jobs(ALL)

    assert ([job.job_id for job in answer.value], answer.skipped) == ([2, 3], 1)


async def test_the_words_of_an_error_body_that_repeats_the_id_are_said(client_for):
    client = playing(client_for, b'{"jobID": 1, "success": false, "messages": ["Job Not Found"]}')

    with pytest.raises(BadAnswer, match=r"^the server answered with an error instead of a job: Job Not Found; "):
        await client.job(1)


@pytest.mark.parametrize(
    "body",
    [
        b'{"jobID": 1, "status": "FAILED", "status": "SUCCESS"}',
        b'{"jobID": 2, "jobID": 1, "status": "SUCCESS"}',
        b'{"jobID": 1, "status": "FAILED", "x": {"y": 1}, "status": "SUCCESS"}',
    ],
    ids=["status", "id", "apart"],
)
async def test_job_that_names_a_field_twice_is_no_job(client_for, body):
    client = playing(client_for, body, listed(body, FAST))

    for ask in (client.job(1), client.jobs(ALL)):
        with pytest.raises(BadAnswer, match="names a field of one object twice"):
            await ask


@pytest.mark.parametrize(
    "extra", [b'{"status": 1, "jobID": 7}', b'"\\"status\\" and \\"jobID\\" and \\"status\\""'], ids=["inside", "text"]
)
async def test_name_that_occurs_elsewhere_too_is_no_repetition(client_for, extra):
    client = playing(client_for, b'{"jobID": 1, "status": "WORKING", "x": ' + extra + b"}")

    assert (await client.job(1)).value.status == "WORKING"
