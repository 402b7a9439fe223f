"""A list call that goes wrong once, or for ever, must not cost more requests than it saves."""

import pytest

from tui.simulator.queue import SimJob

JOBS = tuple(
    SimJob(job_id=job_id, added_s=-1.0, original_filename=f"inv_{job_id // 50}.csv", location="W01")
    for job_id in range(1, 201)
)


@pytest.mark.parametrize(
    "fault",
    [{"status": 400}, {"status": 200}, {"status": 200, "body": b'[{"jobID"'}],
    ids=["refused", "empty", "cut"],
)
async def test_one_bad_answer_to_a_list_does_not_multiply_the_requests(world_of, fault):
    world = await world_of(JOBS)
    watch = world.watch(*range(1, 201))
    await watch.advance(600)
    before_s = world.faults.now_s
    await watch.advance(600)
    usual = len(world.faults.sent_since(before_s))
    status = fault.pop("status")

    world.faults.answer_next(status, **fault)
    await watch.advance(60)
    after_s = world.faults.now_s
    await watch.advance(600)

    assert len(world.faults.sent_since(after_s)) <= 2 * usual
