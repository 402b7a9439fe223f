import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.factories import at, job
from tests.support.facts import COMMANDS, SNAPSHOTS, UPDATES
from tui.domain.codec import decode, encode
from tui.domain.commands import Command, TrackJobs
from tui.domain.snapshot import Update
from tui.domain.tracked_job import TrackedJob

SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)


@SLOW
@given(UPDATES)
def test_any_update_comes_back_equal(update):
    text = encode(update)

    assert decode(text) == update
    assert text.isascii()
    assert "\n" not in text


@SLOW
@given(SNAPSHOTS)
def test_any_snapshot_comes_back_equal(snapshot):
    assert decode(encode(snapshot)) == snapshot


@SLOW
@given(COMMANDS)
def test_any_command_comes_back_equal(command):
    assert decode(encode(command)) == command
    assert isinstance(command, Command)


def test_what_did_not_change_takes_no_text():
    assert encode(Update(skipped=2)) == '{"is":"Update","skipped":2}'
    assert encode(TrackJobs((1, 2))) == '{"is":"TrackJobs","job_ids":[1,2]}'


def test_a_job_comes_back_with_the_order_and_the_types_of_its_fields():
    tracked = TrackedJob(1).seen(job(1, "WORKING", b=1.0, a=True), at())

    (decoded,) = decode(encode(Update((tracked,)))).changed

    assert [*decoded.job.raw.items()] == [*tracked.job.raw.items()]
    assert [type(value) for value in decoded.job.raw.values()] == [type(value) for value in tracked.job.raw.values()]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", "{}", '{"is":"os"}', '{"is":"TrackJobs"}', '{"is":"Update","x":1}', '{"is":"Traffic"}'],
)
def test_what_is_no_fact_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        decode(text)
