"""Named scenarios: the demo, and random fleets of any size; the same seed gives the same jobs."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from tui.simulator.queue import SimJob

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


PAUSE_S = 0.6
"""Seconds between the end of a job and the start of the next one in its lane."""

JITTER_S = 0.5
"""Random offset of each end in seconds, both ways; it does not accumulate, so that changes stay spread."""

_Slot = tuple[SimJob, float]
"""A waiting job, and its planned end in seconds after the start."""


def demo(*, seed: int = 0) -> tuple[SimJob, ...]:
    """Return jobs 101 to 121 by id; at most three work at a time, and most have ended after 90 s."""
    rng = random.Random(seed)  # noqa: S311 - must repeat, not surprise
    lanes = (
        _lane(rng, -18.0, _first_lane(rng)),
        _lane(rng, -6.0, _second_lane(rng)),
        _lane(rng, 3.0, _third_lane(rng)),
    )
    jobs = chain(_history(rng), (_patient(rng),), *lanes)
    return tuple(sorted(jobs, key=lambda job: job.job_id))


def _history(rng: random.Random) -> tuple[SimJob, ...]:
    """Jobs that ended long before the start."""
    wrong_file = (*_unknown_upcs(rng, "W05", 38), *_bad_rows(rng, 6))
    return (
        SimJob(
            job_id=101,
            type="ADJUST",
            location="W02",
            owner="pos",
            added_s=-7204.2,
            start_s=-7203.1,
            end_s=-7201.4,
            items=12,
        ),
        replace(
            _upload(rng, 102, "W05", "inv_0730.csv"),
            added_s=-5405.0,
            start_s=-5391.6,
            end_s=-5362.3,
            status="FAILED",
            messages=wrong_file,
        ),
        SimJob(
            job_id=103,
            type="ADJUST",
            location="W04",
            owner="pos",
            added_s=-903.5,
            start_s=-901.7,
            end_s=-898.8,
            status="FAILED",
            success=True,
            items=35,
            messages=("Adjustment of UPC 0041877 would leave -3 on hand at location W04",),
        ),
    )


def _first_lane(rng: random.Random) -> tuple[_Slot, ...]:
    return (
        (_upload(rng, 104, "W01", "inv_0930.csv"), 4.0),
        (_upload(rng, 105, "W02", "inv_0930.csv"), 19.0),
        (
            replace(
                _upload(rng, 108, "W05", "inv_0930.csv"),
                messages=("Warning: 3 items without a bin were put into DEFAULT",),
            ),
            36.0,
        ),
        (_upload(rng, 111, "W08", "inv_0930.csv"), 53.0),
        (_upload(rng, 118, "W01", "inv_0945.csv", added_s=20.0), 72.0),
    )


def _second_lane(rng: random.Random) -> tuple[_Slot, ...]:
    unknown, unreadable = _unknown_upcs(rng, "W03", 6), _bad_rows(rng, 3)
    return (
        (replace(_upload(rng, 106, "W03", "inv_0930.csv"), status="FAILED", messages=unknown), 9.0),
        (_upload(rng, 107, "W04", "inv_0930.csv"), 25.0),
        (replace(_upload(rng, 109, "W06", "inv_0930.csv"), status="FAILED", messages=unreadable), 42.0),
        (_upload(rng, 110, "W07", "inv_0930.csv"), 65.0),
        (_upload(rng, 119, "W02", "inv_0945.csv", added_s=20.0), 86.0),
    )


def _third_lane(rng: random.Random) -> tuple[_Slot, ...]:
    return (
        (_adjustment(rng, 112, "W02", added_s=-20.0), 14.0),
        (SimJob(job_id=113, type="RELEASE_SHIPMENTS", location="W01", owner="fulfiller", added_s=-12.0), 30.0),
        (SimJob(job_id=116, type="PUT_AWAY_FILE", location="W06", owner="warehouse", added_s=-2.0), 47.0),
        (replace(_adjustment(rng, 115, "W08", added_s=-5.0), vanishes_s=60.0), 66.0),
        (_adjustment(rng, 117, "W03", added_s=8.0), 78.5),
        (replace(_adjustment(rng, 120, "W06", added_s=40.0), counts_while_working=False), 91.0),
        (_adjustment(rng, 121, "W01", added_s=70.0), 105.0),
    )


def _patient(rng: random.Random) -> SimJob:
    """Return the job that waits for ten minutes."""
    return replace(_adjustment(rng, 114, "W07", added_s=-8.0), start_s=600.0, end_s=617.0)


def _lane(rng: random.Random, start_s: float, slots: Sequence[_Slot]) -> Iterator[SimJob]:
    """Yield the jobs with their times, each starting after the one before has ended."""
    for waiting, planned_s in slots:
        end_s = planned_s + rng.uniform(-JITTER_S, JITTER_S)
        yield replace(waiting, start_s=start_s, end_s=end_s)
        start_s = end_s + PAUSE_S


def _upload(rng: random.Random, job_id: int, location: str, filename: str, *, added_s: float = -45.0) -> SimJob:
    items = rng.randint(1_500, 3_000)
    return SimJob(
        job_id=job_id, location=location, original_filename=filename, owner="erp", added_s=added_s, items=items
    )


def _adjustment(rng: random.Random, job_id: int, location: str, *, added_s: float) -> SimJob:
    return SimJob(
        job_id=job_id, type="ADJUST", location=location, owner="pos", added_s=added_s, items=rng.randint(40, 900)
    )


def _unknown_upcs(rng: random.Random, location: str, count: int) -> tuple[str, ...]:
    return tuple(f"UPC {upc:07d} not found at location {location}" for upc in rng.sample(range(10_000, 100_000), count))


def _bad_rows(rng: random.Random, count: int) -> tuple[str, ...]:
    return tuple(f'Row {row}: quantity "n/a" is not a number' for row in sorted(rng.sample(range(2, 1_500), count)))


FILE_JOBS = 100
"""Number of jobs per file of a fleet, one per location."""

FLEET_SPREAD_S = 90.0
"""Seconds during which the jobs of a fleet start."""

MAX_JOBS = 100_000

Builder = Callable[[int, int], tuple[SimJob, ...]]
"""Takes a number of jobs and a seed."""


def fleet(count: int, *, seed: int = 0) -> tuple[SimJob, ...]:
    """Return jobs 1 to `count` for load tests: queued at the start, started within 90 s, 5 to 30 s each, one in 20
    fails.
    """
    rng = random.Random(seed)  # noqa: S311 - must repeat, not surprise
    return tuple(_fleet_job(rng, job_id, count) for job_id in range(1, count + 1))


def still(count: int, *, seed: int = 0) -> tuple[SimJob, ...]:
    """Return jobs 1 to `count`, all ended: no response ever changes."""
    rng = random.Random(seed)  # noqa: S311 - must repeat, not surprise
    return tuple(_still_job(rng, job_id, count) for job_id in range(1, count + 1))


COUNTED_SCENARIOS: Mapping[str, Builder] = MappingProxyType({
    "fleet": lambda count, seed: fleet(count, seed=seed),
    "still": lambda count, seed: still(count, seed=seed),
})  # fmt: skip
"""Scenarios that take a number of jobs; `demo` takes none."""


def parse_scenario(text: str, *, seed: int = 0) -> tuple[SimJob, ...]:
    """Return the jobs of `demo`, `fleet:COUNT` or `still:COUNT`.

    Raises:
        ValueError: The name is unknown, or the count is missing, unexpected or not within 1 to `MAX_JOBS`.
    """
    name, colon, count = text.strip().partition(":")
    if name == "demo":
        if colon:
            raise ValueError(f"scenario {text!r}: demo takes no count")
        return demo(seed=seed)
    if name not in COUNTED_SCENARIOS:
        raise ValueError(f"scenario {text!r} is unknown; use demo, fleet:COUNT or still:COUNT, for example fleet:500")
    if re.fullmatch("[0-9]{1,6}", count) is None or not 1 <= int(count) <= MAX_JOBS:
        raise ValueError(f"scenario {text!r} needs a count from 1 to {MAX_JOBS}, for example {name}:500")
    return COUNTED_SCENARIOS[name](int(count), seed)


def _fleet_job(rng: random.Random, job_id: int, count: int) -> SimJob:
    file_number, part = divmod(job_id - 1, FILE_JOBS)
    start_s = FLEET_SPREAD_S * rng.random()
    is_failed = rng.random() < 1 / 20
    return SimJob(
        job_id=job_id,
        location=f"W{part + 1:02d}",
        original_filename=f"fleet_{file_number + 1:03d}.csv",
        owner="erp",
        added_s=_added_s(job_id, count),
        start_s=start_s,
        end_s=start_s + rng.uniform(5.0, 30.0),
        status="FAILED" if is_failed else "SUCCESS",
        items=rng.randint(200, 3_000),
        messages=(f"UPC {rng.randrange(10_000, 100_000):07d} not found at location W{part + 1:02d}",)
        if is_failed
        else (),
    )


def _still_job(rng: random.Random, job_id: int, count: int) -> SimJob:
    added_s = _added_s(job_id, count) - 3_600
    is_failed = rng.random() < 1 / 20
    return SimJob(
        job_id=job_id,
        type=rng.choice(("REFRESH", "ADJUST")),
        location=f"W{(job_id - 1) % FILE_JOBS + 1:02d}",
        added_s=added_s,
        start_s=added_s + rng.uniform(0.5, 60.0),
        end_s=added_s + rng.uniform(61.0, 120.0),
        status="FAILED" if is_failed else "SUCCESS",
        items=rng.randint(1, 3_000),
        messages=("The upload was empty",) if is_failed else (),
    )


def _added_s(job_id: int, count: int) -> float:
    """Return a time before the start; a higher id is never older."""
    return (job_id - count) / 100 - 1.0
