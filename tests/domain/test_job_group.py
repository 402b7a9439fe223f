"""What jobs have in common compares by its fields, and what is too long to be a name is not kept at all."""

import gc
import json
import tracemalloc

import pytest

from tui.api.response_cache import job_from, jobs_from
from tui.core.json_decoding import decode
from tui.domain.job import Job
from tui.domain.tracked_job import NEW, after_success
from tui.monitor.list_batching import EVERYTHING, filters_of

LONG = 1_000_000


def origin(tenant, kind="REFRESH", file="a.csv"):
    fields = {"tenantID": tenant, "type": kind, "locationCode": "W01", "originalFilename": file}
    return Job.from_raw(fields, job_id=1).origin


def test_jobs_of_the_same_names_have_equal_origins():
    assert origin(1) == origin(1)
    assert hash(origin(1)) == hash(origin(1))


@pytest.mark.parametrize("other", [(1.0, "REFRESH"), (True, "REFRESH"), (1, None)])
def test_values_that_python_alone_calls_equal_are_told_apart(other):
    assert origin(*other) != origin(1)


def test_no_list_is_asked_for_by_a_name_of_any_length():
    assert filters_of(origin(1, file="a" * 201)) == (EVERYTHING,)
    assert len(filters_of(origin(1, file="a" * 200))) == 4


def test_long_names_are_forgotten_with_their_job():
    tracemalloc.start()
    for number in range(10):
        text = f"{number}{'x' * LONG}"
        fields = {
            "jobID": 1,
            "status": text,
            "type": text,
            "originalFilename": text,
            "locationCode": text,
            "started": text,
        }
        job = job_from(decode(json.dumps(fields).encode()), job_id=1)
        filters_of(job.origin)
        after_success(NEW, job.status)
        assert job.started is None
        assert job.original_filename == text
        jobs_from([fields, {"jobID": 2}])
    del job, fields, text
    gc.collect()
    kept_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert kept_bytes < LONG
