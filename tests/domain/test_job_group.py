"""What jobs have in common is kept once, and what is too long to be a name is not kept at all."""

import gc
import json
import tracemalloc

import pytest

from tui.api.response_cache import job_from, read_pieces
from tui.core.json_decoding import decode
from tui.domain.job import origin_of
from tui.domain.tracked_job import NEW, after_success
from tui.monitor.list_batching import EVERYTHING, filters_of

LONG = 1_000_000


def test_jobs_of_the_same_names_share_their_origin():
    assert origin_of(1, "REFRESH", "W01", "a.csv") is origin_of(1, "REFRESH", "W01", "a.csv")


@pytest.mark.parametrize("other", [(1.0, "REFRESH"), (True, "REFRESH"), ("1", "REFRESH"), (1, None)])
def test_values_that_python_alone_calls_equal_are_told_apart(other):
    assert origin_of(*other, "W01", "a.csv") is not origin_of(1, "REFRESH", "W01", "a.csv")


def test_no_list_is_asked_for_by_a_name_of_any_length():
    assert filters_of(origin_of(1, "REFRESH", "W01", "a" * 201)) == (EVERYTHING,)
    assert len(filters_of(origin_of(1, "REFRESH", "W01", "a" * 200))) == 4


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
        job = job_from(decode(json.dumps(fields).encode()), asked=1)
        filters_of(job.origin)
        after_success(NEW, job.status)
        assert job.started is None
        assert job.original_filename == text
        read_pieces(json.dumps([fields, {"jobID": 2}], separators=(",", ":")).encode(), {})
    del job, fields, text
    gc.collect()
    kept_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert kept_bytes < LONG
