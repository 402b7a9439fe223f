"""What one list says of itself, and what lists of other lengths prove of it."""

import pytest

from tests.support.factories import job
from tui.domain.job_source import ApiResult, JobQuery
from tui.domain.watched_list import Extent
from tui.monitor.completeness import ListAnswer, LongestLists, fits, is_usual_cut

ANY = JobQuery()
FILE = {"originalFilename": "inv.csv", "locationCode": "W01", "type": "REFRESH"}


@pytest.mark.parametrize(
    ("query", "fields", "expected"),
    [
        (JobQuery(), {}, True),
        (JobQuery(original_filename="inv.csv"), FILE, True),
        (JobQuery(original_filename="inv2.csv"), FILE, False),
        (JobQuery(original_filename="inv.csv"), {}, False),
        (JobQuery(location_code="W01"), FILE, True),
        (JobQuery(location_code="W02"), FILE, False),
        (JobQuery(location_code="W01"), {}, False),
        (JobQuery(types=("REFRESH", "ADJUST")), FILE, True),
        (JobQuery(types=("ADJUST",)), FILE, False),
        (JobQuery(types=("ADJUST",)), {}, False),
        (JobQuery(location_code="W01", original_filename="inv.csv", types=("REFRESH",)), FILE, True),
        (JobQuery(location_code="W01", original_filename="inv2.csv"), FILE, False),
        (JobQuery(owner="pos"), {}, True),
    ],
    ids=str,
)
def test_a_job_fits_a_query_if_it_has_all_its_values(query, fields, expected):
    assert fits(query, job(1, **fields).origin) is expected


@pytest.mark.parametrize(
    ("length", "limit", "expected"),
    [
        (50, 5000, False),
        (99, 5000, False),
        (100, 5000, True),
        (101, 5000, False),
        (1000, 1001, True),
        (1000, 1000, False),
        (1000, 500, False),
        (100, None, False),
    ],
)
def test_a_queue_may_be_cut_at_a_usual_length_below_its_limit(length, limit, expected):
    assert is_usual_cut(length, limit) is expected


def answer(jobs, query=ANY, **facts):
    return ListAnswer.of(query, ApiResult(tuple(jobs), None, None, **facts))


@pytest.mark.parametrize(
    ("job_ids", "newest_first", "oldest_first"),
    [
        ((), True, True),
        ((5,), True, True),
        ((6, 5, 2), True, False),
        ((2, 5), False, True),
        ((2, 6, 5), False, False),
        ((5, 5), False, False),
    ],
)
def test_the_order_of_a_list_is_that_of_its_ids(job_ids, newest_first, oldest_first):
    facts = answer(job(job_id) for job_id in job_ids)

    assert (facts.is_newest_first, facts.is_oldest_first) == (newest_first, oldest_first)


def test_a_list_names_types_and_its_most_frequent_locations_first():
    facts = answer([job(1, type="DELETE"), job(2, **FILE), job(3, locationCode="W02"), job(4, locationCode="W02")])

    assert facts.types == {"DELETE", "REFRESH", None}
    assert facts.locations == ("W02", "W01")
    assert facts.job_ids == {1, 2, 3, 4}


@pytest.mark.parametrize(("code", "expected"), [("W01", True), ("W02", False)])
def test_a_list_with_a_job_of_another_location_was_not_filtered(code, expected):
    jobs = [job(1, **FILE), job(2, locationCode=code)]

    assert answer(jobs, JobQuery(location_code="W01")).is_filtered is expected


PLAIN, FILTERED = JobQuery(limit=500), JobQuery(location_code="W01", limit=500)


def facts_of(query, length, size_bytes=0, *, unusable=0, has_more=False):
    return ListAnswer(
        query, frozenset(), length, size_bytes, unusable, has_more, frozenset(), (), is_newest_first=True,
        is_oldest_first=False, is_filtered=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("learned", "facts", "expected"),
    [
        pytest.param([], facts_of(PLAIN, 499), Extent.UNKNOWN, id="nothing-longer"),
        pytest.param([], facts_of(PLAIN, 500), Extent.CUT, id="as-long-as-the-limit"),
        pytest.param([], facts_of(JobQuery(), 500), Extent.UNKNOWN, id="without-a-limit"),
        pytest.param([(PLAIN, 8, 0)], facts_of(PLAIN, 7), Extent.COMPLETE, id="a-longer-one"),
        pytest.param([(PLAIN, 7, 0)], facts_of(PLAIN, 7), Extent.UNKNOWN, id="one-as-long"),
        pytest.param([(PLAIN, 8, 0)], facts_of(PLAIN, 7, unusable=1), Extent.UNKNOWN, id="elements-that-are-no-jobs"),
        pytest.param([(PLAIN, 8, 0)], facts_of(PLAIN, 7, has_more=True), Extent.CUT, id="the-server-says-so"),
        pytest.param([(JobQuery(limit=400), 8, 0)], facts_of(PLAIN, 7), Extent.UNKNOWN, id="of-another-limit"),
        pytest.param([(PLAIN, 60, 0)], facts_of(FILTERED, 49), Extent.COMPLETE, id="filtered"),
        pytest.param([(PLAIN, 60, 0)], facts_of(FILTERED, 50), Extent.UNKNOWN, id="filtered-of-a-usual-length"),
        pytest.param([(FILTERED, 60, 0)], facts_of(FILTERED, 50), Extent.COMPLETE, id="equally-filtered"),
        pytest.param([(PLAIN, 100, 0)], facts_of(FILTERED, 49), Extent.UNKNOWN, id="beside-a-queue-that-may-be-cut"),
        pytest.param([(PLAIN, 101, 0)], facts_of(FILTERED, 49), Extent.COMPLETE, id="beside-a-queue-of-another-length"),
        pytest.param([(PLAIN, 8, 9)], facts_of(PLAIN, 7, 64_000), Extent.COMPLETE, id="small"),
        pytest.param([(PLAIN, 8, 9)], facts_of(PLAIN, 7, 64_001), Extent.UNKNOWN, id="not-small"),
        pytest.param([(PLAIN, 11, 125_000)], facts_of(PLAIN, 10, 100_000), Extent.COMPLETE, id="larger-by-a-large-job"),
        pytest.param([(PLAIN, 11, 124_999)], facts_of(PLAIN, 10, 100_000), Extent.UNKNOWN, id="larger-by-less"),
    ],
)
def test_a_longer_list_proves_that_another_one_was_not_cut(learned, facts, expected):
    longest = LongestLists()
    for query, length, size_bytes in learned:
        longest.learn(query, length, size_bytes)

    assert longest.extent(facts) is expected


@pytest.mark.parametrize(
    ("learned", "expected"),
    [
        ([], True),
        ([(PLAIN, 99)], False),
        ([(PLAIN, 100)], True),
        ([(PLAIN, 100), (PLAIN, 101)], False),
        ([(FILTERED, 99)], True),
    ],
    ids=str,
)
def test_a_queue_may_be_cut_until_a_list_of_another_length_was_read(learned, expected):
    longest = LongestLists()
    for query, length in learned:
        longest.learn(query, length)

    assert longest.may_have_cut_queue(500) is expected
