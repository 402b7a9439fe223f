import pytest

from tests.support.factories import job
from tui.analysis.comparison import differing, last_opposite, shared

KIND = {"type": "REFRESH", "locationCode": "W01", "tenantID": 4711}


def ended(job_id, status, minute, **fields):
    return job(job_id, status, **KIND | {"finished": f"2026-11-23T11:{minute:02}:00Z"} | fields)


@pytest.mark.parametrize("status", ["FAILED", "WORKING", "PENDING"])
def test_job_is_compared_with_the_good_one_that_ended_last(status):
    good = [ended(2, "SUCCESS", 10), ended(3, "SUCCESS", 30), ended(4, "SUCCESS", 20)]

    assert last_opposite(job(9, status, **KIND), good).job_id == 3


def test_good_job_is_compared_with_the_last_failed_one():
    known = [ended(2, "SUCCESS", 10), ended(3, "FAILED", 5), ended(4, "FAILED", 20)]

    assert last_opposite(known[0], known).job_id == 4


@pytest.mark.parametrize(
    "other", [{"type": "ADJUST"}, {"locationCode": "W02"}, {"tenantID": 1}], ids=["type", "location", "tenant"]
)
def test_job_of_another_kind_is_no_comparison(other):
    assert last_opposite(ended(9, "FAILED", 40), [ended(2, "SUCCESS", 10, **other)]) is None


def test_newest_id_decides_between_jobs_without_times():
    good = [job(3, "SUCCESS", **KIND), job(2, "SUCCESS", **KIND)]

    assert last_opposite(ended(9, "FAILED", 40), good).job_id == 3


def test_differing_fields_are_found():
    assert differing([job(1, **KIND, itemCount=1), job(2, **KIND | {"locationCode": "W02"}, itemCount=2)]) == {
        "location",
        "items",
    }


def test_absent_field_differs_from_one_that_is_there():
    assert differing([job(1, success=None), job(2, success=False)]) == {"success"}


def test_fields_in_which_all_jobs_agree_are_shared():
    jobs = [job(1, **KIND, originalFilename="a.csv"), job(2, **KIND, originalFilename="b.csv")]

    assert shared(jobs) == {"type": "REFRESH", "location": "W01", "tenant": "4711"}


def test_one_job_alone_shares_nothing():
    assert shared([job(1, **KIND)]) == {}
