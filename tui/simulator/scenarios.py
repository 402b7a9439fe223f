"""Scenarios by name: the demo, and random fleets of any size; the same seed gives the same jobs."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from tui.simulator.demo import demo
from tui.simulator.queue import SimJob

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
