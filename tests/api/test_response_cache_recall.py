import httpx

from tui.api.response_cache import JOB_BYTES, CachedResponse, ResponseCache
from tui.domain.job import Job
from tui.domain.job_source import JobQuery

LISTED = b'[{"jobID":1,"status":"WORKING"},{"jobID":2,"status":"PENDING"}]'


def answer(size_bytes, jobs=1):
    """An answer that counts for so many bytes."""
    return CachedResponse(
        tuple(Job.from_raw({}, job_id=number + 1) for number in range(jobs)), bytes(size_bytes - JOB_BYTES * jobs)
    )


def test_the_last_answer_to_each_question_is_known():
    recall, first, second, listed = ResponseCache(), answer(400), answer(500), answer(2_000, jobs=3)

    recall.keep(7, first)
    recall.keep(JobQuery(limit=3), listed)
    recall.keep(7, second)

    assert recall.get(7) is second
    assert recall.get(JobQuery(limit=3)) is listed
    assert recall.get(JobQuery(limit=4)) is None
    assert recall.size_bytes == 2_500


def test_the_answer_that_was_not_used_for_longest_goes_first():
    recall = ResponseCache(limit_bytes=1_200)
    recall.keep(1, answer(400))
    recall.keep(2, answer(400))
    recall.keep(3, answer(400))

    recall.get(1)
    recall.keep(4, answer(400))

    assert [recall.get(question) is not None for question in (1, 2, 3, 4)] == [True, False, True, True]
    assert recall.size_bytes == 1_200


def test_a_giant_answer_neither_stays_nor_drives_others_out():
    recall = ResponseCache(limit_bytes=1_200)
    recall.keep(1, answer(400))
    recall.keep(2, answer(400))

    recall.keep(2, answer(601))

    assert recall.get(1) is not None
    assert recall.get(2) is None
    assert recall.size_bytes == 400


def test_small_bodies_count_for_what_is_made_of_them():
    recall = ResponseCache(limit_bytes=10 * JOB_BYTES)

    for question in range(1, 100):
        recall.keep(question, CachedResponse(answer(400).jobs, b"{}"))

    assert recall.size_bytes <= 10 * JOB_BYTES
    assert recall.get(99) is not None


async def test_equal_list_gives_the_same_jobs(client_for):
    client = client_for(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=LISTED)))

    before, after = await client.jobs(JobQuery()), await client.jobs(JobQuery())

    assert after.value is before.value  # reading makes another tuple, be it of the same jobs
